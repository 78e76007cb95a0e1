"""How the program ends when something fails: a sentence for an expected failure, a log for a bug.

The screen and the command line end the same way. Nobody is shown a traceback: users are not
programmers, and the log file holds it.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO, TypeAlias

from kvartal.schema.errors import EXIT_BUG, EXIT_OK, N_, KvartalError
from kvartal.tui import substitutes
from kvartal.tui.i18n import _
from kvartal.tui.presentation.problem_list import total_of
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kvartal.schema.problems import Problem

EXIT_SIGNAL: Final = 128
"""The exit code of a program that a signal ended is this and the signal's number."""
EXIT_INTERRUPTED: Final = 130
"""What a shell expects of a program that Ctrl-C ended."""
MOST_PROBLEMS: Final = 9
"""How many further problems are reported after the first one."""

STOPPED: Final = N_(
    "Остановлено. Сохранённое раньше цело; начатое не останется наполовину: его закончит или "
    "уберёт следующая команда."
)
BUG: Final = N_(
    "Это ошибка в самой программе kvartal, а не в ваших данных. "
    "Что сохранено раньше, то сохранено. Приложите к сообщению об ошибке файл «{log}»."
)
BUG_WITHOUT_LOG: Final = N_(
    "Это ошибка в самой программе kvartal, а не в ваших данных. "
    "Что сохранено раньше, то сохранено. Записать её описание не удалось; её вид: {kind}."
)


class SystemRefused(KvartalError):
    """The operating system refused something that no module handles, such as disk space."""

    template = N_("Система отказала: {reason}.")


class SystemRefusedFile(SystemRefused):
    """The operating system refused something about a file."""

    template = N_("Система отказала: {reason}. Файл: «{file}».")


class Stopped(KvartalError):
    """A signal ended the command. Never raised: it describes `Interrupted` in ``--json``."""

    template = "{sentence}"


class Bug(KvartalError):
    """A bug. Never raised: it describes any other exception in ``--json``."""

    template = "{sentence}"
    exit_code = EXIT_BUG


Answer: TypeAlias = Callable[[KvartalError], None]
"""Tells a program that called this one why it failed."""


class Interrupted(KeyboardInterrupt):
    """A signal that ends a command.

    Attributes:
        exit_code: What a shell expects of a program that the signal ended.
        sentence: What has become of what the command did, where the command knows.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = EXIT_SIGNAL + number
        self.sentence = ""


def run_guarded(work: Callable[[], int], answer: Answer | None = None) -> int:
    """Run the program and return its exit code, however it ends.

    Expected failures and signals are reported in a sentence; a reader that closed the pipe is no
    failure; anything else is a bug and is logged.

    Args:
        work: What to run.
        answer: Told of the failure besides, where the caller is a program; None for nobody.
    """
    failure: KvartalError | None = None
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
    except KvartalError as error:
        failure, code = error, report(error)
    except Interrupted as error:
        discard_stdout()
        sentence = error.sentence or _(STOPPED)
        print_stderr(f"kvartal: {sentence}")
        failure, code = Stopped(sentence=sentence), error.exit_code
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except OSError as error:
        discard_stdout()
        if is_closed_pipe(error):
            return EXIT_OK
        failure = system_failure(error)
        code = report(failure)
    except Exception as error:  # noqa: BLE001 - the one place where a bug is caught and reported
        failure = Bug(sentence=report_bug(error))
        code = EXIT_BUG
    if answer is not None and failure is not None:
        _answer(answer, failure)
    return code


def _answer(answer: Answer, failure: KvartalError) -> None:
    """Tell the caller of a failure; where nobody reads any more, the exit code is all there is."""
    try:
        answer(failure)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        discard_stdout()


def print_stderr(text: str) -> None:
    """Print a sentence to stderr, literally; a closed stderr is ignored.

    Args:
        text: Any text; control characters are made visible, line breaks are kept.
    """
    stream = sys.stderr
    if stream is None:
        return
    line = shown(text, lines=True) + "\n"
    encoding = stream.encoding or "ascii"
    substitutes.register()
    try:
        stream.write(line.encode(encoding, substitutes.ERRORS).decode(encoding))
        stream.flush()
    except OSError:
        _discard(stream)
    except ValueError:
        return  # It is closed.


def message_of(error: KvartalError) -> str:
    """Return the sentence of a failure; before it, which of several programmes it is about."""
    text = error.message(_)
    return _("{plan}: {text}").format(plan=error.programme, text=text) if error.programme else text


def report(error: KvartalError) -> int:
    """Print the sentence of an expected failure and return its exit code.

    Of several problems in a programme the sentence is about the first; the others follow, a line
    each.
    """
    print_stderr(f"kvartal: {message_of(error)}")
    problems: Sequence[Problem] = getattr(error, "problems", ())
    # A problem that a change would cause is in no file yet: it has no line to name.
    in_file = "{line}" in error.template
    for problem in problems[1 : MOST_PROBLEMS + 1]:
        place = f"{problem.file}:{problem.line}: " if in_file else ""
        print_stderr(f"  {place}{problem.message(_)}")
    more = total_of(problems) - 1 - MOST_PROBLEMS
    if more > 0:
        template = _("  … и ещё {count}. Все ошибки покажет `kvartal validate`.")
        if getattr(problems, "is_cut", False):
            template = _("  … и ещё больше {count}. Первые 100 покажет `kvartal validate`.")
        print_stderr(template.format(count=more))
    return error.exit_code


def system_failure(error: OSError) -> KvartalError:
    """Return what the operating system refused as an expected failure."""
    from kvartal.history.system_errors import system_reason

    reason = system_reason(error)
    if error.filename is None:
        return SystemRefused(reason=reason)
    return SystemRefusedFile(reason=reason, file=os.fsdecode(error.filename))


def report_bug(error: BaseException) -> str:
    """Log a bug and print where the log is; return the sentence."""
    log = write_log(error)
    if log is None:
        sentence = _(BUG_WITHOUT_LOG).format(kind=type(error).__name__)
    else:
        sentence = _(BUG).format(log=log)
    print_stderr(f"kvartal: {sentence}")
    return sentence


def write_log(error: BaseException) -> Path | None:
    """Write the description of a bug to a new log file that only the user can read.

    Returns:
        The file; None where neither the log folder nor the temporary one can be written.
    """
    import secrets

    now = datetime.now().astimezone()
    # Not to be guessed: somebody else may have put a link there.
    name = f"kvartal-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.log"
    text = _description(error, now).encode("utf-8", "backslashreplace")
    for folder in _folders():
        try:
            path = _private_file(folder / name, text)
        except OSError:
            continue
        return path
    return None


def is_closed_pipe(error: OSError) -> bool:
    """Return whether whoever read stdout has closed it, as ``| head`` does."""
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def discard_stdout() -> None:
    """Drop what stdout does not take: the interpreter would fail at it again when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    """Send to nowhere what a stream still holds, and all that follows."""
    with suppress(OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
        os.close(devnull)
        stream.flush()


def _folders() -> Iterator[Path]:
    from tempfile import gettempdir

    from platformdirs import user_log_path

    folder = user_log_path("kvartal", appauthor=False)
    if not (folder.is_symlink() or folder.parent.is_symlink()):
        yield folder
    yield Path(gettempdir())


def _private_file(path: Path, content: bytes) -> Path:
    """Write a new file that only the user can read; never through a link.

    Raises:
        OSError: There is something already, or the system refuses.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)
    return path


def _description(error: BaseException, now: datetime) -> str:
    """Return what helps to find a bug: where it arose, and the versions in use.

    The log is to be sent to somebody: neither what the program was called with nor the words of an
    exception, which may quote a plan, are in it.
    """
    import platform
    from importlib.metadata import PackageNotFoundError, version

    lines = [f"{now.isoformat()}", f"Python {platform.python_version()}, {platform.platform()}"]
    for package in ("kvartal", "textual", "click", "gitpython", "ruamel-yaml"):
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            lines.append(f"{package} –")
    return "\n".join((*lines, "", *_trace(error, set()), ""))


def _trace(error: BaseException, known: set[int]) -> Iterator[str]:
    """Yield where an exception arose, and its kind; never its words.

    Args:
        error: The exception.
        known: What was described already.
    """
    import traceback

    known.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in known:
        yield from _trace(cause, known)
        yield "then:"
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        yield f"  {_short(code.co_filename)}:{line} {code.co_qualname}"
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    yield f"{kind} {error.errno or ''}".rstrip() if isinstance(error, OSError) else kind
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        if id(part) not in known:
            yield "of which:"
            yield from _trace(part, known)


def _short(filename: str) -> str:
    """Return the path of a module without the folder in which packages are installed."""
    parts = Path(filename).parts
    for folder in ("site-packages", "dist-packages"):
        if folder in parts:
            return "/".join(parts[parts.index(folder) + 1 :])
    return "/".join(parts[-3:])
