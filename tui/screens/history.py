"""The history screen: who changed what and when, in one measure or the whole programme."""

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList

from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.action import needs_writable
from kvartal.tui.dialogs.confirmations import ask_to_undo
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.presentation.history import commit_details, manual_prefix, moment, subject_text
from kvartal.tui.presentation.measure_numbers import name_text
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.screens.list_detail import ListDetailScreen
from kvartal.tui.screens.main import main_screen
from kvartal.tui.widgets.page import Page

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry

MAX_COMMITS: Final = 1000
"""How many commits are listed at most."""
_AUTHOR: Final = 18


class HistoryScreen(ListDetailScreen):
    """A list of commits, newest first; below, what the chosen one changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,H,р,Р", "close", show=False),
        Binding("enter", "open_version", show=False, priority=True),
        Binding("n,N,т,Т", "open_version", show=False),
        Binding("u,г", "undo", show=False),
    ]

    def __init__(self, measure: str = "") -> None:
        """Show a history.

        Args:
            measure: Id of a measure; empty for the programme.
        """
        super().__init__()
        self._measure = measure
        self._entries: tuple[CommitEntry, ...] = ()
        self._shown = ""

    def title_text(self) -> str:
        """Return the title."""
        if self._measure:
            return _("История мероприятия {id}").format(id=self._measure_name)
        return _("История программы")

    @property
    def _measure_name(self) -> str:
        known = self.session.current.plan.by_id.get(self._measure)
        return name_text(known) if known else self._measure

    def compose_body(self) -> ComposeResult:
        """Yield the list and the details."""
        with Vertical():
            yield OptionList(classes="list")
            yield Page([(Cell(_("Читаю историю…"), "muted"),)])

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("↑ ↓ PgUp PgDn — листать  Enter — как было тогда  г — отменить  Esc — назад")

    def on_mount(self) -> None:
        """Read the history, now and whenever it grows."""
        self._read()
        self.watch(self.session, "recent_commits", self._follow, init=False)

    @property
    def _entry(self) -> "CommitEntry | None":
        at = self.list.highlighted
        return self._entries[at] if at is not None and at < len(self._entries) else None

    def show_details(self) -> None:
        """Show what the chosen commit changed; keep the scroll position if it is shown already."""
        entry = self._entry
        if entry is not None and entry.commit != self._shown:
            self._shown = entry.commit
            self.page.show(commit_details(entry, self._measure))

    def action_open_version(self) -> None:
        """Open the programme as the commit under the cursor left it."""
        if self._entry is not None:
            self._open(self._entry.commit)

    def action_undo(self) -> None:
        """Ask whether to undo what the commit under the cursor changed."""
        if self._entry is not None:
            self._ask_to_undo(self._entry)

    def _follow(self) -> None:
        self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        session, version = self.session, self.session.opened_version
        revision = version.version.commit if version else "HEAD"
        try:
            entries = await asyncio.to_thread(
                session.programme.entries, self._measure, revision=revision, limit=MAX_COMMITS
            )
        except KvartalError as error:
            self.page.show([(Cell(shown(error.message(on_screen)), "overdue"),)])
            return
        commits = [entry.commit for entry in entries]
        if entries and commits == [entry.commit for entry in self._entries]:
            return
        self._entries = entries
        at = commits.index(self._shown) if self._shown in commits else 0
        self.fill((_line(entry, self._measure) for entry in entries), at)
        if entries:
            self.show_details()
        else:
            self.page.show([(Cell(_("Изменений ещё не было."), "muted"),)])

    @work(group="undo", exclusive=True)
    async def _ask_to_undo(self, entry: "CommitEntry") -> None:
        session, main = self.session, main_screen(self.session)
        reason = needs_writable(main.action_context) if main else ""
        if not reason:
            try:
                reversal = await asyncio.to_thread(
                    session.programme.reversal, session.current, commit=entry.commit
                )
                ask_to_undo(session, reversal)
            except KvartalError as error:
                reason = error.message(on_screen)
        if reason:
            refusal = (Cell(shown(reason), "overdue"),)
            self.page.show([refusal, (Cell(""),), *commit_details(entry, self._measure)])

    @work(group="version", exclusive=True)
    async def _open(self, commit: str) -> None:
        try:
            await self.session.open_version(commit)
        except KvartalError as error:
            self.page.show([(Cell(shown(error.message(on_screen)), "overdue"),)])
        else:
            self.dismiss(None)


def _line(entry: "CommitEntry", measure: str) -> Text:
    author = shown(entry.author)[:_AUTHOR]
    text = Text(f"{moment(entry.date, time=False)}  ", no_wrap=True, overflow="ellipsis")
    text.append(f"{author:<{_AUTHOR}}  ")
    return text.append_text(Text.assemble((manual_prefix(entry)), subject_text(entry, measure)))
