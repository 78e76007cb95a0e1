"""Three-way merges of whole programmes: what is merged, what is left to choose, and how it is said.

After a change: ``python -m tests.history.test_golden_merges`` from the root writes the golden file
again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterator

from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict import Conflict
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge, resolve
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.validation import validate
from kvartal.tui.i18n import translator
from tests.history.case_lines import (
    Case,
    cases,
    compared,
    edit_line,
    edit_lines,
    in_tests,
    plan,
    rewrite,
)

FILE = "merges.txt"


def outcome(case: Case) -> Iterator[str]:
    """Yield what comes of a merge: what it adds to our side, what is to be chosen, and how."""
    base = case.data_of("base")
    ours, theirs = case.data_of("base", "both", "ours"), case.data_of("base", "both", "theirs")
    merged = merge(base, ours, theirs)
    translate = translator(str(plan(case.plan).data["language"]))
    words = Words(translate)
    yield from map(edit_line, merged.edits)
    yield from (f"note: {note.message(translate)}" for note in merged.notes)
    for conflict in merged.conflicts:
        yield f"conflict: {conflict_text(conflict, merged.data, words)}"
        if conflict.rollback:
            yield f"  kept as merged, goes: {edit_line(conflict.rollback)}"
    yield from (f"doubt: {one.message(translate)}" for one in merged.doubts)
    for name in ("ours", "theirs") if merged.conflicts else ():
        data = resolve(merged, [getattr(one.sides, name) for one in merged.conflicts])
        yield from (f"{name} chosen: {line}" for line in edit_lines(merged.data, data))
        # Without a rule that is broken only together either choice is as valid as its side.
        if merged.doubts or any(one.problem or one.dispute for one in merged.conflicts):
            wrong = (problem.message(translate) for problem in validate(data))
            yield from (f"{name} chosen is wrong: {text}" for text in wrong)
    assert apply_edits(ours, merged.edits) == merged.data


def check_other_way(case: Case) -> None:
    """Check that it does not matter which side is ours."""
    base = case.data_of("base")
    ours, theirs = case.data_of("base", "both", "ours"), case.data_of("base", "both", "theirs")
    merged, other = merge(base, ours, theirs), merge(base, theirs, ours)
    here = [_sides(one) for one in merged.conflicts]
    there = [_sides(one)[::-1] for one in other.conflicts]
    assert sorted(here, key=str) == sorted(there, key=str)
    assert merged.notes == other.notes
    assert len(merged.doubts) == len(other.doubts)
    if not merged.conflicts:
        assert merged.data == other.data


def _sides(conflict: Conflict) -> tuple[object, ...]:
    return conflict.sides.ours, conflict.where, conflict.sides.theirs


@in_tests(FILE)
def test_a_merge_gives_exactly_this(some: list[Case]) -> None:
    found, expected = compared(some, outcome)
    assert found == expected


if __name__ == "__main__":
    rewrite(FILE, outcome)
    for one in cases(FILE):
        check_other_way(one)
