"""The versions of a long history, read one after the other with git working ahead.

Git is asked for the next versions before the last one has been looked at, so that neither waits
for the other; and of one measure's history only its own lines are compared, without parsing.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from kvartal.history.diff.measure_lines import lines_of
from kvartal.history.git.repository import Repository

_AHEAD: Final = 2048
"""How many bytes of questions git is given ahead: less than the pipe holds on any system."""

State: TypeAlias = tuple[str, bytes] | None
"""What a version says of one measure, to be compared; None where there is no plan."""


@dataclass(frozen=True, slots=True)
class RawCommit:
    """A commit as git printed it, hardly looked at.

    Attributes:
        commit: Its full hash.
        parents: Hashes of the commits before it that touched the plan.
        date: When it was made: ISO 8601 with the offset.
        rest: All that was printed after that.
        blob: Id of the plan's content, where git told it: of a merge it does not.
    """

    commit: str
    parents: tuple[str, ...]
    date: str
    rest: str
    blob: str = ""


def read_ahead(
    repository: Repository,
    name: str,
    found: Iterable[RawCommit],
    is_wanted: Callable[[RawCommit], bool],
    look: Callable[[str, bytes | None], None],
) -> Iterator[RawCommit]:
    """Yield the commits that are wanted, in order, once they and their parents were looked at.

    Parents that are not among the commits found are not looked at.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        found: Commits, each before its parents.
        is_wanted: Whether a commit is; the versions of others are not read without need.
        look: Is given each commit's hash and what it holds, None where it has no plan.
    """
    waiting: deque[RawCommit] = deque()
    asked: deque[str] = deque()
    needed: set[str] = set()
    seen: set[str] = set()

    def names() -> Generator[str, None, None]:
        for one in found:
            if is_wanted(one):
                waiting.append(one)
                needed.update(one.parents)
            elif one.commit not in needed:
                continue
            asked.append(one.commit)
            yield one.blob or f"{one.commit}:./{name}"

    # The inner one is closed too: git has ended when the caller stops.
    with closing(names()) as wanted, closing(repository.objects(wanted, ahead=_AHEAD)) as contents:
        for content in contents:
            commit = asked.popleft()
            look(commit, content)
            seen.add(commit)
            while waiting and waiting[0].commit in seen and seen.issuperset(waiting[0].parents):
                yield waiting.popleft()
    yield from waiting


def state_of(content: bytes | None, measure: bytes) -> State:
    """Return what a version says of a measure: two that are equal say the same."""
    if content is None:
        return None
    lines = lines_of(content, measure)
    if lines is not None:
        return "lines", lines
    # No other way of writing an id has neither its letters nor an escape.
    if measure not in content and b"\\" not in content:
        return "absent", b""
    return "unclear", sha256(content).digest()
