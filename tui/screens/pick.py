"""Small modal screens on which one line of a list is picked, and the menu, which is one."""

from collections.abc import Sequence
from typing import ClassVar, Final, Generic, TypeVar

from rich.cells import set_cell_size
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kvartal.schema.errors import N_
from kvartal.tui.actions.action import ActionContext
from kvartal.tui.actions.registry import in_groups
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

ValueT = TypeVar("ValueT")

_LABEL_WIDTH: Final = 38
_NOT_IN_MENU: Final = frozenset({"menu", "back"})


class PickScreen(ModalScreen[ValueT | None], Generic[ValueT]):
    """A list in a frame; the result is the value of the picked line, None when it was left."""

    DEFAULT_CSS = """
    PickScreen {
        align: center middle;
        background: transparent;

        & .pick-frame {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $primary;
            border-title-color: $foreground;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $panel;
        }
        & OptionList > .option-list--option-disabled { color: $text-muted; }
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

    def __init__(
        self,
        title: str,
        lines: Sequence[tuple[ValueT | None, Text]],
        current: ValueT | None = None,
    ) -> None:
        """Make the list.

        Args:
            title: Title of the frame.
            lines: Pairs of value and text; the value of a heading is None.
            current: The value to begin at; None or an unknown one for the first line.
        """
        super().__init__()
        self._current = current
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

    def on_mount(self) -> None:
        """Begin at the current value."""
        if self._current is not None and self._current in self._values:
            self.query_one(OptionList).highlighted = self._values.index(self._current)

    def value_at(self, index: int) -> ValueT | None:
        """Return the value of a line; None for a heading."""
        return self._values[index]

    def hint(self, text: str) -> None:
        """Show a sentence at the bottom of the frame.

        Args:
            text: A sentence; it may hold data.
        """
        self.query_one(".pick-frame").border_subtitle = Content(shown(_(text)))

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Answer a key or a paste that the list does not take. See `SpeakingScreen`."""
        del trouble
        self.hint(sentence)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the value of the line."""
        event.stop()
        self.dismiss(self._values[event.option_index])

    def action_leave(self) -> None:
        """Close without a value."""
        self.dismiss(None)


class MenuScreen(PickScreen[str]):
    """Actions by group; the result is the id of one.

    Why an action is off is shown at the bottom of the frame.
    """

    def __init__(self, context: ActionContext) -> None:
        """Offer the actions.

        Args:
            context: What decides which of them can be done.
        """
        self._reasons: dict[str, str] = {}
        lines: list[tuple[str | None, Text]] = []
        for group, actions in in_groups():
            lines.append((None, Text(_(group.value), "bold")))
            for action in actions:
                if action.id in _NOT_IN_MENU:
                    continue
                reason = action.reason(context)
                self._reasons[action.id] = reason
                label = set_cell_size(shown(action.label_in(context)), _LABEL_WIDTH)
                line = Text(f"  {label}", "" if reason else "bold")
                line.append(action.key, "" if reason else "bold")
                lines.append((action.id, line))
        super().__init__(_("Меню"), lines)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show at the bottom why the action under the cursor is off."""
        event.stop()
        value = self.value_at(event.option_index)
        reason = self._reasons.get(value, "") if value else ""
        self.hint(reason or self.KEYS)
