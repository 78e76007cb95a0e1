"""What a document reads as, between the dialog that reads it and the preview that asks about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from kvartal.exchange.grid import SourceDocument
    from kvartal.exchange.tables.unclear import UnclearColumn

PayloadT = TypeVar("PayloadT")


@dataclass(frozen=True)
class DocumentReading(Generic[PayloadT]):
    """What a document reads as, for the user to say yes to.

    Attributes:
        document: The document.
        stated: What the user says of its columns.
        question: What he is asked.
        lines: What would be done, and what was not understood.
        payload: What a yes does; None where there is nothing to do.
        columns: What each column was taken for, by its heading.
        unclear: The columns to ask about.
    """

    document: "SourceDocument"
    stated: Mapping[str, str]
    question: str
    lines: tuple[str, ...] = ()
    payload: PayloadT | None = None
    columns: Mapping[str, str] | None = None
    unclear: "tuple[UnclearColumn, ...]" = ()


Stopped = Callable[[], bool]
"""Asked again and again whether to stop."""

Reader = Callable[["SourceDocument", Mapping[str, str]], DocumentReading[PayloadT]]
"""Returns what a document reads as with what the user says of its columns; called in a thread."""


def going_on() -> bool:
    """Return that reading goes on."""
    return False
