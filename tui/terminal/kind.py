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


class UnnamedTerminal(KvartalError):
    """Nothing is known of the terminal, so that what is drawn may be a heap of signs on it."""

    template = N_(
        "Переменная TERM не задана, и неизвестно, умеет ли терминал рисовать экран. Если умеет, "
        "задайте её: `export TERM=xterm-256color`. Команды работают и так: kvartal list, "
        "kvartal --help."
    )
    exit_code = EXIT_USAGE


def check_terminal() -> None:
    """Refuse to draw where nobody would see it.

    Raises:
        NoTerminal: A standard stream is no terminal.
        DumbTerminal: It cannot draw.
        UnnamedTerminal: It does not say what it can.
    """
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise NoTerminal
    check_kind(os.environ.get("TERM", ""))


def check_kind(term: str) -> None:
    """Refuse a terminal that cannot draw, or of which that is not known.

    Args:
        term: Its ``TERM``. Windows has none, and its consoles draw.

    Raises:
        DumbTerminal, UnnamedTerminal: See there.
    """
    if term in LINE_TERMINALS:
        raise DumbTerminal(term=term)
    if not term and os.name != "nt":
        raise UnnamedTerminal
