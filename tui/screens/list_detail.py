"""The base class of screens with a list above and the details of the chosen item below."""

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kvartal.tui.screens.base import ReadingScreen
from kvartal.tui.widgets.page import Page


class ListDetailScreen(ReadingScreen):
    """A list, and one or more pages with the details of its chosen line.

    Subclasses yield an `OptionList` with the class ``list`` and the pages, and show the details.
    An `OptionList` treats a click and Enter alike. Here a click only shows the details, so
    subclasses bind Enter with priority where it does something.
    """

    DEFAULT_CSS = """
    ListDetailScreen {
        & .list, & .list:focus {
            height: auto;
            max-height: 40%;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            border: none;
            border-bottom: solid $panel-lighten-2;
            background: $background;
            background-tint: $foreground 0%;
            scrollbar-size-vertical: 1;
            scrollbar-background: $background;
            scrollbar-color: $primary 50%;
        }
    }
    """

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]

    @property
    def list(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    @property
    def page(self) -> Page:
        """The page; the first of several."""
        return self.query(Page).first()

    def show_details(self) -> None:
        """Show the line under the cursor in full."""
        raise NotImplementedError

    def fill(self, lines: Iterable[Text], at: int) -> None:
        """Fill the list and put the cursor on a line; its details are left to the caller.

        Args:
            lines: The lines.
            at: Index of the line; the last one where it is beyond it.
        """
        options = self.list
        with self.prevent(OptionList.OptionHighlighted):
            options.clear_options()
            options.add_options(Option(line) for line in lines)
            count = options.option_count
            options.highlighted = min(at, count - 1) if count else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the line under the cursor."""
        event.stop()
        self.show_details()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do nothing more: a click only shows the details."""
        event.stop()

    def action_page(self, pages: int) -> None:
        """Scroll the details.

        Args:
            pages: How far; negative goes up.
        """
        height = self.query(Page).last().size.height
        for page in self.query(Page):
            page.scroll_relative(y=pages * max(1, height - 1), animate=False)
