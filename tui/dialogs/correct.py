"""The dialog that corrects a record."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from textual.app import ComposeResult

from kvartal.history.diff.words import Words
from kvartal.schema.changes import Change, Plain, PlanData, UnknownMeasure, measure_data
from kvartal.schema.corrections import Correction, DocumentCorrection, correct
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.measure import Document, EvidenceFile, IndicatorValue, Record
from kvartal.schema.states import Status
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.forms.context import FormContext, measure_removed, state_changes
from kvartal.tui.forms.evidence_fields import prepare_files
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.indicator_fields import ValueField
from kvartal.tui.forms.inputs import CheckInput, restored
from kvartal.tui.forms.record_fields import CHECKPOINT
from kvartal.tui.forms.record_targets import RecordTarget, RecordTargets
from kvartal.tui.i18n import _
from kvartal.tui.presentation.card_records import checkpoint_name
from kvartal.tui.presentation.measure_numbers import name_text


class RecordChanged(KvartalError):
    """Others changed or removed the record while it was being corrected."""

    template = N_(
        "Пока вы писали, эту отметку изменили или убрали. Запомните написанное, закройте форму "
        "(Esc) и откройте отметку снова."
    )


class CorrectDialog(RecordDialog):
    """Correct a record: its fields, filled with what is there.

    The result is the change that was saved, which holds only what differs.
    """

    ACCEPT = N_("Исправить")
    EDITS_STORED = True

    def __init__(self, context: FormContext, measure: str, index: int) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            measure: Id of the measure.
            index: Of the record in the measure.

        Raises:
            UnknownMeasure: The measure is not in the programme.
        """
        self._measure = context.plan.measure(measure)
        self._index = index
        self._is_lost = False
        self._row = _rows(context.data, measure)[index]
        self._known_files: list[tuple[EvidenceFile, FormField]] = []
        known = self._measure.records[index]
        self.known = known
        super().__init__(context, [measure], known.quarter or known.point)
        self._proposed = self._stated

    @property
    def record_before(self) -> Record:
        """The record as the form began with it."""
        return self._measure.records[self._index]

    @property
    def _stated(self) -> RecordTarget:
        quarter, point = self.record_before.quarter, self.record_before.point
        if quarter is not None:
            return RecordTarget(quarter.last, quarter)
        # A record names a quarter or a day: the schema sees to it.
        return RecordTarget(point or self.record_before.date)

    def targets_of(self, statuses: tuple[Status, ...]) -> RecordTargets:
        """Return what the record may be for; the measure is taken as it is without the record."""
        (own,) = statuses
        kept = (one for one in own.measure.records if one is not self.record_before)
        without = replace(own, measure=replace(own.measure, records=tuple(kept)))
        return RecordTargets(self.context.plan, (without,), self.context.signs, stated=self._stated)

    @property
    def draft_part(self) -> str:
        """Checkpoint and date of the record."""
        return f"{self._stated.key(None)} {self.record_before.date}"

    def title_text(self) -> str:
        """Return the title of the frame."""
        name = checkpoint_name(self.record_before, self.context.plan)
        return _("Исправление отметки: {id}, {name}").format(id=name_text(self._measure), name=name)

    def compose_known_files(self) -> ComposeResult:
        """Yield the files of the record, each with a box that keeps it."""
        for index, file in enumerate(self.record_before.evidence.files):
            name = file.original_name or file.path.rpartition("/")[2]
            field = FormField(
                f"known_files.{index}",
                _("Приложенный файл") if index == 0 else "",
                CheckInput(f"{name}, {Words(_).size(file.size)}", value=True),
                initial="1",
                hint=_("Пробел снимает отметку: файл уйдёт из отметки, в истории он останется."),
                read=lambda ticked: "" if ticked else _("Файл будет убран из отметки."),
            )
            self._known_files.append((file, field))
            yield self.add_field(field)

    def rebase(self, before: PlanData) -> Iterator[FieldMessage]:
        """Find the record again; report what became of it and of the measure."""
        measure, data = self._measure.id, self.context.data
        try:
            rows = _rows(data, measure)
        except UnknownMeasure:
            yield "", measure_removed(measure)
            return
        if self._row in rows:
            self._index = rows.index(self._row)
            self._measure = self.context.plan.measure(measure)
        else:
            self._is_lost = True
        for sentence in state_changes(before, data, [measure]):
            yield "", sentence

    async def submit(self) -> Change | None:
        """Save what differs, with the files that were added."""
        if self._is_lost:
            raise RecordChanged
        files = await prepare_files(self.context, [self._measure.id], self._files.paths)
        correction = replace(
            self._typed_correction(), files=tuple(files.by_measure.get(self._measure.id, ()))
        )
        change = correct(self.context.data, self._measure.id, self._index, correction)
        if not change.edits:
            return None
        is_moved = correction.checkpoint is not None
        await self.check_dates(correction.date, self.target if is_moved else None)
        await self.context.save(change, files.attachments)
        return change

    def _typed_correction(self) -> Correction:
        known, added, changed, removed = self.record_before, [], {}, []
        for index, fields in enumerate(self._documents):
            document = fields.document()
            if fields.original is None:
                added += [] if document is None else [document]
            elif document is None:
                removed.append(index)
            elif document != fields.original:
                changed[index] = _document_correction(document)
        links, target = self._links.links(), self.target
        is_moved = self.fields[CHECKPOINT].is_changed
        return Correction(
            date=self._date.required_value() if self._date.is_changed else None,
            checkpoint=(target.quarter or target.day) if is_moved else None,
            complete=bool(self.typed("complete")) if self._is_typed("complete") else None,
            result=self._text("result", known.result, lines=True),
            reason=self._text("reason", known.reason),
            values=tuple(self._changed_values()),
            removed_values=tuple(self._removed_values()),
            documents=tuple(added),
            changed_documents=changed,
            removed_documents=tuple(removed),
            removed_files=tuple(file.path for file, box in self._known_files if not box.typed),
            links=tuple(one for one in links if one not in known.evidence.links),
            removed_links=tuple(one for one in known.evidence.links if one not in links),
        )

    def _is_typed(self, key: str) -> bool:
        return self.fields[key].is_changed

    def _text(self, key: str, before: str | None, *, lines: bool = False) -> str | None:
        """Return the text of a field that was changed; None where it was not."""
        field = self.fields[key]
        return restored(field.typed, before or "", lines=lines) if field.is_changed else None

    def _changed_values(self) -> Iterator[IndicatorValue]:
        for field in self._values:
            value = field.value()
            if value is not None and field.display and field.is_changed:
                yield replace(value, indicator=self._name_of(field))

    def _removed_values(self) -> Iterator[tuple[str | None, str]]:
        for field in self._values:
            if field.initial and field.value() is None:
                yield self._name_of(field), field.period

    def _name_of(self, field: ValueField) -> str | None:
        """Return how the record names the indicator of a value: it may leave out the only one."""
        name = field.indicator.name
        for one in self.record_before.values:
            if one.period == field.period and one.indicator in {None, name}:
                return one.indicator
        return name if len(self._measure.indicators) > 1 else None


def _document_correction(document: Document) -> DocumentCorrection:
    return DocumentCorrection(document.title, document.number or "", document.date or "")


def _rows(data: PlanData, measure: str) -> Sequence[Plain]:
    """Return the plain records of a measure.

    Raises:
        UnknownMeasure: The measure is not in the programme.
    """
    records = measure_data(data, measure).get("records", [])
    return records if isinstance(records, list) else ()
