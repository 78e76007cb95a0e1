"""The commits of a history as a graph, read from the commits themselves.

All of them are walked every time: that costs microseconds a commit, and what was verified is known
by its hash. What is told of parents is in the commit and under its hash, so that nothing can be
left out of the walk without a sign of it.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from heapq import heappop, heappush

from kvartal.history.audit.object_reader import Commit, ObjectBroken, ObjectReader


class CommitGraph:
    """Commits by their hashes, read when asked for.

    Args:
        objects: Where they are.
        cuts: Hashes of the commits at which a shallow clone ends.
    """

    def __init__(self, objects: ObjectReader, cuts: frozenset[str] = frozenset()) -> None:
        self._objects = objects
        self._commits: dict[str, Commit] = {}
        self._generations: dict[str, int] = {}
        self.cuts = cuts

    def commit(self, name: str) -> Commit:
        """Return a commit.

        Raises:
            ObjectBroken: It is not there.
        """
        found = self.find(name)
        if found is None:
            raise ObjectBroken(name=name[:12])
        return found

    def find(self, name: str) -> Commit | None:
        """Return a commit; None where it is not there."""
        found = self._commits.get(name) or self._objects.commit(name)
        if found is not None:
            self._commits[name] = found
        return found

    def knows(self, name: str) -> bool:
        """Tell whether a commit has been read: of what was walked, all have."""
        return name in self._commits

    def parents(self, name: str) -> tuple[str, ...]:
        """Return the parents of a commit; none at the end of a shallow clone."""
        return () if name in self.cuts else self.commit(name).parents

    def ancestors(self, names: Iterable[str]) -> set[str]:
        """Return the hashes of commits and of all before them."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.parents(name))
        return found

    def in_order(self, names: set[str]) -> Iterator[Commit]:
        """Yield commits with each after its parents; otherwise by the time of committing."""
        children: dict[str, list[str]] = {}
        missing: dict[str, int] = {}
        for name in names:
            within = {parent for parent in self.parents(name) if parent in names}
            missing[name] = len(within)
            for parent in within:
                children.setdefault(parent, []).append(name)
        ready: list[tuple[float, str]] = []
        for name, count in missing.items():
            if not count:
                heappush(ready, self._when(name))
        while ready:
            _, name = heappop(ready)
            yield self.commit(name)
            for child in children.get(name, ()):
                missing[child] -= 1
                if not missing[child]:
                    heappush(ready, self._when(child))

    def is_ancestor(self, name: str, of: str) -> bool:
        """Tell whether a commit is another one or comes before it."""
        least = self._generation(name)
        seen = {of}
        waiting = [of]
        while waiting:
            one = waiting.pop()
            if one == name:
                return True
            for parent in self.parents(one):
                if parent not in seen and self._generation(parent) >= least:
                    seen.add(parent)
                    waiting.append(parent)
        return False

    def merge_bases(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the best common ancestors of commits, as git takes them for a merge."""
        common = reduce(set.intersection, (self.ancestors([name]) for name in names))
        before = self.ancestors(parent for name in common for parent in self.parents(name))
        return tuple(sorted(common - before))

    def _when(self, name: str) -> tuple[float, str]:
        return self.commit(name).committed.timestamp(), name

    def _generation(self, name: str) -> int:
        """Return how many commits the longest way from the beginning to here has."""
        waiting = [name]
        while waiting:
            one = waiting[-1]
            unknown = [parent for parent in self.parents(one) if parent not in self._generations]
            if unknown:
                waiting.extend(unknown)
            else:
                known = (self._generations[parent] for parent in self.parents(one))
                self._generations[one] = 1 + max(known, default=0)
                waiting.pop()
        return self._generations[name]
