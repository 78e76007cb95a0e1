"""How a failure is told: a sentence for what was foreseen, a log file for a bug.

Used by the entry point for the screen and for the command line alike. Nothing here shows a
traceback: whoever reads it is not a programmer, and what it says is in the log.
"""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import EXIT_BUG, N_, KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kvartal.schema.problems import Problem

EXIT_INTERRUPTED: Final = 130
"""What a shell expects of a program that Ctrl-C ended."""


class SystemRefused(KvartalError):
    """The operating system refused something that no layer foresaw, such as room on the disk."""

    template = N_("Система отказала: {reason}.")


class SystemRefusedFile(SystemRefused):
    """The operating system refused something about a file."""

    template = N_("Система отказала: {reason}. Файл: «{file}».")


MOST_TOLD: Final = 9
"""How many further problems are told after the first one."""

BUG: Final = N_(
    "Это ошибка в самой программе kvartal, а не в ваших данных. "
    "Что сохранено раньше, то сохранено. Приложите к сообщению об ошибке файл «{log}»."
)
BUG_WITHOUT_LOG: Final = N_(
    "Это ошибка в самой программе kvartal, а не в ваших данных. "
    "Что сохранено раньше, то сохранено. Записать её описание не удалось; её вид: {kind}."
)


def note(text: str) -> None:
    """Print a sentence to stderr, literally; a closed stderr is nobody's trouble.

    Args:
        text: Any text; control characters are shown, line breaks are kept.
    """
    stream = sys.stderr
    if stream is None:
        return
    line = shown(text, lines=True) + "\n"
    encoding = stream.encoding or "ascii"
    try:
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except (OSError, ValueError):
        return


def tell(error: KvartalError) -> int:
    """Print the sentence of an expected failure and return its exit code.

    Where several things are wrong with a programme, the sentence tells the first; the others
    follow, a line each.
    """
    note(f"kvartal: {error.message(_)}")
    others: Sequence[Problem] = getattr(error, "problems", ())[1:]
    # What a change would make wrong stands in no file yet: no lines are told of it.
    in_file = "{line}" in error.template
    for problem in others[:MOST_TOLD]:
        place = f"{problem.file}:{problem.line}: " if in_file else ""
        note(f"  {place}{problem.message(_)}")
    if len(others) > MOST_TOLD:
        note(
            _("  … и ещё {count}. Все ошибки покажет `kvartal validate`.").format(
                count=len(others) - MOST_TOLD
            )
        )
    return error.exit_code


def tell_system(error: OSError) -> int:
    """Print what the operating system refused and return the exit code."""
    reason = error.strerror or str(error)
    if error.filename is None:
        return tell(SystemRefused(reason=reason))
    return tell(SystemRefusedFile(reason=reason, file=os.fsdecode(error.filename)))


def tell_bug(error: BaseException) -> int:
    """Write a bug down, print where, and return the exit code."""
    log = write_log(error)
    if log is None:
        note(f"kvartal: {_(BUG_WITHOUT_LOG).format(kind=type(error).__name__)}")
    else:
        note(f"kvartal: {_(BUG).format(log=log)}")
    return EXIT_BUG


def write_log(error: BaseException) -> Path | None:
    """Write the description of a bug to a new log file.

    Returns:
        The file; None where neither the log folder nor the temporary one can be written.
    """
    now = datetime.now().astimezone()
    name = f"kvartal-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
    text = _description(error, now)
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return path
    return None


def _folders() -> tuple[Path, ...]:
    from tempfile import gettempdir

    from platformdirs import user_log_path

    return user_log_path("kvartal", appauthor=False), Path(gettempdir())


def _description(error: BaseException, now: datetime) -> str:
    """Return what helps to find a bug: where it was, and with which versions."""
    import platform
    import traceback
    from importlib.metadata import PackageNotFoundError, version

    lines = [f"{now.isoformat()}", f"Python {platform.python_version()}, {platform.platform()}"]
    for package in ("kvartal", "textual", "click", "gitpython", "ruamel-yaml", "jsonschema"):
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            lines.append(f"{package} –")
    lines += [f"arguments: {sys.argv[1:]!r}", "", "".join(traceback.format_exception(error))]
    return "\n".join(lines)
