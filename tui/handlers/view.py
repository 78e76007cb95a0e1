"""Deeds that only look: filters, the card, the tree, dates, help. None of them changes anything."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kvartal.tui.i18n import _
from kvartal.tui.view import Filter

if TYPE_CHECKING:
    from datetime import date

    from kvartal.schema.states import MeasureState
    from kvartal.tui.screens.main import MainScreen
    from kvartal.tui.screens.main_widgets import MainWidgets

CARD = "-card"
"""The card lies over the table."""
TREE = "-tree"
"""The tree lies over the table, where there is no room beside it."""
WIDE = "-wide"


class ViewHandlers:
    """A method ``do_<id>`` for each action that only looks."""

    def __init__(self, screen: "MainScreen", parts: "MainWidgets") -> None:
        """Take what is looked at.

        Args:
            screen: The main screen.
            parts: The widgets around its table.
        """
        self.screen = screen
        self.parts = parts

    def do_open(self) -> None:
        """Lay the card over the table, or put it back."""
        if self.screen.has_class(CARD):
            self._close_card()
        else:
            self.screen.add_class(CARD)
            self.parts.card.focus()

    def do_mark(self) -> None:
        """Mark the chosen measure, or unmark it, and go on to the next row."""
        screen = self.screen
        if screen.row is not None:
            screen.marked ^= {screen.row.measure}
            screen.table.action_cursor_down()

    async def do_find(self) -> None:
        """Let words be typed."""
        await self.parts.filter_line.find(self._filter.text)

    def do_quarter_0(self) -> None:
        """Show all quarters."""
        self.screen.look(replace(self._filter, quarter=None))

    def do_quarter_1(self) -> None:
        """Show the first quarter."""
        self._toggle_quarter(1)

    def do_quarter_2(self) -> None:
        """Show the second quarter."""
        self._toggle_quarter(2)

    def do_quarter_3(self) -> None:
        """Show the third quarter."""
        self._toggle_quarter(3)

    def do_quarter_4(self) -> None:
        """Show the fourth quarter."""
        self._toggle_quarter(4)

    def do_state(self) -> None:
        """Ask for a state."""
        from kvartal.tui.screens.states import StatesScreen

        def chosen(answer: "tuple[MeasureState | None] | None") -> None:
            if answer is not None:
                self.screen.look(replace(self._filter, state=answer[0]))

        view = self.screen.view
        if view is not None:
            self.screen.app.push_screen(StatesScreen(view), chosen)

    def do_clear(self) -> None:
        """Show everything."""
        self.screen.look(Filter())
        self.parts.tree.choose("")

    def do_back(self) -> None:
        """Close a message, the card, the tree or an earlier version; else drop marks, filter."""
        screen = self.screen
        message = self.parts.message
        if message.display:
            if not screen.kvartal.sharing.stop(message.sentence):
                message.close()
        elif screen.has_class(CARD):
            self._close_card()
        elif screen.has_class(TREE) and not screen.has_class(WIDE):
            self._close_tree()
        elif screen.kvartal.past is not None:
            screen.kvartal.archive.close()
        elif screen.marked:
            screen.marked = frozenset()
        elif screen.view and screen.view.filter:
            self.do_clear()
        elif screen.view and screen.view.urgent:
            self.do_overdue()
        screen.table.focus()

    def do_overdue(self) -> None:
        """Show open checkpoints by urgency, or measures again."""
        view = self.screen.view
        if view is not None:
            self.screen.look(urgent=not view.urgent)
            if not view.urgent:
                self.screen.table.move_cursor(row=0)

    def do_sections(self) -> None:
        """Go to the tree; where there is no room for it, lay it over the table."""
        screen = self.screen
        tree = self.parts.tree
        if tree.has_focus:
            self._close_tree()
            return
        if not screen.has_class(WIDE):
            screen.add_class(TREE)
        tree.focus()

    def do_as_of(self) -> None:
        """Ask for a date."""
        from kvartal.tui.dialogs.as_of import AsOfDialog

        kvartal = self.screen.kvartal

        def chosen(answer: "date | None") -> None:
            if answer is not None:
                kvartal.look_at(answer)

        if self.screen.overview is not None:
            year = self.screen.overview.plan.year
            kvartal.push_screen(AsOfDialog(year, kvartal.as_of, kvartal.today()), chosen)

    async def do_theme(self) -> None:
        """Change between light and dark."""
        await self.screen.kvartal.change_theme()

    def do_help(self) -> None:
        """Show the help."""
        from kvartal.tui.screens.help import HelpScreen

        self.screen.app.push_screen(HelpScreen(self.screen.signs))

    def do_menu(self) -> None:
        """Show everything that can be done."""
        from kvartal.tui.screens.menu import MenuScreen

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self.screen.call_later(self.screen.action_act, answer)

        self.screen.app.push_screen(MenuScreen(self.screen.situation), chosen)

    def do_quit(self) -> None:
        """Leave the program, but not in the middle of sharing: it would linger, unseen."""
        if self.screen.kvartal.sharing.is_running:
            self.screen.say(_("Идёт обмен с коллегами: дождитесь его конца."), trouble=True)
        else:
            self.screen.app.exit()

    @property
    def _filter(self) -> Filter:
        return self.screen.view.filter if self.screen.view else Filter()

    def _toggle_quarter(self, quarter: int) -> None:
        other = None if self._filter.quarter == quarter else quarter
        self.screen.look(replace(self._filter, quarter=other))

    def _close_card(self) -> None:
        self.screen.remove_class(CARD)
        self.screen.table.focus()

    def _close_tree(self) -> None:
        self.screen.remove_class(TREE)
        self.screen.table.focus()
