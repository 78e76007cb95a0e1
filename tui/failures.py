"""How the program ends when something fails: a sentence for an expected failure, a log for a bug.

The screen and the command line end the same way. Nobody is shown a traceback: users are not
programmers, and the fault log holds where it arose.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TextIO, TypeAlias

from kvartal.schema.errors import EXIT_BUG, EXIT_OK, N_, KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.problem_list import total_of
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.terminal import substitutes

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
    """Return the sentence of a failure; of several programmes, it names the one it is about."""
    text = error.message(_)
    if not error.programme or error.programme in text:
        return text
    return _("{plan}: {text}").format(plan=error.programme, text=text)


def further_problems(error: KvartalError) -> Iterator[str]:
    """Yield the problems of a programme after the first: the sentence of a failure says that."""
    problems: Sequence[Problem] = getattr(error, "problems", ())
    # A problem that a change would cause is in no file yet: it has no line to name.
    in_file = "{line}" in error.template
    lines = [
        f"{f'{problem.file}:{problem.line}: ' if in_file else ''}{problem.message(_)}"
        for problem in problems[: MOST_PROBLEMS + 1]
    ]
    # Without a line to name, what occurs again would read as said twice.
    first = () if in_file else lines[:1]
    yield from (line for line in dict.fromkeys(lines[1:]) if line not in first)
    more = total_of(problems) - 1 - MOST_PROBLEMS
    if more > 0:
        template = _("… и ещё {count}. Все ошибки покажет `kvartal validate`.")
        if getattr(problems, "is_cut", False):
            template = _("… и ещё больше {count}. Первые 100 покажет `kvartal validate`.")
        yield template.format(count=more)


def report(error: KvartalError) -> int:
    """Print the sentence of an expected failure and return its exit code.

    Of several problems in a programme the sentence is about the first; the others follow, a line
    each.
    """
    print_stderr(f"kvartal: {message_of(error)}")
    for line in further_problems(error):
        print_stderr(f"  {line}")
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
    from kvartal.tui.fault_log import write_fault_log

    log = write_fault_log(error)
    if log is None:
        sentence = _(BUG_WITHOUT_LOG).format(kind=type(error).__name__)
    else:
        sentence = _(BUG).format(log=log)
    print_stderr(f"kvartal: {sentence}")
    return sentence


def is_closed_pipe(error: OSError) -> bool:
    """Return whether whoever read stdout has closed it, as ``| head`` does."""
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def discard_stdout(*, is_broken: bool = False) -> None:
    """Drop what stdout does not take: the interpreter would fail at it again when it ends.

    Args:
        is_broken: It has refused something already; what follows is dropped too.
    """
    try:
        sys.stdout.flush()
    except OSError:
        is_broken = True
    if is_broken:
        _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    """Send to nowhere what a stream still holds, and all that follows."""
    with suppress(OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
        os.close(devnull)
        stream.flush()
