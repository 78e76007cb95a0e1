"""The dialog that records what was done: quarter, date, result, values, evidence."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from kvartal.history.store.errors import EvidenceAltered, EvidencePathTaken, EvidencePathUnsafe
from kvartal.history.store.evidence import (
    AttachmentEmpty,
    AttachmentMissing,
    AttachmentNotAFile,
    AttachmentTooLarge,
    AttachmentUnreadable,
)
from kvartal.schema.changes import Change
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import IndicatorValue, Record
from kvartal.schema.operations import record
from kvartal.schema.problems import DataPath
from kvartal.schema.states import status
from kvartal.schema.writing import RecordDraft
from kvartal.tui.dialogs.decisions import STATE
from kvartal.tui.dialogs.picker import FilePicker
from kvartal.tui.forms.context import FormContext, changed_meanwhile, gone
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.evidence_fields import DocumentFields, LinksField, attached
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.files import FilesField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.indicator_fields import ValueField, periods, shared_indicator, value_fields
from kvartal.tui.forms.inputs import ActionButton, LongInput, Tick
from kvartal.tui.forms.radio_list import RadioList
from kvartal.tui.forms.record_quarters import Selected
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

HEADING_LINES: Final = 3
FILE_ERRORS: Final = (
    *(AttachmentEmpty, AttachmentMissing, AttachmentTooLarge, AttachmentUnreadable),
    *(EvidenceAltered, EvidencePathTaken, EvidencePathUnsafe, AttachmentNotAFile),
)


class RecordDialog(FormDialog[Change]):
    """Record what was done, for one measure or several; the result is the change that was kept."""

    ACCEPT = N_("Записать")
    ERROR_FIELDS: ClassVar = dict.fromkeys(FILE_ERRORS, "files")

    _date: DateField
    _values: list[ValueField]
    _files: FilesField
    _links: LinksField

    DEFAULT_CSS = """
    RecordDialog {
        & #more { margin: 0 0 1 24; }
        & .documents { height: auto; }
    }
    """

    def __init__(
        self, desk: FormContext, measures: Sequence[str], quarter: int | None = None
    ) -> None:
        """Take the measures.

        Args:
            desk: The programme and the way to keep a change.
            measures: Ids of the measures, at least one.
            quarter: The quarter proposed; None for the earliest overdue one, else the one due.

        Raises:
            UnknownMeasure: One of them is not in the programme.
        """
        super().__init__()
        self._desk = desk
        found = [desk.plan.measure(one) for one in dict.fromkeys(measures)]
        year = desk.plan.year
        statuses = tuple(status(measure, year, desk.as_of) for measure in found)
        self._selected = Selected(year, statuses, desk.signs)
        quarters = self._selected.quarters()
        first = quarter if quarter in quarters else self._selected.first_choice(desk.as_of)
        self._quarters = quarters
        self._first = first
        self._documents: list[DocumentFields] = []

    def title_text(self) -> str:
        """Return the title of the frame."""
        measures = self._selected.measures
        name = measures[0].id
        if len(measures) > 1:
            name = _("мероприятий {count}").format(count=len(measures))
        return _("Отметка об исполнении: {name}").format(name=name)

    def compose_heading(self) -> ComposeResult:
        """Yield what the measures are about."""
        measures = self._selected.measures
        lines = [f"{one.id} {one.proposal}" for one in measures]
        if len(lines) == 1:
            lines = [measures[0].proposal]
        if len(lines) > HEADING_LINES:
            rest = ", ".join(one.id for one in measures[HEADING_LINES - 1 :])
            lines[HEADING_LINES - 1 :] = [_("и ещё {ids}").format(ids=rest)]
        for line in lines:
            yield Static(Content(shown(line)), classes="heading-line", markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield what is recorded, then what proves it."""
        desk = self._desk
        self._date = DateField(
            "date",
            _("Дата исполнения"),
            desk.plan.year,
            desk.today,
            desk.as_of,
            tell=self._timeliness,
        )
        self._values = value_fields(self._selected.measures, desk.plan.year, self._quarters)
        self._files = FilesField()
        self._links = LinksField()
        yield self.add_field(self._quarter_field())
        yield self.add_field(self._date)
        yield self.add_field(self._result_field())
        for field in self._values:
            yield self.add_field(field)
        yield self.add_field(self._complete_field())
        with Vertical(classes="documents"):
            yield self._next_document()
        yield ActionButton(_("Ещё документ"), action="screen.more", id="more")
        yield self.add_field(self._files)
        yield self.add_field(self._links)

    def on_mount(self) -> None:
        """Show the fields of the quarter proposed."""
        super().on_mount()
        self._follow_quarter()

    @property
    def quarter(self) -> int:
        """The quarter chosen."""
        return int(self.typed("quarter"))

    def on_field(self, field: FormField) -> None:
        """Let what depends on the quarter, the date and the completion follow them."""
        if field.key == "quarter":
            self._follow_quarter()
        if field.key in {"quarter", "date", "complete"}:
            self._date.read_again()
            self.fields["complete"].read_again()

    def place(self, path: DataPath) -> str:
        """Return the key of the field that a path in the measure belongs to."""
        inner = path[2:] if path[:1] == ("records",) else ()
        if inner[:1] == ("evidence",):
            inner = inner[1:]
        key = ".".join(str(part) for part in inner)
        if key in self.fields:
            return key
        if inner[:1] == ("values",):
            return next((one.key for one in self._values if one.display and one.typed), "")
        return str(inner[0]) if inner and str(inner[0]) in self.fields else ""

    def action_more(self) -> None:
        """Ask for one more document."""
        fields = self._next_document()
        self.query_one(".documents").mount(fields)
        self.call_after_refresh(fields.title_field.entry.focus)

    def on_files_field_browse(self) -> None:
        """Open the picker where the last file was, else at home."""
        folder = self._files.paths[-1].parent if self._files.paths else Path.home()

        def picked(path: Path | None) -> None:
            if path is not None:
                self._files.take_paths([path])

        self.app.push_screen(FilePicker(folder), picked)

    def take_up(self) -> Iterator[tuple[str, str]]:
        """Take up what others made of the programme; tell what became of the same measures."""
        now = self._desk.by_now()
        if now is None:
            return
        before, self._desk = self._desk.data, now
        measures = [measure.id for measure in self._selected.measures]
        yield from (("", gone(one)) for one in measures if one not in now.plan.by_id)
        told = changed_meanwhile(before, now.data, measures, STATE)
        if told:
            yield "", told

    async def catch_up(self) -> None:
        """Have the application take up what others did."""
        if self._desk.catch_up is not None:
            await self._desk.catch_up()

    async def keep(self) -> Change:
        """Record it."""
        measures = [measure.id for measure in self._selected.measures]
        found = (fields.document() for fields in self._documents)
        files = await attached(self._desk, measures, self._files.paths)
        draft = RecordDraft(
            quarter=self.quarter,
            date=self._date.given(),
            complete=bool(self.typed("complete")),
            result=self.typed("result"),
            values=tuple(self._given_values()),
            documents=tuple(document for document in found if document is not None),
            files=files.by_measure,
            links=self._links.links(),
        )
        change = record(self._desk.data, measures, draft)
        await self._desk.save(change, files.attachments)
        return change

    def _given_values(self) -> list[IndicatorValue]:
        found = (field.value() for field in self._values if field.display)
        return [value for value in found if value is not None]

    def _quarter_field(self) -> FormField:
        choices = [(str(q), Content(self._selected.describe(q))) for q in self._quarters]
        return FormField(
            "quarter",
            _("Квартал"),
            RadioList(choices, str(self._first)),
            initial=str(self._first),
            required=True,
            hint=_("За какой квартал отметка: стрелки или цифра."),
        )

    def _result_field(self) -> FormField:
        expected = " / ".join(dict.fromkeys(one.result for one in self._selected.measures))
        return FormField(
            "result",
            _("Фактический результат"),
            LongInput(),
            hint=_("Ожидалось: {result}").format(result=expected),
        )

    def _complete_field(self) -> FormField:
        offered = self._selected.completes(self._first)
        field = FormField(
            "complete",
            _("Исполнение"),
            Tick(_("Мероприятие тем самым исполнено"), value=offered),
            initial="1" if offered else "",
            hint=_("Пробел ставит и снимает. Отметка за последний квартал обычно завершает."),
            read=self._state_after,
        )
        field.entry.disabled = self._selected.is_completed
        return field

    def _next_document(self) -> DocumentFields:
        fields = DocumentFields(len(self._documents), self._desk.plan.year, self._desk.today)
        self._documents.append(fields)
        for field in fields.fields:
            self.add_field(field)
        return fields

    def _follow_quarter(self) -> None:
        """Show the values of the quarter chosen, and offer the completion with the last one."""
        indicator = shared_indicator(self._selected.measures)
        if indicator is not None:
            here = {
                period for period, _name in periods(indicator, self._desk.plan.year, self.quarter)
            }
            for field in self._values:
                field.display = field.period in here
        complete = self.fields["complete"]
        if not complete.is_changed:
            complete.put("1" if self._selected.completes(self.quarter) else "")

    def _timeliness(self, on: date) -> str:
        return self._selected.timeliness(self.quarter, on)

    def _state_after(self, ticked: str) -> str:
        if self._selected.is_completed:
            return _("Уже отмечено исполненным.")
        try:
            on = self._date.given()
        except KvartalError:
            return ""
        after = self._selected.state_after(Record(self.quarter, on, complete=bool(ticked)))
        return _("Станет: {state}").format(state=after) if after else ""
