"""The main screen: tree, table and card of one snapshot, as of one date, through one filter.

It is made in two steps, since a person waits for the table: the first paint shows it, and what
stands around it (:mod:`kvartal.tui.screens.main_widgets`) is imported and made right after. Room
is kept for that, so nothing moves.
"""

from dataclasses import replace
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from kvartal.schema.states import Status
from kvartal.tui.actions.action import ActionContext
from kvartal.tui.actions.registry import BY_ID, bindings
from kvartal.tui.presentation.labels import Signs
from kvartal.tui.view import Filter, Overview, View
from kvartal.tui.widgets.measure_table import MeasureTable
from kvartal.tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from textual.theme import Theme

    from kvartal.tui.app import KvartalApp
    from kvartal.tui.presentation.history import OpenedVersion
    from kvartal.tui.presentation.repo_notice import RepoNotice
    from kvartal.tui.presentation.table import Row
    from kvartal.tui.screens.main_widgets import MainWidgets
    from kvartal.tui.widgets.filter_line import FilterLine
    from kvartal.tui.widgets.key_line import KeyLine
    from kvartal.tui.widgets.section_tree import SectionTree

EARLY: Final = "-early"
"""The table is there, what stands around it is not yet."""
WIDE: Final = 110
"""From this width on the tree stands beside the table."""
TREE_WIDTH: Final = 36
"""Of the tree beside the table, as in main.tcss."""


class MainScreen(Screen[None]):
    """Everything at a glance.

    What can be done here is listed in :mod:`kvartal.tui.actions.registry`. It follows the
    application; every widget is bound to one of the values below.
    """

    AUTO_FOCUS = "#table"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(keys, f"act('{name}')", show=False) for keys, name in bindings()),
    ]

    overview: var[Overview | None] = var(None, init=False)
    """The programme as of a date."""
    pinned: var[bool] = var(False, init=False)
    """Whether that date was chosen and does not follow the calendar."""
    view: var[View | None] = var(None, init=False)
    """What of it is in sight."""
    marked: var[frozenset[str]] = var(frozenset(), init=False)
    """Ids of the measures that are marked."""
    situation: var[ActionContext] = var(ActionContext(), init=False)
    """What decides which keys do something."""

    def __init__(self, overview: Overview, signs: Signs) -> None:
        """Take what is shown first.

        Args:
            overview: The programme as of a date.
            signs: How states are drawn.
        """
        super().__init__(classes=EARLY)
        self.signs = signs
        self.row: Row | None = None
        self.parts: MainWidgets | None = None
        self.set_reactive(MainScreen.overview, overview)
        self.set_reactive(MainScreen.view, View(overview))

    def compose(self) -> ComposeResult:
        """Make what the first paint needs."""
        width = self.app.size.width
        # Textual finds this out as well, but only after the first paint.
        self.set_class(width >= WIDE, "-wide")
        width -= TREE_WIDTH if width >= WIDE else 0
        yield TopLine(id="top").data_bind(MainScreen.overview, MainScreen.pinned)
        with Horizontal(id="body"), Vertical(id="work"), Container(id="sheet"):
            table = MeasureTable(self.signs, width, id="table")
            yield table.data_bind(MainScreen.view, MainScreen.marked)

    def on_mount(self) -> None:
        """Follow the application."""
        self.watch(self.kvartal, "overview", self._follow)
        self.watch(self.kvartal, "pinned", self._follow_pinned)
        self.call_after_refresh(self.complete)

    async def complete(self) -> None:
        """Make what stands around the table."""
        from kvartal.tui.screens.main_widgets import MainWidgets

        parts = MainWidgets(self)
        with self.app.batch_update():
            await parts.mount(self)
            self.parts = parts
            self.remove_class(EARLY)
            self.watch(self.kvartal, "health", self._warn)
            self.watch(self.kvartal, "saving", self._judge)
            self.watch(self.kvartal, "journal", self._show_card)
            self.watch(self.kvartal, "past", self._follow_past, init=False)
            self.app.theme_changed_signal.subscribe(self, self._restyle)

    @property
    def kvartal(self) -> "KvartalApp":
        """The application."""
        return cast("KvartalApp", self.app)

    @property
    def table(self) -> MeasureTable:
        """The table."""
        return self.query_one(MeasureTable)

    @property
    def chosen(self) -> Status | None:
        """The measure under the cursor."""
        if self.overview is None or self.row is None:
            return None
        return self.overview.by_id.get(self.row.measure)

    def look(self, chosen: Filter | None = None, *, urgent: bool | None = None) -> None:
        """Show something else of the programme.

        Args:
            chosen: The filter; None for the one in force.
            urgent: Whether to show open checkpoints by urgency; None to leave that as it is.
        """
        if self.view is not None:
            self.view = replace(
                self.view,
                filter=self.view.filter if chosen is None else chosen,
                urgent=self.view.urgent if urgent is None else urgent,
            )

    async def action_act(self, name: str) -> None:
        """Do what a key, the menu or the palette asks for, or say why it cannot be done.

        Args:
            name: Id of an action.
        """
        from kvartal.tui.handlers.dispatch import deed_named

        if self.parts is None:  # a quick hand: the rest is being made
            self.call_after_refresh(self.action_act, name)
            return
        reason = BY_ID[name].reason(self.situation)
        if reason:
            self.say(reason, trouble=True)
            self.kvartal.upkeep.remedies.suggest(reason)
            return
        done = deed_named(name, self, self.parts)()
        if isawaitable(done):
            await done

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence above the keys, as soon as there is a place for it.

        Args:
            sentence: It may hold data.
            trouble: Whether it stays until it is closed.
        """
        if self.parts is None:
            self.call_after_refresh(self.say, sentence, trouble=trouble)
        else:
            self.parts.message.say(sentence, trouble=trouble)

    def action_neighbour(self, step: int) -> None:
        """Go on to the measure below or above, with the card open.

        Args:
            step: 1 or -1.
        """
        self.table.move_cursor(row=self.table.cursor_row + step)

    # What the widgets tell.

    def on_measure_table_chosen(self, event: MeasureTable.Chosen) -> None:
        """Show the card of the row under the cursor."""
        self.row = event.row
        self._show_card()
        self._judge()

    async def on_measure_table_opened(self) -> None:
        """Open the card."""
        await self.action_act("open")

    async def on_key_line_clicked(self, event: "KeyLine.Clicked") -> None:
        """Do what was clicked."""
        await self.action_act(event.action)

    async def on_filter_text_cleared(self) -> None:
        """Show everything."""
        await self.action_act("clear")

    def on_filter_line_typed(self, event: "FilterLine.Typed") -> None:
        """Show what the words are found in."""
        if self.view is not None:
            self.look(replace(self.view.filter, text=event.text))

    def on_filter_line_left(self) -> None:
        """Go on to the table."""
        self.table.focus()

    def on_section_tree_chosen(self, event: "SectionTree.Chosen") -> None:
        """Show a section or channel."""
        if self.view is not None:
            self.look(replace(self.view.filter, place=event.place))

    async def on_section_tree_left(self) -> None:
        """Go on to the table."""
        await self.action_act("sections")

    # What follows from what.

    def watch_focused(self, focused: Widget | None) -> None:
        """Let keys go to the table when what they went to is gone."""
        if focused is None and self.parts is not None:
            self.call_after_refresh(self._focus_table)

    def _focus_table(self) -> None:
        if self.focused is None:
            self.table.focus()

    def watch_view(self, view: View) -> None:
        """Say why the table is empty, where it is."""
        if self.parts is not None:
            self.parts.tell_nothing(view)
            self._judge()

    def watch_marked(self) -> None:
        """Marks decide what a record is about."""
        self._judge()

    def _follow(self, overview: Overview | None) -> None:
        if overview is None or overview is self.overview or self.view is None:
            return
        self.overview = overview
        self.marked &= overview.by_id.keys()
        chosen = self.view.filter
        if chosen.place not in overview.progress:
            chosen = replace(chosen, place="")
        self.view = replace(self.view, overview=overview, filter=chosen)

    def _follow_pinned(self, pinned: bool) -> None:  # noqa: FBT001 - what a watcher is given
        self.pinned = pinned or self.kvartal.past is not None

    async def _follow_past(self, past: "OpenedVersion | None") -> None:
        from kvartal.tui.widgets.message_line import show_version_line

        self._follow_pinned(self.kvartal.pinned)
        await show_version_line(self, past)
        self._show_card()
        self._judge()

    def _warn(self, health: "RepoNotice | None") -> None:
        if self.parts is not None:
            self.parts.warn(health)
            self._judge()

    def _judge(self) -> None:
        """Find out what can be done now."""
        from kvartal.tui.handlers.situation import situation

        self.situation = situation(self)

    def _show_card(self) -> None:
        if self.parts is not None and self.overview is not None:
            history = self.kvartal.last_changes(self.row.measure) if self.row else ()
            self.parts.card.tell(self.chosen, self.overview.plan, history)

    def _restyle(self, _theme: "Theme") -> None:
        """Draw with the colours of another theme, once Textual has taken it up."""
        self.table.restyle()
        top = self.query_one(TopLine)
        top.tones.forget()
        top.refresh()
        if self.parts is not None:
            self.parts.restyle()
