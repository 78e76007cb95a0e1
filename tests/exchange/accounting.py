"""Whether everything that a document says is in the plan made of it, or in a remark."""

import re
from collections.abc import Iterator

from kvartal.exchange.grid import Grid, GridCell, Paragraph, SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.texts import clean, is_dash
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.plan_data import rows_of

WORD = re.compile(r"\w+")
ROW_CODES = frozenset(
    {
        *("heading-repeated", "column-numbers", "empty-mark", "row-excluded", "row-deleted"),
        *("row-hidden", "row-struck", "sign-off", "total-skipped", "row-without-work"),
    }
)
"""Remarks that name a whole row."""

TABLE_CODES = frozenset({"table-skipped", "table-other-years", "sheet-hidden"})
"""Remarks that name a whole table."""

MARKS = frozenset("+v✓✔√хx×*●•")


def strings(value: Plain) -> Iterator[str]:
    """Yield every text and number of plain data."""
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    else:
        yield str(value)


DAY = re.compile(r"(?:от )?(\d{2})\.(\d{2})\.(\d{4})")
ENGLISH_DAY = re.compile(r"on (\d{1,2}) December (\d{4})")
STEP = re.compile(r"\A(?:\d{1,2}[.)]\s|раздел (?=\d))", re.IGNORECASE)


def words(text: str) -> list[str]:
    """Return the words of a text; days as a plan has them, without the number of a step."""
    plain = DAY.sub(r"\3-\2-\1", STEP.sub("", clean(text)))
    plain = ENGLISH_DAY.sub(r"\2-12-\1", plain)
    return WORD.findall(plain.casefold())


def unaccounted(
    document: SourceDocument, plan: PlanData, remarks: tuple[Remark, ...], headings: set[str]
) -> list[str]:
    """Return the texts of a document that neither the plan nor a remark holds.

    Args:
        document: As read.
        plan: What it became.
        remarks: What was said of it.
        headings: Headings of columns: they became fields.
    """
    said = " ".join((*strings(plan), *(one.message() for one in remarks), *headings))
    known = set(words(said))
    numbers = {number for number in map(_number, known) if number is not None} | _sums(plan)
    rows = {(one.place.table, one.place.row) for one in remarks if one.code in ROW_CODES}
    skipped = {str(one.place) for one in remarks if one.code in TABLE_CODES}
    left: list[str] = []
    for text in _texts(document, rows, skipped):
        is_told = set(words(text)) <= known or is_dash(text) or text.casefold() in MARKS
        plain = re.sub(r"[\s\u00a0]", "", text)
        plain = plain[1:].replace(",", "") if plain.startswith("$") else plain.replace(",", ".")
        amount = _number(plain)
        is_money = amount is not None and {amount, amount * 1000, amount * 1_000_000} & numbers
        if not is_told and not is_money:
            left.append(text)
    return left


def _texts(
    document: SourceDocument, rows: set[tuple[int, int]], skipped: set[str]
) -> Iterator[str]:
    for part in document.parts:
        if isinstance(part, Paragraph):
            yield clean(part.numbered_text)
        elif str(part.place) not in skipped:
            yield from _of_grid(part, rows)


def _of_grid(grid: Grid, rows: set[tuple[int, int]]) -> Iterator[str]:
    for cell in grid.cells:
        is_hidden = cell.row in grid.hidden_rows or cell.column in grid.hidden_columns
        if (cell.place.table, cell.place.row) not in rows and not is_hidden:
            yield from _of_cell(cell)


def _of_cell(cell: GridCell) -> Iterator[str]:
    for paragraph in cell.paragraphs:
        yield clean(paragraph.text)
    for grid in cell.grids:
        yield from _of_grid(grid, set())


def _sums(plan: PlanData) -> set[float]:
    """Return the money of each measure, summed up, to compare a printed total with."""
    budgets = [row.get("budget") for row in rows_of(plan)]
    return {
        # A valid plan has numbers here, which the type of plain data does not say.
        float(sum(one.get("plan", 0) for one in budget))  # type: ignore[union-attr, misc]
        for budget in budgets
        if isinstance(budget, list)
    }


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
