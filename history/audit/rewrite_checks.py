"""Checks that history was not rewritten: commits that were there and no longer are.

Yields `history-rewritten` and `forced-update`.
"""

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

_SINCE_TAG: Final = N_(
    "История переписана после проверки «{name}»: пропало изменений: {count}, первое — "
    "{commit} «{subject}». Верните их: `git merge {name}`."
)
_SINCE_LAST: Final = N_(
    "История переписана после прошлой проверки в этой копии: пропало изменений: {count}, первое — "
    "{commit} «{subject}». Верните их: `git merge {last}`. Если так и должно быть, "
    "начните проверку заново: `kvartal verify --full`."
)
_FORCED: Final = N_(
    "Ветку «{ref}» переписали на сервере: из неё пропало изменений программы: {count}, первое — "
    "{commit} «{subject}», последнее — {last}."
)
_SHORT: Final = 10


class RewriteChecker:
    """Looks for commits that are no longer in the history.

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
        self._history = graph.ancestors([head])

    def since_tags(self, tags: Iterable[VerifiedTag]) -> Iterator[Finding]:
        """Yield the verified tags that stand beside the history and not in it."""
        for tag in tags:
            # One that is ahead of this clone has lost nothing: the clone has not caught up yet.
            if tag.commit in self._history or self._graph.is_ancestor(self._head, tag.commit):
                continue
            lost = self._lost([tag.commit], self._history)
            yield self._finding(REWRITTEN, _SINCE_TAG, lost, name=tag.name)

    def since_last(self, commit: str | None) -> Iterator[Finding]:
        """Yield that what was verified last is no longer there.

        Commits that a rebase recreated with all of their content are not lost.

        Args:
            commit: What was verified last in this clone; None where nothing was.
        """
        if commit is None or commit in self._history or self._graph.find(commit) is None:
            return
        lost = self._lost([commit], self._history)
        kept = {_author_and_message(self._graph.commit(name)) for name in self._history}
        lost = [commit for commit in lost if _author_and_message(commit) not in kept]
        if lost:
            yield self._finding(REWRITTEN, _SINCE_LAST, lost, last=commit[:_SHORT])

    def forced_update(self) -> Iterator[Finding]:
        """Yield that the remote branch which HEAD follows has lost commits that it once had."""
        done = self._repository.run("rev-parse", "--symbolic-full-name", "@{upstream}")
        ref = done.text.strip()
        tip = self._repository.commit_id(ref) if done.code == 0 else None
        if tip is None:
            return
        kept = self._graph.ancestors([tip])
        earlier_tips = [name for name in self._earlier_tips(ref) if name not in kept]
        lost = [
            commit for commit in self._lost(earlier_tips, kept) if self._walk.touches(commit.id)
        ]
        if lost:
            yield self._finding(FORCED, _FORCED, lost, ref=ref.removeprefix("refs/remotes/"))

    def _lost(self, tips: Iterable[str], kept: set[str]) -> list[Commit]:
        """Return commits and all before them that are not among those kept, oldest first."""
        return list(self._graph.parents_first(self._graph.ancestors(tips) - kept))

    def _earlier_tips(self, ref: str) -> list[str]:
        """Return the commits at which a branch once stood, as far as the reflog knows.

        What it stood at before its first entry, as after a clone, is in the file alone.
        """
        done = self._repository.run("log", "--walk-reflogs", "--format=%H", ref, "--")
        names = done.text.split() if done.code == 0 else []
        try:
            lines = (self._repository.common_dir / "logs" / ref).read_bytes().split(b"\n")
        except OSError:
            lines = []
        names += [decode(name) for line in lines for name in line.split(b" ", 2)[:1] if name]
        commits = (name for name in dict.fromkeys(names) if name.strip("0"))
        return [name for name in commits if self._graph.find(name)]

    def _finding(self, code: str, template: str, lost: list[Commit], **fields: str) -> Finding:
        of_plan = [commit for commit in lost if self._walk.touches(commit.id)] or lost
        first, last = of_plan[0], of_plan[-1]
        common: dict[str, object] = {
            "count": len(of_plan),
            "commit": first.id[:_SHORT],
            "subject": first.subject,
            "last": last.id[:_SHORT],
        }
        return Finding(code, template, fields=common | fields, commit=last)


def _author_and_message(commit: Commit) -> tuple[object, ...]:
    return commit.author, commit.authored, commit.message
