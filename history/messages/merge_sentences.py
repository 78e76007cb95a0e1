"""What the message of a merge says of it: written by a sync, and looked for when it is verified."""

import re
from collections.abc import Sequence
from typing import Final

from kvartal.history.diff.words import Words
from kvartal.history.messages.subjects import LIMIT
from kvartal.schema.errors import N_, Translate

NOT_IN_PLAN: Final = N_("Программа: объединение: изменено не в ней")
"""The first line where the plan itself is as it was."""
MORE_MEASURES: Final = N_("… и ещё мероприятий: {count}")
OF_SEVERAL: Final = N_("Объединение программ: {plans}")
"""The first line where several programmes were merged: it stands in the log of each."""
OUR_SIDE: Final = N_("У нас ({names}):")
"""Stands above what our side changed."""
THEIR_SIDE: Final = N_("С другой стороны ({names}):")
MAX_MEASURES: Final = 40
"""How many measures of a side are listed: the merged commits themselves have the rest."""
NO_NAME: Final = "?"
"""Stands for the names of a side whose commits have none."""
CHOSE_OURS: Final = N_("Выбрано наше значение. {conflict}")
CHOSE_THEIRS: Final = N_("Выбрано значение другой стороны. {conflict}")

_MORE: Final = N_("{first} и ещё {more}")
_PATH: Final = r"(?:(?<=\.yaml)|(?<=\.yml))"
_BETWEEN_PATHS: Final = re.compile(f"{_PATH}, ")
"""A comma between two plans: one inside a name follows anything else."""
_HEADING: Final = re.compile(rf"[^\n]+{_PATH}:")
"""A paragraph of nothing but a path: what follows is about that programme."""


def of_several(paths: Sequence[str], words: Words) -> str:
    """Return the first line of a merge of several programmes; of many it names those that fit.

    Args:
        paths: The paths of the programmes from the root; at least one.
        words: The language.
    """
    lines = [_first_line(paths, count, words) for count in range(len(paths), 0, -1)]
    return next((line for line in lines if len(line) <= LIMIT), lines[-1])


def _first_line(paths: Sequence[str], count: int, words: Words) -> str:
    plans, more = ", ".join(paths[:count]), len(paths) - count
    named = words.say(_MORE, first=plans, more=more) if more else plans
    return words.say(OF_SEVERAL, plans=named)


def stated_plans(message: Sequence[str], translate: Translate) -> list[str]:
    """Return the paths of the programmes that the message of a merge of several is about.

    Args:
        message: Its paragraphs, the first line first; each on one line.
        translate: Turns templates into the language of the message.
    """
    head = translate(OF_SEVERAL).partition("{")[0]
    first, *rest = message
    if not first.startswith(head):
        return []
    more = re.escape(translate(_MORE).format(first="", more="#")).replace(r"\#", "[0-9]+")
    named, hidden = re.subn(f"{_PATH}{more}$", "", first.removeprefix(head).strip())
    stated = _BETWEEN_PATHS.split(named)
    if hidden:
        stated += [part[:-1] for part in rest if _HEADING.fullmatch(part)]
    return list(dict.fromkeys(stated))
