"""For any change and any two sides: what is honest passes, and what is slipped in is found."""

from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.audit.message_compare import MessageComparer, claimed_trailers
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import Words
from kvartal.history.messages.message import commit_message
from kvartal.schema.changes import Change, ChangeKind, Edit, Missing, Plain, PlanData, StaleChange
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import KvartalError, Translate
from kvartal.schema.measure import Document
from kvartal.schema.operations import postpone
from tests.audit.story import LANGUAGES, NothingChanged, Story
from tests.history.strategies import TEXTS, edits, plans
from tests.history.two_sides import FIELDS, IDS, set_field, two_lists

NOW = datetime(2024, 9, 28, tzinfo=UTC)
FEWER = settings(max_examples=settings().max_examples * 2 // 5)
TELLER = MessageComparer("plan/", LANGUAGES)


def committed(message: str) -> Commit:
    return Commit("a" * 40, "b" * 40, (), "Иванова", NOW, NOW, message, "")


def is_honest(message: str, before: PlanData, after: PlanData) -> bool:
    return not TELLER.findings(
        committed(message), claimed_trailers(message), [(before, after)], None
    )


@FEWER
@given(st.data(), st.sampled_from(LANGUAGES))
def test_a_message_fits_its_own_change(data: st.DataObject, translate: Translate) -> None:
    before = data.draw(plans())
    edit = data.draw(edits(before))
    change = Change(ChangeKind.SET, (edit,))
    after = apply_edits(before, change.edits)
    assume(not same(before, after))
    message = commit_message(change, before, folder="plan/", translate=translate)
    assert is_honest(message, before, after)


@FEWER
@given(st.data())
def test_a_message_fits_no_other_change(data: st.DataObject) -> None:
    before = data.draw(plans())
    change = Change(ChangeKind.SET, (data.draw(edits(before).filter(_keeps_shape)),))
    after = apply_edits(before, change.edits)
    assume(after.get("measures"))
    try:
        smuggled = apply_edits(after, [data.draw(edits(after).filter(_keeps_shape))])
    except StaleChange:
        reject()  # What is put in is there already.
    # Two values that read alike, such as 12 and "12", are for the schema to tell apart; what a term
    # is read as has a test of its own.
    one, other = map(_without_readings, (after, smuggled))
    assume(any(group.lines for group in change_groups(one, other, Words())))
    message = commit_message(change, before, folder="plan/")
    assert not is_honest(message, before, smuggled)


def _keeps_shape(edit: Edit) -> bool:
    """Tell whether a list stays a list: a different shape is for the schema to find."""
    if isinstance(edit.old, list | dict) and not isinstance(edit.new, Missing):
        return type(edit.old) is type(edit.new)
    return isinstance(edit.old, Missing) or not isinstance(edit.new, list | dict)


def _without_readings(data: PlanData) -> PlanData:
    rows = data["measures"]
    assert isinstance(rows, list)
    return {**data, "measures": [_with_text_alone(row) for row in rows]}


def _with_text_alone(row: Plain) -> Plain:
    term = row.get("term") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(term, dict):
        return row
    return {**row, "term": {"text": term.get("text", "")}}


@FEWER
@given(two_lists())
def test_a_merge_of_any_two_sides_is_explained(
    sides: tuple[PlanData, PlanData, PlanData, PlanData],
) -> None:
    base, ours, theirs, both = sides
    assert merge_differences(base, [ours, theirs], both) == ()
    assert merge_differences(base, [theirs, ours], both) == ()


@FEWER
@given(two_lists(), st.sampled_from(IDS), st.data())
def test_what_a_merge_adds_is_found(
    sides: tuple[PlanData, PlanData, PlanData, PlanData], name: str, data: st.DataObject
) -> None:
    base, ours, theirs, both = sides
    rows = both["measures"]
    assert isinstance(rows, list)
    assume(any(isinstance(row, dict) and row["id"] == name for row in rows))
    field, values = data.draw(st.sampled_from(FIELDS))
    honest = [_field(one, name, field) for one in (both, ours, theirs)]
    value = data.draw(values.filter(lambda one: one not in honest))
    set_field(both, name, field, value)
    assert [one.measure for one in merge_differences(base, [ours, theirs], both)] == [name]


def _field(data: PlanData, name: str, field: str) -> Plain | None:
    rows = data["measures"]
    value: Plain | None = (
        next((row for row in rows if isinstance(row, dict) and row["id"] == name), None)
        if isinstance(rows, list)
        else None
    )
    for key in field.split("."):
        value = value[0] if isinstance(value, list) else value
        value = value.get(key) if isinstance(value, dict) else None
    return value


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("set"),
            st.sampled_from(["1.1.1", "1.1.2", "3.4.1-2"]),
            st.sampled_from(["notes", "responsible", "result", "actions"]),
            TEXTS,
        ),
        st.tuples(st.just("record"), st.sampled_from(["1.1.1", "3.4.1-2"]), st.integers(1, 3)),
        st.tuples(st.just("postpone"), TEXTS),
        st.just(("undo",)),
        st.just(("undo",)),
        st.just(("redo",)),
    ),
    min_size=3,
    max_size=10,
)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_honest_work(
    begun: Path, tmp_path_factory: pytest.TempPathFactory, work: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("work") / "repo"
    copytree(begun, folder)
    story = Story(folder / "plan" / "2024.yaml")
    for step in work:
        try:
            _do(story, *step)
        except (KvartalError, NothingChanged):
            continue  # Refused, or nothing to do: then there is no commit.
    assert story.codes() == []


def _do(story: Story, what: object, *more: object) -> None:
    if what == "set":
        measure, field, text = map(str, more)
        story.set(measure, **{field: text})
    elif what == "record":
        day = {1: "2024-09-01", 2: "2024-09-10", 3: "2024-09-27"}[int(str(more[1]))]
        story.record(
            str(more[0]),
            day=day,
            complete=False,
            documents=[Document("Акт", "1", date(2024, 9, 1))],
        )
    elif what == "postpone":
        story.do(postpone, "1.1.2", to="4 квартал 2024", reason=str(more[0]), day=date(2024, 9, 20))
    elif what == "undo":
        story.undo()
    else:
        story.redo()
