"""``kvartal add`` and ``remove``: add a measure to the programme, or remove one."""

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Missing, Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import BY_NAME, parse
from kvartal.schema.operations import add, next_number, remove
from kvartal.schema.terms import entered_term
from kvartal.schema.writing import plain_term
from kvartal.tui.commands.arguments import (
    complete_channels,
    complete_measures,
    find_measure,
    measure_argument,
    require_channel,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, option
from kvartal.tui.commands.programme import PreparedChange, save, selected_programme
from kvartal.tui.i18n import _

_TEXTS = ("proposal", "result", "responsible", "notes")


@click.command(
    "add",
    cls=Command,
    help=N_(
        "Добавить мероприятие в канал обслуживания. Без номера оно получает следующий; "
        "с номером, который уже есть, продолжает его строку."
    ),
)
@option(
    "--channel",
    required=True,
    metavar="N.N",
    shell_complete=complete_channels,
    help=N_("Канал обслуживания."),
)
@option("--proposal", required=True, metavar=N_("ТЕКСТ"), help=N_("Предложение."))
@option(
    "--action",
    "actions",
    multiple=True,
    metavar=N_("ТЕКСТ"),
    help=N_("Действие. Можно повторять."),
)
@option(
    "--actions-from",
    metavar="ID",
    shell_complete=complete_measures,
    help=N_("Вместо действий: мероприятие, с которым они общие."),
)
@option("--term", required=True, metavar=N_("СРОК"), help=N_("Срок: «4», «1-4», «30.11.2024»."))
@option("--result", required=True, metavar=N_("ТЕКСТ"), help=N_("Ожидаемый результат."))
@option("--number", metavar="N.N.N", help=N_("Номер, как в таблице."))
@option("--responsible", metavar=N_("ТЕКСТ"), help=N_("Ответственный исполнитель."))
@option("--notes", metavar=N_("ТЕКСТ"), help=N_("Примечания."))
@common_options
@click.pass_context
def add_command(
    ctx: click.Context,
    /,
    channel: str,
    actions: tuple[str, ...],
    actions_from: str | None,
    term: str,
    number: str | None,
    **texts: str | None,
) -> None:
    """Save a new measure."""
    if bool(actions) == bool(actions_from):
        text = _("Нужно что-то одно: --action или --actions-from.")
        raise click.UsageError(text, ctx)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        require_channel(plan, channel)
        row: dict[str, Plain] = {
            "channel": channel,
            "number": (number or "").strip() or next_number(plan, channel),
            "proposal": _text("proposal", texts) or "",
        }
        if actions_from:
            row["actions_from"] = find_measure(plan, actions_from).id
        else:
            row["actions"] = [action.strip() for action in actions]
        row["term"] = plain_term(entered_term(term, plan.year, plan.language))
        for name in _TEXTS[1:]:
            value = _text(name, texts)
            if value:
                row[name] = value
        return PreparedChange(add(snapshot.data, row))

    save(selected_programme(ctx.ensure_object(CommonOptions)), prepare)


@click.command(
    "remove",
    cls=Command,
    help=N_(
        "Убрать мероприятие из файла совсем, например внесённое по ошибке. "
        "Невыполненное снимают с плана: kvartal cancel."
    ),
)
@measure_argument
@common_options
@click.pass_context
def remove_command(ctx: click.Context, measure: str) -> None:
    """Save the programme without a measure."""

    def prepare(snapshot: Snapshot) -> PreparedChange:
        return PreparedChange(remove(snapshot.data, find_measure(snapshot.plan, measure).id))

    save(selected_programme(ctx.ensure_object(CommonOptions)), prepare)


def _text(name: str, texts: dict[str, str | None]) -> str | None:
    """Return the value of a text option, parsed as the field of the same name.

    Raises:
        FieldRequired: It is empty, but the field is required.
    """
    value = texts[name]
    plain = None if value is None else parse(BY_NAME[name], value)
    return None if plain is None or isinstance(plain, Missing) else str(plain)
