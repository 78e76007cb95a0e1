"""The progress of a slow export, printed to the terminal."""

import sys
import time
from typing import Final

from kvartal.exchange.export_progress import UNWATCHED, ExportStep, ExportWatch
from kvartal.tui.failures import print_stderr
from kvartal.tui.presentation.export_steps import FIRST_SECONDS, step_text

_INTERVAL: Final = 3.0
"""Seconds between two reports."""


def watch_on_stderr() -> ExportWatch:
    """Return a watch that prints progress to stderr if that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return UNWATCHED
    following = time.monotonic() + FIRST_SECONDS

    def report(step: ExportStep, done: int, total: int) -> None:
        nonlocal following
        if time.monotonic() >= following:
            following = time.monotonic() + _INTERVAL
            print_stderr(step_text(step, done, total))

    return ExportWatch(report)
