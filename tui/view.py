"""What is shown of a programme: its states as of a date, and the measures that pass a filter.

No widget, no clock, no input or output.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kvartal.schema.measure import Term
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter, quarter_holding
from kvartal.schema.search import matches, searchable
from kvartal.schema.states import Status, statuses
from kvartal.schema.summaries import (
    OpenCheckpoint,
    Progress,
    due_among,
    overdue_among,
    progress,
    running_quarter,
)
from kvartal.tui.filters import Filter
from kvartal.tui.marks import Marks, checkpoint_key
from kvartal.tui.places import Place, place_title, places

if TYPE_CHECKING:
    from kvartal.schema.gaps import Gap


@dataclass(frozen=True)
class Overview:
    """A whole programme as of a date. Everything is computed on first use."""

    plan: Plan
    as_of: date

    @cached_property
    def statuses(self) -> tuple[Status, ...]:
        """The status of every measure, in printed order."""
        return statuses(self.plan, self.as_of)

    @cached_property
    def by_id(self) -> Mapping[str, Status]:
        """The same by id."""
        return {status.measure.id: status for status in self.statuses}

    @cached_property
    def by_place(self) -> Mapping[Place, tuple[Status, ...]]:
        """The measures of each section, with everything below it, and of each channel."""
        found: dict[Place, list[Status]] = {place: [] for place in places(self.plan)}
        above: dict[tuple[str | None, str | None], list[Place]] = {}
        for status in self.statuses:
            measure = status.measure
            if measure.place not in above:
                over = [Place(section=one.number) for one in self.plan.sections_over(measure)]
                above[measure.place] = [*over, Place(channel=measure.channel)]
            for place in above[measure.place]:
                if place in found:
                    found[place].append(status)
        return {place: tuple(below) for place, below in found.items()}

    @cached_property
    def progress(self) -> Mapping[Place | None, Progress]:
        """How far each section and channel has come; the whole under None."""
        return {place: progress(self.at(place)) for place in (None, *places(self.plan))}

    @cached_property
    def searched(self) -> Mapping[str, str]:
        """The text that a search looks through, of each measure by id."""
        return {one.id: searchable(self.plan, one) for one in self.plan.measures}

    @cached_property
    def is_monthly(self) -> bool:
        """Whether the programme is checked by months rather than by quarters."""
        return is_monthly(self.plan)

    @cached_property
    def has_many_periods(self) -> bool:
        """Whether its periods are not the four quarters of a year, which have keys of their own."""
        return self.plan.year is None or self.is_monthly

    @cached_property
    def has_responsible(self) -> bool:
        """Whether anybody is named as responsible for a measure."""
        return any(measure.responsible for measure in self.plan.measures)

    @cached_property
    def latest_day(self) -> date | None:
        """The last day of any term, postponed ones too; it may lie after the period."""
        return latest_day(self.plan)

    @cached_property
    def gaps(self) -> "tuple[Gap, ...]":
        """Where the evidence is thin, what matters most first."""
        from kvartal.schema.gaps import GapSeverity, gaps

        found = gaps(self.plan, self.as_of)
        return tuple(sorted(found, key=lambda one: one.severity is not GapSeverity.WARNING))

    @property
    def running_quarter(self) -> tuple[CalendarQuarter, int] | None:
        """The quarter that ends next and the days left; None outside the programme's period."""
        return running_quarter(self.plan, self.as_of)

    def at(self, place: Place | None) -> tuple[Status, ...]:
        """Return the measures of a channel, or of a section with everything below it."""
        return self.statuses if place is None else self.by_place.get(place, ())


@dataclass(frozen=True)
class View:
    """What the table shows of an overview.

    Attributes:
        overview: The programme as of a date.
        filter: Which measures of it.
        urgent: Whether the table shows open checkpoints by urgency instead of measures.
    """

    overview: Overview
    filter: Filter = field(default_factory=Filter)
    urgent: bool = False

    @cached_property
    def shown(self) -> tuple[Status, ...]:
        """The measures that the filter leaves, in printed order."""
        return tuple(
            status for status in self.overview.at(self.filter.place) if self._is_left(status)
        )

    @cached_property
    def open_checkpoints(self) -> tuple[OpenCheckpoint, ...]:
        """What is overdue, longest first, then what is due in the quarter now running."""
        found = (*overdue_among(self.shown), *due_among(self.shown))
        period = self.filter.period
        return tuple(one for one in found if period is None or printed_day(one) in period)

    @cached_property
    def gaps(self) -> "tuple[Gap, ...]":
        """Where the evidence of the measures left is thin, as far as it is a warning."""
        from kvartal.schema.gaps import GapSeverity

        left = {status.measure.id for status in self.shown}
        period = self.filter.period
        return tuple(
            gap
            for gap in self.overview.gaps
            if gap.severity is GapSeverity.WARNING
            and gap.measure in left
            and (period is None or (gap.quarter.last if gap.quarter else gap.point) in period)
        )

    def hidden_among(self, marks: Marks) -> int:
        """Return how many marked rows the table does not show."""
        if self.urgent:
            rows = {
                (one.measure_id, checkpoint_key(one.checkpoint.day) if one.checkpoint else None)
                for one in self.open_checkpoints
            }
            rows |= {(gap.measure, gap.quarter or gap.point) for gap in self.gaps}
            whole = {(measure, None) for measure, _checkpoint in rows}
            return len(marks.rows - rows - whole)
        ids = {status.measure.id for status in self.shown}
        return sum(measure not in ids for measure, _checkpoint in marks.rows)

    @property
    def is_empty_place(self) -> bool:
        """Whether nothing at all is planned in the section or channel chosen."""
        return not self.overview.at(self.filter.place)

    @property
    def place_title(self) -> str:
        """Number and title of the section or channel chosen; empty for the whole programme."""
        place = self.filter.place
        return place_title(self.overview.plan, place) if place else ""

    def _is_left(self, status: Status) -> bool:
        chosen = self.filter
        return (
            (chosen.period is None or chosen.period.has(status))
            and (chosen.state is None or status.state is chosen.state)
            and (
                not chosen.responsible
                or any(one.name == chosen.responsible for one in status.measure.responsible)
            )
            and (not chosen.text or matches(self.overview.searched[status.measure.id], chosen.text))
        )


def printed_day(one: OpenCheckpoint) -> date | None:
    """Return the day of what is owed as the term names it: the filters go by that."""
    return one.checkpoint.day.printed if one.checkpoint else one.status.term.last_day


def is_monthly(plan: Plan) -> bool:
    """Return whether a programme is checked by months rather than by quarters.

    It is where a measure is checked several times in one quarter, or where most checkpoints are
    days within a quarter.
    """
    by_quarters = by_days = 0
    for term in _terms(plan):
        days = term.points or ((term.due,) if term.due and not term.quarters else ())
        quarters = [quarter_holding(day) for day in days]
        if len(set(quarters)) < len(quarters):
            return True
        within = sum(day != one.last for day, one in zip(days, quarters, strict=True))
        by_days += within
        by_quarters += len(term.quarters) + len(days) - within
    return by_days > by_quarters


def latest_day(plan: Plan) -> date | None:
    """Return the last day of any term of a programme; None where all are open."""
    return max((term.last_day for term in _terms(plan) if term.last_day), default=None)


def _terms(plan: Plan) -> Iterable[Term]:
    for measure in plan.measures:
        yield measure.term
        yield from (one.to for one in measure.postponements)
