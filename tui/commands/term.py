"""``kvartal term``: how the text of a term is read, without a programme to store it in."""

import click

from kvartal.schema.changes import Json
from kvartal.schema.errors import N_, KvartalError, Labels
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.parts import Span
from kvartal.schema.grammar.reader import TermReading, read_term
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.terms import stated_options
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, option, today
from kvartal.tui.commands.programme import selected_plans
from kvartal.tui.commands.whole_number import year_number
from kvartal.tui.i18n import _
from kvartal.tui.plans.path import open_plan
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown

_MEANINGS = {
    Certainty.SURE: N_("понятно однозначно"),
    Certainty.ASK: N_("можно понять по-разному"),
    Certainty.OPEN: N_("срок без даты: сам по себе просроченным не станет"),
    Certainty.ERROR: N_("такого дня или квартала не бывает"),
    Certainty.NONE: N_("срока нет"),
}


@click.command(
    "term",
    cls=Command,
    help=N_("Показать, как программа понимает срок, написанный словами. Код выхода всегда 0."),
)
@click.argument("words", metavar=N_("СРОК"), nargs=-1, required=True)
@option(
    "--year",
    type=year_number(),
    metavar=N_("ГОД"),
    help=N_("Год программы (обычно тот, на который найденная программа, иначе текущий)."),
)
@json_option
@common_options
@click.pass_context
def term_command(
    ctx: click.Context,
    words: tuple[str, ...],
    year: int | None,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the reading of a term."""
    period = _period(ctx.ensure_object(CommonOptions), year)
    reading = read_term(" ".join(words), period)
    if as_json:
        output.json_data(_row(reading, period))
        return
    output.line(f"{shown(reading.text)}: {_(_MEANINGS[reading.certainty])}")
    if reading.certainty is Certainty.SURE:
        output.line(_described(reading.span, period))
    if reading.certainty is Certainty.ASK:
        for option_, label in stated_options(reading.readings, period):
            text = Labels(((option_, label),), "{name} ({label})").text(_) if label else option_
            output.line(f"  {text}")


def _period(options: CommonOptions, year: int | None) -> ProgrammePeriod:
    if year is not None:
        return ProgrammePeriod.of_year(year)
    try:
        return open_plan(selected_plans(options).paths[-1]).read().plan.period
    except KvartalError:  # How a term is read is asked about more often where something is wrong.
        return ProgrammePeriod.of_year(today().year)


def _row(reading: TermReading, period: ProgrammePeriod) -> dict[str, Json]:
    return {
        "text": reading.text,
        "certainty": reading.certainty.value,
        **_span(reading.span, period),
        "readings": [_span(span, period) for span in reading.readings],
    }


def _span(span: Span, period: ProgrammePeriod) -> dict[str, Json]:
    return {
        "start": span.start.isoformat() if span.start else None,
        "due": span.due.isoformat() if span.due else None,
        "quarters": [quarter.stored(period.year) for quarter in span.quarters],
        "points": [point.isoformat() for point in span.points],
    }


def _described(span: Span, period: ProgrammePeriod) -> str:
    parts = []
    if span.quarters:
        quarters = ", ".join(str(quarter.stored(period.year)) for quarter in span.quarters)
        parts.append(_("кварталы: {quarters}").format(quarters=quarters))
    if span.points:
        points = ", ".join(day(point) for point in span.points)
        parts.append(_("контрольные точки: {points}").format(points=points))
    if span.start:
        parts.append(_("с {date}").format(date=day(span.start)))
    parts.append(_("до {date}").format(date=day(span.due)))
    return "; ".join(parts)
