"""What a programme is: frozen values, named in the terms of the domain.

The model holds facts only: what was planned and what happened. States, percentages and everything
else that follows from the facts and a date is computed in :mod:`kvartal.schema.states`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from kvartal.schema.changes import Plain, UnknownMeasure


class Segment(StrEnum):
    """Whom a channel serves. Its title does not show it reliably: В2В is often Cyrillic."""

    B2B = "b2b"
    B2C = "b2c"


class Direction(StrEnum):
    """Which side of the target an indicator must stay on."""

    NOT_LESS = "not_less"
    NOT_MORE = "not_more"


class Period(StrEnum):
    """How often an indicator is measured."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Term:
    """When a measure is to be done: the printed text and its reading.

    Attributes:
        text: The term as printed.
        quarters: Quarters of the plan's year, in order; empty for a term by dates or an open one.
        start: First day, for a term by dates.
        due: Last day, for a term by dates.
    """

    text: str
    quarters: tuple[int, ...] = ()
    start: dt.date | None = None
    due: dt.date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the text names no date, so that nothing is overdue by itself."""
        return not self.quarters and self.due is None


@dataclass(frozen=True, slots=True)
class Document:
    """A document given as evidence: title, number and date as printed on it."""

    title: str
    number: str | None = None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file given as evidence.

    Attributes:
        path: Relative to the folder of the plan, under ``evidence/``, separated by ``/``.
        size: In bytes.
        sha256: Of the content, 64 hexadecimal digits.
        original_name: What it was called before it got a name that every system can hold; None
            where that is the same.
    """

    path: str
    size: int
    sha256: str
    original_name: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves a record."""

    documents: tuple[Document, ...] = ()
    files: tuple[EvidenceFile, ...] = ()
    links: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is any evidence."""
        return bool(self.documents or self.files or self.links)


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """An actual value of an indicator.

    Attributes:
        period: ``2024-07``, ``2024-Q3`` or ``2024``.
        value: In the indicator's unit.
    """

    period: str
    value: float


@dataclass(frozen=True, slots=True)
class Record:
    """A record that something was done: the fact for one checkpoint.

    Attributes:
        quarter: The checkpoint, 1 to 4.
        date: Date of fact.
        complete: Whether this completes the measure as a whole.
        result: Actual result.
        values: Actual values of the measure's indicator.
        evidence: What proves it.
    """

    quarter: int
    date: dt.date
    complete: bool = False
    result: str | None = None
    values: tuple[IndicatorValue, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True, slots=True)
class Postponement:
    """A change of term, with its reason. In force from its date."""

    date: dt.date
    to: Term
    reason: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The removal of a measure from the plan («снято с плана»), from this date on."""

    date: dt.date
    reason: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that a measure must reach. Whether it is met is computed from actual values."""

    name: str
    unit: str
    direction: Direction
    target: float
    period: Period

    def is_met(self, value: float) -> bool:
        """Return whether an actual value is on the right side of the target."""
        if self.direction is Direction.NOT_LESS:
            return value >= self.target
        return value <= self.target


@dataclass(frozen=True, slots=True)
class Budget:
    """Money for a measure, planned and spent, in roubles."""

    plan: float | None = None
    fact: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the programme's table.

    Attributes:
        id: Given once, never changes: ``1.1.3``, ``1.1.3-2`` for a row that continues it.
        channel: Number of the channel.
        number: As printed; may repeat.
        proposal: «Предложения».
        actions: Steps of «Мероприятия»; those of ``actions_from`` where the cell is shared.
        actions_from: Id of the measure whose «Мероприятия» cell this row shares.
        term: The original term; postponements never alter it.
        result: Expected result: a target written in the past tense, never a fact.
        same_work: Ids of measures that are word for word the same work.
    """

    id: str
    channel: str
    number: str
    proposal: str
    actions: tuple[str, ...]
    term: Term
    result: str
    actions_from: str | None = None
    responsible: str | None = None
    notes: str | None = None
    budget: Budget | None = None
    indicator: Indicator | None = None
    same_work: tuple[str, ...] = ()
    postponements: tuple[Postponement, ...] = ()
    records: tuple[Record, ...] = ()
    cancelled: Cancellation | None = None

    @property
    def is_continuation(self) -> bool:
        """Whether the row continues the one above it, so that no number is printed."""
        return self.id != self.number


@dataclass(frozen=True, slots=True)
class Channel:
    """A service channel: a subsection of the table."""

    number: str
    title: str
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the table."""

    number: str
    title: str
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """What the programme requires of its history.

    Attributes:
        backdating_days: By how many days a date of fact may be earlier than its commit.
        signatures: Whether every commit has to be signed once this is set.
    """

    backdating_days: int = 31
    signatures: bool = False


@dataclass(frozen=True)
class Plan:
    """A whole programme for one year.

    Attributes:
        year: The calendar year of the programme.
        language: Language of the plan and of its commit messages: ``ru`` or ``en``.
        document: Everything in the document except the table, as plain data.
        sections: Sections with their channels, empty channels too.
        measures: Rows of the table in printed order.
        audit: What is required of the history.
    """

    year: int
    language: str
    document: Mapping[str, Plain]
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    audit: Audit = field(default_factory=Audit)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Channels by number, in order."""
        return {channel.number: channel for part in self.sections for channel in part.channels}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """Sections by the number of a channel."""
        return {channel.number: part for part in self.sections for channel in part.channels}

    @cached_property
    def by_id(self) -> Mapping[str, Measure]:
        """Measures by id, in printed order."""
        return {measure.id: measure for measure in self.measures}

    def measure(self, measure_id: str) -> Measure:
        """Return a measure.

        Raises:
            UnknownMeasure: No measure has this id.
        """
        try:
            return self.by_id[measure_id]
        except KeyError:
            raise UnknownMeasure(measure=measure_id) from None

    def header(self, name: str) -> str:
        """Return a text of the document by its key, such as ``title``; empty if absent."""
        value = self.document.get(name)
        return value if isinstance(value, str) else ""
