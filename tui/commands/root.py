"""The command ``kvartal`` itself: its subcommands, what all of them take, and how it ends."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_USAGE, N_, KvartalError
from kvartal.tui import failures
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import LazyGroup, complaint
from kvartal.tui.commands.params import CommonOptions, option, shared_options
from kvartal.tui.i18n import LANGUAGES, _, chosen_language, use_language

PROGRAM: Final = "kvartal"
COMPLETION_VARIABLE: Final = "_KVARTAL_COMPLETE"
"""Set by a shell's completion script: the program is then asked for words, not to run."""

Screen = Callable[[Path | None, str | None, str | None], int]
"""Opens the screen on what ``--plan``, ``--as-of`` and ``--lang`` say."""

_HERE: Final = "kvartal.tui.commands"
COMMANDS: Final = {
    "list": f"{_HERE}.list_overdue:list_command",
    "show": f"{_HERE}.show:show_command",
    "overdue": f"{_HERE}.list_overdue:overdue_command",
    "validate": f"{_HERE}.validate:validate_command",
    "record": f"{_HERE}.record:record_command",
    "set": f"{_HERE}.set_postpone_cancel:set_command",
    "postpone": f"{_HERE}.set_postpone_cancel:postpone_command",
    "cancel": f"{_HERE}.set_postpone_cancel:cancel_command",
    "add": f"{_HERE}.add_remove:add_command",
    "remove": f"{_HERE}.add_remove:remove_command",
    "undo": f"{_HERE}.undo:undo_command",
    "redo": f"{_HERE}.undo:redo_command",
    "adopt": f"{_HERE}.init_adopt:adopt_command",
    "log": f"{_HERE}.log:log_command",
    "diff": f"{_HERE}.diff:diff_command",
    "verify": f"{_HERE}.verify:verify_command",
    "init": f"{_HERE}.init_adopt:init_command",
    "sync": f"{_HERE}.sync:sync_command",
    "merge": f"{_HERE}.git_driver:merge_command",
    "textconv": f"{_HERE}.git_driver:textconv_command",
    "git-setup": f"{_HERE}.git_driver:git_setup_command",
    "completion": f"{_HERE}.completion:completion_command",
}


class Root(LazyGroup):
    """The group that tells failures in a sentence and ends with the exit codes of the contract."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's signature
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> Any:  # noqa: ANN401 - click's signature
        """Run as the whole program: this is what click's own test runner calls."""
        del prog_name, complete_var, standalone_mode, extra
        sys.exit(run(sys.argv[1:] if args is None else args))


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        output.line(f"{PROGRAM} {version(PROGRAM)}")
        ctx.exit()


@click.command(
    cls=Root,
    lazy=COMMANDS,
    invoke_without_command=True,
    help=N_(
        "Программа мероприятий на год: план в YAML, история в git. "
        "Без команды открывает экран. Коды выхода: 0 — всё в порядке; 1 — найдены ошибки или "
        "отказ, который можно исправить; 2 — неверный вызов; 3 — ошибка в самой программе."
    ),
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help=N_("Показать версию."),
)
@shared_options
@click.pass_context
def kvartal(ctx: click.Context) -> None:
    """Open the screen when no subcommand is given."""
    if ctx.invoked_subcommand is None:
        asked = ctx.ensure_object(CommonOptions)
        screen: Screen = ctx.meta["kvartal.screen"]
        ctx.exit(screen(asked.plan, asked.as_of, ctx.meta["kvartal.language"]))


def run(arguments: Sequence[str], screen: Screen | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: Without the name of the program.
        screen: Opens the screen, for a call with options and without a command.
    """
    language = _language_asked(arguments)
    use_language(chosen_language(language))
    output.prepare_stdout()
    return ended_calmly(lambda: _run(list(arguments), language, screen or _usual_screen))


def ended_calmly(work: Callable[[], int]) -> int:
    """Do the work of the program and return its exit code, whatever happens on the way.

    Expected failures are told in a sentence; a reader who went away and Ctrl-C are no failures;
    anything else is a bug, with a log.
    """
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
    except KvartalError as error:
        code = failures.tell(error)
    except KeyboardInterrupt:
        code = failures.EXIT_INTERRUPTED
    except OSError as error:
        code = _system_error(error)
    except Exception as error:  # noqa: BLE001 - the one place where a bug is caught, to be told
        code = failures.tell_bug(error)
    return code


def _run(arguments: list[str], language: str | None, screen: Screen) -> int:
    if COMPLETION_VARIABLE in os.environ:
        return _complete(os.environ[COMPLETION_VARIABLE])
    try:
        with kvartal.make_context(PROGRAM, arguments) as ctx:
            ctx.meta["kvartal.screen"] = screen
            ctx.meta["kvartal.language"] = language
            kvartal.invoke(ctx)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        return failures.EXIT_INTERRUPTED
    except click.ClickException as error:
        return _wrong_usage(error)
    return EXIT_OK


def _wrong_usage(error: click.ClickException) -> int:
    """Print what is wrong with the call, and where to read how it is done."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    path = ctx.command_path if ctx is not None else PROGRAM
    failures.note(f"{path}: {complaint(error)}")
    failures.note(_("Справка: {command} --help").format(command=path))
    return EXIT_USAGE


def _complete(instruction: str) -> int:
    """Answer a shell that asks for the words that may come next."""
    from click.shell_completion import shell_complete

    return shell_complete(kvartal, {}, PROGRAM, COMPLETION_VARIABLE, instruction)


def _usual_screen(plan: Path | None, as_of: str | None, language: str | None) -> int:
    from kvartal.tui.main import open_screen

    return open_screen(plan, as_of, language)


def _system_error(error: OSError) -> int:
    """A reader that went away (``| head``) is fine; anything else is told."""
    _let_go_of_stdout()
    gone = isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)
    return EXIT_OK if gone else failures.tell_system(error)


def _let_go_of_stdout() -> None:
    """Drop what stdout cannot take: the interpreter would fail at it once more when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)


def _language_asked(arguments: Sequence[str]) -> str | None:
    """Return what ``--lang`` says, looked up before anything is parsed: help speaks it too."""
    asked = None
    for at, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if argument == "--":
            break
        if name == "--lang":
            asked = value if equals else next(iter(arguments[at + 1 : at + 2]), None)
    return asked if asked in LANGUAGES else None
