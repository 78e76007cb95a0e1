"""The text around the tables of measures: chapters, the list of contents, page headers, the end."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kvartal.exchange.grid import Grid, GridCell, Paragraph, SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE, SourcePlace
from kvartal.exchange.tables.approval import is_dated, undated
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.skipped_rows import is_signed
from kvartal.exchange.tables.texts import clean, is_continuation, is_page_number
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_

Block = Paragraph | Grid

_HEADING: Final = re.compile(r"(\d{1,2})[.)]?\s+(\S.{1,158}[^\s.;:,])")
_CONTENTS: Final = re.compile(r"содержание|оглавление|(?:table of )?contents", re.IGNORECASE)
_CONTENTS_LINE: Final = re.compile(r"(?:\d{1,2}[.)]?\s+)?(\S.*?)[\s.…]+(\d{1,3})")
_PAGE: Final = re.compile(
    r"(?:стр(?:аница|\.)?|page)?\s*\d*\s*(?:(?:из|of|/)\s*\d+)?|.*·\s*\d+\s*/\s*\d+",
    re.IGNORECASE,
)
"""The number of a page, alone or, as in our own documents, after whose and of when they are."""
_RULE: Final = re.compile(r"-{2,}")
_HIGHEST_HEADER: Final = 3
_TITLE_SAMPLE: Final = 24


@dataclass
class Chapter:
    """A chapter: its number, its heading, the page that the contents give, and what it holds."""

    number: str
    heading: str
    place: SourcePlace
    page: int = 0
    blocks: list[Block] = field(default_factory=list)


@dataclass
class TextAround:
    """What stands around the tables of measures.

    Attributes:
        chapters: Those above the first table of measures, in order.
        contents_heading: What stands above the list of contents; empty for no list.
        page_header: The words at the top of every page, as plain data.
        read: The tables that were taken for something.
        remarks: What was left out.
        has_own: Whether the last chapter is that of the tables: titles of parts that go on with the
            numbers of the chapters leave them none.
    """

    chapters: list[Chapter] = field(default_factory=list)
    contents_heading: str = ""
    page_header: dict[str, Plain] = field(default_factory=dict)
    read: list[Grid] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    has_own: bool = True


def document_text(
    document: SourceDocument,
    tables: Sequence[SourceTable],
    fields: Mapping[str, Plain],
    used: Collection[int] = (),
) -> TextAround:
    """Return the text around the tables of measures.

    Args:
        document: As read.
        tables: Those tables.
        fields: What was found of the document: lines that tell it are no text of their own.
        used: The paragraphs that are titles of parts, by identity.
    """
    reader = _TextReader(fields)
    measured = {id(table.grid) for table in tables}
    for table in tables:
        reader.above(table)
    if not document.paragraphs:
        return reader.text  # A workbook or separated values: its other sheets are no chapters.
    is_after = False
    for part in document.parts:
        if id(part) in used:
            if isinstance(part, Paragraph) and not is_after:
                reader.title_of_part(part)
            continue
        if id(part) in measured:
            is_after = True
        elif isinstance(part, Grid) and reader.is_page_header(part):
            reader.text.read.append(part)
        elif is_after:
            reader.after(part)
        else:
            reader.before(part)
    reader.headers(document.headers)
    return reader.text


@dataclass
class _TextReader:
    fields: Mapping[str, Plain]
    text: TextAround = field(default_factory=TextAround)
    pages: dict[str, int] = field(default_factory=dict)
    _in_contents: bool = False

    def before(self, part: Block) -> None:
        """Take what stands above the first table of measures."""
        if isinstance(part, Grid):
            if self._in_contents and self._is_contents(part):
                self.text.read.append(part)
            elif self.text.chapters:
                self.text.read.append(part)
                self.text.chapters[-1].blocks.append(part)
            return
        line = clean(part.numbered_text)
        if not line:
            return
        if _CONTENTS.fullmatch(line):
            self._in_contents, self.text.contents_heading = True, line
            return
        found = _CONTENTS_LINE.fullmatch(line) if self._in_contents else None
        if found is not None:
            self.pages[found[1].casefold()] = int(found[2])
            return
        heading = _HEADING.fullmatch(line)
        if heading is not None and int(heading[1]) == len(self.text.chapters) + 1:
            self._in_contents = False
            page = self.pages.get(heading[2].casefold(), 0)
            self.text.chapters.append(Chapter(heading[1], heading[2], part.place, page))
        elif self.text.chapters:
            self.text.chapters[-1].blocks.append(part)
        elif not self._is_known(part):
            self._leave(part, line)

    def title_of_part(self, part: Paragraph) -> None:
        """Note whether the title of a part would be the next chapter."""
        heading = _HEADING.fullmatch(clean(part.numbered_text))
        if heading is not None and int(heading[1]) == len(self.text.chapters) + 1:
            self.text.has_own = False

    def after(self, part: Block) -> None:
        """Name what stands below the first table of measures."""
        line = clean(part.numbered_text) if isinstance(part, Paragraph) else ""
        if line and not self._is_known(part):
            self._leave(part, line)

    def above(self, table: SourceTable) -> None:
        """Name what stands in a table, or on a sheet, above its headings."""
        for row in range(table.heading_row):
            for cell in table.grid.row(row):
                lines = (clean(line) for line in cell.text.split("\n"))
                for line in filter(None, lines):
                    if not self._is_known_line(line):
                        self._leave(cell, line)

    def is_page_header(self, grid: Grid) -> bool:
        """Return whether a table only repeats the title and the code, as a page's header does."""
        title = str(self.fields.get("title", ""))
        if not title or grid.rows > _HIGHEST_HEADER:
            return False
        texts = [clean(cell.text) for cell in grid.cells if clean(cell.text)]
        at = next((at for at, text in enumerate(texts) if text == title), None)
        if at is None:
            return False
        self._take_header(texts[:at], texts[at + 1 :], grid.place)
        return True

    def headers(self, texts: Sequence[str]) -> None:
        """Take what a text document prints on every page."""
        title = str(self.fields.get("title", ""))
        lines = [clean(text) for text in texts if not _PAGE.fullmatch(clean(text))]
        others = [one for one in lines if one[:_TITLE_SAMPLE] != title[:_TITLE_SAMPLE]]
        brand = [one for one in others[:1] if one.isupper() and len(others) > 1]
        self._take_header(brand, others[len(brand) :], NO_PLACE)

    def _take_header(self, before: Sequence[str], after: Sequence[str], place: SourcePlace) -> None:
        code = str(self.fields.get("code", ""))
        rest = [one.removeprefix(code).strip() if code else one for one in after]
        marking = [one for one in rest if one and not _RULE.fullmatch(one)]
        known = self.text.page_header
        if before and known.setdefault("brand", before[0]) != before[0]:
            marking = [*before, *marking]
        for one in marking:
            if known.setdefault("marking", one) != one:
                template = N_("В колонтитуле «{text}»: не взято.")
                self.text.remarks.append(Remark("page-header", place, template, {"text": one}))

    def _is_contents(self, grid: Grid) -> bool:
        rows = [
            [text for text in map(clean, grid.row_text(row)) if text] for row in range(grid.rows)
        ]
        if not all(len(row) > 1 and row[-1].isdecimal() for row in rows):
            return False
        for row in rows:
            heading = _HEADING.fullmatch(row[0])
            name = heading[2] if heading is not None else row[-2]
            self.pages[name.casefold()] = int(row[-1])
            for chapter in self.text.chapters:
                if chapter.heading.casefold() == name.casefold():
                    chapter.page = int(row[-1])
        return True

    def _is_known(self, part: Block) -> bool:
        """Return whether the fields of the document tell what a paragraph says."""
        if not isinstance(part, Paragraph):
            return False
        return all(map(self._is_known_line, map(clean, part.numbered_text.split("\n"))))

    def _is_known_line(self, line: str) -> bool:
        approval = self.fields.get("approval")
        caption = str(approval.get("caption", "")) if isinstance(approval, dict) else ""
        known = [str(self.fields.get(name, "")) for name in ("organization", "title", "code")]
        rest = line
        for one in sorted((*known, caption), key=len, reverse=True):
            rest = rest.replace(one, "") if one else rest
        rest = clean(rest)
        is_known = not rest or any(
            one in text for one in (line, rest, undated(line)) for text in (caption, known[1])
        )
        return is_known or (bool(approval) and is_dated(rest))

    def _leave(self, part: Block | GridCell, line: str) -> None:
        if is_continuation(line):
            template = N_("«{text}»: пропущено.")
            remark = Remark("heading-repeated", part.place, template, {"text": line})
        elif is_page_number(line):
            template = N_("Колонтитул «{text}»: пропущен.")
            remark = Remark("page-header", part.place, template, {"text": line})
        elif is_signed(line):
            remark = Remark(
                "sign-off", part.place, N_("Подписи «{text}»: пропущены."), {"text": line}
            )
        else:
            template = N_("Текст «{text}» стоит вне таблицы и глав: не взят.")
            remark = Remark("text-left-out", part.place, template, {"text": line})
        self.text.remarks.append(remark)


def lines_of(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the paragraphs of blocks, each in one line."""
    for block in blocks:
        if isinstance(block, Paragraph) and clean(block.numbered_text):
            yield clean(block.numbered_text)
