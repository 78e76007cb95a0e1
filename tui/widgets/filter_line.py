"""The line above the table: what the filter leaves, how many that is, and how to clear it."""

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive, var
from textual.widget import Widget
from textual.widgets import Input

from kvartal.tui.actions.registry import key_of
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _
from kvartal.tui.marks import Marks
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.labels import MEASURE_STATES
from kvartal.tui.presentation.levels import place_text
from kvartal.tui.presentation.periods import period_text
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.view import View
from kvartal.tui.widgets.tones import Tones

_LONGEST = 60


class FilterText(Widget):
    """The filter in words."""

    view: reactive[View | None] = reactive(None)
    """What the table shows."""
    marked: reactive[Marks] = reactive(Marks())
    """The marked rows."""

    class Cleared(Message):
        """The line was clicked while a filter was in force."""

    def __init__(self) -> None:
        super().__init__()
        self.tones = Tones(self)

    def render(self) -> Text:
        """Draw the filter on the left and the count on the right."""
        if self.view is None:
            return Text()
        right = self.tones.line(*self._count(self.view))
        left = self.tones.line(*self._words(self.view))
        room = max(0, self.content_size.width - right.cell_len - 2)
        left.truncate(room, overflow="ellipsis", pad=True)
        return left.append("  ").append_text(right)

    def on_click(self, event: events.Click) -> None:
        """Clear the filter."""
        event.stop()
        if self.view and self.view.filter:
            self.post_message(self.Cleared())

    def _words(self, view: View) -> list[Cell]:
        cells: list[Cell] = []
        if view.urgent:
            cells.append(Cell(_("Просроченные и срок в этом квартале"), "title"))
        chosen = view.filter
        plan = view.overview.plan
        parts = []
        if chosen.place:
            parts.append(shown(beginning(place_text(plan, chosen.place), _LONGEST)))
        if chosen.period:
            parts.append(period_text(chosen.period, plan))
        if chosen.state:
            parts.append(_(MEASURE_STATES[chosen.state]))
        if chosen.responsible:
            parts.append(shown(beginning(chosen.responsible, _LONGEST)))
        if chosen.text.strip():
            text = shown(beginning(chosen.text.strip(), _LONGEST))
            parts.append(_("«{name}»").format(name=text))
        if not parts:
            return cells or [Cell(_("Все мероприятия"), "muted")]
        if cells:
            cells.append(Cell(" · ", "muted"))
        cells.append(Cell(_("Отбор: "), "muted"))
        cells.append(Cell(" · ".join(parts), "accent"))
        key = Cell(f"  {key_of('back')}", "key")
        return [*cells, key, Cell(_(" сбросить"), "muted")]

    def _count(self, view: View) -> list[Cell]:
        total = len(view.overview.statuses)
        cells = []
        if self.marked:
            text = _("помечено {count}").format(count=len(self.marked.rows))
            hidden = view.hidden_among(self.marked)
            if hidden:
                text += _(", скрыто отбором {count}").format(count=hidden)
            cells += [Cell(text, "mark"), Cell("  ")]
        if view.urgent:
            text = _("сроков {count}").format(count=len(view.open_checkpoints))
            if view.gaps:
                text += _(", слабых мест {count}").format(count=len(view.gaps))
        elif len(view.shown) < total:
            text = _("{count} из {total}").format(count=len(view.shown), total=total)
        else:
            text = str(total)
        return [*cells, Cell(text, "muted")]


class FindInput(LineInput):
    """The field for the words to find.

    | Key(s) | Does |
    | :- | :- |
    | enter, down | Keep the words and go to the table |
    | escape | Forget the words and go to the table |
    """

    enter_goes_on = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down,up,pagedown,pageup", "to_table", show=False),
    ]

    class Left(Message):
        """The field was left."""

    def action_leave(self) -> None:
        """Forget the words."""
        self.value = ""
        self.post_message(self.Left())

    def action_to_table(self) -> None:
        """Keep the words."""
        self.post_message(self.Left())


class FilterLine(Horizontal):
    """The filter in words, or the field for the words to find."""

    view: var[View | None] = var(None, init=False)
    """What the table shows."""
    marked: var[Marks] = var(Marks(), init=False)
    """The marked rows."""

    class Typed(Message):
        """The words to find changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

        def can_replace(self, message: Message) -> bool:
            """Tell whether a later message makes this one needless: more letters came meanwhile.

            A large table takes longer to draw than a letter takes to type.
            """
            return isinstance(message, FilterLine.Typed)

    class Left(Message):
        """The field was left."""

    def compose(self) -> ComposeResult:
        """Yield the filter in words; the field is made when it is first needed."""
        yield FilterText().data_bind(FilterLine.view, FilterLine.marked)

    async def find(self, text: str) -> None:
        """Open the field for the words to find.

        Args:
            text: The initial text of the field.
        """
        opened = self.query(FindInput)
        if opened:
            opened.first().focus()
            return
        field = FindInput(text, placeholder=_("слова, номер…"))
        await self.mount(field, before=0)
        field.focus()

    async def on_find_input_left(self) -> None:
        """Remove the field."""
        await self.query(FindInput).remove()
        self.post_message(self.Left())

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the words."""
        event.stop()
        await self.on_find_input_left()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find while the words are typed."""
        event.stop()
        self.post_message(self.Typed(event.value))
