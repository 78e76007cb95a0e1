"""Numbers as they are printed: in documents, messages and on the screen alike."""

from typing import Final

from kvartal.schema.errors import N_, Translate

LONG_NUMBER: Final = 10_000
"""From here on a number is written with its thousands apart; a year is not."""


def printed_number(value: float, translate: Translate) -> str:
    """Return a number with the language's decimal mark; a long one with its thousands apart.

    Args:
        value: The number.
        translate: Turns the Russian texts into the language.
    """
    whole, _, fraction = repr(value).removesuffix(".0").partition(".")
    if abs(value) >= LONG_NUMBER and whole.lstrip("-").isdigit():
        whole, *others = f"{int(whole):,}".split(",")
        apart = translate(N_("{more}\N{NO-BREAK SPACE}{thousands}"))
        for thousands in others:
            whole = apart.format(more=whole, thousands=thousands)
    if not fraction:
        return whole
    return translate(N_("{whole},{fraction}")).format(whole=whole, fraction=fraction)
