"""What the card of a measure says: everything about it, as plain values.

The expected result is a target although it is written in the past tense («Обеспечено…»): its label
says so, and it is never shown among the facts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kvartal.schema.measure import IndicatorValue, Measure, Record
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import Checkpoint, CheckpointState, Status
from kvartal.tui.i18n import _
from kvartal.tui.marks import CheckpointKey
from kvartal.tui.places import Place, place_title
from kvartal.tui.presentation.card_records import card_line, record_lines
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.evidence import faults_text
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, Signs, state_label
from kvartal.tui.presentation.levels import place_level_name
from kvartal.tui.presentation.measure_numbers import number_text, other_number
from kvartal.tui.presentation.measure_texts import (
    budget_text,
    extra_texts,
    indicator_text,
    indicator_value_text,
)
from kvartal.tui.presentation.periods import quarter_text
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.term_text import plain_reading

if TYPE_CHECKING:
    from kvartal.history.store.evidence_watch import EvidenceReport

MOST_LINES: Final = 500
"""How many lines of one thing the card says; no honest measure has as many."""


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
    items = (
        *_head(status, plan, signs, evidence),
        *_checkpoints(status, plan, signs, evidence),
        *_decisions(status),
        *_rest(status.measure, plan),
    )
    return tuple(_cut(item, status.measure.id) for item in items)


def _cut(item: CardItem, measure: str) -> CardItem:
    """Return the item with at most `MOST_LINES` lines: all are wrapped before any is drawn."""
    rest = len(item.lines) - MOST_LINES
    if rest <= 0:
        return item
    template = _("… и ещё строк: {count}. Целиком: kvartal show {id}")
    last = card_line(Cell(template.format(count=rest, id=measure), "muted"))
    return CardItem(item.label, (*item.lines[:MOST_LINES], last))


def _head(
    status: Status, plan: Plan, signs: Signs, evidence: "EvidenceReport | None"
) -> Iterator[CardItem]:
    measure = status.measure
    yield CardItem(
        "", (card_line(Cell(measure.id, "id"), Cell("  "), Cell(measure.title, "title")),)
    )
    if number_text(measure) != measure.id:
        yield CardItem(_("Номер"), _text(measure.number))
    yield CardItem(_("Состояние"), (card_line(*_state(status, evidence)),))
    yield from _place(measure, plan)
    steps = tuple(_steps(measure, plan, signs))
    # Without a proposal the only action is the title already.
    if steps and (measure.proposal or len(steps) > 1):
        yield CardItem(_("Мероприятие"), steps)
    reading = plain_reading(status.term, plan)
    yield CardItem(
        _("Срок"),
        (
            *_text(status.term.text),
            *([card_line(Cell(f"→ {reading}", "muted"))] if reading else []),
        ),
    )
    if measure.result:
        yield CardItem(_("Ожидаемый результат"), _text(measure.result))
    if measure.indicators:
        lines = tuple(card_line(Cell(indicator_text(one))) for one in measure.indicators)
        yield CardItem(_("Показатель"), lines)
    if measure.responsible:
        lines = tuple(card_line(Cell(str(one))) for one in measure.responsible)
        yield CardItem(_("Ответственный"), lines)


def _state(status: Status, evidence: "EvidenceReport | None") -> Iterator[Cell]:
    yield Cell(state_label(status), status.state.value)
    if status.is_unfinished:
        yield Cell(_(" · срок вышел, исполнение не завершено"), "overdue")
    if status.postponed:
        yield Cell(_(" · переносов срока: {count}").format(count=status.postponed), "muted")
    faults = faults_text(evidence, status.records) if evidence else ""
    if faults:
        yield Cell(_(" · подтверждение: {faults}").format(faults=faults), "overdue")


def _place(measure: Measure, plan: Plan) -> Iterator[CardItem]:
    """Yield where it stands, under the name of the lowest level; nothing in a flat programme."""
    path = [f"{one.number} {one.title}" for one in plan.sections_over(measure)]
    place = Place(*measure.place)
    if measure.channel is not None and measure.channel in plan.channels:
        path.append(place_title(plan, Place(channel=measure.channel)))
    if path:
        yield CardItem(shown(place_level_name(plan, place)), _text(" › ".join(path)))


def _steps(measure: Measure, plan: Plan, signs: Signs) -> Iterator[CellLine]:
    if measure.actions_from:
        number_ = other_number(plan, measure.actions_from)
        shared = _("{sign} как в {id}").format(sign=signs.shared, id=number_)
        yield card_line(Cell(shared, "muted"))
    several = len(measure.actions) > 1
    for at, step in enumerate(measure.actions, start=1):
        yield card_line(*([Cell(f"{at}. ", "muted")] if several else []), Cell(step))


def _checkpoints(
    status: Status, plan: Plan, signs: Signs, evidence: "EvidenceReport | None"
) -> Iterator[CardItem]:
    """Yield each checkpoint with its records, then the records that belong to none."""
    rest = list(status.records)
    for checkpoint in status.checkpoints:
        records = [one for one in rest if checkpoint.day.is_recorded_by(one)]
        rest = [one for one in rest if one not in records]
        lines = (
            _checkpoint(checkpoint, signs),
            *record_lines(records, status.measure, evidence),
        )
        yield CardItem(_checkpoint_label(checkpoint.quarter or checkpoint.day.printed, plan), lines)
    others: dict[str, list[Record]] = {}
    for one in rest:
        others.setdefault(_checkpoint_label(one.quarter or one.point or one.date, plan), []).append(
            one
        )
    for label, records in others.items():
        yield CardItem(label, tuple(record_lines(records, status.measure, evidence)))
    later = tuple(card_line(Cell(text, "muted")) for text in _later(status))
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


def _checkpoint_label(key: CheckpointKey, plan: Plan) -> str:
    if isinstance(key, CalendarQuarter):
        return quarter_text(key, plan)
    return _("К {date}").format(date=day(key))


def _checkpoint(checkpoint: Checkpoint, signs: Signs) -> CellLine:
    state = checkpoint.state
    words = _(CHECKPOINT_STATES[state])
    if checkpoint.recorded_on:
        words += f" {day(checkpoint.recorded_on)}"
    if state is CheckpointState.OVERDUE:
        words += _(" на {days} дн.").format(days=checkpoint.days_overdue)
    return card_line(
        Cell(f"{signs.states[state]} {words}", state.value), Cell(_due(checkpoint), "muted")
    )


def _due(checkpoint: Checkpoint) -> str:
    """Return the last day; nothing where the label says it already."""
    printed, due = checkpoint.day.printed, checkpoint.due
    if printed != due:
        template = _("  срок {date}: {printed} — нерабочий день")
        return template.format(date=day(due), printed=day(printed))
    if checkpoint.point is not None:
        return ""
    return _("  срок {date}").format(date=day(due))


def _decisions(status: Status) -> Iterator[CardItem]:
    before = status.measure.term
    lines = []
    for one in status.measure.postponements[: status.postponed]:
        moved = f"{day(one.date)}  {before.text} → {one.to.text}"
        lines.append(card_line(Cell(moved), Cell(_reason(one.reason, one.basis), "muted")))
        before = one.to
    if lines:
        yield CardItem(_("Переносы срока"), tuple(lines))
    if status.cancelled:
        fact = status.cancelled
        cells = (Cell(day(fact.date), "cancelled"), Cell(_reason(fact.reason, fact.basis), "muted"))
        yield CardItem(_("Снято с плана"), (card_line(*cells),))


def _reason(reason: str, basis: str | None) -> str:
    text = _(" · причина: {reason}").format(reason=reason)
    return text + (_(" · основание: {basis}").format(basis=basis) if basis else "")


def _rest(measure: Measure, plan: Plan) -> Iterator[CardItem]:
    if measure.budget:
        lines = tuple(card_line(Cell(budget_text(one))) for one in measure.budget)
        yield CardItem(_("Бюджет, руб."), lines)
    yield from _extra(measure, plan)
    if measure.carried_from:
        origin = measure.carried_from
        yield CardItem(_("Перешло из"), _text(f"{origin.plan}: {origin.id}"))
    if measure.same_work:
        yield CardItem(_("Та же работа, что"), _text(", ".join(measure.same_work)))
    if measure.notes:
        yield CardItem(_("Примечания"), _text(measure.notes))


def earlier_items(
    years: str, values: Sequence[IndicatorValue], measure: Measure
) -> tuple[CardItem, ...]:
    """Return what the indicators were in the programme before, to be compared with.

    Args:
        years: The year of that programme, in words.
        values: The values, oldest first.
        measure: The measure as it is now.
    """
    if not values:
        return ()
    lines = tuple(
        card_line(Cell(indicator_value_text(one, measure))) for one in values[-MOST_LINES:]
    )
    return (CardItem(_("Показатель, {years}").format(years=years), lines),)


def _extra(measure: Measure, plan: Plan) -> Iterator[CardItem]:
    for title, text in extra_texts(measure, plan):
        yield CardItem(shown(title), _text(text))


def _text(text: str) -> tuple[CellLine, ...]:
    """Return a text of one line or several; of a very long one the beginning."""
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "…"
    return tuple(card_line(Cell(line)) for line in text.split("\n"))
