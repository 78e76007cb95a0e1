"""What a change is said to be: its edits, its commit message, and what else a reader is shown.

After a change: ``python -m tests.history.test_golden_differences`` from the root writes the golden
file again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterator

from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import change_groups, visible_groups
from kvartal.history.diff.words import Words
from kvartal.history.messages.message import EarlierCommit, commit_message
from kvartal.schema.changes import Change, ChangeKind, ChangeSource
from kvartal.tui.i18n import translator
from tests.history.case_lines import Case, compared, edit_line, in_tests, plan, rewrite

FILE = "differences.txt"
_EARLIER = "0123456789abcdef0123456789abcdef01234567"
_SOURCE = "5" * 64


def outcome(case: Case) -> Iterator[str]:
    """Yield the edits of a change, its message, what that was until 2026-11, and what is shown."""
    before, after = case.data_of("base"), case.data_of("base", "new")
    edits = difference(before, after)
    yield from map(edit_line, edits)
    translate = translator(str(plan(case.plan).data["language"]))

    def message(*, as_in_2026_11: bool) -> list[str]:
        source = next((ChangeSource(name, _SOURCE) for name in case.lines_of("from")), None)
        kind = ChangeKind(next(iter(case.lines_of("as")), "set"))
        reverts = [EarlierCommit(_EARLIER, subject) for subject in case.lines_of("of")]
        made = commit_message(
            Change(kind, edits, source),
            before,
            folder="plan",
            reverts=next(iter(reverts), None),
            reason=next(iter(case.lines_of("why")), ""),
            translate=translate,
            as_in_2026_11=as_in_2026_11,
        )
        return [line or "¶" for line in made.removesuffix("\n").split("\n")]

    lines = message(as_in_2026_11=False)
    is_whole = bool(case.lines_of("as", "from", "of", "why"))
    yield from (f"| {line}" for line in lines if is_whole or not _is_frame(line))
    yield from (
        f"until 2026-11: {line}" for line in message(as_in_2026_11=True) if line not in lines
    )
    words = Words(translate)
    groups = change_groups(before, after, words, edits)
    shown = visible_groups(before, after, words, edits)
    yield from (
        f"shown: {line}"
        for group, other in zip(shown, groups, strict=True)
        if group != other
        for line in group.lines
    )


def _is_frame(line: str) -> bool:
    """Return whether a line of a message is the same for any change of a measure."""
    return line.startswith(("¶", "Kvartal-", "Программа в целом", "Мероприятие ", "Measure "))


@in_tests(FILE)
def test_a_change_is_said_to_be_exactly_this(some: list[Case]) -> None:
    found, expected = compared(some, outcome)
    assert found == expected


if __name__ == "__main__":
    rewrite(FILE, outcome)
