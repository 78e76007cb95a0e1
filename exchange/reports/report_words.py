"""The words of a report: everything in it is in the plan's own language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from kvartal.exchange.reports.blocks import ReportStyle, StateMark
from kvartal.exchange.reports.printed_words import PrintedWords
from kvartal.schema.errors import N_, Translate
from kvartal.schema.gaps import Gap
from kvartal.schema.measure import Document, Evidence, Measure, Record
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import Checkpoint, CheckpointState, MeasureState, Status
from kvartal.schema.writing import plain_document, plain_file

_STATES: Final = {
    MeasureState.PLANNED: N_("Запланировано"),
    MeasureState.IN_PROGRESS: N_("В работе"),
    MeasureState.OVERDUE: N_("Просрочено"),
    MeasureState.DONE: N_("Исполнено"),
    MeasureState.DONE_LATE: N_("Исполнено с нарушением срока"),
    MeasureState.CANCELLED: N_("Снято с плана"),
}
_CHECKPOINT_STATES: Final = {
    CheckpointState.UPCOMING: N_("Предстоит"),
    CheckpointState.DUE: N_("Срок в этом квартале"),
    CheckpointState.OVERDUE: N_("Просрочено"),
    CheckpointState.RECORDED: N_("Исполнено в срок"),
    CheckpointState.RECORDED_LATE: N_("Исполнено с нарушением срока"),
    CheckpointState.CANCELLED: N_("Снято с плана"),
}
_STYLES: Final = {
    CheckpointState.DUE: ReportStyle.DUE,
    CheckpointState.OVERDUE: ReportStyle.OVERDUE,
    CheckpointState.RECORDED: ReportStyle.DONE,
    CheckpointState.RECORDED_LATE: ReportStyle.DONE_LATE,
    CheckpointState.CANCELLED: ReportStyle.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class ReportWords:
    """Texts of a report in one language.

    Attributes:
        plan: The programme.
        translate: Turns Russian texts into its language.
    """

    plan: Plan
    translate: Translate
    _distinct: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Find what tells measures apart."""
        # A frozen class allows no other way to set what follows from its fields.
        object.__setattr__(self, "_distinct", dict(_distinctions(self.plan)))

    @property
    def words(self) -> PrintedWords:
        """Values as documents print them."""
        return PrintedWords(self.translate)

    def say(self, template: str, **fields: object) -> str:
        """Return a text in the language, with its fields filled in."""
        return self.translate(template).format(**fields)

    def day(self, value: date | None) -> str:
        """Return a date as the language writes it; empty for none."""
        return "" if value is None else self.words.day(value.isoformat())

    def checkpoint(self, checkpoint: Checkpoint | Record) -> str:
        """Return which checkpoint it is: «III квартал 2026», «05.03.2026»."""
        if checkpoint.quarter is not None:
            return self.words.period(str(checkpoint.quarter))
        return self.day(checkpoint.point)

    def gap(self, gap: Gap) -> str:
        """Return where evidence is thin, with its days, quarters and figures as words."""
        fields = {name: self._of_gap(value) for name, value in gap.fields.items()}
        return self.say(gap.template, **fields)

    def _of_gap(self, value: object) -> object:
        if isinstance(value, CalendarQuarter):
            return self.words.period(str(value))
        if isinstance(value, date):
            return self.day(value)
        return self.words.number(value) if isinstance(value, int | float) else value

    def measure_state(self, status: Status) -> str:
        """Return the state of a measure in words."""
        return self.translate(_STATES[status.state])

    def checkpoint_state(self, checkpoint: Checkpoint) -> str:
        """Return the state of a checkpoint in words, with the days that it is late."""
        text = self.translate(_CHECKPOINT_STATES[checkpoint.state])
        if checkpoint.state is CheckpointState.OVERDUE:
            return self.days_late(checkpoint.days_overdue)
        return text

    def days_late(self, days: int) -> str:
        """Return how late something is; a figure is not torn from its days at the end of a line."""
        one, more = N_("Просрочено на 1\u00a0дн."), N_("Просрочено на {days}\u00a0дн.")
        return self.say(one if days == 1 else more, days=days)

    def state_marks(self) -> tuple[StateMark, ...]:
        """Return what a text that says the state of a checkpoint means, by how it begins."""
        marked = (
            (N_("Не завершено к сроку"), ReportStyle.OVERDUE),
            (N_("Просрочено"), ReportStyle.OVERDUE),
            (N_("Исполнено с нарушением срока"), ReportStyle.DONE_LATE),
            (N_("Исполнено в срок"), ReportStyle.DONE),
            (N_("Срок в этом квартале"), ReportStyle.DUE),
            (N_("Снято с плана"), ReportStyle.CANCELLED),
        )
        return tuple(StateMark(style, self.translate(text)) for text, style in marked)

    def style(self, checkpoint: Checkpoint) -> ReportStyle:
        """Return how a cell with the state of a checkpoint looks."""
        return _STYLES.get(checkpoint.state, ReportStyle.PLAIN)

    def work(self, measure: Measure) -> tuple[str, ...]:
        """Return what is done: its steps, else its proposal, a line each.

        Where another measure of the same number does the same, what tells them apart comes first.
        """
        apart = self._distinct.get(measure.id)
        return _work(measure) if apart is None else (apart, *_work(measure))

    def evidence(self, evidence: Evidence) -> tuple[str, ...]:
        """Return what proves a record, a line each."""
        return (
            *(self.document(one) for one in evidence.documents),
            *(self.words.file(plain_file(one)) for one in evidence.files),
            *evidence.links,
        )

    def document(self, document: Document) -> str:
        """Return a document as a reference to it: «Акт ввода № 12 от 27.09.2024»."""
        return self.words.document(plain_document(document))


def _work(measure: Measure) -> tuple[str, ...]:
    return measure.actions or ((measure.proposal,) if measure.proposal else ())


def _distinctions(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the id and the proposal, else the result, of measures that would look the same."""
    alike: dict[tuple[str, tuple[str, ...]], list[Measure]] = {}
    for measure in plan.measures:
        alike.setdefault((measure.number, _work(measure)), []).append(measure)
    for group in alike.values():
        for texts in ([one.proposal for one in group], [one.result for one in group]):
            if len(group) > 1 and all(texts) and len({*texts}) == len(group):
                yield from zip((one.id for one in group), texts, strict=True)
                break
