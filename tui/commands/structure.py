"""``kvartal section`` and ``document``: the structure of the programme and its own fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Change
from kvartal.schema.description import describe
from kvartal.schema.document_fields import document_path, set_document
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.structure import (
    Part,
    PartKind,
    add_part,
    move_part,
    part_numbered,
    remove_part,
    set_part,
)
from kvartal.tui.commands.arguments import complete_channels, complete_sections
from kvartal.tui.commands.click_classes import Command, LazyGroup
from kvartal.tui.commands.params import (
    CommonOptions,
    Function,
    change_options,
    common_options,
    one_of,
    option,
    with_days,
)
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.i18n import _

_HERE: Final = "kvartal.tui.commands.structure"
_FIELDS: Final = ("number", "title", "segment")


class UnknownPartField(KvartalError):
    """A section or a channel has no field of this name."""

    template = N_("Поля «{field}» у раздела и канала нет. Можно задать: {known}.")


@click.command(
    "section",
    cls=LazyGroup,
    help=N_("Разделы и каналы: добавить, назвать иначе, переставить, удалить пустой."),
    lazy={
        "add": f"{_HERE}:section_add",
        "set": f"{_HERE}:section_set",
        "move": f"{_HERE}:section_move",
        "remove": f"{_HERE}:section_remove",
    },
)
@common_options
def section_command() -> None:
    """Take the options that every command takes, before the name of what is to be done."""


@click.command(
    "document",
    cls=LazyGroup,
    help=N_("Реквизиты и текст документа, названия уровней, поля и столбцы."),
    lazy={"set": f"{_HERE}:document_set"},
)
@common_options
def document_command() -> None:
    """Take the options that every command takes, before the name of what is to be done."""


def _kind_option(function: Function) -> Function:
    return option(
        "--channel",
        "is_channel",
        is_flag=True,
        help=N_("Это канал обслуживания, а не раздел."),
    )(function)


def _place_options(function: Function) -> Function:
    """Give a command the options that say where a section or a channel stands."""
    decorators: tuple[Callable[[Function], Function], ...] = (
        option(
            "--after",
            metavar="N",
            shell_complete=complete_channels,
            help=N_("После какого раздела или канала; обычно последним."),
        ),
        option(
            "--section",
            "under",
            metavar="N",
            shell_complete=complete_sections,
            help=N_("В каком разделе; без этого — наверху."),
        ),
    )
    for decorate in decorators:
        function = decorate(function)
    return function


@click.command(
    "add",
    cls=Command,
    help=N_("Добавить раздел или канал: section add 4 «Доступность», section add 3.8 «Чат» …"),
)
@click.argument("number", metavar="N")
@click.argument("title", metavar=N_("НАЗВАНИЕ"))
@_kind_option
@_place_options
@option("--segment", type=one_of("b2b", "b2c"), help=N_("Кого обслуживает канал."))
@change_options
@common_options
@click.pass_context
def section_add(
    ctx: click.Context,
    /,
    number: str,
    title: str,
    is_channel: bool,  # noqa: FBT001 - an option
    under: str | None,
    after: str | None,
    segment: str | None,
) -> None:
    """Save a new section or channel."""
    kind = PartKind.CHANNEL if is_channel else PartKind.SECTION
    row = {"number": number, "title": title, "segment": segment or ""}
    _save(ctx, lambda snapshot: add_part(snapshot.data, kind, row, under=under, after=after))


@click.command(
    "set",
    cls=Command,
    help=N_(
        "Назвать раздел или канал иначе: section set 1 title=Офисы. С новым номером "
        "(number=…) его мероприятия идут за ним."
    ),
)
@click.argument("number", metavar="N", shell_complete=complete_sections)
@click.argument("assignments", metavar=N_("ПОЛЕ=ЗНАЧЕНИЕ…"), nargs=-1, required=True)
@_kind_option
@change_options
@common_options
@click.pass_context
def section_set(
    ctx: click.Context,
    number: str,
    assignments: tuple[str, ...],
    is_channel: bool,  # noqa: FBT001 - an option
) -> None:
    """Save the new fields of a section or a channel."""
    texts = _assigned(ctx, assignments)
    for name in texts:
        if name not in _FIELDS:
            raise UnknownPartField(field=name, known=", ".join(_FIELDS))
    _save(
        ctx,
        lambda snapshot: set_part(snapshot.data, _part(snapshot, number, is_channel), texts),
    )


@click.command(
    "move",
    cls=Command,
    help=N_("Переставить раздел или канал со всем, что в нём: section move 2.1 --section 3."),
)
@click.argument("number", metavar="N", shell_complete=complete_sections)
@_kind_option
@_place_options
@change_options
@common_options
@click.pass_context
def section_move(
    ctx: click.Context,
    number: str,
    is_channel: bool,  # noqa: FBT001 - an option
    under: str | None,
    after: str | None,
) -> None:
    """Save a section or a channel elsewhere."""

    def moved(snapshot: Snapshot) -> Change:
        part = _part(snapshot, number, is_channel)
        return move_part(snapshot.data, part, under=under, after=after)

    _save(ctx, moved)


@click.command("remove", cls=Command, help=N_("Удалить раздел или канал, в котором ничего нет."))
@click.argument("number", metavar="N", shell_complete=complete_sections)
@_kind_option
@change_options
@common_options
@click.pass_context
def section_remove(ctx: click.Context, number: str, is_channel: bool) -> None:  # noqa: FBT001 - an option
    """Save the programme without an empty section or channel."""
    _save(ctx, lambda snapshot: remove_part(snapshot.data, _part(snapshot, number, is_channel)))


@click.command(
    "set",
    cls=Command,
    help=N_(
        "Задать поля документа: document set title=… approval.date=2026-01-12. Уровни, поля и "
        "столбцы — levels (через запятую), fields, columns; список — построчно или как JSON. "
        "Глава, таблица, строка, ячейка — chapters.0.blocks.1.table.rows.2.0, акт — "
        "references.documents.0.title; счёт с нуля, номер после последнего добавляет, пустое "
        "значение убирает."
    ),
)
@click.argument("assignments", metavar=N_("ПОЛЕ=ЗНАЧЕНИЕ…"), nargs=-1, required=True)
@change_options
@common_options
@click.pass_context
def document_set(ctx: click.Context, assignments: tuple[str, ...]) -> None:
    """Save the new fields of the document."""
    texts = _assigned(ctx, assignments)

    def change(snapshot: Snapshot) -> Change:
        days = [name for name in texts if describe(document_path(name)).get("format") == "date"]
        return set_document(snapshot.data, with_days(texts, days, snapshot.plan))

    _save(ctx, change)


def _save(ctx: click.Context, change: Callable[[Snapshot], Change]) -> None:
    save(ctx.ensure_object(CommonOptions), lambda snapshot: PreparedChange(change(snapshot)))


def _part(snapshot: Snapshot, number: str, is_channel: bool) -> Part:  # noqa: FBT001 - as the option
    return part_numbered(snapshot.data, number, PartKind.CHANNEL if is_channel else None)


def _assigned(ctx: click.Context, assignments: Sequence[str]) -> Mapping[str, str]:
    """Return the texts by field.

    Raises:
        UsageError: An argument is no assignment, or a field has two values.
    """
    texts: dict[str, str] = {}
    for argument in assignments:
        name, equals, text = argument.partition("=")
        if not equals or not name.strip():
            message = _("«{value}» не понято: напишите ПОЛЕ=ЗНАЧЕНИЕ, например title=Офисы.")
            raise click.UsageError(message.format(value=argument), ctx)
        if name.strip() in texts:
            raise click.UsageError(_("Поле «{name}» задано дважды.").format(name=name), ctx)
        texts[name.strip()] = text
    return texts
