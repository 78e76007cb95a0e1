"""Every plan in `invalid/` has the one fault its first line states; those in `valid/` have none.

A file begins with `# expect: <code> line <n>`, in ASCII, so that the line can be read even in a
file that is not UTF-8. To add a case, add a file.
"""

import re
from pathlib import Path

import pytest

from kvartal.history.yaml_text.loader import MAX_SIZE, load
from kvartal.schema.grammar.reader import read_term
from kvartal.schema.reading import read_plan
from kvartal.schema.rules import RULES
from kvartal.schema.rules_quarters import CODE as QUARTER_WITHOUT_YEAR
from kvartal.schema.terms import term_of
from tests.plans.messages import MESSAGES, messages
from tests.support.plans import check_file

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
INVALID = sorted((HERE / "invalid").glob("*.yaml"))
# Whole programmes of invented organisations; the English one is an example for users.
WHOLE = [
    *sorted((HERE / "whole").glob("*.yaml")),
    *sorted((ROOT / "examples").glob("*/plan/*.yaml")),
]
VALID = [*sorted((HERE / "valid").glob("*.yaml")), *WHOLE]
EXPECT = re.compile(rb"# expect: (?P<code>[a-z0-9-]+) line (?P<line>[0-9]+)\r?\n")

# The codes of the loader and of the schema; the rules have their own. Problems with evidence files
# on disk do not concern the plan alone.
LOADER_CODES = {
    "file-unreadable",
    "file-too-large",
    "not-utf8",
    "yaml-syntax",
    "yaml-empty",
    "yaml-duplicate-key",
    "yaml-anchor",
    "yaml-tag",
    "yaml-too-deep",
    "yaml-several-documents",
    "yaml-ambiguous",
    "yaml-control-character",
}
SCHEMA_CODES = {
    "schema-required",
    "schema-unknown-property",
    "schema-type",
    "schema-enum",
    "schema-pattern",
    "schema-range",
    "schema-length",
    "schema-items",
    "schema-unique",
    "schema-choice",
    "date-invalid",
}
# These need a file that git cannot store: it is created below.
CREATED_HERE = {"file-unreadable", "file-too-large"}


def expected(path: Path) -> tuple[str, int]:
    """Return the code and the line that the first line of a file states."""
    match = EXPECT.match(path.read_bytes())
    assert match, f"{path.name} does not begin with «# expect: <code> line <n>»"
    return match["code"].decode(), int(match["line"])


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_plan_has_its_one_fault(path: Path) -> None:
    assert [(one.code, one.line) for one in check_file(path)] == [expected(path)]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_fault_is_reported_in_one_sentence_that_says_what_to_do(path: Path) -> None:
    (problem,) = check_file(path)
    message = problem.message()
    assert message.endswith((".", "…"))
    assert "{" not in message
    assert len(message) < 400
    assert problem.column


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_file_is_named_for_its_fault(path: Path) -> None:
    assert path.stem.startswith(expected(path)[0])


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_plan_has_no_fault(path: Path) -> None:
    assert check_file(path) == ()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_plan_can_be_read(path: Path) -> None:
    source = load(path.read_bytes(), path.name)
    assert len(read_plan(source.data).measures) == len(source.data["measures"])  # type: ignore[arg-type]  # read_plan has checked that it is a list


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_a_term_is_stored_as_its_text_is_read(path: Path) -> None:
    plan = read_plan(load(path.read_bytes(), path.name).data)
    for measure in plan.measures:
        reading = read_term(measure.term.text, plan.period)
        assert term_of(measure.term.text, reading.span) == measure.term


def test_a_folder_is_not_a_plan(tmp_path: Path) -> None:
    assert [one.code for one in check_file(tmp_path)] == ["file-unreadable"]


def test_a_missing_file_is_not_a_plan(tmp_path: Path) -> None:
    assert [one.code for one in check_file(tmp_path / "2024.yaml")] == ["file-unreadable"]


def test_an_empty_file_is_not_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "2024.yaml"
    path.touch()
    assert [(one.code, one.line) for one in check_file(path)] == [("yaml-empty", 1)]


def test_an_enormous_file_is_not_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "2024.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_SIZE + 1)
    assert [one.code for one in check_file(path)] == ["file-too-large"]


def test_every_code_has_its_plan() -> None:
    rules = {rule.code for rule in RULES if not rule.is_warning}
    known = LOADER_CODES | SCHEMA_CODES | rules | {QUARTER_WITHOUT_YEAR}
    assert {expected(path)[0] for path in INVALID} | CREATED_HERE == known


def test_there_are_enough_of_them() -> None:
    assert len(INVALID) >= 45
    assert len(VALID) >= 10


def test_the_plan_of_the_repository_has_no_fault() -> None:
    for path in (ROOT / "plan").glob("*.yaml"):
        assert check_file(path, path.name) == ()


def test_the_messages_are_those_recorded() -> None:
    """All of them at once; `messages.py` says how to record them again."""
    assert "".join(messages()) == MESSAGES.read_bytes().decode("utf-8")
