"""The part of the registry for earlier versions and for sync with colleagues."""

from typing import Final

from kvartal.schema.errors import N_
from kvartal.tui.actions.action import (
    Action,
    ActionContext,
    ActionGroup,
    Scope,
    needs_idle,
    needs_measure,
)
from kvartal.tui.i18n import _

_OPEN_VERSION: Final = Action(
    "open_version",
    ("v", "м"),
    N_("Программа на дату…"),
    N_(
        "Открыть программу такой, какой её хранит история на конец дня, в одной из записей или "
        "под меткой: только просмотр. «По состоянию на дату» меняет не версию, а день, на "
        "который считаются состояния."
    ),
    ActionGroup.HISTORY,
    N_("на дату"),
)


def needs_earlier_version(context: ActionContext) -> str:
    """Return that today's programme is on the screen, if so."""
    if context.earlier_version:
        return ""
    template = _("На экране сегодняшняя программа. Сначала откройте прежнюю: {key}.")
    return template.format(key=_OPEN_VERSION.key)


def needs_earlier_measure(context: ActionContext) -> str:
    """Return why the measure cannot be compared with today's."""
    return needs_earlier_version(context) or needs_measure(context)


def needs_restorable(context: ActionContext) -> str:
    """Return why the measure cannot be restored from the version on the screen."""
    return needs_earlier_measure(context) or needs_idle(context) or context.today_read_only_reason


VERSION_ACTIONS: Final = (
    _OPEN_VERSION,
    Action(
        "close_version",
        ("V", "М"),
        N_("К сегодняшней программе"),
        N_("Закрыть прежнюю версию; отбор и место в таблице остаются. Esc делает то же."),
        ActionGroup.HISTORY,
        N_("к сегодняшней"),
        needs_earlier_version,
    ),
    Action(
        "compare",
        ("x", "ч"),
        N_("Что изменилось в мероприятии"),
        N_("Прежняя версия мероприятия и сегодняшняя: поле, было, стало. Оттуда восстанавливают."),
        ActionGroup.HISTORY,
        N_("что изменилось"),
        needs_earlier_measure,
        Scope.ONE,
    ),
    Action(
        "compare_all",
        ("X", "Ч"),
        N_("Что изменилось в программе"),
        N_("То же по всем мероприятиям: прежняя версия программы и сегодняшняя."),
        ActionGroup.HISTORY,
        N_("во всей программе"),
        needs_earlier_version,
    ),
    Action(
        "restore",
        ("z", "я"),
        N_("Восстановить мероприятие"),
        N_(
            "Вернуть мероприятие таким, как в прежней версии, новой записью в истории; сначала "
            "показать, что изменится. Одно поле восстанавливают из списка изменений."
        ),
        ActionGroup.HISTORY,
        N_("восстановить"),
        needs_restorable,
        Scope.ONE,
    ),
    Action(
        "sync",
        ("j", "о"),
        N_("Обменяться с коллегами"),
        N_(
            "Получить изменения коллег из общего репозитория, объединить по мероприятиям и полям, "
            "отправить свои. Одно и то же, изменённое по-разному, — выбрать, чьё оставить."
        ),
        ActionGroup.HISTORY,
        N_("обмен"),
        needs_idle,
    ),
)
