"""A conflict in words: the measure, the field, the thing it belongs to, and each side's value."""

from collections.abc import Mapping
from typing import Final

from kvartal.history.diff.words import Words, one_line
from kvartal.history.merge.conflict import Conflict
from kvartal.history.merge.conflict_text_2026_11 import fields_in_2026_11
from kvartal.history.merge.place_text import place_text
from kvartal.history.merge.value_text import changes_text, distinct_texts
from kvartal.schema.changes import Missing, Plain
from kvartal.schema.errors import N_

_CHANGED: Final = N_("{where}: у нас «{ours}», с другой стороны «{theirs}», было «{base}».")
_ADDED: Final = N_("{where}: у нас «{ours}», с другой стороны «{theirs}».")
_DELETED_BY_US: Final = N_("{where}: у нас удалено, а с другой стороны изменено: {changes}.")
_DELETED_BY_THEM: Final = N_("{where}: с другой стороны удалено, а у нас изменено: {changes}.")
_RULE: Final = N_(
    "{where}: у нас «{ours}», с другой стороны «{theirs}», вместе это нарушает правило. {problem}"
)


def conflict_text(conflict: Conflict, data: Mapping[str, Plain], words: Words) -> str:
    """Return a conflict as a sentence or two, safe to print.

    Args:
        conflict: The conflict.
        data: The merged data it belongs to.
        words: The language.
    """
    if words.as_in_2026_11:
        fields = fields_in_2026_11(conflict, data, words)
    else:
        fields = _fields(conflict, data, words.of(data))
    sides = conflict.sides
    if conflict.problem is not None:
        problem = one_line(conflict.problem.message(words.translate))
        return words.say(_RULE, problem=problem, **fields)
    if isinstance(sides.base, Missing):
        return words.say(_ADDED, **fields)
    if isinstance(sides.ours, Missing):
        return words.say(_DELETED_BY_US, **fields)
    if isinstance(sides.theirs, Missing):
        return words.say(_DELETED_BY_THEM, **fields)
    text = words.say(_CHANGED, **fields)
    reason = conflict.dispute.reason if conflict.dispute else None
    return text if reason is None else f"{text} {one_line(reason.message(words.translate))}"


def conflict_place(conflict: Conflict, data: Mapping[str, Plain], words: Words) -> str:
    """Return where a conflict is: the measure and the field, and of a list which item.

    Args:
        conflict: The conflict.
        data: The merged data it belongs to.
        words: The language.
    """
    return place_text(conflict.measure, conflict.where, data, words, conflict.sides)


def _fields(conflict: Conflict, data: Mapping[str, Plain], words: Words) -> dict[str, object]:
    sides, where = conflict.sides, conflict.where
    base, ours, theirs = distinct_texts((sides.base, sides.ours, sides.theirs), where, words)
    place = conflict_place(conflict, data, words)
    # Of a value that one side deleted, what the other made of it.
    after = sides.theirs if isinstance(sides.ours, Missing) else sides.ours
    name = place.removeprefix(f"{one_line(conflict.measure)}, ") if conflict.path else ""
    changes = changes_text(sides.base, after, where, data, words, place=name)
    return {"where": place, "base": base, "ours": ours, "theirs": theirs, "changes": changes}
