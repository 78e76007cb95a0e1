"""Conflicts in the text of a plan: git's markers around the lines of just those fields.

The texts with our values, the base values and their values are the merged text with a few fields
spliced. So all three can be parsed, and a user who keeps the lines of one side and deletes the
rest has what a choice of that side gives. Both may break a rule that holds across fields.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final, TypeAlias, cast

from kvartal.history.diff.matching import same
from kvartal.history.merge.conflict import Conflict, Merged
from kvartal.history.merge.measure_places import other_field
from kvartal.history.merge.rule_conflicts import overlap
from kvartal.history.merge.threeway import Sides, Value
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node
from kvartal.history.yaml_text.source import Source
from kvartal.history.yaml_text.splice import splice_to
from kvartal.schema.changes import MISSING, Missing
from kvartal.schema.data_paths import value_at
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath

MARKER_SIZE: Final = 7
"""How long git's markers are by default."""

Piece: TypeAlias = str | tuple[str, str, str]
"""Lines that all versions share, or the lines of ours, base and theirs."""

Choose: TypeAlias = Callable[[Sides], Value]

_VERSIONS: Final[tuple[Choose, ...]] = (
    attrgetter("ours"),
    attrgetter("base"),
    attrgetter("theirs"),
)


@dataclass(frozen=True, slots=True)
class MarkerLabels:
    """The text after the markers of the three versions."""

    ours: str = N_("наша сторона")
    base: str = N_("было")
    theirs: str = N_("другая сторона")


@dataclass(frozen=True, slots=True)
class MarkedVersions:
    """The texts of the three versions in a text with markers."""

    ours: str
    base: str
    theirs: str


def with_markers(
    source: Source, merged: Merged, labels: MarkerLabels, size: int = MARKER_SIZE
) -> str:
    """Return the merged text with each conflict between markers.

    Args:
        source: The text of the merged data.
        merged: The merge, with at least one conflict.
        labels: What to call the versions.
        size: How many characters make a marker.

    Raises:
        SpliceFailed: A version cannot be written into the text.
        UnwritableValue: A value has no form in YAML.
    """
    followed = [
        one
        for one in _following(merged)
        if not any(overlap(one.where, other.where) for other in merged.conflicts)
    ]
    conflicts, newline = [*merged.conflicts, *followed], source.newline
    text = _ConflictedText(source, conflicts)
    places = _outermost(text.own_lines(conflict.where) for conflict in conflicts)
    heads = (labels.ours, labels.base, "", labels.theirs)
    ours, base, middle, theirs = (
        f"{sign * size} {head}".rstrip() + newline for sign, head in zip("<|=>", heads, strict=True)
    )
    result = ""
    for piece in text.pieces(places):
        if isinstance(piece, str):
            result += piece
        else:
            mine, old, other = (_ended(part, newline) for part in piece)
            result += ours + mine + base + old + middle + other + theirs
    return result


def _following(merged: Merged) -> Iterator[Conflict]:
    """Yield what follows a choice: who keeps the lines of one side has a valid file everywhere."""
    for conflict in merged.conflicts:
        for where in conflict.dispute.followers(merged.data) if conflict.dispute else ():
            yield replace(conflict, where=where)
        yield from _other_field(conflict, merged)
        edit = conflict.rollback
        # What the merged text lacks has no lines that could be between markers.
        if edit is not None and not isinstance(edit.old, Missing):
            kept = conflict.sides
            versions = (
                edit.new if same(one, conflict.value) else edit.old
                for one in (kept.base, kept.ours, kept.theirs)
            )
            yield replace(conflict, where=edit.path, sides=Sides(*versions))


def _other_field(conflict: Conflict, merged: Merged) -> Iterator[Conflict]:
    """Yield the section of a measure whose channel is chosen, or the other way round."""
    choices = (conflict.sides.base, conflict.sides.ours, conflict.sides.theirs)
    edits = [other_field(conflict, one, merged.data, merged.sides) for one in choices]
    for where in {where: None for each in edits for where in each}:
        if not isinstance(old := value_at(merged.data, where), Missing):
            versions = (each[where].new if where in each else old for each in edits)
            yield replace(conflict, where=where, sides=Sides(*versions))


def marked_versions(text: str, size: int = MARKER_SIZE) -> MarkedVersions | None:
    """Return the versions in a text with markers; None for a text without.

    Args:
        text: The text, with the base version between its markers or without.
        size: How many characters make a marker.
    """
    ours, base, theirs = list[str](), list[str](), list[str]()
    everywhere = (ours, base, theirs)
    inside = {"<": (ours,), "|": (base,), "=": (theirs,)}
    into: tuple[list[str], ...] = everywhere
    has_markers = False
    for line in text.splitlines(keepends=True):
        sign = line[:1]
        if sign in inside.keys() | {">"} and line.rstrip("\r\n").partition(" ")[0] == sign * size:
            has_markers = True
            into = inside.get(sign, everywhere)
        else:
            for version in into:
                version.append(line)
    if not has_markers:
        return None
    return MarkedVersions("".join(ours), "".join(base), "".join(theirs))


def _ended(lines: str, newline: str) -> str:
    """Return lines with a line end after the last one."""
    return lines + newline if lines and not lines.endswith("\n") else lines


def _outermost(places: Iterable[DataPath]) -> list[DataPath]:
    """Return the places that are not within a different one."""
    outermost: list[DataPath] = []
    for place in sorted(set(places), key=len):
        if not any(_is_within(place, other) for other in outermost):
            outermost.append(place)
    return outermost


def _is_within(place: DataPath, other: DataPath) -> bool:
    return place[: len(other)] == other


@dataclass(frozen=True, slots=True)
class _ConflictedText:
    """A merged text and the conflicts in it."""

    merged: Source
    conflicts: Sequence[Conflict]

    def own_lines(self, where: DataPath) -> DataPath:
        """Return the innermost place around a value with lines of its own in all versions."""
        while where and not self._has_own_lines(where):
            where = where[:-1]
        return where

    def pieces(self, places: Iterable[DataPath]) -> list[Piece]:
        """Return the text in pieces: what is around the places, and each place in three versions.

        Should the versions differ elsewhere too, the whole text is one place.
        """
        order = sorted(places, key=lambda place: _extent(self.merged, place))
        texts: list[str] = []
        outsides: list[list[str]] = []
        insides: list[list[str]] = []
        for choose in _VERSIONS:
            values = {place: self._value(place, choose) for place in order}
            version = self._text(values)
            texts.append(version.text)
            outside, inside = _split_at(version, order)
            outsides.append(outside)
            # A value that a version lacks is in its text all the same, to keep the pieces aligned.
            absent = [isinstance(values[place], Missing) for place in order]
            pairs = zip(inside, absent, strict=True)
            insides.append(["" if is_absent else part for part, is_absent in pairs])
        (first, *shared), *others = outsides
        if any(other != [first, *shared] for other in others):
            ours, base, theirs = texts
            return [(ours, base, theirs)]
        pieces: list[Piece] = [first]
        for after, ours, base, theirs in zip(shared, *insides, strict=True):
            pieces += [(ours, base, theirs), after]
        return pieces

    def _has_own_lines(self, where: DataPath) -> bool:
        start = _start(self.merged, where)
        return (
            start is not None
            # Without its only field, the mapping itself is missing.
            and not self._may_be_missing(where[:-1])
            # The field after the dash of an item cannot be removed without the dash.
            and (outline.opens_line(self.merged.text, start) or not self._may_be_missing(where))
        )

    def _may_be_missing(self, where: DataPath) -> bool:
        return any(isinstance(self._value(where, choose), Missing) for choose in _VERSIONS)

    def _value(self, where: DataPath, choose: Choose) -> Value:
        """Return the value of a version at a place of the merged data."""
        values = {one.where: choose(one.sides) for one in self.conflicts}
        return _replaced(value_at(self.merged.data, where), where, values)

    def _text(self, values: Mapping[DataPath, Value]) -> Source:
        """Return the merged text with these values in their places, except missing ones."""
        present = {at: value for at, value in values.items() if not isinstance(value, Missing)}
        data = _replaced(self.merged.data, (), present)
        return splice_to(self.merged, data) if isinstance(data, dict) else self.merged


def _replaced(value: Value, path: DataPath, values: Mapping[DataPath, Value]) -> Value:
    """Return a value with some of its parts replaced; MISSING when nothing is left of it."""
    if path in values:
        return values[path]
    inside = {at[len(path)] for at in values if len(at) > len(path) and _is_within(at, path)}
    if isinstance(value, dict):
        fields = {
            key: _replaced(item, (*path, key), values) if key in inside else item
            for key, item in value.items()
        }
        return {k: item for k, item in fields.items() if not isinstance(item, Missing)} or MISSING
    if isinstance(value, list):
        items = [
            _replaced(item, (*path, at), values) if at in inside else item
            for at, item in enumerate(value)
        ]
        return [item for item in items if not isinstance(item, Missing)] or MISSING
    return value


def _split_at(source: Source, places: Sequence[DataPath]) -> tuple[list[str], list[str]]:
    """Return the lines outside the places, one piece more than there are places, and those inside.

    Args:
        source: The text.
        places: Where to cut, in the order of the text.
    """
    outside: list[str] = []
    inside: list[str] = []
    done = 0
    for start, end in (_extent(source, place) for place in places):
        outside.append(source.text[done:start])
        inside.append(source.text[start:end])
        done = end
    return [*outside, source.text[done:]], inside


def _extent(source: Source, where: DataPath) -> tuple[int, int]:
    """Return where the lines of a value start and end, in characters."""
    start, node = _located(source, where)
    return outline.line_start(source.text, start), outline.line_end(source.text, node.end)


def _start(source: Source, where: DataPath) -> int | None:
    """Return the position of a value's key or dash; None where that is not first in its line."""
    for length in range(len(where)):
        node = _located(source, where[:length])[1]
        if isinstance(node, MapNode | ListNode) and node.flow:
            return None
    start, _ = _located(source, where)
    line = source.text[outline.line_start(source.text, start) : start]
    return None if line.strip(" -") else start


def _located(source: Source, where: DataPath) -> tuple[int, Node]:
    """Return the position of a value's key or dash, and the node of the value."""
    start, node = 0, cast("Node", source.root)
    for part in where:
        if isinstance(node, MapNode):
            pair = node.pair(str(part))
            if pair is None:
                break
            start, node = pair[0].start, pair[1]
        elif isinstance(node, ListNode):
            at = int(part)
            start = node.start if node.flow else outline.dashes(source.text, node)[at]
            node = node.items[at]
    return start, node
