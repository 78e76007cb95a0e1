"""Numbers of lists as Word and LibreOffice print them."""

from collections.abc import Callable, Mapping
from typing import Final

_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN: Final = "абвгдежзиклмнопрстуфхцчшщыэюя"
"""Word and LibreOffice number without ё, й, ъ and ь."""

_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LARGEST: Final = 32_767
"""The largest number that Word counts to."""


def roman(number: int) -> str:
    """Return a number in small Roman numerals."""
    if not 0 < number <= _LARGEST:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def letters(number: int, alphabet: str) -> str:
    """Return the letter for a number; after the last letter they are doubled: «аа», «бб»."""
    if not 0 < number <= _LARGEST:
        return str(number)
    times, place = divmod(number - 1, len(alphabet))
    return alphabet[place] * (times + 1)


FORMATS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": lambda number: letters(number, _LATIN),
    "upperLetter": lambda number: letters(number, _LATIN).upper(),
    "russianLower": lambda number: letters(number, _RUSSIAN),
    "russianUpper": lambda number: letters(number, _RUSSIAN).upper(),
    "numberInDash": lambda number: f"- {number} -",
    "none": lambda _number: "",
}
"""By the name in Office Open XML; every other format is printed as a decimal number."""


def numeral(number: int, number_format: str) -> str:
    """Return a number in one of the formats of Office Open XML."""
    return FORMATS.get(number_format, str)(number)
