"""The command ``kvartal``: the table of its subcommands, and how a call of it runs and ends.

A new command is a function in a module of this package and a line in `COMMANDS`.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_USAGE, N_, KvartalError
from kvartal.tui import COMPLETION_VARIABLE, PROGRAM, failures
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import LazyGroup, usage_error_text
from kvartal.tui.commands.json_errors import print_error, print_usage_error, wants_json
from kvartal.tui.commands.params import CommonOptions, common_options, option
from kvartal.tui.i18n import LANGUAGES, _, chosen_language, use_language

OpenScreen = Callable[[Path | None, str | None, str | None], int]
"""Opens the screen, given ``--plan``, ``--as-of`` and ``--lang``; returns the exit code."""

_HERE: Final = "kvartal.tui.commands"
COMMANDS: Final = {
    "list": f"{_HERE}.list_measures:list_command",
    "show": f"{_HERE}.show:show_command",
    "overdue": f"{_HERE}.overdue:overdue_command",
    "term": f"{_HERE}.term:term_command",
    "validate": f"{_HERE}.validate:validate_command",
    "record": f"{_HERE}.record:record_command",
    "correct": f"{_HERE}.correct:correct_command",
    "set": f"{_HERE}.set_postpone_cancel:set_command",
    "postpone": f"{_HERE}.set_postpone_cancel:postpone_command",
    "cancel": f"{_HERE}.set_postpone_cancel:cancel_command",
    "add": f"{_HERE}.add_remove:add_command",
    "copy": f"{_HERE}.moving:copy_command",
    "move": f"{_HERE}.moving:move_command",
    "remove": f"{_HERE}.add_remove:remove_command",
    "section": f"{_HERE}.structure:section_command",
    "document": f"{_HERE}.structure:document_command",
    "undo": f"{_HERE}.undo:undo_command",
    "redo": f"{_HERE}.undo:redo_command",
    "adopt": f"{_HERE}.adopt:adopt_command",
    "import": f"{_HERE}.import_document:import_command",
    "export": f"{_HERE}.export:export_command",
    "digest": f"{_HERE}.digest:digest_command",
    "calendar": f"{_HERE}.calendar:calendar_command",
    "log": f"{_HERE}.log:log_command",
    "diff": f"{_HERE}.diff:diff_command",
    "gaps": f"{_HERE}.gaps:gaps_command",
    "verify": f"{_HERE}.verify:verify_command",
    "accept": f"{_HERE}.accept:accept_command",
    "init": f"{_HERE}.init:init_command",
    "new-year": f"{_HERE}.new_year:new_year_command",
    "sync": f"{_HERE}.sync:sync_command",
    "merge": f"{_HERE}.git_driver:merge_command",
    "textconv": f"{_HERE}.git_driver:textconv_command",
    "git-setup": f"{_HERE}.git_setup:git_setup_command",
    "schema": f"{_HERE}.schema:schema_command",
    "doctor": f"{_HERE}.doctor:doctor_command",
    "completion": f"{_HERE}.completion:completion_command",
}


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        output.line(f"{PROGRAM} {version(PROGRAM)}")
        ctx.exit()


@click.command(
    cls=LazyGroup,
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
@common_options
@click.pass_context
def kvartal(ctx: click.Context) -> None:
    """Open the screen when no subcommand is given."""
    if ctx.invoked_subcommand is None:
        options = ctx.ensure_object(CommonOptions)
        open_screen: OpenScreen = ctx.meta["kvartal.open_screen"]
        plan = options.plans[-1] if options.plans else None
        ctx.exit(open_screen(plan, options.as_of, ctx.meta["kvartal.language"]))


def run(arguments: Sequence[str], open_screen: OpenScreen) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: Without the name of the program.
        open_screen: Called where options are given and no command.
    """
    language = _language_option(arguments)
    use_language(chosen_language(language))
    output.prepare_stdout()
    answer = print_error if wants_json(arguments) else None
    return failures.run_guarded(lambda: _run(list(arguments), language, open_screen), answer)


def _run(arguments: list[str], language: str | None, open_screen: OpenScreen) -> int:
    if COMPLETION_VARIABLE in os.environ:
        return _complete(os.environ[COMPLETION_VARIABLE])
    try:
        with kvartal.make_context(PROGRAM, arguments) as ctx:
            ctx.meta["kvartal.open_screen"] = open_screen
            ctx.meta["kvartal.language"] = language
            _invoke(ctx)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        return failures.EXIT_INTERRUPTED
    except click.ClickException as error:
        return _wrong_usage(error, as_json=wants_json(arguments))
    return EXIT_OK


def _invoke(ctx: click.Context) -> None:
    """Run the command; its refusal names the programme where the answer would."""
    options = ctx.ensure_object(CommonOptions)  # Made here, so that subcommands share it.
    try:
        kvartal.invoke(ctx)
    except KvartalError as error:
        error.programme = error.programme or options.programme
        raise


def _wrong_usage(error: click.ClickException, *, as_json: bool) -> int:
    """Print what is wrong with the call and which help to read; for a program as JSON too."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    path = ctx.command_path if ctx is not None else PROGRAM
    failures.print_stderr(f"{path}: {usage_error_text(error)}")
    hint = _("Справка: {command} --help").format(command=path)
    failures.print_stderr(hint)
    if as_json:
        print_usage_error(error, hint)
    return EXIT_USAGE


def _complete(instruction: str) -> int:
    """Answer a shell that asks for completions."""
    from click.shell_completion import shell_complete

    return shell_complete(kvartal, {}, PROGRAM, COMPLETION_VARIABLE, instruction)


def _language_option(arguments: Sequence[str]) -> str | None:
    """Return the value of ``--lang``; it is needed before click parses: help is translated too."""
    language = None
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if argument == "--":
            break
        if name == "--lang":
            language = value if equals else next(iter(arguments[index + 1 : index + 2]), None)
    return language if language in LANGUAGES else None
