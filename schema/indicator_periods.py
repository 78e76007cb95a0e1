"""The periods of the values of indicators: ``2024-07``, ``2024-Q3``, ``2024-H2``, ``2024``."""

from datetime import date

from kvartal.schema.measure import Period
from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.quarters import MONTHS_IN_QUARTER

_MONTHS_IN_HALF = 6


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
    if kind is Period.MONTH:
        first = last = int(rest)
    elif kind is Period.YEAR:
        first, last = 1, MONTHS_IN_YEAR
    else:
        length = MONTHS_IN_QUARTER if kind is Period.QUARTER else _MONTHS_IN_HALF
        last = int(rest[1:]) * length
        first = last - length + 1
    return date(year, first, 1), month_end(year, last)
