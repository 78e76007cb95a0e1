"""Accepted findings among the entries of a log: their commits change no file."""

from collections.abc import Generator, Iterable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from kvartal.history.diff.words import commit_moment
from kvartal.history.git.damage import HistoryDamaged
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import read_commits
from kvartal.history.messages.trailers import CHANGE
from kvartal.schema.changes import ChangeKind


def with_acceptances(  # noqa: PLR0913 - what may be asked of a log
    entries: Generator[CommitEntry, None, None],
    repository: Repository,
    *,
    measure: str | None = None,
    since: date | None = None,
    until: date | None = None,
    revision: str = "HEAD",
    excluding: str | None = None,
) -> Generator[CommitEntry, None, None]:
    """Yield entries of a log, newest first, with the commits that accept findings in their places.

    Args:
        entries: The entries; closed at the end.
        repository: As for the log, and so are all others.
        measure: As above.
        since: As above.
        until: As above.
        revision: As above.
        excluding: As above.
    """
    excluded = () if excluding is None else (f"^{excluding}",)
    grep = f"--grep=^{CHANGE}: {ChangeKind.ACCEPT}$"
    with closing(entries):
        first = next(entries, None)
        if first is None and repository.commit_id(revision) is None:
            return
        arguments = ("--date-order", "--basic-regexp", grep, revision, *excluded, "--")
        with closing(_readable(read_commits(repository, arguments))) as commits:
            accepted = (
                replace(entry, edits=())
                for entry in commits
                if entry.kind is ChangeKind.ACCEPT
                and (measure is None or measure in _measures(entry))
                and _is_within(entry, since, until)
            )
            yield from _merged(first, entries, accepted)


def _readable(
    commits: Generator[CommitEntry, None, None],
) -> Generator[CommitEntry, None, None]:
    """Yield commits; in a damaged repository, those that git lists: the log says that it is."""
    with closing(commits), suppress(HistoryDamaged):
        yield from commits


def _merged(
    first: CommitEntry | None, entries: Iterable[CommitEntry], accepted: Iterable[CommitEntry]
) -> Generator[CommitEntry, None, None]:
    """Yield both by their dates; a commit that is in both, as the log has it."""
    waiting = iter(accepted)
    pending = next(waiting, None)
    shown = set[str]()
    for entry in chain(() if first is None else (first,), entries):
        while pending is not None and _moment(pending) >= _moment(entry):
            if pending.commit != entry.commit:
                shown.add(pending.commit)
                yield pending
            pending = next(waiting, None)
        if entry.commit not in shown:
            yield entry
    while pending is not None:
        yield pending
        pending = next(waiting, None)


def _moment(entry: CommitEntry) -> datetime:
    return commit_moment(entry.date)


def _is_within(entry: CommitEntry, since: date | None, until: date | None) -> bool:
    day = _moment(entry).date()
    return (since is None or day >= since) and (until is None or day <= until)


def _measures(entry: CommitEntry) -> set[str]:
    """Return the measures of the findings that a commit accepts: ``code:hash:measure``."""
    return {name.split(":", 2)[-1] for name in entry.trailers.findings if name.count(":") > 1}
