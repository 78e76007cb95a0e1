"""The dialog that asks which version of the programme to open: a date, a commit or a tag."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TypeAlias

from textual.app import ComposeResult
from textual.widgets import OptionList

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import FieldRequired
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.dates import NoSuchDay, UnreadableDate, typed_date
from kvartal.tui.forms.date_field import WEEKDAYS
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.quick_list import QuickList, quarter_ends
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.history import TAG_PREFIX
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen

OpenVersion: TypeAlias = Callable[[str, date | None], Awaitable[None]]
"""Opens a version by its revision; the date where it was asked for by one."""

_FIELD = "version"


class OpenVersionDialog(FormDialog[str]):
    """Ask for a version and open it; the result is its revision."""

    DEFAULT_CSS = """
    OpenVersionDialog {
        & .dialog-frame { max-width: 76; }
    }
    """

    ACCEPT = N_("Открыть")

    def __init__(
        self,
        period: ProgrammePeriod,
        as_of: date,
        today: date,
        tags: Sequence[str],
        *,
        open_: OpenVersion,
    ) -> None:
        """Make the dialog.

        Args:
            period: The days that the plan is for: a day typed without its year lies in it.
            as_of: The date on the screen: «вчера» is the day before it.
            today: What «сегодня» means.
            tags: The newest tags.
            open_: Opens a version.
        """
        super().__init__()
        self._period = period
        self._as_of = as_of
        self._today = today
        self._open = open_
        self._tags = {shown(name): f"{TAG_PREFIX}{name}" for name in tags}
        self._quick = [(label, day(end)) for label, end in quarter_ends(period) if end < today]
        self._quick += [(_("Метка"), name) for name in self._tags]

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Программа на дату")

    def compose_body(self) -> ComposeResult:
        """Yield the field and the quick choices."""
        hint = _("Дата (31.03, вчера), начало номера записи или метка. Версия — на конец дня.")
        field = FormField(
            _FIELD,
            _("Дата или версия"),
            LineInput(select_on_focus=True),
            required=True,
            hint=hint,
            check=self._parse,
            read=self._read,
        )
        yield self.add_field(field)
        if self._quick:
            yield QuickList(self._quick)

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("↓ — к списку, Enter — открыть")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open a quick choice at once."""
        event.stop()
        self.fields[_FIELD].set_initial(self._quick[event.option_index][1])
        self.action_accept()

    def action_next_field(self) -> None:
        """Open what was typed: there is no other field to go to."""
        self.action_accept()

    async def submit(self) -> str:
        """Open the version that was typed."""
        revision, on = self._parse(self.typed(_FIELD))
        await self._open(revision, on)
        return revision

    def show_failure(self, error: KvartalError) -> None:
        """Show at the field why there is no such version."""
        from kvartal.history.log.revision import NoSuchRevision

        sentence = error.message(on_screen)
        if isinstance(error, NoSuchRevision):
            template = _("Версии «{name}» нет: нужна дата, начало номера записи или метка.")
            sentence = template.format(**error.fields)
        self.show_messages([(_FIELD, sentence)])

    @property
    def has_typed(self) -> bool:
        """Whether leaving would lose something: the name of a version is quickly typed again."""
        return False

    def _parse(self, typed: str) -> tuple[str, date | None]:
        """Return the revision that was typed, and the date where it was typed as one.

        Raises:
            FieldRequired: Nothing was typed.
            NoSuchDay: It looks like a date, and there is no such day.
        """
        text = typed.strip()
        if not text:
            raise FieldRequired(field=_("Дата или версия"))
        if text in self._tags:
            return self._tags[text], None
        try:
            on = typed_date(text, period=self._period, today=self._today, as_of=self._as_of)
        except UnreadableDate:
            return text, None
        return on.isoformat(), on

    def _read(self, typed: str) -> str:
        try:
            _revision, on = self._parse(typed)
        except (FieldRequired, NoSuchDay):
            return ""
        if on is None:
            return _("→ версия с этим именем")
        template = _("→ как было к концу дня {day}, {weekday}")
        return template.format(day=day(on), weekday=_(WEEKDAYS[on.weekday()]))
