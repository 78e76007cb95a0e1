"""The numbers of measures as users read them: for a page and a table alike."""

from typing import Final

from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.schema.numbering import free_id
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.sanitize import shown

LONGEST_CELL: Final = 400
"""No terminal shows more of a cell: a text of 10 kB is not measured letter by letter."""


def number_text(measure: Measure) -> str:
    """Return a measure's number as it is printed, with the suffix that its id has beside it."""
    slug = free_id(measure.number, ())
    suffix = measure.id.removeprefix(slug)
    is_suffixed = suffix != measure.id and suffix.startswith("-")
    return one_line(measure.number + (suffix if is_suffixed else ""))


def name_text(measure: Measure) -> str:
    """Return how a dialog names a measure: its id, or its number with the id if they differ.

    The table shows the number, the history the id.
    """
    number = number_text(measure)
    slug = free_id(measure.number, ())
    is_own = not number or measure.id == slug or measure.id.startswith(f"{slug}-")
    return one_line(measure.id) if is_own else f"{number} ({one_line(measure.id)})"


def other_number(plan: Plan, measure_id: str) -> str:
    """Return the number of a measure that another one refers to; its id where it is unknown."""
    other = plan.by_id.get(measure_id)
    return number_text(other) if other else one_line(measure_id)


def one_line(text: str) -> str:
    """Return the beginning of a text in the signs that may stand in a line of the screen."""
    return shown(beginning(text, LONGEST_CELL))
