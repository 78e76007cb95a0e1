"""Edits applied to the plain data of a programme."""

from collections.abc import Iterable

from kvartal.schema.changes import (
    MISSING,
    Edit,
    Missing,
    Plain,
    PlanData,
    StaleChange,
    UnknownMeasure,
)
from kvartal.schema.problems import DataPath


def apply_edits(data: PlanData, edits: Iterable[Edit]) -> PlanData:
    """Return new data with the edits applied in order; ``data`` itself is not modified.

    Raises:
        StaleChange: The data does not hold an edit's old value.
        UnknownMeasure: An edit names a measure that does not exist.
    """
    edited = EditedData(data)
    for edit in edits:
        edited.apply(edit)
    return edited.data


class EditedData:
    """Data that edits are applied to one after the other, each in the time that its row takes.

    Args:
        data: The data, which itself is not modified.
    """

    def __init__(self, data: PlanData) -> None:
        self._data = data
        self._rows: list[Plain] | None = None
        # Every id, and where its row was seen last.
        self._seen: dict[str, int] = {}

    @property
    def data(self) -> PlanData:
        """The data with the edits so far; not touched by those to come."""
        return self._data if self._rows is None else {**self._data, "measures": [*self._rows]}

    def row(self, index: int) -> Plain:
        """Return the row of a measure by its index."""
        return self._own_rows()[index]

    def index(self, measure: str) -> int:
        """Return the index of a measure.

        Raises:
            UnknownMeasure: No measure has this id.
        """
        rows = self._own_rows()
        seen = self._seen.get(measure, len(rows))
        if seen >= len(rows) or _id_of(rows[seen]) != measure:
            self._seen = {}
            for index, row in enumerate(rows):
                self._seen.setdefault(_id_of(row), index)
            seen = self._seen.get(measure, len(rows)) if measure else len(rows)
        if seen == len(rows):
            raise UnknownMeasure(measure=measure)
        return seen

    def apply(self, edit: Edit) -> None:
        """Apply an edit.

        Raises:
            StaleChange: The data does not hold its old value.
            UnknownMeasure: It names a measure that does not exist.
        """
        if not edit.measure:
            self._data, self._rows, self._seen = _with_root(self.data, edit), None, {}
            return
        rows = self._own_rows(edit)
        if not edit.path:
            self._apply_to_rows(rows, edit)
            return
        index = self.index(edit.measure)
        changed = _replaced(rows[index], edit.path, edit)
        if isinstance(changed, Missing):
            raise StaleChange(measure=edit.measure, field=edit.field)
        rows[index] = changed
        if edit.path[0] == "id":
            self._seen = {}

    def _own_rows(self, edit: Edit | None = None) -> list[Plain]:
        if self._rows is None:
            rows = self._data.get("measures", [])
            if not isinstance(rows, list):
                raise StaleChange(measure=edit.measure if edit else "", field="measures")
            self._rows = [*rows]
        return self._rows

    def _apply_to_rows(self, rows: list[Plain], edit: Edit) -> None:
        if isinstance(edit.old, Missing):
            position = len(rows) if edit.position is None else edit.position
            is_new = not isinstance(edit.new, Missing) and not self._has(edit.measure)
            if isinstance(edit.new, Missing) or not is_new or not 0 <= position <= len(rows):
                raise StaleChange(measure=edit.measure, field="id")
            rows.insert(position, edit.new)
            if _id_of(edit.new) == edit.measure:
                self._seen[edit.measure] = position
                return
        else:
            index = self.index(edit.measure)
            if rows[index] != edit.old:
                raise StaleChange(measure=edit.measure, field="id")
            rows[index : index + 1] = [] if isinstance(edit.new, Missing) else [edit.new]
        # Rows have shifted or are gone: the indexes seen before no longer hold.
        self._seen = {}

    def _has(self, measure: str) -> bool:
        if not self._seen:
            self._seen = {_id_of(row): 0 for row in self._own_rows()}
        return measure in self._seen


def _id_of(row: Plain) -> str:
    """Return the id of a row; empty for what has none."""
    name = row.get("id") if isinstance(row, dict) else None
    return name if isinstance(name, str) else ""


def _with_root(data: PlanData, edit: Edit) -> PlanData:
    changed = _replaced(data, edit.path, edit) if edit.path else data
    if not edit.path or not isinstance(changed, dict | Missing):
        raise StaleChange(measure=edit.measure, field=edit.field)
    return {} if isinstance(changed, Missing) else changed


def _replaced(node: Plain, path: DataPath, edit: Edit) -> Plain | Missing:
    """Return the node with the edit applied inside it; MISSING when nothing is left of it."""
    head, rest = path[0], path[1:]
    if isinstance(node, dict) and isinstance(head, str):
        before: Plain | Missing = node.get(head, MISSING)
        after = _value(before, rest, edit)
        if isinstance(after, Missing):
            return {key: item for key, item in node.items() if key != head} or MISSING
        return {**node, head: after}
    if isinstance(node, list) and isinstance(head, int) and 0 <= head <= len(node):
        inserting = not rest and isinstance(edit.old, Missing)
        before = MISSING if inserting or head == len(node) else node[head]
        after = _value(before, rest, edit)
        kept = node[head:] if inserting else node[head + 1 :]
        middle = [] if isinstance(after, Missing) else [after]
        return [*node[:head], *middle, *kept] or MISSING
    raise StaleChange(measure=edit.measure, field=edit.field)


def _value(before: Plain | Missing, rest: DataPath, edit: Edit) -> Plain | Missing:
    if rest:
        if isinstance(before, Missing):
            before = [] if isinstance(rest[0], int) else {}
        return _replaced(before, rest, edit)
    if not _same(before, edit.old):
        raise StaleChange(measure=edit.measure, field=edit.field)
    return edit.new


def _same(one: Plain | Missing, other: Plain | Missing) -> bool:
    """Return whether two values are the same fact: 1 and 1.0 are, 1 and true are not."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
