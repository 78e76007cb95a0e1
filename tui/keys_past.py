"""What a person can do with earlier versions and with colleagues: a part of the registry."""

from typing import Final

from kvartal.schema.errors import N_
from kvartal.tui.actions import Action, Group, compares, needs_past, restores

PAST: Final = (
    Action(
        "at_date",
        ("v", "м"),
        N_("Программа на дату…"),
        N_(
            "Открыть программу такой, какой её хранит история на конец дня, в коммите или под "
            "меткой: только просмотр. «По состоянию на дату» меняет не версию, а день, на который "
            "считаются состояния."
        ),
        Group.HISTORY,
        N_("на дату"),
    ),
    Action(
        "today",
        ("V", "М"),
        N_("К сегодняшней программе"),
        N_("Закрыть прежнюю версию; отбор и место в таблице остаются. Esc делает то же."),
        Group.HISTORY,
        N_("к сегодняшней"),
        needs_past,
    ),
    Action(
        "compare",
        ("x", "ч"),
        N_("Что изменилось в мероприятии"),
        N_("Прежняя версия мероприятия и сегодняшняя: поле, было, стало. Оттуда восстанавливают."),
        Group.HISTORY,
        N_("что изменилось"),
        compares,
    ),
    Action(
        "compare_all",
        ("X", "Ч"),
        N_("Что изменилось в программе"),
        N_("То же по всем мероприятиям: прежняя версия программы и сегодняшняя."),
        Group.HISTORY,
        N_("во всей программе"),
        needs_past,
    ),
    Action(
        "restore",
        ("z", "я"),
        N_("Восстановить мероприятие"),
        N_(
            "Вернуть мероприятие таким, как в прежней версии, новой записью в истории; сначала "
            "показать, что изменится. Одно поле восстанавливают из списка изменений."
        ),
        Group.HISTORY,
        N_("восстановить"),
        restores,
    ),
)
