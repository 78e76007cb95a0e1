"""The periods of the values of indicators: ``2024-07``, ``2024-Q3``, ``2024-H2``, ``2024``."""

from datetime import date

from kvartal.schema.measure import Period
from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.quarters import MONTHS_IN_QUARTER

_MONTHS_IN_HALF = 6
_MONTHS = {
    Period.MONTH: 1,
    Period.QUARTER: MONTHS_IN_QUARTER,
    Period.HALF_YEAR: _MONTHS_IN_HALF,
    Period.YEAR: MONTHS_IN_YEAR,
}


def period_kind(period: str) -> Period:
    """Return of which kind a period is.

    Args:
        period: As the schema allows it.
    """
    _, _, rest = period.partition("-")
    if not rest:
        return Period.YEAR
    return {"Q": Period.QUARTER, "H": Period.HALF_YEAR}.get(rest[0], Period.MONTH)


def period_days(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period.

    Args:
        period: As the schema allows it.

    Raises:
        ValueError: No calendar has the year.
    """
    head, _, rest = period.partition("-")
    year = int(head)
    kind = period_kind(period)
    length = _MONTHS[kind]
    last = int(rest.lstrip("QH") or 1) * length
    return date(year, last - length + 1, 1), month_end(year, last)


def period_end(kind: Period, day: date) -> date:
    """Return the last day of the period of a kind that a day falls in.

    >>> period_end(Period.QUARTER, date(2026, 4, 1))
    datetime.date(2026, 6, 30)
    """
    length = _MONTHS[kind]
    return month_end(day.year, -(-day.month // length) * length)
