"""What the card of a measure says of its records: facts, values, evidence."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kvartal.history.diff.words import Words
from kvartal.schema.measure import Evidence, Measure, Record
from kvartal.schema.model import Plan
from kvartal.schema.writing import plain_document
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.evidence import file_state
from kvartal.tui.presentation.formats import day, number
from kvartal.tui.presentation.periods import quarter_text
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.store.evidence_watch import EvidenceReport


def card_line(*parts: Cell) -> CellLine:
    """Return a line whose texts are fit to be shown."""
    return tuple(Cell(shown(beginning(part.text, LONGEST_TEXT)), part.tone) for part in parts)


def record_lines(
    records: Iterable[Record], measure: Measure, evidence: "EvidenceReport | None"
) -> Iterator[CellLine]:
    """Yield what records say: the fact, its values, its evidence."""
    for record in records:
        first = [Cell(day(record.date), "fact")]
        if record.complete:
            first.append(Cell(_(" · мероприятие исполнено"), "recorded"))
        if record.result:
            first.append(Cell(f" · {record.result}"))
        if record.reason:
            first.append(Cell(_(" · причина: {reason}").format(reason=record.reason), "muted"))
        yield card_line(*first)
        yield from _values(record, measure)
        yield from _evidence(record.evidence, evidence)


def _values(record: Record, measure: Measure) -> Iterator[CellLine]:
    for one in record.values:
        indicator = measure.indicator(one.indicator)
        text = _("  факт {period}: {value} {unit}").format(
            period=f"{one.indicator}, {one.period}" if one.indicator else one.period,
            value=number(one.value),
            unit=indicator.unit if indicator else "",
        )
        if indicator is None:
            yield card_line(Cell(text))
        elif indicator.is_met(one.value):
            yield card_line(Cell(text), Cell(_(" — план выполнен"), "recorded"))
        else:
            yield card_line(Cell(text), Cell(_(" — план не выполнен"), "overdue"))


def _evidence(evidence: Evidence, report: "EvidenceReport | None") -> Iterator[CellLine]:
    for one in evidence.documents:
        yield card_line(Cell(f"  {Words(_).document(plain_document(one))}"))
    for file in evidence.files:
        sum_ = f"{file.sha256[:4]}…{file.sha256[-2:]}"
        state = (Cell(" — ", "muted"), file_state(report, file)) if report else ()
        facts = Cell(f"  {Words(_).size(file.size)}, {sum_}", "muted")
        yield card_line(Cell(f"  {file.path}"), *state, facts)
        if file.original_name:
            name = _("Исходное имя: «{name}»").format(name=file.original_name)
            yield card_line(Cell(f"    {name}", "muted"))
    for link in evidence.links:
        yield card_line(Cell(f"  {link}"))


def checkpoint_name(record: Record, plan: Plan) -> str:
    """Return what a record is for: «III квартал», «к 31.01.2026»."""
    if record.quarter is None:
        return _("к {date}").format(date=day(record.point))
    return quarter_text(record.quarter, plan)
