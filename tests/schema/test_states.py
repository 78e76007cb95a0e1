"""States: known answers, and invariants for any facts and any date."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given

from kvartal.schema.calendar import ShiftRule, WorkingCalendar
from kvartal.schema.measure import Cancellation, Measure, Postponement, Record, Term
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import (
    CLOSED,
    CheckpointState,
    MeasureState,
    status,
)
from kvartal.schema.summaries import (
    discipline,
    due_among,
    overdue,
    overdue_among,
    progress,
    running_quarter,
)
from tests.schema.models import (
    CALENDAR,
    DAYS,
    a_measure,
    a_plan,
    calendars,
    measures,
    quarter,
    records,
)

Q1_END = date(2024, 3, 31)
Q3_END = date(2024, 9, 30)
DAY = timedelta(days=1)


def state_on(measure: Measure, day: date) -> MeasureState:
    """Return a measure's state on a day."""
    return status(measure, CALENDAR, day).state


def signs(measure: Measure, day: date) -> list[str]:
    """Return the states of the checkpoints on a day, by name."""
    return [checkpoint.state.value for checkpoint in status(measure, CALENDAR, day).checkpoints]


def test_overdue_begins_the_day_after_the_last_day() -> None:
    """On the last day itself a checkpoint is only due."""
    measure = a_measure(1, 2)
    assert signs(measure, Q1_END) == ["due", "upcoming"]
    assert signs(measure, Q1_END + DAY) == ["overdue", "due"]
    assert status(measure, CALENDAR, Q1_END + DAY).days_overdue == 1
    assert state_on(measure, Q1_END) is MeasureState.PLANNED
    assert state_on(measure, Q1_END + DAY) is MeasureState.OVERDUE


def test_each_checkpoint_needs_its_own_record() -> None:
    """A record of the second quarter does not count for the first."""
    measure = a_measure(1, 2, records=(Record(quarter(2), date(2024, 5, 1)),))
    assert signs(measure, date(2024, 7, 1)) == ["overdue", "recorded"]
    assert state_on(measure, date(2024, 7, 1)) is MeasureState.OVERDUE


def test_a_record_after_the_last_day_is_late() -> None:
    """The earliest record of a quarter decides."""
    twice = a_measure(1, records=(Record(quarter(1), date(2024, 6, 1)), Record(quarter(1), Q1_END)))
    assert signs(twice, date(2024, 6, 1)) == ["recorded"]
    measure = a_measure(
        1, 4, records=(Record(quarter(1), Q1_END + DAY), Record(quarter(1), date(2024, 6, 1)))
    )
    assert signs(measure, date(2024, 6, 1)) == ["recorded_late", "upcoming"]
    assert state_on(measure, date(2024, 6, 1)) is MeasureState.IN_PROGRESS


def test_completion_closes_the_checkpoints_ahead() -> None:
    """Those missed before stay missed; the measure is done nevertheless."""
    done = Record(quarter(2), date(2024, 6, 30), complete=True)
    measure = a_measure(1, 2, 3, 4, records=(done,))
    assert signs(measure, date(2024, 12, 31)) == ["overdue", "recorded", "recorded", "recorded"]
    assert state_on(measure, date(2024, 12, 31)) is MeasureState.DONE
    assert status(measure, CALENDAR, date(2024, 12, 31)).days_overdue == 0


def test_completion_on_the_last_day_of_a_checkpoint_closes_it() -> None:
    """The last day is still on time; the day after is not."""
    ahead = a_measure(1, 2, records=(Record(quarter(1), date(2024, 6, 30), complete=True),))
    assert signs(ahead, date(2024, 12, 31)) == ["recorded_late", "recorded"]
    behind = a_measure(1, 2, records=(Record(quarter(1), date(2024, 7, 1), complete=True),))
    assert signs(behind, date(2024, 12, 31)) == ["recorded_late", "overdue"]


def test_done_late_is_measured_against_the_term() -> None:
    """A day after the term's last day is late."""
    late = a_measure(3, records=(Record(quarter(3), Q3_END + DAY, complete=True),))
    assert state_on(late, date(2024, 10, 1)) is MeasureState.DONE_LATE
    intime = a_measure(3, records=(Record(quarter(3), Q3_END, complete=True),))
    assert state_on(intime, date(2024, 10, 1)) is MeasureState.DONE


def test_all_recorded_but_never_completed_is_overdue_after_the_term() -> None:
    """Its term has ended and no record completes it."""
    measure = a_measure(3, records=(Record(quarter(3), Q3_END),))
    assert state_on(measure, Q3_END) is MeasureState.IN_PROGRESS
    after = status(measure, CALENDAR, Q3_END + DAY)
    assert after.state is MeasureState.OVERDUE
    assert after.days_overdue == 1
    assert not after.overdue_checkpoints


def test_postponing_moves_the_checkpoint_from_its_date_on() -> None:
    """As of an earlier date the old term counts."""
    moved = Postponement(date(2024, 4, 10), Term("3 квартал 2024", (quarter(3),)), "нет поставки")
    measure = a_measure(1, postponements=(moved,))
    assert state_on(measure, date(2024, 4, 9)) is MeasureState.OVERDUE
    assert state_on(measure, date(2024, 4, 10)) is MeasureState.PLANNED
    assert status(measure, CALENDAR, date(2024, 4, 10)).postponed == 1
    assert state_on(measure, date(2024, 10, 1)) is MeasureState.OVERDUE
    assert measure.term.quarters == (quarter(1),)


def test_cancelling_closes_what_is_open() -> None:
    """From its date on; what was recorded stays recorded."""
    measure = a_measure(
        1,
        2,
        3,
        records=(Record(quarter(1), Q1_END),),
        cancelled=Cancellation(date(2024, 7, 5), "приказ"),
    )
    assert state_on(measure, date(2024, 7, 4)) is MeasureState.OVERDUE
    assert state_on(measure, date(2024, 7, 5)) is MeasureState.CANCELLED
    assert signs(measure, date(2024, 7, 5)) == ["recorded", "cancelled", "cancelled"]


def test_an_open_term_is_never_overdue_by_itself() -> None:
    """«Постоянно» names no date."""
    measure = a_measure(term=Term("постоянно"))
    assert state_on(measure, date(2026, 1, 1)) is MeasureState.PLANNED
    assert signs(measure, date(2026, 1, 1)) == []


def test_discipline_has_three_kinds_of_answer() -> None:
    """A percentage, 100 while nothing is due, none without measures."""
    kept = a_measure(1, records=(Record(quarter(1), Q1_END, complete=True),), name="1.1.1")
    missed = a_measure(1, 2, name="1.1.2")
    found = [status(one, CALENDAR, Q1_END + DAY) for one in (kept, missed)]
    assert discipline(found) == pytest.approx(50)
    assert discipline(found, quarter=quarter(2)) == pytest.approx(100)
    assert discipline([status(missed, CALENDAR, Q1_END)]) == pytest.approx(100)
    assert discipline([]) is None


def test_progress_counts_measures_and_checkpoints() -> None:
    """For the whole year, and for one quarter."""
    done = a_measure(1, records=(Record(quarter(1), Q1_END, complete=True),), name="1.1.1")
    missed = a_measure(1, 2, name="1.1.2")
    found = [status(one, CALENDAR, Q1_END + DAY) for one in (done, missed)]
    whole = progress(found)
    assert (whole.measures, whole.done) == (2, 1)
    assert (whole.checkpoints, whole.recorded, whole.overdue) == (3, 1, 1)
    second = progress(found, quarter=quarter(2))
    assert (second.measures, second.checkpoints, second.overdue) == (1, 1, 0)


def test_most_urgent_comes_first() -> None:
    """Longest overdue first; what is due is listed separately."""
    plan = a_plan(a_measure(2, 3, name="1.1.1"), a_measure(1, 3, name="1.1.2"))
    day = date(2024, 8, 1)
    assert [one.measure_id for one in overdue(plan, day)] == ["1.1.2", "1.1.1"]
    found = [status(one, CALENDAR, day) for one in plan.measures]
    assert [one.measure_id for one in due_among(found)] == ["1.1.1", "1.1.2"]


def test_days_to_the_end_of_the_quarter() -> None:
    """None outside the plan's year."""
    plan = a_plan()
    assert running_quarter(plan, date(2024, 9, 17)) == (CalendarQuarter(2024, 3), 13)
    assert running_quarter(plan, Q1_END) == (CalendarQuarter(2024, 1), 0)
    assert running_quarter(plan, date(2024, 1, 1)) == (CalendarQuarter(2024, 1), 90)
    assert running_quarter(plan, date(2024, 12, 31)) == (CalendarQuarter(2024, 4), 0)
    assert running_quarter(plan, date(2025, 1, 1)) is None
    assert running_quarter(plan, date(2023, 12, 31)) is None


def test_the_working_calendar_moves_the_end_of_the_quarter() -> None:
    """31.03.2024 is a Sunday: the quarter ends on Monday, or on the Friday before."""
    sunday, monday = Q1_END, date(2024, 4, 1)
    later = replace(a_plan(), calendar=WorkingCalendar(ShiftRule.NEXT))
    assert running_quarter(later, sunday) == (CalendarQuarter(2024, 1), 1)
    assert running_quarter(later, monday) == (CalendarQuarter(2024, 1), 0)
    earlier = replace(a_plan(), calendar=WorkingCalendar(ShiftRule.PREVIOUS))
    assert running_quarter(earlier, date(2024, 3, 28)) == (CalendarQuarter(2024, 1), 1)
    assert running_quarter(earlier, sunday) == (CalendarQuarter(2024, 2), 89)


@given(measures(), records(), DAYS)
def test_a_record_never_makes_anything_more_overdue(
    measure: Measure, record: Record, day: date
) -> None:
    """Neither in the number of checkpoints nor in days."""
    more = replace(measure, records=(*measure.records, record))
    before, after = status(measure, CALENDAR, day), status(more, CALENDAR, day)
    late = {checkpoint.day for checkpoint in before.overdue_checkpoints}
    assert {checkpoint.day for checkpoint in after.overdue_checkpoints} <= late
    assert after.days_overdue <= before.days_overdue


@given(measures(), DAYS)
def test_only_facts_dated_up_to_the_date_count(measure: Measure, day: date) -> None:
    """Removing everything dated later does not change the state."""
    known = replace(
        measure,
        records=tuple(one for one in measure.records if one.date <= day),
        postponements=tuple(one for one in measure.postponements if one.date <= day),
        cancelled=measure.cancelled
        if measure.cancelled and measure.cancelled.date <= day
        else None,
    )
    assert replace(status(known, CALENDAR, day), measure=measure) == status(measure, CALENDAR, day)


@given(measures(), DAYS, DAYS)
def test_what_is_done_stays_done(measure: Measure, one: date, other: date) -> None:
    """The passage of time alone reopens nothing."""
    earlier, later = sorted([one, other])
    assume(status(measure, CALENDAR, earlier).completed_on is not None)
    assert status(measure, CALENDAR, later).state in {MeasureState.DONE, MeasureState.DONE_LATE}


@given(measures(), DAYS)
def test_overdue_has_days_and_nothing_else_has(measure: Measure, day: date) -> None:
    """Days overdue are positive exactly for overdue measures and checkpoints."""
    found = status(measure, CALENDAR, day)
    assert (found.days_overdue > 0) == (found.state is MeasureState.OVERDUE)
    for checkpoint in found.checkpoints:
        late = checkpoint.state is CheckpointState.OVERDUE
        assert (checkpoint.days_overdue > 0) == late


@given(measures(), DAYS)
def test_an_overdue_checkpoint_of_an_open_measure_makes_it_overdue(
    measure: Measure, day: date
) -> None:
    """And the list of the overdue has exactly its overdue checkpoints."""
    found = status(measure, CALENDAR, day)
    if found.overdue_checkpoints and found.state not in CLOSED:
        assert found.state is MeasureState.OVERDUE
    listed = overdue_among([found])
    assert [one.checkpoint for one in listed if one.checkpoint] == sorted(
        found.overdue_checkpoints, key=lambda one: one.due
    )
    unfinished = [one for one in listed if one.checkpoint is None]
    assert len(unfinished) == found.is_unfinished
    assert bool(listed) is (found.state is MeasureState.OVERDUE) or found.state in CLOSED


@given(measures(), DAYS)
def test_discipline_is_a_percentage(measure: Measure, day: date) -> None:
    """From 0 to 100."""
    figure = discipline([status(measure, CALENDAR, day)])
    assert figure is not None
    assert 0 <= figure <= 100


def test_a_term_that_ended_unfinished_counts_as_late() -> None:
    """A record without completion keeps its checkpoint, and the term is overdue by itself."""
    measure = a_measure(3, records=(Record(quarter(3), Q3_END),))
    found = status(measure, CALENDAR, Q3_END + DAY)
    assert found.is_unfinished
    (entry,) = overdue_among([found])
    assert (entry.checkpoint, entry.due, entry.days_overdue) == (None, Q3_END, 1)
    assert discipline([found]) == pytest.approx(50)
    assert progress([found]).overdue == 1
    assert progress([found], quarter=quarter(3)).overdue == 1
    assert progress([found], quarter=quarter(2)).overdue == 0
    # Of two quarters that are recorded, it is the last one that is late.
    both = tuple(Record(quarter(number), date(2024, 6, 1)) for number in (2, 3))
    longer = status(a_measure(2, 3, records=both), CALENDAR, Q3_END + DAY)
    late = [progress([longer], quarter=quarter(number)).overdue for number in (2, 3)]
    assert late == [0, 1]


def test_nothing_is_overdue_before_its_last_day() -> None:
    found = status(a_measure(1), CALENDAR, Q1_END)
    assert found.days_overdue == 0
    assert [(one.due, one.days_overdue) for one in due_among([found])] == [(Q1_END, 0)]


def test_a_record_of_a_day_is_for_no_quarter_that_ends_on_it() -> None:
    records = (Record(None, Q1_END, point=Q1_END),)
    assert signs(a_measure(1, records=records), Q1_END) == ["due"]


def test_a_term_by_dates_has_one_checkpoint() -> None:
    """On its last day; a record of that day's quarter counts, an earlier quarter's does not."""
    term = Term("март - май", (), date(2024, 3, 1), date(2024, 5, 31))
    measure = a_measure(term=term)
    (checkpoint,) = status(measure, CALENDAR, date(2024, 4, 1)).checkpoints
    assert (checkpoint.quarter, checkpoint.point) == (None, date(2024, 5, 31))
    early = replace(measure, records=(Record(quarter(1), date(2024, 3, 20)),))
    assert signs(early, date(2024, 6, 1)) == ["overdue"]
    for record in (
        Record(quarter(2), date(2024, 5, 20)),
        Record(None, date(2024, 5, 20), point=date(2024, 5, 31)),
    ):
        assert signs(replace(measure, records=(record,)), date(2024, 6, 1)) == ["recorded"]


def test_points_are_checked_one_by_one() -> None:
    """Each wants its own record, and is due from the first day of its calendar quarter."""
    points = (date(2024, 2, 5), date(2024, 3, 5), date(2024, 4, 5))
    measure = a_measure(
        term=Term("ежемесячно", points=points),
        records=(Record(None, date(2024, 3, 6), point=points[1]),),
    )
    assert signs(measure, date(2024, 1, 31)) == ["due", "due", "upcoming"]
    assert signs(measure, date(2024, 3, 6)) == ["overdue", "recorded_late", "upcoming"]


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        (ShiftRule.KEEP, date(2024, 3, 31)),
        (ShiftRule.NEXT, date(2024, 4, 2)),
        (ShiftRule.PREVIOUS, date(2024, 3, 30)),
    ],
)
def test_a_last_day_off_moves_by_the_rule(rule: ShiftRule, due: date) -> None:
    """31.03.2024 is a Sunday; here the Monday is off and the Saturday is worked."""
    calendar = WorkingCalendar(rule, frozenset({date(2024, 4, 1)}), frozenset({date(2024, 3, 30)}))
    before, after = (status(a_measure(1), calendar, day) for day in (due, due + DAY))
    assert before.checkpoints[0].state is CheckpointState.DUE
    assert after.checkpoints[0].state is CheckpointState.OVERDUE
    assert (after.due, after.days_overdue) == (due, 1)


@given(measures(), calendars(), DAYS)
def test_the_calendar_moves_nothing_but_last_days(
    measure: Measure, calendar: WorkingCalendar, day: date
) -> None:
    """The checkpoints stay the same ones, and a kept rule changes nothing at all."""
    plain, moved = status(measure, CALENDAR, day), status(measure, calendar, day)
    assert [one.day.printed for one in plain.checkpoints] == [
        one.day.printed for one in moved.checkpoints
    ]
    if calendar.rule is ShiftRule.KEEP:
        assert plain == moved
    else:
        assert all(
            calendar.is_workday(one.due) or one.due == one.day.printed for one in moved.checkpoints
        )
