"""The registry of the actions of the main screen and their keys.

Bindings, the line of keys, the help, the menu and the command palette are all made from it. A new
action is an entry here and a method ``do_<id>`` in :mod:`kvartal.tui.handlers`; the line of keys
shows it where `kvartal.tui.widgets.key_line` lists it.

A key is a place on the keyboard: it works with the letters of both layouts. None needs Ctrl or Alt:
Windows Terminal sends no usable Ctrl+letter under a Russian layout.
"""

from collections.abc import Iterator
from typing import Final

from kvartal.schema.errors import N_
from kvartal.tui.actions.action import (
    Action,
    ActionGroup,
    needs_idle,
    needs_problems,
    needs_repairable,
    needs_sections,
    needs_writable,
)
from kvartal.tui.actions.registry_filters import FILTER_ACTIONS
from kvartal.tui.actions.registry_measures import MEASURE_ACTIONS
from kvartal.tui.actions.registry_structure import GAPS_ACTION, STRUCTURE_ACTIONS
from kvartal.tui.actions.registry_versions import VERSION_ACTIONS

_VIEW: Final = (
    Action(
        "overdue",
        ("o", "щ"),
        N_("Просроченные и срок в этом квартале"),
        N_("Что просрочено и на сколько дней, самое давнее первым; затем срок в этом квартале."),
        ActionGroup.VIEW,
        N_("просроченные"),
    ),
    GAPS_ACTION,
    Action(
        "sections",
        ("t", "е"),
        N_("Разделы и каналы"),
        N_("Перейти к разделам и каналам обслуживания; на узком экране — открыть их."),
        ActionGroup.VIEW,
        N_("разделы"),
        needs_sections,
        is_about_levels=True,
    ),
    Action(
        "as_of",
        ("d", "в"),
        N_("По состоянию на дату"),
        N_("Показать программу по состоянию на другую дату."),
        ActionGroup.VIEW,
        N_("дата"),
    ),
    Action(
        "back",
        ("escape",),
        N_("Назад"),
        N_("Закрыть сообщение, карточку, разделы; снять пометки; сбросить отбор."),
        ActionGroup.VIEW,
    ),
)

_PROGRAMME: Final = (
    Action(
        "undo",
        ("u", "г"),
        N_("Отменить последнее изменение"),
        N_("Отменить последнее изменение новой записью в истории; сначала показать его."),
        ActionGroup.PROGRAMME,
        N_("отменить"),
        needs_writable,
    ),
    Action(
        "redo",
        ("U", "Г"),
        N_("Вернуть отменённое"),
        N_("Сделать снова то, что было отменено."),
        ActionGroup.PROGRAMME,
        needs=needs_writable,
    ),
    *STRUCTURE_ACTIONS,
    Action(
        "history_all",
        ("H", "Р"),
        N_("История программы"),
        N_("Кто, когда и что менял во всей программе. Там же отменяют любое изменение: г."),
        ActionGroup.PROGRAMME,
    ),
    Action(
        "programmes",
        ("g", "п"),
        N_("Все программы"),
        N_(
            "Список программ этого репозитория и добавленных папок: что исполнено и просрочено, "
            "ближайший срок; у кого просрочено. Enter открывает программу."
        ),
        ActionGroup.PROGRAMME,
        N_("программы"),
        needs_idle,
    ),
    Action(
        "next_year",
        ("n", "т"),
        N_("Программа следующего года"),
        N_(
            "Начать следующую программу: что перенести, что оставить и почему, с каким сроком. "
            "Эта программа не меняется."
        ),
        ActionGroup.PROGRAMME,
        needs=needs_writable,
    ),
    Action(
        "import",
        ("b", "и"),
        N_("Взять из документа"),
        N_(
            "Взять мероприятия из документа Word, Excel, CSV или текста: сначала показать, что "
            "изменится и что не понято."
        ),
        ActionGroup.PROGRAMME,
        needs=needs_writable,
    ),
    Action(
        "export",
        ("D", "В"),
        N_("Отчёт и документ"),
        N_(
            "Отчёт за квартал, повестка по просроченному, документ программы, обзор изменений: "
            "показать и записать в файл Word, Excel, HTML."
        ),
        ActionGroup.PROGRAMME,
    ),
    Action(
        "drafts",
        ("Y", "Н"),
        N_("Несохранённый текст"),
        N_(
            "Прочитать то, что было набрано в формах и не сохранено, когда программу прервали; "
            "ненужное удалить."
        ),
        ActionGroup.PROGRAMME,
    ),
    Action(
        "reload",
        ("f5",),
        N_("Перечитать файл"),
        N_("Прочитать файл программы заново и проверить его."),
        ActionGroup.PROGRAMME,
    ),
    Action(
        "repair",
        ("f6",),
        N_("Уладить то, что мешает сохранять"),
        N_(
            "Показать, что поправлено в файле вручную: внести в историю или отложить. "
            "Где истории нет — завести её; где git прервали — убрать его остаток."
        ),
        ActionGroup.PROGRAMME,
        needs=needs_repairable,
    ),
    Action(
        "problems",
        ("f8",),
        N_("Ошибки в файле"),
        N_("Показать, что в файле программы составлено с ошибками: строка и причина."),
        ActionGroup.PROGRAMME,
        needs=needs_problems,
    ),
    Action(
        "theme",
        ("f9",),
        N_("Светлый или тёмный экран"),
        N_("Переключить светлое и тёмное оформление; выбор запоминается."),
        ActionGroup.PROGRAMME,
    ),
    Action("help", ("f1",), N_("Помощь"), N_("Эта страница."), ActionGroup.PROGRAMME, N_("помощь")),
    Action(
        "menu",
        ("f10",),
        N_("Меню"),
        N_("Все действия списком; недоступные — с причиной."),
        ActionGroup.PROGRAMME,
        N_("меню"),
    ),
    Action(
        "quit",
        ("q", "й"),
        N_("Выход"),
        N_("Закрыть программу."),
        ActionGroup.PROGRAMME,
        N_("выход"),
    ),
)

ACTIONS: Final = (*MEASURE_ACTIONS, *FILTER_ACTIONS, *_VIEW, *VERSION_ACTIONS, *_PROGRAMME)
BY_ID: Final = {action.id: action for action in ACTIONS}


def key_of(action: str) -> str:
    """Return the key of an action, by its id, as it is printed in the current language."""
    return BY_ID[action].key


def bindings() -> Iterator[tuple[str, str]]:
    """Yield the keys of each action, comma-separated, and its id.

    A letter works in either case (Caps Lock), unless the other case is another action's.
    """
    taken = {key for action in ACTIONS for key in action.keys}
    for action in ACTIONS:
        other_case = [key.swapcase() for key in action.keys if len(key) == 1 and key.isalpha()]
        keys = [*action.keys, *(key for key in other_case if key not in taken)]
        yield ",".join(keys), action.id


def in_groups() -> Iterator[tuple[ActionGroup, tuple[Action, ...]]]:
    """Yield the groups with their actions, in order."""
    for group in ActionGroup:
        yield group, tuple(action for action in ACTIONS if action.group is group)
