"""What the rows of a table of measures are: measures, titles of its parts, and what is skipped."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.exchange.grid import GridCell
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.headings import NUMBER, WORK, plain_heading
from kvartal.exchange.tables.layout import KEPT_AS_EXTRA, SourceColumn, SourceTable
from kvartal.exchange.tables.texts import (
    cell_text,
    clean,
    deleted_text,
    is_continuation,
    is_dash,
    is_page_number,
    struck_text,
)
from kvartal.schema.errors import N_

_ORDINAL: Final = r"(?:\d{1,3}|[IVXLC]{1,6}|[А-ЯЁA-Z])(?:\.\d{1,3})*"
_LEVEL: Final = (
    r"(?:под)?раздел|глава|часть|блок|цель|(?:под)?задача|(?:основное )?направление|этап|"
    r"(?:под)?программа|основное мероприятие|section|part|chapter|goal|objective|phase|workstream"
)
_TITLE: Final = re.compile(
    rf"(?:(?P<word>{_LEVEL})\s+)?(?:№\s*)?"
    rf"(?P<number>{_ORDINAL})(?P<stop>[.)]?)\s+(?P<title>\S.*)",
    re.IGNORECASE,
)
_BARE_NUMBER: Final = re.compile(rf"({_ORDINAL})[.)]?")
_LEVEL_NUMBER: Final = re.compile(
    rf"(?:(?P<word>{_LEVEL})\s+)?(?:№\s*)?(?P<number>{_ORDINAL})[.)]?", re.IGNORECASE
)
_TOTAL: Final = re.compile(r"(?:итого|всего|итог|total|sum)\b.*", re.IGNORECASE)
_OF_TOTAL: Final = re.compile(r"(?:в том числе|из них|including|of which)\b.{0,40}", re.IGNORECASE)
"""What stands between a total and its parts."""
_TOTAL_CODE: Final = "total"
_EXCLUDED: Final = re.compile(
    r"\(?(?:исключ[её]н[аоы]?|исключить|снят[аоы]?(?: с плана)?|отмен[её]н[аоы]?|"
    r"утратил[аои]? силу|excluded|removed|deleted)\b.{0,80}",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"_{3,}|/\s*[А-ЯЁ]\.\s?[А-ЯЁ]\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s+[А-ЯЁ][а-яё]+|"
    r"(?:генеральный |исполнительный |технический )?директор\b|согласовано|разработал|"
    r"подпись|м\.\s?п\.|signature|approved by",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A row with the title of a section or a channel.

    Attributes:
        number: As printed, without a full stop at its end; empty where there is none.
        title: Its title.
        place: Where it stands.
        word: What the document calls a part of this level: «Задача»; empty for none.
        style: What tells levels apart where no numbers do: indentation, capitals, bold type.
        bookmarks: Names of the bookmarks in it.
    """

    number: str
    title: str
    place: SourcePlace
    style: tuple[float, bool, bool]
    bookmarks: tuple[str, ...] = ()
    word: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """A row with a measure.

    Attributes:
        cells: The cells of each field.
        others: The cells of columns whose heading no field fits, by that heading.
        row: From 0.
        place: Where it stands.
        bookmarks: Names of the bookmarks in it, and the texts of its hidden cells.
        nameless: The cells of columns without a heading.
        columns: The fields that the table has columns for, whether this row has a cell there.
    """

    cells: Mapping[str, GridCell]
    others: Mapping[str, GridCell]
    row: int
    place: SourcePlace
    bookmarks: tuple[str, ...] = ()
    nameless: tuple[GridCell, ...] = ()
    columns: frozenset[str] = frozenset()

    def text(self, field: str) -> str:
        """Return what the row says in a field, in one line; empty for a dash."""
        text = cell_text(self.cells.get(field))
        return "" if is_dash(text) else text

    def is_from_above(self, field: str) -> bool:
        """Return whether the cell of a field is one that began in a row above."""
        cell = self.cells.get(field)
        return cell is not None and cell.row < self.row


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row with totals: a check, no measure.

    Attributes:
        cells: The cells of each field.
        text: What it says.
        place: Where it stands.
    """

    cells: Mapping[str, GridCell]
    text: str
    place: SourcePlace


Row = PartRow | MeasureRow | TotalRow | Remark


def rows(table: SourceTable) -> Iterator[Row]:
    """Yield what each row of a table is; a row that is skipped, as a remark that names it."""
    for row in range(table.first_row, table.grid.rows):
        if row in table.grid.hidden_rows:
            yield _hidden(table, row)
        else:
            yield from _row(table, row)


def _row(table: SourceTable, row: int) -> Iterator[Row]:
    grid = table.grid
    cells = [cell for one in table.columns if (cell := grid.at(row, one.index)) is not None]
    own = list(dict.fromkeys(cell for cell in cells if cell.row == row))
    texts = [text for cell in own if (text := cell_text(cell))]
    place = own[0].place if own else grid.place
    deleted = [text for cell in own if (text := deleted_text(cell))]
    if row in grid.deleted_rows or (deleted and not texts):
        template = N_("Строка «{text}» удалена при рецензировании: пропущена.")
        yield Remark("row-deleted", place, template, {"text": " | ".join(deleted)})
    elif not texts:
        if own and any(clean(cell.text) for cell in own):
            template = N_("Строка «{text}» зачёркнута целиком: пропущена.")
            struck = " | ".join(filter(None, map(struck_text, own)))
            yield Remark("row-struck", place, template, {"text": struck})
    elif (skipped := _skipped(table, row, texts)) is not None:
        code, template = skipped
        shown = " | ".join(texts)
        if code == _TOTAL_CODE:
            yield TotalRow(_measure(table, row, place).cells, shown, place)
        else:
            yield Remark(code, place, template, {"text": shown})
    elif (part := _part(table, row, own, place)) is not None:
        yield part
    else:
        yield _measure(table, row, place)


def _hidden(table: SourceTable, row: int) -> Remark:
    texts = list(dict.fromkeys(filter(None, map(clean, table.grid.row_text(row)))))
    cells = table.grid.row(row)
    template = N_("Скрытая строка «{text}»: не взята.")
    place = cells[0].place if cells else table.grid.place
    return Remark("row-hidden", place, template, {"text": " | ".join(texts)})


def _skipped(table: SourceTable, row: int, texts: Sequence[str]) -> tuple[str, str] | None:
    """Return the code and the sentence for a row that is no measure and no title."""
    work = [text for text in texts if not _BARE_NUMBER.fullmatch(text)]
    stated = [text for text in work if not is_dash(text)]
    without_term = _has_no_term(table, row)
    has_signature = any(map(is_signed, texts)) and not _is_numbered(table, row)
    kinds: tuple[tuple[bool, str, str], ...] = (
        (
            _is_heading(table, row),
            "heading-repeated",
            N_("Повтор заголовка таблицы: пропущен."),
        ),
        (
            len(texts) == 1 and is_continuation(texts[0]),
            "heading-repeated",
            N_("«{text}»: пропущено."),
        ),
        (
            _is_page_header(table, row, texts),
            "page-header",
            N_("Колонтитул «{text}»: пропущен."),
        ),
        (
            are_column_numbers(_with_hidden(table, row, texts)),
            "column-numbers",
            N_("Номера столбцов: пропущены."),
        ),
        (
            all(map(is_dash, texts)) or (len(work) > 1 and all(map(is_dash, work))),
            "empty-mark",
            N_("Прочерки: в этой части ничего не запланировано."),
        ),
        (
            without_term and _TOTAL.fullmatch(texts[0]) is not None,
            _TOTAL_CODE,
            "",
        ),
        (
            without_term and _OF_TOTAL.fullmatch(texts[0]) is not None,
            "total-skipped",
            N_("Итоговая строка «{text}»: пропущена."),
        ),
        (
            bool(stated) and all(_EXCLUDED.fullmatch(text) for text in stated),
            "row-excluded",
            N_("Строка «{text}»: мероприятие исключено, пропущена."),
        ),
        (without_term and has_signature, "sign-off", N_("Подписи «{text}»: пропущены.")),
    )
    return next(((code, template) for applies, code, template in kinds if applies), None)


def _with_hidden(table: SourceTable, row: int, texts: Sequence[str]) -> Sequence[str]:
    """Return the texts of a row with those of hidden columns, which are counted too."""
    if not table.grid.hidden_columns:
        return texts
    return [text for cell in table.grid.row(row) if (text := cell_text(cell))]


def _is_heading(table: SourceTable, row: int) -> bool:
    headings = {plain_heading(column.heading) for column in table.columns}
    texts = [plain_heading(text) for text in dict.fromkeys(table.grid.row_text(row)) if clean(text)]
    return len(texts) > 1 and sum(one in headings for one in texts) * 2 > len(texts)


def _is_page_header(table: SourceTable, row: int, texts: Sequence[str]) -> bool:
    """Return whether a row only repeats the top of the page, with the number of the page."""
    return any(map(is_page_number, texts)) and not _is_numbered(table, row)


def is_signed(text: str) -> bool:
    """Return whether a text is part of the signatures below a document."""
    return _SIGNED.search(text) is not None


def are_column_numbers(texts: Sequence[str]) -> bool:
    """Return whether the texts of a row are the numbers of the columns."""
    numbers = [int(text) for text in texts if text.isdecimal()]
    return len(numbers) == len(texts) > 1 and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )


def _has_no_term(table: SourceTable, row: int) -> bool:
    return not any(
        cell_text(table.grid.at(row, column.index))
        for column in table.columns
        if column.field in {"term", "start", "due"} and not _is_wide(table, row, column)
    )


def _is_wide(table: SourceTable, row: int, column: SourceColumn) -> bool:
    cell = table.grid.at(row, column.index)
    return cell is not None and cell.column_span > 1


def _is_numbered(table: SourceTable, row: int) -> bool:
    index = next((one.index for one in table.columns if one.field == NUMBER), None)
    return (
        index is not None
        and _BARE_NUMBER.fullmatch(cell_text(table.grid.at(row, index))) is not None
    )


def _part(
    table: SourceTable, row: int, own: Sequence[GridCell], place: SourcePlace
) -> PartRow | None:
    """Return the title that a row is: one text over the table's width, perhaps with its number."""
    filled = [cell for cell in own if cell_text(cell)]
    if any(column.field in {"section.title", "channel.title"} for column in table.columns):
        return None
    bookmarks = tuple(name for cell in own for name in cell.bookmarks)
    if len(filled) == 1 and _is_step(table, filled[0]):
        return None
    if len(filled) == 1 and _is_alone(table, row, filled[0]):
        text = cell_text(filled[0])
        found = _TITLE.fullmatch(text)
        if found is None or not (
            found["stop"] or found["word"] or "." in found["number"] or found["number"].isdecimal()
        ):
            return PartRow("", text, place, _style(filled[0]), bookmarks)
        return PartRow(
            *(found["number"], found["title"], place, _style(filled[0]), bookmarks),
            word=(found["word"] or "").capitalize(),
        )
    if len(filled) == 2 and _is_alone(table, row, filled[1]):  # noqa: PLR2004 - number and title
        number = _LEVEL_NUMBER.fullmatch(cell_text(filled[0]))
        if number is not None and _fits_no_measure(table, filled[1]):
            return PartRow(
                *(number["number"], cell_text(filled[1]), place, _style(filled[1]), bookmarks),
                word=(number["word"] or "").capitalize(),
            )
    return None


def _is_step(table: SourceTable, cell: GridCell) -> bool:
    """Return whether a text that stands alone goes on with the actions of the row above."""
    fields = {one.index: one.field for one in table.columns}
    numbered = [index for index, name in fields.items() if name == NUMBER]
    _, is_plain, is_light = _style(cell)
    is_first = cell.row == table.first_row or not numbered or cell.column <= numbered[0]
    is_single = cell.column_span == 1 and fields.get(cell.column) == "actions"
    return is_single and not is_first and is_plain and is_light


def _is_alone(table: SourceTable, row: int, cell: GridCell) -> bool:
    """Return whether nothing stands to the right of a cell, not even a cell from above."""
    right = [one.index for one in table.columns if one.index >= cell.column + cell.column_span]
    return not any(clean(other.text) for index in right if (other := table.grid.at(row, index)))


def _fits_no_measure(table: SourceTable, cell: GridCell) -> bool:
    """Return whether a text beside a number alone is a title: a measure says more of itself."""
    fields = {one.field for one in table.columns if one.index >= cell.column}
    return bool(fields & WORK) and len(table.columns) > 2  # noqa: PLR2004 - a number and a text


def _style(cell: GridCell) -> tuple[float, bool, bool]:
    letters = [letter for letter in cell_text(cell) if letter.isalpha()]
    is_capital = bool(letters) and all(letter.isupper() for letter in letters)
    is_bold = any(run.bold for run in cell.runs if run.text.strip())
    indent = min((paragraph.indent for paragraph in cell.paragraphs), default=0.0)
    return indent, not is_capital, not is_bold


def _measure(table: SourceTable, row: int, place: SourcePlace) -> MeasureRow:
    cells: dict[str, GridCell] = {}
    others: dict[str, GridCell] = {}
    nameless: list[GridCell] = []
    for column in table.columns:
        cell = table.grid.at(row, column.index)
        if cell is None:
            continue
        if not column.field and not column.heading:
            nameless.append(cell)
            continue
        is_field = column.field and column.field not in KEPT_AS_EXTRA
        kept, name = (cells, column.field) if is_field else (others, column.heading)
        if name not in kept or not cell_text(kept[name]):
            kept[name] = cell
    bookmarks = tuple(name for cell in table.grid.row(row) for name in cell.bookmarks)
    marks = tuple(name for at, name in table.grid.bookmarks if at == row)
    hidden = tuple(
        clean(cell.text) for at in table.grid.hidden_columns if (cell := table.grid.at(row, at))
    )
    fields = frozenset(column.field for column in table.columns)
    names = (*marks, *bookmarks, *hidden)
    return MeasureRow(cells, others, row, place, names, tuple(nameless), fields)
