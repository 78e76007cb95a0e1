"""Rules about the values of indicators that records give."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.indicator_periods import period_days, period_kind
from kvartal.schema.measure import Measure, Record
from kvartal.schema.rule import Rule, Subject, Violation, repeated


def _value_without_indicator(subject: Subject) -> Iterator[Violation]:
    """Values are those of the measure's indicators."""
    for path, measure, record in subject.records():
        if record.values and not measure.indicators:
            yield (*path, "values"), {"id": measure.id}


def _indicator_duplicate(subject: Subject) -> Iterator[Violation]:
    """Indicators of a measure have different names: values are given by name."""
    for path, measure in subject.measures():
        names = [one.name for one in measure.indicators]
        yield from repeated(
            [((*path, "indicator", at, "name"), name) for at, name in enumerate(names)]
        )


def _value_indicator_unknown(subject: Subject) -> Iterator[Violation]:
    """A value says whose it is where there are several indicators, and names one of them."""
    for path, measure, _, value in subject.values():
        if measure.indicators and measure.indicator(value.indicator) is None:
            known = "; ".join(one.name for one in measure.indicators)
            # Without a name, its period says which value is meant.
            name = value.indicator or value.period
            fields = {"id": measure.id, "name": name, "known": known}
            yield (*path, "indicator") if value.indicator else path, fields


def _value_period_mismatch(subject: Subject) -> Iterator[Violation]:
    """A value is for a period of its indicator's kind that belongs to the record's checkpoint."""
    for path, measure, record, value in subject.values():
        indicator = measure.indicator(value.indicator)
        if indicator is None:
            continue
        is_right = period_kind(value.period) is indicator.period
        if not is_right or not _belongs(value.period, measure, record):
            fields = {"id": measure.id, "period": value.period, "name": indicator.name}
            yield (*path, "period"), fields


def _belongs(period: str, measure: Measure, record: Record) -> bool:
    """Return whether a period is one that a record gives values for.

    For a quarter, a period that lies in it or that it lies in; for a point, one that ends after the
    point before it and by it (design, section 4).
    """
    first, last = period_days(period)
    if record.quarter is not None:
        quarter = record.quarter
        is_inside = quarter.first <= first and last <= quarter.last
        return is_inside or (first <= quarter.first and quarter.last <= last)
    if record.point is None:
        return False
    earlier = [day for day in _points(measure) if day < record.point]
    return last <= record.point and (not earlier or last > max(earlier))


def _points(measure: Measure) -> Iterator[date]:
    for term in (measure.term, *(one.to for one in measure.postponements)):
        yield from term.points


def _value_period_duplicate(subject: Subject) -> Iterator[Violation]:
    """A record gives one value of an indicator for a period."""
    for path, _, record in subject.records():
        yield from repeated(
            [
                (
                    (*path, "values", index, "period"),
                    f"{value.indicator or ''} {value.period}".strip(),
                )
                for index, value in enumerate(record.values)
            ]
        )


VALUE_RULES: Final = (
    Rule(
        code="indicator-duplicate",
        template=N_(
            "Показатель «{name}» у мероприятия уже есть. Назовите один из них иначе: значения "
            "указывают по названию."
        ),
        source="design 4: values name the indicator where there are several",
        check=_indicator_duplicate,
    ),
    Rule(
        code="value-without-indicator",
        template=N_(
            "{id}: у мероприятия нет показателя, значения записать не к чему. Опишите показатель "
            "в indicator или уберите values."
        ),
        source="design 4: an indicator and its actual values",
        check=_value_without_indicator,
    ),
    Rule(
        code="value-indicator-unknown",
        template=N_(
            "{id}: чьё это значение, не сказано: «{name}» не показатель мероприятия. Показатели: "
            "{known}."
        ),
        source="design 4: values name the indicator where there are several",
        check=_value_indicator_unknown,
    ),
    Rule(
        code="value-period-mismatch",
        template=N_(
            "{id}: период «{period}» не подходит к показателю «{name}» или к контрольной точке "
            "этой отметки. Исправьте период."
        ),
        source="design 4: an indicator has a period",
        check=_value_period_mismatch,
    ),
    Rule(
        code="value-period-duplicate",
        template=N_("Значение за период «{name}» в этой отметке уже есть. Оставьте одно."),
        source="design 4: an indicator and its actual values",
        check=_value_period_duplicate,
    ),
)
