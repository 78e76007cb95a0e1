"""The screen of what stands in the document around the table: parts above, their text below."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import OptionList

from kvartal.history.diff.diff import difference
from kvartal.schema.changes import MISSING, Change, ChangeKind, Missing, PlanData
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
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import FormContext, form_context
from kvartal.tui.forms.document_fields import (
    CHAPTERS as NAMED_CHAPTERS,
)
from kvartal.tui.forms.document_fields import (
    DOCUMENT,
    DocumentText,
    texts_below,
    value_at,
    with_values,
)
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.list_detail import ListDetailScreen
from kvartal.tui.widgets.page import Page

_REQUISITES: Final = (
    (("organization",), N_("Организация"), False),
    (("title",), N_("Название документа"), False),
    (("code",), N_("Обозначение документа"), False),
    (("approval", "caption"), N_("Гриф утверждения"), False),
    (("approval", "date"), N_("Дата приказа, ГГГГ-ММ-ДД"), False),
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
    ]
    if has_table:
        found.append(DocumentPart(_("Столбцы таблицы мероприятий"), _columns(data), ColumnsDialog))
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


def _chapters(data: PlanData) -> Iterator[DocumentPart]:
    rows = value_at(data, CHAPTERS)
    for index in range(len(rows) if isinstance(rows, list) else 0):
        path = (*CHAPTERS, index)
        texts = [
            one for one in texts_below(data, path) if one.path[-1] not in {"number", "heading"}
        ]
        lines = [*_filled(texts, data)]
        blocks = value_at(data, (*path, "blocks"))
        tables = (
            sum("table" in one for one in blocks if isinstance(one, dict))
            if isinstance(blocks, list)
            else 0
        )
        if tables:
            lines.append(_("Таблиц в главе: {count}; их правят в файле.").format(count=tables))

        def dialog(context: FormContext, index: int = index) -> Screen[Change | None]:
            return ChapterDialog(context, index)

        yield DocumentPart(_chapter_title(data, path), tuple(lines), dialog, index)


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
    return tuple(lines)


class DocumentScreen(ListDetailScreen):
    """The parts of the document; Enter changes the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", show=False, priority=True),
        Binding("e,E,у,У", "edit", show=False),
        Binding("a,A,ф,Ф", "add", show=False),
        Binding("delete", "remove", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[DocumentPart] = []

    def title_text(self) -> str:
        """Return the title."""
        return _("Документ: реквизиты, главы, поля")

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("Enter — изменить   ф — добавить главу   Delete — удалить главу   Esc — назад")

    def compose_body(self) -> ComposeResult:
        """Yield the list, and the page for the text of a part."""
        yield OptionList(classes="list")
        yield Page()

    def on_mount(self) -> None:
        """Fill the list, and follow the programme."""
        self._refill()
        self.watch(self.session, "snapshot", self._refill, init=False)

    @property
    def _part(self) -> DocumentPart | None:
        at = self.list.highlighted
        return self._parts[at] if at is not None and at < len(self._parts) else None

    def show_details(self) -> None:
        """Show the text of the part under the cursor."""
        part = self._part
        if part is not None:
            self.page.show(self._lines(part))

    def action_edit(self) -> None:
        """Ask for the texts of the part under the cursor."""
        part = self._part
        if part is not None:
            self.app.push_screen(part.dialog(form_context(self.session)))

    def action_add(self) -> None:
        """Ask for a new chapter, and go to it."""
        rows = value_at(self.session.current.data, CHAPTERS)
        index = len(rows) if isinstance(rows, list) else 0

        def added(change: Change | None) -> None:
            if change is not None:
                self.list.highlighted = len(self._parts) - 1

        self.app.push_screen(ChapterDialog(form_context(self.session), index), added)

    def action_remove(self) -> None:
        """Ask whether to remove the chapter under the cursor."""
        part = self._part
        if part is None:
            return
        if part.chapter is None:
            self.page.show(
                [(Cell(_("Удаляют только главы, добавленные сверх обязательных."), "overdue"),)]
            )
            return
        context = form_context(self.session)
        new = with_values(context.data, {(*CHAPTERS, part.chapter): MISSING})
        change = Change(ChangeKind.STRUCTURE, difference(context.data, new))

        async def act() -> None:
            await context.save(change, ())

        question = _("Удалить главу «{name}»?").format(name=part.title)
        self.app.push_screen(
            ConfirmDialog(question, part.lines, accept=_("Удалить"), leave=_("Оставить"), act=act)
        )

    def _refill(self) -> None:
        if self.session.snapshot is None:
            return
        at = self.list.highlighted or 0
        self._parts = document_parts(self.session.current.data)
        self.fill((Text(shown(part.title), no_wrap=True) for part in self._parts), at)
        self.show_details()

    def _lines(self, part: DocumentPart) -> Iterator[CellLine]:
        for line in part.lines:
            tone = "" if line.startswith("  ") else "muted" if line.endswith(":") else ""
            yield (Cell(shown(line), tone),)
