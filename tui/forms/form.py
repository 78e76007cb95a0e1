"""Dialogs made of fields: what is typed is checked, kept, and never lost without asking."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Generic

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantBlur

from kvartal.history.store.errors import PlanChangedOutside
from kvartal.schema.changes import StaleChange
from kvartal.schema.errors import KvartalError
from kvartal.schema.problems import DataPath
from kvartal.tui.forms.dialog import Dialog, ResultT, buttons
from kvartal.tui.forms.field import CHANGED_SIGN, REQUIRED_SIGN, FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import field_message, problems_of


class FormDialog(Dialog[ResultT], Generic[ResultT]):
    """A dialog of fields whose result comes of what was typed.

    It closes when that is kept; whatever goes wrong, it stays open with all that was typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", show=False, priority=True),
    ]

    ACCEPT: ClassVar[str] = ""
    """Label of the button that keeps."""
    ERROR_FIELDS: ClassVar[Mapping[type[KvartalError], str]] = MappingProxyType({})
    """At which field a failure is told, by its class."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, FormField] = {}
        self._form_error = ""
        self._unread: list[tuple[str, str]] = []
        self._said = ""

    # What a subclass gives.

    async def keep(self) -> ResultT | None:
        """Keep what was typed and return the result; None where there is nothing to keep.

        Raises:
            KvartalError: It could not be made or kept.
        """
        raise NotImplementedError

    def take_up(self) -> Iterable[tuple[str, str]]:
        """Take up what others made of the programme since the dialog was opened.

        Returns:
            What a person has to read before anything is kept upon it: key of the field, empty for
            the form as a whole, and sentence.
        """
        return ()

    async def catch_up(self) -> None:
        """Have the application take up what others did: a change was refused because of it."""

    def place(self, path: DataPath) -> str:
        """Return the key of the field that a path in a measure's data belongs to; empty if none."""
        return str(path[0]) if path and str(path[0]) in self.fields else ""

    # What forms have in common.

    def add_field(self, field: FormField) -> FormField:
        """Take a field into the form and return it."""
        self.fields[field.key] = field
        return field

    def compose_buttons(self) -> ComposeResult:
        """Yield the two buttons of every form."""
        yield from buttons(_(self.ACCEPT), _("Отмена"))

    def on_mount(self) -> None:
        """Explain the signs."""
        frame = self.query_one(".dialog-frame")
        frame.border_subtitle = Content(
            _("{required} обязательно   {changed} изменено").format(
                required=REQUIRED_SIGN, changed=CHANGED_SIGN
            )
        )

    @property
    def has_typed(self) -> bool:
        """Whether anything in the form is not as it was."""
        return any(field.is_changed for field in self.fields.values())

    def typed(self, key: str) -> str:
        """Return what stands in a field."""
        return self.fields[key].typed

    def verify(self) -> bool:
        """Look at every field; go to the first with an error and tell whether there is none."""
        wrong = [field for field in self.fields.values() if field.display and not field.verify()]
        if wrong:
            self.go_to(wrong[0])
        return not wrong

    def go_to(self, field: FormField) -> None:
        """Put the focus into a field and show it with its line."""
        field.entry.focus()
        field.scroll_visible(animate=False)
        self.explain()

    def explain(self) -> None:
        """Show above the buttons what matters now: what went wrong, or about the field in focus."""
        field = self.field_in_focus()
        if self._form_error:
            self.note(self._form_error, "error")
        elif field is not None and field.error:
            self.note(field.error, "error")
        elif not self.busy:
            self.note(self._said or (field.hint if field is not None else ""))

    def field_in_focus(self) -> FormField | None:
        """Return the field whose control has the focus."""
        if self.focused is None:
            return None
        found = (one for one in self.focused.ancestors_with_self if isinstance(one, FormField))
        return next(found, None)

    def refuse(self, sentence: str) -> None:
        """Show what is wrong with the form as a whole.

        Args:
            sentence: For the user; empty to take it back.
        """
        self._form_error = sentence
        self.explain()

    def on_descendant_focus(self) -> None:
        """Show the field with its line, and what is to be typed there."""
        self._said = ""
        field = self.field_in_focus()
        if field is not None:
            field.scroll_visible(animate=False)
        self.explain()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Look at what was typed when a field is left."""
        # Saving takes the focus away and gives it back: that is no leaving.
        if self.busy:
            return
        for one in event.widget.ancestors_with_self:
            if isinstance(one, FormField) and one.is_changed and one is not self.field_in_focus():
                one.verify()

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        """Let an earlier refusal go: the person is mending it."""
        self._form_error = ""
        if event.field.is_changed:
            self._said = ""
        self.explain()
        self.on_field(event.field)

    def on_field(self, field: FormField) -> None:
        """Follow a change of a field; a subclass may."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Enter go on from a line of text, and do what it does everywhere else."""
        if action == "go_on":
            return isinstance(self.focused, LineInput) and self.focused.enter_goes_on
        return super().check_action(action, parameters)

    def action_go_on(self) -> None:
        """Go on to the next field."""
        self.focus_next()

    def action_accept(self) -> None:
        """Keep what was typed, if nothing is wrong with it."""
        if not self.busy:
            self._keep()

    async def settled(self) -> None:
        """Wait until every control has taken in the keys that were typed into it."""
        for field in self.fields.values():
            taken = asyncio.Event()
            if field.entry.call_later(taken.set):
                await taken.wait()

    @work(group="save", exclusive=True)
    async def _keep(self) -> None:
        await self.settled()
        self.refuse("")
        if self._tells_news() or not self.verify():
            return
        kept: list[ResultT | None] = []

        async def work() -> None:
            kept.append(await self.keep())

        error = await self.attempt(work, _("Сохраняется…"))
        if isinstance(error, PlanChangedOutside | StaleChange):
            await self.catch_up()
            if self._tells_news():
                return
            error = await self.attempt(work, _("Сохраняется…"))
        if error is not None:
            self.tell(error)
        elif kept[0] is None:
            self.set_busy("")
            self.refuse(_("Ничего не изменено, сохранять нечего."))
        else:
            self.dismiss(kept[0])

    def follow(self, said: str) -> None:
        """Show what others did to the programme while the dialog is open.

        Args:
            said: The same in a sentence, for where it concerns nothing that is typed here.
        """
        self._unread = [*self._unread, *self.take_up()]
        if self._unread and not self.busy:
            self.refuse(" ".join(self.tell_at(self._unread, go=False)))
        elif not self.busy:
            self._said = said
            self.explain()

    def _tells_news(self) -> bool:
        """Show what has to be read before anything is kept; tell whether there is such."""
        told, self._unread = [*self._unread, *self.take_up()], []
        self.refuse(" ".join(self.tell_at(told)))
        return bool(told)

    def tell(self, error: KvartalError) -> None:
        """Show a failure at the fields it is about, and below the form what belongs to none."""
        told = [
            (self.place(problem.path[2:]), problem.message(_)) for problem in problems_of(error)
        ]
        rest = self.tell_at(
            told or [(self.ERROR_FIELDS.get(type(error), ""), field_message(error))]
        )
        self.refuse(" ".join(rest))

    def tell_at(self, told: Sequence[tuple[str, str]], *, go: bool = True) -> list[str]:
        """Show sentences at their fields, go to the first, and return those that have none.

        Args:
            told: Key of the field and sentence.
            go: Whether to go to the first.
        """
        wrong: list[FormField] = []
        rest = []
        for key, sentence in told:
            field = self.fields.get(key)
            if field is None:
                rest.append(sentence)
            else:
                field.error = sentence
                wrong.append(field)
        if wrong and go:
            self.go_to(wrong[0])
        return rest

    def action_leave(self) -> None:
        """Close, but ask first where something typed would be lost."""
        if not self.busy:
            self._leave()

    @work(group="save", exclusive=True)
    async def _leave(self) -> None:
        await self.settled()
        if not self.has_typed:
            self.dismiss(None)
            return
        from kvartal.tui.forms.confirm import ConfirmDialog

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - the result of a screen
            if yes:
                self.dismiss(None)

        question = ConfirmDialog(
            _("Закрыть без сохранения?"),
            self.typed_lines(),
            accept=_("Закрыть, не сохраняя"),
            leave=_("Вернуться"),
        )
        self.app.push_screen(question, answered)

    def typed_lines(self) -> list[str]:
        """Return what would be lost, a line a field."""
        return [
            f"{field.label}: {field.in_words() or '—'}"
            for field in self.fields.values()
            if field.is_changed
        ]
