"""A programme as a document tells it: what the table reader gives, before it becomes a change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.schema.changes import Plain
from kvartal.schema.measure import Term
from kvartal.schema.period import ProgrammePeriod


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A section or a channel.

    Attributes:
        number: Its number.
        title: Its title.
        level: How deep it stands, from 0.
        is_channel: Whether it is a channel: the lowest part, below a section.
        under: Number of the section that it stands in; empty at the top.
        place: Where its title stands.
        segment: Whom a channel serves: ``b2b``, ``b2c`` or empty.
    """

    number: str
    title: str
    level: int
    is_channel: bool
    under: str
    place: SourcePlace
    segment: str = ""


@dataclass(frozen=True, slots=True)
class SourceFact:
    """What a document says of the fact: offered as a record, never taken by itself.

    Attributes:
        result: What was done, in words.
        date: When, as printed.
        states: The states that it states, in words: some documents have two columns for them.
        percents: The percentages that it states, as printed.
    """

    result: str = ""
    date: str = ""
    states: tuple[str, ...] = ()
    percents: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether it says anything."""
        return any((self.result, self.date, self.states, self.percents))


@dataclass(frozen=True)
class SourceMeasure:
    """One row of the table.

    Attributes:
        number: As printed.
        part: Number of the section or channel that it stands in; empty in a flat programme.
        in_channel: Whether that is a channel.
        term: Its term, with the reading where its text has one.
        place: Where it stands.
        proposal: «Предложения»; empty for none.
        actions: Its steps.
        shares_actions: Whether they are those of the row above, in one cell.
        has_term: Whether the row says anything of its term.
        result: Expected result; empty for none.
        responsible: Who is responsible, each.
        notes: Notes; empty for none.
        budget: Money, as plain data, one for each year.
        extra: Values of columns that no field fits, by the key of the declared field.
        fact: What it says of the fact.
        mark: The bookmark or hidden id that our own export left; empty for none.
        is_number_given: Whether its number was given to it, since the document has none.
        printed: What the cells of a copy of our own export say, by the field of their column.
    """

    number: str
    part: str
    in_channel: bool
    term: Term
    place: SourcePlace
    proposal: str = ""
    actions: tuple[str, ...] = ()
    shares_actions: bool = False
    has_term: bool = True
    result: str = ""
    responsible: tuple[str, ...] = ()
    notes: str = ""
    budget: tuple[Mapping[str, Plain], ...] = ()
    extra: Mapping[str, Plain] = field(default_factory=dict)
    fact: SourceFact = field(default_factory=SourceFact)
    mark: str = ""
    is_number_given: bool = False
    printed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceProgramme:
    """A programme as a document tells it.

    Attributes:
        period: The days that it is for.
        document: Fields of the document that were found, as plain data.
        parts: Sections and channels in printed order.
        measures: Rows of the table in printed order.
        fields: Declarations of the columns that no field fits.
        columns: What each column was taken for, by its heading.
        remarks: What is to be said, in the order of the document.
        name: Name of the document's file.
        levels: What the document calls its levels, from the top; empty for the usual words.
    """

    period: ProgrammePeriod
    document: Mapping[str, Plain]
    parts: tuple[SourcePart, ...]
    measures: tuple[SourceMeasure, ...]
    fields: tuple[Mapping[str, Plain], ...]
    columns: Mapping[str, str]
    remarks: tuple[Remark, ...]
    name: str = ""
    levels: tuple[str, ...] = ()
