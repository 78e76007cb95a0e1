"""Progress on the terminal while a document takes long to read."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

_INTERVAL: Final = 1.0
"""Seconds until the first report, and between reports."""
_CLEAR_LINE: Final = "\r\x1b[K"


@contextmanager
def reading_progress(name: str) -> Iterator[None]:
    """Say on stderr, where it is a terminal, how long a document has been read in the block.

    Nothing of it is left behind. Ctrl-C ends the block; the reader, a process of its own, with it.

    Args:
        name: The document's name.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    ticker = threading.Thread(target=_tick, args=(name, over), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        over.set()
        ticker.join()


def _tick(name: str, over: threading.Event) -> None:
    began = time.monotonic()
    is_shown = False
    while not over.wait(_INTERVAL):
        text = _("Читается «{name}», {seconds} с. Ctrl-C — остановить.")
        text = text.format(name=name, seconds=int(time.monotonic() - began))
        sys.stderr.write(_CLEAR_LINE + shown(text))
        sys.stderr.flush()
        is_shown = True
    if is_shown:
        sys.stderr.write(_CLEAR_LINE)
        sys.stderr.flush()
