"""The answer of a command that has saved something: what fails from then on is a warning.

The commit exists, so the exit code is that of a success, whether or not anybody can be told.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from kvartal.history.programme import Programme
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.failures import discard_stdout, is_closed_pipe, print_stderr
from kvartal.tui.i18n import _

SHORT_ID = 7
"""How many digits of a commit's id tell it from others for a reader."""


class AnswerNotPrinted(KvartalError):
    """Something was saved, and stdout did not take the answer.

    Never raised: it is a warning.
    """

    template = N_("Сделано и сохранено. Не удалось только напечатать ответ ({reason}).")


@contextmanager
def answer_of_saved(
    warnings: Iterable[KvartalError] = (), *, is_saved: bool = True
) -> Iterator[None]:
    """Print in the block what was saved; what fails there is a warning on stderr.

    Args:
        warnings: What failed before, after the saving.
        is_saved: Whether anything was; else the answer is all there is, and a failure stays one.
    """
    if not is_saved:
        yield
        return
    for warning in warnings:
        print_stderr(f"kvartal: {warning.message(_)}")
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except (KvartalError, OSError) as error:
        discard_stdout(is_broken=isinstance(error, OSError))
        if not isinstance(error, OSError) or not is_closed_pipe(error):
            warning = AnswerNotPrinted(reason=system_reason(error))
            print_stderr(f"kvartal: {warning.message(_)}")


def saved_subject(programme: Programme, commit: str) -> str:
    """Return the subject of a commit that was just made; its id where git does not answer."""
    try:
        return programme.subject(commit)
    except (KvartalError, OSError):
        return commit[:SHORT_ID]
