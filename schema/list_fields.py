"""Fields inside what a measure may have one or several of: ``budget.plan``, ``budget.0.plan``.

A plan holds one budget or indicator as a mapping and several as a list, one responsible as a line
or as a list with roles. A name with an index means the same value whichever of these it is.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from kvartal.schema.changes import MISSING, Edit, Missing, Plain
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_, KvartalError

if TYPE_CHECKING:
    from kvartal.schema.problems import DataPath

LISTED: Final = frozenset({"budget", "indicator", "responsible"})
_ITEM: Final = re.compile(r"([a-z]+)(?:\.[0-9]{1,4})?")
_INDEXED: Final = re.compile(r"([a-z]+)(?:\.([0-9]{1,4}))?\.([a-z]+)")
_Wanted = Mapping[int, Mapping[str, Plain | Missing]]
"""New values of fields, by the index of the item."""

_LINE: Final = "responsible"
_NAME: Final = "name"


class NoSuchItem(KvartalError):
    """A field names an item that the measure does not have, and that is not the next one."""

    template = N_("Поле «{field}»: в списке столько записей: {count}. Счёт начинается с нуля.")


class ItemNotNamed(KvartalError):
    """A field of one of several items was named without saying of which."""

    template = N_(
        "Поле «{field}»: таких записей несколько ({count}). Назовите, какую, с нуля: {example}."
    )


class ItemSetAndRemoved(KvartalError):
    """One call sets a field of an item and removes that item."""

    template = N_("Поле «{field}»: «{removed}=» эту запись убирает. Задайте что-то одно.")


def is_listed(name: str) -> bool:
    """Return whether a dotted name is of a field inside what there may be several of."""
    parts = _INDEXED.fullmatch(name)
    return parts is not None and parts[1] in LISTED


def is_item(name: str) -> bool:
    """Return whether a name is of one item, ``budget.1``, or of all, ``budget``."""
    parts = _ITEM.fullmatch(name)
    return parts is not None and parts[1] in LISTED


def refuse_set_and_removed(names: Iterable[str], removed: Collection[str]) -> None:
    """Refuse names of fields in items that are removed by the same call.

    Args:
        names: All names.
        removed: Those of removed items, each `is_item`.

    Raises:
        ItemSetAndRemoved: One is both.
    """
    items = {_item_key(name): name for name in removed}
    for name in names:
        parts = _INDEXED.fullmatch(name)
        if parts is None:
            continue
        whole = items.get((parts[1], None), items.get((parts[1], int(parts[2] or 0))))
        if whole is not None:
            raise ItemSetAndRemoved(field=name, removed=whole)


def _item_key(name: str) -> tuple[str, int | None]:
    head, _dot, index = name.partition(".")
    return head, int(index) if index else None


def removal_edits(measure: str, row: Mapping[str, Plain], names: Iterable[str]) -> Iterator[Edit]:
    """Yield the edits that remove items, the last ones first; all of them, their whole field.

    Args:
        measure: Id of the measure.
        row: Its plain data.
        names: Names of which each `is_item`.

    Raises:
        NoSuchItem: A name is of an item that is not there.
    """
    wanted: dict[str, set[int]] = {}
    for name in names:
        head, index = _item_key(name)
        count = len(_items(row.get(head, MISSING)))
        if index is not None and index >= count:
            raise NoSuchItem(field=name, count=count)
        wanted.setdefault(head, set()).update(range(count) if index is None else {index})
    for head, places in wanted.items():
        stored = row.get(head, MISSING)
        if isinstance(stored, Missing):
            continue
        if not isinstance(stored, list) or len(places) == len(stored):
            yield Edit(measure, (head,), stored, MISSING)
            continue
        for at in sorted(places, reverse=True):
            yield Edit(measure, (head, at), stored[at], MISSING)


def item_edits(
    measure: str, row: Mapping[str, Plain], values: Mapping[str, Plain | Missing]
) -> Iterator[Edit]:
    """Yield the edits that set fields of items; what is one stays one while it can.

    Args:
        measure: Id of the measure.
        row: Its plain data.
        values: New values by dotted name, each of which `is_listed`.

    Raises:
        NoSuchItem, ItemNotNamed: A name does not say of which item it is.
    """
    wanted: dict[str, dict[int, dict[str, Plain | Missing]]] = {}
    for name, value in values.items():
        head, index, key = _parts(name)
        at = _index(row.get(head, MISSING), index, name, len(wanted.get(head, {})))
        wanted.setdefault(head, {}).setdefault(at, {})[key] = value
    for head, items in wanted.items():
        yield from _edits(measure, head, row.get(head, MISSING), items)


def _parts(name: str) -> tuple[str, int | None, str]:
    parts = _INDEXED.fullmatch(name)
    if parts is None:
        raise ValueError(name)
    return parts[1], None if parts[2] is None else int(parts[2]), parts[3]


def _index(stored: Plain | Missing, index: int | None, name: str, new: int) -> int:
    """Return the index that a name means in what is stored.

    Raises:
        NoSuchItem, ItemNotNamed: It means none.
    """
    count = len(_items(stored))
    if index is None:
        if count > 1:
            head, _dot, key = name.partition(".")
            raise ItemNotNamed(field=name, count=count, example=f"{head}.0.{key}")
        return 0
    if index > count + new:
        raise NoSuchItem(field=name, count=count)
    return index


def _items(stored: Plain | Missing) -> list[dict[str, Plain]]:
    """Return what is stored as a list of items."""
    if isinstance(stored, Missing):
        return []
    if isinstance(stored, list):
        return [item if isinstance(item, dict) else {_NAME: item} for item in stored]
    return [stored] if isinstance(stored, dict) else [{_NAME: stored}]


def _edits(measure: str, head: str, stored: Plain | Missing, items: _Wanted) -> Iterator[Edit]:
    known = _items(stored)
    every = [*known, *({} for at in items if at >= len(known))]
    for at, fields in items.items():
        merged = {**every[at], **fields}
        every[at] = {key: one for key, one in merged.items() if not isinstance(one, Missing)}
    if isinstance(stored, list):
        places: list[DataPath] = [(head, at) for at in range(len(known))]
    elif isinstance(stored, dict) and len(every) == 1 and not _needs_list(head, every[0]):
        places = [(head,)]
    else:
        new = _stored(head, [item for item in every if item])
        if new != stored:
            yield Edit(measure, (head,), stored, new)
        return
    for at, place in enumerate(places):
        for key, value in items.get(at, {}).items():
            old: Plain | Missing = known[at].get(key, MISSING)
            if old != value:
                yield Edit(measure, (*place, key), old, value)
    for at in range(len(known), len(every)):
        yield Edit(measure, (head, at), MISSING, dict(every[at]))


def _needs_list(head: str, item: Mapping[str, Plain]) -> bool:
    """Return whether a single item has a field that a plan takes in a list only."""
    return not item.keys() <= {*key_order(("measures", 0, head))}


def _stored(head: str, items: list[dict[str, Plain]]) -> Plain | Missing:
    """Return items as a plan stores them: one by itself where that can hold it, else in a list."""
    if not items:
        return MISSING
    if len(items) > 1:
        return list[Plain](items)
    if head != _LINE:
        return list[Plain](items) if _needs_list(head, items[0]) else items[0]
    return items[0][_NAME] if set(items[0]) == {_NAME} else list[Plain](items)
