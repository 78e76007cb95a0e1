"""The merge of the files themselves: what git's merge driver does.

Where git's own text merge means exactly what the merge by fields gives, its text is taken: it keeps
the comments and the layout of both sides. Otherwise the merged data is spliced into each version,
so that these differ only in comments and layout (:mod:`.text_blocks`), and the three texts are
joined measure by measure (:mod:`.text_layout`). Where that fails, our text is spliced.

A file that cannot be parsed as a plan is left to git's text merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.git.command import run_git
from kvartal.history.git.errors import GitMissing
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.markers import MARKER_SIZE, MarkerLabels, with_markers
from kvartal.history.merge.matching import has_unique_keys
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.merge.text_blocks import in_order, with_ids
from kvartal.history.merge.text_layout import LineEnds, join_layouts, merged_ends, unix_text
from kvartal.history.merge.threeway import Sides, Value
from kvartal.history.yaml_text.emit import UnwritableValue
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.source import Source, encoded
from kvartal.history.yaml_text.splice import SpliceFailed, splice_to
from kvartal.schema.changes import PlanData

_MOST_CONFLICTS: Final = 127
"""The highest exit code of ``git merge-file`` that counts conflicts; others are failures."""


@dataclass(frozen=True, slots=True)
class MergedText:
    """The merge of three files.

    Attributes:
        content: The content for the file.
        is_clean: Whether there are no conflicts in it.
        merged: The merge by fields; None where a file could not be parsed and git merged the text.
        parse_error: Why it could not be parsed.
    """

    content: bytes
    is_clean: bool
    merged: Merged | None = None
    parse_error: UnreadablePlan | None = None


@dataclass(frozen=True, slots=True)
class MergeInput:
    """The three versions of a file, and how to mark conflicts in it.

    Attributes:
        base: The version both sides started from; empty where there was none.
        ours: Our version.
        theirs: Theirs.
        name: What to call the file in messages.
        labels: What to call the versions at the markers.
        marker_size: How many characters make a marker.
    """

    base: bytes
    ours: bytes
    theirs: bytes
    name: str
    labels: MarkerLabels
    marker_size: int = MARKER_SIZE


@dataclass(frozen=True, slots=True)
class _Sources:
    base: Source | None
    ours: Source
    theirs: Source

    @property
    def data(self) -> tuple[PlanData, PlanData, PlanData]:
        base = {} if self.base is None else self.base.data
        return base, self.ours.data, self.theirs.data


def merge_files(files: MergeInput, by_git: MergedText | None) -> MergedText:
    """Merge three files by fields, their comments and layout with them.

    Args:
        files: The files.
        by_git: The result of :func:`text_merge` for them.
    """
    try:
        sources = _read(files)
    except UnreadablePlan as error:
        return _by_text(files, by_git, error)
    if not all(map(_has_ids, sources.data)):
        return _by_text(files, by_git, None)
    merged = merge(*sources.data)
    is_clean = not merged.conflicts and by_git is not None and by_git.is_clean
    if is_clean and by_git is not None and _means(by_git.content, merged.data):
        return MergedText(by_git.content, is_clean=True, merged=merged)
    try:
        source, ends = _merged_source(files, merged, merged.data, sources)
        if merged.conflicts:
            text = with_markers(source, merged, files.labels, files.marker_size)
            return MergedText(_content(source, text, ends), is_clean=False, merged=merged)
        return MergedText(_content(source, source.text, ends), is_clean=True, merged=merged)
    except (SpliceFailed, UnwritableValue):
        return MergedText(_whole_file_conflict(files), is_clean=False, merged=merged)


def resolve_files(files: MergeInput, merged: Merged, choices: Sequence[Value]) -> bytes:
    """Return the content for a merge whose conflicts have been resolved.

    Args:
        files: The files that were merged.
        merged: Their merge.
        choices: A value for each conflict, in their order; MISSING to leave the field out.

    Raises:
        UnreadablePlan: A file cannot be parsed.
        SpliceFailed: The data cannot be written into our text.
        UnwritableValue: A value has no form in YAML.
    """
    source, ends = _merged_source(files, merged, resolve(merged, choices), _read(files))
    return _content(source, source.text, ends)


def merge_ancestors(files: MergeInput) -> MergedText:
    """Merge several common ancestors into one; where they conflict, with the value before them.

    Git asks for it where two branches have merged each other's work: the result is the base of the
    actual merge, so what both ancestors changed has to count as changed there.

    Args:
        files: The files.
    """
    try:
        sources = _read(files)
        if not all(map(_has_ids, sources.data)):
            return _by_text(files, text_merge(files), None)
        merged = merge(*sources.data)
        data = resolve(merged, [conflict.sides.base for conflict in merged.conflicts])
        source, ends = _merged_source(files, merged, data, sources)
        content = _content(source, source.text, ends)
    except (UnreadablePlan, SpliceFailed, UnwritableValue):
        return _by_text(files, text_merge(files), None)
    return MergedText(content, is_clean=True, merged=merged)


def text_merge(files: MergeInput, *options: str) -> MergedText | None:
    """Return git's own merge of the texts; None where git has none, as for binary files.

    Args:
        files: The texts.
        options: More options for ``git merge-file``.
    """
    names = ("ours", "base", "theirs")
    versions = (files.ours, files.base, files.theirs)
    labels = (files.labels.ours, files.labels.base, files.labels.theirs)
    arguments = [
        "merge-file",
        "--stdout",
        "--quiet",
        f"--marker-size={files.marker_size}",
        *options,
    ]
    arguments += [part for label in labels for part in ("-L", label)]
    with TemporaryDirectory(prefix="kvartal-merge-") as folder:
        for name, version in zip(names, versions, strict=True):
            Path(folder, name).write_bytes(version)
        try:
            done = run_git(Path(folder), [*arguments, *names])
        except GitMissing:
            return None
    if not 0 <= done.code <= _MOST_CONFLICTS:
        return None
    return MergedText(done.stdout, is_clean=done.code == 0)


def _by_text(
    files: MergeInput, by_git: MergedText | None, error: UnreadablePlan | None
) -> MergedText:
    if by_git is None:
        content = files.ours if b"\0" in files.ours else _whole_file_conflict(files)
        return MergedText(content, is_clean=False, parse_error=error)
    return MergedText(by_git.content, by_git.is_clean, parse_error=error)


def _read(files: MergeInput) -> _Sources:
    base = load(files.base, files.name) if files.base else None
    return _Sources(base, load(files.ours, files.name), load(files.theirs, files.name))


def _has_ids(data: PlanData) -> bool:
    rows = data.get("measures", [])
    return isinstance(rows, list) and has_unique_keys(rows, "id")


def _means(content: bytes, data: PlanData) -> bool:
    try:
        return same(load(content, "").data, data)
    except UnreadablePlan:
        return False


def _merged_source(
    files: MergeInput, merged: Merged, wanted: PlanData, sources: _Sources
) -> tuple[Source, LineEnds | None]:
    """Return a text with given data, and with the comments and the layout of both sides.

    Args:
        files: The files.
        merged: Their merge.
        wanted: The data.
        sources: The files as parsed.

    Returns:
        The text, and the line ends still to be applied to it, if any.

    Raises:
        UnreadablePlan: A file cannot be parsed.
        SpliceFailed: The data cannot be written into our text.
        UnwritableValue: A value has no form in YAML.
    """
    ends = merged_ends(files.base, files.ours, files.theirs)
    if ends is not None:
        base, ours, theirs = map(unix_text, (files.base, files.ours, files.theirs))
        files = replace(files, base=base, ours=ours, theirs=theirs)
        by_git = text_merge(files)
        if by_git is not None and by_git.is_clean and _means(by_git.content, wanted):
            return load(by_git.content, files.name), ends
        sources = _read(files)
    return _joined_source(sources, merged.sides, wanted), ends


def _joined_source(sources: _Sources, sides: Sides, data: PlanData) -> Source:
    """Return a text with the merged data, joined from the texts of all three versions.

    Raises:
        SpliceFailed: The data cannot be written into our text.
        UnwritableValue: A value has no form in YAML.
    """
    ours = _with_data(sources.ours, sides.ours, data)
    if sources.base is None:
        return ours

    def read(text: str) -> Source | None:
        try:
            source = load(encoded(text, bom=ours.bom), ours.name)
        except UnreadablePlan:
            return None
        return source if same(source.data, data) else None

    try:
        base = _with_data(sources.base, sides.base, data)
        theirs = _with_data(sources.theirs, sides.theirs, data)
        return join_layouts(base, ours, theirs, read) or ours
    except SpliceFailed:
        return ours


def _with_data(source: Source, version: Value, data: PlanData) -> Source:
    """Return the text of a version with the merged data in it.

    Args:
        source: The version as parsed.
        version: Its data, with the ids that the merge gave its measures.
        data: The merged data.

    Raises:
        SpliceFailed: The data cannot be written into the text.
        UnwritableValue: A value has no form in YAML.
    """
    renamed = with_ids(source, version) if isinstance(version, dict) else source
    return splice_to(in_order(renamed, data), data)


def _content(source: Source, text: str, ends: LineEnds | None) -> bytes:
    """Return the bytes of a text, with the byte order mark of a source and given line ends."""
    content = encoded(text, bom=source.bom)
    return content if ends is None else ends.apply(content)


def _whole_file_conflict(files: MergeInput) -> bytes:
    """Return all versions in full between markers: the last resort, with nothing lost."""
    labels, size = files.labels, files.marker_size
    parts = (
        ("<", labels.ours, files.ours),
        ("|", labels.base, files.base),
        ("=", "", files.theirs),
    )
    lines = [
        f"{sign * size} {label}".rstrip().encode() + b"\n" + content.rstrip(b"\n") + b"\n"
        for sign, label, content in parts
    ]
    return b"".join([*lines, f"{'>' * size} {labels.theirs}\n".encode()])
