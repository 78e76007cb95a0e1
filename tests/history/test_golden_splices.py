"""Changes of the text of plans in many styles: which lines change, and that an undo restores them.

After a change: ``python -m tests.history.test_golden_splices`` from the root writes the golden file
again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterator
from difflib import unified_diff

from kvartal.history.diff.diff import difference
from kvartal.history.yaml_text.loader import load
from kvartal.history.yaml_text.source import Source, encoded
from kvartal.history.yaml_text.splice import splice_to
from kvartal.schema.errors import KvartalError
from tests.history.case_lines import Case, compared, edited, edited_text, in_tests, plan, rewrite

FILE = "splices.txt"


def written(case: Case) -> Source:
    """Return the plan of a case as the text in its file is to be."""
    text = edited_text(plan(case.plan).text, case.lines_of("base"))
    ends = case.lines_of("file")
    if "without a last line break" in ends:
        text = text.removesuffix("\n")
    if "with Windows line ends" in ends:
        text = text.replace("\n", "\r\n")
    return load(encoded(text, bom="with a byte order mark" in ends), case.plan)


def outcome(case: Case) -> Iterator[str]:
    """Yield the changed lines, and those that an undo does not restore."""
    source = written(case)
    wanted = edited(source.data, case.lines_of("new"))
    for edit in difference(source.data, wanted)[:1]:
        path = edit.path if not edit.measure else _path(source, edit.measure) + edit.path
        line, column = source.position(path)
        key_line, key_column = source.key_position(path)
        yield f"at {line}:{column}, its key at {key_line}:{key_column}"
    try:
        result = splice_to(source, wanted)
    except KvartalError as error:
        yield f"{type(error).__name__}: {error.message()}"
        return
    yield from _changed_lines(source, result)
    assert result.bom == source.bom
    undone = splice_to(result, source.data)
    yield from (f"undone: {line}" for line in _changed_lines(source, undone, around=0))


def _path(source: Source, measure: str) -> tuple[str | int, ...]:
    rows = source.data["measures"]
    assert isinstance(rows, list)
    names = [row.get("id") for row in rows if isinstance(row, dict)]
    return ("measures", names.index(measure)) if measure in names else ("measures",)


def _changed_lines(old: Source, new: Source, *, around: int = 1) -> Iterator[str]:
    """Yield the lines that differ, and some around them; where others are between, «…»."""
    before, after = (one.text.replace("\r", "␍").splitlines() for one in (old, new))
    for line in [*unified_diff(before, after, lineterm="", n=around)][2:]:
        yield "…" if line.startswith("@@") else line.rstrip(" ")
    if old.text.endswith("\n") != new.text.endswith("\n"):
        yield "the last line break differs"


@in_tests(FILE)
def test_a_change_touches_exactly_these_lines(some: list[Case]) -> None:
    found, expected = compared(some, outcome)
    assert found == expected


if __name__ == "__main__":
    rewrite(FILE, outcome)
