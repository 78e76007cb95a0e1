"""``kvartal show``: everything about one measure, as of a date."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from kvartal.history.diff.words import Words
from kvartal.history.store.evidence import file_fault
from kvartal.schema.errors import N_
from kvartal.schema.fields import BY_NAME, DIRECTIONS, PERIODS, show_number
from kvartal.schema.gaps import gaps
from kvartal.schema.measure import Evidence, Indicator, Measure, Record
from kvartal.schema.model import Plan
from kvartal.schema.states import Checkpoint, Status
from kvartal.schema.states import status as status_of
from kvartal.schema.writing import plain_document
from kvartal.tui.commands import output
from kvartal.tui.commands.arguments import (
    find_measure,
    measure_argument,
    report_other_measures,
    typed_id,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import measure_details, programme_keys
from kvartal.tui.commands.params import CommonOptions, common_options, json_option
from kvartal.tui.commands.programme import in_turn, print_heading, programmes_to_read
from kvartal.tui.commands.wrapping import print_labelled, print_text
from kvartal.tui.i18n import _
from kvartal.tui.plans.earlier_values import EarlierProgrammes
from kvartal.tui.presentation.evidence import fault_text
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.gaps import gap_text
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, state_label
from kvartal.tui.presentation.levels import channel_level_name, level_name
from kvartal.tui.presentation.measure_numbers import number_text
from kvartal.tui.presentation.measure_texts import extra_texts, indicator_value_text
from kvartal.tui.presentation.periods import quarter_text

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
    programmes, selection = programmes_to_read(options)
    plans = [(one, one.read().plan) for one in in_turn(programmes, options)]
    having = [
        (one, plan, found) for one, plan in plans if (found := typed_id(plan, measure)) is not None
    ]
    if not having:
        find_measure(plans[-1][1], measure)
    rows = []
    for index, (programme, plan, found) in enumerate(having):
        report_other_measures(plan, measure)
        status = status_of(found, plan.calendar, options.day(plan))
        if as_json:
            keys = programme_keys(plan, programme.path)
            rows.append({**measure_details(status, plan), **keys})
            continue
        if selection.is_choice or len(programmes) > 1:
            print_heading(programme, plan, is_first=not index)
        _print_card(status, plan, programme.path, options.day(plan))
    if as_json:
        output.json_data(rows[0] if len(programmes) == 1 else rows)


def _print_card(status: Status, plan: Plan, path: Path, as_of: date) -> None:
    measure = status.measure
    print_text(f"{measure.id} {measure.title}", output.BOLD)
    fields = [*_planned(status, plan), *_extra(measure, plan), *_facts(status, plan, path.parent)]
    years, values = EarlierProgrammes().values(path, measure)
    label = _("Показатель, {years}").format(years=years)
    fields += [(label, indicator_value_text(value, measure)) for value in values]
    fields += _thin(measure, plan, as_of)
    indent = max(len(label) for label, _text in fields) + 2
    previous = ""
    for label, text in fields:
        print_labelled("" if label == previous else label, text, indent)
        previous = label


def _thin(measure: Measure, plan: Plan, as_of: date) -> Iterator[Field]:
    """Yield where the evidence of a measure is thin."""
    for gap in gaps(plan, as_of):
        if gap.measure == measure.id:
            yield _("Слабое место"), gap_text(gap)


def _planned(status: Status, plan: Plan) -> Iterator[Field]:
    measure = status.measure
    channel = plan.channels.get(measure.channel or "")
    yield (
        _("Состояние"),
        _("{state} (на {date})").format(state=state_label(status), date=day(status.as_of)),
    )
    if number_text(measure) != measure.id:
        yield _(BY_NAME["number"].label), measure.number
    for depth, section in enumerate(plan.sections_over(measure)):
        yield level_name(plan, depth), f"{section.number} {section.title}"
    if channel:
        depth = len(plan.sections_over(measure))
        yield channel_level_name(plan, depth), f"{channel.number} {channel.title}"
    for action in measure.actions:
        yield _("Действия"), action
    if measure.actions_from:
        yield _("Действия общие с"), measure.actions_from
    yield _("Срок"), status.term.text
    if status.term is not measure.term:
        yield _("Первоначальный срок"), measure.term.text
    if measure.result:
        yield _("Ожидаемый результат"), measure.result
    for checkpoint in status.checkpoints:
        yield _("Контрольные точки"), _checkpoint(checkpoint, plan)


def _checkpoint(checkpoint: Checkpoint, plan: Plan) -> str:
    sign = output.signs().states[checkpoint.state]
    state = _(CHECKPOINT_STATES[checkpoint.state])
    due = _("до {date}").format(date=day(checkpoint.due))
    if checkpoint.quarter is not None:
        due = f"{quarter_text(checkpoint.quarter, plan)}, {due}"
    text = f"{sign} {due}: {state}"
    if checkpoint.recorded_on:
        return f"{text} {day(checkpoint.recorded_on)}"
    if checkpoint.days_overdue:
        return text + _(" на {days} дн.").format(days=checkpoint.days_overdue)
    return text


def _extra(measure: Measure, plan: Plan) -> Iterator[Field]:
    for one in measure.responsible:
        yield _("Ответственный исполнитель"), str(one)
    for indicator in measure.indicators:
        yield _("Показатель"), _indicator(indicator)
    for budget in measure.budget:
        named = ", ".join(str(one) for one in (budget.source, budget.year) if one is not None)
        of_what = f" ({named})" if named else ""
        if budget.plan is not None:
            yield _("Бюджет, план"), show_number(budget.plan) + of_what
        if budget.fact is not None:
            yield _("Бюджет, факт"), show_number(budget.fact) + of_what
    yield from extra_texts(measure, plan)
    if measure.carried_from:
        origin = measure.carried_from
        yield _("Перешло из"), f"{origin.plan}: {origin.id}"
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


def _facts(status: Status, plan: Plan, folder: Path) -> Iterator[Field]:
    """Yield what happened up to the date of the status; evidence files are looked at."""
    measure = status.measure
    for postponement in measure.postponements[: status.postponed]:
        text = f"{day(postponement.date)} → {postponement.to.text}: {postponement.reason}"
        yield _("Перенос срока"), text + _basis(postponement.basis)
    for record in status.records:
        for text in _record(record, measure, plan):
            yield _("Отметка об исполнении"), text
        for text in _evidence(record.evidence, folder):
            yield _("Отметка об исполнении"), f"  {text}"
    if status.cancelled:
        cancelled = status.cancelled
        text = f"{day(cancelled.date)}: {cancelled.reason}"
        yield _("Снято с плана"), text + _basis(cancelled.basis)


def _basis(basis: str | None) -> str:
    return _(" (основание: {basis})").format(basis=basis) if basis else ""


def _record(record: Record, measure: Measure, plan: Plan) -> Iterator[str]:
    done = _(", мероприятие исполнено") if record.complete else ""
    point = day(record.point)
    of_what = point if record.quarter is None else quarter_text(record.quarter, plan)
    yield f"{of_what}, {day(record.date)}{done}"
    if record.result:
        yield f"  {record.result}"
    if record.reason:
        yield "  " + _("Причина: {reason}").format(reason=record.reason)
    for value in record.values:
        indicator = measure.indicator(value.indicator)
        unit = indicator.unit if indicator else ""
        is_met = indicator.is_met(value.value) if indicator else True
        verdict = _("план выполнен") if is_met else _("план не выполнен")
        name = f"{value.indicator}, " if value.indicator else ""
        figure = f"{name}{value.period}: {show_number(value.value)} {unit}".rstrip()
        yield f"  {figure} ({verdict})"


def _evidence(evidence: Evidence, folder: Path) -> Iterator[str]:
    words = Words(_)
    yield from (words.document(plain_document(one)) for one in evidence.documents)
    for file in evidence.files:
        text = _("{path} ({size} байт, SHA-256 {sum})").format(
            path=file.path, size=file.size, sum=file.sha256
        )
        yield f"{text}: {fault_text(file_fault(folder, file.path, file.size, file.sha256))}"
        if file.original_name:
            yield "  " + _("Исходное имя: «{name}»").format(name=file.original_name)
    yield from evidence.links
