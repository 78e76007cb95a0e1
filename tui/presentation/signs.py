"""Which signs a terminal can draw, and the set of them that goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kvartal.schema.states import CheckpointState
from kvartal.tui.presentation.labels import ASCII_NOT_IN_TERM, ASCII_SIGNS, NOT_IN_TERM, SIGNS

AUTO: Final = "auto"
UNICODE: Final = "unicode"
ASCII: Final = "ascii"
CHOICES: Final = (AUTO, UNICODE, ASCII)


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs in use.

    Attributes:
        states: By the state of a checkpoint.
        not_in_term: For a quarter that is not in the term.
        mark: For a row that is marked.
        shared: Before the number of the row whose text is shared.
        moved: Before a term that has been postponed.
    """

    states: Mapping[CheckpointState, str]
    not_in_term: str
    mark: str
    shared: str
    moved: str


UNICODE_SET: Final = Signs(SIGNS, NOT_IN_TERM, "◆", "↑", "→")
ASCII_SET: Final = Signs(ASCII_SIGNS, ASCII_NOT_IN_TERM, "*", "^", ">")


def signs_for(choice: str, environ: Mapping[str, str], encoding: str) -> Signs:
    """Return the signs to use.

    Args:
        choice: ``unicode``, ``ascii``, or ``auto`` to go by the terminal.
        environ: Looked at for ``TERM``: the Linux console's fonts lack the signs.
        encoding: Of the terminal.
    """
    if choice == AUTO:
        poor = environ.get("TERM") == "linux" or "utf" not in encoding.lower()
        choice = ASCII if poor else UNICODE
    return ASCII_SET if choice == ASCII else UNICODE_SET
