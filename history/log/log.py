"""The log: every commit that touched the plan and what it changed, newest first.

Manual commits, merges and edits made on a forge are included: what changed is computed from the two
versions, never taken from the message. Names, subjects and values are returned as they were
written; whoever shows them sanitizes them.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from typing import Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import comment_groups, visible_groups
from kvartal.history.diff.words import Words, one_line
from kvartal.history.git.failures import UNREAD
from kvartal.history.git.object_batch import Answer
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.merge_changes import MergeChanges
from kvartal.history.log.merge_entries import completed, with_merge
from kvartal.history.log.merge_lookahead import settled
from kvartal.history.log.origin import data_before_rename, origin_of
from kvartal.history.log.raw_commits import FORMAT, raw_commit, raw_commits, readable_commits
from kvartal.history.log.version_reader import (
    MeasureState,
    RawCommit,
    VersionReader,
    measure_state,
    read_ahead,
)
from kvartal.history.messages.trailers import Trailers, paragraphs, parse_trailers
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.errors import KvartalError

_NOT_READ: Final = ("", "", "", "", Trailers())
"""Date, author, address, subject and trailers of an entry that is not shown."""
_GIT_COMMENT: Final = "#"
"""Begins the lines that git itself adds under the message of a merge with conflicts."""


def commits(
    repository: Repository, name: str, revision: str = "HEAD", *, excluding: str | None = None
) -> Generator[CommitEntry, None, None]:
    """Yield every commit that touched the plan, newest first, without its changes.

    Of merges only those where the merged versions differed.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        revision: Where to begin.
        excluding: Full hash of a commit to leave out together with its ancestors.

    Raises:
        GitFailed: Git refused.
    """
    with closing(raw_commits(repository, name, revision, excluding)) as listed:
        yield from map(_entry, listed)


def read_commits(
    repository: Repository, arguments: Sequence[str]
) -> Generator[CommitEntry, None, None]:
    """Yield the commits that a `git log` shows, whatever they touched, without their changes.

    Args:
        repository: The repository.
        arguments: Options, revisions and paths for `git log`.

    Raises:
        GitFailed: Git refused.
    """
    with closing(repository.log(arguments, FORMAT)) as printed:
        yield from map(_entry, map(raw_commit, printed))


def entries(  # noqa: PLR0913 - what may be asked of a log
    repository: Repository,
    name: str,
    *,
    measure: str | None = None,
    since: date | None = None,
    until: date | None = None,
    revision: str = "HEAD",
    excluding: str | None = None,
    words: Words | None = None,
    is_partial: bool = False,
) -> Generator[CommitEntry, None, None]:
    """Yield the commits that touched the plan with what each changed, newest first.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        measure: Id of the only measure to report on; all, if not given.
        since: First day, by the author's calendar.
        until: Last day.
        revision: Where to begin.
        excluding: Full hash of a commit to leave out together with its ancestors.
        words: The language.
        is_partial: In a damaged repository, yield those that can be listed, instead of refusing;
            the last before the damage is unread.

    Raises:
        GitFailed: Git refused.
    """
    words = words or Words()
    list_commits = readable_commits if is_partial else raw_commits
    states: dict[str, MeasureState] = {}
    with (
        VersionReader(repository, name) as versions,
        closing(list_commits(repository, name, revision, excluding)) as listed,
    ):

        def note_content(commit: str, answer: Answer) -> None:
            versions.remember(commit, answer)
            if measure is not None:
                states[commit] = measure_state(answer, measure.encode(), commit)

        def is_wanted(raw: RawCommit) -> bool:
            return _is_within(raw.date, since, until)

        def changed() -> Generator[tuple[CommitEntry, MergeChanges | None], None, None]:
            for raw in read_ahead(repository, name, listed, is_wanted, note_content):
                if measure is not None and not _may_have_changed(raw, states):
                    yield CommitEntry(raw.commit, raw.parents, *_NOT_READ, edits=()), None
                else:
                    yield _read(_entry(raw), versions, repository, words, measure)

        def complete(entry: CommitEntry, changes: MergeChanges) -> CommitEntry:
            return completed(entry, changes, words, measure)

        # Closed here, not when the garbage is collected: git is at work behind it.
        with closing(changed()) as entries_read:
            yield from (one for one in settled(entries_read, complete) if _is_about(one, measure))


def _is_about(entry: CommitEntry, measure: str | None) -> bool:
    """Return whether an entry belongs into the log of a measure, or the whole log."""
    if measure is None:
        return True
    return bool(entry.edits) or not entry.is_readable or entry.origin is not None


def _read(
    entry: CommitEntry,
    versions: VersionReader,
    repository: Repository,
    words: Words,
    measure: str | None,
) -> tuple[CommitEntry, MergeChanges | None]:
    """Return an entry with what its commit changed; of a merge, as far as that is known."""
    if entry.is_merge:
        return with_merge(entry, versions, repository, words, measure)
    return _with_changes(entry, versions, repository, words, measure), None


def _with_changes(
    entry: CommitEntry,
    versions: VersionReader,
    repository: Repository,
    words: Words,
    measure: str | None,
) -> CommitEntry:
    """Return an entry with what its commit really changed, or why that is not known."""
    try:
        return _with_known_changes(entry, versions, repository, words, measure)
    except (UnreadablePlan, *UNREAD) as error:
        return replace(entry, edits=(), unread=error)


def _with_known_changes(
    entry: CommitEntry,
    versions: VersionReader,
    repository: Repository,
    words: Words,
    measure: str | None,
) -> CommitEntry:
    """Return an entry with what its commit really changed.

    Raises:
        UnreadablePlan, GitFailed: One of its versions cannot be read.
    """
    parent = next(iter(entry.parents), None)
    origin = None if parent else origin_of(repository, entry.commit, versions.name)
    entry = replace(entry, origin=origin)
    if origin and not _may_have_measure(versions.data(entry.commit), measure):
        return replace(entry, edits=(), origin=None)
    if origin and origin.is_shallow:
        return replace(entry, edits=())
    if origin:
        before = data_before_rename(repository, entry.commit, origin)
        after = versions.data(entry.commit)
    else:
        try:
            before, after = versions.differing_parts(parent, entry.commit, measure)
        except (UnreadablePlan, *UNREAD) as error:
            after = versions.data(entry.commit)
            entry = replace(entry, compared_with=_last_readable(entry, versions, repository, error))
            before = versions.data(entry.compared_with)
    edits = difference(before, after)
    if measure is not None:
        edits = tuple(edit for edit in edits if edit.measure == measure)
    groups = visible_groups(before, after, words, edits)
    if measure is None and not edits and parent and not entry.compared_with:
        old, new = versions.content(parent), versions.content(entry.commit)
        groups = comment_groups(old or b"", new or b"", words)
    return replace(entry, edits=edits, groups=groups)


def _last_readable(
    entry: CommitEntry, versions: VersionReader, repository: Repository, error: KvartalError
) -> str:
    """Return the hash of the last version before a commit that can be read.

    Args:
        entry: The commit; the version just before it cannot be read.
        versions: Reads the versions.
        repository: As seen from the plan's folder.
        error: Why that one cannot be read.

    Raises:
        KvartalError: None before it can be read either; the error given.
    """
    wanted = entry.parents[0]
    with closing(readable_commits(repository, versions.name, wanted, None)) as earlier:
        for raw in earlier:
            if raw.commit == wanted:
                with suppress(UnreadablePlan, *UNREAD):
                    versions.data(wanted)
                    return wanted
                wanted = next(iter(raw.parents), "")
    raise error


def _may_have_measure(data: PlanData, measure: str | None) -> bool:
    """Return whether a version has a measure; one that is no programme may have any."""
    rows = data.get("measures")
    if measure is None or not isinstance(rows, list):
        return True
    return any(isinstance(row, dict) and row.get("id") == measure for row in rows)


def _entry(raw: RawCommit) -> CommitEntry:
    author, email, subject, message = raw.rest.split("\n", 3)
    trailers = parse_trailers(message)
    return CommitEntry(
        raw.commit,
        raw.parents,
        raw.date,
        author,
        email,
        subject,
        trailers,
        note=_note(message, trailers),
    )


def _is_within(moment: str, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    day = date.fromisoformat(moment[:10])
    return (since is None or since <= day) and (until is None or day <= until)


def _may_have_changed(raw: RawCommit, states: Mapping[str, MeasureState]) -> bool:
    """Return whether a commit may have changed a measure, without parsing any version."""
    now = states[raw.commit]
    if now is None:
        return True
    # A parent that was not read is not known; before the first commit there was no plan.
    before = [states.get(parent) for parent in raw.parents] or [None]
    # A merge may have decided between its parents even where it is as one of them.
    return any(then is None or then != now for then in before)


def _note(message: str, trailers: Trailers) -> tuple[str, ...]:
    """Return a message's own words, a line each: the reason, the version restored from.

    Of a manual commit that is its whole text. In a message of this program each paragraph of
    fields has a heading over its lines; a reason is a line by itself.
    """
    parts = paragraphs(message)
    if trailers.kind is None:
        return tuple(_lines(parts[1:]))
    if trailers.kind is ChangeKind.MERGE:
        return ()
    return tuple(_lines(part for part in parts[1:-1] if "\n" not in part))


def _lines(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        for line in map(one_line, part.split("\n")):
            if line and not line.startswith(_GIT_COMMENT):
                yield line
