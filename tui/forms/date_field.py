"""The field for a date: typed as users write it, read back with its day of the week."""

from collections.abc import Callable
from datetime import date
from typing import Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import FieldRequired
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.dates import typed_date
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day

WEEKDAYS: Final = (
    N_("понедельник"),
    N_("вторник"),
    N_("среда"),
    N_("четверг"),
    N_("пятница"),
    N_("суббота"),
    N_("воскресенье"),
)


class DateField(FormField):
    """A date; empty is None where the field may be empty."""

    def __init__(  # noqa: PLR0913 - each is a property of the field
        self,
        key: str,
        label: str,
        period: ProgrammePeriod,
        as_of: date,
        *,
        value: date | None,
        today: date | None = None,
        required: bool = True,
        hint: str = "",
        consequence: Callable[[date], str] | None = None,
    ) -> None:
        """Make the field.

        Args:
            key: Name of the field in its form.
            label: Its label.
            period: The days that the plan is for: a day typed without its year lies in it.
            as_of: The date on the screen: «вчера» is the day before it.
            value: The date to begin with.
            today: What «сегодня» means; the date on the screen, if not given.
            required: Whether it must be filled.
            hint: About what to type.
            consequence: Returns what follows from the date, shown beside the day of the week.
        """
        self._period = period
        self._as_of = as_of
        self._today = today or as_of
        self._consequence = consequence
        super().__init__(
            key,
            label,
            LineInput(day(value), select_on_focus=True),
            initial=day(value),
            required=required,
            hint=hint
            or _("Например: 27.09.{year}, 27.09, сегодня, вчера.").format(year=period.due.year),
            check=lambda _text: self.value(),
            read=self._read,
        )

    def value(self) -> date | None:
        """Return the date that was typed.

        Raises:
            FieldRequired: Nothing was typed and the field must be filled.
            UnreadableDate, NoSuchDay: What was typed is no date.
        """
        if not self.typed.strip():
            if self.required:
                raise FieldRequired(field=self.label)
            return None
        return typed_date(self.typed, period=self._period, today=self._today, as_of=self._as_of)

    def required_value(self) -> date:
        """Return the date of a field that must be filled.

        Raises:
            FieldRequired, UnreadableDate, NoSuchDay: There is none.
        """
        value = self.value()
        if value is None:
            raise FieldRequired(field=self.label)
        return value

    def _read(self, _typed: str) -> str:
        try:
            value = self.value()
        except KvartalError:
            return ""
        if value is None:
            return ""
        text = f"→ {day(value)}, {_(WEEKDAYS[value.weekday()])}"
        consequence = self._consequence(value) if self._consequence else ""
        return f"{text}. {consequence}" if consequence else text
