"""The versions of a plan as verifying looks at them, each part of the text read only once.

A commit changes one measure of many. The lines of a measure that were read before, in whichever
version, are not read or validated again; so a history of a thousand versions costs little more than
its changes. Whatever is not laid out as usual, or seems to have a fault, is read as a whole.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kvartal.history.audit.facts import Fact, StatedFile, bare_completions, facts, told_files
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.diff.diff import Row
from kvartal.history.diff.lines import as_list, as_row
from kvartal.history.diff.measure_lines import Layout, layout
from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.conformance import schema_problems
from kvartal.schema.evidence_paths import same_file_key
from kvartal.schema.model import Audit
from kvartal.schema.problems import Problem
from kvartal.schema.reading import MalformedPlan, read_audit, read_plan
from kvartal.schema.validation import rules_broken

_MEASURES: Final = "measures"
# The rest of a measure is looked at by rules that look at no other measure.
_AMONG_OTHERS: Final = frozenset(
    {"id", "channel", "number", "actions", "actions_from", "same_work"}
)
_OWN: Final[Row] = {"proposal": "-", "term": {"text": "-"}, "result": "-"}
_REMEMBERED: Final = 64
_LARGEST: Final = 8 * 1024 * 1024
"""Larger texts are read as a whole: the loader has limits of its own."""


@dataclass(frozen=True, slots=True)
class CachedMeasure:
    """One measure of a version.

    Attributes:
        row: Its plain data.
        is_right: Whether the JSON Schema is known to accept it.
        told: The evidence files that it tells of.
        facts: Its dated facts, each as often as it is there.
        bare: Its completions without evidence.
        files: The same evidence files by what they are to any file system.
        stub: What of it has to do with other measures, as a measure.
    """

    row: Row
    is_right: bool
    told: tuple[StatedFile, ...]
    facts: Mapping[Fact, int]
    bare: frozenset[str]
    files: Mapping[str, StatedFile]
    stub: Row

    @property
    def id(self) -> str:
        """Id of the measure; empty where it has none."""
        name = self.row.get("id", "")
        return name if isinstance(name, str) else ""


@dataclass(frozen=True, slots=True)
class CachedVersion:
    """The plan as one blob holds it.

    Attributes:
        blob: Hash of the blob.
        content: Its bytes.
        data: Its plain data; None where it cannot be read.
        parts: Its measures, in order.
        problems: What is wrong with it, with lines.
        is_programme: Whether it has the shape that the program works with.
        audit: What it asks of the history.
        keys: The lines of each measure; None where the text is not laid out as usual.
        around: The lines outside the measures; None likewise.
    """

    blob: str
    content: bytes
    data: PlanData | None
    parts: tuple[CachedMeasure, ...]
    problems: tuple[Problem, ...]
    is_programme: bool
    audit: Audit = field(default_factory=Audit)
    keys: Mapping[bytes, bytes] | None = None
    around: tuple[bytes, bytes] | None = None

    @property
    def told(self) -> Iterator[StatedFile]:
        """The evidence files that it tells of."""
        return (one for part in self.parts for one in part.told)


class VersionCache:
    """The versions of one plan file, by the hashes of their blobs.

    Args:
        objects: Where they are.
        name: What to call the file in messages.
    """

    def __init__(self, objects: ObjectReader, name: str) -> None:
        self._objects = objects
        self._name = name
        self._known: OrderedDict[str, CachedVersion] = OrderedDict()
        self._parts: dict[bytes, CachedMeasure] = {}
        self._around: dict[tuple[bytes, bytes], PlanData] = {}
        self._kept: dict[tuple[bytes, bytes], set[bytes]] = {}

    def version(self, blob: str) -> CachedVersion:
        """Return a version of the plan.

        Raises:
            ObjectBroken: The blob is not there.
        """
        known = self._known.get(blob)
        if known is None:
            known = self._known[blob] = self._read(blob)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(blob)
        return known

    def _read(self, blob: str) -> CachedVersion:
        content = self._objects.blob(blob)
        parted = layout(content) if len(content) < _LARGEST else None
        if parted is not None:
            quick = self._by_parts(blob, content, parted)
            if quick is not None:
                return quick
        return self._as_a_whole(blob, content, parted)

    def _by_parts(self, blob: str, content: bytes, parted: Layout) -> CachedVersion | None:
        """Return a version put together of what is known; None where anything may be wrong."""
        around = self._around.get(parted.around)
        if around is None:
            return None
        try:
            parts = tuple(map(self._part, parted.measures.values()))
        except UnreadablePlan:
            return None
        if [part.id.encode() for part in parts] != list(parted.measures):
            return None
        if not all(part.is_right for part in parts):
            return None
        if not self._keep_the_rules(around, parted, parts):
            return None
        data: PlanData = {**around, _MEASURES: [part.row for part in parts]}
        return self._made(blob, content, data, parts, (), parted)

    def _keep_the_rules(
        self, around: PlanData, parted: Layout, parts: tuple[CachedMeasure, ...]
    ) -> bool:
        """Tell whether measures that the schema accepts keep the rules, each and together.

        Of a measure that kept them before among the same sections only that is looked at which
        has to do with the others.
        """
        files: dict[str, StatedFile] = {}
        for part in parts:
            for key, told in part.files.items():
                other = files.setdefault(key, told)
                if (other.size, other.sha256) != (told.size, told.sha256):
                    return False
        kept = self._kept.setdefault(parted.around, set())
        rows: list[Plain] = [
            part.stub if lines in kept else part.row
            for part, lines in zip(parts, parted.measures.values(), strict=True)
        ]
        if rules_broken({**around, _MEASURES: rows}):
            return False
        kept.update(parted.measures.values())
        return True

    def _as_a_whole(self, blob: str, content: bytes, parted: Layout | None) -> CachedVersion:
        try:
            source = load(content, self._name)
        except UnreadablePlan as error:
            return CachedVersion(blob, content, None, (), error.problems, is_programme=False)
        data, problems = source.data, check(source)
        is_right = not problems
        rows = map(as_row, as_list(data.get(_MEASURES)))
        parts = tuple(_part_of(row, is_right=is_right) for row in rows)
        if parted is not None and [part.id.encode() for part in parts] != list(parted.measures):
            parted = None
        if parted is not None and is_right:
            self._around[parted.around] = {**data, _MEASURES: []}
            self._kept.setdefault(parted.around, set()).update(parted.measures.values())
            self._parts.update(zip(parted.measures.values(), parts, strict=True))
        return self._made(blob, content, data, parts, problems, parted)

    def _made(  # noqa: PLR0913, PLR0917 - what a version is put together of
        self,
        blob: str,
        content: bytes,
        data: PlanData,
        parts: tuple[CachedMeasure, ...],
        problems: tuple[Problem, ...],
        parted: Layout | None,
    ) -> CachedVersion:
        return CachedVersion(
            blob,
            content,
            data,
            parts,
            problems,
            is_programme=not problems or _is_programme(data),
            audit=read_audit(data),
            keys=parted.measures if parted else None,
            around=parted.around if parted else None,
        )

    def _part(self, lines: bytes) -> CachedMeasure:
        known = self._parts.get(lines)
        if known is None:
            rows = as_list(load(b"measures:\n" + lines, self._name).data.get(_MEASURES))
            # More than one has no id that could be the one of the lines.
            row = as_row(rows[0]) if len(rows) == 1 else {}
            known = self._parts[lines] = _part_of(row, is_right=_is_right(row))
        return known


def apart(old: CachedVersion | None, new: CachedVersion) -> tuple[PlanData, PlanData]:
    """Return two versions without the measures that both have in the same words.

    As far as that is known: else whole. A version that cannot be read is empty, and so is none.
    """
    before = {} if old is None or old.data is None else old.data
    after = new.data or {}
    if (
        old is None
        or old.around is None
        or old.around != new.around
        or old.keys is None
        or new.keys is None
        or list(old.keys) != list(new.keys)
    ):
        return before, after
    differ = [
        at
        for at, (one, other) in enumerate(zip(old.keys.values(), new.keys.values(), strict=True))
        if one != other
    ]
    return (
        {_MEASURES: [old.parts[at].row for at in differ]},
        {_MEASURES: [new.parts[at].row for at in differ]},
    )


def _part_of(row: Row, *, is_right: bool) -> CachedMeasure:
    told = tuple(told_files(row))
    return CachedMeasure(
        row=row,
        is_right=is_right,
        told=told,
        facts=Counter(facts(row)),
        bare=frozenset(bare_completions(row)),
        files={same_file_key(one.path): one for one in told},
        stub={key: value for key, value in row.items() if key in _AMONG_OTHERS} | _OWN,
    )


def _is_right(row: Row) -> bool:
    """Tell whether the JSON Schema accepts a measure."""
    found = schema_problems({_MEASURES: [row]})
    return not any(one.path[:1] == (_MEASURES,) for one in found)


def _is_programme(data: PlanData) -> bool:
    try:
        read_plan(data)
    except MalformedPlan:
        return False
    return True
