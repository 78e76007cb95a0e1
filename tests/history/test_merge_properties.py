"""What must hold for any merge: nothing lost, nothing invented, the same from both sides."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kvartal.history.diff.matching import same
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.matching import canonical
from kvartal.history.merge.merge import merge, resolve
from kvartal.schema.changes import MISSING, Plain, PlanData, StaleChange
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.validation import validate
from tests.history.strategies import edits, plans
from tests.history.two_sides import FIELDS, IDS, set_field, two_lists

FEWER = settings(max_examples=settings().max_examples * 2 // 5)

# ---------------------------------------------------------------------------------- any data


@st.composite
def edited(draw: st.DrawFn, data: PlanData) -> PlanData:
    """Return a plan after a few random edits."""
    for _ in range(draw(st.integers(0, 3))):
        try:
            data = apply_edits(data, [draw(edits(data))])
        except StaleChange:
            continue
        if not data.get("measures"):
            break
    return data


@st.composite
def histories(draw: st.DrawFn) -> tuple[PlanData, PlanData, PlanData]:
    """Return a plan and what two people made of it."""
    base = draw(plans())
    return base, draw(edited(base)), draw(edited(base))


unrelated = st.tuples(plans(), plans(), plans())
triples = st.one_of(histories(), histories(), unrelated)


def leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the single values in a value, with the names on the way to them."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    elif value is not MISSING:
        # 1 and 1.0 are one fact, 1 and true are not.
        told = repr(float(value)) if type(value) in {int, float} else repr(value)  # type: ignore[arg-type] # one of these
        yield path, told


def shape(where: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(part for part in where if isinstance(part, str))


def kept(merged: Merged) -> Counter[tuple[tuple[str, ...], str]]:
    """Return all values that a merge keeps: in the result, or in a conflict."""
    found = Counter(leaves(merged.data))
    for one in merged.conflicts:
        for value in (one.sides.base, one.sides.ours, one.sides.theirs):
            found += Counter(leaves(value, shape(one.where)))
    return found


@FEWER
@given(triples)
def test_no_value_that_a_side_changed_is_lost(versions: tuple[PlanData, ...]) -> None:
    base, ours, theirs = versions
    merged = merge(base, ours, theirs)
    # Ids, and what refers to them, may have been renumbered.
    names = [("measures", "id"), ("measures", "actions_from"), ("measures", "same_work")]
    known, found = Counter(leaves(base)), kept(merged)
    for side in (ours, theirs):
        new = Counter(leaves(side)) - known
        assert not [leaf for leaf in new - found if leaf[0] not in names or not merged.notes]


def for_period(start: str, due: str, **more: Plain) -> PlanData:
    return {
        "period": {"start": start, "due": due},
        "language": "ru",
        "document": {"organization": "АО «Пример»", "title": "Программа"},
        "measures": [],
        **more,
    }


RECORDED: Plain = {
    "id": "1",
    "number": "1",
    "proposal": "Обеспечено",
    "term": {"text": "1 квартал 2026", "quarters": ["2026-Q1"]},
    "records": [{"quarter": "2026-Q1", "date": "2026-01-01"}],
}
# The record lies in the one period that the sides give the programme, and not in the other.
PERIODS: tuple[PlanData, ...] = (
    for_period("2025-01-01", "2025-12-31"),
    for_period("2026-09-01", "2027-08-31"),
    for_period("2026-01-01", "2028-12-31", measures=[RECORDED]),
)


def quarters_of_a_year(*rows: tuple[str, Plain], **head: Plain) -> PlanData:
    common: PlanData = {"language": "ru", "document": {"title": "Программа"}}
    return {**common, **head, "measures": [{"id": name, "term": term} for name, term in rows]}


# Ours is for several years, where a quarter needs its year: that of measure 2 in any case, that of
# measure 1 only if their term for it is chosen.
FOURTH: Plain = {"text": "4 квартал", "quarters": [4]}
YEARS: tuple[PlanData, ...] = (
    quarters_of_a_year(("1", {"text": "постоянно"}), year=2026),
    quarters_of_a_year(
        ("1", {"text": "до 01.12.2026", "due": "2026-12-01"}),
        period={"start": "2026-01-01", "due": "2028-12-31"},
    ),
    quarters_of_a_year(("1", FOURTH), ("2", FOURTH), year=2026),
)


@FEWER
@given(triples)
@example(PERIODS)
@example(YEARS)
def test_it_does_not_matter_whose_side_is_ours(versions: tuple[PlanData, ...]) -> None:
    base, ours, theirs = versions
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert [note.message() for note in one.notes] == [note.message() for note in other.notes]
    assert conflict_counts(one, "ours", "theirs") == conflict_counts(other, "theirs", "ours")
    if not one.conflicts:
        assert same(one.data, other.data)


def conflict_counts(merged: Merged, *sides: str) -> Counter[str]:
    return Counter(
        repr(
            (one.measure, shape(one.where), *(as_text(getattr(one.sides, side)) for side in sides))
        )
        for one in merged.conflicts
    )


def as_text(value: Any) -> str:  # noqa: ANN401 - any side of a conflict
    return "" if value is MISSING else canonical(value)


@FEWER
@given(st.tuples(plans(), plans()), st.data())
def test_a_side_that_changed_nothing_changes_nothing(
    versions: tuple[PlanData, PlanData], data: st.DataObject
) -> None:
    base = versions[0]
    side = data.draw(st.one_of(st.just(versions[1]), edited(base)))
    for merged in (merge(base, side, side), merge(base, base, side), merge(base, side, base)):
        assert same(merged.data, side)
        assert not merged.conflicts
        assert not merged.notes


@FEWER
@given(triples)
def test_the_edits_turn_our_version_into_the_result(versions: tuple[PlanData, ...]) -> None:
    base, ours, theirs = versions
    merged = merge(base, ours, theirs)
    assert same(apply_edits(ours, merged.edits), merged.data)


@FEWER
@given(histories())
def test_merging_the_result_again_changes_nothing(versions: tuple[PlanData, ...]) -> None:
    base, ours, theirs = versions
    merged = merge(base, ours, theirs)
    if not merged.conflicts and not merged.notes:
        # As a colleague does who has merged already, and as git does whose base is one side.
        for again in (merge(theirs, merged.data, theirs), merge(base, merged.data, theirs)):
            assert same(again.data, merged.data)
            assert not again.conflicts


@FEWER
@given(triples, st.data())
def test_any_choice_resolves_the_conflicts(
    versions: tuple[PlanData, ...], data: st.DataObject
) -> None:
    merged = merge(*versions)
    sides = [
        data.draw(st.sampled_from([one.sides.ours, one.sides.theirs, one.value]))
        for one in merged.conflicts
    ]
    result = Counter(leaves(resolve(merged, sides)))
    for one, choice in zip(merged.conflicts, sides, strict=True):
        assert not Counter(leaves(choice, shape(one.where))) - result


# ------------------------------------------------------------------ valid plans, known changes


@FEWER
@given(two_lists())
def test_without_conflict_a_merge_is_both_lists_of_changes_applied(
    versions: tuple[PlanData, PlanData, PlanData, PlanData],
) -> None:
    base, ours, theirs, both = versions
    merged = merge(base, ours, theirs)
    assert not merged.conflicts
    assert not merged.notes
    assert same(merged.data, both)
    assert {one.key() for one in validate(merged.data)} <= {one.key() for one in validate(base)}


@FEWER
@given(two_lists(), st.sampled_from(IDS[:2]), st.data())
def test_only_what_two_sides_changed_in_two_ways_is_a_conflict(
    versions: tuple[PlanData, PlanData, PlanData, PlanData], name: str, data: st.DataObject
) -> None:
    base, ours, theirs, both = versions
    field, _ = data.draw(st.sampled_from(FIELDS))
    values: list[Plain] = [["Одно"], ["Другое"]] if field == "actions" else ["Одно", "Другое"]
    for side, value in zip((ours, theirs), values, strict=True):
        set_field(side, name, field, value)
    set_field(both, name, field, values[0])
    merged = merge(base, ours, theirs)
    (conflict,) = merged.conflicts
    path = [part for part in conflict.path if isinstance(part, str)]
    assert (conflict.measure, ".".join(path)) == (name, field)
    assert [conflict.sides.ours, conflict.sides.theirs] == values
    assert same(merged.data, both)
