"""The reading of a term in words: its quarters or days, and where it is checked."""

from kvartal.schema.checkpoints import checkpoint_days
from kvartal.schema.measure import Term
from kvartal.schema.model import Plan
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.periods import quarter_text, short_quarters

_MOST_DAYS = 4
"""How many days of checkpoints are named one by one."""


def term_days_text(term: Term, plan: Plan) -> str:
    """Return what a term means: «III квартал, до 30.09.2024», «с 01.07.2024 до 30.11.2024»."""
    days = [checkpoint.due for checkpoint in checkpoint_days(term, plan.calendar)]
    if len(term.quarters) == 1:
        quarter = quarter_text(term.quarters[0], plan)
        return _("{quarter}, до {due}").format(quarter=quarter, due=day(days[0]))
    if len(days) > _MOST_DAYS:
        template = _("контрольных точек {count}: с {first} по {last}")
        points = template.format(count=len(days), first=day(days[0]), last=day(days[-1]))
    else:
        points = _("контрольные точки {days}").format(days=", ".join(map(day, days)))
    if term.quarters:
        quarters = short_quarters(term.quarters, plan)
        return _("{quarters} кварталы, {points}").format(quarters=quarters, points=points)
    if term.points:
        return points
    return _date_text(term, plan)


def _date_text(term: Term, plan: Plan) -> str:
    due = None if term.due is None else plan.calendar.last_day(term.due)
    if term.start and due:
        return _("с {start} до {due}").format(start=day(term.start), due=day(due))
    if due:
        return _("до {due}").format(due=day(due))
    if term.start:
        template = _("с {start}, без даты окончания: сам по себе просроченным не станет")
        return template.format(start=day(term.start))
    return _("без даты: сам по себе просроченным не станет")
