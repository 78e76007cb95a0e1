"""What the card of a measure says: everything about it, as plain values.

The expected result is a target although it is written in the past tense («Обеспечено…»): its label
says so, and it is never shown among the facts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvartal.history.diff.words import Words
from kvartal.schema.model import Evidence, Measure, Plan, Record
from kvartal.schema.quarters import roman
from kvartal.schema.states import Checkpoint, CheckpointState, Status
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.evidence import faults_text, file_state
from kvartal.tui.presentation.formats import day, number
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, Signs, state_label
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.store.evidence_watch import EvidenceReport


@dataclass(frozen=True, slots=True)
class CardItem:
    """One thing the card says.

    Attributes:
        label: What it is; empty for the title.
        lines: The text, line by line.
    """

    label: str
    lines: tuple[CellLine, ...]


def card_items(
    status: Status, plan: Plan, signs: Signs, evidence: "EvidenceReport | None" = None
) -> tuple[CardItem, ...]:
    """Return what the card of a measure says.

    Args:
        status: The measure as of a date; what is dated later is not shown.
        plan: The programme it belongs to.
        signs: How states are drawn.
        evidence: Whether the evidence files are whole; None where that is not looked at.
    """
    return (
        *_head(status, plan, signs, evidence),
        *_checkpoints(status, signs, evidence),
        *_decisions(status),
        *_rest(status.measure),
    )


def indicator_text(measure: Measure) -> str:
    """Return the indicator of a measure with its target; empty for none."""
    from kvartal.schema.fields import DIRECTIONS, PERIODS

    indicator = measure.indicator
    if indicator is None:
        return ""
    return _("{name}: план {direction} {target} {unit} за {period}").format(
        name=indicator.name,
        direction=_(dict(DIRECTIONS)[indicator.direction.value]),
        target=number(indicator.target),
        unit=indicator.unit,
        period=_(dict(PERIODS)[indicator.period.value]),
    )


def _head(
    status: Status, plan: Plan, signs: Signs, evidence: "EvidenceReport | None"
) -> Iterator[CardItem]:
    measure = status.measure
    yield CardItem(
        "", (_line(Cell(measure.id, "id"), Cell("  "), Cell(measure.proposal, "title")),)
    )
    state = [Cell(state_label(status), status.state.value)]
    if status.postponed:
        state.append(Cell(_(" · переносов срока: {count}").format(count=status.postponed), "muted"))
    faults = faults_text(evidence, status.records) if evidence else ""
    if faults:
        state.append(Cell(_(" · подтверждение: {faults}").format(faults=faults), "overdue"))
    yield CardItem(_("Состояние"), (_line(*state),))
    section, channel = plan.section_of.get(measure.channel), plan.channels.get(measure.channel)
    if section and channel:
        where = f"{section.number} {section.title} › {channel.number} {channel.title}"
        yield CardItem(_("Канал обслуживания"), _text(where))
    yield CardItem(_("Мероприятие"), tuple(_steps(measure, signs)))
    yield CardItem(_("Срок"), _text(status.term.text))
    yield CardItem(_("Ожидаемый результат"), _text(measure.result))
    if measure.indicator:
        yield CardItem(_("Показатель"), _text(indicator_text(measure)))
    if measure.responsible:
        yield CardItem(_("Ответственный"), _text(measure.responsible))


def _steps(measure: Measure, signs: Signs) -> Iterator[CellLine]:
    if measure.actions_from:
        shared = _("{sign} как в {id}").format(sign=signs.shared, id=measure.actions_from)
        yield _line(Cell(shared, "muted"))
    several = len(measure.actions) > 1
    for at, step in enumerate(measure.actions, start=1):
        yield _line(*([Cell(f"{at}. ", "muted")] if several else []), Cell(step))


def _checkpoints(
    status: Status, signs: Signs, evidence: "EvidenceReport | None"
) -> Iterator[CardItem]:
    """Yield each checkpoint with its records, then the records that belong to none."""
    with_checkpoint: set[int] = set()
    for checkpoint in status.checkpoints:
        with_checkpoint.add(checkpoint.quarter)
        records = [one for one in status.records if one.quarter == checkpoint.quarter]
        lines = (_checkpoint(checkpoint, signs), *_records(records, status.measure, evidence))
        yield CardItem(_quarter(checkpoint.quarter), lines)
    for quarter in sorted({one.quarter for one in status.records} - with_checkpoint):
        records = [one for one in status.records if one.quarter == quarter]
        yield CardItem(_quarter(quarter), tuple(_records(records, status.measure, evidence)))
    later = tuple(_line(Cell(text, "muted")) for text in _later(status))
    if later:
        yield CardItem(_("Позже"), later)


def _later(status: Status) -> Iterator[str]:
    """Yield what is dated later than the date shown."""
    measure = status.measure
    counts = (
        (_("Отметок позже {date}: {count}"), len(measure.records) - len(status.records)),
        (
            _("Переносов срока позже {date}: {count}"),
            len(measure.postponements) - status.postponed,
        ),
    )
    for template, count in counts:
        if count:
            yield template.format(date=day(status.as_of), count=count)
    if measure.cancelled and measure.cancelled.date > status.as_of:
        yield _("Снимается с плана {date}").format(date=day(measure.cancelled.date))


def _quarter(quarter: int) -> str:
    return _("{roman} квартал").format(roman=roman(quarter))


def _checkpoint(checkpoint: Checkpoint, signs: Signs) -> CellLine:
    state = checkpoint.state
    words = _(CHECKPOINT_STATES[state])
    if checkpoint.recorded_on:
        words += f" {day(checkpoint.recorded_on)}"
    if state is CheckpointState.OVERDUE:
        words += _(" на {days} дн.").format(days=checkpoint.days_overdue)
    due = _("  срок {date}").format(date=day(checkpoint.due))
    return _line(Cell(f"{signs.states[state]} {words}", state.value), Cell(due, "muted"))


def _records(
    records: Iterable[Record], measure: Measure, evidence: "EvidenceReport | None"
) -> Iterator[CellLine]:
    for record in records:
        first = [Cell(day(record.date), "fact")]
        if record.complete:
            first.append(Cell(_(" · мероприятие исполнено"), "recorded"))
        if record.result:
            first.append(Cell(f" · {record.result}"))
        yield _line(*first)
        yield from _values(record, measure)
        yield from _evidence(record.evidence, evidence)


def _values(record: Record, measure: Measure) -> Iterator[CellLine]:
    indicator = measure.indicator
    for one in record.values:
        unit = indicator.unit if indicator else ""
        text = _("  факт {period}: {value} {unit}").format(
            period=one.period, value=number(one.value), unit=unit
        )
        if indicator is None:
            yield _line(Cell(text))
        elif indicator.is_met(one.value):
            yield _line(Cell(text), Cell(_(" — план выполнен"), "recorded"))
        else:
            yield _line(Cell(text), Cell(_(" — план не выполнен"), "overdue"))


def _evidence(evidence: Evidence, report: "EvidenceReport | None") -> Iterator[CellLine]:
    for one in evidence.documents:
        number_ = f" № {one.number}" if one.number else ""
        dated = _(" от {date}").format(date=day(one.date)) if one.date else ""
        yield _line(Cell(f"  {one.title}{number_}{dated}"))
    for file in evidence.files:
        sum_ = f"{file.sha256[:4]}…{file.sha256[-2:]}"
        state = (Cell(" — ", "muted"), file_state(report, file)) if report else ()
        facts = Cell(f"  {Words(_).size(file.size)}, {sum_}", "muted")
        yield _line(Cell(f"  {file.path}"), *state, facts)
        if file.original_name:
            name = _("Исходное имя: «{name}»").format(name=file.original_name)
            yield _line(Cell(f"    {name}", "muted"))
    for link in evidence.links:
        yield _line(Cell(f"  {link}"))


def _decisions(status: Status) -> Iterator[CardItem]:
    before = status.measure.term
    lines = []
    for one in status.measure.postponements[: status.postponed]:
        moved = f"{day(one.date)}  {before.text} → {one.to.text}"
        lines.append(_line(Cell(moved), Cell(_reason(one.reason, one.basis), "muted")))
        before = one.to
    if lines:
        yield CardItem(_("Переносы срока"), tuple(lines))
    if status.cancelled:
        fact = status.cancelled
        cells = (Cell(day(fact.date), "cancelled"), Cell(_reason(fact.reason, fact.basis), "muted"))
        yield CardItem(_("Снято с плана"), (_line(*cells),))


def _reason(reason: str, basis: str | None) -> str:
    text = _(" · причина: {reason}").format(reason=reason)
    return text + (_(" · основание: {basis}").format(basis=basis) if basis else "")


def _rest(measure: Measure) -> Iterator[CardItem]:
    if measure.budget:
        plan, fact = measure.budget.plan, measure.budget.fact
        parts = [_("план {sum}").format(sum=number(plan))] if plan is not None else []
        parts += [_("факт {sum}").format(sum=number(fact))] if fact is not None else []
        yield CardItem(_("Бюджет, руб."), _text(", ".join(parts)))
    if measure.same_work:
        yield CardItem(_("Та же работа, что"), _text(", ".join(measure.same_work)))
    if measure.notes:
        yield CardItem(_("Примечания"), _text(measure.notes))


def _text(text: str) -> tuple[CellLine, ...]:
    """Return a text of one line or several; of a very long one the beginning."""
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "…"
    return tuple(_line(Cell(line)) for line in text.split("\n"))


def _line(*parts: Cell) -> CellLine:
    return tuple(Cell(shown(part.text[:LONGEST_TEXT]), part.tone) for part in parts)
