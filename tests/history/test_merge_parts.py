"""One side removed or renumbered a section or channel, and the other put measures there."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import partial
from itertools import product
from typing import Final

import pytest

from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.audit.merge_outcomes import chosen_sides
from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.disputed_numbers import DisputedNumber, next_number
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.merge.needed_parts import with_needed_parts
from kvartal.history.merge.threeway import Sides
from kvartal.schema.changes import Change, Plain, PlanData
from kvartal.schema.moving import Destination, move
from kvartal.schema.operations import add, remove, set_fields
from kvartal.schema.plan_data import rows_of
from kvartal.schema.structure import (
    PartKind,
    add_part,
    move_part,
    part_numbered,
    parts,
    remove_part,
    set_part,
)
from kvartal.schema.validation import validate
from tests.history.programme import PROGRAMME
from tests.history.test_structure_history import made

Make = Callable[[PlanData], Change]
S, C = PartKind.SECTION, PartKind.CHANNEL


def new(number: str, kind: PartKind, part: str) -> Make:
    row: dict[str, Plain] = {
        "number": number,
        kind.value: part,
        "proposal": f"Новое {number}",
        "term": {"text": "4 квартал 2024", "quarters": [4]},
    }
    return lambda data: add(data, row)


def added(kind: PartKind, number: str, under: str | None = None) -> Make:
    row = {"number": number, "title": f"Часть {number}"}
    return lambda data: add_part(data, kind, row, under=under)


def dropped(number: str, kind: PartKind = C) -> Make:
    return lambda data: remove_part(data, part_numbered(data, number, kind))


def removed(measure: str) -> Make:
    return lambda data: remove(data, measure)


def moved(measure: str, kind: PartKind, part: str) -> Make:
    place = Destination(channel=part) if kind is C else Destination(section=part)
    return lambda data: move(data, measure, place)


def noted(measure: str, text: str = "а") -> Make:
    return lambda data: set_fields(data, measure, {"notes": text})


def changed(which: str, /, kind: PartKind = C, **texts: str) -> Make:
    return lambda data: set_part(data, part_numbered(data, which, kind), texts)


BASE: Final = made(
    {**PROGRAMME, "measures": [row for row in rows_of(PROGRAMME) if row["id"] != "2.2.1"]},
    added(C, "1.3", "1"),
    added(S, "2"),
    added(C, "2.2", "2"),
    added(S, "4"),
    added(S, "5"),
    added(S, "5.1", "5"),
    new("5.1.1", S, "5.1"),
)
IN_1_2: Final = (removed("1.2.1"), removed("1.2.2"), dropped("1.2"))
CASES: Final[dict[str, tuple[Sequence[Make], Sequence[Make], list[str]]]] = {
    # What one side did, what the other did, and what there is to choose.
    "a new measure": ([dropped("1.3")], [new("1.3.1", C, "1.3"), noted("1.2.1")], ["1.3.1"]),
    "two new measures": (
        [dropped("1.3")],
        [new("1.3.1", C, "1.3"), new("1.3.2", C, "1.3"), noted("1.2.1")],
        ["1.3.1", "1.3.2"],
    ),
    "two channels used": (
        [dropped("1.3"), dropped("2.2")],
        [moved("1.1.2", C, "1.3"), new("2.2.1", C, "2.2"), noted("1.1.1")],
        ["1.1.2 channel", "2.2.1"],
    ),
    "both moved and noted it": (
        [dropped("1.3"), noted("1.1.2", "б")],
        [moved("1.1.2", C, "1.3"), noted("1.1.2")],
        ["1.1.2 channel", "1.1.2 notes"],
    ),
    "out of a section": (
        [dropped("1.3")],
        [moved("5.1.1", C, "1.3"), noted("1.1.1")],
        ["5.1.1 channel"],
    ),
    "into a section": ([dropped("4", S)], [moved("1.1.2", S, "4")], ["1.1.2 section"]),
    "removed with its measures": (
        IN_1_2,
        [noted("1.2.1"), new("1.2.9", C, "1.2"), noted("1.1.1")],
        ["1.2.1", "1.2.9"],
    ),
    "renamed meanwhile": (
        [dropped("1.3")],
        [changed("1.3", title="Иначе"), new("1.3.1", C, "1.3")],
        [" sections.0.channels.2", "1.3.1"],
    ),
    "sections in a section": (
        [removed("5.1.1"), dropped("5.1", S), dropped("5", S)],
        [noted("5.1.1"), new("5.1.2", S, "5.1"), new("5.0.1", S, "5")],
        ["5.1.1", "5.1.2", "5.0.1"],
    ),
}


def conflicts(merged: Merged) -> list[str]:
    """Return the measure and the path of each conflict."""
    return [f"{one.measure} {'.'.join(map(str, one.path))}".rstrip() for one in merged.conflicts]


def places(data: PlanData, names: set[str]) -> set[tuple[object, ...]]:
    rows = (row for row in rows_of(data) if row["id"] in names)
    return {(row["id"], row.get("channel"), row.get("section")) for row in rows}


def numbers(data: PlanData) -> set[tuple[object, str]]:
    return {(part.kind, part.number) for part in parts(data)}


def kept(base: PlanData, side: PlanData, disputed: set[str]) -> set[tuple[object, object]]:
    """Return the measures that a side changed, as texts, but for the disputed ones."""
    before = {str(row["id"]): row for row in rows_of(base)}
    rows = {str(row["id"]): row for row in rows_of(side) if before.get(str(row["id"])) != row}
    return {(name, str(row)) for name, row in rows.items() if name not in disputed}


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize("case", CASES)
def test_measures_in_a_removed_part_are_chosen_one_by_one(case: str, *, swap: bool) -> None:
    one, other, wanted = CASES[case]
    sides = [made(BASE, *one), made(BASE, *other)]
    if swap:
        sides.reverse()
    merged = merge(BASE, *sides)
    assert sorted(conflicts(merged)) == sorted(wanted)
    # What a choice settles is told to nobody as if it stayed.
    assert not merged.notes
    disputed = {conflict.measure for conflict in merged.conflicts}
    agreed = {row for side in sides for row in kept(BASE, side, disputed)}
    for chosen in product((0, 1), repeat=len(wanted)):
        choices = [
            (conflict.sides.ours, conflict.sides.theirs)[at]
            for conflict, at in zip(merged.conflicts, chosen, strict=True)
        ]
        data = resolve(merged, choices)
        assert not validate(data)
        assert agreed <= {(row["id"], str(row)) for row in rows_of(data)}
        printed = [part.number for part in parts(data)]
        assert printed == sorted(printed)  # What is put back stands where it stood.
        assert not merge_differences(BASE, sides, data)
        for at, found in zip(chosen, chosen_sides(merged, data), strict=True):
            assert at in found or case == "renamed meanwhile"
        if len(set(chosen)) == 1:
            side = sides[chosen[0]]
            assert places(data, disputed) == places(side, disputed)
            if chosen[0] == int(swap):
                assert numbers(data) == numbers(side)


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_a_number_that_a_side_gave_to_another_channel_takes_no_measure_there(*, swap: bool) -> None:
    """Both renumbered 1.1, and one gave the other's number to a channel of its own."""
    one = made(BASE, changed("1.1", number="1.8"), new("1.8.1", C, "1.8"))
    other = made(BASE, changed("1.1", number="1.9"), added(C, "1.8", "1"), new("1.8.2", C, "1.8"))
    merged = merge(BASE, *((other, one) if swap else (one, other)))
    (conflict,) = merged.conflicts
    assert conflict.where[-1] == "number"
    data = resolve(merged, ["1.9"])
    assert not validate(data)
    titles = {part.number: part.row["title"] for part in parts(data)}
    before = {part.number: part.row["title"] for part in parts(BASE)}
    stand = {row["id"]: titles[str(row["channel"])] for row in rows_of(data) if "channel" in row}
    assert stand == {
        **{row["id"]: before[str(row["channel"])] for row in rows_of(BASE) if "channel" in row},
        "1.8.1": before["1.1"],
        "1.8.2": "Часть 1.8",
    }
    data = resolve(merged, ["1.8"])
    assert not validate(data)
    titles = {part.number: part.row["title"] for part in parts(data)}
    assert (titles["1.8"], titles["1.10"]) == (before["1.1"], "Часть 1.8")
    assert {str(row["id"]): row.get("channel") for row in rows_of(data)}["1.8.2"] == "1.10"
    assert conflict.dispute is not None
    moved_number = conflict.dispute.displaced(merged.data, "1.8")
    assert moved_number is not None
    assert moved_number.note.code == "merge-part-renumbered"
    assert moved_number.note.message() == "«Часть 1.8»: номер 1.8 отдан другому, теперь 1.10."


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize("section", ["1", "2"])
def test_a_number_that_one_side_gave_to_a_new_part_is_chosen(section: str, *, swap: bool) -> None:
    """Neither the renumbered channel nor the new one is lost, whichever keeps the number."""
    one = made(BASE, changed("1.1", number="1.9"), new("1.9.1", C, "1.9"))
    other = made(BASE, added(C, "1.9", section), new("1.9.2", C, "1.9"), new("1.1.9", C, "1.1"))
    sides = (other, one) if swap else (one, other)
    merged = merge(BASE, *sides)
    (conflict,) = merged.conflicts
    assert {conflict.sides.ours, conflict.sides.theirs} == {"1.1", "1.9"}
    text = conflict_text(conflict, merged.data, Words(str))
    assert "было «1.1». Номер 1.9 дан и новой части программы: если" in text
    for number, newcomer in (("1.9", "1.10"), ("1.1", "1.9")):
        data = resolve(merged, [number])
        assert not validate(data)
        stand = {str(row["id"]): row.get("channel") for row in rows_of(data)}
        assert (stand["1.9.1"], stand["1.1.9"], stand["1.9.2"]) == (number, number, newcomer)
        assert not merge_differences(BASE, sides, data)


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_a_number_that_a_side_gave_to_a_new_part_elsewhere_is_asked_about(*, swap: bool) -> None:
    """It removed the channel that the other side gave this number."""
    one = made(BASE, changed("1.3", number="1.9"))
    other = made(BASE, dropped("1.3"), added(C, "1.9", "2"))
    merged = merge(BASE, *((other, one) if swap else (one, other)))
    assert sorted(conflicts(merged)) == [" sections.0.channels.2", " sections.1.channels"]


def test_the_next_number_is_of_the_same_form() -> None:
    assert next_number("1.9", {"1.9", "1.10"}) == "1.11"
    assert next_number("п. 3", {"п. 3"}) == "п. 4"
    assert next_number("IV", {"IV", "IV-1"}) == "IV-2"
    assert next_number("IV", {"IV"}) == "IV-1"


def test_the_sides_of_a_conflict_name_the_part_as_they_did() -> None:
    """Both renumbered it, and one removed a measure in it that the other changed."""
    ours = made(BASE, changed("1.1", number="1.8"), noted("1.1.2"))
    theirs = made(BASE, changed("1.1", number="1.9"), removed("1.1.2"))
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(BASE, one, other)
        of_measure = next(conflict for conflict in merged.conflicts if conflict.measure)
        sides = of_measure.sides
        channels = [
            value["channel"] if isinstance(value, dict) else None
            for value in (sides.base, sides.ours, sides.theirs)
        ]
        assert channels == (["1.1", "1.8", None] if one is ours else ["1.1", None, "1.8"])


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_a_part_keeps_its_number_where_the_chosen_one_is_the_new_one_it_got(*, swap: bool) -> None:
    one = made(BASE, changed("1.1", number="1.8"), new("1.8.1", C, "1.8"))
    other = made(BASE, changed("1.1", number="1.9"), changed("1.2", number="1.8"))
    sides = (other, one) if swap else (one, other)
    merged = merge(BASE, *sides)
    for number, second in (("1.8", "1.2"), ("1.9", "1.8")):
        data = resolve(merged, [number])
        assert not validate(data)
        assert not merge_differences(BASE, sides, data)
        stand = {row["id"]: row.get("channel") for row in rows_of(data)}
        assert (stand["1.1.1"], stand["1.8.1"], stand["1.2.1"]) == (number, number, second)


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_a_channel_moved_into_a_removed_section_stays_where_it_was(*, swap: bool) -> None:
    """Its measures, which nobody changed, are nothing to choose about."""
    one = made(BASE, dropped("4", S), new("5.1.2", S, "5.1"))
    other = made(
        BASE,
        lambda data: move_part(data, part_numbered(data, "1.2", C), under="4"),
        noted("1.2.1"),
    )
    sides = (other, one) if swap else (one, other)
    merged = merge(BASE, *sides)
    (conflict,) = merged.conflicts
    assert conflict.where == ("sections", 2)
    for number, value in ((0, conflict.sides.ours), (1, conflict.sides.theirs)):
        data = resolve(merged, [value])
        assert not validate(data)
        assert {"5.1.2", "1.2.1"} <= {row["id"] for row in rows_of(data)}
        above = part_numbered(data, "1.2", C).path[:2]
        assert above == part_numbered(sides[number], "1.2", C).path[:2]


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_a_channel_that_each_side_moved_and_renumbered_has_both_numbers(*, swap: bool) -> None:
    """It stands in two sections then: which one has its measures is to choose, not its number."""
    one, other = (
        made(
            BASE,
            partial(move_part, part=part_numbered(BASE, "1.2", C), under=section),
            changed("1.2", number=f"{section}.8"),
        )
        for section in "24"
    )
    sides = (other, one) if swap else (one, other)
    merged = merge(BASE, *sides)
    assert conflicts(merged) == ["1.2.1 channel", "1.2.2 channel"]
    for number in ("2.8", "4.8"):
        data = resolve(merged, [number, number])
        assert not validate(data)
        assert {(C, "2.8"), (C, "4.8")} <= numbers(data)


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_a_channel_stands_where_the_side_that_moved_it_put_it(*, swap: bool) -> None:
    def with_channels(data: PlanData, section: int, *numbers: str) -> PlanData:
        sections = deepcopy(data["sections"])
        assert isinstance(sections, list)
        titles: list[Plain] = [{"number": one, "title": f"Часть {one}"} for one in numbers]
        sections[section]["channels"] = titles  # type: ignore[call-overload, index]
        return {**data, "sections": sections}

    base = with_channels(with_channels(BASE, 0, "1.1", "1.2", "1.3"), 1, "2.2", "2.4")
    one = with_channels(with_channels(base, 0, "1.1", "1.2"), 1, "2.2", "1.3", "2.4")
    other = with_channels(base, 0, "1.1", "1.2", "1.3", "1.4")
    merged = merge(base, *((other, one) if swap else (one, other)))
    assert not merged.conflicts
    channels = [part.number for part in parts(merged.data) if part.kind is C]
    assert channels == ["1.1", "1.2", "1.4", "2.2", "1.3", "2.4"]


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize("under", ["4", None])
def test_what_a_side_changed_in_a_section_is_found_where_the_other_moved_it(
    under: str | None, *, swap: bool
) -> None:
    """Its title, a channel in it and a new measure: at the top too."""
    section = part_numbered(BASE, "5.1", S)
    one = made(BASE, lambda data: move_part(data, section, under=under))
    other = made(
        BASE, changed("5.1", S, title="Иначе"), added(C, "5.1.1", "5.1"), new("5.1.9", S, "5.1")
    )
    merged = merge(BASE, *((other, one) if swap else (one, other)))
    assert not merged.conflicts
    assert not validate(merged.data)
    found = part_numbered(merged.data, "5.1", S)
    assert found.path == part_numbered(one, "5.1", S).path
    assert found.row == part_numbered(other, "5.1", S).row
    assert {"5.1.1", "5.1.9"} <= {row["id"] for row in rows_of(merged.data)}


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_sections_that_each_side_moved_into_the_other_are_all_there(*, swap: bool) -> None:
    one = made(BASE, lambda data: move_part(data, part_numbered(data, "4", S), under="5.1"))
    other = made(
        BASE,
        lambda data: move_part(data, part_numbered(data, "5", S), under="4"),
        changed("5", S, title="Иначе"),
    )
    merged = merge(BASE, *((other, one) if swap else (one, other)))
    assert numbers(merged.data) == numbers(BASE)


def test_only_measures_that_name_a_disputed_part_follow_it() -> None:
    dispute = DisputedNumber("channel", "1.1", "1.8", "1.9")
    rows: list[Plain] = ["?", {"channel": "1.8"}, {"channel": "1.9"}, {"section": "1.8"}]
    assert list(dispute.followers({"measures": rows})) == [("measures", 1, "channel")]


@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_of_two_first_channels_with_one_number_either_may_stay(*, swap: bool) -> None:
    """In two sections: of the one that goes, its empty list goes as well."""

    def with_channel(above: str) -> PlanData:
        row = {"number": "9.9", "title": f"В {above}"}
        return made(BASE, lambda data: add_part(data, C, row, under=above))

    sides = [with_channel("4"), with_channel("5.1")]
    if swap:
        sides.reverse()
    merged = merge(BASE, *sides)
    (conflict,) = merged.conflicts
    for value in (conflict.sides.ours, conflict.sides.theirs):
        data = resolve(merged, [value])
        assert not validate(data)
        assert [part.number for part in parts(data)].count("9.9") == 1


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_part_is_put_back_where_its_section_still_is(*, is_ours: bool) -> None:
    """Not where the other side moved it, into a section that is removed now."""
    channel: Plain = {"number": "7.1", "title": "Канал"}
    here: Plain = {"number": "6", "title": "Здесь"}
    there: Plain = {"number": "7", "title": "Там"}
    measures: Plain = [{"id": "1", "channel": "7.1"}]

    def having(*sections: Plain) -> PlanData:
        return {"sections": list(sections), "measures": measures}

    assert isinstance(here, dict)
    assert isinstance(there, dict)
    fitting = having({**here, "channels": [channel]}, there)
    other = having(here, {**there, "channels": [channel]})
    sides = Sides(fitting, *((fitting, other) if is_ours else (other, fitting)))
    restored = with_needed_parts(having(here), sides)
    assert restored == having({**here, "channels": [channel]})
    assert with_needed_parts(having(), Sides(fitting, other, other)) == having(
        {**there, "channels": [channel]}
    )
