"""An action of the main screen, and the conditions under which it can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.states import CLOSED, MeasureState, Status
from kvartal.tui.i18n import RUSSIAN, _, current_language
from kvartal.tui.presentation.formats import day

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
        marked: How many measures are marked.
        filtered: Whether a filter hides anything.
        read_only_reason: Why the programme on the screen cannot be changed; empty when it can.
        saving: Whether a change is being saved.
        can_repair: Whether the file holds manual edits that are not in the history, or something
            else that prevents saving can be repaired here.
        problems: How many problems the file has.
        earlier_version: Whether an earlier version is on the screen.
        today_read_only_reason: The same for today's programme, where an earlier version is on the
            screen.
        compared: Whether file and history have been compared yet.
    """

    chosen: Status | None = None
    marked: int = 0
    filtered: bool = False
    read_only_reason: str = ""
    saving: bool = False
    can_repair: bool = False
    problems: int = 0
    earlier_version: bool = False
    today_read_only_reason: str = ""
    compared: bool = True


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
    """Return that no measure is chosen, if so."""
    return "" if context.chosen else _("Здесь нет мероприятия: выберите его в таблице.")


def needs_writable(context: ActionContext) -> str:
    """Return why the programme on the screen cannot be changed."""
    return needs_idle(context) or context.read_only_reason


def needs_idle(context: ActionContext) -> str:
    """Return that a change is still being saved, if so."""
    return _("Подождите: предыдущее изменение ещё сохраняется.") if context.saving else ""


def needs_writable_measure(context: ActionContext) -> str:
    """Return why the chosen measure cannot be changed."""
    return needs_measure(context) or needs_writable(context)


def needs_recordable(context: ActionContext) -> str:
    """Return why nothing can be recorded for the marked measures, or else the chosen one."""
    if context.marked:
        return needs_writable(context)
    return needs_writable_measure(context) or _cancelled_reason(context.chosen)


def needs_open_measure(context: ActionContext) -> str:
    """Return why the chosen measure can be neither postponed nor cancelled."""
    return needs_writable_measure(context) or _closed_reason(context.chosen)


def _closed_reason(status: Status | None) -> str:
    if status and status.state in CLOSED and status.state is not MeasureState.CANCELLED:
        template = _("Мероприятие {id} уже исполнено {date}.")
        return template.format(id=status.measure.id, date=day(status.completed_on))
    return _cancelled_reason(status)


def _cancelled_reason(status: Status | None) -> str:
    if status and status.measure.cancelled:
        template = _("Мероприятие {id} снято с плана {date}.")
        return template.format(id=status.measure.id, date=day(status.measure.cancelled.date))
    return ""


def needs_earlier_version(context: ActionContext) -> str:
    """Return that today's programme is on the screen, if so."""
    if context.earlier_version:
        return ""
    return _("На экране сегодняшняя программа. Сначала откройте прежнюю: «Программа на дату…».")


def needs_earlier_measure(context: ActionContext) -> str:
    """Return why the chosen measure cannot be compared with today's."""
    return needs_earlier_version(context) or needs_measure(context)


def needs_restorable(context: ActionContext) -> str:
    """Return why the chosen measure cannot be restored from the version on the screen."""
    return needs_earlier_measure(context) or needs_idle(context) or context.today_read_only_reason


def needs_filter(context: ActionContext) -> str:
    """Return that no filter is in force, if so."""
    return "" if context.filtered else _("Отбора нет: показаны все мероприятия.")


def needs_repairable(context: ActionContext) -> str:
    """Return why there is nothing to repair."""
    if context.earlier_version:
        return context.read_only_reason
    if not context.compared:
        return _("Файл и история ещё сверяются. Подождите секунду и нажмите ещё раз.")
    # The reason itself says what to do where no key helps.
    reason = context.today_read_only_reason or _("Улаживать нечего: файл и история согласны.")
    return "" if context.can_repair else reason


def needs_problems(context: ActionContext) -> str:
    """Return that nothing is wrong with the file, if so."""
    return "" if context.problems else _("Ошибок в файле нет.")


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
        reason: Returns why it cannot be done now.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: ActionGroup
    key_line_label: str = ""
    reason: Reason = _always

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
