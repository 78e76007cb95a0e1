"""The table reader: from a document to a programme, with a remark on all that is left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from typing import Final

from kvartal.exchange.grid import GridCell, Paragraph, SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE, SourcePlace
from kvartal.exchange.tables.budgets import amount_of, is_of_money, settled, shown_amount
from kvartal.exchange.tables.chapter_fields import chapter_fields
from kvartal.exchange.tables.chapters import document_text
from kvartal.exchange.tables.header import document_fields, header_lines, period_of_title
from kvartal.exchange.tables.headings import NUMBER
from kvartal.exchange.tables.layout import (
    KEPT_AS_EXTRA,
    SECOND,
    SourceColumn,
    SourceTable,
    measure_tables,
)
from kvartal.exchange.tables.measures import MeasureReader, number_text
from kvartal.exchange.tables.money_columns import PLAN, TOTAL, MoneyColumn, money_column, money_unit
from kvartal.exchange.tables.parts import PartsBuilder
from kvartal.exchange.tables.programme import SourceMeasure, SourcePart, SourceProgramme
from kvartal.exchange.tables.rows import MeasureRow, PartRow, Row, TotalRow, rows
from kvartal.exchange.tables.texts import clean, is_unwritable
from kvartal.schema.changes import Plain
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_, KvartalError, Labels
from kvartal.schema.period import ProgrammePeriod

MOST_ROWS: Final = 20_000
"""Of all tables of measures together: twice what the program is measured with."""
_NOT_IN_KEYS: Final = re.compile(r"[^A-Za-zА-Яа-яЁё0-9]+")
_LONGEST_KEY: Final = 60
_LAST_NUMBER: Final = re.compile(r"(.*?)(\d+)")


class NoMeasureTable(KvartalError):
    """No table of the document has the headings of a table of measures."""

    template = N_(
        "В файле «{name}» не найдена таблица мероприятий: нужны столбцы вроде «Мероприятия», "
        "«Срок», «Ответственный». Скажите, что в каком столбце: --map."
    )


class YearUnknown(KvartalError):
    """Neither the document nor the user says what year the programme is for."""

    template = N_("В файле «{name}» не сказано, на какой год программа. Укажите: --year.")


class TooManyMeasures(KvartalError):
    """A document has more measures than one programme ever holds."""

    template = N_(
        "В файле «{name}» мероприятий больше {limit}: это не программа мероприятий одного года. "
        "Разделите его на части."
    )


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a user says of a document.

    Attributes:
        period: The days that the programme is for; None where the document says.
        columns: The field of a column, by its heading.
        fallback: The days to take, with a remark, where neither he nor the document says.
        document: Fields of the document in place of what it says itself.
    """

    period: ProgrammePeriod | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    fallback: ProgrammePeriod | None = None
    document: Mapping[str, Plain] = field(default_factory=dict)


def read_programme(document: SourceDocument, options: ReadingOptions) -> SourceProgramme:
    """Return the programme that a document holds.

    Args:
        document: As read.
        options: What a user says of it.

    Raises:
        NoMeasureTable: There is no table of measures.
        TooManyMeasures: There are more of them than a programme holds.
        YearUnknown: The year is not said anywhere.
    """
    tables, remarks = measure_tables(document, options.columns)
    if not tables:
        raise NoMeasureTable(name=document.name)
    if sum(table.grid.rows - table.first_row for table in tables) > MOST_ROWS:
        raise TooManyMeasures(name=document.name, limit=MOST_ROWS)
    lines = (*header_lines(document, tables[0]), *map(clean, document.headers))
    fields = {**document_fields(lines), **options.document}
    stated = options.period or _period(fields, lines)
    period = stated or options.fallback
    if period is None:
        raise YearUnknown(name=document.name)
    builder = _Builder(tables, MeasureReader(period, _keys(tables), _money(tables)))
    builder.build()
    parts = builder.parts.finished()
    text = document_text(document, tables, fields)
    chapters = chapter_fields(text, tables, builder.reader.keys)
    read = {grid.place for grid in text.read}
    remarks = tuple(one for one in remarks if one.place not in read)
    channels = {part.number for part in parts if part.is_channel}
    return SourceProgramme(
        period=period,
        document={**fields, **chapters},
        parts=parts,
        measures=tuple(replace(one, in_channel=one.part in channels) for one in builder.measures),
        fields=tuple(
            {"key": key, "title": heading, "type": "text"}
            for heading, key in builder.reader.keys.items()
        ),
        columns=_column_map(tables),
        remarks=(
            *document.remarks,
            *remarks,
            *([] if stated else [_year_assumed(period)]),
            *_of_document(fields),
            *text.remarks,
            *_of_shape(tables, parts),
            *builder.parts.remarks,
            *builder.reader.remarks,
            *_footnotes(document),
            *_unwritable(document),
        ),
        name=document.name,
        levels=builder.parts.level_names(),
    )


@dataclass
class _Builder:
    """Goes through the rows of all tables in order."""

    tables: Sequence[SourceTable]
    reader: MeasureReader
    parts: PartsBuilder = field(default_factory=PartsBuilder)
    measures: list[SourceMeasure] = field(default_factory=list)
    _is_in_total: bool = False

    def build(self) -> None:
        every = [row for table in self.tables for row in rows(table)]
        last = max((at for at, row in enumerate(every) if _is_content(row)), default=len(every))
        for index, row in enumerate(every):
            if not isinstance(row, MeasureRow) or not is_of_money(row):
                self._settle()
            elif self._adds_money(row):
                continue
            if isinstance(row, Remark):
                self.reader.remarks.append(row)
            elif isinstance(row, TotalRow):
                self._total(row)
            elif isinstance(row, PartRow) and (index > last or row.title.startswith("*")):
                self._leave(row)
            elif isinstance(row, PartRow):
                self.parts.open_row(row, _first_number(every[index + 1 :]))
            else:
                self._measure(row)
            self._is_in_total = isinstance(row, TotalRow)
        self._settle()

    def _adds_money(self, row: MeasureRow) -> bool:
        """Add the money of a row that has nothing else to what stands above it."""
        if self._is_in_total:
            shown = " | ".join(filter(None, (row.text(name) for name in row.cells)))
            template = N_("Итоговая строка «{text}»: пропущена.")
            self.reader.remarks.append(
                Remark("total-skipped", row.place, template, {"text": shown})
            )
            return True
        above = self._above(self.parts.current)
        if above is None:
            return False
        budget = (*above.budget, *self.reader.budget(row))
        self.measures[-1] = replace(above, budget=budget)
        return True

    def _settle(self) -> None:
        """Compare and drop what only sums up the sources of the last measure."""
        if self.measures:
            self.measures[-1], remarks = settled(self.measures[-1])
            self.reader.remarks += remarks

    def _leave(self, row: PartRow) -> None:
        """Name a text below the last measure: it has no number and begins no part."""
        template = N_("Текст «{text}» стоит под мероприятиями: не взят.")
        self.reader.remarks.append(
            Remark("text-left-out", row.place, template, {"text": row.title})
        )

    def _total(self, row: TotalRow) -> None:
        """Compare a total with the sums: of all measures so far, and of those in the open parts."""
        template = N_("Итоговая строка «{text}»: пропущена.")
        self.reader.remarks.append(Remark("total-skipped", row.place, template, {"text": row.text}))
        for name, cell in row.cells.items():
            amount = amount_of(cell, self.reader.money.get(name, 1))
            column = money_column(name)
            if amount is None or column is None:
                continue
            whole = self._sum(column, "")
            if amount not in {whole, *(self._sum(column, one) for one in self.parts.open_numbers)}:
                template = N_("Итог {total}, а сумма по мероприятиям {sum}: проверьте.")
                fields = {"total": shown_amount(amount), "sum": shown_amount(whole)}
                self.reader.remarks.append(Remark("total-differs", cell.place, template, fields))

    def _sum(self, column: MoneyColumn, part: str) -> Decimal:
        kind = "plan" if column.field == TOTAL else column.kind
        is_every_year = column.field == TOTAL and not column.year
        return sum(
            (
                Decimal(str(one.get(kind, 0)))
                for measure in self.measures
                if not part or measure.part == part or measure.part.startswith(f"{part}.")
                for one in measure.budget
                if is_every_year or str(one.get("year", "")) == column.year
                if not column.source or one.get("source") == column.source
            ),
            Decimal(0),
        )

    def _measure(self, row: MeasureRow) -> None:
        self._open_named(row)
        if not row.is_from_above(NUMBER):
            self.parts.close_for(number_text(row.text(NUMBER)))
        part = self.parts.current
        above = self._above(part)
        if above is not None:
            added = self.reader.is_step_of(row, above)
            if added:
                self.measures[-1] = replace(above, actions=(*above.actions, *added))
                return
        measure = self.reader.read(row, above, part)
        if measure is None:
            return
        self.parts.measure_follows(measure.number)
        if not measure.number:
            measure = replace(measure, number=self._free_number(part), is_number_given=True)
            template = N_("Номера нет: присвоен {number}.")
            fields = {"number": measure.number}
            self.reader.remarks.append(Remark("number-given", row.place, template, fields))
        self._check_number(measure, above)
        self.measures.append(measure)

    def _above(self, part: SourcePart | None) -> SourceMeasure | None:
        last = self.measures[-1] if self.measures else None
        number = part.number if part else ""
        return last if last is not None and last.part == number else None

    def _open_named(self, row: MeasureRow) -> None:
        titles = [row.text(name) for name in ("section.title", "channel.title")]
        if not any(name in row.cells for name in ("section.title", "channel.title")):
            return
        named = [title for title in titles if title]
        steps = number_text(row.text(NUMBER)).split(".")
        given = [row.text(name) for name in ("section.number", "channel.number")]
        hinted = [
            given[level] or (".".join(steps[: level + 1]) if len(steps) > level + 1 else "")
            for level in range(len(named))
        ]
        self.parts.open_named(named, hinted, row.place)

    def _free_number(self, part: SourcePart | None) -> str:
        count = sum(one.part == (part.number if part else "") for one in self.measures) + 1
        return f"{part.number}.{count}" if part else str(count)

    def _check_number(self, measure: SourceMeasure, above: SourceMeasure | None) -> None:
        if above is None or above.number == measure.number:
            return
        here, there = _LAST_NUMBER.fullmatch(measure.number), _LAST_NUMBER.fullmatch(above.number)
        if here is None or there is None or here[1] != there[1]:
            return
        if int(here[2]) != int(there[2]) + 1:
            template = N_("Номер {number} после {before}: пропуск в нумерации.")
            fields = {"number": measure.number, "before": above.number}
            self.reader.remarks.append(Remark("number-gap", measure.place, template, fields))


def _is_content(row: Row) -> bool:
    """Return whether a row shows that the table goes on: a measure, a dash, or a numbered title."""
    is_part = isinstance(row, PartRow) and bool(row.number)
    is_empty = isinstance(row, Remark) and row.code == "empty-mark"
    return is_part or is_empty or isinstance(row, MeasureRow)


def _first_number(following: Sequence[Row]) -> str:
    for row in following:
        if isinstance(row, MeasureRow):
            return number_text(row.text(NUMBER))
    return ""


def _period(fields: Mapping[str, Plain], lines: Sequence[str]) -> ProgrammePeriod | None:
    for text in (str(fields.get("title", "")), *lines):
        found = period_of_title(text)
        if found is not None:
            return found
    return None


def _keys(tables: Sequence[SourceTable]) -> dict[str, str]:
    """Return the key of each column that no field fits, by its heading."""
    keys: dict[str, str] = {}
    own = {*key_order(("measures", 0))}
    for heading in _unknown_headings(tables):
        slug = _NOT_IN_KEYS.sub("-", heading.casefold())[:_LONGEST_KEY].strip("-")
        slug = slug if slug[:1].isalpha() else f"поле-{slug}".strip("-")
        key, count = slug, 2
        while key in own or key in keys.values():
            key, count = f"{slug}-{count}", count + 1
        keys[heading] = key
    return keys


def _unknown_headings(tables: Sequence[SourceTable]) -> dict[str, None]:
    columns: list[SourceColumn] = [column for table in tables for column in table.columns]
    return dict.fromkeys(
        one.heading for one in columns if one.heading and one.field in {"", *KEPT_AS_EXTRA}
    )


def _money(tables: Sequence[SourceTable]) -> dict[str, int]:
    columns = [column for table in tables for column in table.columns]
    return {
        one.field: money_unit(one.heading) for one in columns if money_column(one.field) is not None
    }


def _column_map(tables: Sequence[SourceTable]) -> dict[str, str]:
    keys = _keys(tables)
    columns = [column for table in tables for column in table.columns if column.heading]
    return {one.heading: _named(one) or f"extra.{keys[one.heading]}" for one in reversed(columns)}


def _named(column: SourceColumn) -> str:
    """Return the field of a column as a user names it: the heading tells year and source."""
    money = money_column(column.field)
    if column.field.endswith(SECOND):
        return column.field.removesuffix(SECOND)
    return column.field if money is None else PLAN if money.field == TOTAL else money.field


def _footnotes(document: SourceDocument) -> list[Remark]:
    template = N_("Сноска «{text}» не взята.")
    return [
        Remark("footnote", SourcePlace(note=one.mark or "?"), template, {"text": clean(one.text)})
        for one in document.footnotes
        if clean(one.text)
    ]


def _unwritable(document: SourceDocument) -> Iterator[Remark]:
    """Name the texts that lose characters which no plan can hold."""
    cells = (cell for grid in document.walk() if not grid.hidden for cell in grid.cells)
    texts: Iterator[Paragraph | GridCell] = chain(document.paragraphs, cells)
    template = N_("В тексте «{text}» есть управляющие символы: они не взяты.")
    for one in texts:
        if is_unwritable(one.text):
            yield Remark("characters-dropped", one.place, template, {"text": clean(one.text)})


def _year_assumed(period: ProgrammePeriod) -> Remark:
    template = N_("Года в документе нет: сроки прочитаны на {years}. Иной год: --year.")
    first, last = period.start.year, period.due.year
    years = str(first) if first == last else f"{first}-{last}"
    return Remark("year-unknown", NO_PLACE, template, {"years": years})


def _of_shape(tables: Sequence[SourceTable], parts: Sequence[SourcePart]) -> list[Remark]:
    found = []
    if all(one.field != "proposal" for table in tables for one in table.columns):
        template = N_("Столбца «Предложения» нет: у мероприятий только действия.")
        found.append(Remark("no-proposals", tables[0].grid.place, template))
    if not parts:
        template = N_("Разделов в таблице нет: мероприятия стоят без них.")
        found.append(Remark("no-sections", tables[0].grid.place, template))
    return found


def _of_document(fields: Mapping[str, Plain]) -> list[Remark]:
    missing = [name for name in ("organization", "title") if name not in fields]
    template = N_("В документе не найдено: {names}. Укажите: --organization, --title.")
    labels = {"organization": N_("организация"), "title": N_("название")}
    names = Labels(tuple(("", labels[name]) for name in missing))
    return [Remark("document-unknown", NO_PLACE, template, {"names": names})] if missing else []
