"""The screen of manual edits: what was edited outside the program, and what to do with it."""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from kvartal.history import repair
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.error_text import short_message, short_path
from kvartal.tui.presentation.history import SCREEN_HASH, field_lines
from kvartal.tui.presentation.problem_list import MOST_SHOWN, cut_sentence
from kvartal.tui.presentation.repo_notice import problem_place
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.screens.base import ReadingScreen
from kvartal.tui.widgets.page import Page

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.store.manual_edits import ManualEdits


class EditedAgain(KvartalError):
    """The file has changed since the user looked at it."""

    template = N_("Файл тем временем изменился ещё раз. Вернитесь (Esc) и посмотрите, что в нём.")


class ManualEditsScreen(ReadingScreen):
    """The edit field by field, with a choice: commit it, move it away, or leave it.

    Attributes:
        settled: Whether the file now agrees with the history.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "adopt", show=False),
        Binding("f7", "move_away", show=False),
        Binding("f5", "compare", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.settled = False
        self._edits: ManualEdits | None = None

    def title_text(self) -> str:
        """Return the title."""
        return _("Правка файла вручную")

    def compose_body(self) -> ComposeResult:
        """Yield what was edited."""
        yield Page([(Cell(_("Сравниваю файл с историей…"), "muted"),)])

    def keys_text(self) -> str:
        """Return what the keys do."""
        edits = self._edits
        keys = []
        if edits is not None and not self._is_unfit(edits):
            keys.append(_("F6 — внести в историю"))
        if edits is not None and not edits.is_new:
            keys.append(_("F7 — вернуть файл") if edits.digest is None else _("F7 — отложить"))
        return "   ".join([*keys, _("Esc — оставить")])

    def on_mount(self) -> None:
        """Compare the file with the history."""
        self.action_compare()

    def action_compare(self) -> None:
        """Compare the file with the history again."""
        self._compare()

    @work(group="compare", exclusive=True)
    async def _compare(self) -> None:
        page = self.query_one(Page)
        try:
            self._edits = await asyncio.to_thread(repair.manual_edits, self.session.programme)
        except KvartalError as error:
            page.show([(Cell(shown(error.message(on_screen)), "overdue"),)])
            return
        page.show(_lines(self._edits))
        self.query_one(".reading-keys", Static).update(Content(self.keys_text()))

    def action_adopt(self) -> None:
        """Ask for a reason, then commit the edit."""
        from kvartal.tui.dialogs.adopt import AdoptDialog

        if self._edits is not None and not self._is_unfit(self._edits):
            plan = self.session.programme.path
            self.app.push_screen(AdoptDialog(plan, self._adopt, self._edits.lost), self._decided)

    def action_move_away(self) -> None:
        """Ask, then move the edit away."""
        from kvartal.tui.forms.confirm import ConfirmDialog

        edits = self._edits
        if edits is None or edits.is_new:
            return
        lines = [
            _("Файл станет таким, каков он в истории."),
            _("Текст с правкой останется в копии рядом с историей: .git/kvartal/aside."),
        ]
        if edits.digest is None:
            lines = [_("Файл вернётся на место таким, каков он в истории.")]
        question, accept = _("Отложить правку и вернуть прежний файл?"), _("Отложить")
        if edits.digest is None:
            question, accept = _("Вернуть файл из истории?"), _("Вернуть")
        dialog = ConfirmDialog(
            question,
            lines,
            accept=accept,
            leave=_("Оставить как есть"),
            title=_("Правка файла вручную"),
            act=partial(self._move_away, edits.digest),
        )
        self.app.push_screen(dialog, self._decided)

    def _decided(self, done: bool | None) -> None:  # noqa: FBT001 - the result of a screen
        if done:
            self.settled = True
            self.dismiss(None)

    def _is_unfit(self, edits: "ManualEdits") -> bool:
        return bool(edits.problems) or self.session.snapshot is None

    async def _adopt(self, reason: str) -> None:
        await self.session.catch_up()
        snapshot = self.session.snapshot
        if snapshot is None or self._edits is None or snapshot.digest != self._edits.digest:
            self.action_compare()
            raise EditedAgain
        programme = self.session.programme
        await self.session.save(lambda _now: repair.adopt(programme, snapshot, reason))

    async def _move_away(self, seen: str | None) -> None:
        copy = await asyncio.to_thread(repair.move_edits_away, self.session.programme, seen)
        await self.session.catch_up()
        if copy is not None:
            template = _("Правка отложена. Чтобы вернуть её, положите на место файла копию: {copy}")
            sentence = template.format(copy=short_path(copy))
        else:
            template = _("Файл возвращён из истории: {plan}")
            sentence = template.format(plan=short_path(self.session.programme.path))
        self.session.announce(sentence)


def _lines(edits: "ManualEdits") -> Iterator[CellLine]:
    """Yield what was edited and what is wrong with it."""
    if edits.is_new:
        yield (Cell(_("Этого файла ещё нет в истории: внести можно только целиком."), "muted"),)
    elif edits.digest is None:
        text = _("Файла нет на диске, а в последней записи истории он есть. F7 — вернуть его.")
        yield (Cell(text, "overdue"),)
        return
    elif not edits.is_readable:
        yield from _head_error(edits)
        yield (Cell(_("Файл не читается, сравнить его с историей нельзя."), "overdue"),)
    elif edits.head_error is not None:
        yield from _head_error(edits)
    elif edits.groups:
        yield (Cell(_("В файле это изменено не через программу, в истории этого нет:"), "muted"),)
    else:
        text = _("Значения те же, что в истории. Иначе только комментарии или расположение строк.")
        yield (Cell(text, "muted"),)
    for group in edits.groups:
        yield (Cell(""),)
        yield from _group(group)
    if edits.problems:
        yield from _problems(edits)


def _problems(edits: "ManualEdits") -> Iterator[CellLine]:
    """Yield what is wrong with a file, and what can be done about it."""
    yield (Cell(""),)
    text = _("С этими ошибками правку в историю не внести: исправьте файл (F5) или отложите.")
    if edits.is_new:  # There is nothing in the history to put in its place.
        text = _("С этими ошибками файл в историю не внести: исправьте его (F5).")
    yield (Cell(text, "overdue"),)
    for problem in edits.problems[:MOST_SHOWN]:
        yield (Cell(shown(problem_place(problem)), "key"),)
        yield (Cell(f"  {shown(problem.message(on_screen))}"),)
    if sentence := cut_sentence(edits.problems):
        yield (Cell(sentence, "muted"),)


def _head_error(edits: "ManualEdits") -> Iterator[CellLine]:
    """Yield why the last entry of the history cannot be read, and what is shown instead."""
    if edits.head_error is None:
        return
    template = _("Последнюю запись истории прочесть не удалось. {reason}")
    yield (Cell(shown(template.format(reason=short_message(edits.head_error))), "overdue"),)
    if not edits.is_readable:
        return
    text = _("Сравнить файл не с чем: прежние записи не читаются тоже.")
    if edits.compared:
        template = _("Ниже — чем файл отличается от прежней читаемой записи, {hash}.")
        text = template.format(hash=edits.compared[:SCREEN_HASH])
        if not edits.groups:
            template = _("Значения те же, что в прежней читаемой записи, {hash}.")
            text = template.format(hash=edits.compared[:SCREEN_HASH])
    yield (Cell(text, "muted"),)


def _group(group: "ChangeGroup") -> Iterator[CellLine]:
    heading = shown(beginning(group.title, LONGEST_TEXT)) if group.id else _("Программа в целом")
    yield (Cell(shown(group.id), "id"), Cell("  " if group.id else ""), Cell(heading, "muted"))
    for line in group.lines:
        yield from field_lines(line)
