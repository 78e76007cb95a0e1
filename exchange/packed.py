"""How the values of a document travel from the reading process to ours."""

from typing import ClassVar, Self


class Packed:
    """A dataclass that travels by its fields in order: a document has very many of these.

    What dataclasses with slots do by themselves takes several times as long.
    """

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Return the class and what to call it with."""
        return type(self), tuple([getattr(self, name) for name in self.__match_args__])
