"""What is printed instead of a character that the encoding of a terminal or a file lacks.

Russian consoles have code pages without «→», «№» or «✓», others have no Cyrillic at all. A question
mark says nothing, so signs have look-alikes, and letters their Latin transliteration (that of
Russian passports, so that names look as their owners write them).
"""

import codecs
import unicodedata
from typing import Final

ERRORS: Final = "kvartal"
"""The name of the handler for ``errors=``, after `register`."""

_SIGNS: Final = {
    "→": "->",
    "←": "<-",
    "↑": "^",
    "↓": "v",
    "↔": "<->",
    "№": "N",
    "«": '"',
    "»": '"',
    "„": '"',
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "…": "...",
    "—": "-",
    "–": "-",
    "−": "-",
    "‑": "-",
    "•": "*",
    "·": ".",
    "●": "*",
    "○": "o",
    "◆": "*",
    "✓": "+",
    "✗": "x",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "±": "+-",
    "€": "EUR",
    "₽": "руб.",
    "§": "п.",
    "©": "(c)",
    "⏎": "\\n",
    "‹": "<",
    "›": ">",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{REPLACEMENT CHARACTER}": "?",
    "│": "|",
    "┃": "|",
    "║": "|",
    "▌": "|",
    "▎": "|",
    "▐": "|",
    "─": "-",
    "━": "-",
    "═": "=",
    "▁": "_",
    "▔": "-",
    "█": "#",
}
_LETTERS: Final = {
    letter: latin
    for pairs in (
        "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f",
        "х=kh ц=ts ч=ch ш=sh щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia",
    )
    for letter, _equals, latin in (pair.partition("=") for pair in pairs.split())
}
_PICTURES: Final = range(0x2400, 0x2421)
_BOXES: Final = range(0x2500, 0x2580)


def substitute(character: str) -> str:
    """Return what can stand for a character, in ASCII or nearly so."""
    if character in _SIGNS:
        return _SIGNS[character]
    lower = character.lower()
    if lower in _LETTERS:
        letters = _LETTERS[lower]
        return letters if character == lower else letters.capitalize()
    if ord(character) in _BOXES:
        return "+"
    if ord(character) in _PICTURES:
        return f"^{chr(ord(character) - _PICTURES.start + 0x40)}"
    plain = unicodedata.normalize("NFKD", character)
    return plain[0] if plain[0] != character and plain[0].isascii() else "?"


def encodable(text: str, encoding: str) -> str:
    """Return a text that an encoding can write, with each character as wide as before.

    Args:
        text: For the cells of a screen.
        encoding: Of the terminal.
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_one_cell(character, encoding) for character in text)
    return text


def _one_cell(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return {"→": ">", "←": "<"}.get(character, substitute(character)[:1]) or "'"
    return character


def register() -> None:
    """Make the handler known to Python, for ``errors=ERRORS``."""
    codecs.register_error(ERRORS, _handle)


def _handle(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    instead = "".join(substitute(character) for character in error.object[error.start : error.end])
    try:
        return instead.encode(error.encoding), error.end
    except UnicodeEncodeError:  # A substitute in Cyrillic, where there is none.
        plain = "".join(letter if letter.isascii() else substitute(letter) for letter in instead)
        return plain, error.end
