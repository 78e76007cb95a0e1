"""Days inside a sentence: texts in Russian that can be said in the language of the sentence."""

import re
from datetime import date, datetime
from typing import Final

_DAY: Final = re.compile(r"\b(\d\d)\.(\d\d)\.(\d{4})\b")


class DayText(str):
    """A day, or a moment, as Russian writes it: «27.09.2024», «27.09.2024 14:05 +03:00».

    It is a text, so that it is compared, joined and kept like one; `filled` writes it as the
    language of the sentence does.
    """

    __slots__ = ()

    def written(self, form: str) -> str:
        """Return it with its day written differently.

        Args:
            form: A template with the fields day, month and year.
        """

        def rewritten(match: re.Match[str]) -> str:
            day, month, year = match.groups()
            return form.format(day=day, month=month, year=year)

        return _DAY.sub(rewritten, self)


def day_text(value: date) -> DayText:
    """Return a day; of a moment, its day."""
    return DayText(f"{value:%d.%m.%Y}")


def second_text(value: datetime) -> DayText:
    """Return a moment to the second."""
    return DayText(f"{value:%d.%m.%Y %H:%M:%S}")
