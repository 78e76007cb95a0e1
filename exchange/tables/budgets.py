"""The money of a measure: in one row, or in a row for each source below it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

from kvartal.exchange.grid import GridCell
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.money_columns import MoneyColumn, money_column
from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.exchange.tables.row_kinds import MeasureRow
from kvartal.exchange.tables.texts import cell_text, line_texts
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.typed_text import ungrouped

_WHOLE: Final = re.compile(r"(?:всего|итого|total)\b.*", re.IGNORECASE)
"""The source of a row that sums up the rows of the sources."""
_UNITS: Final = {"": 1, "тыс": 1000, "млн": 1_000_000, "млрд": 1_000_000_000}
_PART: Final = re.compile(
    r"([0-9]+(?:[.,][0-9]+)?)\s*(?:(тыс|тысяч\w*|млн|миллион\w*|млрд|миллиард\w*)\b\.?)?",
    re.IGNORECASE,
)
_ROUBLES: Final = r"(?:руб(?:л\w+)?\.?|₽)"
_MONEY: Final = re.compile(
    rf"(?:{_ROUBLES}\s*)?([+-]?)(.+?)({_ROUBLES})?", re.IGNORECASE | re.DOTALL
)
_DOLLARS: Final = re.compile(r"[$£€]\d{1,3}(?:,\d{3})*(?:\.\d+)?|[$£€]\d+(?:\.\d+)?")
_DECIMALS: Final = re.compile(r"[.,](\d+)\D*\Z")
_DIGITS: Final = re.compile(r"[0-9]+")
_OWN_UNIT: Final = re.compile(r"\d\s*(?:тыс|млн|миллион|млрд|миллиард)", re.IGNORECASE)
_LARGEST: Final = 10**15
"""The largest amount of a plan, as the schema has it."""
_KOPECK: Final = Decimal("0.01")
_KINDS: Final = ("plan", "fact")
_UNCLEAR: Final = N_("Сумма «{text}» не понята: не взята.")


def is_of_money(row: MeasureRow) -> bool:
    """Return whether a row has nothing of its own but money: a source of the measure above."""
    own = {name for name in row.cells if row.text(name) and not row.is_from_above(name)}
    others = (*row.others.values(), *row.nameless)
    says_more = any(cell.row == row.row and cell_text(cell) for cell in others)
    return bool(own) and all(name.startswith("budget.") for name in own) and not says_more


def settled(measure: SourceMeasure) -> tuple[SourceMeasure, tuple[Remark, ...]]:
    """Return a measure without the money that only sums up its sources, and what is said of it."""
    wholes = [one for one in measure.budget if _WHOLE.fullmatch(str(one.get("source", "")))]
    parts = [one for one in measure.budget if one not in wholes]
    if not wholes:
        return measure, ()
    if not parts:
        # Nothing but the total is known.
        bare = [{key: one[key] for key in one if key != "source"} for one in wholes]
        return replace(measure, budget=tuple(bare)), ()
    template = N_("«{text}» — сумма источников: сверена, не взята.")
    text = str(wholes[0]["source"])
    remarks = [Remark("total-skipped", measure.place, template, {"text": text})]
    for whole in wholes:
        for kind in _KINDS:
            same = [one for one in parts if one.get("year") == whole.get("year")]
            amount, total = _sum(same, kind), _sum([whole], kind)
            if kind in whole and amount != total:
                template = N_(
                    "Всего {total}, а по источникам {sum}: взято по источникам, проверьте."
                )
                fields = {"total": shown_amount(total), "sum": shown_amount(amount)}
                remarks.append(Remark("total-differs", measure.place, template, fields))
    return replace(measure, budget=tuple(parts)), tuple(remarks)


def _sum(entries: Sequence[Mapping[str, Plain]], kind: str) -> Decimal:
    return sum((Decimal(str(one.get(kind, 0))) for one in entries), Decimal(0))


def row_budget(
    row: MeasureRow, units: Mapping[str, int], remarks: list[Remark]
) -> tuple[dict[str, Plain], ...]:
    """Return the money of a row, one for each year and source that its columns name.

    Args:
        row: The row.
        units: By what money in a column is multiplied, by field.
        remarks: Gets what is to be said.
    """
    amounts = [*_amounts(row, units, remarks)]
    totals = [(one, amount) for one, amount, _ in amounts if one.is_total]
    single = [one for one in amounts if not one[0].is_total]
    for total, amount in totals:
        same = [(one, part) for one, part, _ in single if one.kind == total.kind]
        parts = [part for one, part in same if one.year == total.year or not total.year]
        if not parts:
            # Nothing but the total is known.
            single.append((total.single, amount, 0))
        elif sum(parts) != amount:
            template = N_("Всего {total}, а по частям {sum}: взято по частям, проверьте.")
            fields = {
                "total": shown_amount(amount),
                "sum": shown_amount(sum(parts, Decimal(0))),
            }
            remarks.append(Remark("total-differs", row.cells[total.name].place, template, fields))
    source = row.text("budget.source")
    if source and not single:
        template = N_("Источник «{text}» без суммы: не взят.")
        place = row.cells["budget.source"].place
        remarks.append(Remark("cell-left-out", place, template, {"text": source}))
    found: dict[tuple[str, str, int], dict[str, Plain]] = {}
    for one, amount, line in single:
        key = one.source or source, one.year, line
        named: dict[str, Plain] = {"source": key[0]} if key[0] else {}
        kept = found.setdefault(key, {**named, **({"year": int(one.year)} if one.year else {})})
        kept[one.kind] = _plain_number(amount)
    return tuple(found.values())


def _amounts(
    row: MeasureRow, units: Mapping[str, int], remarks: list[Remark]
) -> Iterator[tuple[MoneyColumn, Decimal, int]]:
    """Yield the amounts of a row, in roubles, each with its line; what is none is named.

    Several lines are several amounts where each has a source of its own beside it, or where our own
    export has printed them: those have their lines.
    """
    sources = line_texts(row.cells.get("budget.source"))
    shared = Counter(id(cell) for name, cell in row.cells.items() if money_column(name))
    named: set[int] = set()
    for name, cell in row.cells.items():
        column = money_column(name)
        if column is None or row.is_from_above(name) or id(cell) in named:
            continue
        named.add(id(cell))
        text, unit = row.text(name), units.get(name, 1)
        lines = line_texts(cell) if text else []
        each = [_amount(line, unit) for line in lines]
        amounts = [amount for amount in each if amount is not None and _is_plannable(amount)]
        amount = amount_of(cell, unit) if text and shared[id(cell)] == 1 else None
        if amount is not None and _is_plannable(amount):
            yield column, amount, 0
        elif text and shared[id(cell)] > 1:
            # One sum for several years or sources: how it is divided is not said.
            remarks.append(Remark("money-unclear", cell.place, _UNCLEAR, {"text": text}))
        elif len(lines) == len(amounts) > 1 and row.is_copy:
            yield from ((column, one, line) for line, one in enumerate(amounts))
        elif len(lines) == len(amounts) == len(sources) > 1 and not column.source:
            yield from (
                (replace(column, source=one), amount, 0)
                for one, amount in zip(sources, amounts, strict=True)
            )
        elif text:
            remarks.append(Remark("money-unclear", cell.place, _UNCLEAR, {"text": text}))


def _is_plannable(amount: Decimal) -> bool:
    """Return whether a plan may hold an amount: nothing below zero."""
    return 0 <= amount <= _LARGEST


def amount_of(cell: GridCell | None, unit: int) -> Decimal | None:
    """Return the money in a cell, in roubles; None where there is none.

    A spreadsheet may show an amount rounded: the amount itself is behind it.
    """
    text = "\n".join(line_texts(cell))
    value = cell.value if cell is not None else None
    if isinstance(value, Decimal) and _shows(text, value):
        return (value * unit).quantize(_KOPECK)
    return _amount(text, unit)


def unrounded(cell: GridCell, text: str) -> str:
    """Return the text of a cell; where that reads as another number than it stores, the number.

    A spreadsheet may show it rounded, or in another language: 12,345 for 12345.

    Args:
        cell: The cell.
        text: What it shows.
    """
    value = cell.value
    if not isinstance(value, Decimal) or not _shows(text, abs(value)):
        return text
    try:
        shown = Decimal(ungrouped(text).replace(",", "."))
    except InvalidOperation:
        return f"{value:f}"
    return text if shown == value else f"{value:f}"


def _shows(text: str, value: Decimal) -> bool:
    """Return whether a text shows a number, perhaps rounded, whatever divides its thousands.

    A format may also show thousands, or a unit of its own: then only the shown amount is sure.
    """
    digits = "".join(_DIGITS.findall(text))
    if not digits or not value.is_finite() or _OWN_UNIT.search(text):
        return False
    decimals = _DECIMALS.search(text)
    for places in {0, len(decimals[1]) if decimals else 0}:
        shown = Decimal(digits).scaleb(-places)
        if abs(value - shown) <= Decimal("0.5").scaleb(-places):
            return True
    return False


def _amount(text: str, unit: int) -> Decimal | None:
    """Return an amount; a unit of its own («1,2 млн руб.») goes before that of the column."""
    plain = ungrouped(text)
    if _DOLLARS.fullmatch(plain):
        # Commas divide thousands only where the sign of the currency says so.
        return Decimal(plain[1:].replace(",", "")) * unit
    money = _MONEY.fullmatch(plain)
    if money is None:
        return None
    parts = [(number.replace(",", "."), _unit(name)) for number, name in _PART.findall(money[2])]
    if not parts or _PART.sub("", money[2]).strip():
        return None
    if len(parts) == 1 and not parts[0][1]:
        amount = Decimal(parts[0][0]) * unit
    elif _is_one_sum(parts, ends_in_roubles=bool(money[3])):
        amount = sum((Decimal(number) * _UNITS[name] for number, name in parts), Decimal(0))
    else:
        return None
    return -amount if money[1] == "-" else amount


def _unit(word: str) -> str:
    """Return the short form of a unit: «млрд» of «Миллиардов»."""
    begun = word.casefold().replace("миллион", "млн").replace("миллиард", "млрд")
    return next((unit for unit in _UNITS if unit and begun.startswith(unit)), "")


def _is_one_sum(parts: Sequence[tuple[str, str]], *, ends_in_roubles: bool) -> bool:
    """Return whether amounts are parts of one: «2 млн 300 тыс. руб.», each below the one before.

    Args:
        parts: Numbers and their units.
        ends_in_roubles: Whether a last number without a unit is one of roubles.
    """
    if not parts[-1][1] and not ends_in_roubles:
        return False
    return all(
        number.isdigit() and Decimal(smaller) * _UNITS[below] < _UNITS[name]
        for (number, name), (smaller, below) in pairwise(parts)
    )


def shown_amount(amount: Decimal) -> str:
    """Return an amount of money as digits."""
    return f"{amount.normalize():f}"


def _plain_number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
