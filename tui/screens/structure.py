"""The screen on which sections and channels are added, changed, moved and removed."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kvartal.schema.changes import Change
from kvartal.schema.errors import KvartalError
from kvartal.schema.structure import Part, PartKind, PartNotEmpty, move_part, parts, remove_part
from kvartal.tui.dialogs.move_part import MovePartDialog
from kvartal.tui.dialogs.part import AddPartDialog, EditPartDialog
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import FormContext, form_context
from kvartal.tui.i18n import _
from kvartal.tui.places import Place
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.part_lines import measures_held, not_empty, part_lines
from kvartal.tui.presentation.part_positions import depth_of, part_at, part_level_name
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.base import ReadingScreen

if TYPE_CHECKING:
    from kvartal.schema.problems import DataPath


class StructureScreen(ReadingScreen):
    """Sections and channels in printed order; each key is one change."""

    DEFAULT_CSS = """
    StructureScreen {
        & OptionList, & OptionList:focus {
            height: 1fr;
            border: none;
            background: $background;
            background-tint: $foreground 0%;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            scrollbar-size-vertical: 1;
            scrollbar-background: $background;
            scrollbar-color: $primary 50%;
        }
        & .structure-note { height: auto; max-height: 4; padding: 0 1; color: $text-muted; }
        & .structure-note.-error { color: $text-error; }
    }
    """
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,A,ф,Ф", "add", show=False),
        Binding("e,E,у,У", "edit", show=False),
        Binding("enter", "edit", show=False, priority=True),
        Binding("m,M,ь,Ь", "move", show=False),
        Binding("w,W,ц,Ц", "shift(-1)", show=False),
        Binding("s,S,ы,Ы", "shift(1)", show=False),
        Binding("delete", "remove", show=False),
    ]

    def __init__(self, place: Place | None = None) -> None:
        """Begin at a place.

        Args:
            place: The section or channel chosen in the tree; None for the first line.
        """
        super().__init__()
        self._begin = place or Place()
        self._parts: tuple[Part, ...] = ()
        self._counts: dict[DataPath, int] = {}

    def title_text(self) -> str:
        """Return the title: the levels in the words of the organisation."""
        levels = self.session.current.plan.levels
        names = " · ".join(levels) if levels else _("Разделы и каналы")
        return _("Строение программы: {names}").format(names=names)

    def keys_text(self) -> str:
        """Return what the keys do."""
        if not parts(self.session.current.data):
            return _("ф добавить  Esc назад")
        return _("ф добавить  у изменить  ь переставить  ц выше  ы ниже  Del удалить  Esc назад")

    def compose_body(self) -> ComposeResult:
        """Yield the list, and the line for what was done or why not."""
        yield OptionList()
        yield Static(classes="structure-note", markup=False)

    def on_mount(self) -> None:
        """Fill the list, and follow the programme."""
        number, kind = self._begin.channel or self._begin.section, PartKind.SECTION
        if self._begin.channel is not None:
            kind = PartKind.CHANNEL
        self._fill()
        self._go_to(kind, number or "")
        self.watch(self.session, "snapshot", self._follow, init=False)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _part(self) -> Part | None:
        at = self._list.highlighted
        return self._parts[at] if at is not None and at < len(self._parts) else None

    @property
    def _form_context(self) -> FormContext:
        return form_context(self.session)

    def action_add(self) -> None:
        """Ask for a new part, near the one under the cursor."""
        dialog = AddPartDialog(self._form_context, self._part)

        def added(change: Change | None) -> None:
            if change is not None:
                self._go_to_new(change)

        self.app.push_screen(dialog, added)

    def action_edit(self) -> None:
        """Ask for number, title and segment of the part under the cursor."""
        part = self._part
        if part is None:
            return

        def changed(change: Change | None) -> None:
            if change is None:
                return
            new = part_at(self.session.current.data, part.path)
            if new is not None:
                self._go_to(new.kind, new.number)

        self.app.push_screen(EditPartDialog(self._form_context, part), changed)

    def action_move(self) -> None:
        """Ask which section the part under the cursor goes to."""
        part = self._part
        if part is not None:
            self.app.push_screen(
                MovePartDialog(self._form_context, part), lambda _change: self._stay_on(part)
            )

    def action_shift(self, steps: int) -> None:
        """Put the part under the cursor above or below its neighbour.

        Args:
            steps: 1 for below, -1 for above.
        """
        part = self._part
        if part is None:
            return
        siblings = [one for one in self._parts if one.path[:-1] == part.path[:-1]]
        to = siblings.index(part) + steps
        if not 0 <= to < len(siblings):
            sentence = _("«{number}» уже первый.") if steps < 0 else _("«{number}» уже последний.")
            self.say(sentence.format(number=part.number))
            return
        after = siblings[to] if steps > 0 else (siblings[to - 1] if to else None)
        above = part_at(self._form_context.data, part.above)
        change = move_part(
            self._form_context.data,
            part,
            under=above.number if above is not None else None,
            after=after.number if after is not None else None,
            first=after is None,
        )

        self._save(change, part)

    @work(group="save")
    async def _save(self, change: Change, part: Part) -> None:
        try:
            await self.session.save_change(change)
        except KvartalError as error:
            self.say(short_message(error), trouble=True)
        else:
            self._stay_on(part)

    def action_remove(self) -> None:
        """Ask whether to remove the part under the cursor; where it is not empty, say why not."""
        part = self._part
        if part is None:
            return
        context = self._form_context
        try:
            change = remove_part(context.data, part)
        except PartNotEmpty:
            self.say(not_empty(part, self._parts, context.plan), trouble=True)
            return
        name = part_level_name(context.plan, part.kind, depth_of(part))

        async def act() -> None:
            await context.save(change, ())

        question = _("Удалить «{name}» из программы?").format(name=f"{name} {part.number}")
        safe = _("Внутри ничего нет. Удаление можно отменить.")
        lines = [str(part.row.get("title", "")), "", safe]
        self.app.push_screen(
            ConfirmDialog(question, lines, accept=_("Удалить"), leave=_("Оставить"), act=act)
        )

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        at = self._list.highlighted
        self._fill()
        self._list.highlighted = at

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the line under the cursor is."""
        event.stop()
        part = self._part
        if part is None:
            return
        name = part_level_name(self.session.current.plan, part.kind, depth_of(part))
        count = self._counts[part.path]
        held = _("мероприятий {count}").format(count=count) if count else ""
        title = f"{part.number} {part.row.get('title', '')}"
        self.say(" · ".join(filter(None, (f"{name} {title}", held))))

    def _follow(self) -> None:
        if self.session.snapshot is None:
            return
        at = self._list.highlighted
        part = self._part
        self._fill()
        if part is not None and not self._go_to(part.kind, part.number):
            count = len(self._parts)
            self._list.highlighted = min(at or 0, count - 1) if count else None

    def _stay_on(self, part: Part) -> None:
        self._go_to(part.kind, part.number)

    def _go_to_new(self, change: Change) -> None:
        path = change.edits[-1].path
        new = part_at(self.session.current.data, path)
        if new is not None:
            self._go_to(new.kind, new.number)

    def _go_to(self, kind: PartKind, number: str) -> bool:
        for index, part in enumerate(self._parts):
            if (part.kind, part.number) == (kind, number):
                self._list.highlighted = index
                return True
        return False

    def _fill(self) -> None:
        snapshot = self.session.current
        self._parts = parts(snapshot.data)
        self._counts = measures_held(self._parts, snapshot.data)
        self.query_one(".reading-keys", Static).update(self.keys_text())
        if not self._parts:
            self.say(_("Разделов нет: мероприятия стоят одним списком. ф — добавить первый."))
        options = self._list
        options.clear_options()
        lines = part_lines(self._parts, self._counts, self.size.width)
        options.add_options(Option(line) for line in lines)
        if self._parts:
            options.highlighted = 0

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence above the keys, until the cursor goes elsewhere.

        Args:
            sentence: It may hold data; empty to hide it.
            trouble: Whether something was refused.
        """
        note = self.query_one(".structure-note", Static)
        note.update(Content(shown(sentence)))
        note.display = bool(sentence)
        note.set_class(trouble, "-error")
