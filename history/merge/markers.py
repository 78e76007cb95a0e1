"""Conflicts in the text of a plan: git's markers around the lines of just those fields.

The texts with our values, the base values and their values are the merged text with a few fields
spliced. So all three can be parsed, and a user who keeps the lines of one side and deletes the
rest has a valid file again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final, TypeAlias, cast

from kvartal.history.merge.conflict import Conflict
from kvartal.history.merge.threeway import Sides, Value
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node
from kvartal.history.yaml_text.source import Source
from kvartal.history.yaml_text.splice import splice_to
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath

MARKER_SIZE: Final = 7
"""How long git's markers are by default."""

Lines: TypeAlias = list[str]
Piece: TypeAlias = Lines | tuple[Lines, Lines, Lines]
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
    merged: Source, conflicts: Sequence[Conflict], labels: MarkerLabels, size: int = MARKER_SIZE
) -> str:
    """Return the merged text with each conflict between markers.

    Args:
        merged: The text of the merged data.
        conflicts: The conflicts; at least one.
        labels: What to call the versions.
        size: How many characters make a marker.

    Raises:
        SpliceFailed: A version cannot be written into the text.
        UnwritableValue: A value has no form in YAML.
    """
    conflicts = [*conflicts, *_following(merged.data, conflicts)]
    text = _ConflictedText(merged, conflicts)
    places = _outermost(text.own_lines(conflict.where) for conflict in conflicts)
    while (pieces := text.pieces(places)) is None:
        # The versions differ outside these places: wider ones contain the difference.
        places = _outermost(text.own_lines(place[:-1]) for place in places)
    newline = merged.newline
    heads = (labels.ours, labels.base, "", labels.theirs)
    ours, base, middle, theirs = (
        f"{sign * size} {head}".rstrip() + newline for sign, head in zip("<|=>", heads, strict=True)
    )
    lines: Lines = []
    for piece in pieces:
        if isinstance(piece, list):
            lines += piece
            continue
        versions = [_ended(part, newline) for part in piece]
        lines += [ours, *versions[0], base, *versions[1], middle, *versions[2], theirs]
    return "".join(lines)


def _following(data: PlanData, conflicts: Iterable[Conflict]) -> Iterator[Conflict]:
    """Yield what follows a choice: who keeps the lines of one side has a valid file everywhere."""
    for conflict in conflicts:
        for where in conflict.dispute.followers(data) if conflict.dispute else ():
            yield replace(conflict, where=where)


def marked_versions(text: str, size: int = MARKER_SIZE) -> MarkedVersions | None:
    """Return the versions in a text with markers; None for a text without.

    Args:
        text: The text, with the base version between its markers or without.
        size: How many characters make a marker.
    """
    ours, base, theirs = Lines(), Lines(), Lines()
    everywhere = (ours, base, theirs)
    inside = {"<": (ours,), "|": (base,), "=": (theirs,)}
    into: tuple[Lines, ...] = everywhere
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


def _ended(lines: Lines, newline: str) -> Lines:
    """Return lines with a line end after the last one."""
    if lines and not lines[-1].endswith("\n"):
        return [*lines[:-1], lines[-1] + newline]
    return lines


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

    def pieces(self, places: Iterable[DataPath]) -> list[Piece] | None:
        """Return the text in pieces; None where the versions differ outside the places too."""
        order = sorted(places, key=lambda place: _extent(self.merged, place))
        outsides: list[list[Lines]] = []
        insides: list[list[Lines]] = []
        for choose in _VERSIONS:
            values = {place: self._value(place, choose) for place in order}
            outside, inside = _split_at(self._text(values), order)
            outsides.append(outside)
            # A value that a version lacks is in its text all the same, to keep the pieces aligned.
            absent = [isinstance(values[place], Missing) for place in order]
            pairs = zip(inside, absent, strict=True)
            insides.append([[] if is_absent else part for part, is_absent in pairs])
        if outsides[1:] != outsides[:-1]:
            return None
        pieces: list[Piece] = [outsides[0][0]]
        for after, ours, base, theirs in zip(outsides[0][1:], *insides, strict=True):
            pieces += [(ours, base, theirs), after]
        return pieces

    def _has_own_lines(self, where: DataPath) -> bool:
        if any(isinstance(self._value(where[:-1], choose), Missing) for choose in _VERSIONS):
            return False  # Without its only field, the mapping itself is missing.
        start = _start(self.merged, where)
        if start is None:
            return False
        # The field after the dash of an item cannot be removed without the dash.
        is_bound = isinstance(where[-1], str) and not outline.opens_line(self.merged.text, start)
        return not is_bound or not any(
            isinstance(self._value(where, choose), Missing) for choose in _VERSIONS
        )

    def _value(self, where: DataPath, choose: Choose) -> Value:
        """Return the value of a version at a place of the merged data."""
        values = {one.where: choose(one.sides) for one in self.conflicts}
        return _replaced(self._merged_value(where), where, values)

    def _merged_value(self, where: DataPath) -> Plain:
        value: Plain = self.merged.data
        for part in where:
            if isinstance(value, dict):
                value = value[str(part)]
            elif isinstance(value, list) and isinstance(part, int):
                value = value[part]
        return value

    def _text(self, values: Mapping[DataPath, Value]) -> Source:
        """Return the merged text with these values in their places, except missing ones."""
        present = {at: value for at, value in values.items() if not isinstance(value, Missing)}
        data = _replaced(self.merged.data, (), present)
        return splice_to(self.merged, data) if isinstance(data, dict) else self.merged


def _replaced(value: Plain, path: DataPath, values: Mapping[DataPath, Value]) -> Value:
    """Return a value with some of its parts replaced; MISSING when nothing is left of it."""
    if path in values:
        return values[path]
    inside = {at[len(path)] for at in values if len(at) > len(path) and _is_within(at, path)}
    if isinstance(value, dict) and inside:
        fields = {
            key: _replaced(item, (*path, key), values) if key in inside else item
            for key, item in value.items()
        }
        return {k: item for k, item in fields.items() if not isinstance(item, Missing)} or MISSING
    if isinstance(value, list) and inside:
        items = [
            _replaced(item, (*path, at), values) if at in inside else item
            for at, item in enumerate(value)
        ]
        return [item for item in items if not isinstance(item, Missing)] or MISSING
    return value


def _split_at(source: Source, places: Sequence[DataPath]) -> tuple[list[Lines], list[Lines]]:
    """Return the lines outside the places, one piece more than there are places, and those inside.

    Args:
        source: The text.
        places: Where to cut, in the order of the text.
    """
    outside: list[Lines] = []
    inside: list[Lines] = []
    done = 0
    for start, end in (_extent(source, place) for place in places):
        outside.append(source.text[done:start].splitlines(keepends=True))
        inside.append(source.text[start:end].splitlines(keepends=True))
        done = end
    return [*outside, source.text[done:].splitlines(keepends=True)], inside


def _extent(source: Source, where: DataPath) -> tuple[int, int]:
    """Return where the lines of a value start and end, in characters."""
    start, node = _located(source, where)
    if not where:
        return 0, len(source.text)
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
        if isinstance(node, MapNode) and isinstance(part, str):
            pair = node.pair(part)
            if pair is None:
                break
            start, node = pair[0].start, pair[1]
        elif isinstance(node, ListNode) and isinstance(part, int):
            start = node.start if node.flow else outline.dashes(source.text, node)[part]
            node = node.items[part]
    return start, node
