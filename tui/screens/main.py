"""The main screen: tree, table and card of one snapshot, as of one date, through one filter."""

from dataclasses import replace
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from kvartal.schema.states import Status
from kvartal.tui.health import Health
from kvartal.tui.i18n import _
from kvartal.tui.keys import BY_ID, Situation, bindings
from kvartal.tui.screens.changing import Changing
from kvartal.tui.screens.looking import Looking
from kvartal.tui.signs import Signs
from kvartal.tui.text import shown
from kvartal.tui.view import Filter, Overview, View
from kvartal.tui.widgets.card_view import CardView
from kvartal.tui.widgets.filter_line import FilterLine, FilterText
from kvartal.tui.widgets.key_line import KeyLine
from kvartal.tui.widgets.measure_table import MeasureTable
from kvartal.tui.widgets.message_line import MessageLine
from kvartal.tui.widgets.section_tree import SectionTree
from kvartal.tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from kvartal.tui.app import KvartalApp
    from kvartal.tui.rows import Row


class MainScreen(Screen[None]):
    """Everything at a glance. What can be done here is listed in :mod:`kvartal.tui.keys`.

    It follows the application's ``overview``; every widget is bound to one of the values below.
    """

    AUTO_FOCUS = "#table"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(keys, f"act('{name}')", show=False) for keys, name in bindings()),
    ]

    overview: reactive[Overview | None] = reactive(None, init=False)
    """The programme as of a date."""
    pinned: reactive[bool] = reactive(False, init=False)
    """Whether that date was chosen and does not follow the calendar."""
    view: reactive[View | None] = reactive(None, init=False)
    """What of it is in sight."""
    marked: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    """Ids of the measures that are marked."""
    situation: reactive[Situation] = reactive(Situation(), init=False)
    """What decides which keys do something."""

    def __init__(self, signs: Signs) -> None:
        """Take the signs.

        Args:
            signs: How states are drawn.
        """
        super().__init__()
        self.signs = signs
        self.row: Row | None = None
        self._deeds = (Looking(self), Changing(self))

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield TopLine(id="top").data_bind(MainScreen.overview, MainScreen.pinned)
        yield Static(id="banner", markup=False)
        with Horizontal(id="body"):
            yield SectionTree(id="tree").data_bind(MainScreen.overview)
            with Vertical(id="work"):
                yield FilterLine(id="filter").data_bind(MainScreen.view, MainScreen.marked)
                with Container(id="sheet"):
                    table = MeasureTable(self.signs, id="table")
                    yield table.data_bind(MainScreen.view, MainScreen.marked)
                    yield Static(id="nothing", markup=False)
                yield CardView(self.signs, id="card")
        yield KeyLine(id="keys").data_bind(MainScreen.situation)
        yield MessageLine(id="message")

    def on_mount(self) -> None:
        """Follow the application."""
        self.watch(self.kvartal, "overview", self._follow)
        self.watch(self.kvartal, "pinned", self._follow_pinned)
        self.watch(self.kvartal, "health", self._warn)
        self.watch(self.kvartal, "saving", self._judge, init=False)
        self.watch(self.kvartal, "journal", self._tell_history, init=False)
        self.watch(self.kvartal, "theme", self._restyle, init=False)

    @property
    def kvartal(self) -> "KvartalApp":
        """The application."""
        return cast("KvartalApp", self.app)

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
        reason = BY_ID[name].reason(self.situation)
        if reason:
            self.say(reason, trouble=True)
            return
        for deeds in self._deeds:
            deed = getattr(deeds, f"do_{name}", None)
            if deed is not None:
                done = deed()
                if isawaitable(done):
                    await done

    def action_neighbour(self, step: int) -> None:
        """Go on to the measure below or above, with the card open.

        Args:
            step: 1 or -1.
        """
        table = self.query_one(MeasureTable)
        table.move_cursor(row=table.cursor_row + step)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence above the keys.

        Args:
            sentence: It may hold data.
            trouble: Whether it stays until it is closed.
        """
        self.query_one(MessageLine).say(sentence, trouble=trouble)

    # What the widgets tell.

    async def on_measure_table_opened(self) -> None:
        """Open the card."""
        await self.action_act("open")

    async def on_key_line_clicked(self, event: KeyLine.Clicked) -> None:
        """Do what was clicked."""
        await self.action_act(event.action)

    async def on_filter_text_cleared(self) -> None:
        """Show everything."""
        await self.action_act("clear")

    def on_section_tree_chosen(self, event: SectionTree.Chosen) -> None:
        """Show a section or channel."""
        if self.view is not None:
            self.look(replace(self.view.filter, place=event.place))

    def on_section_tree_left(self) -> None:
        """Go on to the table."""
        self._deeds[0].close_tree()

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        """Show what the words are found in."""
        if self.view is not None:
            self.look(replace(self.view.filter, text=event.text))

    def on_filter_line_left(self) -> None:
        """Go on to the table."""
        self.query_one(MeasureTable).focus()

    # What follows from what.

    def watch_view(self, view: View) -> None:
        """Say why the table is empty, where it is; the widgets themselves are bound to the view."""
        empty = not (view.open_checkpoints if view.urgent else view.shown)
        nothing = self.query_one("#nothing", Static)
        nothing.display = empty
        if empty:
            nothing.update(Content(_why_empty(view)))
        self._judge()

    def watch_marked(self) -> None:
        """Marks decide what a record is about."""
        self._judge()

    def on_measure_table_chosen(self, event: MeasureTable.Chosen) -> None:
        """Show the card of the row under the cursor."""
        self.row = event.row
        if self.overview is not None:
            self.query_one(CardView).show(self.chosen, self.overview.plan)
            self._tell_history()
        self._judge()

    def _follow(self, overview: Overview | None) -> None:
        if overview is None:
            return
        self.overview = overview
        self.marked &= overview.by_id.keys()
        before = self.view
        if before is None:
            self.view = View(overview)
        else:
            self.view = replace(before, overview=overview, filter=_still_there(before, overview))

    def _follow_pinned(self, pinned: bool) -> None:  # noqa: FBT001 - what a watcher is given
        self.pinned = pinned

    def _warn(self, health: Health) -> None:
        banner = self.query_one("#banner", Static)
        banner.display = bool(health.warnings)
        banner.update(Content(shown("\n".join(health.warnings), lines=True)))
        self._judge()

    def _judge(self) -> None:
        """Find out what can be done now."""
        self.situation = Situation(
            chosen=self.chosen,
            marked=len(self.marked),
            filtered=bool(self.view and self.view.filter),
            read_only=self.kvartal.health.read_only,
            saving=self.kvartal.saving,
            by_hand=self.kvartal.health.by_hand,
            problems=len(self.kvartal.health.problems),
        )

    def _tell_history(self) -> None:
        card = self.query_one(CardView)
        card.history = self.kvartal.last_changes(self.row.measure) if self.row else ()

    def _restyle(self) -> None:
        self.query_one(MeasureTable).restyle()
        self.query_one(CardView).restyle()
        for widget in (
            self.query_one(TopLine),
            self.query_one(KeyLine),
            self.query_one(FilterText),
        ):
            widget.tones.forget()
            widget.refresh()


def _still_there(view: View, overview: Overview) -> Filter:
    """Return the filter of a view, without a section or channel that is gone."""
    return view.filter if view.filter.place in overview.progress else replace(view.filter, place="")


def _why_empty(view: View) -> str:
    """Return what stands in the place of an empty table."""
    if view.is_empty_place:
        return _("Мероприятий не запланировано")
    if view.shown and view.urgent:
        return _("Ничего не просрочено, в этом квартале сроков нет")
    template = _("Под отбор ничего не подходит. {key} — сбросить отбор")
    return template.format(key=BY_ID["back"].key)
