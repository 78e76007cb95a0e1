"""Which file of a side has a new path in a merge: what is said of the side goes by that path."""

import pytest

from kvartal.history.diff.diff import difference
from kvartal.history.diff.words import Words
from kvartal.history.log.merge_changes import merge_changes
from kvartal.history.store.evidence import evidence_references
from kvartal.history.store.merged_paths import with_merged_paths
from kvartal.schema.changes import Plain, PlanData

ACT, SECOND, THIRD, OTHER = "акт.pdf", "акт (2).pdf", "справка (3).pdf", "справка.pdf"


def record(*files: str) -> dict[str, Plain]:
    """Return a record with files: each a name, and what it holds."""
    found: list[Plain] = [
        {"path": f"evidence/1/{name}", "size": ord(content[0]), "sha256": content[0] * 64}
        for name, content in zip(files[::2], files[1::2], strict=True)
    ]
    return {"quarter": 1, "date": "2024-03-28", "evidence": {"files": found}}


def with_records(*records: Plain) -> PlanData:
    return {"measures": [{"id": "1", "records": [*records]}]}


def programme(**files: str) -> PlanData:
    """Return a programme with a record for each file: its name by what it holds."""
    return with_records(*(record(name, content) for content, name in files.items()))


def names(data: PlanData) -> list[str]:
    return [path.removeprefix("evidence/1/") for path, _sha256 in evidence_references(data)]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged", "followed"),
    [
        ({}, {"a": ACT}, {"b": ACT}, {"a": ACT, "b": SECOND}, ([ACT], [SECOND])),
        ({}, {"a": ACT}, {"b": ACT}, {"a": SECOND, "b": ACT}, ([SECOND], [ACT])),
        # The other side had renamed it before: this one did nothing.
        (
            *({"a": ACT}, {"a": ACT}, {"a": SECOND, "b": ACT}, {"a": SECOND, "b": ACT}),
            ([ACT], [SECOND, ACT]),
        ),
        # Of two files with the same content one is renamed.
        (
            *({}, {"a": ACT, "aa": OTHER}, {"b": ACT}, {"a": SECOND, "aa": OTHER, "b": ACT}),
            ([SECOND, OTHER], [ACT]),
        ),
        # The record of the one that was renamed was not chosen.
        (
            {},
            {"a": ACT},
            {"b": ACT, "c": SECOND},
            {"b": ACT, "c": SECOND},
            (["акт (3).pdf"], [ACT, SECOND]),
        ),
        # Both are, each by its own name.
        (
            *({}, {"a": OTHER, "aa": ACT}, {"b": OTHER, "c": ACT}),
            {"a": THIRD, "aa": SECOND, "b": OTHER, "c": ACT},
            ([THIRD, SECOND], [OTHER, ACT]),
        ),
    ],
)
def test_a_file_goes_by_the_path_that_the_merge_gave_it(
    base: dict[str, str],
    ours: dict[str, str],
    theirs: dict[str, str],
    merged: dict[str, str],
    followed: tuple[list[str], list[str]],
) -> None:
    sides = with_merged_paths(
        [programme(**ours), programme(**theirs)], programme(**base), programme(**merged)
    )
    assert tuple(map(names, sides)) == followed


def test_the_log_calls_a_renamed_file_no_choice() -> None:
    """Both sides replaced a record's file by one of the same name, and the merge keeps both."""
    base, ours, theirs = (
        with_records(record(*one)) for one in ((OTHER, "a"), (ACT, "b"), (ACT, "c"))
    )
    made = with_records(record(SECOND, "b", ACT, "c"))
    changes = merge_changes(base, [ours, theirs], made, Words())
    assert changes.choices == ()
    (edit,) = difference(changes.before, changes.after)
    assert (edit.old, edit.new) == (f"evidence/1/{ACT}", f"evidence/1/{SECOND}")
