"""Why a text is no YAML, in words for whoever has to mend it.

The parser's own words are English, speak of tokens, and differ between its two implementations;
they are looked at for the cause and never shown.
"""

import re
from typing import Final

from kvartal.schema.errors import N_

# What the parser says (C, then pure Python) and what to tell. The first match counts.
_CAUSES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("unexpected end of stream", "unexpected document indicator"),
        N_("кавычка открыта и не закрыта. Закройте её тем же знаком."),
    ),
    (
        ("escape character", "escape code", "hexdecimal", "hexadecimal"),
        N_(
            "в двойных кавычках знак «\\» начинает особую последовательность, и такой нет. "
            "Удвойте его («\\\\») или возьмите текст в одинарные кавычки."
        ),
    ),
    (
        ("',' or ']'", "',' or '}'"),
        N_("скобка открыта и не закрыта, или между элементами нет запятой."),
    ),
    (
        ("mapping values are not allowed",),
        N_(
            "двоеточие с пробелом внутри текста или лишний отступ. Возьмите текст в кавычки "
            "или выровняйте строку по соседним."
        ),
    ),
    (
        ("could not find expected ':'",),
        N_("после имени поля нет двоеточия с пробелом."),
    ),
    (
        ("'-' indicator", "sequence entries are not allowed"),
        N_("элементы списка начинаются с «- » и стоят один под другим. Выровняйте отступ."),
    ),
    (
        ("expected key", "block end", "document start"),
        N_(
            "строка не на своём месте: её отступ не такой, как у соседних полей, или после "
            "закрытых кавычек идёт ещё текст."
        ),
    ),
    (
        ("did not find expected node content", "expected the node content"),
        N_("здесь должно стоять значение. Если это знак препинания, возьмите текст в кавычки."),
    ),
    (
        ("indentation",),
        N_("отступ не такой, как нужно. Выровняйте строку по соседним пробелами."),
    ),
    (
        ("directive", "incompatible YAML document"),
        N_("директивы (строки, которые начинаются с «%») не поддерживаются. Уберите её."),
    ),
)

_MARKERS: Final = re.compile(r"^(?:<{7,}|>{7,})(?: |\r?$)", re.MULTILINE)
_UNSETTLED: Final = N_(
    "в файле остались обе версии того, что с двух сторон изменили по-разному. "
    "Оставьте нужную и удалите строки «<<<<<<<», «|||||||», «=======» и «>>>>>>>»."
)
_TAB: Final = N_("знак табуляции. Отступы и промежутки делаются пробелами: замените его.")
_BAD_START: Final = N_(
    "текст не может начинаться со знака «{sign}» без кавычек. Возьмите в кавычки."
)
_UNKNOWN: Final = N_(
    "здесь нарушено устройство файла YAML. Проверьте отступы, кавычки и двоеточия."
)


def cause(words: str, text: str, index: int) -> tuple[str, dict[str, object]]:
    """Return the template and its fields that tell why a text cannot be read.

    Args:
        words: What the parser said.
        text: The text.
        index: Where in the text the parser stopped.
    """
    if _MARKERS.search(text):
        return _UNSETTLED, {}
    sign = text[index : index + 1]
    if sign == "\t":
        return _TAB, {}
    if "cannot start any token" in words and sign:
        return _BAD_START, {"sign": sign}
    for signs, template in _CAUSES:
        if any(each in words for each in signs):
            return template, {}
    return _UNKNOWN, {}
