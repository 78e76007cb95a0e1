"""The controls of forms: Textual's, made safe for data and usable without Ctrl and Alt.

What is shown in a control goes through :func:`~kvartal.tui.presentation.sanitize.shown`, as
everywhere; what comes back goes through :func:`restored`, so that a character that had to be made
visible survives an edit beside it.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Select, TextArea

from kvartal.tui.forms.radio_list import RadioList
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

_HIDDEN: Final = ("C", "Zl", "Zp")


def restored(typed: str, original: str, *, lines: bool = False) -> str:
    """Return a typed text with the original's characters back that `shown` had made visible.

    Args:
        typed: The text in the control.
        original: The data that the control was filled from, through `shown`.
        lines: Whether it was shown with its line breaks.
    """
    for character in sorted(set(original)):
        sign = shown(character, lines=lines)
        if sign != character and sign.strip():
            typed = typed.replace(sign, character)
    return typed


def pasted(text: str, *, lines: bool = False) -> str:
    """Return a text from the clipboard without invisible and control characters.

    Args:
        text: As the terminal hands it over.
        lines: Keep line breaks; otherwise they become spaces.
    """
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text).replace("\t", " ")
    if not lines:
        text = re.sub(r"(?<! ) *\n+ *", " ", text.strip("\n"))
    return "".join(
        character
        for character in text
        if character == "\n" or not unicodedata.category(character).startswith(_HIDDEN)
    )


class LineInput(Input):
    """One line of text. Enter goes on to the next field."""

    enter_goes_on = True
    """Whether it does; where not, Enter posts `Input.Submitted`."""

    def __init__(  # noqa: PLR0913 - each is a property of the control
        self,
        text: str = "",
        *,
        placeholder: str = "",
        select_on_focus: bool = False,
        suggester: Suggester | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            shown(text),
            placeholder=placeholder,
            suggester=suggester,
            # A long text must not vanish because a letter was typed over it.
            select_on_focus=select_on_focus,
            compact=True,
            id=id,
            classes=classes,
        )

    def on_paste(self, event: events.Paste) -> None:
        """Insert a text from the clipboard without invisible and control characters."""
        event.stop()
        event.prevent_default()
        self.insert_pasted(event.text)

    def insert_pasted(self, text: str) -> None:
        """Insert a text from the clipboard at the cursor, in place of what is selected."""
        self.replace(pasted(text), *sorted(self.selection))


class ChoiceInput(Select[str]):
    """One of a few values; an empty text is none of them."""

    DEFAULT_CSS = """
    ChoiceInput > SelectCurrent {
        height: 1;
        background: $surface;
        & Static#label {
            height: 1;
            text-overflow: ellipsis;
            text-wrap: nowrap;
            color: $text-muted;
        }
        &.-has-value Static#label { color: $foreground; }
        & .arrow { color: $text-muted; }
    }
    """

    def __init__(
        self,
        choices: Iterable[tuple[str, str]],
        value: str = "",
        *,
        optional: bool = True,
        id: str | None = None,
    ) -> None:
        """Make the control.

        Args:
            choices: Pairs of value and label; labels are data.
            value: The value chosen at first.
            optional: Whether none of them may be chosen.
            id: Id of the widget.
        """
        options = [(Text(shown(label)), value) for value, label in choices]
        self.choices = options
        if value and value not in {known for _label, known in options}:
            options.append((Text(shown(value)), value))
        super().__init__(
            options,
            prompt="—",
            allow_blank=optional or not value,
            value=value or Select.NULL,
            compact=True,
            id=id,
        )
        self._values = {known for _label, known in options} | ({""} if self._allow_blank else set())

    def may_hold(self, value: str) -> bool:
        """Return whether a value is one of those that can be chosen; empty for none of them."""
        return value in self._values


class CheckInput(Checkbox):
    """A box to tick that can be read without colour."""

    DEFAULT_CSS = """
    CheckInput, CheckInput:focus { background: transparent; width: auto; }
    """

    def __init__(self, label: str, *, value: bool = False, id: str | None = None) -> None:
        super().__init__(Content(shown(label)), value, compact=True, id=id)

    def render(self) -> Content:
        """Return the box and its label."""
        label = self.label.stylize_before(self.get_visual_style("toggle--label"))
        return Content.assemble("[x] " if self.value else "[ ] ", label)


class ActionButton(Button):
    """A button that names its key; the arrows go to its neighbours."""

    DEFAULT_CSS = """
    ActionButton, ActionButton.-textual-compact {
        min-width: 8;
        margin-left: 1;
        &.-primary {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
        &:disabled, &.-primary:disabled { text-opacity: 85%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        label: str,
        key: str = "",
        *,
        action: str | None = None,
        primary: bool = False,
        id: str | None = None,
    ) -> None:
        text = Content(f"{key} {label}") if key else Content(label)
        super().__init__(
            text, "primary" if primary else "default", action=action, compact=True, id=id
        )


def control_text(control: Widget) -> str:
    """Return what a control holds, as text; a ticked box is ``1``."""
    if isinstance(control, Input):
        return control.value
    if isinstance(control, TextArea):
        return control.text
    if isinstance(control, Select):
        return str(control.selection or "")
    if isinstance(control, RadioList):
        return control.value
    if isinstance(control, Checkbox):
        return "1" if control.value else ""
    return ""


def spoken_text(control: Widget) -> str:
    """Return what a control holds, in words."""
    if isinstance(control, ChoiceInput):
        return next((str(label) for label, value in control.choices if value == control.value), "")
    if isinstance(control, RadioList):
        return control.label
    if isinstance(control, Checkbox):
        return _("да") if control.value else _("нет")
    return control_text(control)


def replace_when_typed(control: Widget) -> None:
    """Make what is typed into a line replace the short text that is proposed in it."""
    if isinstance(control, Input):
        control.select_on_focus = True


def set_control_text(control: Widget, text: str) -> None:
    """Make a control hold what :func:`control_text` then returns."""
    if isinstance(control, Input):
        control.value = text
        # What is typed next goes on from there: the old place lies somewhere within.
        control.cursor_position = len(text)
    elif isinstance(control, TextArea):
        control.text = text
    elif isinstance(control, Select):
        control.value = text or Select.NULL
    elif isinstance(control, RadioList):
        control.value = text
    elif isinstance(control, Checkbox):
        control.value = bool(text)
