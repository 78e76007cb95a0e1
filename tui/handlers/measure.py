"""Deeds that change the programme, each through a dialog, and the looks into its history."""

from functools import partial
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.work import start

if TYPE_CHECKING:
    from kvartal.schema.changes import Change
    from kvartal.tui.forms.context import FormContext
    from kvartal.tui.screens.main import MainScreen


class MeasureHandlers:
    """A method ``do_<id>`` for each action that changes something or looks into the history."""

    screen: "MainScreen"
    """The main screen."""

    def do_record(self) -> None:
        """Ask what was done: of the marked measures, else of the chosen one."""
        from kvartal.tui.dialogs.record import RecordDialog

        def kept(change: "Change | None") -> None:
            if change is not None:
                self.screen.marked = frozenset()

        screen = self.screen
        desk = self._desk
        marked = [measure for measure in desk.plan.by_id if measure in screen.marked]
        dialog = RecordDialog(desk, marked or [self._chosen], self._quarter())
        screen.app.push_screen(dialog, kept)

    def do_edit(self) -> None:
        """Ask for the fields of the chosen measure."""
        from kvartal.tui.dialogs.edit import EditDialog

        self.screen.app.push_screen(EditDialog(self._desk, self._chosen))

    def do_postpone(self) -> None:
        """Ask for the new term of the chosen measure."""
        from kvartal.tui.dialogs.decisions import PostponeDialog

        self.screen.app.push_screen(PostponeDialog(self._desk, self._chosen))

    def do_cancel(self) -> None:
        """Ask why the chosen measure is taken off the plan."""
        from kvartal.tui.dialogs.decisions import CancelDialog

        self.screen.app.push_screen(CancelDialog(self._desk, self._chosen))

    def do_add(self) -> None:
        """Ask for a new measure, in the channel of the tree or of the chosen measure."""
        from kvartal.tui.dialogs.add import AddDialog

        desk, view, chosen = self._desk, self.screen.view, self.screen.chosen
        channel = view.filter.place if view else ""
        if channel not in desk.plan.channels and chosen is not None:
            channel = chosen.measure.channel
        self.screen.app.push_screen(AddDialog(desk, channel))

    def do_remove(self) -> None:
        """Ask whether to remove the chosen measure from the file."""
        from kvartal.tui.dialogs.remove import RemoveDialog

        self.screen.app.push_screen(RemoveDialog(self._desk, self._chosen))

    def do_undo(self) -> None:
        """Show what would be taken back, and ask."""
        start(self.screen, partial(self._ask_to_take_back, redo=False), "undo")

    def do_redo(self) -> None:
        """Show what would be done again, and ask."""
        start(self.screen, partial(self._ask_to_take_back, redo=True), "undo")

    def do_history(self) -> None:
        """Show who changed what in the chosen measure."""
        self._show_history(self._chosen)

    def do_history_all(self) -> None:
        """Show who changed what in the programme."""
        self._show_history("")

    def do_reload(self) -> None:
        """Read the file again."""
        self.screen.kvartal.upkeep.reload()

    def do_adopt(self) -> None:
        """Show what is in the way and can be mended, an edit by hand above all, and ask."""
        self.screen.kvartal.upkeep.remedies.open()

    def do_problems(self) -> None:
        """Show what is wrong in the file."""
        from kvartal.tui.screens.problems import ProblemsScreen

        health = self.screen.kvartal.health
        if health is not None:
            self.screen.app.push_screen(ProblemsScreen(health.problems))

    @property
    def _chosen(self) -> str:
        return self.screen.row.measure if self.screen.row else ""

    @property
    def _desk(self) -> "FormContext":
        return self.screen.kvartal.desk()

    def _quarter(self) -> int | None:
        """Return the quarter that a record would be about: the row's, else the filter's."""
        row, view = self.screen.row, self.screen.view
        if row is not None and row.quarter is not None:
            return row.quarter
        return view.filter.quarter if view else None

    async def _ask_to_take_back(self, *, redo: bool) -> None:
        from kvartal.tui.dialogs.confirmations import ask_to_take_back

        kvartal = self.screen.kvartal
        try:
            reversal = await kvartal.reversal(redo=redo)
        except KvartalError as error:
            kvartal.say(short_message(error), trouble=True)
            return
        ask_to_take_back(kvartal, reversal, redo=redo)

    def _show_history(self, measure: str) -> None:
        from kvartal.tui.screens.history import HistoryScreen

        self.screen.app.push_screen(HistoryScreen(measure))
