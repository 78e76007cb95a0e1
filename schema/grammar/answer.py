"""The answer to the question what a term's text means: a certainty and the readings."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kvartal.schema.grammar.parts import NOTHING, Span


class Certainty(StrEnum):
    """How sure the reading of a term is; design, section 4, says what follows from each."""

    SURE = "sure"
    ASK = "ask"
    OPEN = "open"
    ERROR = "error"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text means.

    Attributes:
        certainty: How sure that is.
        likely: The reading; of a text to ask about, the likeliest one, empty where none is.
        readings: The possible readings of a text to ask about.
    """

    certainty: Certainty
    likely: Span = NOTHING
    readings: tuple[Span, ...] = ()


OPEN: Final = Answer(Certainty.OPEN)
ERROR: Final = Answer(Certainty.ERROR)
NOT_READ: Final = Answer(Certainty.ASK)


def sure(span: Span) -> Answer:
    """Return the answer of a text with one reading."""
    return Answer(Certainty.SURE, span)


def ask(likely: Span, *others: Span) -> Answer:
    """Return the answer of a text with several readings, one of which is the likeliest."""
    return Answer(Certainty.ASK, likely, (likely, *others))


def choose(*readings: Span) -> Answer:
    """Return the answer of a text with several readings, none likelier than another."""
    return Answer(Certainty.ASK, NOTHING, readings)
