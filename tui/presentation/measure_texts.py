"""What single fields of a measure say in a line: indicators, budgets, the organisation's own."""

from collections.abc import Iterator
from datetime import date

from kvartal.schema.measure import Budget, Indicator, IndicatorValue, Measure
from kvartal.schema.model import FieldType, Plan
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day, number


def indicator_text(indicator: Indicator) -> str:
    """Return an indicator with its target."""
    from kvartal.schema.fields import DIRECTIONS, PERIODS

    return _("{name}: план {direction} {target} {unit} за {period}").format(
        name=indicator.name,
        direction=_(dict(DIRECTIONS)[indicator.direction.value]),
        target=number(indicator.target),
        unit=indicator.unit,
        period=_(dict(PERIODS)[indicator.period.value]),
    )


def indicator_value_text(value: IndicatorValue, measure: Measure) -> str:
    """Return an actual value with its period and unit."""
    indicator = measure.indicator(value.indicator)
    name = f"{value.indicator}, {value.period}" if value.indicator else value.period
    unit = indicator.unit if indicator else ""
    return f"{name}: {number(value.value)} {unit}".rstrip()


def budget_text(budget: Budget) -> str:
    """Return the sums of a budget, after its source and year."""
    plan, fact = budget.plan, budget.fact
    parts = [_("план {sum}").format(sum=number(plan))] if plan is not None else []
    parts += [_("факт {sum}").format(sum=number(fact))] if fact is not None else []
    of_what = ", ".join(str(one) for one in (budget.source, budget.year) if one is not None)
    return ": ".join(part for part in (of_what, ", ".join(parts)) if part)


def extra_texts(measure: Measure, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the organisation's own fields in the order it declares them, then the undeclared."""
    declared = {one.key: one for one in plan.fields}
    keys = [key for key in declared if key in measure.extra]
    keys += [key for key in measure.extra if key not in declared]
    for key in keys:
        field, value = declared.get(key), measure.extra[key]
        text = value if isinstance(value, str) else number(value)
        if field and field.type is FieldType.DATE:
            text = _iso_day(text)
        yield field.title if field else key, text


def _iso_day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
