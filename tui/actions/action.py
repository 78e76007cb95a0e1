"""What a person can do on the main screen: an action, and why it cannot be done just now."""

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
        read_only: Why nothing can be changed, in words; empty when it can.
        saving: Whether a change is being saved.
        by_hand: Whether the file holds edits by hand that are not in the history, or something
            else is in the way that can be mended here.
        problems: How many problems the file has.
        past: Whether an earlier version is on the screen.
        obstacle: Why today's programme cannot be changed; `read_only` tells of what is on the
            screen.
        compared: Whether it is known how the file and its history stand.
    """

    chosen: Status | None = None
    marked: int = 0
    filtered: bool = False
    read_only: str = ""
    saving: bool = False
    by_hand: bool = False
    problems: int = 0
    past: bool = False
    obstacle: str = ""
    compared: bool = True


class ActionGroup(Enum):
    """The parts of the help and of the menu; the value is the heading."""

    MEASURE = N_("Мероприятие")
    FILTER = N_("Отбор")
    VIEW = N_("Вид")
    HISTORY = N_("История и обмен")
    PROGRAMME = N_("Программа")


Reason = Callable[[ActionContext], str]
"""Tells in words why an action cannot be done; empty when it can."""


def _always(_situation: ActionContext) -> str:
    return ""


def needs_measure(now: ActionContext) -> str:
    """Return why not, where no measure is chosen."""
    return "" if now.chosen else _("Здесь нет мероприятия: выберите его в таблице.")


def needs_saving(now: ActionContext) -> str:
    """Return why not, while a change is being saved."""
    return _waits(now) or now.read_only


def _waits(now: ActionContext) -> str:
    return _("Подождите: предыдущее изменение ещё сохраняется.") if now.saving else ""


def changes_measure(now: ActionContext) -> str:
    """Return why the chosen measure cannot be changed."""
    return needs_measure(now) or needs_saving(now)


def records(now: ActionContext) -> str:
    """Return why nothing can be recorded."""
    if now.marked:
        return needs_saving(now)
    return changes_measure(now) or _is_cancelled(now.chosen)


def postpones(now: ActionContext) -> str:
    """Return why the chosen measure cannot be postponed."""
    return changes_measure(now) or _is_closed(now.chosen)


def _is_closed(status: Status | None) -> str:
    if status and status.state in CLOSED and status.state is not MeasureState.CANCELLED:
        template = _("Мероприятие {id} уже исполнено {date}.")
        return template.format(id=status.measure.id, date=day(status.completed_on))
    return _is_cancelled(status)


def _is_cancelled(status: Status | None) -> str:
    if status and status.measure.cancelled:
        template = _("Мероприятие {id} снято с плана {date}.")
        return template.format(id=status.measure.id, date=day(status.measure.cancelled.date))
    return ""


def needs_past(now: ActionContext) -> str:
    """Return why not, where today's programme is on the screen."""
    if now.past:
        return ""
    return _("На экране сегодняшняя программа. Сначала откройте прежнюю: «Программа на дату…».")


def compares(now: ActionContext) -> str:
    """Return why the chosen measure cannot be compared with today's."""
    return needs_past(now) or needs_measure(now)


def restores(now: ActionContext) -> str:
    """Return why the chosen measure cannot be brought back as it was."""
    return needs_past(now) or needs_measure(now) or _waits(now) or now.obstacle


def syncs(now: ActionContext) -> str:
    """Return why the programme cannot be shared; what else is in the way, sharing itself tells."""
    return _waits(now)


def needs_filter(now: ActionContext) -> str:
    """Return why not, where no filter is in force."""
    return "" if now.filtered else _("Отбора нет: показаны все мероприятия.")


def needs_edit_by_hand(now: ActionContext) -> str:
    """Return why not, where the file holds no edit by hand."""
    if now.past:
        return now.read_only
    if not now.compared:
        return _("Файл и история ещё сверяются. Подождите секунду и нажмите ещё раз.")
    # Where something is in the way that no key mends, what to do is told instead.
    told = now.obstacle or _("Улаживать нечего: файл и история согласны.")
    return "" if now.by_hand else told


def needs_problems(now: ActionContext) -> str:
    """Return why not, where nothing is wrong with the file."""
    return "" if now.problems else _("Ошибок в файле нет.")


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do.

    Attributes:
        id: Its name in the program; the main screen has a method ``do_<id>`` for it.
        keys: Textual's names of its keys. A letter comes with its twin: Latin, then Cyrillic.
        label: What it does, in a few words: for the menu.
        help: The same in a sentence: for the help.
        group: Where in the help and in the menu it stands.
        foot: Its word in the line of keys; empty when it is not shown there.
        reason: Tells why it cannot be done.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: ActionGroup
    foot: str = ""
    reason: Reason = _always

    @property
    def key(self) -> str:
        """The key as it is printed on the keyboard, in the language in force."""
        letters = [key for key in self.keys if len(key) == 1]
        if letters:
            return letters[-1] if current_language() == RUSSIAN else letters[0]
        return _(KEY_NAMES.get(self.keys[0], self.keys[0].upper()))

    @property
    def all_keys(self) -> str:
        """All its keys as they are printed, Latin first, for the help."""
        return " ".join(_(KEY_NAMES.get(k, k if len(k) == 1 else k.upper())) for k in self.keys)
