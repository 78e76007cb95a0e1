"""Where something stands in a source document, in words that lead a person to it."""

from dataclasses import dataclass
from typing import Final, Self

from kvartal.exchange.packed import Packed
from kvartal.schema.errors import N_, Translate, filled, untranslated


@dataclass(frozen=True, slots=True)
class SourcePlace(Packed):
    """A place in a source document; whatever is zero or empty is not part of it.

    Attributes:
        sheet: Name of the sheet of a workbook.
        table: Number of the table in document order, from 1.
        row: Row of the table or sheet, from 1.
        column: Column of the table or sheet, from 1.
        line: Line of a text file, from 1.
        paragraph: Paragraph outside tables, from 1.
        note: The mark of a footnote.
        outer: The cell that holds a nested table.
    """

    sheet: str = ""
    table: int = 0
    row: int = 0
    column: int = 0
    line: int = 0
    paragraph: int = 0
    note: str = ""
    outer: Self | None = None

    def text(self, translate: Translate = untranslated) -> str:
        """Return the place in words: «таблица 2, строка 5, столбец 3», «Лист1!C7», «строка 12».

        Args:
            translate: Turns Russian words into the user's language.
        """
        if self.sheet and self.row and self.column:
            return f"{self.sheet}!{column_letters(self.column)}{self.row}"
        parts = [self.outer.text(translate)] if self.outer else []
        nested = N_("вложенная таблица {number}")
        for template, number in (
            (N_("лист «{number}»"), self.sheet),
            (nested if self.outer else N_("таблица {number}"), self.table),
            (N_("строка {number}"), self.line or self.row),
            (N_("столбец {number}"), self.column),
            (N_("абзац {number}"), self.paragraph),
            (N_("сноска {number}"), self.note),
        ):
            if number:
                parts.append(filled(template, {"number": number}, translate))
        return ", ".join(parts)

    def __str__(self) -> str:
        """Return the place in Russian."""
        return self.text()


NO_PLACE: Final = SourcePlace()


def column_letters(column: int) -> str:
    """Return the letters of a spreadsheet's column: A for 1, AA for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
