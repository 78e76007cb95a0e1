"""Terms: from the text that a user typed, or how a user says to read it, to what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvartal.schema.errors import N_, KvartalError, Labels
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.parts import Span
from kvartal.schema.grammar.reader import TermReading, read_term
from kvartal.schema.measure import Term
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.typed_text import normalised


class UnsureTerm(KvartalError):
    """A term's text has several readings, or was not understood whole."""

    template = N_("Срок «{text}» можно понять по-разному. Скажите, как: {ways}.")

    def __init__(self, reading: TermReading, options: Labels) -> None:
        super().__init__(text=reading.text, ways=options)
        self.reading = reading


class ImpossibleTerm(KvartalError):
    """A term's text names a day or a quarter that no calendar has."""

    template = N_("Срок «{text}»: такого дня или квартала не бывает. Исправьте число или месяц.")


class TermReadOtherwise(KvartalError):
    """A user says how to read a text that surely says something else."""

    template = N_(
        "Срок «{text}» читается однозначно: {reading}. Исправьте текст срока или уберите параметры."
    )


class TermMissing(KvartalError):
    """A measure was given no term."""

    template = N_("Срок не указан. Напишите его словами, например «3 квартал» или «постоянно».")


@dataclass(frozen=True, slots=True)
class StatedReading:
    """How a user says that a term's text is to be read; all empty for an open term.

    Attributes:
        start: First day.
        due: Last day.
        quarters: Its quarters.
        points: The days of its checkpoints.
    """

    start: date | None = None
    due: date | None = None
    quarters: tuple[CalendarQuarter, ...] = ()
    points: tuple[date, ...] = ()


def typed_term(text: str, period: ProgrammePeriod, stated: StatedReading | None = None) -> Term:
    """Return the term of a text, which is kept as typed.

    Args:
        text: As typed.
        period: The days that the programme is for.
        stated: How to read the text, where the user says so.

    Raises:
        UnsureTerm: The text has several readings, or was not understood whole.
        ImpossibleTerm: It names a day that no calendar has.
        TermReadOtherwise: It surely says something other than is stated.
        TermMissing: It is empty.
    """
    text = normalised(text).strip()
    if not text:
        raise TermMissing
    reading = read_term(text, period)
    if reading.certainty is Certainty.ERROR:
        raise ImpossibleTerm(text=text)
    if stated is not None:
        quarters, points = sorted(set(stated.quarters)), sorted(set(stated.points))
        term = Term(text, tuple(quarters), stated.start, stated.due, tuple(points))
        sure = term_of(text, reading.span) if reading.certainty is Certainty.SURE else term
        if term != sure:
            options = Labels(stated_options((reading.span,), period)[:1])
            raise TermReadOtherwise(text=text, reading=options)
        return term
    if reading.certainty is Certainty.ASK:
        raise UnsureTerm(reading, Labels(stated_options(reading.readings, period)))
    return term_of(text, reading.span)


def term_of(text: str, span: Span) -> Term:
    """Return the term with a text and a reading; an open term for an empty reading."""
    if span.quarters:
        return Term(text, span.quarters)
    if span.points:
        return Term(text, points=span.points)
    return Term(text, (), span.start, span.due)


def stated_options(
    readings: Sequence[Span], period: ProgrammePeriod
) -> tuple[tuple[str, str], ...]:
    """Return how each reading is said on the command line, and last how an open term is."""
    options = [(" ".join(_options(span, period)), "") for span in readings]
    return (*options, ("--open", N_("без срока")))


def _options(span: Span, period: ProgrammePeriod) -> tuple[str, ...]:
    if span.quarters:
        return ("--quarters", ",".join(str(one.stored(period.year)) for one in span.quarters))
    if span.points:
        return ("--points", ",".join(point.isoformat() for point in span.points))
    start = ("--start", span.start.isoformat()) if span.start is not None else ()
    due = ("--due", span.due.isoformat()) if span.due is not None else ()
    return (*start, *due)
