"""What the screen needs of the terminal, and why it cannot be opened."""

import os
import sys
from typing import Final

from kvartal.schema.errors import EXIT_USAGE, N_, KvartalError

LINE_TERMINALS: Final = frozenset({"dumb", "unknown", "emacs"})
"""Values of ``TERM`` that stand for no cursor movement."""


class NoTerminal(KvartalError):
    """The screen cannot be opened without a terminal."""

    template = N_(
        "Экран открывается только в терминале. Без терминала работают команды: kvartal --help."
    )
    exit_code = EXIT_USAGE


class DumbTerminal(KvartalError):
    """The terminal says of itself that it can only print lines."""

    template = N_(
        "Этот терминал (TERM={term}) умеет только печатать строки, а экран рисуется. В нём "
        "работают команды: kvartal list, kvartal --help. Если терминал умеет больше, запустите "
        "TERM=xterm-256color kvartal."
    )
    exit_code = EXIT_USAGE


def check_terminal() -> None:
    """Refuse to draw where nobody would see it.

    Raises:
        NoTerminal: A standard stream is no terminal.
        DumbTerminal: It cannot draw.
    """
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise NoTerminal
    term = os.environ.get("TERM", "")
    if term in LINE_TERMINALS:
        raise DumbTerminal(term=term)
