"""The programme as its document: cover, chapters and the table of measures as it is printed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.reports.blocks import (
    Block,
    CoverBlock,
    Heading,
    Json,
    ListBlock,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportStyle,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.exchange.tables.headings import meaning
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_, Translate
from kvartal.schema.measure import Measure
from kvartal.schema.model import Channel, Plan, Section

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
_WIDTHS: Final = {"number": 0.6, "term": 1.2, "responsible": 1.3}
_USUAL_WIDTH: Final = 2.2
_CHAPTERS: Final = (
    "information",
    "references",
    "definitions",
    "goals_and_tasks",
    "current_state",
)
_SHEET_NAME: Final = N_("Программа")


def plan_report(plan: Plan, data: PlanData, translate: Translate) -> Report:
    """Return the programme as its document.

    Args:
        plan: The programme.
        data: The same as plain data: what is not printed travels with the export.
        translate: Turns Russian texts into its language.
    """
    words = ReportWords(plan, translate)
    document = plan.document
    blocks: list[Block] = [_cover(words), *_chapters(document, words)]
    printed = document.get("plan")
    own = printed if isinstance(printed, dict) else {}
    blocks.append(Heading(_numbered(own, words.say(N_("План мероприятий")))))
    blocks.append(measures_table(words, own))
    return Report(
        kind="plan",
        title=plan.header("title"),
        language=plan.language,
        organization=plan.header("organization"),
        years=plan.years_text,
        as_of=None,
        blocks=tuple(blocks),
        data=_json(data),
        hidden={"plan": _json(data)},
    )


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

    def _section(
        self, section: Section, by_place: Mapping[tuple[str | None, str | None], list[Measure]]
    ) -> Iterator[ReportRow]:
        title = f"{section.number}. {section.title}"
        yield ReportRow(
            (ReportCell((title,), style=ReportStyle.SECTION, column_span=len(self.columns)),)
        )
        yield from self._measures(by_place.get((None, section.number), []))
        for channel in section.channels:
            yield self._channel(channel)
            inside = by_place.get((channel.number, None), [])
            yield from self._measures(inside)
            if not inside:
                yield ReportRow(tuple(ReportCell((self.empty_mark,)) for _ in self.columns))
        for below in section.sections:
            yield from self._section(below, by_place)

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
                    cells.append(ReportCell(lines, row_span=span))
            yield ReportRow(tuple(cells), measure.id)


def field_lines(measure: Measure, name: str, words: ReportWords) -> tuple[str, ...]:
    """Return what a measure says in a field, a line each.

    Args:
        measure: The measure.
        name: The field, by its name in the schema or the key of a declared one.
        words: The words.
    """
    texts: dict[str, tuple[str, ...]] = {
        "number": (measure.number,),
        "proposal": tuple(measure.proposal.split("\n")),
        "actions": measure.actions,
        "term": (measure.term.text,),
        "result": tuple(measure.result.split("\n")),
        "responsible": tuple(map(str, measure.responsible)),
        "notes": tuple((measure.notes or "").split("\n")),
        "budget.plan": tuple(
            words.words.number(one.plan) for one in measure.budget if one.plan is not None
        ),
        "budget.fact": tuple(
            words.words.number(one.fact) for one in measure.budget if one.fact is not None
        ),
        "budget.source": tuple(one.source for one in measure.budget if one.source),
        "indicator.name": tuple(one.name for one in measure.indicators),
        "indicator.unit": tuple(one.unit for one in measure.indicators),
        "indicator.target": tuple(words.words.number(one.target) for one in measure.indicators),
    }
    value = measure.extra.get(name.removeprefix("extra."))
    if name in texts:
        lines = texts[name]
    elif isinstance(value, str):
        lines = tuple(value.split("\n"))
    else:
        lines = () if value is None else (words.words.number(value),)
    return tuple(line for line in lines if line)


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
        return tuple(_column(one) for one in named)
    plan = words.plan
    used = [
        name
        for name in _DEFAULT
        if name in {"number", "term"}
        or any(field_lines(measure, name, words) for measure in plan.measures)
    ]
    own = [ReportColumn(words.say(_HEADINGS[name]), name, _width(name)) for name in used]
    return (*own, *(ReportColumn(one.title, one.key, _width(one.key)) for one in plan.fields))


def _column(named: Plain) -> ReportColumn:
    """Return a column of the document: its field where it says, else by its heading."""
    if isinstance(named, dict):
        name = str(named.get("field", ""))
        return ReportColumn(str(named.get("heading", "")), name, _width(name))
    name = meaning(str(named))
    return ReportColumn(str(named), name, _width(name))


def _width(name: str) -> float:
    return _WIDTHS.get(name, _USUAL_WIDTH)


def _cover(words: ReportWords) -> CoverBlock:
    plan, document = words.plan, words.plan.document
    approval = document.get("approval")
    lines: list[str] = []
    if isinstance(approval, dict):
        caption, own = approval.get("caption"), approval.get("lines")
        if isinstance(caption, str):
            lines += [caption, plan.header("organization")]
        if isinstance(own, list):
            lines += map(str, own)
        number = f" {approval['number']}" if "number" in approval else ""
        day = words.words.day(approval.get("date"))
        lines.append(words.say(N_("от {date}{number}"), date=day, number=number))
    header = document.get("page_header")
    marking = header.get("marking", "") if isinstance(header, dict) else ""
    return CoverBlock(
        tuple(lines),
        plan.header("organization"),
        plan.header("title"),
        plan.header("code"),
        str(marking),
    )


def _chapters(document: Mapping[str, Plain], words: ReportWords) -> Iterator[Block]:
    for name in _CHAPTERS:
        chapter = document.get(name)
        if isinstance(chapter, dict):
            yield Heading(_numbered(chapter, ""))
            yield from _chapter_blocks(name, chapter, words)
    chapters = document.get("chapters")
    for chapter in chapters if isinstance(chapters, list) else ():
        if isinstance(chapter, dict):
            yield Heading(_numbered(chapter, ""))
            yield from _generic_blocks(chapter)


def _numbered(chapter: Mapping[str, Plain], otherwise: str) -> str:
    heading = str(chapter.get("heading", otherwise))
    return f"{chapter['number']}. {heading}" if "number" in chapter else heading


def _chapter_blocks(name: str, chapter: Mapping[str, Plain], words: ReportWords) -> Iterator[Block]:
    if name == "information":
        rows = [(one.get("name", ""), one.get("value", "")) for one in _mappings(chapter, "rows")]
        yield _simple_table((), rows, _numbered(chapter, ""))
    elif name == "references":
        documents = [
            (str(at), one.get("requisites", ""), one.get("title", ""))
            for at, one in enumerate(_mappings(chapter, "documents"), 1)
        ]
        yield _simple_table(_texts(chapter, "columns"), documents, _numbered(chapter, ""))
    elif name == "definitions":
        terms = [
            (one.get("name", ""), one.get("abbreviation", ""), one.get("definition", ""))
            for one in _mappings(chapter, "terms")
        ]
        yield _simple_table(_texts(chapter, "columns"), terms, _numbered(chapter, ""))
    elif name == "goals_and_tasks":
        for part in ("goals", "tasks"):
            yield from _enumeration(chapter.get(part))
    else:
        yield from (TextBlock(text) for text in _texts(chapter, "paragraphs"))
        infrastructure = chapter.get("infrastructure")
        if isinstance(infrastructure, dict):
            yield TextBlock(str(infrastructure.get("intro", "")))
            for group in _mappings(infrastructure, "groups"):
                yield from _enumeration(group)
        if "conclusion" in chapter:
            yield TextBlock(str(chapter["conclusion"]))
    del words


def _generic_blocks(chapter: Mapping[str, Plain]) -> Iterator[Block]:
    for block in _mappings(chapter, "blocks"):
        items, table = block.get("list"), block.get("table")
        if "paragraph" in block:
            yield TextBlock(str(block["paragraph"]))
        elif isinstance(items, dict):
            yield ListBlock(_texts(items, "items"), str(items.get("marker", "–")))
        elif isinstance(table, dict):
            rows = table.get("rows")
            cells = [
                tuple(map(str, row))
                for row in (rows if isinstance(rows, list) else [])
                if isinstance(row, list)
            ]
            yield _simple_table(_texts(table, "columns"), cells, _numbered(chapter, ""))


def _enumeration(value: Plain | None) -> Iterator[Block]:
    if isinstance(value, dict):
        number = f"{value['number']}. " if "number" in value else ""
        yield TextBlock(f"{number}{value.get('intro', '')}")
        yield ListBlock(_texts(value, "items"), str(value.get("marker", "–")))


def _simple_table(
    headings: Sequence[str], rows: Sequence[Sequence[Plain]], name: str
) -> ReportTable:
    width = max([len(headings), *(len(row) for row in rows)])
    columns = [*headings, *[""] * (width - len(headings))]
    return ReportTable(
        name=name,
        columns=tuple(ReportColumn(heading) for heading in columns),
        rows=tuple(ReportRow(tuple(ReportCell(_lines(str(text))) for text in row)) for row in rows),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _mappings(row: Mapping[str, Plain], key: str) -> list[dict[str, Plain]]:
    value = row.get(key, [])
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(row: Mapping[str, Plain], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _json(data: PlanData) -> Json:
    # Plain data is JSON, but a list of one type is for mypy no list of the wider one.
    return data  # type: ignore[return-value]
