"""How far an export has come, and whether it is still wanted."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kvartal.schema.errors import N_, KvartalError

Advance: TypeAlias = Callable[[], None]
"""Called by a writer after each row; raises `ExportStopped` once the export is stopped."""


class ExportStep(StrEnum):
    """What is being done."""

    READING = "reading"
    HISTORY = "history"
    VERIFYING = "verifying"
    REPORT = "report"
    WRITING = "writing"
    PACKING = "packing"


class ExportStopped(KvartalError):
    """The user stopped an export."""

    template = N_("Выгрузка остановлена, файл не записан.")


def not_stopped() -> bool:
    """Return False: nothing was stopped."""
    return False


def unreported(step: ExportStep, done: int, total: int) -> None:
    """Ignore a progress report."""
    del step, done, total


def nothing() -> None:
    """Ignore a row: nobody is counting."""


@dataclass(frozen=True, slots=True)
class ExportWatch:
    """Who watches an export.

    Attributes:
        report: Is told the step, how much of it is done and how much there is; 0 where that is not
            known. Called often, from the thread that exports.
        stopped: Asked as often whether to stop.
    """

    report: Callable[[ExportStep, int, int], None] = unreported
    stopped: Callable[[], bool] = not_stopped

    def at(self, step: ExportStep, done: int = 0, total: int = 0) -> None:
        """Report how far a step has come.

        Raises:
            ExportStopped: The user stopped the export.
        """
        if self.stopped():
            raise ExportStopped
        self.report(step, done, total)

    def counting(self, step: ExportStep, total: int = 0) -> Advance:
        """Return what counts one more as done each time it is called.

        Args:
            step: The step that begins.
            total: How many there are; 0 where that is not known.
        """
        self.at(step, 0, total)
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            self.at(step, done, total)

        return advance


UNWATCHED = ExportWatch()
"""An export that nobody watches or stops."""
