"""``kvartal new-year``: the next programme, with what goes on or was not finished carried over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from kvartal.history import creation
from kvartal.history.programme import Programme
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.next_year import Candidate, NotANextYear, candidates, next_programme
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.plan_data import rows_of
from kvartal.tui.commands import output
from kvartal.tui.commands.arguments import complete_measures, find_measure
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, change_options, common_options, option
from kvartal.tui.commands.programme import selected_programme
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.commands.saving import PREVIEW_ONLY, check_adoptable
from kvartal.tui.commands.whole_number import year_number
from kvartal.tui.creation.next_year import begin_next, is_earlier_uncommitted, next_path, next_text
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plans.names import display_name, path_to_carry_from
from kvartal.tui.plans.path import open_plan

_EARLIER_COMMITTED: Final = N_("Прежняя программа внесена в историю отдельно: {what}")


@click.command(
    "new-year",
    cls=Command,
    help=N_(
        "Программа следующего года: разделы, мероприятия на весь год и неоконченные переходят в "
        "неё с пометкой, откуда. Завершённые и снятые остаются. Прежняя программа не меняется."
    ),
)
@click.argument("year", metavar=N_("ГОД"), type=year_number())
@option(
    "--carry",
    "carried",
    multiple=True,
    metavar="ID",
    shell_complete=complete_measures,
    help=N_("Перенести и это мероприятие. Можно повторять."),
)
@option(
    "--drop",
    "dropped",
    multiple=True,
    metavar=N_("ID=ПРИЧИНА"),
    help=N_("Не переносить мероприятие: почему. Можно повторять."),
)
@option(
    "--term",
    "terms",
    multiple=True,
    metavar=N_("ID=СРОК"),
    help=N_("Срок мероприятия в новом году. Можно повторять."),
)
@option("--renumber", is_flag=True, help=N_("Дать мероприятиям номера заново."))
@change_options
@common_options
@click.pass_context
def new_year_command(
    ctx: click.Context,
    /,
    year: int,
    carried: tuple[str, ...],
    dropped: tuple[str, ...],
    terms: tuple[str, ...],
    renumber: bool,  # noqa: FBT001 - an option
) -> None:
    """Save the programme of the next year."""
    options = ctx.ensure_object(CommonOptions)
    programme = _programme_before(year, options)
    snapshot = programme.read()
    plan = snapshot.plan
    period = _following(plan, year)
    reasons, new_terms = _by_measure(ctx, plan, dropped), _by_measure(ctx, plan, terms)
    # Whoever gives a measure a term wants it carried over.
    more = {*(find_measure(plan, one).id for one in carried), *new_terms}
    if both := ", ".join(one.id for one in plan.measures if one.id in more & reasons.keys()):
        message = _("{measures}: указано и перенести, и не переносить (--drop). Оставьте одно.")
        raise click.UsageError(message.format(measures=both), ctx)
    chosen = [
        one
        for one in candidates(plan, period, options.day(plan))
        if (one.is_carried or one.measure.id in more) and one.measure.id not in reasons
    ]
    data = next_programme(
        snapshot.data,
        chosen,
        period=period,
        source=path_to_carry_from(programme.path),
        terms=new_terms,
        renumbered=renumber,
    )
    path = next_path(programme.path, period)
    commit: str | None = None
    if options.dry_run:
        warnings = _preview(programme, path, next_text(snapshot, data))
    else:
        begun = begin_next(programme, snapshot, data, period, reasons)
        commit = begun.result.commit
        warnings = [one.message(_) for one in begun.result.warnings]
        if begun.earlier is not None:
            what = saved_subject(programme, begun.earlier)
            warnings.insert(0, _(_EARLIER_COMMITTED).format(what=what))
    texts = {one.measure.id: one.term.text for one in chosen if one.term is not None}
    lines = _lines(chosen, {**texts, **new_terms}, rows_of(data) if renumber else ())
    _answer(path, lines, [one.measure.id for one in chosen], commit, warnings, options)


def _programme_before(year: int, options: CommonOptions) -> Programme:
    """Return the programme that a year follows: among several, that of the last day before it.

    Raises:
        KvartalError: There is none, or there are several.
    """
    before = replace(options, as_of=f"{year - 1}-12-31")
    programme = selected_programme(before)
    options.programme = before.programme
    return programme


def _preview(programme: Programme, path: Path, text: str) -> list[str]:
    """Check that the programme would be begun; return what would be done besides."""
    creation.check_new(open_plan(path), text)
    if not is_earlier_uncommitted(programme):
        return []
    if programme.state().is_edited:
        check_adoptable(programme)
    return [_("Прежняя программа будет сначала внесена в историю отдельно, как она есть.")]


def _answer(
    path: Path,
    lines: Iterable[str],
    ids: list[str],
    commit: str | None,
    warnings: list[str],
    options: CommonOptions,
) -> None:
    """Print what was begun, or would be."""
    with answer_of_saved(is_saved=commit is not None):
        if options.as_json:
            row = {"commit": commit, "ids": ids, "changes": [], "warnings": [*warnings]}
            output.json_data({**row, "file": str(path)})
            return
        if options.programme:
            output.line(_("Из программы {plan}:").format(plan=options.programme))
        for line in lines:
            output.line(line)
        if commit is None:
            text = _("Будет создан файл {file}, мероприятий: {count}.")
            output.line(text.format(file=display_name(path), count=len(ids)))
            output.line(_(PREVIEW_ONLY))
        else:
            what = saved_subject(open_plan(path), commit)
            output.line(_("Сохранено: {what}").format(what=what))
        for warning in warnings:
            print_stderr(f"kvartal: {warning}")


def _lines(
    chosen: Sequence[Candidate],
    terms: Mapping[str, str],
    renumbered: Iterable[Mapping[str, Plain]],
) -> Iterator[str]:
    """Yield the carried measures, a line each, with the numbers that begin anew."""
    numbers = {str(row["id"]): str(row.get("number", "")) for row in renumbered}
    for one in chosen:
        measure = one.measure
        number = numbers.get(measure.id, measure.number)
        name = measure.id if number == measure.number else f"{measure.id} → {number}"
        yield f"  {name}  {measure.title}  {terms.get(measure.id, '')}".rstrip()


def _following(plan: Plan, year: int) -> ProgrammePeriod:
    """Return the period that begins in a year: as long as the programme's own.

    Raises:
        NotANextYear: None does.
    """
    following = plan.period.following
    is_next = year >= following.start.year if plan.year else year == following.start.year
    if not is_next:
        raise NotANextYear(year=year, years=plan.years_text, next=following.start.year)
    return ProgrammePeriod.of_year(year) if plan.year else following


def _by_measure(ctx: click.Context, plan: Plan, values: Sequence[str]) -> dict[str, str]:
    """Return the texts of ``ID=TEXT`` by the id.

    Raises:
        UsageError: A value is not written so.
        UnknownMeasure: There is no such measure.
    """
    found: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not text.strip():
            message = _("«{value}» не понято: напишите НОМЕР=ТЕКСТ.")
            raise click.UsageError(message.format(value=value), ctx)
        found[find_measure(plan, name).id] = text.strip()
    return found
