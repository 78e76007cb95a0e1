"""Changes as values: what is altered in the plain data of a programme, with old and new.

A change is a tuple of edits. An edit names a measure, a path inside that measure's plain data and
the value before and after, so it can be applied, inverted (undo), compared and put into words
without knowing which operation made it. Empty lists and mappings are never stored: adding the
first item creates its list, removing the last one removes the key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias, Union

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import DataPath

Plain: TypeAlias = Union[str, int, float, bool, list["Plain"], dict[str, "Plain"]]  # noqa: UP007 - a recursive alias needs it
"""A value as the YAML holds it."""

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
"""What JSON can hold: plain data, and null."""

PlanData: TypeAlias = dict[str, Plain]
"""A whole programme as plain data. Treated as immutable: functions return new data."""


class Missing(Enum):
    """The value of a key or an item that does not exist."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class ChangeKind(StrEnum):
    """What the user did; the value of the ``Kvartal-Change`` trailer of the commit."""

    RECORD = "record"
    CORRECT = "correct"
    SET = "set"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    ADD = "add"
    COPY = "copy"
    MOVE = "move"
    REMOVE = "remove"
    STRUCTURE = "structure"
    UNDO = "undo"
    REDO = "redo"
    MERGE = "merge"
    IMPORT = "import"
    EDIT = "edit"
    ACCEPT = "accept"


class StaleChange(KvartalError):
    """The data no longer holds what the change was made from."""

    template = N_(
        "{measure}: поле «{field}» уже не такое, каким было, когда готовилось изменение. "
        "Посмотрите, что там теперь, и повторите."
    )


class UnknownMeasure(KvartalError):
    """No measure has this id."""

    template = N_(
        "Мероприятия «{measure}» нет в программе. Список номеров показывает `kvartal list`."
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """One value of one measure, before and after.

    Attributes:
        measure: Id of the measure; empty for what belongs to the programme as a whole.
        path: Keys and indexes inside the measure; empty for the measure as a whole. From the root
            of the data where ``measure`` is empty: ``("document", "title")``.
        old: Value before; MISSING where there was none.
        new: Value after; MISSING where there is none.
        position: Index among the measures, for the insertion or removal of a whole measure.
    """

    measure: str
    path: DataPath
    old: Plain | Missing
    new: Plain | Missing
    position: int | None = None

    @property
    def field(self) -> str:
        """The path in dotted form, as the command line and the log name it."""
        return ".".join(str(part) for part in self.path)

    def inverse(self) -> "Edit":
        """Return the edit that reverts this one."""
        return Edit(self.measure, self.path, self.new, self.old, self.position)


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """A file that a change was taken from.

    Attributes:
        name: The file's name without its folder.
        sha256: Of its bytes, 64 hexadecimal digits.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted action of the user: one commit.

    Attributes:
        kind: What the user did.
        edits: What it alters, in the order of application.
        source: The file that it was taken from, of an import.
    """

    kind: ChangeKind
    edits: tuple[Edit, ...]
    source: ChangeSource | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of the changed measures, each once, in order."""
        return tuple(dict.fromkeys(edit.measure for edit in self.edits if edit.measure))

    def inverse(self, kind: ChangeKind = ChangeKind.UNDO) -> "Change":
        """Return the change that reverts this one."""
        return Change(kind, tuple(edit.inverse() for edit in reversed(self.edits)))


def measure_index(data: Mapping[str, Plain], measure: str) -> int:
    """Return the index of a measure in ``data["measures"]``.

    Raises:
        UnknownMeasure: No measure has this id.
    """
    rows = data.get("measures", [])
    if isinstance(rows, list):
        for index, row in enumerate(rows):
            if isinstance(row, dict) and row.get("id") == measure:
                return index
    raise UnknownMeasure(measure=measure)


def measure_data(data: Mapping[str, Plain], measure: str) -> dict[str, Plain]:
    """Return the plain data of one measure.

    Raises:
        UnknownMeasure: No measure has this id.
    """
    rows = data["measures"]
    row = rows[measure_index(data, measure)] if isinstance(rows, list) else None
    if not isinstance(row, dict):
        raise UnknownMeasure(measure=measure)
    return row


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
        # What was seen before is not where it was, or is there no more.
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
