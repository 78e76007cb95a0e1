"""Arguments that several commands take, with what a shell may complete them to."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kvartal.schema.errors import KvartalError
from kvartal.schema.model import Plan
from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import open_programme

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Function = TypeVar("Function", bound=Callable[..., Any])
LONGEST_HELP: Final = 60


def measure_argument(function: Function) -> Function:
    """Give a command the argument ID: one measure."""
    return _argument("measure", metavar="ID", shell_complete=complete_measures)(function)


def measures_argument(function: Function) -> Function:
    """Give a command the argument ID…: one measure or several."""
    settings = {"nargs": -1, "required": True, "shell_complete": complete_measures}
    return _argument("measures", metavar="ID…", **settings)(function)


def optional_measure_argument(function: Function) -> Function:
    """Give a command the argument [ID]: one measure or none."""
    settings = {"required": False, "shell_complete": complete_measures}
    return _argument("measure", metavar="[ID]", **settings)(function)


def complete_measures(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Return the ids of the programme's measures that begin like this, with their proposals."""
    del param
    plan = _plan(ctx)
    measures = plan.measures if plan else ()
    return items((one.id, one.proposal) for one in measures if one.id.startswith(incomplete))


def complete_channels(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Return the numbers of the programme's channels that begin like this, with their titles."""
    del param
    plan = _plan(ctx)
    channels = plan.channels.values() if plan else ()
    return items((one.number, one.title) for one in channels if one.number.startswith(incomplete))


def complete_sections(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Return the numbers of the programme's sections that begin like this, with their titles."""
    del param
    plan = _plan(ctx)
    sections = plan.sections if plan else ()
    return items((one.number, one.title) for one in sections if one.number.startswith(incomplete))


def _plan(ctx: click.Context) -> Plan | None:
    """Return the programme; None where it cannot be read: a shell has no place to show why."""
    try:
        return open_programme(ctx.ensure_object(CommonOptions)).plan
    except KvartalError:
        return None


def items(words: Iterable[tuple[str, str]]) -> "list[CompletionItem]":
    """Return words and their explanations as a shell is answered with them."""
    from click.shell_completion import CompletionItem

    from kvartal.tui.presentation.sanitize import shown

    return [CompletionItem(word, help=shown(text)[:LONGEST_HELP]) for word, text in words]


def _argument(name: str, **settings: Any) -> Callable[[Function], Function]:  # noqa: ANN401 - click's own
    return click.argument(name, **settings)
