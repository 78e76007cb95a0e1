"""Actions that change only what is shown: filters, card, tree, date, theme, help; and quitting."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.filters import Filter, FilterPeriod, nearest_quarter
from kvartal.tui.handlers.base import HandlerGroup
from kvartal.tui.i18n import _
from kvartal.tui.marks import Marks
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.session import Session
from kvartal.tui.settings import DARK, LIGHT, THEMES, settings_path, write_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kvartal.schema.states import MeasureState
    from kvartal.tui.form_drafts import FormDraft

CARD = "-card"
"""The card lies over the table."""
TREE = "-tree"
"""The tree lies over the table, where there is no room beside it."""
WIDE = "-wide"


def keep_folders(session: Session, folders: tuple[str, ...]) -> str:
    """Write the folders of the list of programmes to the settings; return why not, if so."""
    session.settings = replace(session.settings, folders=folders)
    try:
        write_settings(settings_path(), session.settings)
    except KvartalError as error:
        return short_message(error)
    return ""


class ViewHandlers(HandlerGroup):
    """A method ``do_<id>`` for each action that changes only what is shown."""

    def do_open(self) -> None:
        """Show the card over the table, or hide it again."""
        if self.main.has_class(CARD):
            self._close_card()
        else:
            self.main.add_class(CARD)
            self.widgets.card.focus()

    def do_mark(self) -> None:
        """Mark or unmark the measure under the cursor, and go to the next row."""
        main = self.main
        if main.row is not None:
            main.marked = main.marked.toggled(main.row.measure, main.row.checkpoint)
            main.table.action_cursor_down()

    async def do_find(self) -> None:
        """Open the field for the words to find."""
        await self.widgets.filter_line.find(self._filter.text)

    def do_quarter_0(self) -> None:
        """Show all quarters, or say that all are shown."""
        if self._filter.period is None:
            self.main.say(_("Показаны все кварталы."))
        self.main.change_view(replace(self._filter, period=None))

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

    def do_period(self) -> None:
        """Ask for a year, a quarter or a month."""
        from kvartal.tui.screens.filters import PeriodsScreen

        def chosen(answer: "tuple[FilterPeriod | None] | None") -> None:
            if answer is not None:
                self.main.change_view(replace(self._filter, period=answer[0]))

        if self.main.view is not None:
            self.session.push_screen(PeriodsScreen(self.main.view), chosen)

    def do_responsible(self) -> None:
        """Ask whose measures to show."""
        from kvartal.tui.screens.filters import ResponsibleScreen

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self.main.change_view(replace(self._filter, responsible=answer))

        if self.main.view is not None:
            self.session.push_screen(ResponsibleScreen(self.main.view), chosen)

    def do_state(self) -> None:
        """Ask for a state."""
        from kvartal.tui.screens.filters import StatesScreen

        def chosen(answer: "tuple[MeasureState | None] | None") -> None:
            if answer is not None:
                self.main.change_view(replace(self._filter, state=answer[0]))

        view = self.main.view
        if view is not None:
            self.session.push_screen(StatesScreen(view), chosen)

    def do_clear(self) -> None:
        """Show everything."""
        self.main.change_view(Filter())
        self.widgets.tree.choose(None)

    def do_back(self) -> None:
        """Close a message, the card, the tree or an earlier version; else drop marks, filter."""
        main = self.main
        message = self.widgets.message
        if message.display:
            # Card and tree keep the focus: they are still in front.
            if not self.session.stop_sync(message.sentence):
                message.close()
            return
        if main.has_class(CARD):
            self._close_card()
        elif main.has_class(TREE) and not main.has_class(WIDE):
            self._close_tree()
        elif self.session.opened_version is not None:
            self.session.close_version()
        elif main.marked:
            main.marked = Marks()
        elif main.view and main.view.filter:
            self.do_clear()
        elif main.view and main.view.urgent:
            self.do_overdue()
        main.table.focus()

    def do_overdue(self) -> None:
        """Show open checkpoints by urgency, or measures again."""
        view = self.main.view
        if view is not None:
            self.main.change_view(urgent=not view.urgent)
            if not view.urgent:
                self.main.table.move_cursor(row=0)

    def do_sections(self) -> None:
        """Go to the tree; where there is no room for it, show it over the table."""
        main = self.main
        tree = self.widgets.tree
        if tree.has_focus:
            self._close_tree()
            return
        if not main.has_class(WIDE):
            main.add_class(TREE)
        tree.focus()

    def do_as_of(self) -> None:
        """Ask for a date."""
        from kvartal.tui.dialogs.as_of import AsOfDialog

        session = self.session

        def chosen(answer: "date | None") -> None:
            if answer is not None:
                session.show_date(answer)

        if self.main.overview is not None:
            period = self.main.overview.plan.period
            session.push_screen(AsOfDialog(period, session.as_of, session.today()), chosen)

    async def do_theme(self) -> None:
        """Switch between light and dark, and remember it."""
        session = self.session
        theme = DARK if session.settings.theme == LIGHT else LIGHT
        session.settings = replace(session.settings, theme=theme)
        session.theme = THEMES[theme]
        try:
            await asyncio.to_thread(write_settings, settings_path(), session.settings)
        except KvartalError as error:
            session.say(short_message(error), trouble=True)

    def do_programmes(self) -> None:
        """List all programmes, and open the one that is picked."""
        from kvartal.tui.screens.programmes import ProgrammesScreen

        session, path = self.session, self.session.programme.path.resolve()

        def chosen(picked: Path | None) -> None:
            if picked is not None and picked != path:
                session.open_programme(picked)

        screen = ProgrammesScreen(
            path.parent,
            session.as_of,
            session.settings.folders,
            current=path,
            keep_folders=partial(keep_folders, session),
        )
        session.push_screen(screen, chosen)

    def do_next_year(self) -> None:
        """Choose what goes on in the next programme, begin it, and open it."""
        from kvartal.tui.creation.next_year import check_next
        from kvartal.tui.plans.names import path_to_carry_from
        from kvartal.tui.screens.next_year import NextYearScreen

        session = self.session
        if session.snapshot is None:
            return

        def begun(path: Path | None) -> None:
            if path is not None:
                session.open_programme(path, is_new=True)

        try:
            check_next(session.programme.path, session.snapshot.plan.period.following)
        except KvartalError as error:
            self.main.say(error.message(on_screen))
            return
        source = path_to_carry_from(session.programme.path)
        screen = NextYearScreen(session.programme, session.snapshot, session.as_of, source)
        session.push_screen(screen, begun)

    def do_drafts(self) -> None:
        """Show what was typed and not saved, the newest first."""
        from kvartal.tui.form_drafts import drafts_at

        drafts = drafts_at(self.session.programme.path)
        if drafts:
            self._show_drafts(drafts)
        else:
            self.main.say(_("Несохранённого текста нет."))

    def _show_drafts(self, drafts: "Sequence[FormDraft]") -> None:
        from kvartal.tui.dialogs.drafts import DraftDialog, DraftRead
        from kvartal.tui.form_drafts import delete_draft

        draft, *others = drafts

        def read(answer: DraftRead | None) -> None:
            if answer is DraftRead.DELETE and draft.path is not None:
                delete_draft(draft.path)
                # In place of the announcement, which is not so any more.
                self.main.say(_("Несохранённый текст удалён."))
            if answer is not None and others:
                self._show_drafts(others)

        self.session.push_screen(DraftDialog(draft, len(others)), read)

    def do_help(self) -> None:
        """Show the help."""
        from kvartal.tui.screens.help import HelpScreen

        self.session.push_screen(HelpScreen(self.main.signs))

    def do_menu(self) -> None:
        """Show all actions."""
        from kvartal.tui.screens.pick import MenuScreen

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self.main.call_later(self.main.action_act, answer)

        self.session.push_screen(MenuScreen(self.main.action_context), chosen)

    def do_quit(self) -> None:
        """Quit, but not during a sync: that would go on invisibly."""
        if self.session.is_syncing:
            self.main.say(_("Идёт обмен с коллегами: дождитесь его конца."), trouble=True)
        else:
            self.session.exit()

    @property
    def _filter(self) -> Filter:
        return self.main.view.filter if self.main.view else Filter()

    def _toggle_quarter(self, number: int) -> None:
        """Show a quarter of the year in sight: that of the filter, else of the date."""
        overview = self.main.overview
        if overview is None:
            return
        near = self._filter.period.start if self._filter.period else overview.as_of
        period = FilterPeriod.of_quarter(nearest_quarter(overview.plan, number, near))
        other = None if self._filter.period == period else period
        self.main.change_view(replace(self._filter, period=other))

    def _close_card(self) -> None:
        self.main.remove_class(CARD)
        self.main.table.focus()

    def _close_tree(self) -> None:
        self.main.remove_class(TREE)
        self.main.table.focus()
