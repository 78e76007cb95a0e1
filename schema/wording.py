"""The sentences for violations of the JSON Schema: templates in Russian with named fields.

``field`` is a field's name and title, ``value`` its shortened value. Each sentence says what to do.
"""

from types import MappingProxyType
from typing import Final

from kvartal.schema.errors import N_

NOT_A_PLAN: Final = N_("Это не программа мероприятий: файл должен состоять из полей {names}.")
REQUIRED: Final = N_("Нет обязательного поля {field}. Добавьте его.")
UNKNOWN: Final = N_(
    "Неизвестное поле «{name}»: исправьте название или уберите его. Здесь бывают поля: {known}."
)
MISSPELT: Final = N_("Неизвестное поле «{name}»: вероятно, имелось в виду {field}.")
ENUM: Final = N_("Поле {field}: «{value}» не подходит. Возможные значения: {allowed}.")
ONLY_TRUE: Final = N_(
    "Поле {field} пишут только со значением true. Если мероприятие не исполнено, уберите поле."
)
CONTROL_CHARACTER: Final = N_(
    "Поле {field}: в тексте есть управляющие символы. Наберите текст заново без них."
)
ONE_LINE: Final = N_(
    "Поле {field}: текст должен стоять в одной строке, без переводов строки, табуляции, "
    "управляющих символов и лишних пробелов."
)
NO_SUCH_DAY: Final = N_("Поле {field}: даты «{value}» не бывает. Исправьте день, месяц или год.")
MINIMUM: Final = N_("Поле {field}: число должно быть не меньше {minimum}.")
RANGE: Final = N_("Поле {field}: число должно быть от {minimum} до {maximum}.")
EMPTY_TEXT: Final = N_("Поле {field} пусто. Заполните его или уберите совсем.")
TOO_LONG: Final = N_("Поле {field}: длиннее {limit} знаков. Уберите лишнее.")
EMPTY_LIST: Final = N_("Список {field} пуст. Добавьте хотя бы один пункт или уберите поле.")
EMPTY_FIELDS: Final = N_("Поле {field} пусто. Заполните его или уберите совсем.")
REPEATED: Final = N_("Список {field}: «{value}» повторяется. Оставьте одно.")
ONE_OF: Final = N_("Нет ни одного из полей {names}. Добавьте одно из них.")
ONLY_ONE_OF: Final = N_("Поля {names} вместе не пишут. Оставьте одно из них.")
NOT_BESIDE: Final = N_("Поле {field} не пишут вместе с {other}. Оставьте одно из них.")

# By the expected JSON type.
TYPES: Final = MappingProxyType(
    {
        "string": N_("Поле {field}: нужен текст. Число, дату, true и false возьмите в кавычки."),
        "integer": N_("Поле {field}: нужно целое число, без кавычек."),
        "number": N_("Поле {field}: нужно число без кавычек, дробная часть через точку."),
        "boolean": N_("Поле {field}: нужно true, без кавычек."),
        "array": N_("Поле {field}: нужен список, каждый пункт с новой строки после «- »."),
        "object": N_(
            "Поле {field}: нужны вложенные поля вида «название: значение», по одному на строке."
        ),
    }
)

# By the definition in the JSON Schema whose pattern the text does not match.
PATTERNS: Final = MappingProxyType(
    {
        "text": N_("Поле {field} пусто. Заполните его или уберите совсем."),
        "date": N_('Поле {field}: «{value}» не дата. Напишите её в виде "ГГГГ-ММ-ДД", в кавычках.'),
        "section_number": N_(
            "Поле {field}: «{value}» не номер раздела. Нужен номер без точки на конце, например "
            '"1".'
        ),
        "measure_id": N_(
            "Поле {field}: «{value}» не обозначение мероприятия. Нужны буквы, цифры, точка, «_» и "
            "«-», первый и последний знак — буква или цифра, например 1.1.2 или п-3."
        ),
        "key": N_(
            "Поле {field}: «{value}» не ключ. Нужны буквы, цифры, «_» и «-», первой стоит буква."
        ),
        "dated_quarter": N_(
            "Поле {field}: «{value}» не квартал. Нужно число от 1 до 4 или квартал с годом: "
            '"2026-Q3".'
        ),
        "enumeration_number": N_(
            "Поле {field}: «{value}» не номер. Нужно число или два числа через точку, например "
            '"4.1".'
        ),
        "period": N_(
            "Поле {field}: «{value}» не период. Нужен месяц (2024-07), квартал (2024-Q3), "
            'полугодие (2024-H1) или год ("2024").'
        ),
        "sha256": N_(
            "Поле {field}: «{value}» не контрольная сумма. Нужны 64 шестнадцатеричные цифры "
            "строчными буквами."
        ),
        "link": N_(
            "Поле {field}: «{value}» не ссылка. Ссылка начинается с https:// или http:// "
            "и не содержит пробелов."
        ),
    }
)
