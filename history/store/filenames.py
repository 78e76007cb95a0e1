"""File names that every file system can hold, derived from the names of attached files."""

import unicodedata
from typing import Final

from kvartal.history.store.files import TEMPORARY_SUFFIX

MAX_NAME_BYTES: Final = 120
"""The longest name, in bytes of UTF-8: with its folders, the path must stay usable."""

NAMELESS: Final = "файл"

_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST_EXTENSION: Final = 20
# Names of devices, with any extension; Windows counts the superscript digits too.
_DEVICES: Final = frozenset(
    {
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"),
    }
)


def safe_name(name: str) -> str:
    """Return a name without what some file system forbids or gives a meaning of its own.

    Letters of any alphabet and single spaces stay. Separators and characters that Windows forbids
    become ``_``; invisible characters, leading dots and trailing dots and spaces are removed; the
    name of a device gets a leading ``_``; a name that is too long is cut before its extension.
    """
    characters = (
        "_" if character in _FORBIDDEN else " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", name)
        if character.isspace() or unicodedata.category(character) not in _INVISIBLE
    )
    words = " ".join("".join(characters).split()).lstrip(". ").rstrip(". ")
    if words.partition(".")[0].strip().casefold() in _DEVICES or words.endswith(TEMPORARY_SUFFIX):
        words = f"_{words}" if not words.endswith(TEMPORARY_SUFFIX) else f"{words}_"
    return _fitting(words or NAMELESS, "")


def numbered(name: str, number: int) -> str:
    """Return a safe name with a number before its extension, ``Акт (2).pdf``; 1 adds none."""
    return name if number == 1 else _fitting(name, f" ({number})")


def _fitting(name: str, suffix: str) -> str:
    """Return a name with a suffix after its stem, the stem cut to fit."""
    stem, extension = _split(name)
    room = MAX_NAME_BYTES - len(suffix.encode()) - len(extension.encode())
    cut = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{cut}{suffix}{extension}"


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or not dot or len(extension.encode()) > _LONGEST_EXTENSION:
        return name, ""
    return stem, f".{extension}"
