"""The part of the registry for single measures."""

from typing import Final

from kvartal.schema.errors import N_
from kvartal.tui.actions.action import (
    Action,
    ActionGroup,
    Scope,
    needs_measure,
    needs_open_measure,
    needs_recordable,
    needs_writable,
    needs_writable_measure,
)
from kvartal.tui.actions.registry_structure import CORRECT_ACTION, MOVE_ACTIONS

MEASURE_ACTIONS: Final = (
    Action(
        "open",
        ("enter",),
        N_("Карточка мероприятия"),
        N_("Открыть карточку мероприятия на весь экран; ещё раз — закрыть."),
        ActionGroup.MEASURE,
        N_("карточка"),
        needs_measure,
        Scope.CURSOR,
    ),
    Action(
        "record",
        ("r", "к"),
        N_("Отметить исполнение"),
        N_(
            "Записать, что сделано: квартал, дата, результат, показатели, документы. "
            "Если строки помечены — для всех помеченных сразу."
        ),
        ActionGroup.MEASURE,
        N_("отметка"),
        needs_recordable,
        Scope.MARKED,
    ),
    CORRECT_ACTION,
    Action(
        "edit",
        ("e", "у"),
        N_("Изменить мероприятие"),
        N_("Изменить поля мероприятия: все, кроме раздела и канала."),
        ActionGroup.MEASURE,
        N_("правка"),
        needs_writable_measure,
        Scope.ONE,
    ),
    Action(
        "postpone",
        ("p", "з"),
        N_("Перенести срок"),
        N_("Перенести срок с указанием причины; первоначальный срок остаётся виден."),
        ActionGroup.MEASURE,
        N_("перенос"),
        needs_open_measure,
        Scope.ONE,
    ),
    Action(
        "cancel",
        ("c", "с"),
        N_("Снять с плана"),
        N_("Снять мероприятие с плана с указанием причины; строка остаётся в программе."),
        ActionGroup.MEASURE,
        N_("снять"),
        needs_open_measure,
        Scope.ONE,
    ),
    Action(
        "mark",
        ("space",),
        N_("Пометить строку"),
        N_("Пометить строку или снять пометку: отметку можно записать сразу для нескольких."),
        ActionGroup.MEASURE,
        N_("пометить"),
        needs_measure,
        Scope.CURSOR,
    ),
    Action(
        "history",
        ("h", "р"),
        N_("История мероприятия"),
        N_("Кто, когда и что менял в мероприятии."),
        ActionGroup.MEASURE,
        N_("история"),
        needs_measure,
        Scope.ONE,
    ),
    Action(
        "add",
        ("a", "ф"),
        N_("Добавить мероприятие"),
        N_("Добавить мероприятие в выбранный раздел или канал обслуживания."),
        ActionGroup.MEASURE,
        needs=needs_writable,
    ),
    *MOVE_ACTIONS,
    Action(
        "remove",
        ("delete",),
        N_("Удалить мероприятие из файла"),
        N_("Удалить строку из файла совсем. Если мероприятие не будут выполнять, его снимают."),
        ActionGroup.MEASURE,
        needs=needs_writable_measure,
        scope=Scope.ONE,
    ),
)
