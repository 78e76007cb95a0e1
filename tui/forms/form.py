"""Dialogs made of fields: what is typed is checked, saved, and never lost without asking."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Generic, TypeAlias

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantBlur

from kvartal.history.store.errors import PlanChangedOutside, PlanDeleted
from kvartal.schema.changes import StaleChange
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import DataPath
from kvartal.tui.forms.dialog import buttons
from kvartal.tui.forms.dialog_frame import ResultT
from kvartal.tui.forms.field import CHANGED_SIGN, REQUIRED_SIGN, FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.typed_dialog import TypedDialog
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import field_message, message_at_field, problems_of
from kvartal.tui.presentation.screen_words import on_screen

FieldMessage: TypeAlias = tuple[str, str]
"""Key of a field, empty for the form as a whole, and the sentence to show there."""


class FormDialog(TypedDialog[ResultT], Generic[ResultT]):
    """A dialog of fields whose result follows from what was typed.

    It closes when that is saved; whatever goes wrong, it stays open with all that was typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next_field", show=False, priority=True),
    ]

    ACCEPT: ClassVar[str] = ""
    """Label of the button that saves."""
    BUSY: ClassVar[str] = N_("Сохраняется…")
    """What is shown while it is saved."""
    ERROR_FIELDS: ClassVar[Mapping[type[KvartalError], str]] = MappingProxyType({})
    """At which field an error is shown, by its class."""

    def __init__(self) -> None:
        super().__init__()
        self._form_error = ""
        self._unread: list[FieldMessage] = []
        self._announcement = ""

    # For subclasses.

    async def submit(self) -> ResultT | None:
        """Do what the form is for and return the result; None where there is nothing to save.

        Raises:
            KvartalError: What was typed could not be used or saved.
        """
        raise NotImplementedError

    def pick_up_changes(self) -> Iterable[FieldMessage]:
        """Pick up what others changed in the programme since the dialog was opened.

        Returns:
            What the user has to read before anything is saved on top of it.
        """
        return ()

    async def catch_up(self) -> None:
        """Pick up at once what others changed: a change was refused because of it."""

    def field_key(self, path: DataPath) -> str:
        """Return the key of the field that a path in a measure's data belongs to; empty if none."""
        return str(path[0]) if path and str(path[0]) in self.fields else ""

    # Building the form.

    def add_field(self, field: FormField) -> FormField:
        """Register a field of the form and return it."""
        self.fields[field.key] = field
        return field

    def compose_buttons(self) -> ComposeResult:
        """Yield the two buttons of every form."""
        yield from buttons(_(self.ACCEPT), _("Отмена"))

    def on_mount(self) -> None:
        """Explain the signs; offer what was typed when the program was ended."""
        frame = self.query_one(".dialog-frame")
        frame.border_subtitle = Content(
            _("{required} обязательно   {changed} изменено").format(
                required=REQUIRED_SIGN, changed=CHANGED_SIGN
            )
        )
        self.call_after_refresh(self.offer_draft)

    # What is typed.

    def typed(self, key: str) -> str:
        """Return what a field holds."""
        return self.fields[key].typed

    def verify(self) -> bool:
        """Check every field; go to the first with an error and return whether there is none."""
        wrong = [field for field in self.fields.values() if field.display and not field.verify()]
        if wrong:
            self.focus_field(wrong[0])
        return not wrong

    def focus_field(self, field: FormField) -> None:
        """Put the focus into a field and show it with its line."""
        field.control.focus()
        self.show_field(field)
        self.update_note()

    def show_field(self, field: FormField) -> None:
        """Bring a field with its line into sight; where not all of it fits, what one types into."""
        field.scroll_visible(animate=False)
        # The screen scrolls to the control too, before or after this: the control comes last.
        self.call_after_refresh(field.control.scroll_visible, animate=False)

    def field_in_focus(self) -> FormField | None:
        """Return the field whose control has the focus."""
        if self.focused is None:
            return None
        fields = (one for one in self.focused.ancestors_with_self if isinstance(one, FormField))
        return next(fields, None)

    def on_descendant_focus(self) -> None:
        """Show the field with its line, and what is to be typed there."""
        self._announcement = ""
        field = self.field_in_focus()
        if field is not None:
            self.show_field(field)
        self.update_note()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Check what was typed when a field is left."""
        # Saving takes the focus away and gives it back: that is no leaving.
        if self.busy:
            return
        for one in event.widget.ancestors_with_self:
            if isinstance(one, FormField) and one.is_changed and one is not self.field_in_focus():
                one.verify()

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        """Drop an earlier error of the form: the user is correcting it."""
        self._form_error = ""
        if event.field.is_changed:
            self._announcement = ""
        self.update_note()
        self.on_field(event.field)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Enter go on from a line of text, and do what it does everywhere else."""
        if action == "next_field":
            return isinstance(self.focused, LineInput) and self.focused.enter_goes_on
        return super().check_action(action, parameters)

    def action_next_field(self) -> None:
        """Go on to the next field."""
        self.focus_next()

    # Saving.

    def action_accept(self) -> None:
        """Save what was typed, if nothing is wrong with it."""
        if not self.busy:
            self._submit()

    async def input_processed(self) -> None:
        """Wait until every control has processed the keys that were typed into it."""
        for field in self.fields.values():
            processed = asyncio.Event()
            if field.control.call_later(processed.set):
                await processed.wait()

    @work(group="save", exclusive=True)
    async def _submit(self) -> None:
        await self.input_processed()
        if not self.is_active:
            return  # A question came since the key was pressed: first the answer.
        self.show_error("")
        if self._has_unread() or not self.verify():
            return
        results: list[ResultT | None] = []

        async def save() -> None:
            results.append(await self.submit())

        error = await self.attempt(save, _(self.BUSY))
        is_stale = isinstance(error, PlanChangedOutside | StaleChange)
        # Whether to put a deleted plan back was asked already.
        if is_stale and not isinstance(error, PlanDeleted):
            await self.catch_up()
            if self._has_unread():
                return
            error = await self.attempt(save, _(self.BUSY))
        if error is not None:
            self.show_failure(error)
        elif results[0] is None:
            self.set_busy("")
            self.show_error(_("Ничего не изменено, сохранять нечего."))
        else:
            self.done(results[0])

    def done(self, result: ResultT) -> None:
        """Close with what the form is for; the dialog is still disabled.

        Args:
            result: What ``submit`` returned.
        """
        self.dismiss(result)

    def programme_changed(self, sentence: str) -> None:
        """Show what others changed in the programme while the dialog is open.

        Args:
            sentence: What they changed, for where it concerns nothing that is typed here.
        """
        self._unread = [*self._unread, *self.pick_up_changes()]
        if self._unread and not self.busy:
            self.show_error(" ".join(self.show_messages(self._unread, focus=False)))
        elif not self.busy:
            self._announcement = sentence
            self.update_note()

    def _has_unread(self) -> bool:
        """Show what has to be read before anything is saved; return whether there is any."""
        messages, self._unread = [*self._unread, *self.pick_up_changes()], []
        self.show_error(" ".join(self.show_messages(messages)))
        return bool(messages)

    # What is shown.

    def update_note(self) -> None:
        """Show above the buttons what matters now: an error, or a hint for the field in focus."""
        field = self.field_in_focus()
        if self._form_error:
            self.note(self._form_error, "error")
        elif field is not None and field.error:
            self.note(field.error, "error")
        elif not self.busy:
            self.note(self._announcement or (field.hint if field is not None else ""))

    def show_error(self, sentence: str) -> None:
        """Show what is wrong with the form as a whole.

        Args:
            sentence: For the user; empty where nothing is wrong.
        """
        self._form_error = sentence
        self.update_note()

    def show_failure(self, error: KvartalError) -> None:
        """Show an error at the fields that it is about; what belongs to none, below the form."""
        keyed = [(self.field_key(one.path[2:]), one) for one in problems_of(error)]
        messages = [
            (key, message_at_field(one) if key in self.fields else one.message(on_screen))
            for key, one in keyed
        ] or [(self.ERROR_FIELDS.get(type(error), ""), field_message(error))]
        self.show_error(" ".join(self.show_messages(messages)))

    def show_messages(self, messages: Sequence[FieldMessage], *, focus: bool = True) -> list[str]:
        """Show sentences at their fields and return those that have none.

        Args:
            messages: The sentences.
            focus: Whether to go to the first of the fields.
        """
        wrong: list[FormField] = []
        rest = []
        for key, sentence in messages:
            field = self.fields.get(key)
            if field is None:
                rest.append(sentence)
            else:
                field.error = sentence
                wrong.append(field)
        if wrong and focus:
            self.focus_field(wrong[0])
        return rest

    # Leaving.

    def action_leave(self) -> None:
        """Close, but ask first where something typed would be lost."""
        if not self.busy:
            self._leave()

    @work(group="save", exclusive=True)
    async def _leave(self) -> None:
        await self.input_processed()
        if not self.is_active:
            return
        if not self.has_typed and not self._without_place:
            self.dismiss(None)
            return
        from kvartal.tui.forms.unsaved import Unsaved, UnsavedDialog

        def answered(answer: Unsaved | None) -> None:
            if answer is Unsaved.SAVE:
                self.action_accept()
            elif answer is Unsaved.DISCARD:
                self.dismiss(None)

        question = UnsavedDialog(self.unsaved_lines(), accept=_(self.ACCEPT))
        self.app.push_screen(question, answered)
