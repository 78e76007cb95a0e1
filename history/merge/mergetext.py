"""The merge of the files themselves: what git's merge driver does.

Where git's own text merge gives just what the merge by fields gives, its text is taken: it keeps
the comments and the layout of both sides. Else the merged data is spliced into each version, so
that these differ in comments and layout alone, and git merges that. At last our text is spliced.

A file that cannot be read as a plan is left to git's text merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kvartal.history.diff.alignment import same
from kvartal.history.git.git import run
from kvartal.history.git.refusals import GitMissing
from kvartal.history.merge.conflicts import MARKER_SIZE, Labels, marked
from kvartal.history.merge.counterparts import has_keys
from kvartal.history.merge.merge import Merged, merge, settled
from kvartal.history.merge.threeway import Value
from kvartal.history.text.emit import UnwritableValue
from kvartal.history.text.loader import UnreadablePlan, load
from kvartal.history.text.source import Source
from kvartal.history.text.splice import SpliceFailed, splice_to
from kvartal.schema.changes import PlanData

_MOST_CONFLICTS: Final = 127
"""The highest exit code of ``git merge-file`` that counts conflicts; others are failures."""

_BETWEEN: Final = b"\x01\n"
"""A line that stands in no plan: the loader refuses its character."""


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
    labels: Labels
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
    try:
        if merged.conflicts:
            source = _written(sources, merged.data, files)
            text = marked(source, merged.conflicts, files.labels, files.marker_size)
            return MergedText(_encoded(source, text), is_clean=False, merged=merged)
        if by_git is not None and by_git.is_clean and _says(by_git.content, merged.data):
            return MergedText(by_git.content, is_clean=True, merged=merged)
        content = _written(sources, merged.data, files).encoded
        return MergedText(content, is_clean=True, merged=merged)
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
    return _written(_read(files), settled(merged, choices), files).encoded


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
        content = _written(sources, data, files).encoded
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
            done = run(Path(folder), [*arguments, *names])
        except GitMissing:
            return None
    if not 0 <= done.code <= _MOST_CONFLICTS:
        return None
    return MergedText(done.out, is_clean=done.code == 0)


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


def _written(sources: _Sources, data: PlanData, files: Files) -> Source:
    """Return the text of the merged data, with the comments and the layout of both sides.

    Raises:
        SpliceFailed: Our text cannot be made to mean it.
        UnwritableValue: A value has no form in YAML.
    """
    ours = splice_to(sources.ours, data)
    if sources.base is None:
        return ours
    try:
        base, theirs = splice_to(sources.base, data), splice_to(sources.theirs, data)
    except SpliceFailed:
        return ours
    if base.text in {ours.text, theirs.text}:
        return ours if theirs.text == base.text else theirs
    return _with_comments(base, ours, theirs, files) or ours


def _with_comments(base: Source, ours: Source, theirs: Source, files: Files) -> Source | None:
    """Return one text of three that say the same, with the comments and the layout of both sides.

    Where both sides wrote something in one place, both stand there if that says the same still,
    else ours. Git calls changes of neighbouring lines a conflict: a line between parts them.
    """
    parted = replace(files, base=_parted(base), ours=_parted(ours), theirs=_parted(theirs))
    for option in ("--union", "--ours"):
        both = text_merge(parted, option)
        content = b"" if both is None else both.content.replace(_BETWEEN, b"")
        if _says(content, ours.data):
            return load(content, files.name)
    return None


def _parted(source: Source) -> bytes:
    return source.encoded.replace(b"\n", b"\n" + _BETWEEN)


def _encoded(source: Source, text: str) -> bytes:
    return Source(source.name, text, source.bom, source.root, {}).encoded


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
