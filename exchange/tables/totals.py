"""The totals of a table: a check, compared with the sums of its measures, never taken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.budgets import amount_of, shown_amount
from kvartal.exchange.tables.money_columns import MoneyColumn, money_column
from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.exchange.tables.row_kinds import TotalRow
from kvartal.schema.errors import N_


@dataclass
class Totals:
    """Compares totals, those of parts when the measures below their titles are there.

    Attributes:
        measures: The measures so far; others add to them.
        money: By what money in a column is multiplied, by field.
        remarks: What is to be said.
    """

    measures: Sequence[SourceMeasure]
    money: Mapping[str, int]
    remarks: list[Remark]
    _of_parts: list[tuple[str, TotalRow]] = field(default_factory=list)

    def take(self, row: TotalRow, parts: Iterable[str]) -> None:
        """Name a total; compare it with the sums of all measures so far, and of those in parts."""
        self.skip(row)
        of_parts = ([one for one in self.measures if part in _parts(one)] for part in parts)
        self._compare(row, (self.measures, *of_parts))

    def take_of_part(self, row: TotalRow, part: str) -> None:
        """Name the total of a part, and keep it until the measures of the part are there."""
        self.skip(row)
        self._of_parts.append((part, row))

    def skip(self, row: TotalRow) -> None:
        """Name a row with sums."""
        template = N_("Итоговая строка «{text}»: пропущена.")
        self.remarks.append(Remark("total-skipped", row.place, template, {"text": row.text}))

    def finish(self) -> None:
        """Compare the totals of parts."""
        if not self._of_parts:
            return
        by_part: dict[str, list[SourceMeasure]] = defaultdict(list)
        for measure in self.measures:
            for part in _parts(measure):
                by_part[part].append(measure)
        for part, row in self._of_parts:
            self._compare(row, (by_part[part],))

    def _compare(self, row: TotalRow, groups: Sequence[Sequence[SourceMeasure]]) -> None:
        """Compare a total with the sums of groups of measures: it is one of them."""
        for name, cell in row.cells.items():
            amount = amount_of(cell, self.money.get(name, 1))
            column = money_column(name)
            if amount is None or column is None:
                continue
            sums = [_sum(column, one) for one in groups]
            if amount not in sums:
                template = N_("Итог {total}, а сумма по мероприятиям {sum}: проверьте.")
                fields = {"total": shown_amount(amount), "sum": shown_amount(sums[0])}
                self.remarks.append(Remark("total-differs", cell.place, template, fields))


def _parts(measure: SourceMeasure) -> list[str]:
    """Return the numbers of the parts that a measure is in by its own part's: «2.1» is in 2."""
    steps = measure.part.split(".") if measure.part else []
    return [".".join(steps[:count]) for count in range(1, len(steps) + 1)]


def _sum(column: MoneyColumn, measures: Iterable[SourceMeasure]) -> Decimal:
    is_every_year = column.is_total and not column.year
    amounts = (
        Decimal(str(one.get(column.kind, 0)))
        for measure in measures
        for one in measure.budget
        if is_every_year or str(one.get("year", "")) == column.year
        if not column.source or one.get("source") == column.source
    )
    return sum(amounts, Decimal(0))
