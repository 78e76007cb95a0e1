"""Changes as values: what is altered in the plain data of a programme, with old and new.

A change is a tuple of edits. An edit names a measure, a path inside that measure's plain data and
the value before and after, so it can be applied, inverted (undo), compared and put into words
without knowing which operation made it. Empty lists and mappings are never stored: adding the
first item creates its list, removing the last one removes the key.
"""

from collections.abc import Mapping, Sequence
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
