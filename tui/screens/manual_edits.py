"""What was edited in the file by hand: было → стало, and what is to become of it."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.error_text import short_path
from kvartal.tui.presentation.history import field_lines
from kvartal.tui.presentation.repo_notice import problem_place
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.base import ReadingScreen
from kvartal.tui.widgets.page import Page
from kvartal.tui.work import start

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.store.manual_edits import ManualEdits
    from kvartal.tui.app import KvartalApp
    from kvartal.tui.mender import Mender


class EditedAgain(KvartalError):
    """The file is not the one that the person has looked at any more."""

    template = N_("Файл тем временем изменился ещё раз. Вернитесь (Esc) и посмотрите, что в нём.")


class ManualEditsScreen(ReadingScreen):
    """The edit in fields, with a choice: take it in, put it aside, leave it.

    Attributes:
        settled: Whether the file now agrees with the history.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "adopt", show=False),
        Binding("f7", "put_aside", show=False),
        Binding("f5", "examine", show=False),
    ]

    def __init__(self, mender: "Mender") -> None:
        """Take what finds the edit and does something about it.

        Args:
            mender: Of this programme.
        """
        super().__init__()
        self.settled = False
        self._mender = mender
        self._found: ManualEdits | None = None

    def title_text(self) -> str:
        """Return the title."""
        return _("Правка файла вручную")

    def compose_body(self) -> ComposeResult:
        """Yield what was edited."""
        yield Page([(Cell(_("Сравниваю файл с историей…"), "muted"),)])

    def keys_text(self) -> str:
        """Return what the keys do."""
        found = self._found
        keys = []
        if found is not None and not self._why_not_adopt(found):
            keys.append(_("F6 — внести в историю"))
        if found is not None and not found.is_new:
            keys.append(_("F7 — вернуть файл") if found.digest is None else _("F7 — отложить"))
        return "   ".join([*keys, _("Esc — оставить")])

    def on_mount(self) -> None:
        """Look at the file."""
        self.action_examine()

    def action_examine(self) -> None:
        """Compare the file with the history again."""
        start(self, self._examine, "examine")

    async def _examine(self) -> None:
        page = self.query_one(Page)
        try:
            self._found = await self._mender.examine()
        except KvartalError as error:
            page.show([(Cell(shown(error.message(_)), "overdue"),)])
            return
        page.show(_lines(self._found))
        self.query_one(".reading-keys", Static).update(Content(self.keys_text()))

    def action_adopt(self) -> None:
        """Ask for a reason, then take the edit into the history."""
        from kvartal.tui.dialogs.adopt import AdoptDialog

        if self._found is not None and not self._why_not_adopt(self._found):
            self.app.push_screen(AdoptDialog(self._adopt), self._decided)

    def action_put_aside(self) -> None:
        """Ask, then put the edit aside."""
        from kvartal.tui.forms.confirm import ConfirmDialog

        found = self._found
        if found is None or found.is_new:
            return
        told = [
            _("Файл станет таким, каков он в истории."),
            _("Текст с правкой останется в копии рядом с историей: .git/kvartal/aside."),
        ]
        if found.digest is None:
            told = [_("Файл вернётся на место таким, каков он в истории.")]
        question, accept = _("Отложить правку и вернуть прежний файл?"), _("Отложить")
        if found.digest is None:
            question, accept = _("Вернуть файл из истории?"), _("Вернуть")
        dialog = ConfirmDialog(
            question,
            told,
            accept=accept,
            leave=_("Оставить как есть"),
            title=_("Правка файла вручную"),
            act=partial(self._put_aside, found.digest),
        )
        self.app.push_screen(dialog, self._decided)

    def _decided(self, done: bool | None) -> None:  # noqa: FBT001 - the result of a screen
        if done:
            self.settled = True
            self.dismiss(None)

    @property
    def _kvartal(self) -> "KvartalApp":
        return cast("KvartalApp", self.app)

    def _why_not_adopt(self, found: "ManualEdits") -> bool:
        return bool(found.problems) or self._kvartal.snapshot is None

    async def _adopt(self, reason: str) -> None:
        await self._kvartal.upkeep.catch_up()
        snapshot = self._kvartal.snapshot
        if snapshot is None or self._found is None or snapshot.digest != self._found.digest:
            self.action_examine()
            raise EditedAgain
        await self._kvartal.upkeep.keep(partial(self._mender.adopt, snapshot, reason))

    async def _put_aside(self, seen: str | None) -> None:
        copy = await self._mender.put_aside(seen)
        await self._kvartal.upkeep.catch_up()
        if copy is not None:
            told = _("Правка отложена. Чтобы вернуть её, положите на место файла копию: {copy}")
            self._kvartal.upkeep.tell(told.format(copy=short_path(copy)))


def _lines(found: "ManualEdits") -> Iterator[CellLine]:
    """Yield what was edited and what is wrong with it."""
    if found.is_new:
        yield (Cell(_("Этого файла ещё нет в истории: внести можно только целиком."), "muted"),)
    elif found.digest is None:
        told = _("Файла нет на диске, а в последней записи истории он есть. F7 — вернуть его.")
        yield (Cell(told, "overdue"),)
        return
    elif found.groups:
        yield (Cell(_("В файле это изменено не через программу, в истории этого нет:"), "muted"),)
    elif found.is_readable:
        told = _("Значения те же, что в истории. Иначе только комментарии или расположение строк.")
        yield (Cell(told, "muted"),)
    else:
        yield (Cell(_("Файл не читается, сравнить его с историей нельзя."), "overdue"),)
    for group in found.groups:
        yield (Cell(""),)
        yield from _group(group)
    if found.problems:
        yield (Cell(""),)
        told = _("С этими ошибками правку в историю не внести: исправьте файл (F5) или отложите.")
        yield (Cell(told, "overdue"),)
    for problem in found.problems:
        yield (Cell(shown(problem_place(problem)), "key"),)
        yield (Cell(f"  {shown(problem.message(_))}"),)


def _group(group: "ChangeGroup") -> Iterator[CellLine]:
    heading = shown(group.title[:LONGEST_TEXT]) if group.id else _("Программа в целом")
    yield (Cell(shown(group.id), "id"), Cell("  " if group.id else ""), Cell(heading, "muted"))
    for line in group.lines:
        yield from field_lines(line)
