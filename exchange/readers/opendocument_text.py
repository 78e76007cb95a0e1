"""The text of an OpenDocument paragraph: spans, notes, tracked changes, fields, text boxes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import Run
from kvartal.exchange.readers.opendocument_names import DRAW, OFFICE, TEXT, XLINK, whole
from kvartal.exchange.readers.opendocument_styles import DocumentStyles

if TYPE_CHECKING:
    from lxml.etree import _Element

_WHITE: Final = re.compile(r"[ \t\r\n]+")
_SKIPPED: Final = frozenset(
    (f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{TEXT}ruby-text", f"{TEXT}tracked-changes")
)
_HREF: Final = f"{XLINK}href"
_MOST_SPACES: Final = 1_000


@dataclass(slots=True)
class Spans:
    """What a paragraph holds: its runs, the bookmarks in it, its notes and text boxes."""

    runs: list[Run] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    notes: list["_Element"] = field(default_factory=list)
    boxes: list["_Element"] = field(default_factory=list)

    def add(self, run: Run) -> None:
        """Add a text to the run before it, where the flags are the same."""
        last = self.runs[-1] if self.runs else None
        if last and not run.note and replace(last, text=run.text) == run:
            self.runs[-1] = replace(last, text=last.text + run.text)
        elif run.text:
            self.runs.append(run)


class SpanReader:
    """Reads paragraph after paragraph; a tracked change may begin in one and end in another.

    Args:
        styles: The document's styles.
    """

    def __init__(self, styles: DocumentStyles) -> None:
        self._styles = styles
        self._deleted: dict[str, str] = {}
        self._insertions: set[str] = set()
        self._active: set[str] = set()

    def take_changes(self, tracked: "_Element") -> None:
        """Take in the list of tracked changes, which holds the deleted texts."""
        for region in tracked.iterchildren(f"{TEXT}changed-region"):
            key = region.get(f"{TEXT}id", "") or next(
                (str(value) for name, value in region.items() if str(name).endswith("}id")), ""
            )
            deletion = region.find(f"{TEXT}deletion")
            if deletion is not None:
                texts = [
                    "".join(map(str, one.itertext()))
                    for one in deletion
                    if one.tag in {f"{TEXT}p", f"{TEXT}h"}
                ]
                self._deleted[key] = "\n".join(texts)
            elif region.find(f"{TEXT}insertion") is not None:
                self._insertions.add(key)

    def read(self, paragraph: "_Element", base: Run) -> Spans:
        """Return what a paragraph holds.

        Args:
            paragraph: The `text:p` or `text:h`.
            base: An empty run with the flags of the paragraph's style.
        """
        spans = Spans()
        for run in self._inline(paragraph, base, spans):
            spans.add(run)
        return spans

    def change(self, element: "_Element") -> None:
        """Begin or end a tracked insertion."""
        key = element.get(f"{TEXT}change-id", "")
        if element.tag == f"{TEXT}change-start" and key in self._insertions:
            self._active.add(key)
        elif element.tag == f"{TEXT}change-end":
            self._active.discard(key)

    def _inline(self, element: "_Element", base: Run, spans: Spans) -> Iterator[Run]:
        yield self._run(element.text, base)
        for child in element:
            yield from self._child(child, base, spans)
            yield self._run(child.tail, base)

    def _run(self, text: str | None, base: Run) -> Run:
        return replace(base, text=_WHITE.sub(" ", text or ""), inserted=bool(self._active))

    def _child(self, child: "_Element", base: Run, spans: Spans) -> Iterator[Run]:
        tag = child.tag
        simple = _character(child)
        if tag in _SKIPPED:
            return
        if simple:
            yield replace(base, text=simple, inserted=bool(self._active))
        elif tag == f"{TEXT}span":
            style = self._styles.style("text", child.get(f"{TEXT}style-name"))
            yield from self._inline(child, style.over(base), spans)
        elif tag == f"{TEXT}a":
            yield from self._inline(child, replace(base, link=child.get(_HREF, "")), spans)
        elif tag == f"{TEXT}note":
            mark = child.findtext(f"{TEXT}note-citation") or ""
            spans.notes.append(child)
            yield replace(base, text=mark, note=child.get(f"{TEXT}id", "") or mark)
        elif tag in {f"{TEXT}change-start", f"{TEXT}change-end"}:
            self.change(child)
        elif tag == f"{TEXT}change":
            text = self._deleted.get(child.get(f"{TEXT}change-id", ""), "")
            yield replace(base, text=text, deleted=True)
        elif tag in {f"{TEXT}bookmark", f"{TEXT}bookmark-start"}:
            spans.bookmarks.append(child.get(f"{TEXT}name", ""))
        elif str(tag).startswith(DRAW):
            spans.boxes += child.iter(f"{DRAW}text-box")
        else:
            # A field shows its result; anything unknown, its text.
            yield from self._inline(child, replace(base, hidden=_is_hidden(child, base)), spans)


def _is_hidden(element: "_Element", base: Run) -> bool:
    """Return whether the text of a field is not shown: a placeholder, or a hidden text."""
    if element.tag == f"{TEXT}hidden-text":
        return base.hidden or element.get(f"{TEXT}is-hidden") != "false"
    return base.hidden or element.tag == f"{TEXT}placeholder"


def _character(element: "_Element") -> str:
    """Return the characters that an element stands for; empty where it stands for none."""
    if element.tag == f"{TEXT}s":
        return " " * min(whole(element.get(f"{TEXT}c"), 1), _MOST_SPACES)
    if element.tag == f"{TEXT}tab":
        return "\t"
    return "\n" if element.tag == f"{TEXT}line-break" else ""
