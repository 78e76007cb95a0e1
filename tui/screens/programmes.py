"""The list of programmes: every plan of this repository and of the folders that were added.

What was seen before is there at once, from the user's cache; the rest follows while it is read.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _
from kvartal.tui.plans.files import copies_in
from kvartal.tui.plans.portfolio import ProgrammeSummary, SummaryCache, cache_path, programme_files
from kvartal.tui.presentation.programmes import (
    ProgrammeOrder,
    ProgrammesView,
    details_text,
    keys_text,
    listing,
    matching,
    sums_text,
)
from kvartal.tui.presentation.sanitize import shown

_MOMENT: Final = 0.2
"""For how many seconds programmes are read before the list is drawn again."""


class ProgrammesScreen(Screen[Path | None]):
    """Programmes with their figures; the result is the file of the one that was picked."""

    DEFAULT_CSS = """
    ProgrammesScreen {
        background: $background;

        & .programmes-title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & Input, & Input:focus { border: none; height: 1; padding: 0 1; background: $surface; }
        & .programmes-heading { height: 1; padding: 0 1; color: $text-muted; }
        & OptionList, & OptionList:focus {
            height: 1fr;
            border: none;
            padding: 0 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            background: $background;
            background-tint: $foreground 0%;
            scrollbar-size-vertical: 1;
        }
        & .programmes-details { height: 2; padding: 0 1; color: $text-muted; }
        & .programmes-keys { height: auto; padding: 0 1; background: $panel; }
        & .programmes-keys { color: $text-muted; }
    }
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("enter", "pick", show=False, priority=True),
        Binding("tab", "turn", show=False, priority=True),
        Binding("f4", "sort", show=False),
        Binding("f12", "folders", show=False),
        Binding("f5", "reload", show=False),
    ]

    def __init__(
        self,
        start: Path,
        as_of: date,
        folders: Sequence[str] = (),
        *,
        current: Path | None = None,
        keep_folders: Callable[[tuple[str, ...]], str] | None = None,
    ) -> None:
        """List programmes.

        Args:
            start: A folder of the repository.
            as_of: The date of the figures.
            folders: Further folders, from the user's settings.
            current: The programme on the screen; the cursor begins there.
            keep_folders: Writes the folders to the settings; returns why it could not, if so.
        """
        super().__init__()
        self._start = start
        self._as_of = as_of
        self._folders = tuple(folders)
        self._current = current
        self._keep_folders = keep_folders
        self._found: list[ProgrammeSummary] = []
        self._copies: dict[Path, tuple[str, ...]] = {}
        self._left = 0
        self._is_loaded = False
        self._has_moved = False
        self._order = ProgrammeOrder.NAME
        self._view = ProgrammesView.PROGRAMMES
        self._lines: list[ProgrammeSummary | str] = []

    def compose(self) -> ComposeResult:
        """Yield title, filter, list, details and keys."""
        yield Static(classes="programmes-title", markup=False)
        yield LineInput(placeholder=_("Набирайте, чтобы отобрать: организация, год, исполнитель"))
        yield Static(classes="programmes-heading", markup=False)
        yield OptionList()
        yield Static(classes="programmes-details", markup=False)
        yield Static(classes="programmes-keys", markup=False)

    def on_mount(self) -> None:
        """Begin to read."""
        self.action_reload()

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self._fill()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what is typed."""
        event.stop()
        self._fill(first=True)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the details of the line under the cursor."""
        event.stop()
        self._show_details()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was clicked."""
        event.stop()
        self.action_pick()

    def action_move(self, step: int) -> None:
        """Move the cursor by a line.

        Args:
            step: 1 or -1.
        """
        self._has_moved = True
        lines = self.query_one(OptionList)
        (lines.action_cursor_down if step > 0 else lines.action_cursor_up)()

    def action_page(self, step: int) -> None:
        """Move the cursor by a page.

        Args:
            step: 1 or -1.
        """
        self._has_moved = True
        lines = self.query_one(OptionList)
        if lines.highlighted is not None and lines.option_count:
            page = max(1, lines.size.height - 1)
            last = lines.option_count - 1
            lines.highlighted = min(last, max(0, lines.highlighted + step * page))

    def action_pick(self) -> None:
        """Open the programme; of an organization or a responsible, show the programmes."""
        line = self._line
        if isinstance(line, ProgrammeSummary):
            self.dismiss(Path(line.path))
        elif line:  # Those that are named nowhere cannot be filtered by.
            self._view = ProgrammesView.PROGRAMMES
            self.query_one(Input).value = line
            self._fill(first=True)

    def action_back(self) -> None:
        """Clear the filter, go back to the programmes, or leave."""
        field = self.query_one(Input)
        if field.value:
            field.value = ""
        elif self._view is not ProgrammesView.PROGRAMMES:
            self._view = ProgrammesView.PROGRAMMES
            self._fill(first=True)
        else:
            self.dismiss(None)

    def action_sort(self) -> None:
        """Sort by the next order; who is late has but one."""
        if self._view is ProgrammesView.PROGRAMMES:
            self._order = self._order.following
            self._fill(first=True)

    def action_turn(self) -> None:
        """Show who is late: by organization, by responsible; then the programmes again."""
        every = list(ProgrammesView)
        self._view = every[(every.index(self._view) + 1) % len(every)]
        self._fill(first=True)

    def action_reload(self) -> None:
        """Look again."""
        self._load()

    def action_folders(self) -> None:
        """Ask for the folders whose programmes are listed too."""
        from kvartal.tui.dialogs.folders import FoldersDialog

        def chosen(folders: tuple[str, ...] | None) -> None:
            if folders is None:
                return
            self._folders = folders
            refusal = self._keep_folders(folders) if self._keep_folders is not None else ""
            if refusal:
                self.say(refusal)
            self.action_reload()

        self.app.push_screen(FoldersDialog(self._folders, self._start), chosen)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Say it where the line under the cursor is explained. See `SpeakingScreen`."""
        del trouble
        self.query_one(".programmes-details", Static).update(Content(shown(sentence)))

    @work(group="programmes", exclusive=True)
    async def _load(self) -> None:
        cache = await asyncio.to_thread(SummaryCache, cache_path(), self._as_of)
        files = await asyncio.to_thread(programme_files, self._start, self._folders)
        known = await asyncio.to_thread(lambda: [cache.known(path) for path in files])
        self._found = [one for one in known if one is not None]
        self._copies = await asyncio.to_thread(_copies_beside, files)
        unread = [path for path, one in zip(files, known, strict=True) if one is None]
        try:
            while unread:
                self._left = len(unread)
                self._fill()
                made = await asyncio.to_thread(cache.made_within, _MOMENT, unread)
                self._found += made
                unread = unread[len(made) :]
        finally:
            cache.save()
        self._left = 0
        self._is_loaded = True
        self._fill()

    @property
    def _line(self) -> ProgrammeSummary | str | None:
        index = self.query_one(OptionList).highlighted
        return self._lines[index] if index is not None and index < len(self._lines) else None

    def _fill(self, *, first: bool = False) -> None:
        """Draw the list again; the cursor stays on its line, or goes to the first."""
        width = max(20, self.size.width - 5)
        before = self._line if self._has_moved else None
        found = matching(self._found, self.query_one(Input).value)
        heading, rows = listing(found, self._view, self._order, width)
        self._lines = [row for row, _text in rows]
        lines = self.query_one(OptionList)
        with self.prevent(OptionList.OptionHighlighted):
            lines.clear_options()
            lines.add_options(Option(text) for _row, text in rows)
            lines.highlighted = (0 if rows else None) if first else self._cursor(before)
        self.query_one(".programmes-heading", Static).update(heading)
        self.query_one(".programmes-title", Static).update(Content(self._title(found)))
        self._show_details()
        self.query_one(".programmes-keys", Static).update(Content(keys_text(self._view)))

    def _title(self, found: Sequence[ProgrammeSummary]) -> str:
        if not self._is_loaded and not self._left:
            return _("Программы читаются…")
        title = sums_text(found, self._as_of)
        is_sorted = self._view is ProgrammesView.PROGRAMMES
        if is_sorted and self._order is not ProgrammeOrder.NAME:
            # First: the answer to a key must not be what 80 columns have no room for.
            title = _("Порядок: {order} · {sums}").format(order=_(self._order.value), sums=title)
        if self._copies:
            title += _(" · копий: {count}").format(count=sum(map(len, self._copies.values())))
        if self._left:
            title += _(" · читается ещё {count}").format(count=self._left)
        return title

    def _cursor(self, before: ProgrammeSummary | str | None) -> int | None:
        if not self._lines:
            return None
        path = before.path if isinstance(before, ProgrammeSummary) else None
        if before is None and self._current is not None:
            path = str(self._current)
        for index, line in enumerate(self._lines):
            if line == before or (isinstance(line, ProgrammeSummary) and line.path == path):
                return index
        return 0

    def _show_details(self) -> None:
        line = self._line
        text = ""
        if isinstance(line, ProgrammeSummary):
            text = details_text(line, self._copies.get(Path(line.path).parent, ()))
        elif not self._lines and self._is_loaded:
            text = _("Ничего не подходит.") if self._found else _("Программ здесь нет.")
            if self._view is not ProgrammesView.PROGRAMMES and not self.query_one(Input).value:
                text = _("Ничего не просрочено.")
        details = self.query_one(".programmes-details", Static)
        details.update(Content(shown(text, lines=True)))


def _copies_beside(files: Iterable[Path]) -> dict[Path, tuple[str, ...]]:
    """Return the names of the copies that lie beside plan files, by folder."""
    folders = dict.fromkeys(path.parent for path in files)
    found = {folder: tuple(one.name for one in copies_in(folder)) for folder in folders}
    return {folder: names for folder, names in found.items() if names}
