"""``kvartal add`` and ``remove``: add a measure to the programme, or remove some."""

import click

from kvartal.history.diff.removals import facts_lost
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Missing, Plain
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import BY_NAME, parse
from kvartal.schema.model import Plan
from kvartal.schema.numbering import next_number
from kvartal.schema.operations import add, remove_all
from kvartal.schema.terms import typed_term
from kvartal.schema.writing import plain_term
from kvartal.tui.commands.arguments import (
    complete_channels,
    complete_measures,
    complete_sections,
    find_measure,
    meant_ids,
    measures_argument,
    require_channel,
    require_section,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.moving import require_one_place
from kvartal.tui.commands.params import CommonOptions, change_options, common_options, option
from kvartal.tui.commands.reasons import LostFacts, reason_option
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.commands.term_options import (
    given_term_options,
    open_term_warnings,
    term_options,
)
from kvartal.tui.i18n import _


class PlaceMissing(KvartalError):
    """A new measure of a programme with sections names no place."""

    template = N_("Не сказано, куда добавить: укажите --channel, --section или --top.")


_TEXTS = ("proposal", "result", "responsible", "notes")


@click.command(
    "add",
    cls=Command,
    help=N_(
        "Добавить мероприятие в канал обслуживания, в раздел или вне разделов. Без номера оно "
        "получает следующий; с номером, который уже есть, продолжает его строку."
    ),
)
@option(
    "--channel",
    metavar="N",
    shell_complete=complete_channels,
    help=N_("Канал обслуживания."),
)
@option(
    "--section",
    metavar="N",
    shell_complete=complete_sections,
    help=N_("Раздел, если мероприятие стоит прямо в нём."),
)
@option("--top", is_flag=True, help=N_("Вне разделов и каналов."))
@option("--proposal", metavar=N_("ТЕКСТ"), help=N_("Предложение."))
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
@option(
    "--term",
    required=True,
    metavar=N_("СРОК"),
    help=N_("Срок словами: «4 квартал», «I–IV», «до 30.11.2024», «постоянно»."),
)
@term_options
@option("--result", metavar=N_("ТЕКСТ"), help=N_("Ожидаемый результат."))
@option("--number", metavar="N", help=N_("Номер, как в таблице."))
@option("--responsible", metavar=N_("ТЕКСТ"), help=N_("Ответственный исполнитель."))
@option("--notes", metavar=N_("ТЕКСТ"), help=N_("Примечания."))
@change_options
@common_options
@click.pass_context
def add_command(
    ctx: click.Context,
    /,
    channel: str | None,
    section: str | None,
    top: bool,  # noqa: FBT001 - an option
    actions: tuple[str, ...],
    actions_from: str | None,
    term: str,
    number: str | None,
    **texts: str | None,
) -> None:
    """Save a new measure."""
    if actions and actions_from:
        text = _("Нужно что-то одно: --action или --actions-from.")
        raise click.UsageError(text, ctx)
    require_one_place(ctx, channel, section, top=top)
    if not (actions or actions_from or texts["proposal"]):
        raise click.UsageError(_("Не сказано, что делать: --proposal или --action."), ctx)
    stated = given_term_options(ctx)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        row = _place(plan, channel, section, top=top)
        place = (channel, section)
        row["number"] = (number or "").strip() or next_number(plan, place)
        proposal = _text("proposal", texts)
        if proposal:
            row["proposal"] = proposal
        if actions_from:
            row["actions_from"] = find_measure(plan, actions_from).id
        elif actions:
            row["actions"] = [action.strip() for action in actions]
        read = typed_term(term, plan.period, stated.reading(plan))
        row["term"] = plain_term(read, plan.year)
        for name in _TEXTS[1:]:
            value = _text(name, texts)
            if value:
                row[name] = value
        change = add(snapshot.data, row)
        return PreparedChange(change, warnings=open_term_warnings(change))

    save(ctx.ensure_object(CommonOptions), prepare)


def _place(plan: Plan, channel: str | None, section: str | None, *, top: bool) -> dict[str, Plain]:
    """Return where a new measure stands: in a channel, in a section, or in a flat programme.

    Raises:
        NoSuchChannel, NoSuchSection: The programme has none of this number.
        PlaceMissing: The programme has sections, and none is named.
    """
    if channel is not None:
        require_channel(plan, channel)
        return {"channel": channel}
    if section is not None:
        require_section(plan, section)
        return {"section": section}
    if plan.sections and not top:
        raise PlaceMissing
    return {}


@click.command(
    "remove",
    cls=Command,
    help=N_(
        "Убрать мероприятие из файла совсем, например внесённое по ошибке. "
        "Невыполненное снимают с плана: kvartal cancel."
    ),
)
@measures_argument
@reason_option
@change_options
@common_options
@click.pass_context
def remove_command(ctx: click.Context, measures: tuple[str, ...], reason: str) -> None:
    """Save the programme without the measures."""
    options = ctx.ensure_object(CommonOptions)
    facts = LostFacts(options, reason)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        ids = meant_ids(plan, measures)
        change = remove_all(snapshot.data, ids)
        lost = facts_lost(snapshot.data, change)
        why = facts.reason(lost)
        return PreparedChange(change, reason=why, warnings=facts.warnings(lost))

    save(options, prepare)


def _text(name: str, texts: dict[str, str | None]) -> str | None:
    """Return the value of a text option, parsed as the field of the same name.

    Raises:
        FieldRequired: It is empty, but the field is required.
    """
    value = texts[name]
    plain = None if value is None else parse(BY_NAME[name], value)
    return None if plain is None or isinstance(plain, Missing) else str(plain)
