"""The entry point: opens the screen where no command is given, else runs the command line.

Users wait for the screen to open, so nothing that the first paint does not need is imported before
it: neither click nor git nor the validators.
"""

import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.history.git.environment import scrub_environment
from kvartal.schema.errors import EXIT_OK
from kvartal.tui import COMPLETION_VARIABLE
from kvartal.tui.failures import print_stderr, run_guarded
from kvartal.tui.i18n import LANGUAGES, _, chosen_language, use_language
from kvartal.tui.settings import BrokenSettings, Settings, read_settings, settings_path
from kvartal.tui.terminal.kind import check_terminal
from kvartal.tui.terminal.locales import readable_arguments, use_utf8

if TYPE_CHECKING:
    from kvartal.tui.app import KvartalApp


@dataclass(slots=True)
class ScreenOptions:
    """The options that the screen takes, as given.

    Attributes:
        plan: ``--plan``.
        as_of: ``--as-of``.
        lang: ``--lang``.
    """

    plan: str | None = None
    as_of: str | None = None
    lang: str | None = None


def main() -> None:
    """Run the program and leave with its exit code."""
    _occupy_standard_streams()
    encoding = use_utf8()
    sys.exit(run(readable_arguments(sys.argv[1:], encoding)))


def _occupy_standard_streams() -> None:
    """Open what the caller has closed of the standard streams, to nowhere.

    The next file that is opened would get their number otherwise, and a child its content.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # The lowest free number, which is this one.


def run(arguments: Sequence[str]) -> int:
    """Open the screen, or run a command; return the exit code.

    Args:
        arguments: Without the name of the program.
    """
    scrub_environment()
    options = screen_options(arguments)
    if options is None or COMPLETION_VARIABLE in os.environ:
        from kvartal.tui.commands.root import run as run_command

        return run_command(arguments, open_screen)
    use_language(chosen_language(options.lang))
    plan = None if options.plan is None else Path(options.plan)
    return run_guarded(lambda: open_screen(plan, options.as_of, options.lang))


def screen_options(arguments: Sequence[str]) -> ScreenOptions | None:
    """Return the options of the screen; None where the arguments are a command.

    Args:
        arguments: Without the name of the program.
    """
    options = ScreenOptions()
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if not equals and rest:
            value = rest.pop(0)
        if not value or name not in {"--plan", "--as-of", "--lang"}:
            return None
        setattr(options, name.removeprefix("--").replace("-", "_"), value)
    return options if options.lang in {None, *LANGUAGES} else None


def open_screen(plan: Path | None, as_of: str | None, lang: str | None = None) -> int:
    """Open the screen; return the exit code once it is closed.

    Args:
        plan: What ``--plan`` says, if anything.
        as_of: What ``--as-of`` says, if anything.
        lang: What ``--lang`` says, if anything; without it the settings decide.

    Raises:
        KvartalError: The screen cannot be opened.
        Exception: A bug ended it.
    """
    # Hardly anything becomes garbage before the first paint, and looking for it takes a tenth of
    # the time until then. RefreshService.begin() enables the collector again.
    gc.disable()
    settings, notice = _settings()
    if lang is None and settings.language:
        use_language(settings.language)
    check_terminal()
    today = date.today()  # noqa: DTZ011 - the local date is meant
    choice = _plan(plan, settings, today)
    path, warning, is_new = choice.path, choice.warning, choice.is_new
    while path is not None:
        app = _app(path, as_of, settings, today)
        app.notice = warning or (notice.message(_) if notice is not None else "")
        app.is_new = is_new
        app.run()
        _print_last(app.last_words)
        if app.bug is not None:
            raise app.bug
        path, is_new, as_of = app.next_plan, app.next_is_new, None
        settings, warning = app.settings, ""
        if path is None:
            return app.return_code or EXIT_OK
    return choice.exit_code


def _app(path: Path, as_of: str | None, settings: Settings, today: date) -> "KvartalApp":
    from kvartal.tui.app import KvartalApp
    from kvartal.tui.plans.path import open_plan

    app = KvartalApp(open_plan(path), settings)
    if as_of is not None:
        from kvartal.schema.period import ProgrammePeriod
        from kvartal.tui.dates import typed_date

        this_year = ProgrammePeriod.of_year(today.year)
        period = app.snapshot.plan.period if app.snapshot else this_year
        app.show_date(typed_date(as_of, period=period, today=today))
    return app


@dataclass(frozen=True, slots=True)
class _Choice:
    """The plan file to open.

    Attributes:
        path: None where the user left instead.
        warning: What to say of the copies beside it.
        is_new: Whether it was just created.
        exit_code: How the program ends where nothing is to be opened.
    """

    path: Path | None
    warning: str = ""
    is_new: bool = False
    exit_code: int = EXIT_OK


def _plan(plan: Path | None, settings: Settings, today: date) -> _Choice:
    """Return the plan file: a deleted one too, the screen opens and reports it.

    Where there is none, or where several hold the day, the user is asked.
    """
    from kvartal.tui.plans.names import copies_sentence
    from kvartal.tui.plans.path import (
        NamedPlanOnlyCommitted,
        PlanNotFound,
        PlanOnlyCommitted,
        committed_path,
        find_plans,
    )

    cwd = Path.cwd()
    try:
        options = [] if plan is None else [plan]
        selection = find_plans(options, cwd, os.environ, today)
    except (PlanOnlyCommitted, NamedPlanOnlyCommitted) as error:
        return _Choice(committed_path(error))
    except PlanNotFound:
        return _asked(cwd, settings, today)
    if len(selection.paths) > 1:
        return _asked(cwd, settings, today, selection.paths[-1])
    warning = copies_sentence(selection.copies) if selection.copies else ""
    return _Choice(selection.paths[0], warning)


def _asked(folder: Path, settings: Settings, today: date, current: Path | None = None) -> _Choice:
    from kvartal.tui.start import StartApp

    app = StartApp(folder, settings, today, current=current)
    path = app.run()
    _print_last(app.last_words)
    if app.bug is not None:
        raise app.bug
    return _Choice(path, is_new=app.is_new, exit_code=app.return_code or EXIT_OK)


def _print_last(words: str) -> None:
    for line in words.splitlines():
        print_stderr(f"kvartal: {line}")


def _settings() -> tuple[Settings, BrokenSettings | None]:
    try:
        return read_settings(settings_path()), None
    except BrokenSettings as error:
        return Settings(), error


if __name__ == "__main__":
    main()
