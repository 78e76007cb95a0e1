"""Names that every file system can hold: what is made of the name of an attached file."""

import unicodedata
from typing import Final

from kvartal.history.store.files import SUFFIX

LONGEST: Final = 120
"""How long a name may be, in bytes of UTF-8; with the folders before it a path stays usable."""

NAMELESS: Final = "файл"

_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST_ENDING: Final = 20
# Names of devices, with any ending; Windows counts the superscript digits too.
_DEVICES: Final = frozenset(
    {
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"),
    }
)


def safe_name(name: str) -> str:
    """Return a name as it was, but for what some system cannot hold or takes for something else.

    Letters of any alphabet and single spaces stay. Separators and signs that Windows forbids
    become ``_``; hidden characters, dots in front and dots and spaces at the end go; a device's
    name gets ``_`` before it; what is too long is cut before the ending.
    """
    kept = (
        "_" if sign in _FORBIDDEN else " " if sign.isspace() else sign
        for sign in unicodedata.normalize("NFC", name)
        if sign.isspace() or unicodedata.category(sign) not in _HIDDEN
    )
    words = " ".join("".join(kept).split()).lstrip(". ").rstrip(". ")
    if words.partition(".")[0].strip().casefold() in _DEVICES or words.endswith(SUFFIX):
        words = f"_{words}" if not words.endswith(SUFFIX) else f"{words}_"
    return _fitting(words or NAMELESS, "")


def numbered(name: str, number: int) -> str:
    """Return a safe name with a number before its ending, ``Акт (2).pdf``; 1 is the name itself."""
    return name if number == 1 else _fitting(name, f" ({number})")


def _fitting(name: str, mark: str) -> str:
    stem, ending = _parted(name)
    room = LONGEST - len(mark.encode()) - len(ending.encode())
    cut = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{cut}{mark}{ending}"


def _parted(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not stem or not dot or len(ending.encode()) > _LONGEST_ENDING:
        return name, ""
    return stem, f".{ending}"
