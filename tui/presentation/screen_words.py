"""What the screen says where the command line names an option or a command.

The keys are message ids of `schema` and `exchange`, which know neither; the first paint needs none
of their modules, so the texts are repeated here and a test compares them.
"""

from types import MappingProxyType
from typing import Final

from kvartal.schema.errors import N_
from kvartal.tui.i18n import _

SCREEN_WORDS: Final = MappingProxyType(
    {
        (
            "В файле «{name}» не найдена таблица мероприятий: нужны столбцы вроде «Мероприятия», "
            "«Срок», «Ответственный». Скажите, что в каком столбце: --map."
        ): N_(
            "В файле «{name}» не найдена таблица мероприятий: нужны столбцы вроде «Мероприятия», "
            "«Срок», «Ответственный». Назовите их так в документе и повторите."
        ),
        "В файле «{name}» не сказано, на какой год программа. Укажите: --year.": N_(
            "В файле «{name}» не сказано, на какой год программа. Впишите год или период."
        ),
        "Года в документе нет: сроки прочитаны на {years}. Иной год: --year.": N_(
            "Года в документе нет: сроки прочитаны на {years}."
        ),
        (
            "Столбец «{heading}» не похож ни на одно поле: он станет дополнительным полем. "
            "Иначе скажите, что в нём: --map."
        ): N_(
            "Столбец «{heading}» не похож ни на одно поле: он станет дополнительным полем. "
            "Иначе скажите, что в нём: F4."
        ),
        (
            "{id}: в документе отметка «{text}». Взять её как запись: --records, или внести: "
            "`kvartal record {id}`."
        ): N_(
            "{id}: в документе отметка «{text}». Она не взята: внесите её потом как отметку об "
            "исполнении."
        ),
        (
            "{id}: отметка «{text}» не взята: нет даты факта, она в будущем или не видно, за "
            "какой срок. Внесите её: `kvartal record {id}`."
        ): N_(
            "{id}: отметка «{text}» не взята: нет даты факта, она в будущем или не видно, за "
            "какой срок. Внесите её потом как отметку об исполнении."
        ),
        (
            "{id}: в документе срок «{new}», в программе «{old}». Программа утверждена: срок не "
            "взят. Перенести: `kvartal postpone {id} --to '{new}' --reason …`."
        ): N_(
            "{id}: в документе срок «{new}», в программе «{old}». Программа утверждена: срок не "
            "взят. Если он изменился, перенесите его с причиной."
        ),
        (
            "Документ «{name}» на {source}, а программа {plan} на {years}. Скажите, в какую "
            "программу его взять: --into ПУТЬ, или начните новую: `kvartal init ПАПКА --from ФАЙЛ`."
        ): N_(
            "Документ «{name}» на {source}, а программа {plan} на {years}. Откройте из списка "
            "программ ту, в которую его взять, или начните новую на начальном экране."
        ),
    }
)
"""The template for the screen by that for the command line."""


def on_screen(template: str) -> str:
    """Return a template in the user's language, as the screen says it."""
    return _(SCREEN_WORDS.get(template, template))
