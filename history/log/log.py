"""The journal: every commit that touched the plan, told in fields, newest first.

Commits made by hand, merges and edits on a forge are there too: what changed is worked out from the
two versions, never taken from the message. Names, subjects and values stand here as they came;
whoever shows them makes them fit to be shown.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Final

from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import change_groups, comment_groups
from kvartal.history.diff.words import Words, one_line
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import PARENTS_OF_A_MERGE, CommitEntry
from kvartal.history.log.origin import data_before, origin_of
from kvartal.history.log.version_reader import RawCommit, State, VersionReader, read_ahead, state_of
from kvartal.history.messages.trailers import Trailers, parse_trailers
from kvartal.schema.changes import ChangeKind, Edit, PlanData

# Hash, parents, date, name, address, subject, then the whole message: only the last may hold line
# breaks.
_FORM: Final = "%H%n%P%n%aI%n%an%n%ae%n%s%n%B"
_RAW: Final = "\n:"
_PLAIN_FILE: Final = "100"
_PARAGRAPHS: Final = re.compile(r"\n(?:[ \t]*\n)+")
_GITS_OWN: Final = "#"
"""Begins what git itself writes under the message of a merge that a person finished."""


def commits(
    repository: Repository, name: str, revision: str = "HEAD", *, beyond: str | None = None
) -> Iterator[CommitEntry]:
    """Yield every commit that touched the plan, newest first; what changed is not worked out.

    Merges are there where they decided something: where the versions they joined differed.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        revision: Where to begin.
        beyond: The full hash of a commit; what its own history holds is left out.

    Raises:
        GitFailed: Git refused.
    """
    with closing(_printed(repository, name, revision, beyond)) as found:
        yield from map(_entry, found)


def read_commits(
    repository: Repository, arguments: Sequence[str]
) -> Generator[CommitEntry, None, None]:
    """Yield the commits that a `git log` shows, whatever they touched.

    Args:
        repository: The repository.
        arguments: Options, revisions and paths for `git log`.

    Raises:
        GitFailed: Git refused.
    """
    with closing(repository.log(arguments, _FORM)) as printed:
        yield from map(_entry, map(_raw_commit, printed))


def entries(  # noqa: PLR0913 - what to look at, and what of it to tell
    repository: Repository,
    name: str,
    *,
    measure: str | None = None,
    since: date | None = None,
    until: date | None = None,
    revision: str = "HEAD",
    beyond: str | None = None,
    words: Words | None = None,
) -> Iterator[CommitEntry]:
    """Yield the commits that touched the plan with what each changed, newest first.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        measure: Id of the measure to tell of, and nothing else; all, if not given.
        since: Leave out what is older, by the author's calendar.
        until: Leave out what is newer.
        revision: Where to begin.
        beyond: The full hash of a commit; what its own history holds is left out.
        words: The language.

    Raises:
        GitFailed: Git refused.
    """
    said = words or Words()
    states: dict[str, State] = {}
    with (
        VersionReader(repository, name) as versions,
        closing(_printed(repository, name, revision, beyond)) as found,
    ):

        def look(commit: str, content: bytes | None) -> None:
            versions.remember(commit, content)
            if measure is not None:
                states[commit] = state_of(content, measure.encode())

        def is_wanted(one: RawCommit) -> bool:
            return _is_within(one.date, since, until)

        for one in read_ahead(repository, name, found, is_wanted, look):
            if measure is not None and not _may_concern(one, states):
                continue
            told = work_out(_entry(one), versions, repository, said, measure)
            if measure is None or told.edits or not told.is_readable or told.origin:
                yield told


def work_out(
    entry: CommitEntry,
    versions: VersionReader,
    repository: Repository,
    words: Words,
    measure: str | None = None,
) -> CommitEntry:
    """Return an entry with what its commit really changed.

    Args:
        entry: The entry.
        versions: The versions of the plan.
        repository: As seen from the plan's folder.
        words: The language.
        measure: Id of the measure to tell of, and nothing else; all, if not given.
    """
    parent = next(iter(entry.parents), None)
    origin = None if parent else origin_of(repository, entry.commit, versions.name)
    if origin and not _has(versions.data(entry.commit), measure):
        return replace(entry, edits=())
    if origin and origin.is_cut:
        return replace(entry, edits=(), origin=origin)
    if entry.is_merge:
        before, after = _merged_and_made(entry, versions, repository)
    elif origin:
        before, after = data_before(repository, entry.commit, origin), versions.data(entry.commit)
    elif measure is None:
        before, after = versions.pair(parent, entry.commit)
    else:
        before, after = versions.pair_of(parent, entry.commit, measure)
    if before is None or after is None:
        return replace(entry, edits=(), is_readable=False, origin=origin)
    edits = difference(before, after)
    if measure is not None:
        edits = tuple(edit for edit in edits if edit.measure == measure)
    groups = change_groups(before, after, words, edits)
    if measure is None and not edits and parent and not entry.is_merge:
        old, new = versions.content(parent), versions.content(entry.commit)
        groups = comment_groups(old or b"", new or b"", words)
    return replace(entry, edits=edits, groups=groups, origin=origin)


def _has(data: PlanData | None, measure: str | None) -> bool:
    """Tell whether a version has a measure; one that cannot be read may have any."""
    rows = None if data is None else data.get("measures")
    if measure is None or not isinstance(rows, list):
        return True
    return any(isinstance(row, dict) and row.get("id") == measure for row in rows)


def _printed(
    repository: Repository, name: str, revision: str, beyond: str | None
) -> Generator[RawCommit, None, None]:
    """Yield the commits that touched the plan as git prints them, each before its parents."""
    if repository.commit_id(revision) is None:
        return
    left_out = () if beyond is None else (f"^{beyond}",)
    # Of lines of work side by side, what was done later comes first. The second option implies the
    # full history: else git leaves out what a merge threw away.
    options = ("--date-order", "--simplify-merges", "--no-follow", "--raw", "--no-abbrev")
    arguments = (*options, revision, *left_out, "--", name)
    with closing(repository.log(arguments, _FORM)) as found:
        last: RawCommit | None = None
        for printed in found:
            if printed.startswith(_RAW):
                # «:modes, old and new; ids, old and new; letter», and the path after it.
                _, mode, _, blob, _ = printed.split()
                is_plan = next(found, "") == repository.prefix + name
                if last is not None and is_plan and mode.startswith(_PLAIN_FILE):
                    last = replace(last, blob=blob)
            else:
                if last is not None:
                    yield last
                last = _raw_commit(printed)
        if last is not None:
            yield last


def _raw_commit(printed: str) -> RawCommit:
    commit, parents, moment, rest = printed.split("\n", 3)
    return RawCommit(commit, tuple(parents.split()), moment, rest)


def _entry(one: RawCommit) -> CommitEntry:
    author, email, subject, message = one.rest.split("\n", 3)
    trailers = parse_trailers(message)
    note = _note(message, trailers)
    return CommitEntry(
        one.commit, one.parents, one.date, author, email, subject, trailers, note=note
    )


def _is_within(moment: str, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    day = date.fromisoformat(moment[:10])
    return (since is None or since <= day) and (until is None or day <= until)


def _may_concern(one: RawCommit, states: Mapping[str, State]) -> bool:
    """Tell whether a measure may have been changed by a commit, without parsing any version."""
    now = states[one.commit]
    if now is None:
        return True
    # A parent beyond the commits looked at is not known; before the first there was no plan.
    before = [states.get(parent) for parent in one.parents] or [None]
    return all(then is None or then != now for then in before)


def _merged_and_made(
    entry: CommitEntry, versions: VersionReader, repository: Repository
) -> tuple[PlanData | None, PlanData | None]:
    """Return what merging gives by itself, and what the merge commit made of it.

    What both sides agree on or one of them has is no change of the merge's own.
    """
    made = versions.data(entry.commit)
    sides = [versions.data(parent) for parent in entry.parents]
    if made is None or None in sides:
        return None, None
    known = [{_fact(edit) for edit in difference(side, made)} for side in sides if side is not None]
    if not set.intersection(*known):
        return made, made
    ours, theirs = entry.parents[:2]
    # Imported here: it brings the rules and the schema's validator, and most logs have no merges.
    from kvartal.history.merge.merge import merge

    found = repository.read("merge-base", ours, theirs).decode().split()
    base = versions.data(found[0]) if found else {}
    if base is None or len(sides) > PARENTS_OF_A_MERGE:
        return sides[0], made
    return merge(base, sides[0] or {}, sides[1] or {}).data, made


def _fact(edit: Edit) -> tuple[str, tuple[str, ...], str]:
    """Return what an edit says, wherever in a list its item stands."""
    names = tuple(part for part in edit.path if isinstance(part, str))
    return edit.measure, names, repr(edit.new)


def _note(message: str, trailers: Trailers) -> tuple[str, ...]:
    """Return a message's own words, a line each: the reason, the version restored from.

    Of a commit made without this program that is all of its text. In a message of this program
    each paragraph of fields has a heading over its lines; a reason stands on a line by itself.

    Args:
        message: The whole message.
        trailers: What its trailers say.
    """
    paragraphs = _PARAGRAPHS.split(message.strip("\n"))
    if trailers.kind is None:
        return tuple(_lines(paragraphs[1:]))
    if trailers.kind in {ChangeKind.MERGE, ChangeKind.UNDO, ChangeKind.REDO}:
        return ()
    return tuple(_lines(one for one in paragraphs[1:-1] if "\n" not in one))


def _lines(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            told = one_line(line)
            if told and not told.startswith(_GITS_OWN):
                yield told
