"""File names that every file system can hold, derived from the names of attached files."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kvartal.history.store.files import TEMPORARY_SUFFIX
from kvartal.schema.typed_text import INVISIBLE
from kvartal.schema.unprintable import revealed

MAX_NAME_BYTES: Final = 120
"""The longest name, in bytes of UTF-8: with its folders, the path must stay usable."""

NAMELESS: Final[Mapping[str, str]] = MappingProxyType({"ru": "файл", "en": "file"})
"""What a file is called of whose name nothing is left, by the plan's language."""

_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNWRITABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NUMBER: Final = re.compile(r" \(([0-9]{1,9})\)$")
_LONGEST_EXTENSION: Final = 20
# Names of devices, with any extension; Windows counts the superscript digits too.
_DEVICES: Final = frozenset(
    {
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        "git~1",  # What Windows calls `.git` too; git refuses it everywhere.
        *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"),
    }
)


def decoded_name(name: str) -> str:
    r"""Return the name of a file as text, whatever the locale made of its bytes.

    Most names are UTF-8, under any locale. One that is not is what the locale takes it for, or
    shows its bytes: ``\xc0``.
    """
    encoded = os.fsencode(name)
    try:
        return encoded.decode()
    except UnicodeDecodeError:
        is_read = not any(unicodedata.category(character) == "Cs" for character in name)
        return name if is_read else encoded.decode(errors="backslashreplace")


def original_name(name: str, kept: str) -> str | None:
    """Return the name of an attached file for the record; None where it could be kept.

    Two spellings of one name in Unicode, as of «й», are the same name.

    Args:
        name: As the system has it.
        kept: The name under which the file is kept.
    """
    decoded = decoded_name(name)
    if unicodedata.normalize("NFC", decoded) == kept or not decoded.strip():
        return None
    return "".join(
        revealed(character) if unicodedata.category(character) in _UNWRITABLE else character
        for character in decoded
    )


def safe_name(name: str, nameless: str = NAMELESS["ru"]) -> str:
    """Return a name without what some file system forbids or gives a meaning of its own.

    Letters of any alphabet and single spaces stay. Separators and characters that Windows forbids
    become ``_``; invisible characters, leading dots and dashes (a program would take the name for
    an option) and trailing dots and spaces are removed; the name of a device gets a leading ``_``;
    a name that is too long is cut before its extension.

    Args:
        name: The name.
        nameless: The name where nothing is left of it.
    """
    characters = (
        "_" if character in _FORBIDDEN else " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", INVISIBLE.sub("", name))
        if character.isspace() or unicodedata.category(character) not in _INVISIBLE
    )
    words = " ".join("".join(characters).split()).lstrip("-. ").rstrip(". ")
    if words.partition(".")[0].strip().casefold() in _DEVICES or words.endswith(TEMPORARY_SUFFIX):
        words = f"_{words}" if not words.endswith(TEMPORARY_SUFFIX) else f"{words}_"
    return _fitting(words or nameless, "")


def numbered(name: str, number: int) -> str:
    """Return a safe name with a number before its extension, ``Акт (2).pdf``; 1 adds none."""
    return name if number == 1 else _fitting(name, f" ({number})")


def is_numbered(path: str, *, of: str) -> bool:
    """Tell whether a path differs from another only by a number before its extension."""
    folder, name = posixpath.split(path)
    found = _NUMBER.search(_split(name)[0])
    old_folder, old = posixpath.split(of)
    return folder == old_folder and found is not None and name == numbered(old, int(found[1]))


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
