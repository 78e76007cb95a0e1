"""Chapters of a document as plain data: those that a plan has fields for, and any others."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from kvartal.exchange.grid import Grid, Paragraph
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.chapters import Block, Chapter, TextAround, lines_of
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.skipped_rows import are_column_numbers
from kvartal.exchange.tables.texts import clean, is_dash
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_

_MARKED: Final = re.compile(r"([-–—•▪●])\s+(\S.*)")
_NUMBERED: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)[.)]?\s+(\S.*)")
_CAPTION: Final = re.compile(r"(?:таблица|table)\b.*", re.IGNORECASE)
_COUNTED: Final = re.compile(r"№(?: п/п)?|n|no\.?|#", re.IGNORECASE)
_CLASSIC: Final = ("number", "proposal", "actions", "term", "result")
_PRINTED: Final = frozenset((*_CLASSIC, "responsible", "notes"))

Fields = dict[str, Plain]


def chapter_fields(
    text: TextAround, tables: Sequence[SourceTable], keys: Mapping[str, str]
) -> Fields:
    """Return the chapters as fields of the document.

    Args:
        text: What stands around the tables; what no field takes is added to its remarks.
        tables: The tables of measures: the last chapter above them is theirs.
        keys: The key of each declared field, by the heading of its column.
    """
    fields: Fields = {}
    if text.page_header:
        fields["page_header"] = dict(text.page_header)
    if text.contents_heading:
        fields["contents_heading"] = text.contents_heading
    others: list[Plain] = []
    own = text.chapters[-1:] if text.has_own else []
    for chapter in text.chapters[: len(text.chapters) - len(own)]:
        head: Fields = {"number": chapter.number, "heading": chapter.heading}
        head |= {"page": chapter.page} if chapter.page else {}
        name, body = _special(chapter)
        if body is not None and name not in fields:
            fields[name] = {**head, **body}
        else:
            blocks = list(_blocks(chapter.blocks))
            template = N_("Глава «{heading}»: своих полей для неё нет, взята как есть (chapters).")
            fields_of_remark = {"heading": chapter.heading}
            text.remarks.append(Remark("chapter-kept", chapter.place, template, fields_of_remark))
            others.append({**head, **({"blocks": blocks} if blocks else {})})
    if own:
        fields["plan"] = _plan(text, own[0], tables, keys)
    if others:
        fields["chapters"] = others
    return fields


def _special(chapter: Chapter) -> tuple[str, Fields | None]:
    heading = chapter.heading.casefold()
    for name, words, read in _SPECIAL:
        if re.match(words, heading):
            return name, read(chapter.blocks)
    return "", None


def _information(blocks: Sequence[Block]) -> Fields | None:
    rows = _only_table(blocks)
    if not rows or any(len(row) != 2 or not all(row) for row in rows):  # noqa: PLR2004 - a name and a value
        return None
    return {"rows": [{"name": name, "value": value} for name, value in rows]}


def _references(blocks: Sequence[Block]) -> Fields | None:
    rows = _only_table(blocks)
    if len(rows) < 2 or any(len(row) != 3 for row in rows):  # noqa: PLR2004 - №, requisites, title
        return None
    head, *body = rows
    numbers = [row[0].rstrip(".") for row in body]
    if not _COUNTED.fullmatch(head[0]) or numbers != [str(at + 1) for at in range(len(body))]:
        return None
    if not all(all(row) for row in rows):
        return None
    documents: list[Plain] = [{"requisites": row[1], "title": row[2]} for row in body]
    return {"columns": list[Plain](head), "documents": documents}


def _definitions(blocks: Sequence[Block]) -> Fields | None:
    rows = _only_table(blocks)
    if len(rows) < 2 or any(len(row) != 3 for row in rows) or not all(rows[0]):  # noqa: PLR2004 - term, abbreviation, definition
        return None
    head, *body = rows
    terms: list[Plain] = []
    for name, short, definition in body:
        if not definition or not (name or short):
            return None
        named = {"name": name} if name else {}
        named |= {"abbreviation": short} if short else {}
        terms.append({**named, "definition": definition})
    return {"columns": list[Plain](head), "terms": terms}


def _goals(blocks: Sequence[Block]) -> Fields | None:
    if any(isinstance(block, Grid) for block in blocks):
        return None
    lists = _enumerations(list(lines_of(blocks)))
    if lists is None or len(lists) != 2:  # noqa: PLR2004 - goals and tasks
        return None
    return {"goals": lists[0], "tasks": lists[1]}


def _state(blocks: Sequence[Block]) -> Fields | None:
    if any(isinstance(block, Grid) for block in blocks):
        return None
    lines = list(lines_of(blocks))
    first = next((at for at, line in enumerate(lines) if _MARKED.fullmatch(line)), None)
    if first is None:
        return {"paragraphs": list[Plain](lines)} if lines else None
    last = max(at for at, line in enumerate(lines) if _MARKED.fullmatch(line))
    # An introduction, then numbered groups of marked lines, then at most one paragraph.
    groups = _enumerations(lines[first - 1 : last + 1])
    is_shaped = first > 1 and len(lines) - last <= 2  # noqa: PLR2004 - the conclusion
    if not is_shaped or not groups or not lines[first - 2].endswith(":"):
        return None
    fields: Fields = {
        "paragraphs": list[Plain](lines[: first - 2]),
        "infrastructure": {"intro": lines[first - 2], "groups": list[Plain](groups)},
    }
    return {**fields, **({"conclusion": lines[-1]} if last + 1 < len(lines) else {})}


def _enumerations(lines: Sequence[str]) -> list[Fields] | None:
    """Return lists of marked lines, each below its introduction; None where lines are left over."""
    lists: list[Fields] = []
    items: list[Plain] = []
    for line in lines:
        marked = _MARKED.fullmatch(line)
        if marked is None:
            if lists and not items:
                return None
            numbered = _NUMBERED.fullmatch(line)
            items = []
            number: Fields = {"number": numbered[1]} if numbered else {}
            lists.append({**number, "intro": numbered[2] if numbered else line, "items": items})
        elif not lists or lists[-1].setdefault("marker", marked[1]) != marked[1]:
            return None
        else:
            items.append(marked[2])
    return lists if items else None


_SPECIAL: Final[tuple[tuple[str, str, Callable[[Sequence[Block]], Fields | None]], ...]] = (
    ("information", "информация о документе", _information),
    ("references", "нормативные ссылки", _references),
    ("definitions", "(?:определения терминов|термины|определения)", _definitions),
    ("goals_and_tasks", "цели и задачи", _goals),
    ("current_state", "анализ текущего состояния", _state),
)


def _plan(
    text: TextAround, chapter: Chapter, tables: Sequence[SourceTable], keys: Mapping[str, str]
) -> Fields:
    head: Fields = {"number": chapter.number, "heading": chapter.heading}
    head |= {"page": chapter.page} if chapter.page else {}
    printed: Fields = {}
    for block in chapter.blocks:
        line = clean(block.numbered_text) if isinstance(block, Paragraph) else ""
        if _CAPTION.fullmatch(line) and "caption" not in printed:
            printed["caption"] = line
        elif line:
            template = N_("Текст «{text}» стоит над таблицей: не взят.")
            text.remarks.append(Remark("text-left-out", block.place, template, {"text": line}))
        elif isinstance(block, Grid):
            text.read = [one for one in text.read if one is not block]
    columns = _columns(tables[0], keys)
    if columns:
        printed["columns"] = columns
        printed |= _marks(tables)
        head["table"] = printed
    return head


def _columns(table: SourceTable, keys: Mapping[str, str]) -> list[Plain]:
    columns = [one for one in table.columns if one.heading]
    if tuple(one.field for one in columns) == _CLASSIC:
        return [one.heading for one in columns]
    found: dict[str, Plain] = {}
    for one in columns:
        name = one.field or keys.get(one.heading, "")
        if name in _PRINTED or not one.field:
            found.setdefault(name, {"heading": one.heading, "field": name})
    return list(found.values())


def _marks(tables: Sequence[SourceTable]) -> Fields:
    """Return the numbers below the headings, and what stands where nothing is planned."""
    fields: Fields = {}
    for table in tables:
        for row in range(table.first_row, table.grid.rows):
            texts = [text for one in table.grid.row(row) if (text := clean(one.text))]
            if row == table.first_row and are_column_numbers(texts):
                fields.setdefault("column_numbers", [int(text) for text in texts])
            elif texts and all(map(is_dash, texts)):
                fields.setdefault("empty_mark", texts[0])
    return fields


def _blocks(blocks: Sequence[Block]) -> Iterator[Plain]:
    """Yield paragraphs, lists and tables as plain data."""
    items: list[Plain] = []
    marker = ""
    for block in blocks:
        if isinstance(block, Grid):
            items = []
            if rows := _rows(block):
                yield {"table": {"rows": [list[Plain](row) for row in rows]}}
            continue
        line = clean(block.numbered_text)
        marked = _MARKED.fullmatch(line)
        if marked is None:
            items = []
            if line:
                yield {"paragraph": line}
        elif items and marker == marked[1]:
            items.append(marked[2])
        else:
            items, marker = [marked[2]], marked[1]
            yield {"list": {"marker": marker, "items": items}}


def _only_table(blocks: Sequence[Block]) -> list[list[str]]:
    if len(blocks) != 1 or not isinstance(blocks[0], Grid):
        return []
    return _rows(blocks[0])


def _rows(grid: Grid) -> list[list[str]]:
    rows = [[clean(text) for text in grid.row_text(row)] for row in range(grid.rows)]
    return [row for row in rows if any(row)]
