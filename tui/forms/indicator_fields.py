"""The fields for actual values of indicators: one per period, with the target in sight."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kvartal.history.diff.words import Words
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import DIRECTIONS, parse_number, show_number
from kvartal.schema.indicator_periods import period_days
from kvartal.schema.measure import Indicator, IndicatorValue, Measure, Period
from kvartal.schema.months import MONTH_NAMES, MONTHS_IN_YEAR
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarter_text import HALF_YEAR_NAMES, QUARTER_NAMES
from kvartal.schema.quarters import QUARTERS
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.record_targets import RecordTarget
from kvartal.tui.i18n import _


def shared_indicators(measures: Sequence[Measure]) -> tuple[Indicator, ...]:
    """Return the indicators that all of the measures share; none where they differ."""
    indicators = {measure.indicators for measure in measures}
    return indicators.pop() if len(indicators) == 1 else ()


def target_text(indicator: Indicator) -> str:
    """Return what must be reached: «не менее 95 %»."""
    words = dict(DIRECTIONS)[indicator.direction.value]
    return f"{_(words)} {show_number(indicator.target)} {indicator.unit}"


@dataclass(frozen=True, slots=True)
class ValuePeriods:
    """For which periods a record gives values, by its checkpoint.

    Attributes:
        measures: The measures of the record.
        period: The days that the programme is for.
    """

    measures: Sequence[Measure]
    period: ProgrammePeriod

    def of(self, indicator: Indicator, target: RecordTarget) -> tuple[str, ...]:
        """Return the periods of an indicator at a checkpoint, as the plan writes them.

        At a quarter: what lies in it, or what it lies in. At a point: what ends after the point
        before it and by it (design, section 4).
        """
        every = _periods(indicator.period, self.period)
        return tuple(one for one in every if self._belongs(one, target))

    def _belongs(self, period: str, target: RecordTarget) -> bool:
        first, last = period_days(period)
        quarter = target.quarter
        if quarter is not None:
            is_inside = quarter.first <= first and last <= quarter.last
            return is_inside or (first <= quarter.first and quarter.last <= last)
        earlier = [day for day in self._points() if day < target.day]
        return last <= target.day and (not earlier or last > max(earlier))

    def _points(self) -> Iterator[date]:
        for measure in self.measures:
            for term in (measure.term, *(one.to for one in measure.postponements)):
                yield from term.points


def _periods(kind: Period, of: ProgrammePeriod) -> Iterator[str]:
    """Yield the periods of a kind that touch a programme's, in order."""
    for year in of.years:
        for text in _periods_of_year(kind, year):
            if of.touches(*period_days(text)):
                yield text


def _periods_of_year(kind: Period, year: int) -> Iterable[str]:
    if kind is Period.MONTH:
        return (f"{year}-{month:02}" for month in range(1, MONTHS_IN_YEAR + 1))
    if kind is Period.QUARTER:
        return (f"{year}-Q{quarter}" for quarter in QUARTERS)
    if kind is Period.HALF_YEAR:
        return (f"{year}-H1", f"{year}-H2")
    return (str(year),)


def period_name(period: str, of: ProgrammePeriod) -> str:
    """Return what a period is called; its year only where the programme has several."""
    year, _dash, rest = period.partition("-")
    if len(of.years) > 1 or not rest:
        return Words(_).period(period)
    if rest.startswith("Q"):
        return _(QUARTER_NAMES[int(rest[1:]) - 1])
    if rest.startswith("H"):
        return _(HALF_YEAR_NAMES[int(rest[1:]) - 1])
    return _(MONTH_NAMES[int(rest) - 1]) if year else ""


class ValueField(FormField):
    """The field for the value of one period; it shows at once whether the target is met."""

    DEFAULT_CSS = """
    ValueField {
        &.-met .field-line { color: $text-success; }
        &.-missed .field-line { color: $text-warning; }
    }
    """

    def __init__(  # noqa: PLR0913 - each is a property of the field
        self,
        indicator: Indicator,
        period: str,
        name: str,
        *,
        known: str = "",
        number: int | None = None,
        value: str = "",
    ) -> None:
        """Make the field.

        Args:
            indicator: The indicator.
            period: As the plan writes it.
            name: The period as users read it.
            known: The value recorded earlier for the period, as text; empty for none.
            number: Place of the indicator among several, from 1; None where it is the only one.
            value: What the field begins with.
        """
        self._known = known
        self._is_one_of_several = number is not None
        self.indicator = indicator
        self.period = period
        label = _("Показатель: {period}").format(period=name)
        if number is not None:
            label = _("Показатель {number}: {period}").format(number=number, period=name)
        super().__init__(
            f"values.{period}" if number is None else f"values.{number - 1}.{period}",
            label,
            LineInput(value),
            initial=value,
            hint=_("{name}: {target}").format(name=indicator.name, target=target_text(indicator)),
            check=lambda _text: self.value(),
            read=self._read,
        )

    def value(self) -> IndicatorValue | None:
        """Return the value; None where nothing was typed.

        Raises:
            NotANumber: What was typed is no number.
        """
        if not self.typed.strip():
            return None
        name = self.indicator.name if self._is_one_of_several else None
        return IndicatorValue(self.period, parse_number(self.typed, self.label), name)

    def update_reading(self) -> None:
        """Show whether the target is met, in words and in colour."""
        met = self._is_met()
        self.set_class(met is True, "-met")
        self.set_class(met is False, "-missed")
        super().update_reading()

    def _is_met(self) -> bool | None:
        try:
            value = self.value()
        except KvartalError:
            return None
        return None if value is None else self.indicator.is_met(value.value)

    def _read(self, _typed: str) -> str:
        reading = self._target_reading()
        if not self._is_one_of_several:
            return reading
        return _("{name}. {reading}").format(name=self.indicator.name, reading=reading)

    def _target_reading(self) -> str:
        target = target_text(self.indicator)
        met = self._is_met()
        if met is not None:
            template = _("Выполнен: план {target}") if met else _("Не выполнен: план {target}")
            return template.format(target=target)
        if self._known:
            return _("План: {target}. Ранее: {known}").format(target=target, known=self._known)
        return _("План: {target}").format(target=target)


def value_fields(
    periods: ValuePeriods, targets: Sequence[RecordTarget], stated: Sequence[IndicatorValue] = ()
) -> list[ValueField]:
    """Return the fields for every period of the checkpoints; none without shared indicators.

    Args:
        periods: For which periods a record gives values.
        targets: The checkpoints.
        stated: The values that the fields begin with, also those of other periods.
    """
    measures = periods.measures
    indicators = shared_indicators(measures)
    known = {
        (value.indicator if len(indicators) > 1 else None, value.period): show_number(value.value)
        for record in (measures[0].records if len(measures) == 1 else ())
        for value in record.values
    }
    fields = []
    for number, indicator in enumerate(indicators, start=1):
        is_only = len(indicators) == 1
        own = {
            value.period: show_number(value.value)
            for value in stated
            if value.indicator in ({None, indicator.name} if is_only else {indicator.name})
        }
        every = dict.fromkeys(one for target in targets for one in periods.of(indicator, target))
        for period in [*every, *(one for one in own if one not in every)]:
            field = ValueField(
                indicator,
                period,
                period_name(period, periods.period),
                known=known.get((None if is_only else indicator.name, period), ""),
                number=None if is_only else number,
                value=own.get(period, ""),
            )
            fields.append(field)
    return fields
