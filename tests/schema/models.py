"""Small programmes for the tests, and strategies that generate random ones."""

from datetime import date, timedelta

from hypothesis import strategies as st

from kvartal.schema.calendar import ShiftRule, WorkingCalendar
from kvartal.schema.measure import Cancellation, Measure, Postponement, Record, Term
from kvartal.schema.model import Plan
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter, first_day, last_day

YEAR = 2024
CALENDAR = WorkingCalendar()
NEW_YEAR = date(YEAR, 1, 1)
# Facts and requested dates may lie before, in and after the plan's year.
DAYS = st.integers(-60, 500).map(lambda days: NEW_YEAR + timedelta(days=days))
QUARTERS = st.integers(1, 4).map(lambda number: CalendarQuarter(YEAR, number))


def quarter(number: int) -> CalendarQuarter:
    """Return a quarter of the plan's year."""
    return CalendarQuarter(YEAR, number)


def a_measure(
    *quarters: int,
    records: tuple[Record, ...] = (),
    postponements: tuple[Postponement, ...] = (),
    cancelled: Cancellation | None = None,
    term: Term | None = None,
    name: str = "1.1.1",
) -> Measure:
    """Return a measure due in these quarters."""
    return Measure(
        id=name,
        channel="1.1",
        number=name,
        proposal="Предложение",
        actions=("Действие",),
        term=term or Term("срок", tuple(map(quarter, quarters))),
        result="Обеспечено",
        records=records,
        postponements=postponements,
        cancelled=cancelled,
    )


def a_plan(*measures: Measure) -> Plan:
    """Return a programme with these measures."""
    return Plan(ProgrammePeriod.of_year(YEAR), "ru", {}, (), measures, YEAR)


def quarter_terms() -> st.SearchStrategy[Term]:
    """Terms of one to four quarters."""
    chosen = st.sets(QUARTERS, min_size=1).map(lambda quarters: tuple(sorted(quarters)))
    return chosen.map(lambda quarters: Term("кварталы", quarters))


@st.composite
def dated_terms(draw: st.DrawFn) -> Term:
    """Terms by dates within the year."""
    days = st.dates(first_day(YEAR, 1), last_day(YEAR, 4))
    start, due = sorted([draw(days), draw(days)])
    return Term("даты", (), draw(st.sampled_from([None, start])), due)


@st.composite
def pointed_terms(draw: st.DrawFn) -> Term:
    """Terms of several points, also beyond the year."""
    days = draw(st.sets(st.dates(first_day(YEAR, 1), last_day(YEAR + 1, 1)), min_size=1))
    return Term("точки", points=tuple(sorted(days)))


def terms() -> st.SearchStrategy[Term]:
    """Terms of every kind."""
    return st.one_of(quarter_terms(), dated_terms(), pointed_terms(), st.just(Term("постоянно")))


def calendars() -> st.SearchStrategy[WorkingCalendar]:
    """Working calendars of every rule, with a few days off and working Saturdays."""
    days = st.frozensets(st.dates(first_day(YEAR, 1), last_day(YEAR, 4)), max_size=5)
    return st.builds(WorkingCalendar, st.sampled_from(ShiftRule), days, days)


def records() -> st.SearchStrategy[Record]:
    """Records of any checkpoint and date."""
    whole = st.builds(Record, quarter=QUARTERS, date=DAYS, complete=st.booleans())
    pointed = st.builds(Record, quarter=st.none(), date=DAYS, point=DAYS, complete=st.booleans())
    return st.one_of(whole, pointed)


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    """Measures with any facts."""
    moved = sorted(draw(st.lists(DAYS, max_size=3)))
    return a_measure(
        term=draw(terms()),
        records=tuple(draw(st.lists(records(), max_size=4))),
        postponements=tuple(Postponement(day, draw(terms()), "причина") for day in moved),
        cancelled=draw(st.one_of(st.none(), DAYS.map(lambda day: Cancellation(day, "причина")))),
    )
