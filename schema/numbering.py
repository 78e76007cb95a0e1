"""Numbers as they are printed, and the ids that are made of them."""

import re
from collections.abc import Iterable
from typing import Final

from kvartal.schema.model import Plan

RESERVED_NAMES: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
)
"""Names that Windows keeps for devices, in lower case: no folder can have them."""

_LAST_COUNT: Final = re.compile("[0-9]+(?=[^0-9]*$)")
_JOINTS: Final = re.compile("[^A-Za-zА-Яа-яЁё0-9]+")
_SEPARATORS: Final = frozenset("._-")
# Shorter than an id may be by what a suffix takes.
_LONGEST_SLUG: Final = 58


def next_number(plan: Plan, place: tuple[str | None, str | None]) -> str:
    """Return the number of the next measure of a channel or a section: ``1.1.5`` after ``1.1.4``.

    Args:
        plan: The programme.
        place: Number of the channel and number of the section, as a measure names them.
    """
    numbers = [measure.number for measure in plan.measures if measure.place == place]
    return number_after(numbers, place[0] or place[1] or "")


def number_after(numbers: Iterable[str], above: str) -> str:
    """Return the number that follows those of the neighbours: ``1.4`` after ``1.2`` and ``1.3``.

    Args:
        numbers: Of the neighbours.
        above: Number of what they stand in; empty at the top.
    """
    counted = [found for number in numbers if (found := _LAST_COUNT.search(number))]
    if not counted:
        return f"{above}.1" if above else "1"
    last = max(counted, key=lambda found: int(found[0]))
    count = str(int(last[0]) + 1).zfill(len(last[0]))
    return f"{last.string[: last.start()]}{count}{last.string[last.end() :]}"


def free_id(number: str, taken: Iterable[str]) -> str:
    """Return the id for a new row: its printed number as a slug, or that with a suffix ``-2``.

    Args:
        number: As printed: «1.» gives ``1``, «п. 3» gives ``п-3``.
        taken: The ids in use, case ignored.
    """
    return FreeIds(taken).take(number)


class FreeIds:
    """Ids for many new rows, none of them twice.

    Args:
        taken: The ids in use, case ignored.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._used = {one.casefold() for one in taken} | RESERVED_NAMES
        self._next: dict[str, int] = {}

    def take(self, number: str) -> str:
        """Return the id for a new row, as `free_id` does; it is in use from now on."""
        slug = _slug(number)
        free, suffix = slug, self._next.get(slug.casefold(), 2)
        while free.casefold() in self._used:
            free = f"{slug}-{suffix}"
            suffix += 1
        self._next[slug.casefold()] = suffix
        self._used.add(free.casefold())
        return free


def _slug(number: str) -> str:
    """Return a printed number with letters and digits, and single joints between them."""
    joined = _JOINTS.sub(lambda found: found[0] if found[0] in _SEPARATORS else "-", number)
    return joined[:_LONGEST_SLUG].strip("._-") or "1"
