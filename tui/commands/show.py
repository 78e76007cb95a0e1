"""``kvartal show``: everything about one measure, as of a date."""

from collections.abc import Iterator

import click

from kvartal.schema.errors import N_
from kvartal.schema.fields import DIRECTIONS, PERIODS, show_number
from kvartal.schema.model import Evidence, Indicator, Measure, Plan, Record
from kvartal.schema.quarters import roman
from kvartal.schema.states import Checkpoint, Status
from kvartal.schema.states import status as status_of
from kvartal.tui.commands import output
from kvartal.tui.commands.arguments import find_measure, measure_argument
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import measure_details
from kvartal.tui.commands.params import CommonOptions, common_options, json_option
from kvartal.tui.commands.programme import programme_to_read
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, state_label
from kvartal.tui.presentation.sanitize import shown

Field = tuple[str, str]
"""A label and a text; of successive fields with the same label only the first shows it."""


@click.command(
    "show", cls=Command, help=N_("Одно мероприятие целиком: план, отметки, переносы, документы.")
)
@measure_argument
@json_option
@common_options
@click.pass_context
def show_command(
    ctx: click.Context,
    measure: str,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print a measure."""
    options = ctx.ensure_object(CommonOptions)
    plan = programme_to_read(options).read().plan
    measure_status = status_of(find_measure(plan, measure), plan.year, options.day(plan))
    if as_json:
        output.json_data(measure_details(measure_status, plan))
    else:
        _print_card(measure_status, plan)


def _print_card(status: Status, plan: Plan) -> None:
    measure = status.measure
    output.raw(output.styled(shown(f"{measure.id} {measure.proposal}"), output.BOLD))
    fields = [*_planned(status, plan), *_extra(measure), *_facts(status)]
    indent = max(len(label) for label, _text in fields) + 2
    previous = ""
    for label, text in fields:
        shown_label = "" if label == previous else label
        first, *rest = text.split("\n")
        output.line(f"{shown_label:<{indent}}{first}")
        for line in rest:
            output.line(" " * indent + line)
        previous = label


def _planned(status: Status, plan: Plan) -> Iterator[Field]:
    measure = status.measure
    section = plan.section_of.get(measure.channel)
    channel = plan.channels.get(measure.channel)
    yield (
        _("Состояние"),
        _("{state} (на {date})").format(state=state_label(status), date=day(status.as_of)),
    )
    if section and channel:
        yield _("Раздел"), f"{section.number} {section.title}"
        yield _("Канал обслуживания"), f"{channel.number} {channel.title}"
    for action in measure.actions:
        yield _("Действия"), action
    if measure.actions_from:
        yield _("Действия общие с"), measure.actions_from
    yield _("Срок"), status.term.text
    if status.term is not measure.term:
        yield _("Первоначальный срок"), measure.term.text
    yield _("Ожидаемый результат"), measure.result
    for checkpoint in status.checkpoints:
        yield _("Контрольные точки"), _checkpoint(checkpoint)


def _checkpoint(checkpoint: Checkpoint) -> str:
    text = _("{sign} {quarter} квартал, до {due}: {state}").format(
        sign=output.signs().states[checkpoint.state],
        quarter=roman(checkpoint.quarter),
        due=day(checkpoint.due),
        state=_(CHECKPOINT_STATES[checkpoint.state]),
    )
    if checkpoint.recorded_on:
        return f"{text} {day(checkpoint.recorded_on)}"
    if checkpoint.days_overdue:
        return text + _(" на {days} дн.").format(days=checkpoint.days_overdue)
    return text


def _extra(measure: Measure) -> Iterator[Field]:
    if measure.responsible:
        yield _("Ответственный исполнитель"), measure.responsible
    if measure.indicator:
        yield _("Показатель"), _indicator(measure.indicator)
    if measure.budget and measure.budget.plan is not None:
        yield _("Бюджет, план"), show_number(measure.budget.plan)
    if measure.budget and measure.budget.fact is not None:
        yield _("Бюджет, факт"), show_number(measure.budget.fact)
    if measure.same_work:
        yield _("Та же работа, что"), ", ".join(measure.same_work)
    if measure.notes:
        yield _("Примечания"), measure.notes


def _indicator(indicator: Indicator) -> str:
    direction = dict(DIRECTIONS)[indicator.direction.value]
    period = dict(PERIODS)[indicator.period.value]
    return _("{name}: {direction} {target} {unit} за {period}").format(
        name=indicator.name,
        direction=_(direction),
        target=show_number(indicator.target),
        unit=indicator.unit,
        period=_(period),
    )


def _facts(status: Status) -> Iterator[Field]:
    """Yield what happened up to the date of the status."""
    measure = status.measure
    for postponement in measure.postponements[: status.postponed]:
        text = f"{day(postponement.date)} → {postponement.to.text}: {postponement.reason}"
        yield _("Перенос срока"), text + _basis(postponement.basis)
    for record in status.records:
        yield from ((_("Отметка об исполнении"), text) for text in _record(record, measure))
    if status.cancelled:
        cancelled = status.cancelled
        text = f"{day(cancelled.date)}: {cancelled.reason}"
        yield _("Снято с плана"), text + _basis(cancelled.basis)


def _basis(basis: str | None) -> str:
    return _(" (основание: {basis})").format(basis=basis) if basis else ""


def _record(record: Record, measure: Measure) -> Iterator[str]:
    done = _(", мероприятие исполнено") if record.complete else ""
    yield (
        _("{quarter} квартал, {date}").format(quarter=roman(record.quarter), date=day(record.date))
        + done
    )
    if record.result:
        yield f"  {record.result}"
    unit = measure.indicator.unit if measure.indicator else ""
    for actual in record.values:
        is_met = measure.indicator.is_met(actual.value) if measure.indicator else True
        verdict = _("план выполнен") if is_met else _("план не выполнен")
        yield f"  {actual.period}: {show_number(actual.value)} {unit}".rstrip() + f" ({verdict})"
    yield from (f"  {line}" for line in _evidence(record.evidence))


def _evidence(evidence: Evidence) -> Iterator[str]:
    for document in evidence.documents:
        number = f" № {document.number}" if document.number else ""
        dated = _(" от {date}").format(date=day(document.date)) if document.date else ""
        yield f"{document.title}{number}{dated}"
    for file in evidence.files:
        yield _("{path} ({size} байт, SHA-256 {sum})").format(
            path=file.path, size=file.size, sum=file.sha256
        )
        if file.original_name:
            yield "  " + _("Исходное имя: «{name}»").format(name=file.original_name)
    yield from evidence.links
