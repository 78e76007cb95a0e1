"""Numbers and sizes as a person reads them."""

from typing import Final

from kvartal.schema.errors import N_
from kvartal.tui.i18n import RUSSIAN, _, language_in_force

_STEP: Final = 1024
_UNITS: Final = (N_("КБ"), N_("МБ"), N_("ГБ"))
_FEW: Final = 10
HARD_SPACE: Final = "\N{NO-BREAK SPACE}"


def number(value: float) -> str:
    r"""Return a number with thousands apart and, in Russian, a decimal comma.

    >>> number(1250000.5)
    '1\xa0250\xa0000,5'
    """
    text = f"{value:,}".removesuffix(".0")
    if language_in_force() != RUSSIAN:
        return text
    return text.replace(",", HARD_SPACE).replace(".", ",")


def size(count: int) -> str:
    """Return a size, given in bytes.

    >>> size(4096)
    '4 КБ'
    """
    if count < _STEP:
        return _("{count} байт").format(count=count)
    amount, unit = count / _STEP, 0
    while amount >= _STEP and unit + 1 < len(_UNITS):
        amount, unit = amount / _STEP, unit + 1
    whole = int(amount) if amount >= _FEW or amount == int(amount) else round(amount, 1)
    return f"{number(whole)} {_(_UNITS[unit])}"
