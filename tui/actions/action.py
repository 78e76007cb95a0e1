"""An action of the main screen, and the conditions under which it can be done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.quarter_text import quarter_phrase
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import CLOSED, MeasureState, Status
from kvartal.tui.i18n import RUSSIAN, _, current_language
from kvartal.tui.marks import CheckpointKey
from kvartal.tui.presentation.formats import day, short_quarter_name, written
from kvartal.tui.presentation.measure_numbers import name_text

KEY_NAMES: Final = {
    "enter": N_("Enter"),
    "escape": N_("Esc"),
    "space": N_("Пробел"),
    "delete": N_("Delete"),
    "backspace": N_("Backspace"),
}


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What decides whether an action can be done.

    Attributes:
        chosen: The measure under the cursor; None where the table is empty.
        marked: The marked measures, in printed order; also those that a filter hides.
        marked_checkpoints: The marked checkpoints, each once.
        filtered: Whether a filter hides anything.
        read_only_reason: Why the programme on the screen cannot be changed; empty when it can.
        saving: Whether a change is being saved.
        can_repair: Whether the file holds manual edits that are not in the history, or something
            else that prevents saving can be repaired here.
        problems: How many problems the file has.
        evidence: That the evidence files are whole, in words, or how far that is known; empty where
            there are none.
        earlier_version: Whether an earlier version is on the screen.
        today_read_only_reason: The same for today's programme, where an earlier version is on the
            screen.
        compared: Whether file and history have been compared yet.
        has_sections: Whether the programme has sections to choose from.
        has_responsible: Whether anybody is named as responsible in it.
        has_many_periods: Whether its periods are not the four quarters of a year.
        levels: What the organisation calls the levels of its table; empty for our own words.
    """

    chosen: Status | None = None
    marked: tuple[Status, ...] = ()
    marked_checkpoints: tuple[CheckpointKey, ...] = ()
    filtered: bool = False
    read_only_reason: str = ""
    saving: bool = False
    can_repair: bool = False
    problems: int = 0
    evidence: str = ""
    earlier_version: bool = False
    today_read_only_reason: str = ""
    compared: bool = True
    has_sections: bool = True
    has_responsible: bool = True
    has_many_periods: bool = False
    levels: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[Status, ...]:
        """The measures that an action is about: the marked ones, else the one under the cursor."""
        return self.marked or ((self.chosen,) if self.chosen else ())


class Scope(Enum):
    """What an action takes. The rule for marks is here and in `Action.reason`, nowhere else."""

    PROGRAMME = "programme"
    """No measure: the programme, or what is shown of it. Marks do not matter."""
    CURSOR = "cursor"
    """The row under the cursor, whatever is marked: it is looked at or marked itself."""
    ONE = "one"
    """The marked measure, else the one under the cursor; refused where several are marked."""
    MARKED = "marked"
    """All marked measures, else the one under the cursor; at most one checkpoint of each."""
    MEASURES = "measures"
    """The same, but measures as a whole: which of their checkpoints are marked does not matter."""


class ActionGroup(Enum):
    """A group of actions in the help and in the menu; the value is its heading."""

    MEASURE = N_("Мероприятие")
    FILTER = N_("Отбор")
    VIEW = N_("Вид")
    HISTORY = N_("История и обмен")
    PROGRAMME = N_("Программа")


Reason = Callable[[ActionContext], str]
"""Returns in words why an action cannot be done; empty when it can."""


def _always(_context: ActionContext) -> str:
    return ""


def needs_measure(context: ActionContext) -> str:
    """Return that there is none, if so: where nothing is chosen, the table has no rows."""
    if context.targets:
        return ""
    if context.filtered:
        template = _("Под отбор ничего не подходит. {key} — сбросить отбор")
        return template.format(key=_(KEY_NAMES["escape"]))
    return _("В таблице нет строк: выбирать не из чего.")


def needs_writable(context: ActionContext) -> str:
    """Return why the programme on the screen cannot be changed."""
    return needs_idle(context) or context.read_only_reason


def needs_idle(context: ActionContext) -> str:
    """Return that a change is still being saved, if so."""
    return _("Подождите: предыдущее изменение ещё сохраняется.") if context.saving else ""


def needs_writable_measure(context: ActionContext) -> str:
    """Return why the measure cannot be changed."""
    return needs_measure(context) or needs_writable(context)


def needs_recordable(context: ActionContext) -> str:
    """Return why nothing can be recorded for the measures."""
    return needs_writable_measure(context) or _first_reason(context, _cancelled_reason)


def needs_records(context: ActionContext) -> str:
    """Return why no record of the measure can be corrected."""
    return needs_writable_measure(context) or _first_reason(context, _without_records_reason)


def needs_open_measure(context: ActionContext) -> str:
    """Return why the measure can be neither postponed nor cancelled."""
    return needs_writable_measure(context) or _first_reason(context, _closed_reason)


def _first_reason(context: ActionContext, reason: Callable[[Status], str]) -> str:
    return next((text for text in map(reason, context.targets) if text), "")


def _closed_reason(status: Status) -> str:
    if status.state in CLOSED and status.state is not MeasureState.CANCELLED:
        template = _("Мероприятие {id} уже исполнено {date}.")
        return template.format(id=name_text(status.measure), date=day(status.completed_on))
    return _cancelled_reason(status)


def _without_records_reason(status: Status) -> str:
    if status.measure.records:
        return ""
    return _("У мероприятия {id} нет отметок: исправлять нечего.").format(
        id=name_text(status.measure)
    )


def _cancelled_reason(status: Status) -> str:
    if status.measure.cancelled:
        template = _("Мероприятие {id} снято с плана {date}.")
        name, on = name_text(status.measure), status.measure.cancelled.date
        return template.format(id=name, date=day(on))
    return ""


def needs_filter(context: ActionContext) -> str:
    """Return that no filter is in force, if so."""
    return "" if context.filtered else _("Отбора нет: показаны все мероприятия.")


def needs_sections(context: ActionContext) -> str:
    """Return that the programme has no sections, if so."""
    return "" if context.has_sections else _("В программе нет разделов: все строки в таблице.")


def needs_responsible(context: ActionContext) -> str:
    """Return that nobody is named as responsible, if so."""
    if context.has_responsible:
        return ""
    return _("В программе ни у одного мероприятия не указан ответственный исполнитель.")


def needs_repairable(context: ActionContext) -> str:
    """Return why there is nothing to repair."""
    if context.earlier_version:
        return context.read_only_reason
    if not context.compared:
        return _("Файл и история ещё сверяются. Подождите секунду и нажмите ещё раз.")
    # The reason itself says what to do where no key helps.
    nothing = _("Улаживать нечего: файл и история согласны.")
    reason = context.today_read_only_reason or f"{nothing} {context.evidence}".rstrip()
    return "" if context.can_repair else reason


def needs_problems(context: ActionContext) -> str:
    """Return that nothing is wrong with the file or with what it refers to, if so."""
    return "" if context.problems else f"{_('Ошибок в файле нет.')} {context.evidence}".rstrip()


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done on the main screen.

    Attributes:
        id: Its name in the program; :mod:`kvartal.tui.handlers` has a method ``do_<id>`` for it.
        keys: Textual's names of its keys. A letter is given twice: the Latin one, then the
            Cyrillic one on the same key.
        label: What it does, in a few words, for the menu.
        help: The same in a sentence, for the help.
        group: Its group in the help and in the menu.
        key_line_label: Its label in the line of keys; empty when it is not shown there.
        needs: Returns why it cannot be done now.
        scope: Which measures it takes.
        is_about_levels: Whether its labels are the names of the table's levels.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: ActionGroup
    key_line_label: str = ""
    needs: Reason = _always
    scope: Scope = Scope.PROGRAMME
    is_about_levels: bool = False

    def reason(self, context: ActionContext) -> str:
        """Return why it cannot be done now; empty when it can."""
        if self.scope is Scope.CURSOR:
            context = replace(context, marked=(), marked_checkpoints=())
        if self.scope is Scope.ONE and len(context.marked) > 1:
            template = _(
                "«{action}» — для одного мероприятия, а помечено {count}. Лишние пометки снимают: "
                "Пробел — со строки, {key} — со всех."
            )
            key = _(KEY_NAMES["escape"])
            return template.format(action=_(self.label), count=len(context.marked), key=key)
        if self.scope is Scope.MARKED and len(context.marked_checkpoints) > 1:
            return _one_checkpoint(_(self.label), context.marked_checkpoints)
        return self.needs(context)

    def label_in(self, context: ActionContext) -> str:
        """Return its label, in the words of the organisation where those are its levels."""
        own = " · ".join(context.levels) if self.is_about_levels else ""
        return own or _(self.label)

    def key_line_label_in(self, context: ActionContext) -> str:
        """Return its label in the line of keys, in the words of the organisation."""
        own = context.levels[0].lower() if self.is_about_levels and context.levels else ""
        return own or _(self.key_line_label)

    @property
    def key(self) -> str:
        """The key as it is printed on the keyboard, in the current language."""
        letters = [key for key in self.keys if len(key) == 1]
        if letters:
            return letters[-1] if current_language() == RUSSIAN else letters[0]
        return _(KEY_NAMES.get(self.keys[0], self.keys[0].upper()))

    @property
    def all_keys(self) -> str:
        """All its keys as they are printed, Latin first, for the help."""
        return " ".join(_(KEY_NAMES.get(k, k if len(k) == 1 else k.upper())) for k in self.keys)


def _one_checkpoint(action: str, marked: tuple[CheckpointKey, ...]) -> str:
    """Return that an action is for one checkpoint while several are marked."""
    key = _(KEY_NAMES["escape"])
    quarters = [one for one in marked if isinstance(one, CalendarQuarter)]
    if len(quarters) == len(marked):
        several_years = len({one.year for one in quarters}) > 1
        names = [
            written(quarter_phrase(one)) if several_years else short_quarter_name(one.number)
            for one in quarters
        ]
        template = _(
            "«{action}» — за один квартал, а помечены сроки разных: {quarters}. Лишние пометки "
            "снимают: Пробел — со строки, {key} — со всех."
        )
        return template.format(action=action, quarters=", ".join(names), key=key)
    days = [day(one.last if isinstance(one, CalendarQuarter) else one) for one in marked]
    template = _(
        "«{action}» — за один срок, а помечены разные: {days}. Лишние пометки снимают: Пробел — "
        "со строки, {key} — со всех."
    )
    return template.format(action=action, days=", ".join(days), key=key)
