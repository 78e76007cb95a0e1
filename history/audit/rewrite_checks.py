"""Checks that history was not rewritten: commits that were there and no longer are.

Yields `history-rewritten`, `forced-update` and `seen-unreadable`, or `shallow` where a clone cannot
tell.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from kvartal.history.audit.anchor import SHALLOW
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import ObjectBroken
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.verified_tags import VerifiedTag
from kvartal.history.audit.walk import HistoryWalk
from kvartal.history.git.command import decode
from kvartal.history.git.refs import broken_refs, readable_refs
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_

REWRITTEN: Final = "history-rewritten"
FORCED: Final = "forced-update"
UNREADABLE: Final = "seen-unreadable"

_SINCE_TAG: Final = N_(
    "История переписана после проверки «{name}»: пропало изменений: {count}, первое — "
    "{commit} «{subject}». Верните их: `git merge {name}`. Если их убрали нарочно, примите это: "
    "`kvartal accept {id} --reason …`."
)
_SEEN_HERE: Final = N_(
    "Эта копия видела изменения, которых в истории больше нет: {count}, первое — "
    "{commit} «{subject}», последнее — {last}. Верните их: `git merge {last}`. Если их убрали "
    "нарочно, примите это: `kvartal accept {id} --reason …`."
)
_SEEN_ELSEWHERE: Final = N_(
    "Другая копия ({name}) видела изменения, которых в этой истории нет: {count}, первое — "
    "{commit} «{subject}», последнее — {last}. Верните их: `git merge {last}`. Если их убрали "
    "нарочно, примите это: `kvartal accept {id} --reason …`."
)
_MISSING_COMMIT: Final = N_(
    "Изменение {last}, которое видели раньше, пропало из истории и из хранилища git. "
    "Поищите его в других копиях. Если его убрали нарочно, примите это: "
    "`kvartal accept {id} --reason …`."
)
_FORCED: Final = N_(
    "Ветку «{ref}» переписали на сервере: из неё пропало изменений программы: {count}, первое — "
    "{commit} «{subject}», последнее — {last}."
)
_UPSTREAM_UNREADABLE: Final = N_(
    "Ссылка «{ref}» не читается: не переписан ли сервер, сказать нельзя. Получите её заново: "
    "`kvartal sync`."
)
_BEHIND_END: Final = N_(
    "Эта копия неполная (shallow): есть ли в истории всё, что видели раньше ({commits}), по ней не "
    "узнать. Получите её целиком: `git fetch --unshallow`."
)
_SHORT: Final = 10


class RewriteChecker:
    """Looks for commits that are no longer in the history.

    Args:
        repository: The repository.
        graph: Its commits.
        walk: What they hold.
        head: The commit that is verified.
        is_altered: Returns whether a merge holds what merging its parents does not give.
    """

    def __init__(
        self,
        repository: Repository,
        graph: CommitGraph,
        walk: HistoryWalk,
        head: str,
        is_altered: Callable[[str], bool],
    ) -> None:
        self._repository = repository
        self._graph = graph
        self._walk = walk
        self._head = head
        self._is_altered = is_altered
        self._history = graph.ancestors([head])
        self._behind_end = dict[str, None]()  # Keyed, for the order.

    def since_tags(self, tags: Iterable[VerifiedTag]) -> Iterator[Finding]:
        """Yield the verified tags that stand beside the history and not in it.

        One that is in the upstream has lost nothing: the clone has not caught up yet.
        """
        missing = [tag for tag in tags if self._is_lost(tag.commit, self._history)]
        expected = self._upstream_history() if missing else set()
        for tag in missing:
            if tag.commit in expected or self._is_of_another_branch(tag.commit):
                continue
            lost = self._lost([tag.commit], self._history)
            yield self._finding(REWRITTEN, _SINCE_TAG, lost, name=tag.name)

    def seen_here(self, tips: Sequence[str], shared: Collection[str]) -> Iterator[Finding]:
        """Yield the commits that this clone had on this branch and that are no longer there.

        Commits that a rebase made anew, with all that was in them, are not lost, as long as no
        remote had them.

        Args:
            tips: Hashes of the commits.
            shared: Those of them that a remote had.
        """
        yield from self._seen(_SEEN_HERE, [("", tip) for tip in tips], shared)

    def seen_elsewhere(self, tips: Sequence[tuple[str, str]]) -> Iterator[Finding]:
        """Yield the commits that other clones saw and that are neither here nor in the upstream.

        Args:
            tips: Names of the clones and hashes of the commits.
        """
        missing = [(name, tip) for name, tip in tips if self._is_lost(tip, self._history)]
        expected = self._upstream_history() if missing else set()
        missing = [(name, tip) for name, tip in missing if tip not in expected]
        yield from self._seen(_SEEN_ELSEWHERE, missing, [tip for _, tip in missing])

    def _seen(
        self, template: str, tips: Sequence[tuple[str, str]], shared: Collection[str]
    ) -> Iterator[Finding]:
        missing = {tip: name for name, tip in tips if self._is_lost(tip, self._history)}
        known = {tip for tip in missing if self._graph.knows(tip)}
        yield from map(_missing_commit, sorted(missing.keys() - known))
        kept: set[tuple[object, ...]] | None = None
        for tip, name in missing.items():
            others = known - {tip}
            if tip not in known or any(self._graph.is_ancestor(tip, other) for other in others):
                continue
            if kept is None and tip not in shared:
                kept = {_author_and_message(self._graph.commit(name)) for name in self._history}
            try:
                lost = self._lost([tip], self._history)
                if tip not in shared:
                    lost = self._not_rebased(lost, kept or set())
            except ObjectBroken:  # Git has begun to remove them.
                yield _missing_commit(tip)
                continue
            if lost:
                yield self._finding(REWRITTEN, template, lost, name=name)

    def _not_rebased(
        self, lost: Sequence[Commit], kept: Collection[tuple[object, ...]]
    ) -> list[Commit]:
        """Return those of the lost commits that no rebase explains.

        It makes the commits of both sides anew, and no merge of them: with a merge goes what was
        changed in it by hand.

        Args:
            lost: The commits.
            kept: Author and message of those that are in the history.
        """
        left = [commit for commit in lost if _author_and_message(commit) not in kept]
        if len(left) == len(lost) or not all(len(one.parents) > 1 for one in left):
            return left
        return [commit for commit in left if self._is_altered(commit.id)]

    def forced_update(self) -> Iterator[Finding]:
        """Yield that the remote branch which HEAD follows has lost commits that it once had."""
        form, branch = "--format=%(upstream)", self._repository.run("symbolic-ref", "-q", "HEAD")
        ref = self._repository.read_text("for-each-ref", form, "--", branch.text.strip() or "-")
        ref = ref.strip()
        if not ref:
            return
        if broken_refs(self._repository, ref):
            yield Finding(UNREADABLE, _UPSTREAM_UNREADABLE, fields={"ref": ref})
            return
        tip = self._repository.commit_id(ref)
        if tip is None:
            if self._repository.object_id(ref) is not None:  # No commit, though it is there.
                yield Finding(UNREADABLE, _UPSTREAM_UNREADABLE, fields={"ref": ref})
            return
        kept = self._graph.ancestors([tip])
        earlier_tips = [name for name in self._earlier_tips(ref) if self._is_lost(name, kept)]
        lost = [
            commit for commit in self._lost(earlier_tips, kept) if self._walk.touches(commit.id)
        ]
        if lost:
            yield self._finding(FORCED, _FORCED, lost, ref=ref.removeprefix("refs/remotes/"))

    def behind_end(self) -> Iterator[Finding]:
        """Yield that commits may be older than all that a shallow clone has; to be asked last."""
        if self._behind_end:
            commits = ", ".join(name[:_SHORT] for name in self._behind_end)
            yield Finding(SHALLOW, _BEHIND_END, fields={"commits": commits})

    def _is_lost(self, commit: str, kept: set[str]) -> bool:
        """Return whether a commit is not in a history; False where a shallow clone cannot tell.

        Only what has come after all the commits at which such a clone ends is not older than they.
        """
        if commit in kept:
            return False
        ends = self._graph.shallow & kept
        if not ends or (self._graph.knows(commit) and ends <= self._graph.ancestors([commit])):
            return True
        self._behind_end[commit] = None
        return False

    def _upstream_history(self) -> set[str]:
        """Return the commits that the upstream of HEAD has; none where there is no upstream."""
        done = self._repository.run("rev-parse", "--quiet", "--verify", "@{upstream}^{commit}")
        return self._graph.ancestors([done.text.strip()]) if done.code == 0 else set()

    def _is_of_another_branch(self, commit: str) -> bool:
        """Tell whether HEAD is behind a commit that another local branch has."""
        if not self._graph.is_ancestor(self._head, commit):
            return False
        form = "%(HEAD)%(objectname)"
        lines, _broken = readable_refs(self._repository, "refs/heads/", form)
        return any(self._contains(line[1:], commit) for line in lines if not line.startswith("*"))

    def _contains(self, tip: str, commit: str) -> bool:
        """Return whether a branch contains a commit; False if the branch cannot be read."""
        try:
            return self._graph.knows(tip) and self._graph.is_ancestor(commit, tip)
        except ObjectBroken:
            return False

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
            "id": f"{code}:{last.id[:12]}",
        }
        return Finding(code, template, fields=common | fields, commit=last)


def _missing_commit(tip: str) -> Finding:
    fields = {"last": tip[:_SHORT], "id": f"{REWRITTEN}:{tip[:12]}"}
    return Finding(REWRITTEN, _MISSING_COMMIT, fields=fields, about=tip)


def _author_and_message(commit: Commit) -> tuple[object, ...]:
    return commit.author, commit.authored, commit.message
