"""A Word document of the company's own: where the content goes, and the names it has filled in."""

import re
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

from kvartal.exchange.errors import DocumentUnreadable
from kvartal.exchange.reports.blocks import Report
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, KvartalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docx.document import Document as WordDocument
    from docx.section import Section
    from lxml.etree import _Element

PLACEHOLDER: Final = "{{kvartal}}"
"""What stands in a company's own template where the content goes."""
_NAME: Final = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_LINE: Final = "\N{LINE SEPARATOR}"
"""Stands for a line break until a text is whole: what is exported has none of these."""
_ANY_NAME: Final = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")
"""What looks like a name to be filled in, whoever knows it."""


class TemplateUnusable(KvartalError):
    """A template is no Word document, or says nowhere where the content goes."""

    template = N_(
        "Шаблон «{name}» не подходит: нужен документ DOCX с абзацем {placeholder} там, где "
        "должно стоять содержание."
    )


class PlaceholderEnclosed(TemplateUnusable):
    """The place of the content is where no table can stand, or there are several."""

    template = N_(
        "Шаблон «{name}» не подходит: {placeholder} стоит в таблице, надписи, поле, колонтитуле "
        "или не один раз. Содержание встаёт на место одного обычного абзаца: перенесите туда."
    )


class NamesUnknown(KvartalError):
    """A template has names in braces that nothing is known of."""

    template = N_(
        "В шаблоне осталось незаполненным: {names}. Заполняются {{{{organization}}}}, "
        "{{{{title}}}}, {{{{years}}}}, {{{{code}}}}, {{{{approval}}}}, {{{{approved_by}}}}, "
        "{{{{approval_date}}}}, {{{{approval_number}}}} и {{{{kvartal}}}}."
    )


class TemplateDocument:
    """A template that is open.

    Attributes:
        document: What it holds; the content is written at its end.
        section: The section that the content stands in: its page may lie across.
        unknown: The names in braces that stay as they are, each once, in order.
    """

    document: "WordDocument"
    section: "Section"
    unknown: tuple[str, ...]

    def __init__(self, path: Path) -> None:
        """Open a template.

        Args:
            path: Its file.

        Raises:
            DocumentUnreadable: The operating system does not give the file.
            TemplateUnusable: It is no Word document, or has no placeholder.
            PlaceholderEnclosed: The placeholder is not in one paragraph of the document's own.
        """
        from docx import Document
        from docx.opc.exceptions import PackageNotFoundError
        from lxml.etree import LxmlError

        unusable = TemplateUnusable(name=path.name, placeholder=PLACEHOLDER)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DocumentUnreadable(name=path.name, reason=system_reason(error)) from error
        try:
            self.document = Document(BytesIO(content))
        except (PackageNotFoundError, BadZipFile, LxmlError, KeyError, ValueError, OSError):
            raise unusable from None
        self._body: _Element = self.document.element.body
        # Word takes its own page where a document says nothing of one.
        self.document.element.body.get_or_add_sectPr()
        roots = (self._body, *self._headers())
        holding = [one for root in roots for one in root.iter("{*}p") if _place(one) is not None]
        if not holding:
            raise unusable
        if len(holding) > 1 or holding[0].getparent() is not self._body:
            raise PlaceholderEnclosed(name=path.name, placeholder=PLACEHOLDER)
        self._place: _Element = self._alone(holding[0])
        # The properties of a section stand in its last paragraph.
        before = self._body.index(self._place)
        ended = sum(one.find("{*}pPr/{*}sectPr") is not None for one in [*self._body][:before])
        self.section = self.document.sections[ended]
        self._own = len(self._body)
        self.unknown = ()

    def _alone(self, paragraph: "_Element") -> "_Element":
        """Return the paragraph of the placeholder; texts around it get paragraphs of their own."""
        texts = [*_texts(paragraph)]
        text = "".join(one.text or "" for one in texts)
        found = _place(paragraph)
        if found is None or text.strip() == found[0]:
            return paragraph
        before, after = text[: found.start()].rstrip(), text[found.end() :].lstrip()
        if before:
            copy = deepcopy(paragraph)
            _end_no_section(copy)
            paragraph.addprevious(copy)
            _replace([*_texts(copy)], len(before), len(text), "")
        if after:
            copy = deepcopy(paragraph)
            paragraph.addnext(copy)
            _replace([*_texts(copy)], 0, len(text) - len(after), "")
            # The section, where one ends here, ends after the text.
            _end_no_section(paragraph)
        return paragraph

    def fill(self, report: Report) -> None:
        """Put what a report says of its programme in the place of the names in braces.

        A name that the word processor has torn into several runs is found too, in text boxes,
        tables, headers and footers as well; it takes the look of its first letter.

        Args:
            report: Whose they are.
        """
        values = {
            "organization": report.organization,
            "title": report.title,
            "years": report.years,
            **{name: text.replace("\n", _LINE) for name, text in report.names.items()},
        }
        unknown: dict[str, None] = {}
        for root in (self._body, *self._headers()):
            for paragraph in root.iter("{*}p"):
                texts = [*_texts(paragraph)]
                whole = "".join(one.text or "" for one in texts)
                unknown |= {
                    found[0]: None
                    for found in _ANY_NAME.finditer(whole)
                    if found[1] not in {*values, "kvartal"}
                }
                _fill(texts, values)
        self.unknown = tuple(unknown)

    def move_content(self) -> None:
        """Put what was written at the end in the place of the placeholder."""
        index = self._body.index(self._place)
        new = [
            one for one in [*self._body][self._own - 1 :] if not str(one.tag).endswith("}sectPr")
        ]
        for element in new:
            self._body.remove(element)
        # A section may end with the paragraph of the placeholder: its properties are kept.
        ends = [*self._place.iterfind("{*}pPr/{*}sectPr")]
        if ends:
            for child in [one for one in self._place if not str(one.tag).endswith("}pPr")]:
                self._place.remove(child)
        else:
            self._body.remove(self._place)
        for offset, element in enumerate(new):
            self._body.insert(index + offset, element)

    def _headers(self) -> "Iterator[_Element]":
        for section in self.document.sections:
            for part in (
                section.header,
                section.footer,
                section.first_page_header,
                section.first_page_footer,
                section.even_page_header,
                section.even_page_footer,
            ):
                # To look into one that is not there would make it.
                if not part.is_linked_to_previous:
                    yield part._element


def _texts(paragraph: "_Element") -> "Iterator[_Element]":
    """Yield the texts of a paragraph, without those of a text box in it."""
    for child in paragraph:
        name = str(child.tag).rpartition("}")[2]
        if name == "r":
            yield from child.iterchildren("{*}t")
        elif name in {"hyperlink", "ins", "sdt", "sdtContent", "smartTag", "fldSimple"}:
            yield from _texts(child)


def _end_no_section(paragraph: "_Element") -> None:
    for properties in paragraph.iterfind("{*}pPr"):
        for section in [*properties.iterfind("{*}sectPr")]:
            properties.remove(section)


def _place(paragraph: "_Element") -> re.Match[str] | None:
    """Return where the placeholder of the content is in a paragraph; None where it is not."""
    text = "".join(one.text or "" for one in _texts(paragraph))
    return next((one for one in _NAME.finditer(text) if one[1] == "kvartal"), None)


def _fill(texts: "Sequence[_Element]", values: "Mapping[str, str]") -> None:
    start = 0
    while found := _NAME.search("".join(one.text or "" for one in texts), start):
        value = values.get(found[1])
        if value is not None:
            _replace(texts, *found.span(), value)
        start = found.end() if value is None else found.start() + len(value)
    for one in texts:
        _break_lines(one)


def _break_lines(text: "_Element") -> None:
    """Put the lines of a text below each other."""
    first, *others = (text.text or "").split(_LINE)
    if others:
        text.text = first
    for line in reversed(others):
        copy = deepcopy(text)
        copy.text = line
        text.addnext(copy)
        text.addnext(copy.makeelement(f"{text.tag.rpartition('}')[0]}}}br"))


def _replace(texts: "Sequence[_Element]", start: int, end: int, value: str) -> None:
    """Put a value in the place of letters of a paragraph: it stands where the first one stood."""
    at = 0
    for one in texts:
        text = one.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            one.text = text[:first] + value + text[last:]
            one.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            value = ""
        at += len(text)
