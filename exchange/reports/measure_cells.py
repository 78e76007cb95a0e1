"""What a measure says in a cell of the table: a field in lines, or its one number or date."""

from contextlib import suppress
from datetime import date

from kvartal.exchange.reports.blocks import ColumnKind
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.schema.errors import N_
from kvartal.schema.fields import DIRECTIONS
from kvartal.schema.measure import Budget, Indicator, Measure
from kvartal.schema.model import FieldType


def field_lines(measure: Measure, name: str, words: ReportWords) -> tuple[str, ...]:
    """Return what a measure says in a field, a line each.

    Args:
        measure: The measure.
        name: The field, by its name in the schema or the key of a declared one.
        words: The words.
    """
    texts: dict[str, tuple[str, ...]] = {
        "number": (measure.number,),
        "proposal": tuple(measure.proposal.split("\n")),
        "actions": measure.actions,
        "term": (measure.term.text,),
        "result": tuple(measure.result.split("\n")),
        "responsible": tuple(map(str, measure.responsible)),
        "notes": tuple((measure.notes or "").split("\n")),
        "id": (measure.id,),
        "section": (measure.section or "",),
        "channel": (measure.channel or "",),
        "actions_from": (measure.actions_from or "",),
        "same_work": measure.same_work,
        "budget": tuple(_money(one, words) for one in measure.budget),
        "indicator": tuple(_target(one, words) for one in measure.indicators),
        "budget.plan": tuple(
            words.words.number(one.plan) for one in measure.budget if one.plan is not None
        ),
        "budget.fact": tuple(
            words.words.number(one.fact) for one in measure.budget if one.fact is not None
        ),
        "budget.source": tuple(one.source for one in measure.budget if one.source),
        "indicator.name": tuple(one.name for one in measure.indicators),
        "indicator.unit": tuple(one.unit for one in measure.indicators),
        "indicator.target": tuple(words.words.number(one.target) for one in measure.indicators),
    }
    value = measure.extra.get(name.removeprefix("extra."))
    declared = {one.key: one.type for one in words.plan.fields}
    if name in texts:
        lines = texts[name]
    elif isinstance(value, str) and declared.get(name.removeprefix("extra.")) is FieldType.DATE:
        lines = (words.words.day(value),)
    elif isinstance(value, str):
        lines = tuple(value.split("\n"))
    else:
        lines = () if value is None else (words.words.number(value),)
    return tuple(line for line in lines if line)


def _money(budget: Budget, words: ReportWords) -> str:
    """Return money in one line: «2026, областной бюджет: 1 500 000, факт: 1 234 567»."""
    number = words.words.number
    of = ", ".join(filter(None, ("" if budget.year is None else str(budget.year), budget.source)))
    amounts = [] if budget.plan is None else [number(budget.plan)]
    if budget.fact is not None:
        amounts.append(words.say(N_("факт: {value}"), value=number(budget.fact)))
    return ": ".join(filter(None, (of, ", ".join(amounts))))


def _target(indicator: Indicator, words: ReportWords) -> str:
    """Return an indicator in one line: «Доля обслуженных: не менее 95 %»."""
    least = words.translate(dict(DIRECTIONS)[indicator.direction.value])
    target = words.words.number(indicator.target)
    return f"{indicator.name}: {least} {target} {indicator.unit}"


def field_value(measure: Measure, name: str, kind: ColumnKind) -> float | date | None:
    """Return the one number or date of a field, for formats that hold values; None for others.

    Args:
        measure: The measure.
        name: The field, as above.
        kind: What the values of its column are.
    """
    numbers: dict[str, list[float | None]] = {
        "budget.plan": [one.plan for one in measure.budget],
        "budget.fact": [one.fact for one in measure.budget],
        "indicator.target": [one.target for one in measure.indicators],
    }
    extra = measure.extra.get(name.removeprefix("extra."))
    values: list[object] = [*numbers[name]] if name in numbers else [extra]
    found = [one for one in values if one is not None]
    if len(found) != 1:
        return None
    (value,) = found
    if kind is ColumnKind.NUMBER and isinstance(value, int | float):
        return value
    if kind is ColumnKind.DATE and isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return None
