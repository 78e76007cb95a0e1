"""The merge of the files themselves: what git's merge driver does.

Where git's own text merge gives just what the merge by fields gives, its text is taken: it keeps
the comments and the layout of both sides. Else the merged data is spliced into each version, so
that these differ in comments and layout alone (:mod:`.arrangement`), and these are joined measure
by measure (:mod:`.layout`). Where that fails, our text is spliced.

A file that cannot be read as a plan is left to git's text merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.git.command import run_git
from kvartal.history.git.errors import GitMissing
from kvartal.history.merge.markers import MARKER_SIZE, MarkerLabels, marked
from kvartal.history.merge.matching import has_keys
from kvartal.history.merge.merge import Merged, merge, settled
from kvartal.history.merge.text_blocks import in_order, with_ids
from kvartal.history.merge.text_layout import LineEnds, joined, merged_ends, unix_text
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
        content: What the file is to hold.
        is_clean: Whether nothing is left to a person.
        merged: The merge by fields; None where a file could not be read and git merged the text.
        unread: Why not, where that is so.
    """

    content: bytes
    is_clean: bool
    merged: Merged | None = None
    unread: UnreadablePlan | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """The three versions of a file, and how to mark in it what is left to a person.

    Attributes:
        base: The version both sides started from; empty where there was none.
        ours: Our version.
        theirs: The other one.
        name: What to call the file in messages.
        labels: What to call the versions at the markers.
        marker_size: How many signs make a marker.
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


def merge_files(files: Files, by_git: MergedText | None) -> MergedText:
    """Merge three files by fields, their comments and layout with them.

    Args:
        files: The files.
        by_git: What :func:`text_merge` makes of them.
    """
    try:
        sources = _read(files)
    except UnreadablePlan as error:
        return _by_text(files, by_git, error)
    if not all(map(_has_ids, sources.data)):
        return _by_text(files, by_git, None)
    merged = merge(*sources.data)
    is_clean = not merged.conflicts and by_git is not None and by_git.is_clean
    if is_clean and by_git is not None and _says(by_git.content, merged.data):
        return MergedText(by_git.content, is_clean=True, merged=merged)
    try:
        source, ends = _written(files, merged, merged.data, sources)
        if merged.conflicts:
            text = marked(source, merged.conflicts, files.labels, files.marker_size)
            return MergedText(_ended(source, text, ends), is_clean=False, merged=merged)
        return MergedText(_ended(source, source.text, ends), is_clean=True, merged=merged)
    except (SpliceFailed, UnwritableValue):
        return MergedText(_side_by_side(files), is_clean=False, merged=merged)


def settle_files(files: Files, merged: Merged, choices: Sequence[Value]) -> bytes:
    """Return the text of a merge whose conflicts somebody has settled.

    Args:
        files: The files that were merged.
        merged: What they came to.
        choices: A value for each conflict, in their order; MISSING to leave the field out.

    Raises:
        UnreadablePlan: A file cannot be read.
        SpliceFailed: Our text cannot be made to mean it.
        UnwritableValue: A value has no form in YAML.
    """
    source, ends = _written(files, merged, settled(merged, choices), _read(files))
    return _ended(source, source.text, ends)


def merge_ancestors(files: Files) -> MergedText:
    """Merge the ancestors of a merge into one; where they clash, with what was before them.

    Git asks for it where two branches have merged each other's work: the result is the base of the
    merge proper, so what both ancestors changed has to count as changed there.

    Args:
        files: The files.
    """
    try:
        sources = _read(files)
        if not all(map(_has_ids, sources.data)):
            return _by_text(files, text_merge(files), None)
        merged = merge(*sources.data)
        data = settled(merged, [conflict.sides.base for conflict in merged.conflicts])
        source, ends = _written(files, merged, data, sources)
        content = _ended(source, source.text, ends)
    except (UnreadablePlan, SpliceFailed, UnwritableValue):
        return _by_text(files, text_merge(files), None)
    return MergedText(content, is_clean=True, merged=merged)


def text_merge(files: Files, *options: str) -> MergedText | None:
    """Return git's own merge of the texts; None where it has none, as of binary files.

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


def _by_text(files: Files, by_git: MergedText | None, unread: UnreadablePlan | None) -> MergedText:
    if by_git is None:
        content = files.ours if b"\0" in files.ours else _side_by_side(files)
        return MergedText(content, is_clean=False, unread=unread)
    return MergedText(by_git.content, by_git.is_clean, unread=unread)


def _read(files: Files) -> _Sources:
    base = load(files.base, files.name) if files.base else None
    return _Sources(base, load(files.ours, files.name), load(files.theirs, files.name))


def _has_ids(data: PlanData) -> bool:
    rows = data.get("measures", [])
    return isinstance(rows, list) and has_keys(rows, "id")


def _says(content: bytes, data: PlanData) -> bool:
    try:
        return same(load(content, "").data, data)
    except UnreadablePlan:
        return False


def _written(
    files: Files, merged: Merged, wanted: PlanData, sources: _Sources
) -> tuple[Source, LineEnds | None]:
    """Return the text of the merged data, with the comments and the layout of both sides.

    Args:
        files: The files.
        merged: Their merge.
        wanted: What to write.
        sources: The files as read.

    Returns:
        The text, and how its lines are to end if they do not end so yet.

    Raises:
        UnreadablePlan: A file cannot be read.
        SpliceFailed: Our text cannot be made to mean it.
        UnwritableValue: A value has no form in YAML.
    """
    ends = merged_ends(files.base, files.ours, files.theirs)
    if ends is not None:
        base, ours, theirs = map(unix_text, (files.base, files.ours, files.theirs))
        files = replace(files, base=base, ours=ours, theirs=theirs)
        by_git = text_merge(files)
        if by_git is not None and by_git.is_clean and _says(by_git.content, wanted):
            return load(by_git.content, files.name), ends
        sources = _read(files)
    return _joined(sources, merged.sides, wanted), ends


def _joined(sources: _Sources, known: Sides, data: PlanData) -> Source:
    """Return one text of three whose data is merged.

    Raises:
        SpliceFailed: Our text cannot be made to mean it.
        UnwritableValue: A value has no form in YAML.
    """
    ours = _saying(sources.ours, known.ours, data)
    if sources.base is None:
        return ours
    try:
        base = _saying(sources.base, known.base, data)
        theirs = _saying(sources.theirs, known.theirs, data)
        return joined(base, ours, theirs, lambda text: _read_as(ours, text, data)) or ours
    except SpliceFailed:
        return ours


def _read_as(like: Source, text: str, data: PlanData) -> Source | None:
    """Return a text as read, if it says what it should."""
    try:
        found = load(encoded(text, bom=like.bom), like.name)
    except UnreadablePlan:
        return None
    return found if same(found.data, data) else None


def _saying(source: Source, known: Value, data: PlanData) -> Source:
    """Return a version whose text says what the merged data says.

    Args:
        source: The version as read.
        known: What it says, with the ids that the merge gave its measures.
        data: The merged data.

    Raises:
        SpliceFailed: Its text cannot be made to mean it.
        UnwritableValue: A value has no form in YAML.
    """
    named = with_ids(source, known) if isinstance(known, dict) else source
    return splice_to(in_order(named, data), data)


def _ended(source: Source, text: str, ends: LineEnds | None) -> bytes:
    content = encoded(text, bom=source.bom)
    return content if ends is None else ends.put_on(content)


def _side_by_side(files: Files) -> bytes:
    """Return the whole of all versions between markers: the last resort, with nothing lost."""
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
