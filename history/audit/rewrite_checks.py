"""History that was rewritten: commits that were there and are there no more."""

from collections.abc import Iterable, Iterator
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit
from kvartal.history.audit.verified_tags import VerifiedTag
from kvartal.history.audit.walk import HistoryWalk
from kvartal.history.git.command import decode
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_

REWRITTEN: Final = "history-rewritten"
FORCED: Final = "forced-update"

_MARKED: Final = N_(
    "История переписана после проверки «{name}»: пропало изменений: {count}, первое — "
    "{commit} «{subject}». Верните их: `git merge {name}`."
)
_REMEMBERED: Final = N_(
    "История переписана после прошлой проверки в этой копии: пропало изменений: {count}, первое — "
    "{commit} «{subject}». Верните их: `git merge {last}`. Если так и должно быть, "
    "начните проверку заново: `kvartal verify --full`."
)
_PUSHED: Final = N_(
    "Ветку «{ref}» переписали на сервере: из неё пропало изменений программы: {count}, первое — "
    "{commit} «{subject}», последнее — {last}."
)
_SHORT: Final = 10


class RewriteChecker:
    """Looks for commits that have gone.

    Args:
        repository: The repository.
        graph: Its commits.
        walk: What they hold.
        head: The commit that is verified.
    """

    def __init__(
        self, repository: Repository, graph: CommitGraph, walk: HistoryWalk, head: str
    ) -> None:
        self._repository = repository
        self._graph = graph
        self._walk = walk
        self._head = head
        self._here = graph.ancestors([head])

    def since_marks(self, marks: Iterable[VerifiedTag]) -> Iterator[Finding]:
        """Yield the marks that stand beside the history and not in it."""
        for mark in marks:
            # One that is ahead of this clone has lost nothing: the clone has not caught up yet.
            if mark.commit in self._here or self._graph.is_ancestor(self._head, mark.commit):
                continue
            gone = self._gone([mark.commit], self._here)
            yield self._told(REWRITTEN, _MARKED, gone, name=mark.name)

    def since_last(self, commit: str | None) -> Iterator[Finding]:
        """Yield that what was verified last is there no more.

        Commits that a rebase made anew, with all that was in them, have not gone.

        Args:
            commit: What was verified last; None where nothing was.
        """
        if commit is None or commit in self._here or self._graph.find(commit) is None:
            return
        gone = self._gone([commit], self._here)
        twins = {_person_and_words(self._graph.commit(name)) for name in self._here}
        lost = [one for one in gone if _person_and_words(one) not in twins]
        if lost:
            yield self._told(REWRITTEN, _REMEMBERED, lost, last=commit[:_SHORT])

    def forced(self, ref: str) -> Iterator[Finding]:
        """Yield that commits which a remote branch once had are there no more.

        Args:
            ref: The remote-tracking branch.
        """
        tip = self._repository.commit_id(ref)
        if tip is None:
            return
        there = self._graph.ancestors([tip])
        once = [name for name in self._once(ref) if name not in there]
        gone = [one for one in self._gone(once, there) if self._walk.touches(one.id)]
        if gone:
            yield self._told(FORCED, _PUSHED, gone, ref=ref.removeprefix("refs/remotes/"))

    def _gone(self, tips: Iterable[str], there: set[str]) -> list[Commit]:
        """Return the commits before some that are not among others, oldest first."""
        return list(self._graph.in_order(self._graph.ancestors(tips) - there))

    def _once(self, ref: str) -> list[str]:
        """Return the commits at which a branch once stood, as far as the reflog knows.

        What it stood at before its first entry, as after a clone, stands in the file alone.
        """
        done = self._repository.run("log", "--walk-reflogs", "--format=%H", ref, "--")
        names = done.text.split() if done.code == 0 else []
        try:
            lines = (self._repository.common_dir / "logs" / ref).read_bytes().split(b"\n")
        except OSError:
            lines = []
        names += [decode(name) for line in lines for name in line.split(b" ", 2)[:1] if name]
        there = (name for name in dict.fromkeys(names) if name.strip("0"))
        return [name for name in there if self._graph.find(name)]

    def _told(self, code: str, template: str, gone: list[Commit], **fields: str) -> Finding:
        of_plan = [one for one in gone if self._walk.touches(one.id)] or gone
        first = of_plan[0]
        told: dict[str, object] = {
            "count": len(of_plan),
            "commit": first.id[:_SHORT],
            "subject": first.subject,
            "last": of_plan[-1].id[:_SHORT],
        }
        return Finding(code, template, fields=told | fields, commit=of_plan[-1])


def _person_and_words(commit: Commit) -> tuple[object, ...]:
    return commit.author, commit.authored, commit.message


def upstreams(repository: Repository) -> Iterator[str]:
    """Yield the remote-tracking branch that the checked out branch follows, if any."""
    done = repository.run("rev-parse", "--symbolic-full-name", "@{upstream}")
    if done.code == 0:
        yield done.text.strip()
