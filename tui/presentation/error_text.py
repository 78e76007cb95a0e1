"""A refusal as the screen has room for it: a long folder pushes nothing else out of sight.

The command line tells paths whole: they are copied from there.
"""

from pathlib import Path
from typing import Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _

ROOM: Final = 52
"""So many letters of a path are shown: with them three short lines hold the longest sentence."""
CUT: Final = "…"
AS_GIT_SPELLS_IT: Final = "top"
"""The field of a folder that is no path of this system's to the letter."""


def brief(error: KvartalError) -> str:
    """Return the sentence of a refusal with its paths shortened.

    Args:
        error: The refusal.
    """
    sentence = error.message(_)
    for name, value in error.fields.items():
        if isinstance(value, Path) or name == AS_GIT_SPELLS_IT:
            sentence = sentence.replace(str(value), shortened(Path(str(value))))
    return sentence


def shortened(path: Path) -> str:
    """Return a path, of a long one its end: the folders and the name that tell it from others.

    Args:
        path: Any path.

    >>> shortened(Path("/srv", "a" * 60, "программа", "plan"))
    '…/программа/plan'
    """
    whole = str(path)
    if len(whole) <= ROOM:
        return whole
    separator = whole[-len(path.name) - 1]
    end = path.name
    for name in reversed(path.parent.parts):
        longer = f"{name}{separator}{end}"
        if len(longer) + 2 > ROOM:
            break
        end = longer
    half = (ROOM - 3) // 2
    if len(end) + 2 > ROOM:
        end = f"{end[:half]}{CUT}{end[-half:]}"
    return f"{CUT}{separator}{end}"
