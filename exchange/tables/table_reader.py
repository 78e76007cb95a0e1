"""The table reader: from a document to a programme, with a remark on all that is left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Final

from kvartal.exchange.child_process import Stopped, check_stopped, never
from kvartal.exchange.grid import GridCell, Paragraph, SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE, SourcePlace
from kvartal.exchange.tables.chapter_fields import chapter_fields
from kvartal.exchange.tables.chapters import document_text
from kvartal.exchange.tables.columns import SECOND, SourceColumn
from kvartal.exchange.tables.corrected_text import in_force
from kvartal.exchange.tables.header import document_fields, header_lines
from kvartal.exchange.tables.layout import KEPT_AS_EXTRA, SourceTable, measure_tables
from kvartal.exchange.tables.measures import MeasureReader
from kvartal.exchange.tables.money_columns import money_column, money_unit
from kvartal.exchange.tables.printed_table import PrintedTable
from kvartal.exchange.tables.programme import SourcePart, SourceProgramme
from kvartal.exchange.tables.programme_builder import ProgrammeBuilder
from kvartal.exchange.tables.programme_title import period_of_title
from kvartal.exchange.tables.stacked_tables import with_tables_apart
from kvartal.exchange.tables.table_headings import titles_above
from kvartal.exchange.tables.table_periods import chosen_period, of_period, titled, year_of_terms
from kvartal.exchange.tables.texts import clean, is_unwritable
from kvartal.exchange.tables.typed_footnotes import with_typed_footnotes
from kvartal.schema.changes import Plain
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_, KvartalError, Labels
from kvartal.schema.period import ProgrammePeriod

MOST_ROWS: Final = 20_000
"""Of all tables of measures together: twice what the program is measured with."""
DOCUMENT_UNKNOWN: Final = "document-unknown"
"""The remark that a document does not say whose it is, or what it is called."""
_NOT_IN_KEYS: Final = re.compile(r"[^A-Za-zА-Яа-яЁё0-9]+")
_LOST: Final = "\N{REPLACEMENT CHARACTER}"
_LONGEST_KEY: Final = 60


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
        printed: How our own export prints the programme that the document goes into.
        stopped: Asked at every row; reading ends as soon as it answers yes.
    """

    period: ProgrammePeriod | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    fallback: ProgrammePeriod | None = None
    document: Mapping[str, Plain] = field(default_factory=dict)
    printed: PrintedTable | None = None
    stopped: Stopped = never


def read_programme(document: SourceDocument, options: ReadingOptions) -> SourceProgramme:
    """Return the programme that a document holds.

    Args:
        document: As read.
        options: What a user says of it.

    Raises:
        NoMeasureTable: There is no table of measures.
        TooManyMeasures: There are more of them than a programme holds.
        YearUnknown: The year is not said anywhere.
        DocumentReadingStopped: The user does not want it any longer.
    """
    check = partial(check_stopped, options.stopped, document.name)
    check()
    document = with_tables_apart(with_typed_footnotes(in_force(document)), options.columns)
    tables, remarks = measure_tables(document, options.columns, options.printed)
    if not tables:
        raise NoMeasureTable(name=document.name)
    if sum(table.grid.rows - table.first_row for table in tables) > MOST_ROWS:
        raise TooManyMeasures(name=document.name, limit=MOST_ROWS)
    tables = titled(document, tables)
    lines = _lines_above(document, tables)
    fields = {**document_fields(lines), **options.document}
    stated = options.period or chosen_period(tables, _period(fields, lines), options.fallback)
    of_terms = None if stated or options.fallback else year_of_terms(tables)
    period = stated or of_terms or options.fallback
    if period is None:
        raise YearUnknown(name=document.name)
    tables, of_other_years = of_period(tables, period)
    if of_other_years:
        fields = {**document_fields(_lines_above(document, tables), period), **options.document}
    reader = MeasureReader(period, _keys(tables), _money(tables))
    builder = ProgrammeBuilder(tables, reader, titles_above(document, tables))
    builder.build(check)
    parts = builder.parts.finished()
    text = document_text(document, tables, fields, builder.titles.used)
    chapters = chapter_fields(text, tables, builder.reader.keys)
    read = {grid.place for grid in text.read}
    is_copy = all(table.printed is not None for table in tables)
    remarks = tuple(one for one in remarks if one.place not in read)
    channels = {part.number for part in parts if part.is_channel}
    return SourceProgramme(
        period=period,
        document={**fields, **chapters},
        parts=parts,
        measures=tuple(replace(one, in_channel=one.part in channels) for one in builder.measures),
        fields=_fields(tables, builder),
        columns=_column_map(tables),
        remarks=(
            *document.remarks,
            *remarks,
            *([] if stated or is_copy else [_year_taken(period, is_of_terms=of_terms is not None)]),
            *_of_document(fields),
            *text.remarks,
            *of_other_years,
            *_of_shape(tables, parts),
            *builder.parts.remarks,
            *builder.reader.remarks,
            *_footnotes(document),
            *_unwritable(document),
        ),
        name=document.name,
        levels=builder.parts.level_names(),
    )


def _lines_above(document: SourceDocument, tables: Sequence[SourceTable]) -> tuple[str, ...]:
    return (*header_lines(document, tables[0]), *map(clean, document.headers))


def _fields(
    tables: Sequence[SourceTable], builder: ProgrammeBuilder
) -> tuple[Mapping[str, Plain], ...]:
    """Return the declarations of the columns that no field fits.

    In a copy of our own export an unknown column is printed empty: it is one only if it is filled.
    """
    filled = {key for measure in builder.measures for key in measure.extra}
    is_copy = all(table.printed is not None for table in tables)
    return tuple(
        {"key": key, "title": heading, "type": "text"}
        for heading, key in builder.reader.keys.items()
        if key in filled or not is_copy
    )


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
    return dict.fromkeys(
        one.heading
        for table in tables
        for one in table.columns
        if one.heading and one.field in ({""} if table.printed else {"", *KEPT_AS_EXTRA})
    )


def _money(tables: Sequence[SourceTable]) -> dict[str, int]:
    # Our own export prints amounts as they are, whatever unit a heading names.
    return {
        one.field: 1 if table.printed else money_unit(one.whole)
        for table in tables
        for one in table.columns
        if money_column(one.field) is not None
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
    return column.field if money is None else money.single.field


def _footnotes(document: SourceDocument) -> list[Remark]:
    template = N_("Сноска «{text}» не взята.")
    return [
        Remark("footnote", SourcePlace(note=one.mark or "?"), template, {"text": clean(one.text)})
        for one in document.footnotes
        if clean(one.text)
    ]


def _unwritable(document: SourceDocument) -> Iterator[Remark]:
    """Name the texts that lose characters which no plan can hold, or have lost some before."""
    cells = (cell for grid in document.walk() if not grid.hidden for cell in grid.cells)
    texts: Iterator[Paragraph | GridCell] = chain(document.paragraphs, cells)
    template = N_("В тексте «{text}» есть управляющие символы: они не взяты.")
    for one in texts:
        if is_unwritable(one.text):
            yield Remark("characters-dropped", one.place, template, {"text": clean(one.text)})
        if _LOST in one.text:
            damaged = N_("В тексте «{text}» есть потерянные буквы (�): проверьте по оригиналу.")
            yield Remark("characters-lost", one.place, damaged, {"text": clean(one.text)})


def _year_taken(period: ProgrammePeriod, *, is_of_terms: bool) -> Remark:
    template = N_("Года в документе нет: сроки прочитаны на {years}. Иной год: --year.")
    if is_of_terms:
        template = N_("Года в названии нет, все сроки — на {years}: взят он. Иной год: --year.")
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
    template = N_("В документе не найдено: {names}. Укажите: {options}.")
    labels = {"organization": N_("организация"), "title": N_("название")}
    names = Labels(tuple(("", labels[name]) for name in missing))
    texts = {"names": names, "options": ", ".join(f"--{name}" for name in missing)}
    return [Remark(DOCUMENT_UNKNOWN, NO_PLACE, template, texts)] if missing else []
