"""The history: who changed what and when, of one measure or of the whole programme. Only read."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.action import needs_saving
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.presentation.history import about, by_hand, details, moment
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.base import ReadingScreen
from kvartal.tui.widgets.page import Page
from kvartal.tui.work import start

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry
    from kvartal.tui.app import KvartalApp

_AUTHOR = 18


class HistoryScreen(ReadingScreen):
    """Commits, newest first; what the chosen one changed below."""

    DEFAULT_CSS = """
    HistoryScreen {
        & .history-body { height: 1fr; layout: vertical; }
        & .history-list, & .history-list:focus {
            height: auto;
            max-height: 40%;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            border: none;
            border-bottom: solid $panel-lighten-2;
            background: $background;
            background-tint: $foreground 0%;
            scrollbar-size-vertical: 1;
            scrollbar-background: $background;
            scrollbar-color: $primary 50%;
        }
    }
    """

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,H,р,Р", "close", show=False),
        # Priority: to the list, a click and Enter are the same; a click only looks.
        Binding("enter", "as_it_was", show=False, priority=True),
        Binding("n,N,т,Т", "as_it_was", show=False),
        Binding("u,г", "undo", show=False),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]

    def __init__(self, measure: str = "") -> None:
        """Take what it is about.

        Args:
            measure: Id of a measure; empty for the programme.
        """
        super().__init__()
        self._measure = measure
        self._entries: tuple[CommitEntry, ...] = ()
        self._told = ""

    def title_text(self) -> str:
        """Return the title."""
        if self._measure:
            return _("История мероприятия {id}").format(id=self._measure)
        return _("История программы")

    def compose_body(self) -> ComposeResult:
        """Yield the list and the details."""
        with Container(classes="history-body"):
            yield OptionList(classes="history-list")
            yield Page([(Cell(_("Читаю историю…"), "muted"),)], id="details")

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("↑ ↓ PgUp PgDn — листать  Enter — как было тогда  г — отменить  Esc — назад")

    def on_mount(self) -> None:
        """Ask for the history, now and whenever it goes on."""
        self._ask()
        self.watch(self.app, "journal", self._ask, init=False)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell what a commit changed."""
        event.stop()
        entry = self._entries[event.option_index]
        if entry.commit != self._told:  # Else it is being read, and stays where it is scrolled to.
            self._told = entry.commit
            self.query_one(Page).show(details(entry, self._measure))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Leave a click at what it has shown."""
        event.stop()

    def action_as_it_was(self) -> None:
        """Open the programme as the commit under the cursor left it."""
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._entries):
            start(self, partial(self._open, self._entries[at].commit), "past")

    def action_undo(self) -> None:
        """Ask whether to take back what the commit under the cursor changed."""
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._entries):
            start(self, partial(self._ask_to_undo, self._entries[at]), "undo")

    def action_page(self, pages: int) -> None:
        """Scroll the details.

        Args:
            pages: How far; negative goes up.
        """
        page = self.query_one(Page)
        page.scroll_relative(y=pages * max(1, page.size.height - 1), animate=False)

    def _ask(self) -> None:
        start(self, self._read, "read")

    async def _read(self) -> None:
        archive = cast("KvartalApp", self.app).archive
        page = self.query_one(Page)
        try:
            found = await archive.history(self._measure)
        except KvartalError as error:
            page.show([(Cell(shown(error.message(_)), "overdue"),)])
            return
        commits = [entry.commit for entry in found]
        if found and commits == [entry.commit for entry in self._entries]:
            return
        self._entries = found
        options = self.query_one(OptionList)
        options.clear_options()
        if not found:
            page.show([(Cell(_("Изменений ещё не было."), "muted"),)])
            return
        options.add_options(Option(_line(entry, self._measure)) for entry in found)
        options.highlighted = commits.index(self._told) if self._told in commits else 0

    async def _ask_to_undo(self, entry: "CommitEntry") -> None:
        from kvartal.tui.dialogs.confirmations import ask_to_take_back

        kvartal = cast("KvartalApp", self.app)
        reason = needs_saving(kvartal.main.situation) if kvartal.main else ""
        if not reason:
            try:
                ask_to_take_back(kvartal, await kvartal.reversal(commit=entry.commit))
            except KvartalError as error:
                reason = error.message(_)
        if reason:
            told = (Cell(shown(reason), "overdue"),)
            self.query_one(Page).show([told, (Cell(""),), *details(entry, self._measure)])

    async def _open(self, commit: str) -> None:
        try:
            await cast("KvartalApp", self.app).archive.open(commit)
        except KvartalError as error:
            self.query_one(Page).show([(Cell(shown(error.message(_)), "overdue"),)])
        else:
            self.dismiss(None)


def _line(entry: "CommitEntry", measure: str) -> Text:
    author = shown(entry.author)[:_AUTHOR]
    text = Text(f"{moment(entry.date, time=False)}  ", no_wrap=True, overflow="ellipsis")
    text.append(f"{author:<{_AUTHOR}}  ", "dim")
    return text.append_text(Text.assemble((by_hand(entry), "dim"), about(entry, measure)))
