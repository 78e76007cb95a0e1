"""The titles of parts that stand outside the tables of measures: above each, or as sheets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from kvartal.exchange.grid import Paragraph, SourceDocument
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.numbered_titles import numbered_title
from kvartal.exchange.tables.programme_title import is_title
from kvartal.exchange.tables.row_kinds import PartRow
from kvartal.exchange.tables.texts import clean, is_continuation

_LONGEST: Final = 200
_OF_PARTS: Final = frozenset({"section.title", "channel.title"})
_NO_TITLE: Final = re.compile(
    r"(?:таблица|приложение|table|annex|appendix)\b|"
    r"(?:\d{1,2}\.? )?(?:план(?:-график)?|(?:перечень )?мероприяти[яй]|plan|actions|measures)\.?$",
    re.IGNORECASE,
)
"""What says of a table only that it is one."""
_CONTINUES: Final = re.compile(r"\(?(?:продолжение|окончание|continued)\)?\.?", re.IGNORECASE)
"""What stands above the rest of a table, and begins no part."""
_NO_NAME: Final = re.compile(
    r"(?:лист|sheet|таблица|table|план|plan|мероприятия|measures)[ _-]*\d*(?: \(\d+\))?|"
    r"(?:черновик|копия|итоги?|итого|свод(?:ная)?|draft|copy|total)(?: \(\d+\))?|"
    r"(?:\d|[iv]+)[- ]?(?:\w{1,2} )?(?:кв|квартал|полугодие)\.?|[qh][1-4]|(?:0?[1-9]|1[0-2])|"
    r"янв(?:арь)?|фев(?:раль)?|март?|апр(?:ель)?|май|июнь?|июль?|авг(?:уст)?|сен(?:тябрь)?|"
    r"окт(?:ябрь)?|ноя(?:брь)?|дек(?:абрь)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|"
    r"june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r".*(?<!\d)20\d\d(?!\d).*",
    re.IGNORECASE,
)
"""The names of sheets that say nothing of what is on them, or only when it is."""


@dataclass(frozen=True)
class PartTitles:
    """Titles of parts above tables.

    Attributes:
        above: Those that stand above each table, from the top.
        used: The paragraphs that they are, by identity.
    """

    above: tuple[tuple[PartRow, ...], ...] = ()
    used: frozenset[int] = frozenset()

    @property
    def are_numbered(self) -> bool:
        """Whether each has a number of its own."""
        return all(row.number for rows in self.above for row in rows)


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    row: PartRow
    paragraph: Paragraph


@dataclass
class _Pending:
    """The headings that the next table stands under, one a level."""

    headings: list[_Heading] = field(default_factory=list)

    def add(self, heading: _Heading) -> None:
        """Add a heading in place of those that it ends."""
        self.end(heading.level)
        self.headings.append(heading)

    def end(self, level: int) -> None:
        """Drop what a heading of a level ends, which need be no title itself."""
        self.headings = [one for one in self.headings if one.level < level]

    def take(self) -> tuple[_Heading, ...]:
        """Return the headings of a table: the next one stands under new ones."""
        taken, self.headings = tuple(self.headings), []
        return taken


def titles_above(document: SourceDocument, tables: Sequence[SourceTable]) -> PartTitles:
    """Return the headings of a document that are titles of parts, by the tables below them.

    One heading above the only table is that of a chapter; several tables with a heading each are
    the parts of a programme.
    """
    if any(table.printed is not None for table in tables):
        return PartTitles()
    if not document.paragraphs:
        return _sheets(tables)
    found = {id(table.grid): at for at, table in enumerate(tables)}
    above: list[tuple[_Heading, ...]] = [()] * len(tables)
    pending = _Pending()
    for part in document.parts:
        if isinstance(part, Paragraph):
            heading = _heading(part)
            if heading is not None:
                pending.add(heading)
            elif part.outline:
                pending.end(part.outline)
        elif id(part) in found:
            above[found[id(part)]] = pending.take()
    if sum(map(bool, above)) < 2 or not above[0]:  # noqa: PLR2004 - a heading each
        return PartTitles()
    return PartTitles(
        tuple(tuple(heading.row for heading in one) for one in above),
        frozenset(id(heading.paragraph) for one in above for heading in one),
    )


def _heading(paragraph: Paragraph) -> _Heading | None:
    text = clean(paragraph.numbered_text)
    if not text or len(text) > _LONGEST or is_title(text) or _NO_TITLE.match(text):
        return None
    if is_continuation(text) or _CONTINUES.fullmatch(text):
        return None
    number, title, word = numbered_title(text, is_sure=True) or ("", text, "")
    if not (paragraph.outline or word):
        return None
    level = paragraph.outline or 1 + number.count(".")
    style = (float(level), True, True)
    row = PartRow(
        *(number, title, paragraph.place, style, paragraph.bookmarks, word.capitalize()),
        is_outside=True,
    )
    return _Heading(level, row, paragraph)


def _sheets(tables: Sequence[SourceTable]) -> PartTitles:
    """Return the names of sheets as titles of parts, where each of several has a table."""
    names = [table.grid.place.sheet for table in tables]
    if len(set(names)) < 2 or any(not one or _NO_NAME.fullmatch(one) for one in names):  # noqa: PLR2004
        return PartTitles()
    if any(one.field in _OF_PARTS for table in tables for one in table.columns):
        return PartTitles()
    firsts = [True, *(one != other for one, other in pairwise(names))]
    split = [numbered_title(clean(name), is_sure=True) or ("", name, "") for name in names]
    numbers = {number for number, _title, _word in split if "." not in number}
    if len(numbers - {""}) < len(set(names)):
        # Not each has a number of its own, by which it could be known.
        split = [("", name, "") for name in names]
    return PartTitles(
        tuple(
            (_sheet_title(table, *one),) if first else ()
            for one, table, first in zip(split, tables, firsts, strict=True)
        )
    )


def _sheet_title(table: SourceTable, number: str, title: str, word: str) -> PartRow:
    return PartRow(
        *(number, title, table.grid.place, (0.0, True, True)),
        word=word.capitalize(),
        is_outside=True,
    )
