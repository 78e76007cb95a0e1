"""The screen on which the user chooses between two values of one field.

Nothing is written before every field has its choice and the user has confirmed. Choices belong
to the conflicts and not to the screen: no redraw, no return and no new state of the remote loses
those for conflicts that are still the same.
"""

import asyncio
from pkgutil import get_data
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from kvartal.history.sync.divergence import Divergence, Side
from kvartal.history.sync.errors import SyncConflicts
from kvartal.schema.errors import KvartalError
from kvartal.tui.actions.registry import key_of
from kvartal.tui.i18n import _
from kvartal.tui.presentation.conflicts import (
    base_lines,
    chosen_lines,
    conflict_key,
    conflict_values,
    list_row,
    side_heading,
    side_letter,
)
from kvartal.tui.presentation.elide import elided
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.screens.list_detail import ListDetailScreen
from kvartal.tui.widgets.page import Page

if TYPE_CHECKING:
    from kvartal.history.sync.outgoing import Outgoing

NOTE_LINES: Final = 5
"""The height of the sentence above the keys at most; F3 shows the rest."""


class ConflictsScreen(ListDetailScreen):
    """A list of conflicts; below, the base value, and ours and theirs side by side."""

    CSS = (get_data("kvartal.tui", "styles/conflicts.tcss") or b"").decode()
    SCOPED_CSS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        # Priority: the list would take the arrows, and a click for Enter.
        Binding("left,y,н", "choose('ours')", show=False, priority=True),
        Binding("right,b,и", "choose('theirs')", show=False, priority=True),
        Binding("Y,Н", "choose_all('ours')", show=False),
        Binding("B,И", "choose_all('theirs')", show=False),
        Binding("delete,backspace", "choose('')", show=False),
        Binding("f2,ctrl+s,ctrl+ы", "accept", show=False),
        Binding("enter", "accept", show=False, priority=True),
        Binding("f3", "whole_message", show=False),
    ]

    def __init__(self, divergence: Divergence) -> None:
        """Show the conflicts of a divergence.

        Args:
            divergence: The two branches compared; with conflicts.
        """
        super().__init__()
        self._divergence = divergence
        self._busy = False
        self._note_text = ""

    def title_text(self) -> str:
        """Return the title."""
        template = _("Обмен с «{remote}»: одно и то же изменено по-разному. Чьё оставить?")
        return template.format(remote=self._divergence.remote)

    def compose_body(self) -> ComposeResult:
        """Yield the list, the three values and the note."""
        yield OptionList(classes="list")
        yield Page(id="base")
        with Horizontal(classes="sides"):
            yield Page(id="ours")
            yield Page(id="theirs")
        with Vertical(classes="conflicts-note"):
            yield Static(markup=False, id="note")

    def keys_text(self) -> str:
        """Return what the keys do."""
        ours, theirs = (side_letter(side) for side in Side)
        template = _(
            "← {ours} у нас  → {theirs} у них  {all_ours} {all_theirs} — все  PgDn — листать  "
            "F2 записать  Esc — не сейчас"
        )
        return template.format(
            ours=ours, theirs=theirs, all_ours=ours.upper(), all_theirs=theirs.upper()
        )

    def on_mount(self) -> None:
        """Show the conflicts."""
        self._fill()

    @property
    def sides(self) -> list[Side | None]:
        """What was chosen, for each conflict in order; None where nothing was yet."""
        known = self.session.sync_choices
        return [known.get(conflict_key(one)) for one in self._divergence.conflicts]

    @property
    def _at(self) -> int:
        return self.list.highlighted or 0

    # Keys and clicks.

    def show_details(self) -> None:
        """Show the values of the conflict under the cursor."""
        conflict, side = self._divergence.conflicts[self._at], self.sides[self._at]
        shown_values = conflict_values(conflict)
        self.query_one("#base", Page).show(base_lines(conflict, shown_values))
        for one, lines in ((Side.OURS, shown_values.ours), (Side.THEIRS, shown_values.theirs)):
            page = self.query_one(f"#{one.value}", Page)
            page.show([*side_heading(conflict, one, chosen=side is one), *lines])

    def action_choose(self, side: str) -> None:
        """Choose a side in the conflict under the cursor, and go to the next one without a choice.

        Args:
            side: Which one; empty to choose none.
        """
        if self._busy:
            return
        key = conflict_key(self._divergence.conflicts[self._at])
        if side:
            self.session.sync_choices[key] = Side(side)
        else:
            self.session.sync_choices.pop(key, None)
        self._redraw()
        if side:
            self._go_to_open(self._at + 1)

    def action_choose_all(self, side: str) -> None:
        """Choose a side in every conflict.

        Args:
            side: Which one.
        """
        if not self._busy:
            self.session.sync_choices.update(
                {conflict_key(one): Side(side) for one in self._divergence.conflicts}
            )
            self._redraw()

    def action_accept(self) -> None:
        """Ask whether to write what was chosen, once everything is."""
        if self._busy:
            return
        left = self.sides.count(None)
        if left:
            self._go_to_open(self._at)
            template = _("Выбраны не все, осталось: {count}. До этого ничего не записывается.")
            self.note(template.format(count=left), "trouble")
            return
        self._confirm()

    def action_close(self) -> None:
        """Change nothing and say so; while a sync is running, stop it."""
        if self._busy:
            self.session.stop_sync()
            return
        sentence = _("Обмен отложен: ничего не тронуто, ваши изменения сохранены здесь.")
        chosen = len(self.sides) - self.sides.count(None)
        if chosen:
            sentence += " " + _("Сделанный выбор запомнен, полей: {count}.").format(count=chosen)
        self.dismiss(None)
        self.session.say(sentence + _(" {key} — продолжить.").format(key=key_of("sync")))

    # Accepting.

    @work(group="confirm", exclusive=True)
    async def _confirm(self) -> None:
        from kvartal.tui.forms.confirm import ConfirmDialog
        from kvartal.tui.presentation.outgoing import outgoing_lines

        try:
            going = await asyncio.to_thread(self.session.programme.outgoing, self._divergence)
        except KvartalError as error:
            self.note(short_message(error), "trouble")
            return

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - the result of a screen
            if yes:
                self._write(going)

        chosen = chosen_lines(self._divergence.conflicts, self.sides)
        dialog = ConfirmDialog(
            _("Записать выбранное и отправить?"),
            [*chosen, "", *outgoing_lines(going)],
            accept=_("Да, записать"),
            leave=_("Вернуться к выбору"),
            title=_("Обмен с коллегами"),
            harmless=True,
        )
        self.session.push_screen(dialog, answered)

    @work(group="sync")
    async def _write(self, confirmed: "Outgoing") -> None:
        session, divergence = self.session, self._divergence
        sides = [side for side in self.sides if side is not None]
        if len(sides) < len(divergence.conflicts):
            return
        self._busy = True
        try:
            outcome = await session.sync(self._show_progress, divergence.choices(sides), confirmed)
        except SyncConflicts as error:
            self._busy = False
            self._outdated(error)
        except KvartalError as error:
            self._busy = False
            self.note(short_message(error), "trouble")
        else:
            self.dismiss(None)
            session.say(outcome)

    def _show_progress(self, sentence: str) -> None:
        self.note(sentence, "busy")

    def _outdated(self, error: SyncConflicts) -> None:
        """Show the current conflicts; choices are kept for those that are the same."""
        self._divergence = error.divergence
        self._fill()
        left = self.sides.count(None)
        sentence = _("Пока вы выбирали, появились новые изменения; ничего не записано.")
        rest = _("Выбор для прежних полей остался, выберите ещё: {count}.").format(count=left)
        again = _("Весь ваш выбор остался: проверьте и нажмите F2.")
        self.note(f"{sentence} {rest if left else again}", "trouble")
        if left:
            self._go_to_open(0)

    def note(self, text: str, kind: str = "") -> None:
        """Show a sentence above the keys.

        Args:
            text: The sentence; it may hold data.
            kind: ``busy``, ``trouble``, ``ready`` or empty.
        """
        frame = self.query_one(".conflicts-note")
        for one in ("busy", "trouble", "ready"):
            frame.set_class(kind == one, f"-{one}")
        self._note_text = text
        hint = _("{key} — всё сообщение").format(key="F3")
        sentence = elided(text, max(1, self.size.width - 2), NOTE_LINES, hint)
        self.query_one("#note", Static).update(Content(sentence))

    def action_whole_message(self) -> None:
        """Show the sentence above the keys as a whole."""
        from kvartal.tui.forms.whole_message import WholeMessageDialog

        self.app.push_screen(WholeMessageDialog(self._note_text))

    def _fill(self) -> None:
        pairs = zip(self._divergence.conflicts, self.sides, strict=True)
        self.fill((list_row(one, side) for one, side in pairs), self._at)
        self.show_details()
        self._count()

    def _redraw(self) -> None:
        """Draw the choices; the cursor stays."""
        options = self.list
        pairs = zip(self._divergence.conflicts, self.sides, strict=True)
        for at, (one, side) in enumerate(pairs):
            options.replace_option_prompt_at_index(at, list_row(one, side))
        self.show_details()
        self._count()

    def _go_to_open(self, start: int) -> None:
        """Go to the next conflict without a choice, starting at an index and wrapping around."""
        sides = self.sides
        for at in (*range(start, len(sides)), *range(min(start, len(sides)))):
            if sides[at] is None:
                self.list.highlighted = at
                return

    def _count(self) -> None:
        sides = self.sides
        chosen = len(sides) - sides.count(None)
        if chosen == len(sides):
            self.note(
                _("Выбрано всё: {count}. F2 — записать и отправить.").format(count=chosen), "ready"
            )
        else:
            template = _("Выбрано {chosen} из {count}. Ничего не записано.")
            self.note(template.format(chosen=chosen, count=len(sides)))
