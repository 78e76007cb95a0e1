"""``kvartal move`` and ``copy``: a measure to another place or number, and a copy of it."""

from typing import TYPE_CHECKING

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.moving import Destination, copy, move
from kvartal.schema.operations import joined
from kvartal.tui.commands.arguments import (
    complete_channels,
    complete_sections,
    find_measure,
    meant_ids,
    measure_argument,
    measures_argument,
    require_channel,
    require_section,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    Function,
    change_options,
    common_options,
    option,
)
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable


def destination_options(function: Function) -> Function:
    """Give a command the options that say where a measure goes."""
    decorators: tuple[Callable[[Function], Function], ...] = (
        option("--number", metavar="T", help=N_("Номер, как в таблице.")),
        option("--top", is_flag=True, help=N_("Вне разделов и каналов.")),
        option(
            "--section",
            metavar="N",
            shell_complete=complete_sections,
            help=N_("Раздел, если мероприятие стоит прямо в нём."),
        ),
        option(
            "--channel",
            metavar="N",
            shell_complete=complete_channels,
            help=N_("Канал обслуживания."),
        ),
    )
    for decorate in decorators:
        function = decorate(function)
    return function


@click.command(
    "move",
    cls=Command,
    help=N_(
        "Перенести мероприятие в другой канал или раздел или дать ему другой номер. Обозначение, "
        "отметки и история остаются; без --number номер прежний."
    ),
)
@measures_argument
@destination_options
@change_options
@common_options
@click.pass_context
def move_command(
    ctx: click.Context,
    /,
    measures: tuple[str, ...],
    channel: str | None,
    section: str | None,
    top: bool,  # noqa: FBT001 - an option
    number: str | None,
) -> None:
    """Save measures in another place."""
    require_one_place(ctx, channel, section, top=top)
    if channel is None and section is None and not top and number is None:
        raise click.UsageError(_("Не сказано, куда: --channel, --section или --number."), ctx)
    if number is not None and len(measures) > 1:
        raise click.UsageError(_("Номер дают одному мероприятию, а названо несколько."), ctx)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        to = _destination(snapshot.plan, channel, section, number, top=top)
        ids = meant_ids(snapshot.plan, measures)
        return PreparedChange(_moved(snapshot.data, ids, to))

    save(ctx.ensure_object(CommonOptions), prepare)


@click.command(
    "copy",
    cls=Command,
    help=N_("Скопировать мероприятие: без отметок, переносов и снятия, с новым обозначением."),
)
@measure_argument
@destination_options
@change_options
@common_options
@click.pass_context
def copy_command(
    ctx: click.Context,
    /,
    measure: str,
    channel: str | None,
    section: str | None,
    top: bool,  # noqa: FBT001 - an option
    number: str | None,
) -> None:
    """Save a copy of a measure."""
    require_one_place(ctx, channel, section, top=top)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        to = _destination(snapshot.plan, channel, section, number, top=top)
        return PreparedChange(copy(snapshot.data, find_measure(snapshot.plan, measure).id, to))

    save(ctx.ensure_object(CommonOptions), prepare)


def require_one_place(
    ctx: click.Context, channel: str | None, section: str | None, *, top: bool
) -> None:
    """Refuse a command that names more than one place for a measure.

    Raises:
        UsageError: It does.
    """
    if sum((channel is not None, section is not None, top)) > 1:
        raise click.UsageError(_("Нужно что-то одно: --channel, --section или --top."), ctx)


def _destination(
    plan: Plan, channel: str | None, section: str | None, number: str | None, *, top: bool
) -> Destination:
    """Return where a measure goes.

    Raises:
        NoSuchChannel, NoSuchSection: The programme has none of this number.
    """
    if channel is not None:
        require_channel(plan, channel)
    if section is not None:
        require_section(plan, section)
    is_kept = channel is None and section is None and not top
    return Destination(channel, section, number, is_kept)


def _moved(data: PlanData, ids: list[str], to: Destination) -> Change:
    changes = []
    for measure in ids:
        change = move(data, measure, to)
        data = apply_edits(data, change.edits)
        changes.append(change)
    return joined(changes)
