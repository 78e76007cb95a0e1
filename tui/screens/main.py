"""The main screen: tree, table and card of one snapshot, as of one date, through one filter.

It is composed in two steps, since the user waits for the table: the first paint shows it, and the
widgets around it (:mod:`kvartal.tui.screens.main_widgets`) are imported and mounted right after.
Room is reserved for them, so nothing moves.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from kvartal.schema.states import Status
from kvartal.tui.actions.action import ActionContext
from kvartal.tui.actions.registry import BY_ID, bindings
from kvartal.tui.filters import Filter
from kvartal.tui.marks import Marks
from kvartal.tui.presentation.labels import Signs
from kvartal.tui.presentation.programme_name import telling_name
from kvartal.tui.session import Session, session_of
from kvartal.tui.view import Overview, View
from kvartal.tui.widgets.measure_table import MeasureTable
from kvartal.tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from textual.theme import Theme

    from kvartal.tui.presentation.history import OpenedVersion
    from kvartal.tui.presentation.table import Row
    from kvartal.tui.screens.main_widgets import MainWidgets
    from kvartal.tui.widgets.filter_line import FilterLine
    from kvartal.tui.widgets.key_line import KeyLine
    from kvartal.tui.widgets.section_tree import SectionTree

EARLY: Final = "-early"
"""Class of the screen while the widgets around the table are missing."""
FLAT: Final = "-flat"
"""Class of the screen where the programme has no sections: there is no tree."""
WIDE: Final = 110
"""From this width on the tree is beside the table."""
TREE_WIDTH: Final = 36
"""Of the tree beside the table, as in main.tcss."""


class MainScreen(Screen[None]):
    """The programme at a glance.

    Its actions are listed in :mod:`kvartal.tui.actions.registry`. The screen follows the session;
    every widget is bound to one of the values below.
    """

    AUTO_FOCUS = "#table"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(keys, f"act('{name}')", show=False) for keys, name in bindings()),
        Binding("f3", "whole_message", show=False),
    ]

    overview: var[Overview | None] = var(None, init=False)
    """The programme as of a date."""
    pinned: var[bool] = var(False, init=False)
    """Whether that date was chosen and does not follow the calendar."""
    view: var[View | None] = var(None, init=False)
    """What is shown of it."""
    marked: var[Marks] = var(Marks(), init=False)
    """The marked rows."""
    action_context: var[ActionContext] = var(ActionContext(), init=False)
    """What decides which actions can be done."""

    def __init__(self, overview: Overview, signs: Signs) -> None:
        """Show a programme.

        Args:
            overview: The programme as of a date.
            signs: How states are drawn.
        """
        super().__init__(classes=EARLY)
        self.signs = signs
        self.row: Row | None = None
        self.widgets: MainWidgets | None = None
        self.set_reactive(MainScreen.overview, overview)
        self.set_reactive(MainScreen.view, View(overview))

    def compose(self) -> ComposeResult:
        """Yield what the first paint needs."""
        width = self.app.size.width
        # Textual sets it too, but only after the first paint.
        self.set_class(width >= WIDE, "-wide")
        is_flat = self.overview is not None and not self.overview.plan.sections
        self.set_class(is_flat, FLAT)
        width -= TREE_WIDTH if width >= WIDE and not is_flat else 0
        path, plan = self.session.programme.path, self.overview and self.overview.plan
        name = telling_name(path, plan.period) if plan else ""
        yield TopLine(name, id="top").data_bind(MainScreen.overview, MainScreen.pinned)
        with Horizontal(id="body"), Vertical(id="work"), Container(id="sheet"):
            table = MeasureTable(self.signs, width, id="table")
            yield table.data_bind(MainScreen.view, MainScreen.marked)

    def on_mount(self) -> None:
        """Follow the session."""
        self.watch(self.session, "overview", self._follow)
        self.watch(self.session, "pinned", self._follow_pinned)
        self.call_after_refresh(self.complete)

    async def complete(self) -> None:
        """Mount the widgets around the table."""
        from kvartal.tui.screens.main_widgets import MainWidgets

        widgets = MainWidgets(self.signs)
        widgets.tree.data_bind(MainScreen.overview)
        widgets.filter_line.data_bind(MainScreen.view, MainScreen.marked)
        widgets.keys.data_bind(MainScreen.action_context)
        with self.app.batch_update():
            await widgets.mount(self)
            if self.view is not None:
                widgets.show_emptiness(self.view, can_add=self._can_add)
            self.widgets = widgets
            self.remove_class(EARLY)
            self.watch(self.session, "repo_notice", self._warn)
            self.watch(self.session, "evidence", self._follow_evidence, init=False)
            self.watch(self.session, "saving", self._update_actions)
            self.watch(self.session, "recent_commits", self._show_card)
            self.watch(self.session, "opened_version", self._follow_version, init=False)
            self.app.theme_changed_signal.subscribe(self, self._restyle)

    @property
    def session(self) -> Session:
        """The session that this screen shows."""
        return session_of(self)

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

    def change_view(self, new: Filter | None = None, *, urgent: bool | None = None) -> None:
        """Change what is shown of the programme.

        Args:
            new: The filter; None for the current one.
            urgent: Whether to show open checkpoints by urgency; None for no change.
        """
        if self.view is not None:
            self.view = replace(
                self.view,
                filter=self.view.filter if new is None else new,
                urgent=self.view.urgent if urgent is None else urgent,
            )

    async def action_act(self, name: str) -> None:
        """Run an action for a key, the menu or the palette, or say why it is off.

        Args:
            name: Id of an action.
        """
        if self.widgets is None:  # a key pressed before the screen is complete
            self.call_after_refresh(self.action_act, name)
            return
        reason = BY_ID[name].reason(self.action_context)
        if reason:
            self.say(reason, trouble=True)
            self.session.repair(reason)
        else:
            await self.session.perform(name)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence above the keys, as soon as the line for it is mounted.

        Args:
            sentence: It may hold data.
            trouble: Whether it stays until it is closed.
        """
        if self.widgets is None:
            self.call_after_refresh(self.say, sentence, trouble=trouble)
        else:
            self.widgets.message.say(sentence, trouble=trouble)

    def action_whole_message(self) -> None:
        """Show the message above the keys as a whole."""
        if self.widgets is not None and self.widgets.message.display:
            from kvartal.tui.forms.whole_message import WholeMessageDialog

            self.app.push_screen(WholeMessageDialog(self.widgets.message.sentence))

    def action_neighbour(self, step: int) -> None:
        """Go to the measure below or above, with the card open.

        Args:
            step: 1 or -1.
        """
        self.table.move_cursor(row=self.table.cursor_row + step)

    # Messages of the widgets.

    def on_measure_table_chosen(self, event: MeasureTable.Chosen) -> None:
        """Show the card of the row under the cursor."""
        self.row = event.row
        self._show_card()
        self._update_actions()

    async def on_measure_table_opened(self) -> None:
        """Open the card."""
        await self.action_act("open")

    async def on_key_line_clicked(self, event: "KeyLine.Clicked") -> None:
        """Run the action that was clicked."""
        await self.action_act(event.action)

    async def on_filter_text_cleared(self) -> None:
        """Show everything."""
        await self.action_act("clear")

    def on_filter_line_typed(self, event: "FilterLine.Typed") -> None:
        """Filter by the words."""
        if self.view is not None:
            self.change_view(replace(self.view.filter, text=event.text))

    def on_filter_line_left(self) -> None:
        """Go to the table."""
        self.table.focus()

    def on_section_tree_chosen(self, event: "SectionTree.Chosen") -> None:
        """Show a section or channel, or the whole programme."""
        if self.view is not None:
            self.change_view(replace(self.view.filter, place=event.place))

    async def on_section_tree_left(self) -> None:
        """Go to the table."""
        await self.action_act("sections")

    # Watchers of the values above.

    def watch_focused(self, focused: Widget | None) -> None:
        """Give the focus to the table when the widget that had it was removed."""
        if focused is None and self.widgets is not None:
            self.call_after_refresh(self._focus_table)

    def _focus_table(self) -> None:
        if self.focused is None:
            self.table.focus()

    @property
    def _can_add(self) -> bool:
        return self.session.opened_version is None

    def watch_view(self, view: View) -> None:
        """Say why the table is empty, if it is."""
        if self.widgets is not None:
            self.widgets.show_emptiness(view, can_add=self._can_add)
            self._update_actions()

    def watch_marked(self) -> None:
        """Compute the actions again: the marks decide what a record is about."""
        self._update_actions()

    def _follow(self, overview: Overview | None) -> None:
        if overview is None or overview is self.overview or self.view is None:
            return
        self.overview = overview
        self.set_class(not overview.plan.sections, FLAT)
        self.marked = self.marked.kept(overview.by_id.keys())
        chosen = self.view.filter
        if chosen.place not in overview.progress:
            chosen = replace(chosen, place=None)
        self.view = replace(self.view, overview=overview, filter=chosen)

    def _follow_pinned(self, pinned: bool) -> None:  # noqa: FBT001 - a watcher takes the value
        self.pinned = pinned or self.session.opened_version is not None

    async def _follow_version(self, version: "OpenedVersion | None") -> None:
        from kvartal.tui.widgets.message_line import show_version_line

        self._follow_pinned(self.session.pinned)
        await show_version_line(self, version)
        self._show_card()
        self._update_actions()

    def _warn(self) -> None:
        if self.widgets is not None:
            self.widgets.warn(self.session.repo_notice, self.session.evidence)
            self._update_actions()

    def _follow_evidence(self) -> None:
        self._warn()
        self._show_card()

    def _update_actions(self) -> None:
        """Compute again which actions can be done."""
        from kvartal.tui.screens.main_widgets import action_context

        self.action_context = action_context(
            self.session, self.overview, self.chosen, self.marked, self.view
        )

    def _show_card(self) -> None:
        if self.widgets is not None and self.overview is not None:
            self.widgets.show_card(self.session, self.chosen, self.overview.plan)

    def _restyle(self, _theme: "Theme") -> None:
        """Draw with the colours of a new theme, once Textual has applied it."""
        self.table.restyle()
        top = self.query_one(TopLine)
        top.tones.forget()
        top.refresh()
        if self.widgets is not None:
            self.widgets.restyle()


def main_screen(session: Session) -> MainScreen | None:
    """Return the main screen; None as long as the file could not be read."""
    return next((one for one in session.screen_stack if isinstance(one, MainScreen)), None)
