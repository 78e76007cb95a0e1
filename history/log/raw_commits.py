"""The commits that touched a plan; in a damaged repository, those of them that can be listed.

Git follows the history to its end before it lists anything, and lists nothing where a commit or a
tree on the way cannot be read. Then the commits that can be reached are listed here, and those of
them that may have touched the plan: what is not known to be the same is not left out.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from heapq import heapify, heappop, heappush
from typing import Final, TypeAlias

from kvartal.history.diff.words import commit_moment
from kvartal.history.git.failures import UNREAD
from kvartal.history.git.object_batch import Answer
from kvartal.history.git.repository import Repository
from kvartal.history.log.version_reader import RawCommit

# Hash, parents, date, name, address, subject, then the whole message: only the last may hold line
# breaks.
FORMAT: Final = "%H%n%P%n%aI%n%an%n%ae%n%s%n%B"
_RAW: Final = "\n:"
"""Begins a line of ``git log --raw``."""
_PLAIN_FILE: Final = "100"
"""Begins the mode of a regular file, as opposed to a link or a folder."""

_State: TypeAlias = bytes | None
"""What a commit holds of the plan, to be compared; None where it has none."""


def raw_commits(
    repository: Repository, name: str, revision: str, excluding: str | None
) -> Generator[RawCommit, None, None]:
    """Yield the commits that touched the plan as git prints them, each before its parents.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        revision: Where to begin.
        excluding: Full hash of a commit to leave out together with its ancestors.

    Raises:
        GitFailed: Git refused.
    """
    if repository.commit_id(revision) is None:
        return
    excluded = () if excluding is None else (f"^{excluding}",)
    # Of parallel branches, what was committed later comes first. `--simplify-merges` implies the
    # full history: otherwise git leaves out what a merge threw away.
    options = ("--date-order", "--simplify-merges", "--no-follow", "--raw", "--no-abbrev")
    arguments = (*options, revision, *excluded, "--", name)
    with closing(repository.log(arguments, FORMAT)) as lines:
        last: RawCommit | None = None
        for printed in lines:
            if printed.startswith(_RAW):
                # «:modes, old and new; ids, old and new; letter», and the path after it.
                _, mode, _, blob, _ = printed.split()
                is_plan = next(lines, "") == repository.prefix + name
                if last is not None and is_plan and mode.startswith(_PLAIN_FILE):
                    last = replace(last, blob=blob)
            else:
                if last is not None:
                    yield last
                last = raw_commit(printed)
        if last is not None:
            yield last


def raw_commit(printed: str) -> RawCommit:
    """Return a commit as git printed it by `FORMAT`."""
    commit, parents, moment, rest = printed.split("\n", 3)
    return RawCommit(commit, tuple(parents.split()), moment, rest)


def readable_commits(
    repository: Repository, name: str, revision: str, excluding: str | None
) -> Generator[RawCommit, None, None]:
    """Yield the commits that touched the plan, or may have, as `raw_commits` does.

    Where git cannot list them, those that are still there, down to the first that is not. A parent
    that is not there is named, and asking for its version tells why.

    Raises:
        HistoryDamaged: Not even where to begin can be read.
        GitFailed: Git refused, and not because the history is damaged.
    """
    repository.commit_id(revision)
    shown, is_damaged = set[str](), False
    try:
        with closing(raw_commits(repository, name, revision, excluding)) as commits:
            for commit in commits:
                shown.add(commit.commit)
                yield commit
    except UNREAD:
        is_damaged = True
    if is_damaged:
        commits_left = _DamagedWalk(repository, name).commits(revision, excluding)
        yield from (commit for commit in commits_left if commit.commit not in shown)


@dataclass(frozen=True, slots=True)
class _DamagedWalk:
    """Lists the commits of a history that git does not walk to its end."""

    repository: Repository
    name: str

    def commits(self, revision: str, excluding: str | None) -> Iterator[RawCommit]:
        """Yield the commits that may have touched the plan, each before its parents."""
        excluded = set(self._reachable(excluding)) if excluding else set[str]()
        reached = self._reachable(revision)
        commits = {key: one for key, one in reached.items() if key not in excluded}
        order = _newest_first(commits)
        names = (f"{commit}:./{self.name}" for commit in order)
        with closing(self.repository.objects(names)) as answers:
            # Before the first commit there was no plan; of a lost one nothing is known.
            states = {
                "": None,
                **{one: _state(one, answer) for one, answer in zip(order, answers, strict=True)},
            }
        # As git does it, the parents of a commit are the last ones that touched the plan.
        known = dict[str, tuple[str, ...]]()
        touching = list[RawCommit]()
        for key in reversed(order):
            before = commits[key].parents
            parents = dict.fromkeys(name for one in before for name in known.get(one, (one,)))
            if any(states.get(one, b"") != states[key] for one in before or ("",)):
                touching.append(replace(commits[key], parents=tuple(parents)))
                known[key] = (key,)
            else:
                known[key] = tuple(parents)
        yield from reversed(touching)

    def _reachable(self, revision: str) -> dict[str, RawCommit]:
        """Return the commits that can be read on the way from one, by hash."""
        found = dict[str, RawCommit]()
        lost = set[str]()
        waiting = [revision]
        while waiting:
            start = waiting.pop()
            if start in found or start in lost:
                continue
            new = self._listed(start) or self._listed("--no-walk", start)
            if not new:
                lost.add(start)
            found |= new
            waiting += [parent for one in new.values() for parent in one.parents]
        return found

    def _listed(self, *arguments: str) -> dict[str, RawCommit]:
        """Return the commits that git lists before it meets one that it cannot read."""
        listed = dict[str, RawCommit]()
        try:
            with closing(self.repository.log((*arguments, "--"), FORMAT)) as printed:
                for commit in map(raw_commit, printed):
                    listed[commit.commit] = commit
        except UNREAD:
            pass
        return listed


def _state(commit: str, answer: Answer) -> _State:
    """Return what a version says; what cannot be read may say anything, and equals nothing else."""
    if answer is None:
        return None
    return sha256(answer).digest() if isinstance(answer, bytes) else commit.encode()


def _newest_first(commits: Mapping[str, RawCommit]) -> list[str]:
    """Return the hashes of commits, each before its parents and otherwise by their dates."""
    children = Counter(parent for commit in commits.values() for parent in commit.parents)

    def entry(key: str) -> tuple[float, str]:
        return -commit_moment(commits[key].date).timestamp(), key

    ready = [entry(key) for key in commits if not children[key]]
    heapify(ready)
    order = list[str]()
    while ready:
        _, key = heappop(ready)
        order.append(key)
        for parent in commits[key].parents:
            children[parent] -= 1
            if not children[parent] and parent in commits:
                heappush(ready, entry(parent))
    return order
