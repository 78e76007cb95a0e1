"""A flow of text of an HTML page, paragraph after paragraph."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from kvartal.exchange.grid import Grid, Paragraph, Run
from kvartal.exchange.source_place import SourcePlace

_WHITE: Final = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Flow:
    """A flow of text that is being read: the page, or a cell.

    Attributes:
        cell: Where it stands; None outside tables, where paragraphs are counted.
        blocks: Its finished paragraphs and tables.
        tables: Number of the tables in it.
    """

    cell: SourcePlace | None = None
    blocks: list[Paragraph | Grid] = field(default_factory=list)
    tables: int = 0
    number: str = ""
    level: int = 0
    outline: int = 0
    indent: float = 0.0
    style: str = ""
    bookmarks: list[str] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _paragraphs: int = 0

    def add(self, run: Run, *, collapse: bool) -> None:
        """Add a text; white space becomes one space, unless it is preformatted."""
        text = run.text
        if collapse:
            text = _WHITE.sub(" ", text)
            before = self._runs[-1].text[-1:] if self._runs else "\n"
            if before in {" ", "\n", "\f"}:
                text = text.lstrip(" ")
        if not text:
            return
        run = replace(run, text=text)
        last = self._runs[-1] if self._runs else None
        if last and not run.note and replace(last, text=text) == run:
            self._runs[-1] = replace(last, text=last.text + text)
        else:
            self._runs.append(run)

    def end_paragraph(self) -> None:
        """End the paragraph, if it has any text or number."""
        runs = self._runs
        if runs:
            runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" \n"))
        if self.number or any(run.text for run in runs):
            if self.cell is None:
                self._paragraphs += 1
            self.blocks.append(
                Paragraph(
                    tuple(run for run in runs if run.text),
                    self.cell or SourcePlace(paragraph=self._paragraphs),
                    number=self.number,
                    level=self.level,
                    style=self.style,
                    outline=self.outline,
                    indent=self.indent,
                    bookmarks=tuple(self.bookmarks),
                )
            )
            self.bookmarks = []
            self.number = ""
        self._runs = []
