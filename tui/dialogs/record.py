"""The dialog that records what was done: checkpoint, date, result, values, evidence."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Vertical

from kvartal.history.store.own_files import may_be_attached
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fact_dates import (
    CheckpointNotBegun,
    FactBeforePeriod,
    FactInFuture,
    FactOfAnotherProgramme,
    days_late,
)
from kvartal.schema.measure import Document, Evidence, IndicatorValue, Record
from kvartal.schema.operations import record
from kvartal.schema.problems import DataPath
from kvartal.schema.states import Status, status
from kvartal.schema.writing import RecordDraft
from kvartal.tui.dialogs.picker import FilePicker
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.context import FormContext, state_changes
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.evidence_fields import (
    FILE_ERRORS,
    DocumentFields,
    LinksField,
    prepare_files,
)
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.files import FilesField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.heading_line import HeadingLine
from kvartal.tui.forms.indicator_fields import ValueField, ValuePeriods, value_fields
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.forms.record_dates import RecordDates
from kvartal.tui.forms.record_fields import CHECKPOINT, RecordFields
from kvartal.tui.forms.record_targets import RecordTarget, RecordTargets, Wanted
from kvartal.tui.forms.typed_dialog import MOST_MADE, added_index
from kvartal.tui.i18n import _
from kvartal.tui.presentation.measure_numbers import name_text

HEADING_LINES: Final = 3


class RecordDialog(ChangeForm):
    """Record what was done, for one measure or several; the result is the change that was saved."""

    ACCEPT = N_("Записать")
    ERROR_FIELDS: ClassVar = {
        **dict.fromkeys(FILE_ERRORS, "files"),
        **dict.fromkeys((FactInFuture, FactBeforePeriod, FactOfAnotherProgramme), "date"),
        CheckpointNotBegun: CHECKPOINT,
    }

    known: Record | None = None
    """The record that the fields begin with; None for a new one."""

    _date: DateField
    _values: list[ValueField]
    _files: FilesField
    _links: LinksField

    DEFAULT_CSS = """
    RecordDialog {
        & .documents { height: auto; }
    }
    """

    def __init__(
        self, context: FormContext, measures: Sequence[str], checkpoint: Wanted = None
    ) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            measures: Ids of the measures, at least one.
            checkpoint: The checkpoint proposed; None for the earliest overdue one, else the one
                due.

        Raises:
            UnknownMeasure: One of them is not in the programme.
        """
        super().__init__(context)
        plan = context.plan
        statuses = tuple(
            status(plan.measure(measure), plan.calendar, context.as_of)
            for measure in dict.fromkeys(measures)
        )
        self._targets = self.targets_of(statuses)
        self._proposed = self._targets.proposed(context.as_of, checkpoint)
        self._periods = ValuePeriods(self._targets.measures, plan.period)
        self._documents: list[DocumentFields] = []
        self._dates = RecordDates()

    def targets_of(self, statuses: tuple[Status, ...]) -> RecordTargets:
        """Return what the record may be for."""
        return RecordTargets(self.context.plan, statuses, self.context.signs)

    @property
    def draft_measures(self) -> tuple[str, ...]:
        """Ids of the measures that the form is about."""
        return tuple(measure.id for measure in self._targets.measures)

    def title_text(self) -> str:
        """Return the title of the frame."""
        measures = self._targets.measures
        name = name_text(measures[0])
        if len(measures) > 1:
            name = _("мероприятий {count}").format(count=len(measures))
        return _("Отметка об исполнении: {name}").format(name=name)

    def heading_texts(self) -> Sequence[str]:
        """Return what the measures are about."""
        measures = self._targets.measures
        if len(measures) == 1:
            return (measures[0].title,)
        return [f"{one.id} {one.title}" for one in measures]

    def compose_heading(self) -> ComposeResult:
        """Yield what the first measures are about and the ids of the others."""
        lines = [*self.heading_texts()]
        if len(lines) > HEADING_LINES:
            rest = ", ".join(one.id for one in self._targets.measures[HEADING_LINES - 1 :])
            lines[HEADING_LINES - 1 :] = [_("и ещё {ids}").format(ids=rest)]
        yield from map(HeadingLine, lines)

    def compose_body(self) -> ComposeResult:
        """Yield what is recorded, then what proves it."""
        context = self.context
        self._date = DateField(
            "date",
            _("Дата исполнения"),
            context.plan.period,
            context.as_of,
            value=self.known.date if self.known else min(context.as_of, context.today),
            today=context.today,
            consequence=self._timeliness,
        )
        known, evidence = self.known, self.known.evidence if self.known else Evidence()
        stated = known.values if known else ()
        self._values = value_fields(self._periods, self._targets.targets, stated)
        self._files = FilesField(context.folder)
        self._links = LinksField(evidence.links)
        fields = RecordFields(self._targets, self._proposed, known)
        yield self.add_field(fields.checkpoint())
        yield self.add_field(self._date)
        yield self.add_field(fields.reason())
        yield self.add_field(fields.result())
        for field in self._values:
            yield self.add_field(field)
        yield self.add_field(fields.completion(self._state_after))
        with Vertical(classes="documents"):
            for document in evidence.documents or (None,):
                yield self._next_document(document)
        more = ActionButton(_("Ещё документ"), action="screen.more", id="more")
        yield more.add_class("more-fields")
        yield from self.compose_known_files()
        yield self.add_field(self._files)
        yield self.add_field(self._links)

    def compose_known_files(self) -> ComposeResult:
        """Yield the files that are there already."""
        yield from ()

    def on_mount(self) -> None:
        """Show the fields of the checkpoint proposed."""
        super().on_mount()
        self._follow_checkpoint()

    @property
    def target(self) -> RecordTarget:
        """The checkpoint chosen."""
        return self._targets.with_key(self.typed(CHECKPOINT))

    def on_field(self, field: FormField) -> None:
        """Let what depends on the checkpoint, the date and the completion follow them."""
        if field.key == CHECKPOINT:
            self._follow_checkpoint()
        if field.key in {CHECKPOINT, "date", "complete"}:
            self._date.update_reading()
            self._follow_lateness()
            self.fields["complete"].update_reading()

    def field_key(self, path: DataPath) -> str:
        """Return the key of the field that a path in the measure belongs to."""
        inner = path[2:] if path[:1] == ("records",) else ()
        if inner[:1] == ("evidence",):
            inner = inner[1:]
        key = ".".join(str(part) for part in inner)
        if key in self.fields:
            return key
        if key in {"quarter", "point"}:
            return CHECKPOINT
        if inner[:1] == ("values",):
            return next((one.key for one in self._values if one.display and one.typed), "")
        return str(inner[0]) if inner and str(inner[0]) in self.fields else ""

    def action_more(self) -> None:
        """Add the fields of one more document."""
        fields = self._next_document()
        self.query_one(".documents").mount(fields)
        self.call_after_refresh(fields.title_field.control.focus)

    def make_field(self, key: str) -> None:
        """Add documents up to that of a field."""
        index = added_index(key, "documents")
        while index is not None and len(self._documents) <= min(index, MOST_MADE):
            self.query_one(".documents").mount(self._next_document())

    def on_files_field_browse(self) -> None:
        """Open the picker where the last file was, else at home."""
        folder = self._files.paths[-1].parent if self._files.paths else Path.home()

        def picked(path: Path | None) -> None:
            if path is not None:
                self._files.attach_paths([path])

        is_offered = partial(may_be_attached, folder=self.context.folder)
        self.app.push_screen(FilePicker(folder, is_offered), picked)

    def rebase(self, before: PlanData) -> Iterator[FieldMessage]:
        """Report what became of the state of the measures."""
        measures = [measure.id for measure in self._targets.measures]
        for sentence in state_changes(before, self.context.data, measures):
            yield "", sentence

    async def submit(self) -> Change | None:
        """Save the record with its files."""
        measures = [measure.id for measure in self._targets.measures]
        documents = (fields.document() for fields in self._documents)
        files = await prepare_files(self.context, measures, self._files.paths)
        draft = RecordDraft(
            quarter=self.target.quarter,
            point=self.target.point,
            date=self._date.required_value(),
            complete=bool(self.typed("complete")),
            result=self.typed("result"),
            reason=self.typed("reason") if self.fields["reason"].display else "",
            values=tuple(self._typed_values()),
            documents=tuple(document for document in documents if document is not None),
            files=files.by_measure,
            links=self._links.links(),
        )
        change = record(self.context.data, measures, draft)
        await self.check_dates(draft.date, self.target)
        await self.context.save(change, files.attachments)
        return change

    async def check_dates(self, day: date | None, target: RecordTarget | None) -> None:
        """Check what is to be stored anew of the date and the checkpoint. See `RecordDates`."""
        measures = [measure.id for measure in self._targets.measures]
        await self._dates.check(self.context, measures, day, target)

    def _typed_values(self) -> list[IndicatorValue]:
        values = (field.value() for field in self._values if field.display)
        return [value for value in values if value is not None]

    def _next_document(self, document: Document | None = None) -> DocumentFields:
        period, as_of = self.context.plan.period, self.context.as_of
        fields = DocumentFields(len(self._documents), period, as_of, document)
        self._documents.append(fields)
        for field in fields.fields:
            self.add_field(field)
        return fields

    def _follow_checkpoint(self) -> None:
        """Show the values of the checkpoint chosen, and offer the completion with the last one."""
        target = self.target
        for field in self._values:
            is_asked = field.period in self._periods.of(field.indicator, target)
            field.display = is_asked or bool(field.initial)
        self._follow_lateness()
        complete = self.fields["complete"]
        if self.known is None and not complete.is_changed:
            complete.set_initial("1" if self._targets.completes(target) else "")

    def _follow_lateness(self) -> None:
        """Ask why it is done or recorded late; while the date cannot be read, nothing moves."""
        try:
            on = self._date.required_value()
        except KvartalError:
            return
        is_recorded_late = days_late(self.context.plan, on, self.context.today) > 0
        is_late = self._targets.is_late(self.target, on)
        reason = self.fields["reason"]
        reason.display = is_late or is_recorded_late or bool(reason.initial)

    def _timeliness(self, on: date) -> str:
        timeliness = self._targets.timeliness(self.target, on)
        days = days_late(self.context.plan, on, self.context.today)
        if not days or (self.known is not None and self.known.date == on):
            return timeliness
        template = _("Запись через {days} дн. после даты исполнения: назовите причину.")
        return " ".join(filter(None, (timeliness, template.format(days=days))))

    def _state_after(self, ticked: str) -> str:
        if self._targets.is_completed:
            return self._targets.completed_text
        try:
            on = self._date.required_value()
        except KvartalError:
            return ""
        target = self.target
        after = self._targets.state_after(
            Record(target.quarter, on, target.point, complete=bool(ticked))
        )
        return _("Станет: {state}").format(state=after) if after else ""
