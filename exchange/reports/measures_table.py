"""The table of measures as the document prints it: parts, merged cells, marks of empty channels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.reports.blocks import (
    ColumnKind,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportStyle,
    ReportTable,
)
from kvartal.exchange.reports.measure_cells import field_lines, field_value
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.exchange.tables.headings import meaning
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.measure import Measure
from kvartal.schema.model import Channel, FieldType, Plan, Section

_DEFAULT: Final = ("number", "proposal", "actions", "term", "responsible", "result")
_HEADINGS: Final = {
    "number": N_("№"),
    "proposal": N_("Предложения"),
    "actions": N_("Мероприятия"),
    "term": N_("Срок"),
    "responsible": N_("Ответственный исполнитель"),
    "result": N_("Ожидаемый результат"),
    "notes": N_("Примечания"),
}
_IDS: Final = ("section", "channel", "id", "actions_from", "same_work")
_WIDTHS: Final = {
    "number": 0.6,
    "term": 1.2,
    "responsible": 1.3,
    "budget": 1.8,
    "indicator": 1.8,
    **dict.fromkeys(_IDS, 0.7),
}
_TYPE_WIDTHS: Final = {FieldType.NUMBER: 0.6, FieldType.DATE: 0.6, FieldType.CHOICE: 0.8}
_USUAL_WIDTH: Final = 2.2
_NUMBERS: Final = frozenset({"budget.plan", "budget.fact", "indicator.target"})
_KINDS: Final = {FieldType.NUMBER: ColumnKind.NUMBER, FieldType.DATE: ColumnKind.DATE}
_FIELDS: Final[tuple[tuple[str, str, Callable[[Measure], object]], ...]] = (
    ("proposal", N_("Предложение"), lambda one: one.proposal),
    ("actions", N_("Действия"), lambda one: one.actions),
    ("responsible", N_("Ответственный исполнитель"), lambda one: one.responsible),
    ("result", N_("Ожидаемый результат"), lambda one: one.result),
    ("budget", N_("Бюджет"), lambda one: one.budget),
    ("indicator", N_("Показатель"), lambda one: one.indicators),
    ("notes", N_("Примечания"), lambda one: one.notes),
)
_SHEET_NAME: Final = N_("Программа")


def measures_table(words: ReportWords, printed: Mapping[str, Plain]) -> ReportTable:
    """Return the table of measures as the document prints it.

    Args:
        words: The words.
        printed: What the document says of its table, as plain data.
    """
    table = printed.get("table")
    own = table if isinstance(table, dict) else {}
    columns = _columns(words, own)
    builder = _TableBuilder(words, columns, str(own.get("empty_mark", "-")))
    return ReportTable(
        name=words.say(_SHEET_NAME),
        columns=columns,
        rows=tuple(builder.rows()),
        caption=str(own.get("caption", "")),
        column_numbers="column_numbers" in own,
    )


@dataclass(frozen=True, slots=True)
class _TableBuilder:
    """Builds the rows of the table: titles of parts, measures, marks of empty channels."""

    words: ReportWords
    columns: tuple[ReportColumn, ...]
    empty_mark: str

    def rows(self) -> Iterator[ReportRow]:
        plan = self.words.plan
        by_place: dict[tuple[str | None, str | None], list[Measure]] = {}
        for measure in plan.measures:
            by_place.setdefault(measure.place, []).append(measure)
        yield from self._measures(by_place.get((None, None), []))
        for section in plan.sections:
            yield from self._section(section, by_place)
        if not plan.sections and not plan.measures:
            yield self._nothing()

    def _section(
        self, section: Section, by_place: Mapping[tuple[str | None, str | None], list[Measure]]
    ) -> Iterator[ReportRow]:
        title = f"{section.number}. {section.title}"
        yield ReportRow(
            (ReportCell((title,), style=ReportStyle.SECTION, column_span=len(self.columns)),)
        )
        own = by_place.get((None, section.number), [])
        yield from self._measures(own)
        if not (own or section.channels or section.sections):
            yield self._nothing()
        for channel in section.channels:
            yield self._channel(channel)
            inside = by_place.get((channel.number, None), [])
            yield from self._measures(inside)
            if not inside:
                yield self._nothing()
        for below in section.sections:
            yield from self._section(below, by_place)

    def _nothing(self) -> ReportRow:
        """Return the row of a part without measures: nobody has to ask whether one is missing."""
        return ReportRow(tuple(ReportCell((self.empty_mark,)) for _ in self.columns))

    def _channel(self, channel: Channel) -> ReportRow:
        number, rest = (
            ReportCell((f"{channel.number}.",), style=ReportStyle.CHANNEL),
            len(self.columns) - 1,
        )
        if not rest:
            title = (f"{channel.number}. {channel.title}",)
            return ReportRow((ReportCell(title, style=ReportStyle.CHANNEL),))
        title_cell = ReportCell((channel.title,), style=ReportStyle.CHANNEL, column_span=rest)
        return ReportRow((number, title_cell))

    def _measures(self, measures: Sequence[Measure]) -> Iterator[ReportRow]:
        for index, measure in enumerate(measures):
            cells = []
            for column in self.columns:
                span = _span(measures, index, column.field)
                if span:
                    lines = field_lines(measure, column.field, self.words)
                    value = field_value(measure, column.field, column.kind)
                    cells.append(ReportCell(lines, value, row_span=span))
            yield ReportRow(tuple(cells), measure.id)


def unprinted(plan: Plan, table: ReportTable) -> Iterator[tuple[str, str]]:
    """Yield what measures say and no column prints: a name of the plan's own, or a label of ours.

    Args:
        plan: The programme.
        table: Its table as printed.
    """
    printed = {column.field.removeprefix("extra.") for column in table.columns}
    printed |= {name.partition(".")[0] for name in printed}
    for name, label, of in _FIELDS:
        if name not in printed and any(map(of, plan.measures)):
            yield "", label
    titles = {one.key: one.title for one in plan.fields}
    keys = dict.fromkeys(key for measure in plan.measures for key in measure.extra)
    yield from ((titles.get(key, key), "") for key in keys if key not in printed)


def _span(measures: Sequence[Measure], index: int, name: str) -> int:
    """Return how many rows the cell of a field covers; 0 where one above covers this row."""
    if name not in {"number", "actions"}:
        return 1
    if index and _joins(measures[index - 1], measures[index], name):
        return 0
    count = 1
    while index + count < len(measures) and _joins(
        measures[index + count - 1], measures[index + count], name
    ):
        count += 1
    return count


def _joins(above: Measure, below: Measure, name: str) -> bool:
    if name == "number":
        return above.number == below.number
    return below.actions_from is not None and below.actions_from in {above.id, above.actions_from}


def _columns(words: ReportWords, table: Mapping[str, Plain]) -> tuple[ReportColumn, ...]:
    named = table.get("columns")
    if isinstance(named, list):
        return tuple(_column(one, words.plan) for one in named)
    plan = words.plan
    used = [
        name
        for name in _DEFAULT
        if name in {"number", "term"}
        or not plan.measures
        or any(field_lines(measure, name, words) for measure in plan.measures)
    ]
    own = [ReportColumn(words.say(_HEADINGS[name]), name, _width(name, plan)) for name in used]
    declared = (
        ReportColumn(one.title, one.key, _width(one.key, plan), _kind(one.key, plan))
        for one in plan.fields
    )
    return (*own, *declared)


def _column(named: Plain, plan: Plan) -> ReportColumn:
    """Return a column of the document: its field where it says, else by its heading."""
    if isinstance(named, dict):
        name = str(named.get("field", ""))
        return ReportColumn(
            str(named.get("heading", "")), name, _width(name, plan), _kind(name, plan)
        )
    name = meaning(str(named))
    return ReportColumn(str(named), name, _width(name, plan), _kind(name, plan))


def _kind(name: str, plan: Plan) -> ColumnKind:
    """Return what the values of a field are."""
    if name in _NUMBERS:
        return ColumnKind.NUMBER
    declared = {one.key: one.type for one in plan.fields}
    return _KINDS.get(declared.get(name.removeprefix("extra."), FieldType.TEXT), ColumnKind.TEXT)


def _width(name: str, plan: Plan) -> float:
    declared = {one.key: one.type for one in plan.fields}
    usual = _TYPE_WIDTHS.get(declared.get(name.removeprefix("extra."), FieldType.TEXT))
    return _WIDTHS.get(name, usual or _USUAL_WIDTH)
