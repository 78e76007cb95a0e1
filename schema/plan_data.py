"""What the plain data of a programme says of itself, before it is read as a plan."""

from collections.abc import Mapping

from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.reading import MalformedPlan, read_period


def year_of(data: Mapping[str, Plain]) -> int | None:
    """Return the calendar year that a programme is for; None where it is for another period."""
    year = data.get("year")
    return year if isinstance(year, int) else None


def period_of(data: Mapping[str, Plain]) -> ProgrammePeriod:
    """Return the days that a programme is for.

    Raises:
        MalformedPlan: The data does not say.
    """
    period = read_period(data)
    if period is None:
        raise MalformedPlan
    return period


def is_approved(data: Mapping[str, Plain]) -> bool:
    """Return whether the plan has been approved: its document names the date of approval."""
    document = data.get("document")
    approval = document.get("approval") if isinstance(document, dict) else None
    return isinstance(approval, dict) and bool(approval.get("date"))


def rows_of(data: PlanData) -> list[dict[str, Plain]]:
    """Return the plain data of the measures."""
    rows = data.get("measures", [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
