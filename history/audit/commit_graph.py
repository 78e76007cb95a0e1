"""The commits of a history as a graph, read from the commits themselves.

All of them are walked every time: that costs microseconds a commit, and what was verified before is
known by its hash. A commit's hash covers its parents, so nothing can be left out of the walk
unnoticed.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from heapq import heappop, heappush

from kvartal.history.audit.object_reader import ObjectBroken, ObjectReader
from kvartal.history.audit.stored_objects import Commit


class CommitGraph:
    """Commits by their hashes, read when asked for.

    Args:
        objects: The objects of the repository.
        shallow: Hashes of the commits at which a shallow clone ends.
    """

    def __init__(self, objects: ObjectReader, shallow: frozenset[str] = frozenset()) -> None:
        self._objects = objects
        self._commits: dict[str, Commit] = {}
        self._generations: dict[str, int] = {}
        self.shallow = shallow

    def commit(self, name: str) -> Commit:
        """Return a commit.

        Raises:
            ObjectBroken: It is not there.
        """
        commit = self.find(name)
        if commit is None:
            raise self._objects.missing(name)
        return commit

    def find(self, name: str) -> Commit | None:
        """Return a commit; None where it is not there."""
        commit = self._commits.get(name) or self._objects.commit(name)
        if commit is not None:
            self._commits[name] = commit
        return commit

    def knows(self, name: str) -> bool:
        """Tell whether a commit is there, and is one."""
        try:
            return self.find(name) is not None
        except ObjectBroken:
            return False

    def has_read(self, name: str) -> bool:
        """Tell whether a commit has been read: all that were walked have."""
        return name in self._commits

    def parents(self, name: str) -> tuple[str, ...]:
        """Return the parents of a commit; none at the end of a shallow clone."""
        return () if name in self.shallow else self.commit(name).parents

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

    def may_lack(self, names: Iterable[str]) -> bool:
        """Tell whether commits before some may lie behind the end of a shallow clone."""
        return bool(self.shallow) and not self.shallow.isdisjoint(self.ancestors(names))

    def parents_first(self, names: set[str]) -> Iterator[Commit]:
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
                heappush(ready, self._time_and_name(name))
        while ready:
            _, name = heappop(ready)
            yield self.commit(name)
            for child in children.get(name, ()):
                missing[child] -= 1
                if not missing[child]:
                    heappush(ready, self._time_and_name(child))

    def is_ancestor(self, name: str, of: str) -> bool:
        """Tell whether a commit is the other one or comes before it."""
        least = self._generation(name)
        seen = {of}
        waiting = [of]
        while waiting:
            current = waiting.pop()
            if current == name:
                return True
            for parent in self.parents(current):
                if parent not in seen and self._generation(parent) >= least:
                    seen.add(parent)
                    waiting.append(parent)
        return False

    def order(self, commit: Commit) -> tuple[int, float, str]:
        """Return what sorts commits so that each comes after its parents."""
        return (self._generation(commit.id), *self._time_and_name(commit.id))

    def merge_bases(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the best common ancestors of commits, as git takes them for a merge."""
        common = reduce(set.intersection, (self.ancestors([name]) for name in names))
        before = self.ancestors(parent for name in common for parent in self.parents(name))
        return tuple(sorted(common - before))

    def may_lack_bases(self, names: tuple[str, ...]) -> bool:
        """Tell whether best common ancestors may lie behind the end of a shallow clone.

        What lies behind a commit that all have in common comes before one of the best.
        """
        if not self.may_lack(names):
            return False
        found = [self.ancestors([name]) for name in names]
        common = set.intersection(*found)
        is_cut_off = all(not self.shallow.isdisjoint(one - common) for one in found)
        return is_cut_off or len(self.merge_bases(names)) > 1

    def _time_and_name(self, name: str) -> tuple[float, str]:
        return self.commit(name).committed.timestamp(), name

    def _generation(self, name: str) -> int:
        """Return how many commits the longest path from the beginning to here has."""
        waiting = [name]
        while waiting:
            current = waiting[-1]
            unknown = [
                parent for parent in self.parents(current) if parent not in self._generations
            ]
            if unknown:
                waiting.extend(unknown)
            else:
                known = (self._generations[parent] for parent in self.parents(current))
                self._generations[current] = 1 + max(known, default=0)
                waiting.pop()
        return self._generations[name]
