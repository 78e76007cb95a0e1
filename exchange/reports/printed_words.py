"""Values as documents print them: a day in English as a director writes it.

Commit messages keep the short form, which the audit compares; in Russian both are the same.
"""

import re
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.words import Words
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import show

_DAYS: Final = (
    *(N_("{day:02}.01.{year}"), N_("{day:02}.02.{year}"), N_("{day:02}.03.{year}")),
    *(N_("{day:02}.04.{year}"), N_("{day:02}.05.{year}"), N_("{day:02}.06.{year}")),
    *(N_("{day:02}.07.{year}"), N_("{day:02}.08.{year}"), N_("{day:02}.09.{year}")),
    *(N_("{day:02}.10.{year}"), N_("{day:02}.11.{year}"), N_("{day:02}.12.{year}")),
)
_DAY: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class PrintedWords(Words):
    """Values in the words of one language, as documents print them."""

    def day(self, value: Plain | None) -> str:
        """Return an ISO date: «31.03.2026», "31 March 2026"; anything else unchanged."""
        match = _DAY.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            # A class with slots is made anew by its decorator, which leaves super() without it.
            return Words.day(self, value)
        year, month, day = match.groups()
        return self.say(_DAYS[int(month) - 1], day=int(day), year=year)

    def document(self, value: Plain) -> str:
        """Return a document as a reference to it: «Акт ввода № 12 от 27.09.2024».

        A number is not torn from its sign, and a title stays as it was typed: where it may be
        broken, its soft hyphens say.
        """
        if not isinstance(value, dict):
            return Words.document(self, value)
        text = show(value.get("title", ""))
        if "number" in value:
            number = show(value["number"]).removeprefix("№").lstrip()
            text = self.say(N_("{title} №\N{NO-BREAK SPACE}{number}"), title=text, number=number)
        if "date" in value:
            text = self.say(N_("{title} от {date}"), title=text, date=self.day(value["date"]))
        return text

    def file(self, value: Plain) -> str:
        """Return a file of evidence by its name and size: «Акт ввода.pdf», 4 КБ."""
        if not isinstance(value, dict):
            return Words.file(self, value)
        name = self.quoted(show(value.get("path", "")).rpartition("/")[2])
        size = self.size(value.get("size")).replace(" ", "\N{NO-BREAK SPACE}")
        return f"{name}, {size}" if size else name
