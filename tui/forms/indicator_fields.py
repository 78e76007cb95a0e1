"""The fields for actual values of an indicator: one per period, with the target in sight."""

from collections.abc import Iterable, Sequence

from kvartal.history.diff.words import MONTHS
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import DIRECTIONS, parse_number, show_number
from kvartal.schema.model import Indicator, IndicatorValue, Measure, Period
from kvartal.schema.quarters import MONTHS_IN_QUARTER, roman
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _


def shared_indicator(measures: Sequence[Measure]) -> Indicator | None:
    """Return the indicator that all of the measures share; None where they differ."""
    indicators = {measure.indicator for measure in measures}
    return indicators.pop() if len(indicators) == 1 else None


def periods(indicator: Indicator, year: int, quarter: int) -> tuple[tuple[str, str], ...]:
    """Return the periods of an indicator in a quarter: how each is written, and its name.

    Args:
        indicator: The indicator.
        year: The plan's year.
        quarter: 1 to 4.
    """
    if indicator.period is Period.YEAR:
        return ((str(year), _("{year} год").format(year=year)),)
    if indicator.period is Period.QUARTER:
        name = _("{roman} квартал").format(roman=roman(quarter))
        return ((f"{year}-Q{quarter}", name),)
    last = quarter * MONTHS_IN_QUARTER
    return tuple(
        (f"{year}-{month:02}", _(MONTHS[month - 1]))
        for month in range(last - MONTHS_IN_QUARTER + 1, last + 1)
    )


def target_text(indicator: Indicator) -> str:
    """Return what must be reached: «не менее 95 %»."""
    words = dict(DIRECTIONS)[indicator.direction.value]
    return f"{_(words)} {show_number(indicator.target)} {indicator.unit}"


class ValueField(FormField):
    """The field for the value of one period; it shows at once whether the target is met."""

    DEFAULT_CSS = """
    ValueField {
        &.-met .field-line { color: $text-success; }
        &.-missed .field-line { color: $text-warning; }
    }
    """

    def __init__(self, indicator: Indicator, period: str, name: str, known: str) -> None:
        """Make the field.

        Args:
            indicator: The indicator.
            period: As the plan writes it.
            name: As users read it.
            known: The value recorded earlier for the period, as text; empty for none.
        """
        self._indicator = indicator
        self._known = known
        self.period = period
        super().__init__(
            f"values.{period}",
            _("Показатель: {period}").format(period=name),
            LineInput(),
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
        return IndicatorValue(self.period, parse_number(self.typed, self.label))

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
        return None if value is None else self._indicator.is_met(value.value)

    def _read(self, _typed: str) -> str:
        target = target_text(self._indicator)
        met = self._is_met()
        if met is not None:
            template = _("Выполнен: план {target}") if met else _("Не выполнен: план {target}")
            return template.format(target=target)
        if self._known:
            return _("План: {target}. Ранее: {known}").format(target=target, known=self._known)
        return _("План: {target}").format(target=target)


def value_fields(
    measures: Sequence[Measure], year: int, quarters: Iterable[int]
) -> list[ValueField]:
    """Return the fields for every period of the quarters; none without a shared indicator."""
    indicator = shared_indicator(measures)
    if indicator is None:
        return []
    known = {
        value.period: show_number(value.value)
        for record in (measures[0].records if len(measures) == 1 else ())
        for value in record.values
    }
    names = {
        period: name for quarter in quarters for period, name in periods(indicator, year, quarter)
    }
    return [
        ValueField(indicator, period, name, known.get(period, "")) for period, name in names.items()
    ]
