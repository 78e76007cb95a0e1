"""Whose a change is that a message does not tell of, and how it is told in a few words."""

from kvartal.history.diff.groups import ChangeGroup, change_groups, outside_name
from kvartal.history.diff.words import Words, lowered
from kvartal.history.messages.subjects import happening
from kvartal.schema.changes import Change, Edit, PlanData, apply_edits


def told_of(line: str, change: Change, before: PlanData, words: Words) -> tuple[str | None, str]:
    """Return the measure that a line of a message is of, and the line as a finding tells it.

    Args:
        line: As it stands in the message.
        change: What the message is of.
        before: The plan before it.
        words: The language of the message.

    Returns:
        Id of the measure, empty for the programme as a whole, None where several have the line.
        Of a measure that is new or gone, that it is so says more than one of its fields.
    """
    groups = change_groups(before, apply_edits(before, change.edits), words, change.edits)
    owners = [group for group in groups if _has(group, line)]
    if len(owners) != 1:
        return None, line
    (owner,) = owners
    is_whole = bool(owner.id) and (owner.before is None or owner.after is None)
    return owner.id, happening(owner, words).full if is_whole else line


def name_of(edit: Edit, words: Words) -> str:
    """Return what an edit changes, in words: «1.1.2, примечания»."""
    if not edit.measure:
        return outside_name(edit.path, words)
    if not edit.path:
        return edit.measure
    return f"{edit.measure}, {lowered(words.label(*edit.path))}"


def _has(group: ChangeGroup, line: str) -> bool:
    return any(" ".join(str(one).split()) == line for one in group.lines)
