"""``kvartal set``, ``postpone`` and ``cancel``: change one measure or several at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import N_
from kvartal.schema.fields import FIELDS
from kvartal.schema.model import FieldType
from kvartal.schema.operations import cancel, joined, postpone, set_fields
from kvartal.tui.commands.arguments import (
    complete_measures,
    completion_items,
    meant_ids,
    measures_argument,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    DateType,
    Function,
    change_options,
    common_options,
    option,
    typed_day,
    with_days,
)
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.commands.term_options import (
    given_term_options,
    open_term_warnings,
    term_options,
)
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem


def _complete_argument(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Return the ids of measures and the names of fields that begin with this."""
    fields = completion_items(
        (f"{field.name}=", _(field.label)) for field in FIELDS if field.name.startswith(incomplete)
    )
    return [*complete_measures(ctx, param, incomplete), *fields]


@click.command(
    "set",
    cls=Command,
    help=N_(
        "Задать поля мероприятия одной записью в истории: set 1.1.2 responsible=Иванова. "
        "Пустое значение убирает необязательное поле. Действия разделяются «;». Поля в списках "
        "называют с номером от нуля: budget.0.plan, responsible.1.name; «budget.1=» убирает запись "
        "из списка. Свои поля — extra.КЛЮЧ."
    ),
)
@click.argument(
    "arguments",
    metavar=N_("ID… ПОЛЕ=ЗНАЧЕНИЕ…"),
    nargs=-1,
    required=True,
    shell_complete=_complete_argument,
)
@term_options
@change_options
@common_options
@click.pass_context
def set_command(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Save the new values of fields."""
    measures, texts = _assignments(ctx, arguments)
    stated = given_term_options(ctx)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        reading = stated.reading(plan)
        ids = meant_ids(plan, measures)
        days = [f"extra.{one.key}" for one in plan.fields if one.type is FieldType.DATE]
        dated = with_days(texts, days, plan)
        change = joined(set_fields(snapshot.data, one, dated, reading) for one in ids)
        return PreparedChange(change, warnings=open_term_warnings(change))

    save(ctx.ensure_object(CommonOptions), prepare)


def _assignments(ctx: click.Context, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the ids and the new values by field.

    Raises:
        UsageError: There are no ids, no values, or two values of a field.
    """
    measures = [argument for argument in arguments if "=" not in argument]
    texts: dict[str, str] = {}
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals:
            continue
        if not name.strip():
            message = _(
                "«{value}» не понято: напишите ПОЛЕ=ЗНАЧЕНИЕ, например responsible=Иванова."
            )
            raise click.UsageError(message.format(value=argument), ctx)
        if name.strip() in texts:
            raise click.UsageError(_("Поле «{name}» задано дважды.").format(name=name), ctx)
        texts[name.strip()] = text
    if not measures:
        raise click.UsageError(_("Не сказано, у какого мероприятия: назовите его ID."), ctx)
    if not texts:
        message = _("Не сказано, что задать: напишите ПОЛЕ=ЗНАЧЕНИЕ, например responsible=Иванова.")
        raise click.UsageError(message, ctx)
    return measures, texts


def _decision_options(function: Function) -> Function:
    """Give a command the options of a decision: its date, reason and basis."""
    decorators: tuple[Callable[[Function], Function], ...] = (
        option(
            "--date", "on", type=DateType(), metavar=N_("ДАТА"), help=N_("С какого дня действует.")
        ),
        option("--basis", default="", metavar=N_("ТЕКСТ"), help=N_("Основание: документ.")),
        option("--reason", required=True, metavar=N_("ТЕКСТ"), help=N_("Причина.")),
    )
    for decorate in decorators:
        function = decorate(function)
    return function


@click.command(
    "postpone",
    cls=Command,
    help=N_("Перенести срок мероприятия. Первоначальный срок остаётся в программе."),
)
@measures_argument
@option(
    "--to",
    required=True,
    metavar=N_("СРОК"),
    help=N_("Новый срок словами: «4 квартал», «II–III», «до 30.11.2024»."),
)
@term_options
@_decision_options
@change_options
@common_options
@click.pass_context
def postpone_command(
    ctx: click.Context,
    measures: tuple[str, ...],
    to: str,
    reason: str,
    basis: str,
    on: str | None,
) -> None:
    """Save a postponement of each of the measures."""
    options = ctx.ensure_object(CommonOptions)
    stated = given_term_options(ctx)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        day = options.day(plan) if on is None else typed_day(on, plan)
        reading = stated.reading(plan)
        ids = meant_ids(plan, measures)
        how = {"to": to, "reason": reason, "basis": basis}
        change = joined(postpone(snapshot.data, one, **how, day=day, stated=reading) for one in ids)
        return PreparedChange(change, warnings=open_term_warnings(change))

    save(options, prepare)


@click.command(
    "cancel", cls=Command, help=N_("Снять мероприятие с плана. Из программы оно не исчезает.")
)
@measures_argument
@_decision_options
@change_options
@common_options
@click.pass_context
def cancel_command(
    ctx: click.Context, measures: tuple[str, ...], reason: str, basis: str, on: str | None
) -> None:
    """Save a cancellation of each of the measures."""
    options = ctx.ensure_object(CommonOptions)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        day = options.day(plan) if on is None else typed_day(on, plan)
        ids = meant_ids(plan, measures)
        return PreparedChange(
            joined(cancel(snapshot.data, one, reason=reason, day=day, basis=basis) for one in ids)
        )

    save(options, prepare)
