"""What a measure is: its term, its facts and what proves them, as frozen values.

Facts only: what was planned and what happened. States and everything else that follows from the
facts and a date is computed in :mod:`kvartal.schema.states`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kvartal.schema.quarters import CalendarQuarter


class Direction(StrEnum):
    """Which side of the target an indicator must stay on."""

    NOT_LESS = "not_less"
    NOT_MORE = "not_more"
    EQUAL = "equal"


class Period(StrEnum):
    """How often an indicator is measured."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Term:
    """When a measure is to be done: the printed text and its reading.

    Attributes:
        text: The term as printed.
        quarters: The quarters that it names, in order; empty for a term by dates or an open one.
        start: First day, for a term by dates.
        due: Last day, for a term by dates.
        points: The days that it names, each a checkpoint, in order.
    """

    text: str
    quarters: tuple[CalendarQuarter, ...] = ()
    start: dt.date | None = None
    due: dt.date | None = None
    points: tuple[dt.date, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the text names no end, so that nothing is overdue by itself."""
        return not self.quarters and not self.points and self.due is None

    @property
    def first_day(self) -> dt.date | None:
        """The first day; None where the term names only an end."""
        return self.quarters[0].first if self.quarters else self.start

    @property
    def last_day(self) -> dt.date | None:
        """The last day; None for an open term."""
        if self.quarters:
            return self.quarters[-1].last
        return self.points[-1] if self.points else self.due

    def is_same_reading(self, other: "Term") -> bool:
        """Return whether another term means the same days, however it is worded."""
        return replace(self, text=other.text) == other


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
        period: ``2024-07``, ``2024-Q3``, ``2024-H2`` or ``2024``.
        value: In the indicator's unit.
        indicator: Name of the indicator, where the measure has several.
    """

    period: str
    value: float
    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record that something was done: the fact for one checkpoint.

    Attributes:
        quarter: The checkpoint, where it is the end of a quarter.
        date: Date of fact.
        point: The checkpoint, where it is a day.
        complete: Whether this completes the measure as a whole.
        result: Actual result.
        reason: Why it was done, or recorded, late.
        values: Actual values of the measure's indicators.
        evidence: What proves it.
    """

    quarter: CalendarQuarter | None
    date: dt.date
    point: dt.date | None = None
    complete: bool = False
    result: str | None = None
    reason: str | None = None
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
        if self.direction is Direction.EQUAL:
            return value == self.target
        return (
            value >= self.target if self.direction is Direction.NOT_LESS else value <= self.target
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """Money for a measure, planned and spent, in roubles.

    Attributes:
        plan: Planned.
        fact: Spent.
        source: Where it comes from, where the measure has several sources.
        year: For which year, where the measure has money of several.
    """

    plan: float | None = None
    fact: float | None = None
    source: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible for a measure, and as what."""

    name: str
    role: str | None = None

    def __str__(self) -> str:
        """Return the name with the role: «Отдел ОК (соисполнитель)»."""
        return f"{self.name} ({self.role})" if self.role else self.name


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a measure came from: the programme of an earlier period and the id there.

    Attributes:
        plan: Path of the plan file from the root of the repository.
        id: Of the measure in it.
    """

    plan: str
    id: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the programme's table.

    Attributes:
        id: Given once, never changes: ``1.1.3``, ``1.1.3-2`` for a row that continues it.
        number: As printed; may repeat.
        term: The original term; postponements never alter it.
        channel: Number of the channel, where the measure belongs to one.
        section: Number of the section, where the measure stands in it directly.
        proposal: «Предложения»; empty for none.
        actions: Steps of «Мероприятия»; those of ``actions_from`` where the cell is shared.
        result: Expected result, a target written in the past tense, never a fact; empty for none.
        actions_from: Id of the measure whose «Мероприятия» cell this row shares.
        same_work: Ids of measures that are word for word the same work.
        extra: What the organisation adds, by key.
        carried_from: The measure of an earlier programme that this one continues.
    """

    id: str
    number: str
    term: Term
    channel: str | None = None
    section: str | None = None
    proposal: str = ""
    actions: tuple[str, ...] = ()
    result: str = ""
    actions_from: str | None = None
    responsible: tuple[Responsible, ...] = ()
    notes: str | None = None
    budget: tuple[Budget, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    same_work: tuple[str, ...] = ()
    extra: Mapping[str, str | float] = field(default_factory=dict)
    carried_from: Origin | None = None
    postponements: tuple[Postponement, ...] = ()
    records: tuple[Record, ...] = ()
    cancelled: Cancellation | None = None

    @property
    def place(self) -> tuple[str | None, str | None]:
        """The channel or the section that it stands in; neither in a flat programme."""
        return self.channel, self.section

    @property
    def title(self) -> str:
        """The text that names it: its proposal, else its first action."""
        return self.proposal or next(iter(self.actions), "")

    @property
    def responsible_line(self) -> str:
        """Who is responsible, in one line."""
        return "; ".join(map(str, self.responsible))

    def indicator(self, name: str | None) -> Indicator | None:
        """Return the indicator of a value: the one of this name, or the only one."""
        if name is None:
            return self.indicators[0] if len(self.indicators) == 1 else None
        return next((one for one in self.indicators if one.name == name), None)
