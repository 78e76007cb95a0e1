"""``kvartal completion``: the script that makes a shell complete commands, ids and fields."""

from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import N_
from kvartal.tui import COMPLETION_VARIABLE, PROGRAM
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import common_options, one_of

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

SHELLS: Final = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    help=N_(
        "Напечатать сценарий автодополнения для оболочки: bash, zsh или fish. "
        'Например, в ~/.bashrc: eval "$(kvartal completion bash)".'
    ),
)
@click.argument("shell", metavar="bash|zsh|fish", type=one_of(*SHELLS))
@common_options
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the completion script."""
    root = ctx.find_root().command
    output.script(_completer(shell, root, PROGRAM, COMPLETION_VARIABLE).source())


def _completer(shell: str, root: click.Command, program: str, variable: str) -> "ShellComplete":
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    if shell == "bash":

        class Bash(BashComplete):
            """Click's own, without the check of whichever bash is on the path."""

            @staticmethod
            def _check_version() -> None:
                return

        return Bash(root, {}, program, variable)
    kind = ZshComplete if shell == "zsh" else FishComplete
    return kind(root, {}, program, variable)
