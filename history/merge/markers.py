"""Conflicts in the text of a plan: git's markers around the lines of just those fields.

The text with our values, with those before and with theirs is the merged text with a few fields
spliced, so all three are plans that can be read, and a person who keeps the lines of one side and
deletes the rest has a whole file again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, TypeAlias, cast

from kvartal.history.merge.merge import Conflict
from kvartal.history.merge.threeway import Sides, Value
from kvartal.history.yaml_text import outline
from kvartal.history.yaml_text.nodes import ListNode, MapNode, Node
from kvartal.history.yaml_text.source import Source
from kvartal.history.yaml_text.splice import splice_to
from kvartal.schema.changes import MISSING, Missing, Plain
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath

MARKER_SIZE: Final = 7
"""How long git's markers are, unless it says otherwise."""

Lines: TypeAlias = list[str]
Piece: TypeAlias = Lines | tuple[Lines, Lines, Lines]
"""Lines that all versions share, or our lines, those before and theirs."""

Choose: TypeAlias = Callable[[Sides], Value]

_VERSIONS: Final[tuple[Choose, ...]] = (
    attrgetter("ours"),
    attrgetter("base"),
    attrgetter("theirs"),
)


@dataclass(frozen=True, slots=True)
class MarkerLabels:
    """What stands after the markers of the three versions."""

    ours: str = N_("наша сторона")
    base: str = N_("было")
    theirs: str = N_("другая сторона")


@dataclass(frozen=True, slots=True)
class MarkedVersions:
    """The texts of the three versions that a text with markers holds."""

    ours: str
    base: str
    theirs: str


def marked(
    merged: Source, conflicts: Sequence[Conflict], labels: MarkerLabels, size: int = MARKER_SIZE
) -> str:
    """Return the merged text with each conflict between markers.

    Args:
        merged: The text of the merged data.
        conflicts: What is left to a person; at least one.
        labels: What to call the versions.
        size: How many signs make a marker.

    Raises:
        SpliceFailed: A version cannot be written into the text.
        UnwritableValue: A value has no form in YAML.
    """
    sheet = _Sheet(merged, conflicts)
    places = _outermost(sheet.own_lines(one.where) for one in conflicts)
    while (pieces := sheet.pieces(places)) is None:
        # The versions differ in more than these places: wider ones hold the difference.
        places = _outermost(sheet.own_lines(place[:-1]) for place in places)
    newline = merged.newline
    heads = (labels.ours, labels.base, "", labels.theirs)
    ours, base, middle, theirs = (
        f"{sign * size} {head}".rstrip() + newline for sign, head in zip("<|=>", heads, strict=True)
    )
    text: Lines = []
    for piece in pieces:
        if isinstance(piece, list):
            text += piece
            continue
        lines = [_ended(part, newline) for part in piece]
        text += [ours, *lines[0], base, *lines[1], middle, *lines[2], theirs]
    return "".join(text)


def versions_of(text: str, size: int = MARKER_SIZE) -> MarkedVersions | None:
    """Return the versions that a text with markers holds; None for a text without.

    Args:
        text: The text, with what was before between its markers or without.
        size: How many signs make a marker.
    """
    ours, base, theirs = Lines(), Lines(), Lines()
    everywhere = (ours, base, theirs)
    inside = {"<": (ours,), "|": (base,), "=": (theirs,)}
    into: tuple[Lines, ...] = everywhere
    found = False
    for line in text.splitlines(keepends=True):
        sign = line[:1]
        if sign in inside.keys() | {">"} and line.rstrip("\r\n").partition(" ")[0] == sign * size:
            found = True
            into = inside.get(sign, everywhere)
        else:
            for version in into:
                version.append(line)
    return MarkedVersions("".join(ours), "".join(base), "".join(theirs)) if found else None


def _ended(lines: Lines, newline: str) -> Lines:
    """Return lines of which the last one ends."""
    if lines and not lines[-1].endswith("\n"):
        return [*lines[:-1], lines[-1] + newline]
    return lines


def _outermost(places: Iterable[DataPath]) -> list[DataPath]:
    """Return places none of which lies within another."""
    found: list[DataPath] = []
    for place in sorted(set(places), key=len):
        if not any(_is_within(place, other) for other in found):
            found.append(place)
    return found


def _is_within(place: DataPath, other: DataPath) -> bool:
    return place[: len(other)] == other


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A merged text and what of it the versions see otherwise: ours, before, theirs."""

    merged: Source
    conflicts: Sequence[Conflict]

    def own_lines(self, where: DataPath) -> DataPath:
        """Return the innermost place around a value that is on lines of its own in any version."""
        while where and not self._is_apart(where):
            where = where[:-1]
        return where

    def pieces(self, places: Iterable[DataPath]) -> list[Piece] | None:
        """Return the text in pieces; None when the versions differ outside the places too."""
        order = sorted(places, key=lambda place: _extent(self.merged, place))
        outsides: list[list[Lines]] = []
        insides: list[list[Lines]] = []
        for choose in _VERSIONS:
            values = {place: self._value(place, choose) for place in order}
            outside, inside = _cut(self._text(values), order)
            outsides.append(outside)
            # What a version lacks stands in its text all the same, to keep the others' places.
            absent = [isinstance(values[place], Missing) for place in order]
            pairs = zip(inside, absent, strict=True)
            insides.append([[] if is_absent else part for part, is_absent in pairs])
        if outsides[1:] != outsides[:-1]:
            return None
        pieces: list[Piece] = [outsides[0][0]]
        for after, ours, base, theirs in zip(outsides[0][1:], *insides, strict=True):
            pieces += [(ours, base, theirs), after]
        return pieces

    def _is_apart(self, where: DataPath) -> bool:
        if any(isinstance(self._value(where[:-1], choose), Missing) for choose in _VERSIONS):
            return False  # Without its only field, what holds it goes too.
        found = _beginning(self.merged, where)
        if found is None:
            return False
        # The field beside the dash of an item cannot go without the dash.
        is_bound = isinstance(where[-1], str) and not outline.opens_line(self.merged.text, found)
        return not is_bound or not any(
            isinstance(self._value(where, choose), Missing) for choose in _VERSIONS
        )

    def _value(self, where: DataPath, choose: Choose) -> Value:
        """Return what a version holds at a place of the merged data."""
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
        """Return the merged text with these values in their places, but for those absent."""
        present = {at: value for at, value in values.items() if not isinstance(value, Missing)}
        data = _replaced(self.merged.data, (), present)
        return splice_to(self.merged, data) if isinstance(data, dict) else self.merged


def _replaced(value: Plain, path: DataPath, values: Mapping[DataPath, Value]) -> Value:
    """Return a value with others in some places of it; MISSING when nothing is left of it."""
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


def _cut(source: Source, places: Sequence[DataPath]) -> tuple[list[Lines], list[Lines]]:
    """Return the lines outside of places, one piece more than there are places, and those inside.

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
    beginning, node = _found(source, where)
    if not where:
        return 0, len(source.text)
    return outline.line_start(source.text, beginning), outline.line_end(source.text, node.end)


def _beginning(source: Source, where: DataPath) -> int | None:
    """Return where a key or a dash stands; None where it does not begin what is on its line."""
    for length in range(len(where)):
        node = _found(source, where[:length])[1]
        if isinstance(node, MapNode | ListNode) and node.flow:
            return None
    beginning, _ = _found(source, where)
    line = source.text[outline.line_start(source.text, beginning) : beginning]
    return None if line.strip(" -") else beginning


def _found(source: Source, where: DataPath) -> tuple[int, Node]:
    """Return where the key or the dash of a value stands, and the node of the value."""
    beginning, node = 0, cast("Node", source.root)
    for part in where:
        if isinstance(node, MapNode) and isinstance(part, str):
            pair = node.pair(part)
            if pair is None:
                break
            beginning, node = pair[0].start, pair[1]
        elif isinstance(node, ListNode) and isinstance(part, int):
            beginning = node.start if node.flow else outline.dashes(source.text, node)[part]
            node = node.items[part]
    return beginning, node
