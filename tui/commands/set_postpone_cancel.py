"""``kvartal set``, ``postpone`` and ``cancel``: change one measure."""

from typing import TYPE_CHECKING

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import N_
from kvartal.schema.fields import FIELDS
from kvartal.schema.operations import cancel, postpone, set_fields
from kvartal.tui.commands.arguments import completion_items, find_measure, measure_argument
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    DateType,
    Function,
    TextType,
    common_options,
    option,
    typed_day,
)
from kvartal.tui.commands.programme import PreparedChange, save, selected_programme
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem


class AssignmentType(TextType):
    """``FIELD=VALUE``: the new value of a field."""

    name = "assignment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text if it begins with the name of a field."""
        name, equals, _text = value.partition("=")
        if not equals or not name.strip():
            text = _("«{value}» не понято: напишите ПОЛЕ=ЗНАЧЕНИЕ, например responsible=Иванова.")
            self.fail(text.format(value=value), param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        """Return the names of fields that begin with this."""
        del ctx, param
        return completion_items(
            (f"{field.name}=", _(field.label))
            for field in FIELDS
            if field.name.startswith(incomplete)
        )


@click.command(
    "set",
    cls=Command,
    help=N_(
        "Задать поля мероприятия одной записью в истории: set 1.1.2 responsible=Иванова. "
        "Пустое значение убирает необязательное поле. Действия разделяются «;»."
    ),
)
@measure_argument
@click.argument(
    "assignments",
    metavar=N_("ПОЛЕ=ЗНАЧЕНИЕ…"),
    nargs=-1,
    required=True,
    type=AssignmentType(),
)
@common_options
@click.pass_context
def set_command(ctx: click.Context, measure: str, assignments: tuple[str, ...]) -> None:
    """Save the new values of fields."""
    texts: dict[str, str] = {}
    for assignment in assignments:
        name, _equals, text = assignment.partition("=")
        if name.strip() in texts:
            raise click.UsageError(_("Поле «{name}» задано дважды.").format(name=name), ctx)
        texts[name.strip()] = text

    def prepare(snapshot: Snapshot) -> PreparedChange:
        measure_id = find_measure(snapshot.plan, measure).id
        return PreparedChange(set_fields(snapshot.data, measure_id, texts))

    save(selected_programme(ctx.ensure_object(CommonOptions)), prepare)


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
@measure_argument
@option(
    "--to",
    required=True,
    metavar=N_("СРОК"),
    help=N_("Новый срок: «4», «III», «2-3» или дата «30.11.2024»."),
)
@_decision_options
@common_options
@click.pass_context
def postpone_command(
    ctx: click.Context, measure: str, to: str, reason: str, basis: str, on: str | None
) -> None:
    """Save a postponement."""
    options = ctx.ensure_object(CommonOptions)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        change = postpone(
            snapshot.data,
            find_measure(plan, measure).id,
            to=to,
            reason=reason,
            day=options.day(plan) if on is None else typed_day(on, plan),
            basis=basis,
        )
        return PreparedChange(change)

    save(selected_programme(options), prepare)


@click.command(
    "cancel", cls=Command, help=N_("Снять мероприятие с плана. Из программы оно не исчезает.")
)
@measure_argument
@_decision_options
@common_options
@click.pass_context
def cancel_command(
    ctx: click.Context, measure: str, reason: str, basis: str, on: str | None
) -> None:
    """Save a cancellation."""
    options = ctx.ensure_object(CommonOptions)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        change = cancel(
            snapshot.data,
            find_measure(plan, measure).id,
            reason=reason,
            day=options.day(plan) if on is None else typed_day(on, plan),
            basis=basis,
        )
        return PreparedChange(change)

    save(selected_programme(options), prepare)
