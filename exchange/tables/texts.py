"""Texts of a source document as a plan holds them: no soft hyphens, single spaces, whole steps.

Everything else stays code point for code point; look-alike letters are never touched.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from kvartal.exchange.grid import GridCell, Paragraph, Run

DASHES: Final = frozenset({"-", "–", "—", "−", "‑", "--", "---", "х", "x", "Х", "X", "×"})
"""What a cell holds where nothing is meant."""

ORDINAL: Final = r"(?:\d{1,3}|[IVXLC]{1,6}|[А-ЯЁA-Z])(?:\.\d{1,3})*"
"""The number of a part or a measure: «2.1», «IV», «А»."""
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_UNWRITABLE_SET: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
)
_UNWRITABLE: Final = re.compile(f"[{_UNWRITABLE_SET}]")
"""Control characters and what is no character at all: a plan cannot hold them."""
_UNCLEAN: Final = re.compile(
    rf"[{''.join(map(chr, _INVISIBLE))}{_UNWRITABLE_SET}]|[^\S ]|  |\A | \Z"
)
"""What is not as `clean` leaves it: most texts have nothing of this."""
_SPACES: Final = re.compile(r"\s+")
_STEP_NUMBER: Final = re.compile(r"\A(?:\d{1,2}[.)]|\(\d{1,2}\)|[а-яa-z]\)|[-–—•▪●·*])\s+")
_FIRST_ITEM: Final = re.compile(r"\(?1\)\s+[^\W\d_]")
_ITEM: Final = re.compile(r"(?<=\s)\(?(\d{1,2})\)\s+(?=[^\W\d_])")
_REFERS: Final = re.compile(r"(?:\b(?:п|пп|подп|ст|ч|пункт\w*|част\w*)\.?|№)\s+$", re.IGNORECASE)
"""What makes a number with a bracket one of another text: «п. 2) закона»."""
_PAGE: Final = re.compile(
    r"(?:стр(?:аница|\.)?|лист|page)\s*\d+(?:\s*(?:из|of|/)\s*\d+)?", re.IGNORECASE
)
_CONTINUED: Final = re.compile(
    r"(?:продолжение|окончание) (?:таблицы|табл\.|приложения).*|таблица \d+\b.*|.*\bcontinued\)?",
    re.IGNORECASE,
)
_TORN: Final = re.compile(r"(?<![а-яёa-z])[а-яёa-z]{2,}- [а-яё]{2,}", re.IGNORECASE)
_SUSPENDED: Final = re.compile(r"- (?:и|или|либо|а также|and|or)\b")
_ERROR: Final = re.compile(
    r"#(?:Н/Д|N/A|ДЕЛ/0!|DIV/0!|ССЫЛКА!|REF!|ЗНАЧ!|VALUE!|ИМЯ\?|NAME\?|ЧИСЛО!|NUM!|ПУСТО!|NULL!)|"
    r"(?:Err|Ошибка):5\d\d",
)
"""What a cell shows whose formula has no value."""
_ENDS: Final = frozenset(".;:!?")
_OPENING, _CLOSING = "(«[\u201e\u201c", ")»]\u201d"


def clean(text: str) -> str:
    """Return a text in one line, without what the eye does not see."""
    if _UNCLEAN.search(text) is None:
        return text
    return _SPACES.sub(" ", _UNWRITABLE.sub("", text.translate(_INVISIBLE))).strip()


def is_unwritable(text: str) -> bool:
    """Return whether a text has characters that a plan cannot hold: `clean` drops them."""
    return _UNWRITABLE.search(text) is not None


def is_dash(text: str) -> bool:
    """Return whether a text only says that nothing is meant."""
    return clean(text) in DASHES


def is_page_number(text: str) -> bool:
    """Return whether a text is the number of a page in words: «стр. 2 из 3»."""
    return _PAGE.fullmatch(clean(text)) is not None


def is_continuation(text: str) -> bool:
    """Return whether a text only says that a table goes on: «Продолжение таблицы 1»."""
    return _CONTINUED.fullmatch(clean(text)) is not None


def cell_text(cell: GridCell | None) -> str:
    """Return what a cell says, in one line: without what is struck out."""
    return clean(" ".join(paragraph_texts(cell)))


def paragraph_texts(cell: GridCell | None) -> tuple[str, ...]:
    """Return the paragraphs of a cell that say anything, each in one line."""
    return tuple(_lines(cell, clean)) if cell is not None else ()


def line_texts(cell: GridCell | None) -> list[str]:
    """Return the lines of a cell that say anything, whether paragraphs or breaks divide them."""
    lines = _lines(cell, str) if cell is not None else []
    return [text for line in lines for one in line.split("\n") if (text := clean(one))]


def struck_text(block: GridCell | Paragraph) -> str:
    """Return what is struck out in a cell or a paragraph, in one line."""
    return clean(_joined(run for run in block.runs if run.struck))


def deleted_text(block: GridCell | Paragraph) -> str:
    """Return what was deleted in a cell or a paragraph while changes were tracked, in one line."""
    return clean("".join(run.text for run in block.runs if run.deleted))


def hidden_text(block: GridCell | Paragraph) -> str:
    """Return what is formatted as hidden in a cell or a paragraph, in one line."""
    runs = (run for run in block.runs if run.hidden and not run.deleted)
    return clean("".join(run.text for run in runs))


def error_text(cell: GridCell) -> str:
    """Return the error that a cell shows in place of a value; empty for none."""
    text = clean(cell.text)
    return text if _ERROR.fullmatch(text) else ""


def steps(cell: GridCell | None) -> tuple[str, ...]:
    """Return the steps of a cell: its paragraphs, and what semicolons divide, without numbers."""
    lines = _lines(cell, _by_breaks, are_steps=True) if cell is not None else ()
    listed = (one for text in lines for line in text.split("\n") for one in _listed(line))
    pieces = [piece for one in listed for piece in _divided(one)]
    return tuple(
        piece for one in pieces if (piece := _STEP_NUMBER.sub("", one, count=1).strip(" ;"))
    )


def divided(texts: Iterable[str]) -> list[str]:
    """Return the steps that texts are where they are read from a cell."""
    blocks = tuple(Paragraph((Run(line),)) for text in texts for line in text.split("\n"))
    return [*steps(GridCell(0, 0, blocks=blocks))]


def torn_word(text: str) -> str:
    """Return a word that a line's end seems to have torn: «Авто- матический»; empty for none."""
    for found in _TORN.finditer(text):
        if not _SUSPENDED.match(text, found[0].index("- ") + found.start()):
            return found[0]
    return ""


def _lines(cell: GridCell, cleaned: Callable[[str], str], *, are_steps: bool = False) -> list[str]:
    """Return the paragraphs of a cell that say anything: an error of a formula says nothing.

    In a plain text a line that begins with a small letter goes on with the one above it; so does a
    step in a spreadsheet, where lines are broken by hand to fit the column.
    """
    if error_text(cell):
        return []
    lines: list[str] = []
    for paragraph in cell.paragraphs:
        text = _text_in_force(paragraph, cleaned)
        is_broken = paragraph.place.line or (are_steps and paragraph.place.sheet)
        goes_on = is_broken and text[:1].islower() and lines
        if goes_on and lines[-1][-1] not in _ENDS and not _STEP_NUMBER.match(text):
            lines[-1] = f"{lines[-1]} {text}"
        elif text:
            lines.append(text)
    return lines


def _by_breaks(text: str) -> str:
    """Return a text cleaned, with the line breaks that begin a step: a capital letter follows."""
    lines: list[str] = []
    for line in filter(None, map(clean, text.split("\n"))):
        if lines and not (line[0].isupper() or _STEP_NUMBER.match(line)):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _text_in_force(paragraph: Paragraph, cleaned: Callable[[str], str]) -> str:
    text = cleaned(_joined(run for run in paragraph.runs if not run.struck))
    if not paragraph.number or _is_bullet(paragraph.number):
        return text
    return f"{clean(paragraph.number)} {text}".strip()


def _joined(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs if run.printed)


def _is_bullet(number: str) -> bool:
    return not any(letter.isalnum() for letter in number)


def _listed(text: str) -> list[str]:
    """Return the items of a text that are numbered in one line: «1) Создать 2) Проверить».

    «(приложение 2) и бланк» has no item.
    """
    if _FIRST_ITEM.match(text) is None:
        return [text]
    depths = [*_depths(text)]
    starts = [0]
    for found in _ITEM.finditer(text):
        at = found.start()
        is_next = int(found[1]) == len(starts) + 1 and depths[at - 1] == 0
        if is_next and not _REFERS.search(text[:at]):
            starts.append(at)
    return [text[start:end].strip() for start, end in pairwise([*starts, len(text)])]


def _divided(text: str) -> list[str]:
    """Return the parts of a text between semicolons that stand in no brackets or quotes."""
    parts, start = [], 0
    for index, depth in enumerate(_depths(text)):
        if text[index] == ";" and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    return [part for part in (*parts, text[start:].strip()) if part]


def _depths(text: str) -> Iterator[int]:
    """Yield in how many brackets and quotes a text stands after each of its letters."""
    depth = 0
    for letter in text:
        depth += letter in _OPENING
        depth -= letter in _CLOSING and depth > 0
        yield depth
