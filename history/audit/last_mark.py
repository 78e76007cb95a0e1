"""The last verified mark of a plan, found without verifying again."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kvartal.history.audit.anchor import anchor
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.verified_tags import UNREADABLE, VerifiedTags
from kvartal.history.audit.walk import HistoryWalk
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree
from kvartal.history.log.origin import shallow_commits
from kvartal.schema.errors import N_, KvartalError


class MarkUnreadable(KvartalError):
    """A mark that may be the newest one cannot be read."""

    template = N_(
        "До какого изменения история проверена, не узнать: метка «{name}» не читается. {reason}"
    )


@dataclass(frozen=True, slots=True)
class LastMark:
    """Up to where a history was verified.

    Attributes:
        name: Name of the tag.
        commit: Hash of the commit that it is at.
        anchor: The anchor of the history up to there.
        is_newest: Whether nothing was committed after it.
    """

    name: str
    commit: str
    anchor: str
    is_newest: bool


def last_mark(path: Path) -> LastMark | None:
    """Return the newest verified mark in the history of a plan; None where there is none.

    A mark that is not what it says counts for nothing here; `verify` says what is wrong with it.

    Raises:
        MarkUnreadable: It may be one that cannot be read.
        KvartalError: Git refuses.
    """
    with suppress(GitMissing, NotARepository, NoWorkTree):
        return _last_mark(path.resolve())
    return None


def _last_mark(path: Path) -> LastMark | None:
    repository = find_repository(path.parent)
    head = repository.commit_id()
    if head is None:
        return None
    plan = repository.prefix + path.name
    with ObjectReader(repository) as objects:
        graph = CommitGraph(objects, shallow_commits(repository))
        walk = HistoryWalk(graph, objects, repository.prefix, path.name, datetime.now(UTC))
        tags, findings = VerifiedTags(repository, objects, graph, walk, plan).read(signed=False)
        history = graph.ancestors([head])
        known = [tag for tag in tags if tag.commit in history]
        unread = next((one for one in findings if one.code == UNREADABLE), None)
        if unread is not None and all(tag.commit != head for tag in known):
            raise MarkUnreadable(**unread.fields)
        if not known:
            return None
        newest = max(known, key=lambda tag: len(graph.ancestors([tag.commit])))
    return LastMark(newest.name, newest.commit, anchor(plan, newest.commit), newest.commit == head)
