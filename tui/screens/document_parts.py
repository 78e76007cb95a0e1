"""The parts of what stands in the document around the table, each with the form that changes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from textual.screen import Screen

from kvartal.schema.changes import Change, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.description import title as schema_title
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath
from kvartal.tui.dialogs.document import CHAPTERS, LEVELS, ChapterDialog, TextsDialog
from kvartal.tui.dialogs.document_rows import (
    COLUMNS,
    FIELDS,
    TYPES,
    ColumnsDialog,
    FieldsDialog,
)
from kvartal.tui.dialogs.document_tables import NamedRowsDialog, TableDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.document_fields import (
    CHAPTERS as NAMED_CHAPTERS,
)
from kvartal.tui.forms.document_fields import (
    DOCUMENT,
    ROW_LISTS,
    DocumentText,
    texts_below,
)
from kvartal.tui.i18n import _

_REQUISITES: Final = (
    (("organization",), N_("Организация"), False),
    (("title",), N_("Название документа"), False),
    (("code",), N_("Обозначение документа"), False),
    (("approval", "caption"), N_("Гриф утверждения"), False),
    (("approval", "date"), N_("Дата приказа"), False),
    (("approval", "number"), N_("Номер приказа"), False),
    (("approval", "lines"), N_("Строки грифа"), True),
    (("page_header", "brand"), N_("Логотип в колонтитуле"), False),
    (("page_header", "marking"), N_("Пометка в колонтитуле"), False),
    (("contents_heading",), N_("Заголовок содержания"), False),
    (("plan", "number"), N_("Номер раздела с таблицей"), False),
    (("plan", "heading"), N_("Заголовок раздела с таблицей"), False),
    (("plan", "table", "caption"), N_("Подпись таблицы"), False),
    (("plan", "table", "empty_mark"), N_("Прочерк в пустой строке"), False),
)


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A line of the list.

    Attributes:
        title: What it is; it may hold data.
        lines: Its text.
        dialog: Returns the form that changes it.
        chapter: Its index where it is a chapter that can be removed.
    """

    title: str
    lines: tuple[str, ...]
    dialog: Callable[[FormContext], Screen[Change | None]]
    chapter: int | None = None


def document_parts(data: PlanData) -> list[DocumentPart]:
    """Return the parts of the document, in order."""
    texts = [
        DocumentText((DOCUMENT, *path), _(label), is_list=is_list)
        for path, label, is_list in _REQUISITES
    ]
    has_table = not isinstance(value_at(data, (DOCUMENT, "plan", "table")), Missing)
    if not has_table:
        texts = [one for one in texts if "table" not in one.path]
    requisites = _("Реквизиты")
    found = [
        DocumentPart(
            requisites,
            _filled(texts, data),
            lambda context: TextsDialog(context, requisites, texts),
        ),
        _levels(data),
        DocumentPart(_("Дополнительные поля мероприятий"), _fields(data), FieldsDialog),
        DocumentPart(_("Столбцы таблицы мероприятий"), _columns(data), ColumnsDialog),
    ]
    found += _named_chapters(data)
    return [*found, *_chapters(data)]


def _levels(data: PlanData) -> DocumentPart:
    title = _("Названия уровней")
    text = DocumentText(LEVELS, _("Уровни сверху вниз"), is_list=True)
    lines = text.text(data).splitlines() or [_("Не названы: раздел, канал обслуживания.")]
    return DocumentPart(title, tuple(lines), lambda context: TextsDialog(context, title, [text]))


def _named_chapters(data: PlanData) -> Iterator[DocumentPart]:
    for name in NAMED_CHAPTERS:
        path: DataPath = (DOCUMENT, name)
        if isinstance(value_at(data, path), Missing):
            continue
        texts = [*texts_below(data, path)]
        title = _chapter_title(data, path)

        def dialog(
            context: FormContext, title: str = title, texts: list[DocumentText] = texts
        ) -> Screen[Change | None]:
            return TextsDialog(context, title, texts)

        yield DocumentPart(title, _filled(texts[2:], data), dialog)
        yield from _row_lists(data, path, title)


def _row_lists(data: PlanData, chapter: DataPath, heading: str) -> Iterator[DocumentPart]:
    """Yield the list of rows in a chapter that has a name of its own, where it has one."""
    for path in ROW_LISTS:
        rows = value_at(data, path)
        if path[:-1] != chapter or not isinstance(rows, list):
            continue
        title = f"{heading} · {_(schema_title(path))}"

        def dialog(
            context: FormContext, path: DataPath = path, title: str = title
        ) -> Screen[Change | None]:
            return NamedRowsDialog(context, path, title)

        lines = (" — ".join(map(str, row.values())) for row in rows if isinstance(row, dict))
        yield DocumentPart(title, tuple(lines), dialog)


def _chapters(data: PlanData) -> Iterator[DocumentPart]:
    rows = value_at(data, CHAPTERS)
    for index in range(len(rows) if isinstance(rows, list) else 0):
        path = (*CHAPTERS, index)
        texts = [
            one for one in texts_below(data, path) if one.path[-1] not in {"number", "heading"}
        ]
        lines = [*_filled(texts, data)]

        def dialog(context: FormContext, index: int = index) -> Screen[Change | None]:
            return ChapterDialog(context, index)

        title = _chapter_title(data, path)
        yield DocumentPart(title, tuple(lines), dialog, index)
        yield from _tables(data, path, title)


def _tables(data: PlanData, chapter: DataPath, heading: str) -> Iterator[DocumentPart]:
    """Yield the tables of a chapter."""
    blocks = value_at(data, (*chapter, "blocks"))
    found = [
        (index, block["table"])
        for index, block in enumerate(blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict) and "table" in block
    ]
    for count, (index, table) in enumerate(found, 1):
        number = f" {count}" if len(found) > 1 else ""
        title = f"{heading} · {_('Таблица')}{number}"

        def dialog(
            context: FormContext,
            path: DataPath = (*chapter, "blocks", index),
            title: str = title,
        ) -> Screen[Change | None]:
            return TableDialog(context, path, title)

        yield DocumentPart(title, tuple(_table_lines(table)), dialog)


def _table_lines(table: Plain) -> Iterator[str]:
    known = table if isinstance(table, dict) else {}
    columns, rows = known.get("columns"), known.get("rows")
    if isinstance(columns, list):
        yield " │ ".join(map(str, columns)) + ":"
    for row in rows if isinstance(rows, list) else []:
        yield "  " + " │ ".join(map(str, row if isinstance(row, list) else [row]))


def _chapter_title(data: PlanData, path: DataPath) -> str:
    parts = (value_at(data, (*path, key)) for key in ("number", "heading"))
    return " ".join(str(one) for one in parts if not isinstance(one, Missing))


def _filled(texts: list[DocumentText], data: PlanData) -> tuple[str, ...]:
    return tuple(
        line
        for text in texts
        if (value := text.text(data))
        for line in (f"{text.label}:", *(f"  {one}" for one in value.splitlines()))
    )


def _fields(data: PlanData) -> tuple[str, ...]:
    rows = value_at(data, FIELDS)
    lines = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            kind = _(dict(TYPES)[str(row.get("type", "line"))])
            choices = row.get("choices", [])
            values = (
                ": " + ", ".join(map(str, choices)) if isinstance(choices, list) and choices else ""
            )
            lines.append(f"{row.get('title', '')} ({row.get('key', '')}) — {kind}{values}")
    return tuple(lines) or (_("Своих полей нет."),)


def _columns(data: PlanData) -> tuple[str, ...]:
    rows = value_at(data, COLUMNS)
    lines: list[str] = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            lines.append(f"{row.get('heading', '')} — {row.get('field', '')}")
        else:
            lines.append(str(row))
    return tuple(lines) or (_("Не названы: обычные столбцы и свои поля."),)
