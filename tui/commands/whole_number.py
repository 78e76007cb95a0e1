"""Whole numbers in options and arguments, refused in the user's language."""

from typing import TYPE_CHECKING, Any, Final

import click

from kvartal.tui.i18n import _

if TYPE_CHECKING:
    NumberType = click.ParamType[int]
else:  # The oldest click that is supported has no parameter there.
    NumberType = click.ParamType

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


class WholeNumber(NumberType):
    """A whole number within limits.

    Args:
        least: The smallest that is accepted.
        most: The largest that is accepted; None for any.
    """

    name = "number"

    def __init__(self, least: int = 1, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def convert(
        self,
        value: Any,  # noqa: ANN401 - what was typed, or a default, which is a number already
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the number."""
        text = str(value).strip()
        number = int(text) if text.isascii() and text.isdigit() else None
        if number is None or number < self.least or (self.most is not None and number > self.most):
            template = (
                _("«{value}» не подходит: нужно целое число от {least}.")
                if self.most is None
                else _("«{value}» не подходит: нужно целое число от {least} до {most}.")
            )
            self.fail(template.format(value=value, least=self.least, most=self.most), param, ctx)
        return number


def year_number() -> WholeNumber:
    """Return the type of a year that a programme may be for."""
    return WholeNumber(FIRST_YEAR, LAST_YEAR)
