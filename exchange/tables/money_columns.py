"""Columns with money: their year, their source and their unit, as the headings say.

A field of such a column is `budget.plan`, `budget.plan.2026`, `budget.plan.2026.Местный бюджет` or
`budget.plan..Местный бюджет`; one that sums up others is `budget.plan_total` or
`budget.fact_total`, perhaps with a year.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kvartal.exchange.tables.headings import plain_heading

PLAN: Final = "budget.plan"
FACT: Final = "budget.fact"
_TOTAL: Final = "_total"
MONEY: Final = frozenset({PLAN, FACT})
"""The fields of money, without year and source."""

_YEAR: Final = re.compile(r"\b20\d{2}\b")
_SUM: Final = re.compile(r"\b(?:всего|итого|общ(?:ий|ая|ее)|total)\b", re.IGNORECASE)
_SOURCE: Final = re.compile(
    r"бюджет|внебюдж|средств|источник|собственн|кредит|грант|субсиди|инвест|спонсор|приносящ|"
    r"за сч[её]т прибыли|"
    r"budget|funds?\b|funding|grant|loan|^(?:[фомркг]б|вбс|ви)$|"
    r"^(?:федеральн|республиканск|краев|областн|региональн|окружн|районн|городск|местн)\w{2}$",
    re.IGNORECASE,
)
_PLANNED: Final = re.compile(r"^(?:план|предусмотрен|утвержд|plan)", re.IGNORECASE)
_UNIT: Final = re.compile(
    r"[\s,]*[(]?\s*(?:в\s+)?(?:тыс|млн|млрд)?\.?\s*(?:руб\w*|₽)\.?\s*[)]?\s*$", re.IGNORECASE
)
_UNITS: Final = (
    (re.compile(r"тыс|thousand", re.IGNORECASE), 1000),
    (re.compile(r"млн|million", re.IGNORECASE), 1_000_000),
    (re.compile(r"млрд|billion", re.IGNORECASE), 1_000_000_000),
)


@dataclass(frozen=True, slots=True)
class MoneyColumn:
    """What the money in a column is.

    Attributes:
        field: `budget.plan` or `budget.fact`, with `_total` where it sums up others.
        year: The year that it is for; empty where the heading names none.
        source: Where it comes from, as the heading has it; empty where it does not say.
    """

    field: str
    year: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """The field with year and source."""
        return f"{self.field}.{self.year}.{self.source}".rstrip(".")

    @property
    def kind(self) -> str:
        """The key in a budget: `plan` or `fact`."""
        return self.field.rpartition(".")[2].removesuffix(_TOTAL)

    @property
    def is_total(self) -> bool:
        """Whether it sums up other columns."""
        return self.field.endswith(_TOTAL)

    @property
    def single(self) -> "MoneyColumn":
        """The column that it is where there is nothing that it sums up."""
        return replace(self, field=self.field.removesuffix(_TOTAL))


def money_column(name: str) -> MoneyColumn | None:
    """Return what a field's name says of money; None where it is none."""
    first, second, *rest = (*name.split(".", 3), "")
    field = f"{first}.{second}"
    if field.removesuffix(_TOTAL) not in MONEY:
        return None
    year, source = (*rest, "", "")[:2]
    return MoneyColumn(field, year, source)


def money_names(field: str, headings: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """Return the field of each column with money of one kind, with its year and source.

    Args:
        field: `budget.plan` or `budget.fact`.
        headings: The lines of the heading of each such column, by its index.

    Returns:
        Empty texts for columns that nothing tells apart from the one before them.
    """
    found: dict[int, str] = {}
    for index, lines in headings.items():
        label = lines[-1] if lines else ""
        heading = plain_heading(" ".join(lines))
        year = _YEAR.search(heading)
        is_sum = len(headings) > 1 and _SUM.search(label) is not None
        source = _source(label) if len(headings) > 1 and not is_sum else ""
        kind = f"{field}{_TOTAL}" if is_sum else field
        found[index] = MoneyColumn(kind, year[0] if year else "", source).name
    first: dict[str, tuple[int, str]] = {}
    for index, name in found.items():
        heading = " ".join(headings[index])
        at, known = first.setdefault(name, (index, heading))
        # A heading over several columns is one column; another one of the same name is not.
        if at != index and known != heading:
            found[index] = ""
    return found


def names_kind_of_money(label: str) -> bool:
    """Return whether the last line of a heading says which money its column has.

    Args:
        label: «2026», «Всего», «Местный бюджет», «План».
    """
    return any(one.search(label) is not None for one in (_YEAR, _SUM, _SOURCE, _PLANNED))


def names_source(text: str) -> bool:
    """Return whether a text is the name of a source of money: «местный бюджет»."""
    return _SOURCE.search(text) is not None


def money_unit(heading: str) -> int:
    """Return by what the money of a column is multiplied, by its heading."""
    return next((unit for pattern, unit in _UNITS if pattern.search(heading)), 1)


def _source(label: str) -> str:
    text = _UNIT.sub("", _YEAR.sub("", label)).strip(" ,;:.–—-")
    return text if _SOURCE.search(text) else ""
