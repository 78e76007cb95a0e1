"""What stands around the table of the main screen. Imported and made after the first paint."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from kvartal.tui.actions.registry import key_of
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.main import MainScreen
from kvartal.tui.view import View
from kvartal.tui.widgets.card_view import CardView
from kvartal.tui.widgets.filter_line import FilterLine, FilterText
from kvartal.tui.widgets.key_line import KeyLine
from kvartal.tui.widgets.message_line import MessageLine
from kvartal.tui.widgets.section_tree import SectionTree

if TYPE_CHECKING:
    from kvartal.tui.presentation.repo_notice import RepoNotice


class MainWidgets:
    """The widgets around the table.

    Attributes:
        tree: Sections and channels.
        filter_line: The filter in words.
        card: Everything about the chosen measure.
        keys: What can be done.
        message: What was done, or why not.
        banner: What is the matter with the programme.
        nothing: Why the table is empty, in its place.
    """

    def __init__(self, screen: MainScreen) -> None:
        """Make the widgets and bind them to the screen's values.

        Args:
            screen: The main screen; this has to be called from one of its own handlers.
        """
        self.tree = SectionTree(id="tree").data_bind(MainScreen.overview)
        self.filter_line = FilterLine(id="filter").data_bind(MainScreen.view, MainScreen.marked)
        self.card = CardView(screen.signs, id="card")
        self.keys = KeyLine(id="keys").data_bind(MainScreen.situation)
        self.message = MessageLine(id="message")
        self.banner = Static(id="banner", markup=False)
        self.nothing = Static(id="nothing", markup=False)

    async def mount(self, screen: MainScreen) -> None:
        """Put each in its place."""
        await screen.query_one("#body").mount(self.tree, before=0)
        await screen.query_one("#work").mount(self.filter_line, before=0)
        await screen.query_one("#work").mount(self.card)
        await screen.query_one("#sheet").mount(self.nothing)
        await screen.mount(self.banner, after="#top")
        await screen.mount(self.keys, self.message)
        if screen.view is not None:
            self.tell_nothing(screen.view)

    def warn(self, health: "RepoNotice | None") -> None:
        """Say in the banner what is the matter with the programme."""
        warnings = health.warnings if health else ()
        self.banner.display = bool(warnings)
        self.banner.update(Content(shown("\n".join(warnings), lines=True)))

    def tell_nothing(self, view: View) -> None:
        """Say why the table is empty, where it is."""
        empty = not (view.open_checkpoints if view.urgent else view.shown)
        self.nothing.display = empty
        if empty:
            self.nothing.update(Content(_why_empty(view)))

    def restyle(self) -> None:
        """Draw again with the colours of the theme in force."""
        self.card.restyle()
        for widget in (self.tree, self.keys, self.filter_line.query_one(FilterText)):
            widget.tones.forget()
            widget.refresh()


def _why_empty(view: View) -> str:
    if view.is_empty_place:
        return _("Мероприятий не запланировано")
    if view.shown and view.urgent:
        return _("Ничего не просрочено, в этом квартале сроков нет")
    template = _("Под отбор ничего не подходит. {key} — сбросить отбор")
    return template.format(key=key_of("back"))
