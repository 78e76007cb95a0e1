"""Either side can be chosen where the structure of both breaks a rule only together."""

from collections.abc import Callable

import pytest

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.git.discovery import find_repository
from kvartal.history.log.log import entries
from kvartal.history.sync.divergence import Side
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.moving import Destination, move
from kvartal.schema.operations import add
from kvartal.schema.plan_data import rows_of
from kvartal.schema.structure import PartKind, add_part, part_numbered, parts, remove_part
from kvartal.schema.validation import validate
from tests.sync.clones import Clone
from tests.sync.random_turns import ANY_DELAY

Make = Callable[[PlanData], Change]


def added(kind: PartKind, number: str, under: str | None) -> Make:
    return lambda data: add_part(data, kind, {"number": number, "title": f"В {under}"}, under=under)


def removed(number: str) -> Make:
    return lambda data: remove_part(data, part_numbered(data, number))


def moved(measure: str, channel: str) -> Make:
    return lambda data: move(data, measure, Destination(channel=channel))


def with_measure(channel: str) -> Make:
    return lambda data: add(
        data,
        {
            "number": f"{channel}.1",
            "channel": channel,
            "term": {"text": "2024"},
            "result": "Да",
            "proposal": "Новое",
        },
    )


CASES: dict[str, tuple[Make, Make]] = {
    "section at the top and inside": (
        added(PartKind.SECTION, "9", None),
        added(PartKind.SECTION, "9", "1"),
    ),
    "section in two sections": (
        added(PartKind.SECTION, "9", "2"),
        added(PartKind.SECTION, "9", "1"),
    ),
    "channel in two sections": (
        added(PartKind.CHANNEL, "1.9", "2"),
        added(PartKind.CHANNEL, "1.9", "1"),
    ),
    "channel removed and used": (removed("3.6"), moved("1.1.2", "3.6")),
    "first channel removed and used": (removed("1.3"), moved("1.1.4", "1.3")),
    "channel removed and used anew": (removed("1.3"), with_measure("1.3")),
}


def structure(data: PlanData) -> list[tuple[str, str, object]]:
    return [(part.kind.value, part.number, part.row.get("title")) for part in parts(data)]


def places(data: PlanData) -> set[tuple[object, object]]:
    return {(row["id"], row.get("channel")) for row in rows_of(data)}


@pytest.mark.parametrize(
    ("side", "is_swapped"),
    [(Side.OURS, False), (Side.OURS, True), (Side.THEIRS, False)],
    ids=["ours", "ours-swapped", "theirs"],
)
@pytest.mark.parametrize("case", CASES)
def test_either_side_is_taken_whole(
    one: Clone, other: Clone, case: str, side: Side, *, is_swapped: bool
) -> None:
    makes = CASES[case][::-1] if is_swapped else CASES[case]
    for clone, make in zip((one, other), makes, strict=True):
        clone.apply(make(clone.data))
    chosen = (other if side is Side.OURS else one).data
    one.push()
    found = other.find_divergence()
    (conflict,) = found.conflicts
    ours, theirs = conflict.ours, conflict.theirs
    assert (ours and ours.commit, theirs and theirs.commit) == (other.head, one.head)
    other.sync(found.choices(side))
    assert validate(other.data) == ()
    assert structure(other.data) == structure(chosen)
    assert places(other.data) == places(chosen)
    assert verify(other.plan, VerifyRequest(days=ANY_DELAY)).findings == ()
    (entry, *_) = entries(find_repository(other.plan.parent), other.plan.name)
    assert entry.is_merge
    assert not entry.is_altered
    assert len(entry.choices) == 1
    one.sync()
    assert one.plan.read_bytes() == other.plan.read_bytes()


@pytest.mark.parametrize("side", Side)
def test_two_removed_channels_come_back_with_what_was_put_there(
    one: Clone, other: Clone, side: Side
) -> None:
    for clone, makes in (
        (one, (removed("1.3"), removed("3.6"))),
        (other, (moved("1.1.2", "1.3"), with_measure("3.6"))),
    ):
        for make in makes:
            clone.apply(make(clone.data))
    chosen = (other if side is Side.OURS else one).data
    one.push()
    other.sync(other.find_divergence().choices(side))
    assert validate(other.data) == ()
    assert structure(other.data) == structure(chosen)
    assert places(other.data) == places(chosen)
    assert verify(other.plan, VerifyRequest(days=ANY_DELAY)).findings == ()
