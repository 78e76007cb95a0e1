"""The text of a Word paragraph: runs with their flags, fields, symbols, notes, text boxes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kvartal.exchange.grid import Run
from kvartal.exchange.readers.docx_names import MC, W, switch, value
from kvartal.exchange.readers.docx_notes import Notes
from kvartal.exchange.readers.docx_styles import TOGGLES, Styles, WordStyle, superscript, switches
from kvartal.exchange.readers.relationships import ID
from kvartal.exchange.readers.symbols import symbol

if TYPE_CHECKING:
    from lxml.etree import _Element

_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
TEXT_BOX: Final = f"{W}txbxContent"

INSERTED: Final = frozenset({f"{W}ins", f"{W}moveTo"})
DELETED: Final = frozenset({f"{W}del", f"{W}moveFrom"})
CONTAINERS: Final = frozenset({f"{W}{name}" for name in ("smartTag", "customXml", "dir", "bdo")})
"""What only wraps other content."""

_CHARACTERS: Final[Mapping[str, str]] = {
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\u2011",
    f"{W}ptab": "\t",
    f"{W}softHyphen": "\u00ad",
    f"{W}tab": "\t",
}
_NOTES: Final[Mapping[object, str]] = {
    f"{W}endnoteReference": "endnote",
    f"{W}footnoteReference": "footnote",
}
_DRAWINGS: Final = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_BOOKMARK: Final = f"{W}bookmarkStart"
_HIDDEN_BOOKMARKS: Final = frozenset({"_GoBack"})


@dataclass(frozen=True, slots=True)
class TextContext:
    """What the elements around a text say of it.

    Attributes:
        inserted: Inserted while changes were tracked.
        deleted: Deleted while changes were tracked.
        hidden: A placeholder of a content control, which nobody has filled in.
        link: Target of the hyperlink.
    """

    inserted: bool = False
    deleted: bool = False
    hidden: bool = False
    link: str = ""

    def within(self, element: "_Element") -> "TextContext":
        """Return what is said of the text inside an element that may track a change."""
        if element.tag in INSERTED:
            return replace(self, inserted=True)
        return replace(self, deleted=True) if element.tag in DELETED else self


@dataclass(slots=True)
class Content:
    """What a paragraph holds.

    Attributes:
        runs: Its text.
        bookmarks: Names of the bookmarks that begin in it.
        boxes: Text boxes anchored in it.
    """

    runs: list[Run] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    boxes: list["_Element"] = field(default_factory=list)


class TextReader:
    """Reads paragraph after paragraph of one text flow; a field may span several of them.

    Args:
        styles: The document's styles.
        links: Targets of hyperlinks by their relationships' ids.
        notes: Counts the references to footnotes.
    """

    def __init__(self, styles: Styles, links: Mapping[str, str], notes: Notes) -> None:
        self._styles = styles
        self._links = links
        self._notes = notes
        # A field each, innermost last: whether its instruction is being read, not its result.
        self._fields: list[bool] = []

    def read(self, paragraph: "_Element", style: WordStyle, context: TextContext) -> Content:
        """Return what a paragraph holds.

        Args:
            paragraph: The `w:p`.
            style: Its style, resolved.
            context: What the elements around it say.
        """
        content = Content()
        self._children(paragraph, style, context, content)
        # An instruction ends with its paragraph, even where its end mark is missing.
        self._fields = [False for _ in self._fields]
        return content

    def _children(
        self, element: "_Element", style: WordStyle, context: TextContext, content: Content
    ) -> None:
        for child in element.iterchildren("{*}*"):
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, style, context, content)
            elif tag == f"{W}hyperlink":
                target = self._links.get(child.get(ID, ""), "")
                anchor = child.get(f"{W}anchor", "")
                link = target or (f"#{anchor}" if anchor else "")
                self._children(child, style, replace(context, link=link), content)
            elif tag == f"{W}sdt":
                inner = controlled(child)
                if inner is not None:
                    hidden = context.hidden or is_placeholder(child)
                    self._children(inner, style, replace(context, hidden=hidden), content)
            elif tag in INSERTED | DELETED | CONTAINERS or tag == f"{W}fldSimple":
                self._children(child, style, context.within(child), content)
            elif tag == _BOOKMARK:
                add_bookmark(child, content.bookmarks)
            elif tag in {f"{_MATH}oMath", f"{_MATH}oMathPara"}:
                text = "".join(part.text or "" for part in child.iter(f"{_MATH}t"))
                content.runs.append(_run(text, context))

    def _run(
        self, element: "_Element", style: WordStyle, context: TextContext, content: Content
    ) -> None:
        properties = element.find(f"{W}rPr")
        plain = self._formatted(properties, style, context)
        tracked = properties is not None and properties.find(f"{W}del") is not None
        if tracked:
            plain = replace(plain, deleted=True)
        for text, note in self._pieces(element, content):
            run = replace(plain, text=text, note=note)
            last = content.runs[-1] if content.runs else None
            if last and not note and replace(last, text=text) == run:
                content.runs[-1] = replace(last, text=last.text + text)
            else:
                content.runs.append(run)

    def _formatted(
        self, properties: "_Element | None", style: WordStyle, context: TextContext
    ) -> Run:
        """Return an empty run with the flags of its properties, its styles and what is around."""
        character = self._styles.style(value(properties, "rStyle"))
        defaults = self._styles.defaults
        flags = {}
        for name in TOGGLES:
            named = [one.switches[name] for one in (style, character) if name in one.switches]
            inherited = sum(named) == 1 if named else defaults.switches.get(name, False)
            flags[name] = inherited
        flags |= switches(properties)
        raised = superscript(properties)
        for inherited_raise in (character.superscript, style.superscript):
            raised = inherited_raise if raised is None else raised
        return replace(
            _run("", context),
            struck=flags["strike"] or flags["dstrike"],
            hidden=context.hidden or flags["vanish"],
            bold=flags["b"],
            italic=flags["i"],
            superscript=bool(raised),
        )

    def _pieces(self, element: "_Element", content: Content) -> Iterator[tuple[str, str]]:
        """Yield the texts of a run, each with the key of the note that it is the mark of."""
        for child in element.iterchildren("{*}*"):
            if child.tag == f"{W}fldChar":
                self._field_mark(child.get(f"{W}fldCharType", ""))
            elif any(self._fields):
                continue
            elif child.tag in _NOTES:
                kind, key = _NOTES[child.tag], child.get(f"{W}id", "")
                if child.get(f"{W}customMarkFollows", "0") in {"1", "true", "on"}:
                    chosen = "".join(map(plain_text, child.itersiblings()))
                    yield chosen, self._notes.refer_by(kind, key, chosen)
                    return
                note, mark = self._notes.refer(kind, key)
                yield mark, note
            elif inner := _wrapped(child):
                for element_inside in inner:
                    yield from self._pieces(element_inside, content)
            elif text := plain_text(child):
                yield text, ""
            elif child.tag in _DRAWINGS:
                content.boxes += text_boxes(child)

    def _field_mark(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()


def plain_text(element: "_Element") -> str:
    """Return the text that a child of a run stands for; empty where it is no text."""
    tag = str(element.tag)
    if tag in {f"{W}t", f"{W}delText"}:
        return element.text or ""
    if tag == f"{W}br":
        return "\f" if element.get(f"{W}type") in {"page", "column"} else "\n"
    if tag == f"{W}sym":
        try:
            code = int(element.get(f"{W}char", ""), 16)
        except ValueError:
            return ""
        return symbol(code, element.get(f"{W}font", ""))
    return _CHARACTERS.get(tag, "")


def _wrapped(element: "_Element") -> list["_Element"]:
    """Return the parts of a run's child that hold further children of the run."""
    if element.tag == f"{MC}AlternateContent":
        chosen = alternative(element)
        return [] if chosen is None else [chosen]
    if element.tag == f"{W}ruby":
        return element.findall(f"{W}rubyBase/{W}r")
    return []


def controlled(element: "_Element") -> "_Element | None":
    """Return the content of a content control."""
    return element.find(f"{W}sdtContent")


def is_placeholder(element: "_Element") -> bool:
    """Return whether a content control shows only what should be typed there."""
    return bool(switch(element.find(f"{W}sdtPr"), "showingPlcHdr"))


def alternative(element: "_Element") -> "_Element | None":
    """Return the one of several equal contents that a modern program shows."""
    for name in ("Choice", "Fallback"):
        found = element.find(MC + name)
        if found is not None:
            return found
    return None


def text_boxes(element: "_Element") -> list["_Element"]:
    """Return the contents of the text boxes in a drawing, each once and without nested ones."""
    found: list[_Element] = []
    pending = [element]
    while pending:
        current = pending.pop()
        if current.tag == TEXT_BOX:
            found.append(current)
        elif current.tag == f"{MC}AlternateContent":
            chosen = alternative(current)
            pending += [] if chosen is None else [chosen]
        else:
            pending += reversed([*current.iterchildren("{*}*")])
    return found


def add_bookmark(element: "_Element", names: list[str]) -> None:
    """Add the name of a bookmark that begins, unless it is one of Word's own."""
    name = element.get(f"{W}name", "")
    if name and name not in _HIDDEN_BOOKMARKS:
        names.append(name)


def _run(text: str, context: TextContext) -> Run:
    return Run(
        text,
        inserted=context.inserted and not context.deleted,
        deleted=context.deleted,
        hidden=context.hidden,
        link=context.link,
    )
