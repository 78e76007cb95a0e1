"""The versions of a plan in a long history, read with as little git and parsing as possible.

`VersionReader` reads single versions and remembers the last few. `read_ahead` walks a whole log:
git is asked for the next versions before the last one has been looked at, so that neither waits for
the other; and of one measure's history only the measure's own lines are compared, without parsing.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from types import TracebackType
from typing import Final, Self, TypeAlias, TypeVar

from kvartal.history.diff.layout import (
    Layout,
    changed_only,
    layout,
    lines_of_measure,
    measure_only,
)
from kvartal.history.diff.own_names import NAMING
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.object_batch import Answer
from kvartal.history.git.repository import Repository
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import PlanData

Key = TypeVar("Key")
Value = TypeVar("Value")

MeasureState: TypeAlias = tuple[str, bytes] | None
"""What a version says of one measure, to be compared; None where there is no plan."""

# A history is walked from version to version: what is asked for again is asked for soon. A measure
# as it was before one change is what an earlier change made of it, with other measures in between.
_REMEMBERED: Final = 8
_PARTS_REMEMBERED: Final = 256
_LARGE: Final = 1 << 14
"""In bytes. A larger part, of a bulk change of hundreds of measures, is not worth the memory."""
_AHEAD: Final = 2048
"""How many bytes of requests git is given ahead: fewer than a pipe holds on any system."""


@dataclass(frozen=True, slots=True)
class RawCommit:
    """A commit as git printed it, hardly parsed.

    Attributes:
        commit: Its full hash.
        parents: Hashes of the commits before it that touched the plan.
        date: When it was made: ISO 8601 with the offset.
        rest: Everything printed after that.
        blob: Id of the plan's content; empty where git does not print it, as for a merge.
    """

    commit: str
    parents: tuple[str, ...]
    date: str
    rest: str
    blob: str = ""


class VersionReader:
    """The plan as commits hold it. To be used in a ``with`` block.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
    """

    def __init__(self, repository: Repository, name: str) -> None:
        self.name = name
        self._requested = ""
        self._objects = repository.objects(self._names())
        self._contents: OrderedDict[str, Answer] = OrderedDict()
        self._layouts: OrderedDict[bytes, Layout | None] = OrderedDict()
        self._data: OrderedDict[bytes, PlanData | UnreadablePlan] = OrderedDict()
        self._parts: OrderedDict[bytes, PlanData | UnreadablePlan] = OrderedDict()
        self._around: OrderedDict[bytes, PlanData | UnreadablePlan] = OrderedDict()

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

        Raises:
            GitFailed: They cannot be read, or were not fetched.
        """
        answer = _remembered(self._contents, commit, self._read)
        if isinstance(answer, GitFailed):
            raise answer
        return answer

    def remember(self, commit: str, answer: Answer) -> None:
        """Remember what a commit holds, as it was read elsewhere."""
        _remembered(self._contents, commit, lambda _: answer)

    def data(self, commit: str | None) -> PlanData:
        """Return the plan at a commit as plain data; empty where it has none.

        Args:
            commit: Any name of a commit; None for the time before the first.

        Raises:
            UnreadablePlan: It is not the YAML that a plan is written in.
            GitFailed: It cannot be read, or was not fetched.
        """
        content = None if commit is None else self.content(commit)
        return {} if content is None else self._loaded(content)

    def differing_parts(
        self, old: str | None, new: str, measure: str | None = None
    ) -> tuple[PlanData, PlanData]:
        """Return two versions as far as they may differ.

        Measures that both have in the same lines may be missing from both; what names are taken
        from is there.

        Args:
            old: Any name of a commit; None for the time before the first.
            new: Any name of a commit.
            measure: Id of the only measure that matters; all, if not given.

        Raises:
            UnreadablePlan: One of them is not the YAML that a plan is written in.
            GitFailed: One of them cannot be read, or was not fetched.
        """
        before = None if old is None else self.content(old)
        after = self.content(new)
        if before is not None and after is not None:
            if before == after:
                return {}, {}
            for texts in self._differing_texts(before, after, measure):
                with suppress(UnreadablePlan):  # The whole may be readable nevertheless.
                    names = self._naming(after)
                    return names | self._part(texts[0]), names | self._part(texts[1])
        return self.data(old), self.data(new)

    def _differing_texts(
        self, before: bytes, after: bytes, measure: str | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Yield texts that are shorter than the whole versions and hold all their differences."""
        if measure is not None:
            texts = measure_only(before, after, measure.encode())
            if texts:
                yield texts
        old, new = self._layout(before), self._layout(after)
        texts = changed_only(old, new) if old and new else None
        if texts:
            yield texts

    def _naming(self, content: bytes) -> PlanData:
        """Return the part of a version that names fields and levels; it rarely changes."""
        parts = self._layout(content)
        if parts is None:
            data = self._loaded(content)
        else:
            data = _readable(_remembered(self._around, b"".join(parts.around), self._parsed))
        return {key: value for key, value in data.items() if key in NAMING}

    def _names(self) -> Iterator[str]:
        while True:
            yield f"{self._requested}:./{self.name}"

    def _read(self, commit: str) -> Answer:
        self._requested = commit
        return next(self._objects)

    def _layout(self, content: bytes) -> Layout | None:
        return _remembered(self._layouts, content, layout)

    def _loaded(self, content: bytes) -> PlanData:
        return _readable(_remembered(self._data, content, self._parsed))

    def _part(self, content: bytes) -> PlanData:
        if len(content) > _LARGE:
            return self._loaded(content)
        return _readable(_remembered(self._parts, content, self._parsed, _PARTS_REMEMBERED))

    def _parsed(self, content: bytes) -> PlanData | UnreadablePlan:
        try:
            return load(content, self.name).data
        except UnreadablePlan as error:
            return error


def read_ahead(
    repository: Repository,
    name: str,
    commits: Iterable[RawCommit],
    is_wanted: Callable[[RawCommit], bool],
    note_content: Callable[[str, Answer], None],
) -> Iterator[RawCommit]:
    """Yield the commits that are wanted, in order, once they and their parents have been read.

    Parents that are not among the commits are not read.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        commits: Commits, each before its parents.
        is_wanted: Whether a commit is to be yielded; others are read only as parents.
        note_content: Is given the hash of each commit read and the answer about its plan.
    """
    waiting: deque[RawCommit] = deque()
    requested: deque[str] = deque()
    needed: set[str] = set()
    seen: set[str] = set()

    def names() -> Generator[str, None, None]:
        for commit in commits:
            if is_wanted(commit):
                waiting.append(commit)
                needed.update(commit.parents)
            elif commit.commit not in needed:
                continue
            requested.append(commit.commit)
            yield commit.blob or f"{commit.commit}:./{name}"

    # Both are closed, so that git has ended when the caller stops early.
    with closing(names()) as wanted, closing(repository.objects(wanted, ahead=_AHEAD)) as contents:
        for content in contents:
            commit = requested.popleft()
            note_content(commit, content)
            seen.add(commit)
            while waiting and waiting[0].commit in seen and seen.issuperset(waiting[0].parents):
                yield waiting.popleft()
    yield from waiting


def measure_state(answer: Answer, measure: bytes, commit: str = "") -> MeasureState:
    """Return what a version says of a measure: versions with equal states say the same.

    Args:
        answer: The plan; None where the version has none; or why it cannot be read.
        measure: Id of the measure.
        commit: Hash of the commit: what cannot be read may say anything, and equals nothing else.
    """
    if answer is None:
        return None
    if isinstance(answer, GitFailed):
        return "unread", commit.encode()
    lines = lines_of_measure(answer, measure)
    if lines is not None:
        return "lines", lines
    # However an id is written, either its letters or an escape are in the text.
    if measure not in answer and b"\\" not in answer:
        return "absent", b""
    return "unclear", sha256(answer).digest()


def _readable(parsed: PlanData | UnreadablePlan) -> PlanData:
    if isinstance(parsed, UnreadablePlan):
        raise parsed
    return parsed


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
