"""The part of the registry for the filters of the table."""

from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.quarter_text import QUARTER_NAMES
from kvartal.tui.actions.action import Action, ActionGroup, needs_filter, needs_responsible

FILTER_ACTIONS: Final = (
    Action(
        "find",
        ("f", "а"),
        N_("Найти"),
        N_("Оставить строки, где есть эти слова. Регистр, ё/е и похожие буквы (B/В) не важны."),
        ActionGroup.FILTER,
        N_("поиск"),
    ),
    *(
        Action(
            f"quarter_{number}",
            (str(number),),
            label,
            N_("Оставить то, чей срок в этом квартале; ещё раз — снять."),
            ActionGroup.FILTER,
        )
        for number, label in enumerate(QUARTER_NAMES, start=1)
    ),
    Action(
        "quarter_0", ("0",), N_("Все кварталы"), N_("Показать все кварталы."), ActionGroup.FILTER
    ),
    Action(
        "period",
        ("k", "л"),
        N_("Отбор по сроку"),
        N_("Оставить то, чей срок в этом году, квартале или месяце."),
        ActionGroup.FILTER,
        N_("срок"),
    ),
    Action(
        "responsible",
        ("w", "ц"),
        N_("Отбор по ответственному"),
        N_("Оставить мероприятия одного ответственного исполнителя."),
        ActionGroup.FILTER,
        needs=needs_responsible,
    ),
    Action(
        "state",
        ("s", "ы"),
        N_("Отбор по состоянию"),
        N_("Оставить мероприятия в одном состоянии: просрочено, в работе, исполнено…"),
        ActionGroup.FILTER,
        N_("состояние"),
    ),
    Action(
        "clear",
        ("backspace",),
        N_("Сбросить отбор"),
        N_("Показать все мероприятия. Esc делает то же, когда больше нечего закрывать."),
        ActionGroup.FILTER,
        needs=needs_filter,
    ),
)
