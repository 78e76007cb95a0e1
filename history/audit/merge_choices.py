"""Compares the choices that the message of a merge states with what was chosen.

Yields `message-disagrees`.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.history.audit.findings import MESSAGE, Finding
from kvartal.history.audit.merge_compare import explaining_merge, explains
from kvartal.history.audit.merge_outcomes import chosen_sides
from kvartal.history.audit.merge_sides import NOT_TRUE, without_list_sign
from kvartal.history.audit.merge_versions import MergeVersions, OtherPlan
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge
from kvartal.history.messages.merge_sentences import CHOSE_OURS, CHOSE_THEIRS
from kvartal.history.messages.trailers import paragraphs
from kvartal.schema.errors import N_
from kvartal.schema.fields import show

_CHOICES: Final = (CHOSE_OURS, CHOSE_THEIRS)
_NO_CHOICE: Final = N_("Слияние выбрало одно из двух значений, а сообщение об этом молчит. {line}")


def is_choice(line: str, words: Words) -> bool:
    """Tell whether a line of a message states a choice, in a list or in any letters too."""
    heads = (words.translate(text).partition("{")[0] for text in _CHOICES)
    return _bare(line).startswith(tuple(head.casefold() for head in heads))


def _bare(line: str) -> str:
    return without_list_sign(line).casefold()


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


def made_up_choice_findings(
    message: str, versions: MergeVersions, words: Sequence[Words], *, is_sync: bool
) -> Iterator[Finding]:
    """Yield the first line of a message that states a choice which nobody made in any plan.

    Args:
        message: The message.
        versions: What was merged.
        words: The languages that a message may be in, as now and as until 2026-11.
        is_sync: Whether the message is that of a sync. In another one a line has to be about a
            measure: what else begins so may be its author's words.
    """
    quotes = set(map(_bare, versions.quotes))
    lines = {" ".join(text.split()) for text in (*message.split("\n"), *paragraphs(message))}
    claims = {
        _bare(line): line
        for line in sorted(lines)
        if any(is_choice(line, one) for one in words)
        and (is_sync or _is_about_measure(line, versions))
        and _bare(line) not in quotes
    }
    own = OtherPlan(versions.plan, versions.base, versions.merged, versions.sides)
    for plan in (own, *(versions.others() if claims and not versions.is_alone else ())):
        if not claims or not plan.sides:  # A version is unreadable: they may be about that plan.
            return
        for true in _true_lines(plan, words):
            known = _bare(true)
            for claim in [*claims]:
                if claim.startswith(known) or known.startswith(claim):
                    del claims[claim]
    if claims:
        yield Finding(MESSAGE, NOT_TRUE, fields={"line": min(claims.values())})


def _is_about_measure(line: str, versions: MergeVersions) -> bool:
    _start, _stop, rest = _bare(line).partition(". ")
    rows = [as_row(row) for side in versions.sides for row in as_list(side.get("measures"))]
    label = rest.partition(",")[0].rpartition(": ")[2]
    return any(label == show(row.get("id", "")).casefold() for row in rows)


def _true_lines(plan: OtherPlan, words: Sequence[Words]) -> Iterator[str]:
    """Yield every line by which a choice in a plan may be stated, now or as until 2026-11."""
    ours, theirs = plan.sides
    for as_in_2026_11 in (False, True):
        merged = merge(plan.base, ours, theirs, as_in_2026_11=as_in_2026_11)
        chosen_in = chosen_sides(merged, plan.merged)
        for conflict, chosen in zip(merged.conflicts, chosen_in, strict=True):
            for one in words:
                text = conflict_text(conflict, merged.data, one)
                for side in chosen or (0, 1):
                    yield from _lines(_CHOICES[side], text, plan.path, one)


def _of_merge(
    message: str, merged: Merged, versions: MergeVersions, words: Words
) -> Iterator[Finding]:
    stated = {" ".join(part.split()) for part in paragraphs(message)}
    sides = chosen_sides(merged, versions.merged)
    for conflict, chosen in zip(merged.conflicts, sides, strict=True):
        text = conflict_text(conflict, merged.data, words)
        lines = [_lines(template, text, versions.plan, words) for template in _CHOICES]
        true = [lines[side] for side in chosen]
        if not true or any(line in stated for each in true for line in each):
            continue
        other = next((each[0] for each in lines if not stated.isdisjoint(each)), None)
        fields: dict[str, object] = {"line": other or true[0][0]}
        template = NOT_TRUE if other else _NO_CHOICE
        yield Finding(MESSAGE, template, fields=fields, measure=conflict.measure)


def _lines(template: str, conflict: str, plan: str, words: Words) -> list[str]:
    """Return how a choice may be stated: a sync names the plan where several had conflicts."""
    plans = ("", f"{plan.rpartition('/')[2]}: ", f"{plan}: ", f"./{plan}: ")
    lines = (words.say(template, conflict=one + conflict) for one in plans)
    return [" ".join(line.split()) for line in lines]
