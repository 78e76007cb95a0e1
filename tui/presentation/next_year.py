"""A measure in the list of next year's programme: what becomes of it, in a line and in words."""

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from kvartal.schema.measure import Term
from kvartal.schema.next_year import Candidate
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cell_width import in_cells
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.measure_numbers import name_text, number_text

_TERM: Final = 24
_TITLE: Final = 140
_ID: Final = 9


@dataclass(frozen=True, slots=True)
class CandidateChoice:
    """What was chosen for a measure.

    Attributes:
        candidate: The measure, and what would become of it by itself.
        is_carried: Whether it is carried over.
        term: Its term in the new programme; None where that is not clear.
        reason: Why it is not carried over; empty where nobody asked.
        number: The number that it gets; empty where it keeps its own.
    """

    candidate: Candidate
    is_carried: bool
    term: Term | None
    reason: str = ""
    number: str = ""

    def line(self, width: int) -> Text:
        """Return it as a line of the list, so many cells wide."""
        text = self.term.text if self.term is not None else _("срок?")
        if not self.is_carried:
            text = self.reason or _("остаётся")
        room = max(10, width - 5 - _ID - _TERM - 8)
        measure = self.candidate.measure
        cells = (
            "[x]" if self.is_carried else "[ ]",
            in_cells(self.number or number_text(measure), _ID),
            in_cells(measure.title, room),
            in_cells(text, _TERM),
        )
        return Text("  ".join(cells), "" if self.is_carried else "dim")

    def details(self) -> str:
        """Return what is said of it below the list."""
        why = _("завершено или снято")
        if self.candidate.is_year_long:
            why = _("на весь год")
        if self.candidate.is_unfinished:
            why = _("не завершено")
        measure = self.candidate.measure
        texts = [f"{name_text(measure)}: {why}"]
        if self.number and self.number != number_text(measure):
            texts.append(_("Новый номер: {number}").format(number=self.number))
        if self.reason:
            texts.append(_("Не переносится: {reason}").format(reason=self.reason))
        elif self.term is not None and cell_len(self.term.text) > _TERM:
            texts.append(_("Срок: {term}").format(term=self.term.text))
        # Last: there are four lines for all of it, and a proposal may be a page.
        return ". ".join((*texts, beginning(measure.title, _TITLE)))
