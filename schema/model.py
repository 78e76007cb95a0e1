"""What a programme is: its sections and channels, its measures, its own fields and calendar.

Frozen values, named in the terms of the domain; those of one measure are in
:mod:`kvartal.schema.measure`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from kvartal.schema.calendar import WorkingCalendar
from kvartal.schema.changes import Plain, UnknownMeasure
from kvartal.schema.measure import Measure
from kvartal.schema.period import ProgrammePeriod


class Segment(StrEnum):
    """Whom a channel serves. Its title does not show it reliably: В2В is often Cyrillic."""

    B2B = "b2b"
    B2C = "b2c"


class FieldType(StrEnum):
    """What the values of a field that an organisation adds are."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Channel:
    """A service channel: the lowest part of the table where a programme has channels."""

    number: str
    title: str
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the table, with its channels and the sections below it."""

    number: str
    title: str
    channels: tuple[Channel, ...] = ()
    sections: tuple["Section", ...] = ()

    def walk(self) -> Iterator["Section"]:
        """Yield it and every section below it, in printed order."""
        yield self
        for below in self.sections:
            yield from below.walk()


@dataclass(frozen=True, slots=True)
class ExtraField:
    """A field that an organisation adds to its measures.

    Attributes:
        key: Under which ``extra`` holds its value.
        title: What people call it.
        type: What its values are.
        choices: The possible values of a choice.
    """

    key: str
    title: str
    type: FieldType
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """What the programme requires of its history.

    Attributes:
        backdating_days: By how many days a date of fact may be earlier than its commit.
        signatures: Whether every commit has to be signed once this is set.
        evidence: How severe each kind of thin evidence is, by its code, where the programme says.
    """

    backdating_days: int = 31
    signatures: bool = False
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A whole programme.

    Attributes:
        period: The days that it is for.
        language: Language of the plan and of its commit messages: ``ru`` or ``en``.
        document: Everything in the document except the table, as plain data.
        sections: Sections with their channels, empty channels too.
        measures: Rows of the table in printed order.
        year: The calendar year that it is for; None where it is for another period.
        levels: What the organisation calls the levels of its table, from the top; may be fewer.
        fields: The fields that the organisation adds to its measures.
        calendar: Its working days, and what becomes of a last day that is none.
        audit: What is required of the history.
    """

    period: ProgrammePeriod
    language: str
    document: Mapping[str, Plain]
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    year: int | None = None
    levels: tuple[str, ...] = ()
    fields: tuple[ExtraField, ...] = ()
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    audit: Audit = field(default_factory=Audit)

    @property
    def years_text(self) -> str:
        """The years that it is for, as its file and the folder of its evidence are called."""
        return self.period.years_text

    @cached_property
    def all_sections(self) -> Mapping[str, Section]:
        """Sections of every depth by number, in printed order."""
        return {one.number: one for one in self._walk()}

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Channels by number, in printed order."""
        return {one.number: one for part in self._walk() for one in part.channels}

    @cached_property
    def section_of_channel(self) -> Mapping[str, Section]:
        """The section that a channel stands in, by the channel's number."""
        return {one.number: part for part in self._walk() for one in part.channels}

    @cached_property
    def section_above(self) -> Mapping[str, Section]:
        """The section that another one stands in, by the number of the lower one."""
        return {low.number: part for part in self._walk() for low in part.sections}

    def _walk(self) -> Iterator[Section]:
        for top in self.sections:
            yield from top.walk()

    @cached_property
    def continuing(self) -> frozenset[str]:
        """Ids of the rows that continue the one above them, so that no number is printed."""
        return frozenset(
            row.id
            for above, row in pairwise(self.measures)
            if (above.number, above.place) == (row.number, row.place)
        )

    def section_of(self, measure: Measure) -> Section | None:
        """Return the section nearest above a measure; None in a flat programme."""
        if measure.channel is not None:
            return self.section_of_channel.get(measure.channel)
        return self.all_sections.get(measure.section or "")

    def sections_over(self, measure: Measure) -> tuple[Section, ...]:
        """Return the sections that a measure stands in, from the top."""
        found: list[Section] = []
        section = self.section_of(measure)
        while section is not None:
            found.insert(0, section)
            section = self.section_above.get(section.number)
        return tuple(found)

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
