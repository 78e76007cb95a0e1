"""What an organisation calls its own fields and the levels of its table, from a plan's plain data.

Plain data, because versions that the schema would refuse are compared too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kvartal.schema.changes import Plain
from kvartal.schema.model import FieldType
from kvartal.schema.problems import DataPath

NAMING = ("levels", "fields", "sections")
"""The parts of a plan that names are taken from."""
_LISTS = ("sections", "channels")


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The names that a plan gives itself.

    Attributes:
        fields: Titles of the fields of ``extra`` by key.
        days: Keys of the fields of ``extra`` that hold dates.
        levels: Names of the levels of the table, from the top.
        depths: At which level a section or a channel stands, by its list and number.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    days: frozenset[str] = frozenset()
    levels: tuple[str, ...] = ()
    depths: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def place(self, key: str, *numbers: Plain | None) -> str:
        """Return the name of the level of a measure's ``section`` or ``channel``; empty for none.

        Args:
            key: Which of the two.
            numbers: The first that the table has decides.
        """
        if not self.levels:
            return ""
        found = (self.depths.get((f"{key}s", str(one))) for one in numbers if one is not None)
        return self._level(next((depth for depth in found if depth is not None), None))

    def list_at(self, path: DataPath) -> str:
        """Return the name of the level of a list of sections or channels; empty for none."""
        if path[:1] != _LISTS[:1] or path[-1] not in _LISTS:
            return ""
        return self._level(sum(part in _LISTS for part in path) - 1)

    def _level(self, depth: int | None) -> str:
        return self.levels[depth] if depth is not None and depth < len(self.levels) else ""


def own_names(*versions: Mapping[str, Plain]) -> OwnNames:
    """Return the names in versions of a plan; of a name with several, the last one."""
    fields: dict[str, str] = {}
    days: set[str] = set()
    levels: tuple[str, ...] = ()
    depths: dict[tuple[str, str], int] = {}
    for data in versions:
        for one in _rows(data.get("fields")):
            key, title = one.get("key"), one.get("title")
            if isinstance(key, str) and isinstance(title, str):
                fields[key] = title
                (days.add if one.get("type") == FieldType.DATE else days.discard)(key)
        named = data.get("levels")
        if isinstance(named, list):
            levels = tuple(map(str, named))
        if levels:
            depths.update(_depths(data, 0))
    return OwnNames(fields, frozenset(days), levels, depths)


def _depths(part: Mapping[str, Plain], depth: int) -> Iterator[tuple[tuple[str, str], int]]:
    for key in _LISTS:
        for one in _rows(part.get(key)):
            yield (key, str(one.get("number"))), depth
            yield from _depths(one, depth + 1)


def _rows(value: Plain | None) -> Sequence[Mapping[str, Plain]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
