"""What changed since an earlier version, by measure and field; each can be restored from here."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pkgutil import get_data
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import OptionList, Static

from kvartal.history import versions
from kvartal.schema.errors import KvartalError
from kvartal.tui.dialogs.confirmations import ask_to_restore
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.history import OpenedVersion
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.presentation.word_diff import marked_cells
from kvartal.tui.screens.list_detail import ListDetailScreen
from kvartal.tui.screens.main import main_screen
from kvartal.tui.widgets.page import Page

if TYPE_CHECKING:
    from kvartal.history.diff.field_line import FieldLine
    from kvartal.history.log.restore import MeasureDifference, RestorablePart

_LONGEST_ROW = 400
_ABSENT = "—"


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the list: a measure, or one part of it."""

    changed: "MeasureDifference"
    part: "RestorablePart | None" = None

    @property
    def lines(self) -> "tuple[FieldLine, ...]":
        return self.part.lines if self.part else self.changed.group.lines


class VersionDiffScreen(ListDetailScreen):
    """Changed measures and fields; below, the chosen one in full as it was and is now."""

    CSS = (get_data("kvartal.tui", "styles/version_diff.tcss") or b"").decode()
    SCOPED_CSS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "restore", show=False, priority=True),
        Binding("z,я", "restore", show=False),
        Binding("Z,Я", "restore_all", show=False),
        Binding("x,ч", "narrow(True)", show=False),
        Binding("X,Ч", "narrow(False)", show=False),
    ]

    def __init__(self, version: OpenedVersion, measure: str = "", cursor: str = "") -> None:
        """Compare a version with today's programme.

        Args:
            version: The earlier version.
            measure: Id of the measure; empty for the programme.
            cursor: Id of the measure that the cursor starts at.
        """
        super().__init__()
        self._version = version
        self._measure = measure
        self._cursor = cursor or measure
        self._changed: tuple[MeasureDifference, ...] | None = None
        self._rows: list[_Row] = []

    def title_text(self) -> str:
        """Return the title."""
        what = self._measure or _("вся программа")
        template = _("Что изменилось с {when} по сегодня: {what}")
        return template.format(when=self._version.when, what=what)

    def compose_body(self) -> ComposeResult:
        """Yield the list and the details."""
        with Container(classes="changes-body"):
            yield OptionList(classes="list")
            yield Page([(Cell(_("Сравниваю…"), "muted"),)])

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("Enter — восстановить это   Я — всё мероприятие   ч/Ч — одно/все   Esc — назад")

    def on_mount(self) -> None:
        """Compare; again whenever today's programme changes."""
        self.watch(self.session, "snapshot", self._follow)

    @property
    def _row(self) -> _Row | None:
        at = self.list.highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def show_details(self) -> None:
        """Show what the line under the cursor was and is."""
        self.say("")
        self._show_row()

    def action_narrow(self, one: bool) -> None:  # noqa: FBT001 - an action's argument
        """Show only the measure under the cursor, or all of them.

        Args:
            one: Whether only one.
        """
        row = self._row
        self._measure = row.changed.group.id if one and row else ""
        self.query_one(".reading-title", Static).update(Content(shown(self.title_text())))
        self._fill(row.changed.group.id if row else "")

    def action_restore(self) -> None:
        """Restore what is under the cursor, after a question."""
        row = self._row
        if row is not None:
            self._restore(row.changed, row.part)
        else:
            self._say_same()

    def action_restore_all(self) -> None:
        """Restore the whole measure under the cursor, after a question."""
        row = self._row
        if row is not None:
            self._restore(row.changed, None)
        else:
            self._say_same()

    def _say_same(self) -> None:
        if self._changed is not None:  # Else it is still being compared.
            self.say(_("Восстанавливать нечего."), trouble=True)

    def _restore(self, changed: "MeasureDifference", part: "RestorablePart | None") -> None:
        measure = changed.group.id
        main = main_screen(self.session)
        reason = main.action_context.today_read_only_reason if main else ""
        if self.session.saving or reason:
            waits = _("Подождите: предыдущее изменение ещё сохраняется.")
            self.say(reason or waits, trouble=True)
            return
        self._ask_to_restore(measure, part)

    @work(group="restore", exclusive=True)
    async def _ask_to_restore(self, measure: str, part: "RestorablePart | None") -> None:
        refuse = partial(self.say, trouble=True)
        await ask_to_restore(self.session, self._version, measure, part, refuse=refuse)

    def _follow(self) -> None:
        self._compare()

    @work(group="compare", exclusive=True)
    async def _compare(self) -> None:
        try:
            self._changed = await asyncio.to_thread(
                versions.changes_since,
                self.session.programme,
                self._version.version,
                self.session.current,
            )
        except KvartalError as error:
            self.page.show([(Cell(shown(error.message(on_screen)), "overdue"),)])
            return
        row = self._row
        self._fill(row.changed.group.id if row else self._cursor)

    def _fill(self, measure: str) -> None:
        """Fill the list; the cursor goes back to where it was, or to a measure.

        Args:
            measure: Id of the measure that the cursor was on.
        """
        changed = [row for row in self._changed or () if self._measure in {"", row.group.id}]
        self._rows = [
            row
            for difference in changed
            for row in (_Row(difference), *(_Row(difference, part) for part in difference.parts))
        ]
        at = self.list.highlighted or 0
        ids = [row.changed.group.id for row in self._rows]
        if measure in ids and ids[at : at + 1] != [measure]:
            at = ids.index(measure)
        # The user did not move the cursor: the sentence stays.
        self.fill((_line(row) for row in self._rows), at)
        self._show_row()

    def _show_row(self) -> None:
        row = self._row
        if row is None:
            self.page.show([(Cell(_("С тех пор здесь ничего не изменилось."), "muted"),)])
        else:
            self.page.show(_details(row))


def _line(row: _Row) -> Text:
    """Return a line of the list."""
    group = row.changed.group
    text = Text(no_wrap=True, overflow="ellipsis")
    if row.part is None:
        text.append(shown(group.id) or _("Программа в целом"), "bold")
        text.append(f"  {_since(row)}")
        return text.append(f"  {shown(group.title[:_LONGEST_ROW])}")
    first, *more = row.part.lines
    text.append(f"    {shown(first.label)}: ")
    text.append(shown(f"{first.old or _ABSENT} → {first.new or _ABSENT}"[:_LONGEST_ROW]))
    return text.append(_("  и ещё {count}").format(count=len(more)) if more else "")


def _since(row: _Row) -> str:
    group = row.changed.group
    if not group.id:
        return ""
    if group.before is None:
        return _("добавлено с тех пор")
    return _("удалено с тех пор") if group.after is None else ""


def _details(row: _Row) -> Iterator[CellLine]:
    group = row.changed.group
    heading = shown(beginning(group.title, LONGEST_TEXT)) if group.id else _("Программа в целом")
    yield (Cell(shown(group.id), "id"), Cell("  " if group.id else ""), Cell(heading, "title"))
    if _since(row):
        yield (Cell(_since(row), "accent"),)
    for line in row.lines:
        yield (Cell(f"  {shown(line.label)}", "label"),)
        old, new = _both(line.old, line.new)
        yield (Cell(_("    было   "), "muted"), *old)
        yield (Cell(_("    сейчас "), "muted"), *new)


def _both(old: str | None, new: str | None) -> tuple[CellLine, CellLine]:
    """Return both values; words are marked only where neither is absent."""
    if old and new:
        return marked_cells(old, new)
    return (Cell(shown(old or _ABSENT)),), (Cell(shown(new or _ABSENT)),)
