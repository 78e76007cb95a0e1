"""One field before and after, in words: the line that a message and a diff are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from kvartal.history.diff.diff import Row
from kvartal.history.diff.words import ABSENT, Words
from kvartal.schema.description import key_order
from kvartal.schema.problems import DataPath


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field before and after, in words; None where there is nothing.

    Attributes:
        label: Name of the field.
        old: Its value before.
        new: Its value after.
        sentence: What says the same better, where there is such a sentence; empty otherwise.
    """

    label: str
    old: str | None
    new: str | None
    sentence: str = ""

    def __str__(self) -> str:
        """Return «поле: было → стало», or the sentence that says it."""
        if self.sentence:
            return self.sentence
        return f"{self.label}: {self.old or ABSENT} → {self.new or ABSENT}"


def plain_fields(
    path: DataPath, old: Row, new: Row, words: Words, skip: tuple[str, ...]
) -> Iterator[FieldLine]:
    """Yield the plain fields of two mappings at a path inside the measure, changed or not."""
    for key in dict.fromkeys((*key_order(("measures", 0, *path)), *old, *new)):
        if key not in skip:
            before, after = words.value((key,), old.get(key)), words.value((key,), new.get(key))
            yield FieldLine(words.label(*path, key), before, after)


def days(old: Row, new: Row, words: Words) -> tuple[str | None, str | None]:
    """Return the dates of two mappings in words; None where there is none."""
    return words.value(("date",), old.get("date")), words.value(("date",), new.get("date"))
