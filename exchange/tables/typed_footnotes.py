"""Marks of footnotes that were typed by hand: raised digits that are no part of a text."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from kvartal.exchange.grid import Footnote, Grid, GridCell, Paragraph, Run, SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.texts import clean
from kvartal.schema.errors import N_

_MARK: Final = re.compile(r"\d{1,2}|\*{1,3}")
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""What keeps a raised digit that stays from making another number: «10³» is no «103»."""
_LONGEST_UNIT: Final = 4
_NUMBER: Final = re.compile(r"\d[\d.,\s]*")
"""What a raised digit would make another number of: «1.2¹» is no «1.21»."""
_UNIT: Final = re.compile(r"(?<![^\W\d_])(?:[кдсм]?м|[kdcm]?m)$|(?<![^\W_])(?:CO|NO|СО)$")
"""What a raised digit belongs to: «м²»."""


def with_typed_footnotes(document: SourceDocument) -> SourceDocument:
    """Return a document whose typed marks are those of footnotes, as its own marks are.

    A raised digit is such a mark where a text below the tables begins with it, or where it ends a
    number; any other, such as that of «м²», is part of the text.
    """
    marked = [cell for grid in document.walk() for cell in grid.cells if any(_of(cell))]
    if not marked:
        return document
    marks = dict.fromkeys(mark for cell in marked for mark in _of(cell))
    powers = marks.keys() - {mark for cell in marked for mark in _of(cell, after_digits=False)}
    noted = {
        mark: note for mark in marks if (note := _footnote(document, mark, is_power=mark in powers))
    }
    used = {id(paragraph) for paragraph, _note in noted.values()}
    parts = tuple(
        _in_grid(part, noted) if isinstance(part, Grid) else part
        for part in document.parts
        if id(part) not in used
    )
    return replace(
        document,
        parts=parts,
        footnotes=(*document.footnotes, *(note for _paragraph, note in noted.values())),
        remarks=(*document.remarks, *_of_numbers(marked, noted)),
    )


def _of(cell: GridCell, *, after_digits: bool = True) -> Iterator[str]:
    """Yield the marks that the raised texts of a cell may be, those after digits if asked for."""
    for paragraph in cell.paragraphs:
        for at, mark in _marks(paragraph).items():
            if after_digits or not _follows_digit(paragraph, at):
                yield mark


def _marks(paragraph: Paragraph) -> dict[int, str]:
    """Return what may be marks by the position of their runs: raised, after a text."""
    found: dict[int, str] = {}
    before: Run | None = None
    for at, run in enumerate(paragraph.runs):
        if not run.printed:
            continue
        text = clean(run.text)
        if run.superscript and before is not None and _MARK.fullmatch(text):
            is_text = not before.superscript and clean(before.text) and not _is_unit(before.text)
            found |= {at: text} if is_text else {}
        before = run
    return found


def _is_unit(text: str) -> bool:
    return _UNIT.search(text[-_LONGEST_UNIT:]) is not None


def _footnote(
    document: SourceDocument, mark: str, *, is_power: bool
) -> tuple[Paragraph, Footnote] | None:
    """Return the text below the tables that begins with a mark, and the footnote that it is.

    Args:
        document: As read.
        mark: The mark.
        is_power: Whether it only stands after digits: «3 раза в год» is no note of «10³».
    """
    sign = re.escape(mark)
    # A number and a word in small letters only say how much.
    loose = rf"{sign}\s+(?=[^\W\d_a-zа-яё])" if is_power else rf"{sign}\s+(?=\S)"
    begins = re.compile(rf"{sign}\s*[-–—)]\s+(?=\S)|{loose}|{sign}(?=[^\W\d])")
    for part in reversed(document.parts):
        if isinstance(part, Grid):
            return None
        found = begins.match(clean(part.text))
        if found is not None and not part.number:
            rest = Paragraph((Run(clean(part.text)[found.end() :]),), part.place)
            return part, Footnote(f"typed-{mark}", mark, (rest,))
    return None


def _of_numbers(marked: Iterable[GridCell], noted: Collection[str]) -> Iterator[Remark]:
    """Name the marks after numbers whose footnotes are nowhere."""
    template = N_("Знак сноски «{text}» не взят: самой сноски под таблицей нет.")
    for cell in marked:
        for paragraph in filter(_ends_number, cell.paragraphs):
            mark = clean(paragraph.runs[-1].text)
            if mark not in noted:
                yield Remark("footnote", cell.place, template, {"text": mark})


def _ends_number(paragraph: Paragraph) -> bool:
    """Return whether the last text of a paragraph is a mark after a number alone."""
    at = len(paragraph.runs) - 1
    if at not in _marks(paragraph):
        return False
    before = "".join(run.text for run in paragraph.runs[:at] if run.printed)
    return _NUMBER.fullmatch(clean(before)) is not None


def _in_grid(grid: Grid, noted: Collection[str]) -> Grid:
    return replace(grid, cells=tuple(_in_cell(cell, noted) for cell in grid.cells))


def _in_cell(cell: GridCell, noted: Collection[str]) -> GridCell:
    if not any(_of(cell)):
        return cell
    blocks = (
        _in_paragraph(block, noted) if isinstance(block, Paragraph) else block
        for block in cell.blocks
    )
    return replace(cell, blocks=tuple(blocks))


def _in_paragraph(paragraph: Paragraph, noted: Collection[str]) -> Paragraph:
    runs = list(paragraph.runs)
    ends_number = _ends_number(paragraph)
    for at, mark in _marks(paragraph).items():
        if mark in noted or (ends_number and at == len(runs) - 1):
            runs[at] = replace(runs[at], note=f"typed-{mark}")
        elif _follows_digit(paragraph, at):
            runs[at] = replace(runs[at], text=runs[at].text.translate(_RAISED))
    return replace(paragraph, runs=tuple(runs))


def _follows_digit(paragraph: Paragraph, at: int) -> bool:
    before = "".join(run.text for run in paragraph.runs[:at] if run.printed)
    return before[-1:].isdigit()
