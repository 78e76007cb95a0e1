"""Actions that change the programme, each through a dialog, and those that show its history."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.dialogs.confirmations import ask_to_undo
from kvartal.tui.forms.context import form_context
from kvartal.tui.handlers.base import HandlerGroup
from kvartal.tui.presentation.error_text import short_message

if TYPE_CHECKING:
    from kvartal.schema.changes import Change


class MeasureHandlers(HandlerGroup):
    """A method ``do_<id>`` for each action that changes something or shows the history."""

    def do_record(self) -> None:
        """Ask what was done for the marked measures, or else for the one under the cursor."""
        from kvartal.tui.dialogs.record import RecordDialog

        def saved(change: "Change | None") -> None:
            if change is not None:
                self.main.marked = frozenset()

        context = form_context(self.session)
        marked = [measure for measure in context.plan.by_id if measure in self.main.marked]
        dialog = RecordDialog(context, marked or [self.measure_id], self._quarter())
        self.session.push_screen(dialog, saved)

    def do_edit(self) -> None:
        """Ask for the fields of the chosen measure."""
        from kvartal.tui.dialogs.edit import EditDialog

        self.session.push_screen(EditDialog(form_context(self.session), self.measure_id))

    def do_postpone(self) -> None:
        """Ask for the new term of the chosen measure."""
        from kvartal.tui.dialogs.decisions import PostponeDialog

        self.session.push_screen(PostponeDialog(form_context(self.session), self.measure_id))

    def do_cancel(self) -> None:
        """Ask why the chosen measure is taken off the plan."""
        from kvartal.tui.dialogs.decisions import CancelDialog

        self.session.push_screen(CancelDialog(form_context(self.session), self.measure_id))

    def do_add(self) -> None:
        """Ask for a new measure, in the channel of the tree or of the chosen measure."""
        from kvartal.tui.dialogs.add import AddDialog

        context, view, chosen = form_context(self.session), self.main.view, self.main.chosen
        channel = view.filter.place if view else ""
        if channel not in context.plan.channels and chosen is not None:
            channel = chosen.measure.channel
        self.session.push_screen(AddDialog(context, channel))

    def do_remove(self) -> None:
        """Ask whether to remove the chosen measure from the file."""
        from kvartal.tui.dialogs.remove import RemoveDialog

        self.session.push_screen(RemoveDialog(form_context(self.session), self.measure_id))

    def do_undo(self) -> None:
        """Show what undoing the last change would change, and ask."""
        self._undo(redo=False)

    def do_redo(self) -> None:
        """Show what redoing the last undone change would change, and ask."""
        self._undo(redo=True)

    def do_history(self) -> None:
        """Show who changed what in the chosen measure."""
        self._show_history(self.measure_id)

    def do_history_all(self) -> None:
        """Show who changed what in the programme."""
        self._show_history("")

    def do_reload(self) -> None:
        """Read the file again."""
        self.session.reload()

    def do_repair(self) -> None:
        """Show what prevents saving and can be repaired, manual edits above all, and ask."""
        self.session.repair()

    def do_problems(self) -> None:
        """Show what is wrong in the file."""
        from kvartal.tui.screens.problems import ProblemsScreen

        notice = self.session.repo_notice
        if notice is not None:
            self.session.push_screen(ProblemsScreen(notice.problems))

    def _quarter(self) -> int | None:
        """Return the quarter that a record would be about: the row's, else the filter's."""
        row, view = self.main.row, self.main.view
        if row is not None and row.quarter is not None:
            return row.quarter
        return view.filter.quarter if view else None

    def _undo(self, *, redo: bool) -> None:
        work = partial(self._ask_to_undo, redo=redo)
        self.session.start_worker(work, "undo")

    async def _ask_to_undo(self, *, redo: bool) -> None:
        session = self.session
        try:
            reversal = await asyncio.to_thread(
                session.programme.reversal, session.current, redo=redo
            )
        except KvartalError as error:
            session.say(short_message(error), trouble=True)
        else:
            ask_to_undo(session, reversal, redo=redo)

    def _show_history(self, measure: str) -> None:
        from kvartal.tui.screens.history import HistoryScreen

        self.session.push_screen(HistoryScreen(measure))
