"""The term of a row: in one column, in two for its first and last day, or as marks under months."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from kvartal.exchange.grid import GridCell, ValueKind
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.headings import ENDS, OF_YEAR
from kvartal.exchange.tables.row_kinds import MeasureRow
from kvartal.exchange.tables.term_wordings import MIDNIGHT, term_wordings
from kvartal.exchange.tables.texts import cell_text, is_dash, paragraph_texts
from kvartal.schema.errors import N_
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.parts import NOTHING, Span
from kvartal.schema.grammar.reader import TermReading, read_term
from kvartal.schema.measure import Term
from kvartal.schema.months import MONTH_NAMES
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.terms import term_of

MARKS: Final = frozenset("+v✓✔√хx×*●•") | {"да", "yes"}
"""What marks a quarter or a month as that of the term."""
_NUMBERS: Final = re.compile(r"[1-4](?:\s?[,;и–—-]\s?[1-4])*")
_OF_TERM: Final = ("term", "start", "due", "quarter.", "month.", OF_YEAR)


def row_term(row: MeasureRow, period: ProgrammePeriod, remarks: list[Remark]) -> Term:
    """Return the term of a row.

    Args:
        row: The row.
        period: The days that the programme is for; a term without a year needs it.
        remarks: Gets what is to be said.
    """
    if row.is_copy and not says_term(row):
        return Term("-")
    texts = [*term_texts(row)]
    if not texts:
        return _unread(row, remarks)
    begun = term_with_start(row, period)
    if begun is not None:
        return begun
    if row.is_in_quarters and _NUMBERS.fullmatch(texts[0]):
        reading = read_term(f"{texts[0]} квартал", period)
        if reading.certainty is Certainty.SURE:
            return term_of(texts[0], reading.span)
    for text, kept in term_wordings(texts):
        reading = read_term(text, period)
        if reading.certainty is Certainty.SURE:
            remarks += _remark_on(row, reading)
            # The day behind a shown form such as «сен.26» tells how to read it, not its text.
            return term_of(texts[0] if _is_day(row) else kept, reading.span)
    reading = read_term(texts[0], period)
    remarks += _remark_on(row, reading)
    return term_of(reading.text, NOTHING)


def _unread(row: MeasureRow, remarks: list[Remark]) -> Term:
    """Return the term of a row that does not say when its measure is due: it may say from when."""
    start = row.text("start")
    if start:
        template = N_("Срок «{text}»: сказано только начало. Сохранён без даты.")
        remarks.append(_remark("term-unclear", row, template, {"text": start}))
        return Term(start)
    remarks.append(_remark("term-missing", row, N_("Срока нет.")))
    return Term(cell_text(row.cells.get("term")) or "-")


def term_with_start(row: MeasureRow, period: ProgrammePeriod) -> Term | None:
    """Return the term that begins with the day of a column of its own; None for none.

    «Дата начала» beside «Срок исполнения»: only where each says one day.

    Args:
        row: The row.
        period: The days that the programme is for.
    """
    cells = [row.cells[name] for name in ("start", "term") if row.text(name)]
    if len(cells) < 2 or row.text("due"):  # noqa: PLR2004 - both
        return None
    readings = [read_term(_shown_ends([cell], in_words=True), period) for cell in cells]
    if any(one.certainty is not Certainty.SURE or not _is_one_day(one.span) for one in readings):
        return None
    reading = read_term(_shown_ends(cells, in_words=True), period)
    if reading.certainty is not Certainty.SURE:
        return None
    return term_of(_shown_ends(cells), reading.span)


def _is_one_day(span: Span) -> bool:
    return span.due is not None and not (span.start or span.quarters or span.points)


def term_texts(row: MeasureRow) -> Iterator[str]:
    """Yield what the text of a row's term may be: several lines may be a list.

    Args:
        row: The row.
    """
    cell = row.cells.get("term")
    lines = [line for line in paragraph_texts(cell) if not is_dash(line)]
    if cell is not None and cell.kind is ValueKind.DATE:
        lines = [MIDNIGHT.sub("", line) for line in lines]
    if lines:
        yield " ".join(lines)
        if cell is not None and isinstance(cell.value, date):
            yield _day_in_words(lines[0], cell.value)
        if len(lines) > 1:
            yield ", ".join(line.rstrip(",;") for line in lines)
        return
    ends = _ends(row)
    if ends and row.text("due"):
        if not ENDS & row.columns:
            # «Срок» over two columns: «март» and «2026» are one day, «март» and «май» two.
            yield " ".join(map(cell_text, ends))
        yield from dict.fromkeys((_shown_ends(ends), _shown_ends(ends, in_words=True)))
    else:
        marked = [
            quarter for quarter in range(1, 5) if _is_marked(row.cells.get(f"quarter.{quarter}"))
        ]
        months = [
            name
            for at, name in enumerate(MONTH_NAMES, 1)
            if _is_marked(row.cells.get(f"month.{at}"))
        ]
        years = [name[len(OF_YEAR) :] for name in row.cells if name.startswith(OF_YEAR)]
        years = [one for one in sorted(years) if _is_plain_mark(row.cells[f"{OF_YEAR}{one}"])]
        if years:
            yield _years_in_words(years)
        elif months:
            yield ", ".join(months)
        elif marked:
            yield f"{', '.join(map(str, marked))} квартал{'ы' if len(marked) > 1 else ''}"


def _ends(row: MeasureRow) -> tuple[GridCell, ...]:
    """Return the cells with the first and the last day: one where only one says something."""
    filled = [row.cells[name] for name in ("start", "due") if row.text(name)]
    # One cell over both columns says the term as a whole.
    return tuple(dict.fromkeys(filled))


def _shown_ends(ends: Sequence[GridCell], *, in_words: bool = False) -> str:
    """Return days as shown, or as they can be read."""
    texts = []
    for cell in ends:
        text = cell_text(cell)
        if cell.kind is ValueKind.DATE:
            text = MIDNIGHT.sub("", text)
        if in_words and isinstance(cell.value, date):
            text = _day_in_words(text, cell.value)
        texts.append(text)
    return " – ".join(texts)


def _remark_on(row: MeasureRow, reading: TermReading) -> Iterator[Remark]:
    """Yield what is to be said of how a term was read."""
    cell = row.cells.get("term") or row.cells.get("due")
    fields = {"text": reading.text}
    if (
        cell is not None
        and cell.kind is ValueKind.NUMBER
        and reading.certainty is not Certainty.SURE
    ):
        yield _remark(
            "term-unclear", row, N_("Срок «{text}»: число, не дата. Сохранён без даты."), fields
        )
    elif reading.certainty is Certainty.ASK:
        template = N_("Срок «{text}» можно понять по-разному. Сохранён без даты.")
        yield _remark("term-unclear", row, template, fields)
    elif reading.certainty is Certainty.ERROR:
        template = N_("Срок «{text}»: такого дня не бывает. Сохранён без даты.")
        yield _remark("term-impossible", row, template, fields)
    elif reading.certainty is Certainty.OPEN:
        template = N_("Срок «{text}» без даты: сам по себе он никогда не просрочится.")
        yield _remark("term-open", row, template, fields)
    elif reading.certainty is Certainty.NONE:
        yield _remark("term-missing", row, N_("Срока нет."))


def _remark(
    code: str, row: MeasureRow, template: str, fields: Mapping[str, object] | None = None
) -> Remark:
    cell = row.cells.get("term") or row.cells.get("due")
    place = row.place if cell is None else cell.place
    return Remark(code, place, template, fields or {})


def says_term(row: MeasureRow) -> bool:
    """Return whether a row says anything of its term: an empty cell does not."""
    names = (name for name in row.cells if name.startswith(_OF_TERM))
    return any(cell_text(row.cells[name]) for name in names)


def _is_day(row: MeasureRow) -> bool:
    cells = [cell for cell in [row.cells.get("term")] if cell_text(cell)] or _ends(row)
    return any(cell is not None and cell.kind is ValueKind.DATE for cell in cells)


def _day_in_words(shown: str, day: date) -> str:
    """Return a date of a spreadsheet in words that can be read: a month where no day is shown.

    Args:
        shown: What the cell's format shows of it: «01.сен.26», «15-Sep», «сен.26».
        day: The date.
    """
    digits = re.findall(r"\d+", shown)
    first = digits if shown[0].isdigit() else digits[:-1]
    has_day = any(int(one) == day.day for one in first)
    return f"{day:%d.%m.%Y}" if has_day else f"{MONTH_NAMES[day.month - 1]} {day.year}"


def _years_in_words(years: Sequence[str]) -> str:
    """Return years that are marked as a term: «2027 год», «2026-2028 годы», «2026, 2028 годы»."""
    first, last = years[0], years[-1]
    if first == last:
        return f"{first} год"
    is_row = int(last) - int(first) == len(years) - 1
    return f"{first}-{last} годы" if is_row else f"{', '.join(years)} годы"


def _is_plain_mark(cell: GridCell | None) -> bool:
    """Return whether the cell of a year has a mark; it may as well hold money or a count."""
    return cell_text(cell).casefold() in MARKS


def _is_marked(cell: GridCell | None) -> bool:
    """Return whether the cell of a quarter or a month says that the term is then."""
    text = cell_text(cell)
    return bool(text) and (text.casefold() in MARKS or not is_dash(text))
