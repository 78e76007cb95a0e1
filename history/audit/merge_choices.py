"""Compares the choices that the message of a sync states with what was chosen.

Yields `message-disagrees`.
"""

from collections.abc import Iterator
from typing import Final

from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.audit.merge_compare import chosen_sides, explaining_merge, explains
from kvartal.history.audit.merge_sides import NOT_TRUE
from kvartal.history.audit.merge_versions import MergeVersions
from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge
from kvartal.history.messages.merge_sentences import CHOSE_OURS, CHOSE_THEIRS
from kvartal.history.messages.trailers import paragraphs
from kvartal.schema.errors import N_

_CHOICES: Final = (CHOSE_OURS, CHOSE_THEIRS)
_NO_CHOICE: Final = N_("Слияние выбрало одно из двух значений, а сообщение об этом молчит. {line}")


def is_choice(line: str, words: Words) -> bool:
    """Tell whether a line of a message states a choice."""
    return line.startswith(tuple(words.translate(text).partition("{")[0] for text in _CHOICES))


def choice_findings(message: str, versions: MergeVersions, words: Words) -> Iterator[Finding]:
    """Yield the choices that a sync does not state, or states otherwise, now or as until 2026-11.

    Args:
        message: Its message.
        versions: What was merged.
        words: The language of the message.
    """
    ours, theirs = versions.sides
    merged = explaining_merge(versions.base, ours, theirs, versions.merged)
    found = tuple(_of_merge(message, merged, versions, words))
    if found:
        earlier = merge(versions.base, ours, theirs, as_in_2026_11=True)
        if explains(earlier, (ours, theirs), versions.merged) and not any(
            _of_merge(message, earlier, versions, words)
        ):
            return
    yield from found


def _of_merge(
    message: str, merged: Merged, versions: MergeVersions, words: Words
) -> Iterator[Finding]:
    stated = {" ".join(part.split()) for part in paragraphs(message)}
    claims = {line for line in stated - versions.quotes if is_choice(line, words)}
    sides = chosen_sides(merged, versions.merged)
    is_sound = True
    for conflict, chosen in zip(merged.conflicts, sides, strict=True):
        text = conflict_text(conflict, merged.data, words)
        lines = [_lines(template, text, versions.plan, words) for template in _CHOICES]
        claims.difference_update(*(lines[side] for side in chosen or (0, 1)))
        true = [lines[side] for side in chosen]
        if not true or any(line in stated for each in true for line in each):
            continue
        is_sound = False
        other = next((each[0] for each in lines if not stated.isdisjoint(each)), None)
        fields: dict[str, object] = {"line": other or true[0][0]}
        template = NOT_TRUE if other else _NO_CHOICE
        yield Finding(MESSAGE, template, fields=fields, measure=conflict.measure)
    if is_sound and claims and versions.is_alone:
        yield Finding(MESSAGE, NOT_TRUE, fields={"line": min(claims)})


def _lines(template: str, conflict: str, plan: str, words: Words) -> list[str]:
    """Return how a choice may be stated: a sync names the plan where several had conflicts."""
    plans = ("", f"{plan.rpartition('/')[2]}: ", f"{plan}: ", f"./{plan}: ")
    lines = (words.say(template, conflict=one + conflict) for one in plans)
    return [" ".join(line.split()) for line in lines]
