"""What a merge changed as the entries below it decide, by values: which one counts, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from kvartal.history.diff.diff import difference
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.merge_changes import FieldName, MergeChanges
from kvartal.history.log.merge_lookahead import settled
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.changes import MISSING, Edit, Missing, Plain, PlanData
from kvartal.schema.errors import KvartalError
from kvartal.schema.problems import DataPath

NOTES: FieldName = ("1", ("notes",))
TITLE: FieldName = ("", ("document", "title"))
ROW: dict[str, Plain] = {"id": "1", "notes": "a", "budget": {"plan": 1}}
MADE: PlanData = {"document": {"title": "a", "kind": "k"}, "measures": [{"id": "0"}, ROW]}
"""What every merge here holds."""


PATHS: dict[str, tuple[str, DataPath]] = {
    "notes": NOTES,
    "item": ("1", ("notes", 0)),
    "result": ("1", ("result",)),
    "row": ("1", ()),
    "second": ("2", ("notes",)),
    "other": ("2", ()),
    "title": TITLE,
    "document": ("", ("document",)),
}


def entry(name: str, parents: str = "", /, **values: Plain | Missing) -> CommitEntry:
    """Return an entry that gave these values to what is named in `PATHS`."""
    edits = (Edit(*PATHS[key], "old", value) for key, value in values.items())
    return CommitEntry(name, tuple(parents), "", "", "", "", Trailers(), edits=tuple(edits))


def unreadable(name: str) -> CommitEntry:
    return replace(entry(name), unread=KvartalError())


Values = list[tuple[Plain | Missing, Plain | Missing]]
Row = CommitEntry | tuple[CommitEntry, Mapping[FieldName, Plain | Missing]]


def read(*rows: Row) -> tuple[list[str], dict[str, Values]]:
    """Return when entries came: a name in brackets was read then; and what merges changed."""
    steps: list[str] = []

    def given() -> Iterator[tuple[CommitEntry, MergeChanges | None]]:
        for row in rows:
            one, open_fields = row if isinstance(row, tuple) else (row, None)
            steps.append(f"({one.commit})")
            changes = None
            if open_fields is not None:
                changes = MergeChanges(MADE, MADE, open=open_fields)
            yield one, changes

    def complete(merge: CommitEntry, changes: MergeChanges) -> CommitEntry:
        return replace(merge, edits=difference(changes.before, changes.after))

    changed = {}
    for one in settled(given(), complete):
        steps.append(one.commit)
        if one.is_merge and one.edits:
            changed[one.commit] = [(edit.old, edit.new) for edit in one.edits]
    return steps, changed


def test_entries_are_held_back_only_below_a_merge_that_is_open() -> None:
    steps, changed = read(
        entry("z"),
        (entry("m", "ab"), {}),
        (entry("n", "ab"), {NOTES: "a"}),
        entry("b", notes="b"),
        entry("a", notes="c"),
        (entry("o", "cd"), {NOTES: "a", TITLE: "a"}),
        entry("c", notes="a"),
        entry("d", "e"),
        entry("e", title="a"),
        entry("y"),
    )
    assert " ".join(steps) == (
        "(z) z (m) m (n) (b) n b (a) a (o) (c) (d) (e) o c d e (y) y"  # Nothing is held too long.
    )
    assert changed == {"n": [("b", "a")]}
    steps, changed = read((entry("m", "ab"), {NOTES: "a"}), entry("a"), entry("b"))
    assert (" ".join(steps), changed) == ("(m) (a) (b) m a b", {})


@pytest.mark.parametrize(
    ("below", "old"),
    [
        # The newest one that is merged counts, not what came beside the merge.
        ([entry("x", notes="b"), entry("a", notes="a"), entry("b", notes="b")], None),
        ([entry("a", "c"), entry("x", "y"), entry("y", notes="a"), entry("c", notes="b")], "b"),
        ([entry("a", title="b"), entry("b", notes=MISSING)], MISSING),
        ([entry("a", row={"id": "1", "notes": "b"})], "b"),
        ([entry("a", item="b", result="b", second="b")], None),
        # What an entry that cannot be read changed is not known.
        ([unreadable("a"), entry("b", notes="b")], None),
        ([unreadable("x"), entry("b", notes="b")], "b"),
    ],
)
def test_which_entry_says_what_a_field_was(
    below: list[CommitEntry], old: Plain | Missing | None
) -> None:
    _, changed = read((entry("m", "ab"), {NOTES: "a"}), *below)
    assert changed == ({} if old is None else {"m": [(old, "a")]})


@pytest.mark.parametrize(
    ("name", "value", "values", "changed"),
    [
        (TITLE, "a", {"title": "b"}, [("b", "a")]),
        (TITLE, "a", {"document": {"title": "b", "kind": "other"}}, [("b", "a")]),
        (TITLE, "a", {"title": MISSING}, [(MISSING, "a")]),
        # A measure is there or it is not; each of its fields has a name of its own.
        (("1", ("id",)), "1", {"row": MISSING}, [(MISSING, ROW)]),
        (("1", ()), ROW, {"row": {"id": "1"}}, None),
        (("2", ()), MISSING, {"other": {"id": "2"}}, [({"id": "2"}, MISSING)]),
        (("2", ("id",)), MISSING, {"other": {"id": "2"}}, [({"id": "2"}, MISSING)]),
        (("2", ("id",)), "2", {"other": MISSING}, None),
    ],
)
def test_what_a_merge_changed_in_a_field(
    name: FieldName,
    value: Plain | Missing,
    values: dict[str, Plain | Missing],
    changed: Values | None,
) -> None:
    _, found = read((entry("m", "ab"), {name: value}), entry("a", **values))
    assert found == ({"m": changed} if changed else {})


def test_a_measure_that_is_gone_has_no_fields() -> None:
    both: dict[FieldName, Plain | Missing] = {("1", ("id",)): "1", NOTES: "a"}
    _, changed = read((entry("m", "ab"), both), entry("a", row=MISSING))
    assert changed == {"m": [(MISSING, ROW)]}


def test_a_merge_waits_for_a_merge_that_is_in_it() -> None:
    rows = ((entry("m", "nc"), {NOTES: "a"}), (entry("n", "ab"), {NOTES: "a"}))
    _, changed = read(*rows, entry("a"), entry("b", notes="b"), entry("c", notes="c"))
    assert changed == {"n": [("b", "a")]}
    _, changed = read(*rows, entry("a", notes="a"), entry("c", notes="c"))
    assert changed == {}
