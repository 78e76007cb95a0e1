"""What changed in the document's tables and lists of rows, in lines of a reviewer.

A row that came or went is one line with its cells; a cell is named by its table, row and column:
«Таблица главы 7, строка 2, «2025»: 1200 → 1300». Rows are counted as they are printed, those that
went as they were printed before.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.words import ABSENT, Words, one_line
from kvartal.schema.changes import Edit, Missing, Plain, PlanData
from kvartal.schema.description import title
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath

_CHAPTERS: Final = ("document", "chapters")
_CHAPTER: Final = len(_CHAPTERS) + 1
_BLOCK: Final = _CHAPTER + 2
_TABLE: Final = _BLOCK + 1
ROW_LISTS: Final = frozenset(
    {
        ("document", "information", "rows"),
        ("document", "references", "documents"),
        ("document", "definitions", "terms"),
    }
)
"""The lists of rows in the chapters that have names of their own."""
_LIST: Final = 3

LabelledText = tuple[str, str]


def is_row(path: DataPath) -> bool:
    """Return whether a path is that of a row, or of all the headings, of a chapter's table."""
    below = path[_TABLE:]
    is_of_table = path[: len(_CHAPTERS)] == _CHAPTERS and path[_BLOCK:_TABLE] == ("table",)
    return is_of_table and (below == ("columns",) or (below[:1] == ("rows",) and len(below) == 2))  # noqa: PLR2004 - the list and the index


@dataclass(slots=True)
class RowNames:
    """What rows and cells are called, edit by edit, in the order in which the edits apply.

    Attributes:
        data: The newer version.
        words: The language.
    """

    data: PlanData
    words: Words
    _shifts: Counter[DataPath] = field(default_factory=Counter)

    def lines(self, edit: Edit) -> tuple[tuple[str, str | None, str | None], ...] | None:
        """Return label, old and new text of each line of an edit; None where it is of no row."""
        path = edit.path
        names = self._names(path, edit)
        if names is None:
            return None
        number = self._number(edit)
        old = None if isinstance(edit.old, Missing) else edit.old
        new = None if isinstance(edit.new, Missing) else edit.new
        if old is not None and new is not None and not isinstance(old, dict | list):
            named = next(iter(_texts(names, path, new, number)), None)
            return None if named is None else ((named[0], _cell(old), _cell(new)),)
        return (
            *((label, text, None) for label, text in _texts(names, path, old, number)),
            *((label, None, text) for label, text in _texts(names, path, new, number)),
        )

    def _names(self, path: DataPath, edit: Edit) -> "_Table | _Rows | None":
        if path[:_LIST] in ROW_LISTS:
            # A field of a row is named as any other is.
            return _Rows(path[:_LIST], self.words) if len(path) == _LIST + 1 else None
        if path[: len(_CHAPTERS)] != _CHAPTERS or len(path) < _BLOCK:
            return None
        value = edit.old if isinstance(edit.new, Missing) else edit.new
        if len(path) == _BLOCK and not (isinstance(value, dict) and "table" in value):
            return None
        if len(path) > _BLOCK and path[_BLOCK] != "table":
            return None
        return _Table.of(path, self.data, value, self.words)

    def _number(self, edit: Edit) -> int:
        """Return the printed number of the row that an edit adds or removes."""
        rows, index = edit.path[:-1], edit.path[-1]
        if not isinstance(index, int):
            return 0
        if isinstance(edit.old, Missing):
            self._shifts[rows] -= 1
        elif isinstance(edit.new, Missing):
            self._shifts[rows] += 1
            return index + self._shifts[rows]
        return index + 1


@dataclass(frozen=True, slots=True)
class _Rows:
    """A list of rows in a chapter that has a name of its own."""

    path: DataPath
    words: Words

    def row(self, number: int) -> str:
        """Return what a row is called: «Нормативные акты, строка 3»."""
        name = self.words.translate(title(self.path))
        return self.words.say(N_("{table}, строка {number}"), table=name, number=number)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a chapter."""

    name: str
    columns: tuple[str, ...]
    words: Words

    @classmethod
    def of(cls, path: DataPath, data: PlanData, value: Plain | Missing, words: Words) -> "_Table":
        """Return the table at a path or in the value there, whichever is known."""
        chapter = as_row(_item(as_row(data.get("document")).get("chapters"), path[_CHAPTER - 1]))
        blocks = as_list(chapter.get("blocks"))
        block = value if len(path) == _BLOCK else _item(blocks, path[_BLOCK - 1])
        table = as_row(as_row(block).get("table"))
        columns = tuple(one_line(show(one)) for one in as_list(table.get("columns")))
        return cls(_table_name(chapter, path[_BLOCK - 1], words), columns, words)

    def row(self, number: int) -> str:
        """Return what a row is called: «Таблица главы 7, строка 2»."""
        return self.words.say(N_("{table}, строка {number}"), table=self.name, number=number)

    def cell(self, number: int, column: int) -> str:
        """Return what a cell is called: «Таблица главы 7, строка 2, «2025»»."""
        if column < len(self.columns):
            name = self.words.quoted(self.columns[column])
        else:
            name = self.words.say(N_("столбец {number}"), number=column + 1)
        return f"{self.row(number)}, {name}"

    def heading(self, column: int) -> str:
        """Return what the heading of a column is called."""
        return self.words.say(
            N_("{table}, заголовок столбца {number}"), table=self.name, number=column + 1
        )

    def headings(self) -> str:
        """Return what the headings of all columns are called."""
        return self.words.say(N_("{table}, заголовки столбцов"), table=self.name)


def _table_name(chapter: Row, at: str | int, words: Words) -> str:
    """Return «Таблица главы 7», or «Таблица 2 главы «Показатели»» of several without a number."""
    name = chapter.get("number") or words.quoted(show(chapter.get("heading", "")))
    tables = [
        index
        for index, block in enumerate(as_list(chapter.get("blocks")))
        if "table" in as_row(block)
    ]
    # A colon within the label would read as the one before the value.
    shown = one_line(show(name)).replace(": ", ", ")
    if len(tables) > 1 and at in tables:
        return words.say(
            N_("Таблица {number} главы {chapter}"), number=tables.index(at) + 1, chapter=shown
        )
    return words.say(N_("Таблица главы {chapter}"), chapter=shown)


def _texts(
    names: _Table | _Rows, path: DataPath, value: Plain | None, number: int
) -> Iterator[LabelledText]:
    """Yield the lines of what came, went or changed at a path, each as label and text."""
    if value is None:
        return
    if isinstance(names, _Rows):
        yield names.row(number), row_text([*as_row(value).values()])
        return
    below = path[_TABLE:]
    if below[:1] == ("columns",):
        at = below[1] if len(below) > 1 else None
        label = names.headings() if not isinstance(at, int) else names.heading(at)
        yield label, row_text(value)
    elif below[:1] == ("rows",):
        yield from _rows(names, below[1:], value, number)
    else:
        table = as_row(value) if len(path) > _BLOCK else as_row(as_row(value).get("table"))
        if "columns" in table:
            yield names.headings(), row_text(table["columns"])
        yield from _rows(names, (), table.get("rows"), 0)


def _rows(
    names: _Table, below: DataPath, value: Plain | None, number: int
) -> Iterator[LabelledText]:
    match below:
        case ():
            for index, row in enumerate(as_list(value), 1):
                yield names.row(index), row_text(row)
        case (int(),):
            yield names.row(number), row_text(value or "")
        case (int(row), int(column), *_):
            yield names.cell(row + 1, column), _cell(value or "")


def row_text(row: Plain) -> str:
    """Return the cells of a row, or the headings of a table, in one line."""
    return "; ".join(map(_cell, row)) if isinstance(row, list) else _cell(row)


def _cell(value: Plain) -> str:
    return one_line(show(value)) or ABSENT


def _item(items: Plain | None, at: str | int) -> Plain | None:
    several = as_list(items)
    return several[at] if isinstance(at, int) and at < len(several) else None
