"""What a document says of the fact: marks that are offered as records, states that are compared.

Neither a state nor a percentage is ever taken: they follow from the facts. A mark becomes a record
only where the user asks for it, and its evidence says that it was taken from the document.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.schema.changes import Edit, PlanData
from kvartal.schema.checkpoints import CheckpointDay, checkpoint_days
from kvartal.schema.errors import N_, Labels
from kvartal.schema.measure import Document, Measure
from kvartal.schema.model import Plan
from kvartal.schema.operations import record
from kvartal.schema.quarters import CalendarQuarter, quarter_holding
from kvartal.schema.reading import read_plan
from kvartal.schema.states import CLOSED, MeasureState, current_term, status
from kvartal.schema.writing import RecordDraft

_DAY: Final = re.compile(r"(?<!\d)(?:(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2}))(?!\d)")
_DONE: Final = re.compile(
    r"\b(?:исполнен|выполнен|заверш[её]н|реализован|done\b|complete|closed\b)", re.IGNORECASE
)
_NOT: Final = re.compile(
    r"\b(?:(?:не|not)[ -]?|in)(?=(?:ис|вы)полн|заверш|реализ|начат|прове[дл]|прово|"
    r"done\b|complet|closed\b|start)|\bне (?:полностью|до конца|в полном)\b",
    re.IGNORECASE,
)
"""Where a mark denies a work: «нарушений не выявлено» and «неисправность устранена» do not."""
_DENIED: Final = re.compile(
    r"(?:нет|no)\W*$|"
    r"(?:не|not) (?!выявл|обнаруж|треб)(?:yet\b|\w+(?:но|на|ны|ен|т[оаы]?|ся|сь|ed|un)\b)",
    re.IGNORECASE,
)
"""How a mark begins that says what was not done: «не закуплено», and not «не менее трёх»."""
_WHOLE: Final = 100
# In the order in which they are tried: what is denied or late before what is done.
_STATES: Final = (
    (MeasureState.CANCELLED, r"снят|отмен|исключ|cancel|withdrawn"),
    (MeasureState.OVERDUE, r"просроч|не (?:ис|вы)полнен|срыв|overdue|delayed|late"),
    (MeasureState.DONE_LATE, r"(?:с нарушением|с опозданием|позже срока)"),
    (
        MeasureState.IN_PROGRESS,
        r"в работе|в процессе|(?:ис|вы)полняется|частично|in progress|ongoing",
    ),
    (MeasureState.DONE, r"(?:ис|вы)полнен|заверш|реализован|done|complete|closed"),
    (MeasureState.PLANNED, r"запланир|не начат|план|planned|not started|open"),
)
_NAMES: Final = {
    MeasureState.PLANNED: N_("Запланировано"),
    MeasureState.IN_PROGRESS: N_("В работе"),
    MeasureState.OVERDUE: N_("Просрочено"),
    MeasureState.DONE: N_("Исполнено"),
    MeasureState.DONE_LATE: N_("Исполнено с нарушением срока"),
    MeasureState.CANCELLED: N_("Снято с плана"),
}
_ANSWERS: Final = {"да": True, "yes": True, "нет": False, "no": False}
"""What a column «Выполнено (да/нет)» says."""
_TAKEN: Final = {"ru": "Взято из файла «{name}»", "en": 'Taken from the file "{name}"'}


@dataclass(frozen=True)
class FactReader:
    """Compares what a document says of the fact with a programme.

    Attributes:
        day: Today: a date of fact is not later, and states are those of this day.
        name: The document's name.
        taken: Whether marks become records.
    """

    day: date
    name: str
    taken: bool

    def take(
        self, data: PlanData, named: Sequence[tuple[str, SourceMeasure]]
    ) -> Iterator[tuple[Edit | None, Remark | None]]:
        """Yield the records to add, and what is to be said, measure by measure.

        Args:
            data: The plan, with everything else of the document in it.
            named: The measures of the document that say anything of the fact, with their ids.
        """
        plan = read_plan(data)
        for name, source in named:
            measure = plan.measure(name)
            if source.fact.result or source.fact.date:
                yield self._mark(data, plan, measure, source)
            for remark in self._compared(plan, measure, source):
                yield None, remark

    def _mark(
        self, data: PlanData, plan: Plan, measure: Measure, source: SourceMeasure
    ) -> tuple[Edit | None, Remark | None]:
        mark = " ".join(filter(None, (source.fact.result, source.fact.date)))
        fields: Mapping[str, object] = {"id": measure.id, "text": mark}
        day = _day(source.fact.date) or _day(source.fact.result)
        term = current_term(measure)
        days = checkpoint_days(term, plan.calendar)
        checkpoint = _checkpoint(days, day)
        evidence = Document(_TAKEN[str(plan.language)].format(name=self.name))
        for one in measure.records:
            is_same = one.date == day and evidence in one.evidence.documents
            if is_same or (one.date == day and one.result == (source.fact.result or None)):
                return None, None
        if _is_not_done(source.fact.result):
            template = N_(
                "{id}: отметка «{text}» не взята: в ней не сказано, что мероприятие исполнено."
            )
            return None, Remark("fact-not-done", source.place, template, fields)
        if not self.taken:
            template = N_(
                "{id}: в документе отметка «{text}». Взять её как запись: --records, или внести: "
                "`kvartal record {id}`."
            )
            return None, Remark("fact-offered", source.place, template, fields)
        if day is None or day > self.day or (days and checkpoint is None):
            template = N_(
                "{id}: отметка «{text}» не взята: нет даты факта, она в будущем или не видно, за "
                "какой срок. Внесите её: `kvartal record {id}`."
            )
            return None, Remark("fact-unclear", source.place, template, fields)
        is_last = not days or checkpoint == days[-1]
        draft = RecordDraft(
            quarter=_quarter(checkpoint, day),
            date=day,
            point=checkpoint.point if checkpoint else None,
            complete=is_last and _says_done(source.fact.result),
            result=source.fact.result,
            documents=(evidence,),
        )
        (edit,) = record(data, [measure.id], draft).edits
        return edit, None

    def _compared(self, plan: Plan, measure: Measure, source: SourceMeasure) -> Iterator[Remark]:
        real = status(measure, plan.calendar, self.day).state
        fields = {"id": measure.id, "real": Labels((("", _NAMES[real]),))}
        # «Степень выполнения» may be said in words.
        percents = [one for one in source.fact.percents if any(map(str.isdecimal, one))]
        worded = (one for one in source.fact.percents if one not in percents)
        for state in (*source.fact.states, *worded):
            if _state(state) is real or _ANSWERS.get(state.casefold()) is (real in CLOSED):
                continue
            template = N_(
                "{id}: в документе состояние «{text}», а по отметкам — {real}. Состояние не "
                "берётся: оно следует из отметок об исполнении."
            )
            values = {**fields, "text": state}
            yield Remark("state-differs", source.place, template, values)
        for percent in percents:
            if (_percent(percent), real in CLOSED) in {(_WHOLE, True), (0, False)}:
                continue
            template = N_(
                "{id}: в документе выполнено {text}, а по отметкам — {real}. Процент не берётся: "
                "он следует из отметок об исполнении."
            )
            values = {**fields, "text": percent}
            yield Remark("percent-differs", source.place, template, values)


def _checkpoint(days: Sequence[CheckpointDay], day: date | None) -> CheckpointDay | None:
    """Return the only checkpoint, or the one of the day's quarter; None where it is not clear."""
    if len(days) == 1:
        return days[0]
    if day is None:
        return None
    near = [one for one in days if quarter_holding(one.printed) == quarter_holding(day)]
    return near[0] if len(near) == 1 else None


def _quarter(checkpoint: CheckpointDay | None, day: date) -> CalendarQuarter | None:
    if checkpoint is None:
        return quarter_holding(day)
    return checkpoint.quarter


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    if found is None:
        return None
    year, month, day = (
        (found[4], found[5], found[6]) if found[4] else (found[3], found[2], found[1])
    )
    with suppress(ValueError):
        return date(int(year), int(month), int(day))
    return None


def _says_done(text: str) -> bool:
    return _DONE.search(text) is not None and _NOT.search(text) is None


def _is_not_done(text: str) -> bool:
    """Return whether a mark says that something is not done, or not yet: no fact, with any date."""
    is_denied = _DENIED.match(text) is not None or _NOT.search(text) is not None
    return is_denied or _state(text) is MeasureState.IN_PROGRESS


def _state(text: str) -> MeasureState | None:
    plain = text.casefold()
    return next((state for state, words in _STATES if re.search(words, plain)), None)


def _percent(text: str) -> float | None:
    try:
        value = float(text.replace("%", "").replace(",", ".").strip())
    except ValueError:
        return None
    # A cell of a spreadsheet may hold 100 % as 1.
    return _WHOLE if value == 1 and "%" not in text else value
