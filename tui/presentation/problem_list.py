"""Which problems of a file are shown: of very many the first ones, with a sentence that says so."""

from typing import TYPE_CHECKING, Final

from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kvartal.schema.problems import Problem

MOST_SHOWN: Final = 100
"""How many problems of one file are shown at most."""


def total_of(problems: "Sequence[Problem]") -> int:
    """Return how many problems there are, including those that are not kept."""
    total: int = getattr(problems, "total", len(problems))
    return total


def cut_sentence(problems: "Sequence[Problem]") -> str:
    """Return the sentence that not all problems are shown; empty where all are."""
    total = total_of(problems)
    if total <= MOST_SHOWN:
        return ""
    template = _("Показаны первые {shown}, всего ошибок: {total}.")
    if getattr(problems, "is_cut", False):
        template = _("Показаны первые {shown}, всего ошибок больше {total}.")
    return template.format(shown=min(MOST_SHOWN, len(problems)), total=total)
