"""The versions of a plan in a long history, read with as little git and parsing as possible.

`VersionReader` reads single versions and remembers the last few. `read_ahead` walks a whole log:
git is asked for the next versions before the last one has been looked at, so that neither waits for
the other; and of one measure's history only the measure's own lines are compared, without parsing.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from types import TracebackType
from typing import Final, Self, TypeAlias, TypeVar

from kvartal.history.diff.measure_lines import Layout, cut, layout, lines_of, only_measure
from kvartal.history.git.repository import Repository
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import PlanData

Key = TypeVar("Key")
Value = TypeVar("Value")

State: TypeAlias = tuple[str, bytes] | None
"""What a version says of one measure, to be compared; None where there is no plan."""

# A history is walked from version to version: what is asked for again is asked for soon. A measure
# as it was before one change is what an earlier change made of it, with other measures in between.
_REMEMBERED: Final = 8
_PARTS_REMEMBERED: Final = 256
_LARGE: Final = 1 << 14
"""In bytes: a bulk change of hundreds of measures is not worth the room."""
_AHEAD: Final = 2048
"""How many bytes of questions git is given ahead: less than the pipe holds on any system."""


class VersionReader:
    """The plan as commits hold it. To be used in a ``with`` block.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
    """

    def __init__(self, repository: Repository, name: str) -> None:
        self.name = name
        self._wanted = ""
        self._objects = repository.objects(self._names())
        self._contents: OrderedDict[str, bytes | None] = OrderedDict()
        self._layouts: OrderedDict[bytes, Layout | None] = OrderedDict()
        self._data: OrderedDict[bytes, PlanData | None] = OrderedDict()
        self._parts: OrderedDict[bytes, PlanData | None] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the git process."""
        self._objects.close()

    def content(self, commit: str) -> bytes | None:
        """Return the bytes of the plan at a commit; None where it has none.

        Args:
            commit: Any name of a commit.
        """
        return _remembered(self._contents, commit, self._read)

    def remember(self, commit: str, content: bytes | None) -> None:
        """Take note of what a commit holds, as it was read elsewhere."""
        _remembered(self._contents, commit, lambda _: content)

    def data(self, commit: str | None) -> PlanData | None:
        """Return the plan at a commit as plain data; None where it cannot be read.

        Args:
            commit: Any name of a commit; None for a time before the first, when the plan was empty.
        """
        content = None if commit is None else self.content(commit)
        return {} if content is None else self._loaded(content)

    def pair(self, old: str | None, new: str) -> tuple[PlanData | None, PlanData | None]:
        """Return two versions as far as they differ; None for one that cannot be read.

        Measures that both have in the same words may be left out of both.
        """
        before = None if old is None else self.content(old)
        after = self.content(new)
        if before is not None and after is not None:
            if before == after:
                return {}, {}
            one, other = self._layout(before), self._layout(after)
            parts = cut(one, other) if one and other else None
            if parts:
                found = (self._part(parts.old), self._part(parts.new))
                if None not in found:
                    return found
        return self.data(old), self.data(new)

    def pair_of(
        self, old: str | None, new: str, measure: str
    ) -> tuple[PlanData | None, PlanData | None]:
        """Return two versions as far as one measure may differ in them.

        All that both have in the same words may be left out of both.
        """
        before = None if old is None else self.content(old)
        after = self.content(new)
        if before is not None and after is not None:
            parts = only_measure(before, after, measure.encode())
            if parts is not None:
                found = (self._part(parts[0]), self._part(parts[1]))
                if None not in found:
                    return found
        return self.pair(old, new)

    def _names(self) -> Iterator[str]:
        while True:
            yield f"{self._wanted}:./{self.name}"

    def _read(self, commit: str) -> bytes | None:
        self._wanted = commit
        return next(self._objects)

    def _layout(self, content: bytes) -> Layout | None:
        return _remembered(self._layouts, content, layout)

    def _loaded(self, content: bytes) -> PlanData | None:
        return _remembered(self._data, content, self._parsed)

    def _part(self, content: bytes) -> PlanData | None:
        if len(content) > _LARGE:
            return self._loaded(content)
        return _remembered(self._parts, content, self._parsed, _PARTS_REMEMBERED)

    def _parsed(self, content: bytes) -> PlanData | None:
        try:
            return load(content, self.name).data
        except UnreadablePlan:
            return None


def _remembered(
    known: "OrderedDict[Key, Value]",
    key: Key,
    find: Callable[[Key], Value],
    most: int = _REMEMBERED,
) -> Value:
    """Return what is known for a key, or find it and remember it, forgetting the oldest."""
    if key in known:
        known.move_to_end(key)
        return known[key]
    found = known[key] = find(key)
    if len(known) > most:
        known.popitem(last=False)
    return found


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
