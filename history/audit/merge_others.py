"""Tells whether the message of a merge is about other plans of the repository."""

from collections.abc import Sequence

from kvartal.history.audit.merge_versions import MergeVersions, OtherPlan
from kvartal.history.audit.message_compare import contains_subject
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.messages.merge_sentences import NOT_IN_PLAN, stated_plans
from kvartal.history.messages.subjects import subject
from kvartal.history.messages.trailers import paragraphs
from kvartal.schema.changes import ChangeKind


def is_about(
    message: str, others: Sequence[OtherPlan], versions: MergeVersions, words: Words
) -> bool:
    """Tell whether a message is about other plans that were merged, in one language.

    A sync states each plan that both sides changed; until 29 November 2026 one plan only.

    Args:
        message: The message.
        others: Those plans.
        versions: The versions of the plan that it does not state.
        words: The language.
    """
    parts = [" ".join(part.split()) for part in paragraphs(message)]
    stated = stated_plans(parts, words.translate)
    if stated:
        base, (ours, theirs) = versions.base, versions.sides
        sides = [change_groups(base, side, words) for side in (ours, theirs)]
        is_left_out = ours != theirs and all(sides)
        return not is_left_out and any(" ".join(one.path.split()) in stated for one in others)
    subjects = [words.translate(NOT_IN_PLAN)]
    for other in others:
        groups = change_groups(other.base, other.merged, words)
        subjects += [subject(ChangeKind.MERGE, groups, words)] if groups else []
    return any(contains_subject(parts[0], one) for one in subjects)
