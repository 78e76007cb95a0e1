"""The versions of a plan as `verify` reads them, each piece of the text parsed only once.

A commit changes one measure of many. The lines of a measure that were read before, in whichever
version, are not parsed or validated again; so a history of a thousand versions costs little more
than its changes. Whatever is not laid out as usual, or may have a fault, is read whole.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kvartal.history.audit.facts import (
    Fact,
    StatedFile,
    bare_completions,
    dated_facts,
    stated_files,
)
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.layout import Layout, layout
from kvartal.history.diff.own_names import NAMING
from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.conformance import violations
from kvartal.schema.evidence_paths import same_file_key
from kvartal.schema.model import Audit
from kvartal.schema.problems import Problem
from kvartal.schema.reading import MalformedPlan, read_audit, read_plan
from kvartal.schema.validation import rules_broken

# The rules about the other fields of a measure concern that measure alone.
_FIELDS_OF_SHARED_RULES: Final = frozenset(
    {"id", "channel", "section", "number", "actions", "actions_from", "same_work"}
)
_ANY_TERM: Final[Row] = {"term": {"text": "-"}}
"""What no measure is read without."""
_MAX_VERSIONS: Final = 64
_MAX_BYTES: Final = 8 * 1024 * 1024
"""Larger texts are read whole: the loader has limits of its own."""


@dataclass(frozen=True, slots=True)
class CachedMeasure:
    """One measure of a version.

    Attributes:
        row: Its plain data.
        is_valid: Whether the JSON Schema is known to accept it.
        files: The evidence files that it states.
        files_by_key: The same by what they are to any file system.
        facts: Its dated facts, with how often each is there.
        bare_completions: Its completions without evidence, as canonical text.
        stub: The measure reduced to the fields that rules between measures read.
    """

    row: Row
    is_valid: bool
    files: tuple[StatedFile, ...]
    files_by_key: Mapping[str, StatedFile]
    facts: Mapping[Fact, int]
    bare_completions: frozenset[str]
    stub: Row

    @property
    def id(self) -> str:
        """Id of the measure; empty where it has none."""
        measure = self.row.get("id", "")
        return measure if isinstance(measure, str) else ""


@dataclass(frozen=True, slots=True)
class CachedVersion:
    """The plan as one blob holds it.

    Attributes:
        blob: Hash of the blob.
        content: Its bytes.
        data: Its plain data; None where it cannot be read.
        measures: Its measures, in order.
        problems: What is wrong with it, with lines.
        is_well_formed: Whether the program can work with it.
        audit: What it asks of the history.
        layout: Its text taken apart; None where it is not laid out as usual.
    """

    blob: str
    content: bytes
    data: PlanData | None
    measures: tuple[CachedMeasure, ...]
    problems: tuple[Problem, ...]
    is_well_formed: bool
    audit: Audit = field(default_factory=Audit)
    layout: Layout | None = None

    @property
    def files(self) -> Iterator[StatedFile]:
        """The evidence files that it states."""
        return (file for measure in self.measures for file in measure.files)


class VersionCache:
    """The versions of one plan file, by the hashes of their blobs.

    Args:
        objects: The objects of the repository.
        name: What to call the file in messages.
    """

    def __init__(self, objects: ObjectReader, name: str) -> None:
        self._objects = objects
        self._name = name
        self._versions: OrderedDict[str, CachedVersion] = OrderedDict()
        self._measures: dict[bytes, CachedMeasure] = {}
        self._outside: dict[tuple[bytes, bytes], PlanData] = {}
        self._lines_within_rules: dict[tuple[bytes, bytes], set[bytes]] = {}

    def version(self, blob: str) -> CachedVersion:
        """Return a version of the plan.

        Raises:
            ObjectBroken: The blob is not there.
        """
        version = self._versions.get(blob)
        if version is None:
            version = self._versions[blob] = self._read(blob)
            if len(self._versions) > _MAX_VERSIONS:
                self._versions.popitem(last=False)
        else:
            self._versions.move_to_end(blob)
        return version

    def _read(self, blob: str) -> CachedVersion:
        content = self._objects.blob(blob)
        lines = layout(content) if len(content) < _MAX_BYTES else None
        if lines is not None:
            version = self._read_by_measures(blob, content, lines)
            if version is not None:
                return version
        return self._read_whole(blob, content, lines)

    def _read_by_measures(self, blob: str, content: bytes, lines: Layout) -> CachedVersion | None:
        """Return a version put together from known pieces; None where anything may be wrong."""
        outside = self._outside.get(lines.around)
        if outside is None:
            return None
        try:
            measures = tuple(map(self._measure, lines.measures.values()))
        except UnreadablePlan:
            return None
        if not _has_ids(measures, lines) or not all(measure.is_valid for measure in measures):
            return None
        if not self._is_within_rules(outside, lines, measures):
            return None
        data: PlanData = {**outside, MEASURES: [measure.row for measure in measures]}
        return _version(blob, content, data, measures, (), lines)

    def _is_within_rules(
        self, outside: PlanData, lines: Layout, measures: tuple[CachedMeasure, ...]
    ) -> bool:
        """Tell whether measures that the schema accepts keep the rules, each and together.

        A measure that kept them before among the same sections is checked only for what concerns
        the other measures.
        """
        files: dict[str, StatedFile] = {}
        for measure in measures:
            for key, file in measure.files_by_key.items():
                other = files.setdefault(key, file)
                if (other.size, other.sha256) != (file.size, file.sha256):
                    return False
        checked = self._lines_within_rules.setdefault(lines.around, set())
        rows: list[Plain] = [
            measure.stub if own_lines in checked else measure.row
            for measure, own_lines in zip(measures, lines.measures.values(), strict=True)
        ]
        if rules_broken({**outside, MEASURES: rows}):
            return False
        checked.update(lines.measures.values())
        return True

    def _read_whole(self, blob: str, content: bytes, lines: Layout | None) -> CachedVersion:
        try:
            source = load(content, self._name)
        except UnreadablePlan as error:
            return CachedVersion(blob, content, None, (), error.problems, is_well_formed=False)
        data, problems = source.data, check(source)
        is_valid = not problems
        rows = map(as_row, as_list(data.get(MEASURES)))
        measures = tuple(_cached_measure(row, is_valid=is_valid) for row in rows)
        if lines is not None and not _has_ids(measures, lines):
            lines = None
        if lines is not None and is_valid:
            self._outside[lines.around] = {**data, MEASURES: []}
            self._lines_within_rules.setdefault(lines.around, set()).update(lines.measures.values())
            self._measures.update(zip(lines.measures.values(), measures, strict=True))
        return _version(blob, content, data, measures, problems, lines)

    def _measure(self, lines: bytes) -> CachedMeasure:
        measure = self._measures.get(lines)
        if measure is None:
            rows = as_list(load(b"measures:\n" + lines, self._name).data.get(MEASURES))
            # Of several rows none is the measure with the id of these lines.
            row = as_row(rows[0]) if len(rows) == 1 else {}
            measure = self._measures[lines] = _cached_measure(row, is_valid=_is_valid(row))
        return measure


def changed_measures(
    before: CachedVersion | None, after: CachedVersion
) -> tuple[PlanData, PlanData]:
    """Return the data of two versions without the measures whose lines are the same in both.

    Where that is not known the data is whole. A version that cannot be read, or is None, is empty.
    """
    if (
        before is None
        or before.layout is None
        or after.layout is None
        or before.layout.around != after.layout.around
        or list(before.layout.measures) != list(after.layout.measures)
    ):
        return (before.data if before else None) or {}, after.data or {}
    pairs = zip(before.layout.measures.values(), after.layout.measures.values(), strict=True)
    changed = [at for at, (old, new) in enumerate(pairs) if old != new]
    around = {key: value for key, value in (after.data or {}).items() if key in NAMING}
    return (
        {**around, MEASURES: [before.measures[at].row for at in changed]},
        {**around, MEASURES: [after.measures[at].row for at in changed]},
    )


def _version(  # noqa: PLR0913, PLR0917 - what a version is put together from
    blob: str,
    content: bytes,
    data: PlanData,
    measures: tuple[CachedMeasure, ...],
    problems: tuple[Problem, ...],
    lines: Layout | None,
) -> CachedVersion:
    is_well_formed = not problems or _is_well_formed(data)
    return CachedVersion(
        blob, content, data, measures, problems, is_well_formed, read_audit(data), lines
    )


def _has_ids(measures: tuple[CachedMeasure, ...], lines: Layout) -> bool:
    """Tell whether the measures that were read are those that the layout names."""
    return [measure.id.encode() for measure in measures] == list(lines.measures)


def _cached_measure(row: Row, *, is_valid: bool) -> CachedMeasure:
    files = tuple(stated_files(row))
    shared = {key: value for key, value in row.items() if key in _FIELDS_OF_SHARED_RULES}
    return CachedMeasure(
        row=row,
        is_valid=is_valid,
        files=files,
        files_by_key={same_file_key(file.path): file for file in files},
        facts=Counter(dated_facts(row)),
        bare_completions=frozenset(bare_completions(row)),
        stub=shared | _ANY_TERM,
    )


def _is_valid(row: Row) -> bool:
    """Tell whether the JSON Schema accepts a measure."""
    return not violations({MEASURES: [row]}).rows


def _is_well_formed(data: PlanData) -> bool:
    try:
        read_plan(data)
    except MalformedPlan:
        return False
    return True
