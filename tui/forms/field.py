"""Fields of forms: a label, a control, and a line below for what is wrong."""

from collections.abc import Callable
from textwrap import wrap
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Select, Static, TextArea

from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import FieldRequired
from kvartal.tui.forms.inputs import ChoiceInput, control_text, set_control_text, spoken_text
from kvartal.tui.forms.radio_list import RadioList
from kvartal.tui.presentation.elide import wrapped_lines
from kvartal.tui.presentation.error_text import typed_message
from kvartal.tui.presentation.sanitize import shown

Check = Callable[[str], object]
"""Reads a typed text; raises a KvartalError that says what is wrong with it."""

# A sign that the fonts of the Linux console have.
CHANGED_SIGN: Final = "•"
REQUIRED_SIGN: Final = "*"
# No-break spaces: others are dropped at the beginning of a line.
_GUTTER: Final = "\N{NO-BREAK SPACE}" * 2
_LABEL_WIDTH: Final = 21
_LINE_WIDTH: Final = 50
"""The width of a line before it is laid out, in a narrow terminal."""


class FormField(Horizontal):
    """A control with its label and, below, the line for its error or its reading.

    The line is there from the beginning, so nothing moves when it fills. What is wrong is shown
    when the field is left, and goes away as soon as it is corrected.
    """

    DEFAULT_CSS = """
    FormField {
        height: auto;

        & .field-label { width: 24; height: auto; min-height: 1; max-height: 3; padding-right: 1; }
        & .field-side { width: 1fr; height: auto; }
        & .field-line {
            /* Whole, whatever it takes: what is cut off may be what to do. */
            height: auto;
            min-height: 1;
            color: $text-muted;
            &.-error { color: $text-error; }
        }
        & .field-label.-focus { text-style: bold; color: $text-accent; }
    }
    """

    error: var[str] = var("", init=False)
    """What is wrong with what the control holds; empty when nothing is."""
    reading: var[str] = var("", init=False)
    """How what the control holds is understood."""

    class Changed(Message):
        """The content of the control changed."""

        def __init__(self, field: "FormField") -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> "FormField":
            """The field."""
            return self.field

    def __init__(  # noqa: PLR0913 - each is a property of the field
        self,
        key: str,
        label: str,
        control: Widget,
        *,
        initial: str = "",
        required: bool = False,
        hint: str = "",
        check: Check | None = None,
        read: Callable[[str], str] | None = None,
    ) -> None:
        """Make the field.

        Args:
            key: Name of the field in its form.
            label: Its label.
            control: Where the user types or chooses.
            initial: What the control holds at first, as its text.
            required: Whether it is marked as one that must be filled; `check` enforces it.
            hint: A sentence about what to type, shown while the field is in focus.
            check: Reads the text; raises where something is wrong with it.
            read: Returns how the text is understood, shown live; empty where it is not.
        """
        super().__init__()
        self.key = key
        self.label = label
        self.control = control
        self.initial = initial
        self.required = required
        self.hint = hint
        self._check = check
        self.read = read

    def compose(self) -> ComposeResult:
        """Yield the label, and beside it the control with its line."""
        yield from self.compose_label()
        with Vertical(classes="field-side"):
            yield self.control
            yield Static(classes="field-line", markup=False)
            yield from self.compose_below()

    def compose_below(self) -> ComposeResult:
        """Yield what stands below the line."""
        yield from ()

    def compose_label(self) -> ComposeResult:
        """Yield the label."""
        yield Static(self._label_text(), classes="field-label", markup=False)

    def on_mount(self) -> None:
        """Show how the first text is understood."""
        self.update_reading()

    @property
    def typed(self) -> str:
        """What the control holds."""
        return control_text(self.control) if self.control.is_mounted else self.initial

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the initial text."""
        return self.typed != self.initial

    def display_text(self) -> str:
        """Return what the control holds, in words."""
        return spoken_text(self.control).strip()

    def typed_line(self) -> str:
        """Return what the control holds, in words, after the label of the field."""
        return f"{self.label}: {self.display_text() or '—'}"

    @property
    def draft_text(self) -> str:
        """What `put` needs to bring back what was typed."""
        return self.typed

    def put(self, text: str) -> bool:
        """Put a text in place of what was typed; return whether the control takes it.

        Args:
            text: Of `draft_text`, of a form of this kind.
        """
        if isinstance(self.control, ChoiceInput) and not self.control.may_hold(text):
            return False
        if isinstance(self.control, Input | TextArea):
            # It comes from a file, which may hold what nobody can type.
            text = shown(text, lines=isinstance(self.control, TextArea))
        set_control_text(self.control, text)
        self.content_changed()
        return self.typed == text

    def set_initial(self, text: str) -> None:
        """Replace what the control holds by a text that the user has not typed."""
        self.initial = text
        set_control_text(self.control, text)
        self.content_changed()

    def rebase(self, text: str) -> None:
        """Replace the initial text; what was typed over it stays."""
        if self.is_changed:
            self.initial = text
            self.content_changed()
        else:
            self.set_initial(text)

    def verify(self) -> bool:
        """Check what the control holds, show what is wrong, and return whether nothing is."""
        self.error = self._find_error()
        return not self.error

    def watch_error(self) -> None:
        """Show what is wrong, or again how the text is understood."""
        self._show_line()

    def watch_reading(self) -> None:
        """Show how the text is understood."""
        self._show_line()

    def on_descendant_focus(self) -> None:
        """Show which field is in focus."""
        self.query_one(".field-label").add_class("-focus")

    def on_descendant_blur(self) -> None:
        """Show that it no longer is."""
        self.query_one(".field-label").remove_class("-focus")

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    @on(RadioList.Changed)
    @on(Checkbox.Changed)
    def _control_changed(self, event: Message) -> None:
        event.stop()
        self.content_changed()

    def content_changed(self) -> None:
        """Update mark, reading and error to what the control holds now."""
        self.query_one(".field-label", Static).update(self._label_text(), layout=False)
        self.update_reading()
        if self.error:
            self.verify()
        self.post_message(self.Changed(self))

    def _find_error(self) -> str:
        if self._check is None:
            return ""
        try:
            self._check(self.typed)
        except KvartalError as error:
            return typed_message(error, self.typed)
        return ""

    def update_reading(self) -> None:
        """Show how the text is understood now: it may depend on a different field too."""
        if self.read is not None:
            self.reading = self.read(self.typed)

    def _label_text(self) -> Content:
        sign = (f"{CHANGED_SIGN} ", "$text-warning") if self.is_changed else _GUTTER
        if not self.required:
            return Content.assemble(sign, wrapped(self.label))
        # Wrapped with the last word: a star alone on a line belongs to nothing.
        star = f" {REQUIRED_SIGN}"
        label = wrapped(self.label + REQUIRED_SIGN * len(star))[: -len(star)]
        return Content.assemble(sign, label, (star, "$text-error"))

    def _show_line(self) -> None:
        line = self.query_one(".field-line", Static)
        line.set_class(bool(self.error), "-error")
        text = shown(self.error or self.reading)
        lines = len(wrapped_lines(text, line.size.width or _LINE_WIDTH))
        # A layout of the whole form only where the number of lines changes.
        line.update(Content(text), layout=max(lines, 1) != max(line.size.height, 1))


class FixedField(Horizontal):
    """A field that cannot be changed, with the reason why."""

    DEFAULT_CSS = """
    FixedField {
        height: auto;

        & .fixed-label { width: 24; padding-right: 1; }
        & .fixed-side { width: 1fr; height: auto; }
        & .fixed-value, & .fixed-why { height: auto; min-height: 1; }
        & .fixed-why { color: $text-muted; }
    }
    """

    def __init__(self, label: str, value: str, why: str) -> None:
        super().__init__()
        self._texts = (f"{_GUTTER}{wrapped(label)}", shown(value), shown(why))

    def compose(self) -> ComposeResult:
        """Yield label, value and reason where a field has label, control and line."""
        label, value, why = (Content(text) for text in self._texts)
        yield Static(label, classes="fixed-label", markup=False)
        with Vertical(classes="fixed-side"):
            yield Static(value, classes="fixed-value", markup=False)
            yield Static(why, classes="fixed-why", markup=False)


def wrapped(label: str) -> str:
    """Return a label broken to the width of its column, each line indented like the first."""
    return f"\n{_GUTTER}".join(wrap(shown(label), _LABEL_WIDTH))


def required(label: str) -> Check:
    """Return the check of a field, named by its label, that must be filled."""

    def check(typed: str) -> None:
        if not typed.strip():
            raise FieldRequired(field=label)

    return check
