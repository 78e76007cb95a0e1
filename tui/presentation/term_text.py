"""What a term means, where its text does not say so plainly."""

import re
from datetime import date
from typing import Final

from kvartal.schema.measure import Term
from kvartal.schema.model import Plan
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.periods import short_quarters

_QUARTER_WORDS: Final = ("кварт", "кв.", "quarter", "q1", "q2", "q3", "q4")
_RUSSIAN_MONTHS: Final = (
    *("янв", "фев", "мар", "апр", "ма[йя]", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
)


def plain_reading(term: Term, plan: Plan) -> str:
    """Return the reading of a term in words; empty where its text says the same."""
    if term.quarters:
        text = term.text.casefold()
        says_so = any(word in text for word in _QUARTER_WORDS)
        quarters = short_quarters(term.quarters, plan)
        return "" if says_so else _("кварталы: {quarters}").format(quarters=quarters)
    if term.points:
        template = _("контрольных точек {count}: первая {first}, последняя {last}")
        first, last = day(term.points[0]), day(term.points[-1])
        if len(term.points) > 1:
            return template.format(count=len(term.points), first=first, last=last)
    parts = []
    if term.start is not None:
        parts.append(_("с {date}").format(date=day(term.start)))
    if term.last_day is not None:
        parts.append(_("до {date}").format(date=day(term.last_day)))
    else:
        parts.append(_("без последнего дня: само не станет просроченным"))
    says_so = (
        term.start is None and term.last_day is not None and names_day(term.text, term.last_day)
    )
    return "" if says_so else ", ".join(parts)


def names_day(text: str, on: date) -> bool:
    """Return whether a text names a day: «30.04», «30 апреля», «April 30».

    Args:
        text: The words of a term.
        on: The day.
    """
    words = text.casefold()
    if f"{on:%d.%m}" in words or on.isoformat() in words:
        return True
    return re.search(rf"(?<!\d){on.day}(?!\d)", words) is not None and any(
        re.search(month, words) for month in (_RUSSIAN_MONTHS[on.month - 1], f"{on:%b}".casefold())
    )
