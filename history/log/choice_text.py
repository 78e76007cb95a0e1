"""A choice of a merge in a sentence: where it was made, what was taken and what was not."""

from typing import Final

from kvartal.history.diff.words import Words, one_line
from kvartal.history.log.entry import Choice
from kvartal.history.merge.place_text import place_text
from kvartal.history.merge.threeway import Sides
from kvartal.history.merge.value_text import changes_text, distinct_texts
from kvartal.schema.changes import Missing, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath

_LONG: Final = 240
"""In letters, two values together: more is not quoted in one sentence."""

_TAKEN: Final = N_("{where}: взято «{chosen}», не взято «{rejected}»")
_AND_NOT: Final = N_("», «")
"""Between values that were not taken, which the sentence quotes."""
_ONE_OF_TWO: Final = N_("{where}: взято одно из двух значений")
_KEPT: Final = N_("{where}: оставлено, а одна из сторон удалила")
_DELETED: Final = N_("{where}: удалено, а одна из сторон изменила")
_DELETED_WITH: Final = N_("{where}: удалено, а одна из сторон изменила: {changes}")
# Only together with something of the other side it broke a rule.
_NEW_TAKEN: Final = N_("{where}: взято то, что добавила одна из сторон")
_NEW_LEFT_OUT: Final = N_("{where}: не взято то, что добавила одна из сторон")


def choice_text(
    choice: Choice, path: DataPath, sides: Sides, merged: PlanData, words: Words
) -> str:
    """Return a choice in a sentence.

    Args:
        choice: The choice.
        path: Where the value is in the merged programme.
        sides: The value in the versions that were merged.
        merged: The merged programme.
        words: The language.
    """
    words = words.of(merged)
    where = place_text(choice.measure, path, merged, words, sides)
    is_thing = not choice.path or isinstance(choice.path[-1], int)
    if is_thing and isinstance(sides.ours, Missing) != isinstance(sides.theirs, Missing):
        if isinstance(sides.base, Missing):
            is_left_out = isinstance(choice.chosen, Missing)
            return words.say(_NEW_LEFT_OUT if is_left_out else _NEW_TAKEN, where=where)
        if not isinstance(choice.chosen, Missing):
            return words.say(_KEPT, where=where)
        name = where.removeprefix(f"{one_line(choice.measure)}, ") if choice.path else ""
        changes = changes_text(sides.base, sides.kept, path, merged, words, place=name)
        is_short = 0 < len(changes) <= _LONG
        return words.say(_DELETED_WITH if is_short else _DELETED, where=where, changes=changes)
    chosen, *rejected = distinct_texts((choice.chosen, *choice.rejected), path, words)
    if len(rejected) == 1 and len(chosen) + len(rejected[0]) > _LONG:
        # What differs in them is shown where the fields are listed.
        return words.say(_ONE_OF_TWO, where=where)
    others = words.translate(_AND_NOT).join(rejected)
    return words.say(_TAKEN, where=where, chosen=chosen, rejected=others)
