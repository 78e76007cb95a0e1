"""The frame of the small screens that pick one of several lines: Enter takes it, Esc leaves."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kvartal.schema.errors import N_
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

ValueT = TypeVar("ValueT")

PickLine = tuple[ValueT | None, Text]
"""What a line stands for, and how it reads; None for a heading, which cannot be picked."""


class PickScreen(ModalScreen[ValueT | None], Generic[ValueT]):
    """A list in a frame; the result is what the picked line stands for, None when it was left."""

    DEFAULT_CSS = """
    PickScreen {
        align: center middle;

        & .pick-frame {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $primary;
            border-title-color: $foreground;
            border-title-style: bold;
            border-subtitle-color: $foreground 62%;
            background: $panel;
        }
        & OptionList, & OptionList:focus {
            height: auto;
            max-height: 100%;
            border: none;
            background: $panel;
            background-tint: $foreground 0%;
            scrollbar-size-vertical: 1;
            scrollbar-background: $panel;
            scrollbar-color: $primary 50%;
        }
    }
    """

    KEYS: ClassVar[str] = N_("Enter — выбрать   Esc — закрыть")
    """What the keys do, at the bottom of the frame."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10,q,Q,й,Й", "leave", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[tuple[ValueT | None, Text]]) -> None:
        """Take the lines.

        Args:
            title: Title of the frame.
            lines: What each stands for, and how it reads; None for a heading.
        """
        super().__init__()
        self._title = title
        self._values = [value for value, _text in lines]
        self._texts = [text for _value, text in lines]

    def compose(self) -> ComposeResult:
        """Make the list and its frame."""
        with Vertical(classes="pick-frame") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = Content(_(self.KEYS))
            pairs = zip(self._values, self._texts, strict=True)
            yield OptionList(*(Option(text, disabled=value is None) for value, text in pairs))

    def value_at(self, index: int) -> ValueT | None:
        """Return what a line stands for; None for a heading."""
        return self._values[index]

    def hint(self, text: str) -> None:
        """Say something at the bottom of the frame.

        Args:
            text: A sentence; it may hold data.
        """
        self.query_one(".pick-frame").border_subtitle = Content(shown(_(text)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take a line."""
        event.stop()
        self.dismiss(self._values[event.option_index])

    def action_leave(self) -> None:
        """Take none."""
        self.dismiss(None)
