"""What this clone and others have seen of a branch, as `verify` uses it and adds to it.

Yields `seen-unreadable`.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.verified_cache import VerifiedCache
from kvartal.history.git.repository import Repository
from kvartal.history.store.seen import read_seen, save_seen
from kvartal.history.store.witness_refs import seen_by_others
from kvartal.schema.errors import N_, KvartalError

UNREADABLE: Final = "seen-unreadable"

_UNREADABLE: Final = N_(
    "Файл «.git/kvartal/seen.json» не читается: какие изменения и метки эта копия видела раньше, "
    "сказать нельзя. Верните файл из резервной копии; если его нет, удалите повреждённый."
)
_UNREADABLE_REF: Final = N_(
    "Ссылка «{ref}» не читается: что видела другая копия, сказать нельзя. Откройте себе доступ к "
    "файлу «.git/{ref}» или, если он повреждён, удалите его: `kvartal sync` получит её заново."
)


class ClonesMemory:
    """What was seen of one branch.

    Args:
        repository: The clone.
        graph: Its commits.
        branch: Full name of the branch; empty where none is checked out.
        cache: What an earlier version of the program noted in this clone; None for nothing.
    """

    def __init__(
        self,
        repository: Repository,
        graph: CommitGraph,
        branch: str,
        cache: VerifiedCache | None,
    ) -> None:
        self._repository = repository
        self._graph = graph
        self._branch = branch
        self._seen = read_seen(repository)
        self._broken: Mapping[str, KvartalError] = {}  # Refs of others, by name.
        seen = self._seen.of(branch)
        checked = cache.last_commit() if cache else None
        if checked is not None and not graph.knows(checked):
            checked = None
        self.tips = tuple(dict.fromkeys([*seen.tips, *([checked] if checked else [])]))
        self.shared = frozenset(seen.shared)
        self.marks: Mapping[str, str] = {**(cache.tags() if cache else {}), **seen.marks}

    def findings(self) -> Iterator[Finding]:
        """Yield that what was seen is not known; to be asked after `seen_elsewhere`."""
        if not self._seen.is_readable:
            yield Finding(UNREADABLE, _UNREADABLE)
        for ref in self._broken:
            yield Finding(UNREADABLE, _UNREADABLE_REF, fields={"ref": ref})

    def seen_elsewhere(self) -> list[tuple[str, str]]:
        """Return the names of other clones and the commits that they saw of this branch."""
        upstream = self._repository.read_text(
            "for-each-ref", "--format=%(upstream:remoteref)", "--", self._branch or "refs/none"
        ).strip()
        branch = upstream or self._branch
        commits, self._broken = seen_by_others(self._repository, self._seen.clone, branch)
        return commits

    def save(self, head: str, history: AbstractSet[str], marks: Mapping[str, str]) -> None:
        """Save what is seen now; what is gone stays in it.

        Args:
            head: Hash of the commit at HEAD.
            history: Hashes of all commits up to there.
            marks: Hashes of the tags that there are, by name.
        """
        if not self._branch:
            return
        lost = [tip for tip in self.tips if tip not in history]
        shared = [tip for tip in self.shared if tip not in history]
        with suppress(KvartalError):  # A clone that cannot be written in forgets.
            save_seen(
                self._repository,
                self._branch,
                tips=[head, *lost],
                shared=sorted(shared),
                marks={**marks, **self.marks},
            )
