"""Makes the program work in UTF-8 inside, whatever the locale it is started in.

File names are bytes to POSIX systems and to git, and those of a programme are UTF-8. Python decodes
them, and the arguments of the program, as the locale says: under a different one «Акт.pdf» would
be stored under a different name. So the program starts itself once more, in Python's UTF-8 mode;
the terminal keeps the encoding of the locale.
"""

import codecs
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Final

_VARIABLE: Final = "KVARTAL_TERMINAL_ENCODING"
"""Set for the second start: the encoding of the terminal."""


def use_utf8() -> str:
    """Start the program again in UTF-8 mode, unless it works in UTF-8 already.

    Returns:
        The encoding of the terminal.
    """
    encoding = os.environ.pop(_VARIABLE, "")
    if encoding and _is_known(encoding):
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding=encoding)
        return encoding
    stream = sys.stdout or sys.stderr
    encoding = "ascii" if stream is None else stream.encoding
    is_utf8 = codecs.lookup(sys.getfilesystemencoding()).name == "utf-8"
    if os.name == "posix" and not is_utf8 and sys.executable:
        os.execve(  # noqa: S606 - this very program
            sys.executable,
            [sys.executable, "-X", "utf8", *sys.orig_argv[1:]],
            {**os.environ, _VARIABLE: encoding},
        )
    return encoding


def _is_known(encoding: str) -> bool:
    """Return whether Python can write text in an encoding: anybody may set a variable."""
    try:
        "".encode(encoding)
    except (LookupError, UnicodeError):
        return False
    return True


def readable_arguments(arguments: Sequence[str], encoding: str) -> list[str]:
    """Return the arguments of the program with their letters as the user meant them.

    Args:
        arguments: As Python decoded them; bytes that are not UTF-8 are halves of surrogate pairs.
        encoding: Of the terminal that they may have been typed in.
    """
    return [_readable(argument, encoding) for argument in arguments]


def is_undecoded(text: str) -> bool:
    """Return whether a text holds bytes that could not be decoded."""
    return not text.isascii() and any("\udc80" <= letter <= "\udcff" for letter in text)


def _readable(argument: str, encoding: str) -> str:
    if not is_undecoded(argument):
        return argument
    path = argument.partition("=")[2] if argument.startswith("--") else argument
    if os.path.lexists(path):  # A file whose name is in no known encoding is still that file.
        return argument
    try:
        return os.fsencode(argument).decode(encoding)
    except UnicodeDecodeError:
        return argument
