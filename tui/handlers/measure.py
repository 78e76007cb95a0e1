"""Actions that change the programme, each through a dialog, and those that show its history."""

import asyncio
from functools import partial

from kvartal.schema.errors import KvartalError
from kvartal.tui.dialogs.confirmations import ask_to_undo
from kvartal.tui.forms.context import form_context
from kvartal.tui.handlers.base import HandlerGroup
from kvartal.tui.marks import CheckpointKey, Marks, checkpoint_key
from kvartal.tui.places import Place
from kvartal.tui.presentation.error_text import short_message


class MeasureHandlers(HandlerGroup):
    """A method ``do_<id>`` for each action that changes something or shows the history."""

    def do_record(self) -> None:
        """Ask what was done for the marked measures, or else for the one under the cursor."""
        from kvartal.tui.dialogs.record import RecordDialog

        dialog = RecordDialog(form_context(self.session), self.targets, self._checkpoint())
        self.session.push_screen(dialog, self._done)

    def do_edit(self) -> None:
        """Ask for the fields of the chosen measure."""
        from kvartal.tui.dialogs.edit import EditDialog

        self.session.push_screen(EditDialog(form_context(self.session), self.target), self._done)

    def do_postpone(self) -> None:
        """Ask for the new term of the chosen measure."""
        from kvartal.tui.dialogs.decisions import PostponeDialog

        dialog = PostponeDialog(form_context(self.session), self.target)
        self.session.push_screen(dialog, self._done)

    def do_cancel(self) -> None:
        """Ask why the chosen measure is taken off the plan."""
        from kvartal.tui.dialogs.decisions import CancelDialog

        dialog = CancelDialog(form_context(self.session), self.target)
        self.session.push_screen(dialog, self._done)

    def do_add(self) -> None:
        """Ask for a new measure, in the place of the tree or of the chosen measure."""
        from kvartal.tui.dialogs.add import AddDialog

        context, view, chosen = form_context(self.session), self.main.view, self.main.chosen
        place = view.filter.place if view else None
        if place is None and chosen is not None:
            place = Place(*chosen.measure.place)
        self.session.push_screen(AddDialog(context, place))

    def do_remove(self) -> None:
        """Ask whether to remove the chosen measure from the file."""
        from kvartal.tui.dialogs.remove import RemoveDialog

        dialog = RemoveDialog(form_context(self.session), self.target)
        self.session.push_screen(dialog, self._done)

    def do_undo(self) -> None:
        """Show what undoing the last change would change, and ask."""
        self._undo(redo=False)

    def do_redo(self) -> None:
        """Show what redoing the last undone change would change, and ask."""
        self._undo(redo=True)

    def do_import(self) -> None:
        """Ask for a document, show what it changes, and take it."""
        from kvartal.tui.dialogs.import_document import ImportDialog

        dialog = ImportDialog(form_context(self.session), self.session.current.source.name)
        self.session.push_screen(dialog, self._done)

    def do_history(self) -> None:
        """Show who changed what in the chosen measure."""
        self._show_history(self.target)

    def do_history_all(self) -> None:
        """Show who changed what in the programme."""
        self._show_history("")

    def do_reload(self) -> None:
        """Read the file again."""
        self.session.reload(is_asked=True)

    def do_repair(self) -> None:
        """Show what prevents saving and can be repaired, manual edits above all, and ask."""
        self.session.repair()

    def do_problems(self) -> None:
        """Show what is wrong in the file, or with the evidence files."""
        from kvartal.tui.screens.problems import ProblemsScreen

        notice, report = self.session.repo_notice, self.session.evidence
        problems = notice.problems if notice else ()
        evidence = report.problems if report else ()
        self.session.push_screen(ProblemsScreen(problems, evidence=evidence))

    def _checkpoint(self) -> CheckpointKey | None:
        """Return the checkpoint that a record would be about: the rows', else the filter's."""
        marks, row, view = self.main.marked, self.main.row, self.main.view
        if marks.checkpoints:
            return marks.checkpoints[0]
        if not marks and row is not None and row.checkpoint is not None:
            return row.checkpoint
        period = view.filter.period if view else None
        if period is None:
            return None
        return next(
            (
                checkpoint_key(one.day)
                for status in self.main.action_context.targets
                for one in status.checkpoints
                if one.day.printed in period
            ),
            period.quarter,
        )

    def _done(self, result: object) -> None:
        """Drop the marks once what they mark has been changed."""
        if result is not None:
            self.main.marked = Marks()

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
