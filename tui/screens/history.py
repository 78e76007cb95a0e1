"""The history screen: who changed what and when, in one measure or the whole programme.

That of a measure runs on in the programmes that it was carried over from.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList

from kvartal.schema.errors import KvartalError
from kvartal.schema.measure import Measure
from kvartal.tui.actions.action import needs_writable
from kvartal.tui.actions.registry import key_of
from kvartal.tui.dialogs.confirmations import ask_to_undo
from kvartal.tui.i18n import _
from kvartal.tui.plans.earlier_values import earlier_histories
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.history import commit_details, manual_prefix, moment, subject_text
from kvartal.tui.presentation.measure_numbers import name_text
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.screens.list_detail import ListDetailScreen
from kvartal.tui.screens.main import main_screen
from kvartal.tui.widgets.page import Page

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry

MAX_COMMITS: Final = 1000
"""How many commits are listed at most."""
_AUTHOR: Final = 18


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A commit in the list.

    Attributes:
        entry: The commit.
        measure: Id of the only measure to show of it; empty for all of them.
        plan: The programme's file, where it is an earlier one than that on the screen.
    """

    entry: "CommitEntry"
    measure: str
    plan: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it: a merge may stand in the histories of two programmes."""
        return self.plan, self.entry.commit

    def line(self) -> Text:
        """Return it as a line of the list."""
        author = shown(self.entry.author)[:_AUTHOR]
        text = Text(f"{moment(self.entry.date, time=False)}  ", no_wrap=True, overflow="ellipsis")
        text.append(f"{author:<{_AUTHOR}}  ")
        if self.plan:
            text.append(f"{shown(PurePath(self.plan).stem)}: ", "bold")
        subject = subject_text(self.entry, self.measure)
        return text.append_text(Text.assemble((manual_prefix(self.entry)), subject))

    def details(self) -> list[CellLine]:
        """Return what it changed."""
        lines = list(commit_details(self.entry, self.measure))
        if self.plan:
            name = _("Программа {plan}").format(plan=self.plan)
            lines.insert(1, (Cell(shown(name), "muted"),))
        return lines


class HistoryScreen(ListDetailScreen):
    """A list of commits, newest first; below, what the chosen one changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,H,р,Р", "close", show=False),
        Binding("enter", "open_version", show=False, priority=True),
        Binding("n,N,т,Т", "open_version", show=False),
        Binding("u,г", "undo", show=False),
    ]

    def __init__(self, measure: str = "") -> None:
        """Show a history.

        Args:
            measure: Id of a measure; empty for the programme.
        """
        super().__init__()
        self._measure = measure
        self._entries: tuple[ListedEntry, ...] = ()
        self._cut_off = ""
        self._shown: tuple[str, str] | None = None

    def title_text(self) -> str:
        """Return the title."""
        version = self.session.opened_version
        if self._measure:
            name = _("История мероприятия {id}").format(id=self._measure_name)
        else:
            name = _("История программы")
        # Of an earlier version it ends there: what came after is not to be thought missing.
        return _("{history} до {when}").format(history=name, when=version.when) if version else name

    @property
    def _measure_name(self) -> str:
        known = self.session.current.plan.by_id.get(self._measure)
        return name_text(known) if known else self._measure

    def compose_body(self) -> ComposeResult:
        """Yield the list and the details."""
        with Vertical():
            yield OptionList(classes="list")
            yield Page([(Cell(_("Читаю историю…"), "muted"),)])

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("↑ ↓ PgUp PgDn — листать  Enter — как было тогда  г — отменить  Esc — назад")

    def on_mount(self) -> None:
        """Read the history, now and whenever it grows."""
        self._read()
        self.watch(self.session, "recent_commits", self._follow, init=False)

    @property
    def _entry(self) -> ListedEntry | None:
        at = self.list.highlighted
        return self._entries[at] if at is not None and at < len(self._entries) else None

    def show_details(self) -> None:
        """Show what the chosen commit changed; keep the scroll position if it is shown already.

        The line below the last commit says why nothing is shown of the time before.
        """
        listed = self._entry
        if listed is None and self._cut_off:
            self._shown = None
            self.page.show([(Cell(shown(self._cut_off), "overdue"),)])
        elif listed is not None and listed.key != self._shown:
            self._shown = listed.key
            self.page.show(listed.details())

    def action_open_version(self) -> None:
        """Open the programme as the commit under the cursor left it."""
        if self._entry is not None and not self._is_elsewhere(self._entry):
            self._open(self._entry.entry.commit)

    def action_undo(self) -> None:
        """Ask whether to undo what the commit under the cursor changed."""
        if self._entry is not None and not self._is_elsewhere(self._entry):
            self._ask_to_undo(self._entry)

    def _is_elsewhere(self, listed: ListedEntry) -> bool:
        """Return whether a commit is of an earlier programme; say then where that is opened."""
        if listed.plan:
            template = _("Это запись программы {plan}. Откройте её из списка программ: {key}.")
            self._refuse(template.format(plan=listed.plan, key=key_of("programmes")), listed)
        return bool(listed.plan)

    def _refuse(self, reason: str, listed: ListedEntry) -> None:
        self.page.show([(Cell(shown(reason), "overdue"),), (Cell(""),), *listed.details()])

    def _follow(self) -> None:
        self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        session, version = self.session, self.session.opened_version
        revision = version.version.commit if version else "HEAD"
        try:
            entries = await asyncio.to_thread(
                session.programme.entries, self._measure, revision=revision, limit=MAX_COMMITS + 1
            )
        except KvartalError as error:
            self.page.show([(Cell(shown(error.message(on_screen)), "overdue"),)])
            return
        own = [ListedEntry(entry, self._measure) for entry in entries[:MAX_COMMITS]]
        if len(entries) > len(own):
            text = _(
                "Показаны последние {count}. Более ранние — в истории программы на дату: {key}."
            )
            self._list(own, text.format(count=len(own), key=key_of("open_version")))
            return
        if not own:
            self.page.show([(Cell(_("Изменений ещё не было."), "muted"),)])
        elif own != [*self._entries][: len(own)]:
            # Those of earlier programmes stay until they are read again: the cursor may be there.
            self._list([*own, *(listed for listed in self._entries if listed.plan)])
        known = session.current.plan.by_id.get(self._measure)
        if known is None or known.carried_from is None:
            return
        earlier, cut_off = await asyncio.to_thread(
            _earlier, session.current.path, known, revision, MAX_COMMITS - len(own)
        )
        self._list([*own, *earlier], cut_off.message(on_screen) if cut_off else "")

    def _list(self, entries: Sequence[ListedEntry], cut_off: str = "") -> None:
        """Show commits, and what is in the way of those before; the cursor stays on its line."""
        if (tuple(entries), cut_off) == (self._entries, self._cut_off):
            return
        self._entries, self._cut_off = tuple(entries), cut_off
        keys = [listed.key for listed in entries]
        at = keys.index(self._shown) if self._shown in keys else 0
        lines = [listed.line() for listed in entries]
        if cut_off:
            lines.append(Text(shown(cut_off), "italic", no_wrap=True, overflow="ellipsis"))
        self.fill(lines, at)
        self.show_details()

    @work(group="undo", exclusive=True)
    async def _ask_to_undo(self, listed: ListedEntry) -> None:
        session, main = self.session, main_screen(self.session)
        reason = needs_writable(main.action_context) if main else ""
        if not reason:
            try:
                reversal = await asyncio.to_thread(
                    session.programme.reversal, session.current, commit=listed.entry.commit
                )
                ask_to_undo(session, reversal)
            except KvartalError as error:
                reason = error.message(on_screen)
        if reason:
            self._refuse(reason, listed)

    @work(group="version", exclusive=True)
    async def _open(self, commit: str) -> None:
        try:
            await self.session.open_version(commit)
        except KvartalError as error:
            self.page.show([(Cell(shown(error.message(on_screen)), "overdue"),)])
        else:
            self.dismiss(None)


def _earlier(
    plan: Path, measure: Measure, revision: str, limit: int
) -> tuple[list[ListedEntry], KvartalError | None]:
    """Return the commits of the programmes that a measure was carried over from.

    What is in the way of those before them comes second.
    """
    listed: list[ListedEntry] = []
    try:
        for one in earlier_histories(plan, measure, revision=revision, limit=limit):
            listed += [ListedEntry(entry, one.measure, one.plan) for entry in one.entries]
    except KvartalError as error:
        return listed, error
    return listed, None
