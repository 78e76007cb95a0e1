"""Actions that put right what is there: records, places, the structure, the document."""

from kvartal.schema.changes import Change
from kvartal.tui.actions.registry import key_of
from kvartal.tui.forms.context import form_context
from kvartal.tui.handlers.base import HandlerGroup
from kvartal.tui.i18n import _
from kvartal.tui.marks import Marks


class StructureHandlers(HandlerGroup):
    """A method ``do_<id>`` for each action of `kvartal.tui.actions.registry_structure`."""

    def do_correct(self) -> None:
        """Ask which record to correct, where there are several, and what changes in it."""
        from kvartal.tui.screens.records import RecordsScreen

        context, measure = form_context(self.session), self.target
        records = context.plan.measure(measure).records

        def chosen(index: int | None) -> None:
            if index is not None:
                self._correct(measure, index)

        if len(records) == 1:
            self._correct(measure, 0)
        else:
            row = self.main.row
            checkpoint = row.checkpoint if row is not None else None
            self.session.push_screen(RecordsScreen(context.plan, measure, checkpoint), chosen)

    def do_move(self) -> None:
        """Ask where the marked measures go, or else the one under the cursor."""
        from kvartal.tui.dialogs.move import MoveDialog

        dialog = MoveDialog(form_context(self.session), self.targets)
        self.session.push_screen(dialog, self._changed)

    def do_copy(self) -> None:
        """Ask where the copy of the chosen measure goes, and put the cursor on it."""
        from kvartal.tui.dialogs.move import CopyDialog

        def copied(change: Change | None) -> None:
            self._changed(change)
            if change is not None:
                main = self.main
                main.call_after_refresh(main.table.choose, change.edits[0].measure)

        self.session.push_screen(CopyDialog(form_context(self.session), self.target), copied)

    def do_gaps(self) -> None:
        """Show where evidence is thin."""
        from kvartal.tui.screens.gaps import GapsScreen

        overview = self.main.overview
        if overview is None:
            return
        if overview.gaps:
            keys = {name: key_of(name) for name in ("correct", "edit", "record")}
            screen = GapsScreen(overview.gaps, overview.plan, self.main.signs, keys)
            self.session.push_screen(screen)
        else:
            self.main.say(_("Слабых мест в подтверждениях нет."))

    def do_structure(self) -> None:
        """Show sections and channels, to change them."""
        from kvartal.tui.screens.structure import StructureScreen

        self.session.push_screen(
            StructureScreen(self.main.view.filter.place if self.main.view else None)
        )

    def do_document(self) -> None:
        """Show what stands in the document around the table, to change it."""
        from kvartal.tui.screens.document import DocumentScreen

        self.session.push_screen(DocumentScreen())

    def _correct(self, measure: str, index: int) -> None:
        from kvartal.tui.dialogs.correct import CorrectDialog

        dialog = CorrectDialog(form_context(self.session), measure, index)
        self.session.push_screen(dialog, self._changed)

    def _changed(self, result: Change | None) -> None:
        """Drop the marks once what they mark has been changed."""
        if result is not None:
            self.main.marked = Marks()
