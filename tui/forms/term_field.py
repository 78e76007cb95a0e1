"""The field for a term: kept as typed, its reading below, and a choice where there are several.

The grammar decides what a text means (`kvartal.schema.grammar`). Where it has several readings or
was not understood whole, they are listed beneath the field: the user picks one and keeps the text.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from textual.app import ComposeResult

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import FieldRequired
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.reader import TermReading, read_term
from kvartal.schema.measure import Term
from kvartal.schema.model import Plan
from kvartal.schema.terms import StatedReading, TermMissing, UnsureTerm, term_of, typed_term
from kvartal.schema.typed_text import normalised
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput, restored
from kvartal.tui.forms.reading_list import ReadingList
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.term_reading import term_days_text

TERM_HINT: Final = N_(
    "Словами: «III квартал», «II–IV», «до 30.11», «ежемесячно до 5 числа», «постоянно»."
)


_MOST_IN_LINE: Final = 2


class TermUnchosen(KvartalError):
    """A term's text has several readings, and none was chosen."""

    template = N_("Срок можно понять по-разному: выберите ниже, как его читать (↓), или исправьте.")


class TermNotUnderstood(KvartalError):
    """A term's text was not understood whole, and it was not said to have no date."""

    template = N_("Срок понят не весь: исправьте слова или выберите ниже (↓), что даты в нём нет.")


def term_as_typed(
    text: str, plan: Plan, stored: Term | None = None, stated: StatedReading | None = None
) -> Term:
    """Return the term that a typed text means.

    Args:
        text: As typed.
        plan: The programme.
        stored: The term that was there; its reading stays as long as its text does.
        stated: How the user said to read the text.

    Raises:
        TermMissing, UnsureTerm, ImpossibleTerm: It cannot be stored.
    """
    if stored is not None and stated is None and _is_text_of(stored, text):
        return stored
    return typed_term(text, plan.period, stated)


def _is_text_of(term: Term, text: str) -> bool:
    return normalised(text).strip() == normalised(term.text).strip()


class TermField(FormField):
    """A term as text, with the reading that follows from it or was chosen."""

    DEFAULT_CSS = """
    TermField {
        /* Two lines from the beginning: the readings of what is half typed come and go. */
        & .field-line { min-height: 2; }
    }
    """

    def __init__(  # noqa: PLR0913 - each is a property of the field
        self,
        key: str,
        label: str,
        plan: Plan,
        *,
        term: Term | None = None,
        hint: str = "",
        check: Callable[[str, StatedReading | None], object] | None = None,
    ) -> None:
        """Make the field.

        Args:
            key: Name of the field in its form.
            label: Its label.
            plan: The programme.
            term: The term to begin with, as it is stored.
            hint: About what to type.
            check: Raises where the term, with how it is to be read, does not fit the form.
        """
        self._plan = plan
        self._stored = term
        self._check_term = check
        self._typing_hint = hint or _(TERM_HINT)
        self._terms: tuple[Term, ...] = ()
        self._text_read = ""
        self._list = ReadingList()
        super().__init__(
            key,
            label,
            LineInput(term.text if term else ""),
            initial=shown(term.text) if term else "",
            required=True,
            hint=self._typing_hint,
            check=lambda _typed: self._verify_term(),
            read=lambda _typed: self._reading_text(),
        )

    def compose_below(self) -> ComposeResult:
        """Yield the readings to choose from."""
        yield self._list

    @property
    def text(self) -> str:
        """What was typed, as it would be stored."""
        original = self._stored.text if self._stored else ""
        return normalised(restored(self.typed, original)).strip()

    @property
    def stated(self) -> StatedReading | None:
        """How the user said to read the text; None where that is not needed or not said."""
        index = self._list.index
        if index is None:
            return None
        chosen = self._terms[index]
        return StatedReading(chosen.start, chosen.due, chosen.quarters, chosen.points)

    @property
    def is_changed(self) -> bool:
        """Whether the text or its reading differs from the initial one."""
        return super().is_changed or self._list.index is not None

    def term(self) -> Term:
        """Return the term that was typed, with its reading.

        Raises:
            FieldRequired: Nothing was typed.
            TermUnchosen, TermNotUnderstood: It has to be said how to read it.
            ImpossibleTerm: It names a day that no calendar has.
        """
        try:
            return term_as_typed(self.text, self._plan, self._stored, self.stated)
        except TermMissing:
            raise FieldRequired(field=self.label) from None
        except UnsureTerm:
            raise (TermUnchosen if len(self._terms) > 1 else TermNotUnderstood) from None

    def rebase_term(self, term: Term | None) -> None:
        """Replace the term to begin with; what was typed over it stays."""
        self._stored = term
        self.rebase(shown(term.text) if term else "")

    def verify(self) -> bool:
        """Check the term; open the list where a reading has to be chosen."""
        is_right = super().verify()
        if not is_right:
            self._list.open()
        return is_right

    def on_descendant_focus(self) -> None:
        """Say what to do in the control or in the list."""
        super().on_descendant_focus()
        in_list = self._list.has_focus
        self.hint = _("Как читать срок: стрелки или цифра.") if in_list else self._typing_hint

    def on_mount(self) -> None:
        """List the readings of the first text."""
        self._list_readings()

    def content_changed(self) -> None:
        """List the readings of a new text."""
        self._list_readings()
        super().content_changed()

    @property
    def _is_stored(self) -> bool:
        """Whether the text is still the stored one, whose reading is known."""
        return self._stored is not None and _is_text_of(self._stored, self.text)

    def _verify_term(self) -> None:
        self.term()
        if self._check_term is not None:
            self._check_term(self.text, self.stated)

    def _read(self) -> TermReading:
        return read_term(self.text, self._plan.period)

    def _list_readings(self) -> None:
        if self.text == self._text_read:
            return
        self._text_read = self.text
        reading = self._read()
        is_asked = reading.certainty is Certainty.ASK
        self._terms = tuple(self._possible(reading)) if is_asked else ()
        self._list.show_readings([*map(self._choice_text, self._terms)])

    def _choice_text(self, term: Term) -> str:
        """Return a reading in one line; of one outside the programme's period, that it is."""
        if term.is_open and term.start is None:
            return _("без даты: сам по себе не просрочится")
        if term.is_open:
            return _("с {start}, без даты окончания").format(start=day(term.start))
        text = term_days_text(term, self._plan)
        first, last = term.first_day or term.last_day, term.last_day or term.first_day
        if first is None or last is None or self._plan.period.touches(first, last):
            return text
        return _("{term} — вне срока программы").format(term=text)

    def _possible(self, reading: TermReading) -> Iterator[Term]:
        """Yield the readings to choose from: the stored one too, and last that there is no date."""
        terms = [term_of(reading.text, span) for span in reading.readings]
        stored = self._stored
        if stored is not None and not stored.is_open:
            terms.append(replace(stored, text=reading.text))
        yield from dict.fromkeys(terms)
        yield Term(reading.text)

    def _reading_text(self) -> str:
        text = self.text
        if not text:
            return ""
        known = self._known_term()
        if known is not None:
            return f"→ {term_days_text(known, self._plan)}"
        reading = self._read()
        if reading.certainty is Certainty.ASK:
            return self._readings_text()
        return _(_UNREAD[reading.certainty])

    def _known_term(self) -> Term | None:
        """Return the term, where its reading is known: chosen, stored or sure."""
        index = self._list.index
        if index is not None:
            return self._terms[index]
        if self._is_stored:
            return self._stored
        reading = self._read()
        is_sure = reading.certainty in {Certainty.SURE, Certainty.OPEN}
        return term_of(reading.text, reading.span) if is_sure else None

    def _readings_text(self) -> str:
        """Return the readings to choose from, the first of them: two lines have to be enough."""
        dated = [term_days_text(term, self._plan) for term in self._terms[:-1]]
        more = ("…",) if len(dated) > _MOST_IN_LINE else ()
        readings = " · ".join((*dated[:_MOST_IN_LINE], *more, _("без даты")))
        if not dated:
            return _("? Понято не всё. Допишите, или ↓ — оставить без даты.")
        return _("? {readings}. ↓ — выбрать").format(readings=readings)


_UNREAD: Final = MappingProxyType(
    {
        Certainty.ERROR: N_("Такого дня или квартала не бывает."),
        Certainty.NONE: N_("→ срока нет: сам по себе просроченным не станет"),
    }
)
