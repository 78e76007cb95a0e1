"""A field whose value is chosen in a list that typing narrows."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import FieldRequired
from kvartal.schema.search import fold, matches
from kvartal.tui.forms.field import Check, FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.radio_list import RadioList
from kvartal.tui.i18n import _
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.sanitize import shown

_MOST_QUOTED: Final = 40
LINES: Final = 8
"""The height of the list, however many pass."""


class NothingFits(KvartalError):
    """None of the choices has the words typed."""

    template = N_("«{text}» — такого здесь нет. Сотрите лишнее и выберите из списка.")


class NarrowingInput(LineInput):
    """Where words of the wanted choice are typed; the arrows choose in the list below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    class Moved(Message):
        """An arrow was pressed."""

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps

    def action_move(self, steps: int) -> None:
        """Choose a neighbour.

        Args:
            steps: 1 for the next, -1 for the one before.
        """
        self.post_message(self.Moved(steps))


class ChoiceList(RadioList, can_focus=False):
    """The choices; the focus stays where one types."""

    DEFAULT_CSS = f"""
    ChoiceList {{ height: {LINES}; }}
    """


class NarrowedField(FormField):
    """One of many values. Its text is the value chosen, not the words typed to find it."""

    def __init__(
        self,
        key: str,
        label: str,
        choices: Sequence[tuple[str, str]],
        value: str,
        *,
        check: Check | None = None,
    ) -> None:
        """Make the field.

        Args:
            key: Name of the field in its form.
            label: Its label.
            choices: Pairs of value and label, in order; labels are data.
            value: The value chosen at first; empty for none.
            check: Reads the value chosen.
        """
        self._choices = choices
        self._list = ChoiceList(_contents(choices), value)
        super().__init__(
            key,
            label,
            NarrowingInput(placeholder=_("Наберите слово или номер…")),
            initial=value,
            required=True,
            hint=_("Наберите слово или номер, чтобы сузить список; ↑ ↓ — выбор, Enter — дальше."),
            check=self._checked,
            read=self._reading_of,
        )
        self._further = check
        self._last = value

    def compose(self) -> ComposeResult:
        """Yield the label, and beside it where one types, the list and the line."""
        yield from self.compose_label()
        with Vertical(classes="field-side"):
            yield self.control
            yield self._list
            yield Static(classes="field-line", markup=False)

    @property
    def typed(self) -> str:
        """The value chosen."""
        return self._list.value

    def display_text(self) -> str:
        """Return the label of the value chosen."""
        return self._list.label.strip()

    def put(self, text: str) -> bool:
        """Choose a value, whatever the list was narrowed to; return whether there is such a one."""
        if isinstance(self.control, Input):
            self.control.value = ""
        self._narrow()
        self._list.value = text
        self.content_changed()
        return self.typed == text

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the choices; what was chosen stays where it is still one of them."""
        self._choices = choices
        self._narrow()

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Show what has the words typed."""
        event.stop()
        self._narrow()

    def on_narrowing_input_moved(self, event: NarrowingInput.Moved) -> None:
        """Choose a neighbour, or leave the field at the ends of its list."""
        event.stop()
        self._list.action_move(event.steps)

    @property
    def _words(self) -> str:
        return self.control.value if isinstance(self.control, Input) else ""

    def _narrow(self) -> None:
        words = self._words
        found = self._found(words)
        values = [value for value, _label in found]
        if [*self._list.values] == values:
            return
        # What was chosen before comes back with it, when fewer words are typed.
        self._last = self.typed or self._last
        self._list.set_choices(_contents(found))
        if self._last in values:
            self._list.value = self._last
        elif values and words.strip():
            self._list.value = values[0]
        self.content_changed()

    def _found(self, words: str) -> list[tuple[str, str]]:
        return [one for one in self._choices if not words.strip() or matches(fold(one[1]), words)]

    def _nothing_fits(self) -> NothingFits:
        return NothingFits(text=beginning(self._words.strip(), _MOST_QUOTED))

    def _reading_of(self, value: str) -> str:
        """Say below the list that it is empty, and why."""
        return "" if value or self._list.values else self._nothing_fits().message(_)

    def _checked(self, value: str) -> None:
        if not value and not self._list.values:
            raise self._nothing_fits()
        if not value:
            raise FieldRequired(field=self.label)
        if self._further is not None:
            self._further(value)


def _contents(choices: Sequence[tuple[str, str]]) -> list[tuple[str, Content]]:
    return [(value, Content(shown(label))) for value, label in choices]
