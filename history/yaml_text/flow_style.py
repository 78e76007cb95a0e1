"""Patches for mappings and lists in flow style: in braces and brackets."""

from collections.abc import Mapping, Sequence

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text.nodes import ListNode, MapNode, ScalarNode
from kvartal.history.yaml_text.patches import (
    FRONT,
    PatchList,
    RewriteNested,
    ValueChange,
    match_items,
    moved_items,
    new_items_by_predecessor,
    new_keys_by_predecessor,
)

_SEPARATOR = ", "


def rewrite_braces(patches: PatchList, change: ValueChange, rewrite_nested: RewriteNested) -> bool:
    """Add patches that change a mapping in braces; False where it has to be replaced as a whole."""
    node, old, new = change.node, change.old, change.new
    if not (isinstance(node, MapNode) and isinstance(old, dict) and isinstance(new, dict)):
        return False
    kept = [index for index, (key, _) in enumerate(node.pairs) if key.value in new]
    # A single pair in a list may be written without braces (``[a: 1]``): there is no room for more.
    if not kept or patches.text[node.start] != "{":
        return False
    for index in kept:
        key, value = node.pairs[index]
        name = str(key.value)
        path = (*change.path, name)
        _rewrite_value(patches, ValueChange(value, old[name], new[name], path), rewrite_nested)
    style = patches.style()
    places = new_keys_by_predecessor([node.pairs[index] for index in kept], new, change.path)
    added = {
        FRONT if after == FRONT else kept[after]: [
            style.flow({name: new[name]})[1:-1] for name in names
        ]
        for after, names in places.items()
    }
    extents = [(key.start, value.end) for key, value in node.pairs]
    _change_members(patches, extents, kept, added)
    return True


def rewrite_brackets(
    patches: PatchList, change: ValueChange, rewrite_nested: RewriteNested
) -> bool:
    """Add patches that change a list in brackets; False where it has to be replaced as a whole."""
    node, old, new = change.node, change.old, change.new
    if not (isinstance(node, ListNode) and isinstance(old, list) and isinstance(new, list)):
        return False
    pairs = match_items(old, new)
    if not pairs:
        return False
    for index, place in pairs:
        path = (*change.path, index)
        difference = ValueChange(node.items[index], old[index], new[place], path)
        _rewrite_value(patches, difference, rewrite_nested)
    style = patches.style()
    moved = {} if patches.quoted else moved_items(old, new, pairs)
    members = {at: node.items[index] for at, index in moved.items()}
    added = {
        after: [
            patches.text[members[place].start : members[place].end]
            if place in members
            else style.flow(new[place])
            for place in places
        ]
        for after, places in new_items_by_predecessor(pairs, len(new)).items()
    }
    extents = [(item.start, item.end) for item in node.items]
    _change_members(patches, extents, [index for index, _ in pairs], added)
    return True


def _rewrite_value(patches: PatchList, change: ValueChange, rewrite_nested: RewriteNested) -> None:
    node, new = change.node, change.new
    if same(change.old, new):
        return
    if isinstance(node, ScalarNode) and not isinstance(new, dict | list):
        patches.replace_flow_scalar(node, new)
    elif not rewrite_nested(change):
        patches.replace(node.start, node.end, patches.style().flow(new))


def _change_members(
    patches: PatchList,
    extents: Sequence[tuple[int, int]],
    kept: Sequence[int],
    added: Mapping[int, Sequence[str]],
) -> None:
    """Remove and insert members together with their commas.

    Args:
        patches: Where to add the patches.
        extents: Start and end of each existing member.
        kept: The indexes of those that stay; at least one.
        added: The texts of new members, by the index of the member they go after, or FRONT.
    """
    for index, (start, end) in enumerate(extents):
        if index < kept[0]:
            patches.replace(start, extents[index + 1][0], "")
        elif index not in kept:
            patches.replace(extents[index - 1][1], end, "")
    for after, members in added.items():
        if after == FRONT:
            start = extents[kept[0]][0]
            patches.replace(start, start, "".join(member + _SEPARATOR for member in members))
        else:
            end = extents[after][1]
            patches.replace(end, end, "".join(_SEPARATOR + member for member in members))
