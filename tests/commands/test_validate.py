"""`kvartal validate`: codes, lines, the three forms of output and the exit codes."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.schema.problems import MOST_COUNTED
from kvartal.tui.failures import MOST_PROBLEMS
from tests.commands.conftest import Run
from tests.plans.test_collected import INVALID, VALID, expected

LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<code>[a-z0-9-]+): \S.*")


def problems(run: Run, *files: Path) -> list[dict[str, object]]:
    result = run("validate", "--format", "json", *files)
    assert result.stderr == ""
    printed = json.loads(result.stdout)
    assert list(printed)[:2] == ["ok", "problems"]
    assert printed["ok"] == (not printed["problems"])
    assert result.exit_code == (0 if printed["ok"] else 1)
    rows: list[dict[str, object]] = printed["problems"]
    return rows


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_plan_is_reported_with_code_and_line(here: Run, path: Path) -> None:
    code, line = expected(path)
    result = here("validate", path)
    assert (result.exit_code, result.stderr) == (1, "")
    matches = [LINE.fullmatch(text) for text in result.stdout.splitlines()]
    assert all(matches)
    printed = [(one["file"], one["code"], int(one["line"])) for one in matches if one]
    assert (str(path), code, line) in printed


def test_json_tells_the_same_as_text(here: Run) -> None:
    files = INVALID[::10]
    text = [LINE.fullmatch(one) for one in here("validate", *files).stdout.splitlines()]
    printed = [(one["file"], int(one["line"]), one["code"]) for one in text if one]
    assert printed == [(one["file"], one["line"], one["code"]) for one in problems(here, *files)]


def test_valid_plans_have_no_problems(here: Run) -> None:
    assert problems(here, *VALID) == []
    result = here("validate", *VALID)
    assert result.exit_code == 0
    fine = [line for line in result.stdout.splitlines() if not LINE.fullmatch(line)]
    assert len(fine) == len(VALID)


def test_a_warning_is_printed_of_a_valid_plan(here: Run, root: Path) -> None:
    path = root / "tests" / "plans" / "valid" / "term-outside-year.yaml"
    result = here("validate", path)
    assert result.exit_code == 0
    warning, fine = result.stdout.splitlines()
    assert ": term-outside-year: " in warning
    assert fine.endswith(": ошибок нет")
    printed = json.loads(here("validate", "--json", path).stdout)
    assert (printed["ok"], printed["problems"]) == (True, [])
    assert [one["code"] for one in printed["warnings"]] == ["term-outside-year"]
    assert "::warning file=" in here("validate", "--format", "github", path).stdout


def test_the_nearest_plan_is_validated(programme: Path, run: Run) -> None:
    assert problems(run) == []
    assert run("validate").stdout == "plan/2024.yaml: ошибок нет\n"


def test_the_keys_of_a_problem(here: Run, root: Path) -> None:
    path = root / "tests" / "plans" / "invalid" / "record-quarter-not-in-term.yaml"
    code, line = expected(path)
    (problem,) = problems(here, path)
    assert list(problem) == ["file", "line", "column", "path", "code", "message"]
    assert (problem["file"], problem["line"], problem["code"]) == (str(path), line, code)
    assert problem["path"] == "measures.1.records.0.quarter"


def test_every_file_is_reported(here: Run, root: Path) -> None:
    folder = root / "tests" / "plans" / "invalid"
    one, other = folder / "id-duplicate.yaml", folder / "schema-type-list.yaml"
    assert {one["file"] for one in problems(here, one, VALID[0], other)} == {str(one), str(other)}


@pytest.mark.parametrize("name", ["nosuch.yaml", "."])
def test_a_file_that_cannot_be_read_is_a_problem(here: Run, name: str) -> None:
    result = here("validate", name)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{name}:1:1: file-unreadable: ")


def test_a_link_that_leads_to_itself_is_a_problem(here: Run, tmp_path: Path) -> None:
    plan = tmp_path / "2024.yaml"
    try:
        plan.symlink_to(plan.name)
    except OSError:
        pytest.skip("this system allows no symbolic links here")
    result = here("validate", plan)
    assert result.exit_code == 1
    assert "file-unreadable: файл не открывается" in result.stdout


def test_what_is_no_file_beside_a_plan_is_no_absent_one(here: Run, tmp_path: Path) -> None:
    plan, other = tmp_path / "plan" / "2024.yaml", tmp_path / "plan" / "2025.yaml"
    plan.parent.mkdir()
    plan.write_bytes(VALID[0].read_bytes())
    other.mkdir()
    validated = here("validate")
    assert validated.exit_code == 1
    assert "2025.yaml:1:1: file-unreadable: это не файл." in validated.stdout
    listed = here("list")
    assert listed.exit_code == 0
    assert listed.stderr.startswith("kvartal: Не прочитано, хотя названо как программа: ")
    plan.unlink()
    refused = here("list")
    assert refused.exit_code == 1
    assert refused.stderr.endswith("2025.yaml, строка 1: это не файл.\n")


def test_github_annotations_are_escaped(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "план, 100%: новый.yaml"
    path.write_text("year: 2024\nязык: 100%\n", encoding="utf-8")
    result = here("validate", "--format", "github", path.name)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines
    start = "::error file=план%2C 100%25%3A новый.yaml,line="
    assert all(one.startswith(start) for one in lines)
    assert all(re.search(r",line=\d+,col=\d+,title=[a-z-]+::\S", one) for one in lines)


def test_a_message_cannot_add_a_command_or_an_escape(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text('year: 2024\n"\\e[31m\\n::set-output name=x::y": 1\n', encoding="utf-8")
    for form in ("text", "github", "json"):
        printed = here("validate", "--format", form, path.name).stdout
        assert "\x1b" not in printed
        assert not any(one.startswith("::set-output") for one in printed.splitlines())


def evidence(programme: Path) -> Path:
    return next((programme.parent / "evidence").rglob("*.txt"))


def with_evidence(programme: Path, run: Run) -> None:
    act = programme.parent.parent / "act.txt"
    act.write_text("акт", encoding="utf-8")
    what = ("--quarter", "3", "--date", "2024-09-27", "--file", act)
    assert run("record", "1.1.2", *what).exit_code == 0
    assert problems(run) == []


def test_evidence_that_is_missing(programme: Path, run: Run) -> None:
    with_evidence(programme, run)
    evidence(programme).unlink()
    (problem,) = problems(run)
    assert problem["code"] == "evidence-missing"
    text = programme.read_text(encoding="utf-8").splitlines()
    assert "path: evidence/" in text[int(str(problem["line"])) - 1]


def test_evidence_that_was_altered(programme: Path, run: Run) -> None:
    with_evidence(programme, run)
    evidence(programme).write_text("нет", encoding="utf-8")
    assert [one["code"] for one in problems(run)] == ["evidence-altered"]


KINDS: dict[str, Callable[[int], str]] = {
    # Refused by the loader, by the schema, and by a rule of its own.
    "unreadable": lambda count: "".join(f"k{number}: &x 1\n" for number in range(count)),
    "unknown": lambda count: VALID_HEAD + "".join(f"k{number}: 1\n" for number in range(count)),
    "duplicate": lambda count: VALID_HEAD + VALID_MEASURE * (count + 1),
}
VALID_HEAD = """\
year: 2024
language: ru
document: {organization: АО, title: Программа}
sections: [{number: "1", title: А, channels: [{number: "1.1", title: Б}]}]
measures:
"""
VALID_MEASURE = """\
  - id: 1.1.1
    channel: "1.1"
    number: 1.1.1
    proposal: Предложить
    actions: [Сделать]
    term: {text: постоянно}
    result: Сделано
"""


@pytest.mark.parametrize("kind", KINDS)
def test_of_very_many_faults_the_first_are_shown_and_all_are_counted(
    here: Run, tmp_path: Path, kind: str
) -> None:
    count = 1500
    path = tmp_path / "many.yaml"
    text = KINDS[kind](count)
    text = text.replace("measures:\n", f"measures:\n{VALID_MEASURE}") if kind == "unknown" else text
    path.write_text(text, encoding="utf-8")
    sentence = f"Показаны первые 100, всего ошибок: {count}."
    lines = here("validate", path.name).stdout.splitlines()
    assert [bool(LINE.fullmatch(one)) for one in lines] == [True] * 100 + [False]
    assert lines[-1] == f"{path.name}: {sentence}"
    printed = json.loads(here("validate", "--json", path.name).stdout)
    assert (len(printed["problems"]), printed["count"], printed["truncated"]) == (100, count, True)
    # The first in the text, each once.
    numbers = [one["line"] for one in printed["problems"]]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == (1 if kind == "unreadable" else 13)
    annotations = here("validate", "--format", "github", path.name).stdout.splitlines()
    assert annotations[-1] == f"::notice file={path.name}::{sentence}"
    assert len(annotations) == 101


def test_where_the_count_ends_early_it_says_more_than(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(KINDS["unknown"](MOST_COUNTED + 5), encoding="utf-8")
    refusal = here("list", "--plan", path.name).stderr.splitlines()
    more = f"больше {MOST_COUNTED - MOST_PROBLEMS - 1}. Первые 100 покажет `kvartal validate`."
    assert refusal[-1] == f"  … и ещё {more}"
    # Programs get every line of it, too.
    row = json.loads(here("list", "--json", "--plan", path.name).stdout)
    lines = [line.removeprefix("kvartal: ").removeprefix("  ") for line in refusal]
    assert row["error"]["message"].splitlines() == lines
    last = here("validate", path.name).stdout.splitlines()[-1]
    assert last == f"{path.name}: Показаны первые 100, всего ошибок больше {MOST_COUNTED}."
