"""What is shown of a programme: its states as of a date, and the measures that pass a filter.

No widget, no clock, no input or output.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kvartal.schema.model import Plan
from kvartal.schema.search import matches, searchable
from kvartal.schema.states import MeasureState, Status, statuses
from kvartal.schema.summaries import (
    OpenCheckpoint,
    Progress,
    days_to_quarter_end,
    due_among,
    in_channel,
    in_section,
    overdue_among,
    progress,
)

if TYPE_CHECKING:
    from kvartal.tui.marks import Marks


@dataclass(frozen=True, slots=True)
class Filter:
    """Which measures are shown.

    Attributes:
        place: Number of a section or of a channel; empty for the whole programme.
        quarter: Only what has a checkpoint in this quarter.
        state: Only measures in this state.
        text: Only measures that contain every word of this.
    """

    place: str = ""
    quarter: int | None = None
    state: MeasureState | None = None
    text: str = ""

    def __bool__(self) -> bool:
        """Return whether the filter can hide anything."""
        return bool(self.place or self.quarter or self.state or self.text.strip())


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
    def progress(self) -> Mapping[str, Progress]:
        """How far each section and channel has come, by number; the whole under the empty one."""
        found = {"": progress(self.statuses)}
        for section in self.plan.sections:
            found[section.number] = progress(self.at(section.number))
            for channel in section.channels:
                found[channel.number] = progress(self.at(channel.number))
        return found

    @property
    def days_to_quarter_end(self) -> int | None:
        """Days left in the quarter now running; None outside the plan's year."""
        return days_to_quarter_end(self.plan.year, self.as_of)

    def at(self, place: str) -> tuple[Status, ...]:
        """Return the measures of a section or channel, by its number; all for the empty one."""
        if not place:
            return self.statuses
        if place in self.plan.channels:
            return in_channel(self.statuses, place)
        return in_section(self.plan, self.statuses, place)


@dataclass(frozen=True)
class View:
    """What the table shows of an overview.

    Attributes:
        overview: The programme as of a date.
        filter: Which measures of it.
        urgent: Whether the table shows open checkpoints by urgency instead of measures.
    """

    overview: Overview
    filter: Filter = Filter()
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
        quarter = self.filter.quarter
        return tuple(one for one in found if quarter in {None, one.checkpoint.quarter})

    def hidden_among(self, marks: "Marks") -> int:
        """Return how many marked rows the table does not show."""
        if self.urgent:
            rows = [
                (one.status.measure.id, one.checkpoint.quarter) for one in self.open_checkpoints
            ]
            whole = {(measure, None) for measure, _quarter in rows}
            return len(marks.rows - set(rows) - whole)
        ids = {status.measure.id for status in self.shown}
        return sum(measure not in ids for measure, _quarter in marks.rows)

    @property
    def is_empty_place(self) -> bool:
        """Whether nothing at all is planned in the section or channel chosen."""
        return not self.overview.at(self.filter.place)

    @property
    def place_title(self) -> str:
        """Number and title of the section or channel chosen; empty for the whole programme."""
        number = self.filter.place
        for section in self.overview.plan.sections:
            if section.number == number:
                return f"{number} {section.title}"
        channel = self.overview.plan.channels.get(number)
        return f"{number} {channel.title}" if channel else ""

    def _is_left(self, status: Status) -> bool:
        chosen = self.filter
        return (
            (chosen.quarter is None or status.checkpoint(chosen.quarter) is not None)
            and (chosen.state is None or status.state is chosen.state)
            and (
                not chosen.text
                or matches(searchable(self.overview.plan, status.measure), chosen.text)
            )
        )
