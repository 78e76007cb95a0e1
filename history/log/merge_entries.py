"""The entry of a merge: the versions that it joined, and what it made of them."""

from dataclasses import replace

from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import visible_groups
from kvartal.history.diff.words import Words
from kvartal.history.git.failures import UNREAD
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.merge_changes import MergeChanges, merge_changes
from kvartal.history.log.rule_choices import with_rule_choices
from kvartal.history.log.version_reader import VersionReader
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.changes import PlanData


def with_merge(
    entry: CommitEntry,
    versions: VersionReader,
    repository: Repository,
    words: Words,
    measure: str | None,
) -> tuple[CommitEntry, MergeChanges | None]:
    """Return the entry of a merge with what it changed, as far as that is known."""
    try:
        made = versions.data(entry.commit)
        sides = [versions.data(parent) for parent in entry.parents]
        base = _base(versions, repository, entry.parents[0], entry.parents[1])
    except (UnreadablePlan, *UNREAD) as error:
        return replace(entry, edits=(), unread=error), None
    changes = merge_changes(base, sides, made, words, measure)
    changes = with_rule_choices(changes, base, sides, made, words)
    return completed(entry, changes, words, measure), changes


def completed(
    entry: CommitEntry, changes: MergeChanges, words: Words, measure: str | None
) -> CommitEntry:
    """Return the entry of a merge with what it changed."""
    edits = difference(changes.before, changes.after)
    choices = changes.choices
    if measure is not None:
        edits = tuple(edit for edit in edits if edit.measure == measure)
        choices = tuple(choice for choice in choices if choice.measure == measure)
    return replace(
        entry,
        edits=edits,
        groups=visible_groups(changes.before, changes.after, words, edits),
        choices=choices,
        is_altered=any(changes.is_own(edit) for edit in edits),
    )


def _base(versions: VersionReader, repository: Repository, one: str, other: str) -> PlanData:
    """Return the version that two commits started from.

    Where both branches merged each other there are several: then what they merge into.

    Raises:
        UnreadablePlan, GitFailed: It cannot be read, or was not fetched.
    """
    bases = repository.merge_bases(one, other)
    data = versions.data(bases[0] if bases else None)
    for number, second in enumerate(bases[1:]):
        # Imported here: it brings the rules and the schema's validator.
        from kvartal.history.merge.merge import merge, resolve

        deeper = _base(versions, repository, bases[number], second)
        merged = merge(deeper, data, versions.data(second))
        data = resolve(merged, [conflict.sides.base for conflict in merged.conflicts])
    return data
