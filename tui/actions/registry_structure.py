"""The part of the registry for what is put right: records, places, the structure, the document."""

from typing import Final

from kvartal.schema.errors import N_
from kvartal.tui.actions.action import (
    Action,
    ActionGroup,
    Scope,
    needs_records,
    needs_writable,
    needs_writable_measure,
)

CORRECT_ACTION: Final = Action(
    "correct",
    ("R", "К"),
    N_("Исправить отметку"),
    N_("Исправить в отметке дату, результат, показатели, документы, файлы; прежнее — в истории."),
    ActionGroup.MEASURE,
    N_("исправить отметку"),
    needs_records,
    Scope.ONE,
)

MOVE_ACTIONS: Final = (
    Action(
        "move",
        ("m", "ь"),
        N_("Переставить, дать другой номер"),
        N_("Переставить в другой раздел или канал, дать другой номер; отметки и история остаются."),
        ActionGroup.MEASURE,
        N_("переставить"),
        needs_writable_measure,
        Scope.MEASURES,
    ),
    Action(
        "copy",
        ("y", "н"),
        N_("Скопировать мероприятие"),
        N_("Добавить такое же мероприятие: без отметок, переносов и снятия с плана."),
        ActionGroup.MEASURE,
        needs=needs_writable_measure,
        scope=Scope.ONE,
    ),
)

GAPS_ACTION: Final = Action(
    "gaps",
    ("l", "д"),
    N_("Слабые места в подтверждениях"),
    N_("О чём спросят при проверке: отметка без документа, один файл на два срока и прочее."),
    ActionGroup.VIEW,
    N_("слабые места"),
)

STRUCTURE_ACTIONS: Final = (
    Action(
        "structure",
        ("T", "Е"),
        N_("Изменить разделы и каналы"),
        N_("Добавить, назвать иначе, переставить, удалить пустые разделы и каналы."),
        ActionGroup.PROGRAMME,
        needs=needs_writable,
    ),
    Action(
        "document",
        ("i", "ш"),
        N_("Документ: реквизиты, главы, поля"),
        N_("Изменить реквизиты и текст документа, названия уровней, поля и столбцы таблицы."),
        ActionGroup.PROGRAMME,
        needs=needs_writable,
    ),
)
