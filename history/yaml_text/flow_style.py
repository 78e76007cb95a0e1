"""Patches for mappings and lists in brackets and braces."""

from collections.abc import Mapping, Sequence

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text.nodes import ListNode, MapNode, ScalarNode
from kvartal.history.yaml_text.patches import (
    FRONT,
    Descend,
    Difference,
    Notebook,
    paired,
    places_of_new,
    runs_of_new,
)

_SEPARATOR = ", "


def rewrite_braces(notes: Notebook, wanted: Difference, descend: Descend) -> bool:
    """Note what makes a mapping in braces mean other data, if that is possible within it."""
    node, old, new = wanted.node, wanted.old, wanted.new
    if not (isinstance(node, MapNode) and isinstance(old, dict) and isinstance(new, dict)):
        return False
    kept = [index for index, (key, _) in enumerate(node.pairs) if key.value in new]
    # A pair that stands in a list without braces of its own has no room for another.
    if not kept or notes.text[node.start] != "{":
        return False
    for index in kept:
        key, value = node.pairs[index]
        name = str(key.value)
        path = (*wanted.path, name)
        _rewrite_value(notes, Difference(value, old[name], new[name], path), descend)
    style = notes.style()
    places = places_of_new([node.pairs[index] for index in kept], new, wanted.path)
    added = {
        FRONT if after == FRONT else kept[after]: [
            style.flow({name: new[name]})[1:-1] for name in names
        ]
        for after, names in places.items()
    }
    extents = [(key.start, value.end) for key, value in node.pairs]
    _change_members(notes, extents, kept, added)
    return True


def rewrite_brackets(notes: Notebook, wanted: Difference, descend: Descend) -> bool:
    """Note what makes a list in brackets mean other data, if that is possible within it."""
    node, old, new = wanted.node, wanted.old, wanted.new
    if not (isinstance(node, ListNode) and isinstance(old, list) and isinstance(new, list)):
        return False
    pairs = paired(old, new)
    if not pairs:
        return False
    for index, place in pairs:
        path = (*wanted.path, index)
        difference = Difference(node.items[index], old[index], new[place], path)
        _rewrite_value(notes, difference, descend)
    style = notes.style()
    added = {
        after: [style.flow(new[place]) for place in places]
        for after, places in runs_of_new(pairs, len(new)).items()
    }
    extents = [(item.start, item.end) for item in node.items]
    _change_members(notes, extents, [index for index, _ in pairs], added)
    return True


def _rewrite_value(notes: Notebook, wanted: Difference, descend: Descend) -> None:
    node, new = wanted.node, wanted.new
    if same(wanted.old, new):
        return
    if isinstance(node, ScalarNode) and not isinstance(new, dict | list):
        notes.note_flow_scalar(node, new)
    elif not descend(wanted):
        notes.note(node.start, node.end, notes.style().flow(new))


def _change_members(
    notes: Notebook,
    extents: Sequence[tuple[int, int]],
    kept: Sequence[int],
    added: Mapping[int, Sequence[str]],
) -> None:
    """Note members that go and come, with their commas.

    Args:
        notes: The notebook.
        extents: Where the members that are there start and end.
        kept: The indexes of those that stay; at least one.
        added: What comes, by the index of the member it comes after, or FRONT.
    """
    for index, (start, end) in enumerate(extents):
        if index < kept[0]:
            notes.note(start, extents[index + 1][0], "")
        elif index not in kept:
            notes.note(extents[index - 1][1], end, "")
    for after, members in added.items():
        if after == FRONT:
            start = extents[kept[0]][0]
            notes.note(start, start, "".join(member + _SEPARATOR for member in members))
        else:
            end = extents[after][1]
            notes.note(end, end, "".join(_SEPARATOR + member for member in members))
