"""The marks of footnotes and endnotes, in the order in which the text refers to them."""

from dataclasses import dataclass, field

from kvartal.exchange.readers.numerals import numeral


@dataclass(slots=True)
class Notes:
    """Counts references.

    Attributes:
        marks: The printed mark of each note by its key, `footnote-2`.
    """

    marks: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def refer(self, kind: str, number: str) -> tuple[str, str]:
        """Return the key and the mark of the note that a reference leads to.

        Args:
            kind: `footnote` or `endnote`.
            number: Its id in the document.
        """
        key = f"{kind}-{number}"
        if key not in self.marks:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            number_format = "decimal" if kind == "footnote" else "lowerRoman"
            self.marks[key] = numeral(self._counts[kind], number_format)
        return key, self.marks[key]

    def refer_by(self, kind: str, number: str, mark: str) -> str:
        """Return the key of a note whose mark the author has chosen; it is not counted."""
        key = f"{kind}-{number}"
        self.marks[key] = mark
        return key
