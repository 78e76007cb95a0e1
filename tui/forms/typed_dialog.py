"""Dialogs with fields: what is typed outlives an end of the program that could not ask.

Where a signal, a lost terminal or a bug ends the program, what was typed is kept, and the same form
offers it when it is opened the next time. See `kvartal.tui.form_drafts`.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic

from textual import work
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.widget import Widget

from kvartal.history.diff.words import ABSENT
from kvartal.tui.form_drafts import (
    DraftKey,
    DraftNotKept,
    DraftText,
    FormDraft,
    delete_draft,
    drafts_at,
    keep_draft,
)
from kvartal.tui.forms.dialog import Dialog
from kvartal.tui.forms.dialog_frame import ResultT
from kvartal.tui.forms.field import FormField
from kvartal.tui.i18n import _
from kvartal.tui.presentation.history import moment

if TYPE_CHECKING:
    from pathlib import Path

MOST_MADE: Final = 100
"""How many rows or items are made to take up again what was typed."""

_MOUNT_SECONDS: Final = 0.01
_MOST_WAITS: Final = 200
_MOST_DIGITS: Final = 9


class TypedDialog(Dialog[ResultT], Generic[ResultT]):
    """A dialog with fields."""

    EDITS_STORED: ClassVar[bool] = False
    """Whether the fields begin with what is stored, and not with what is proposed."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, FormField] = {}
        self._draft_path: Path | None = None
        self._is_draft_offered = False
        self._is_taking = False
        self._without_place: dict[str, DraftText] = {}

    # For subclasses.

    def draft_key(self) -> DraftKey | None:
        """Return what the form is about; None where what is typed is not worth keeping."""
        return None

    def make_field(self, key: str) -> None:
        """Make the fields up to one that a button would add, if the key is one of those."""

    def on_field(self, field: FormField) -> None:
        """Follow a change of a field."""

    def show_messages(
        self, messages: Sequence[tuple[str, str]], *, focus: bool = True
    ) -> list[str]:
        """Show sentences at their fields, each with the field's key; return those of no field."""
        raise NotImplementedError

    def show_error(self, sentence: str) -> None:
        """Show what is wrong with the form as a whole."""
        raise NotImplementedError

    # What is typed.

    @property
    def busy(self) -> bool:
        """Whether something is being done that cannot be interrupted."""
        # Half of what comes back must neither be saved nor given up.
        return super().busy or self._is_taking

    @property
    def has_typed(self) -> bool:
        """Whether any field differs from what it held at first."""
        return any(field.is_changed for field in self.fields.values())

    def unsaved_lines(self) -> list[str]:
        """Return what would be lost, one line per field."""
        typed = [field.typed_line() for field in self.fields.values() if field.is_changed]
        return [*typed, *(text.line for text in self._without_place.values())]

    # Keeping it.

    def keep_typed(self) -> bool:
        """Keep what is typed, in place of what was kept before; return whether there is any.

        Raises:
            DraftNotKept: It cannot be kept.
        """
        key = self.draft_key()
        if key is None or not self.has_typed:
            return False
        texts = {
            name: DraftText(field.draft_text, field.initial, field.typed_line())
            for name, field in self.fields.items()
            if field.is_changed
        }
        now = datetime.now().astimezone()
        path = keep_draft(FormDraft(key, self.title_text(), now, self._without_place | texts))
        if self._draft_path is not None:
            delete_draft(self._draft_path)
        self._draft_path = path
        return True

    @property
    def has_draft(self) -> bool:
        """Whether something is kept of this form."""
        return self._draft_path is not None

    def forget_draft(self) -> None:
        """Delete what was kept of this form: it is saved, or was given up."""
        if self._draft_path is not None:
            delete_draft(self._draft_path)
        self._draft_path = None

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """Close; what was taken up again is saved or given up by that."""
        self.forget_draft()
        return super().dismiss(result)

    # Taking it up again.

    def offer_draft(self) -> None:
        """Ask whether to take up what was typed when the program was ended, if there is any."""
        key = self.draft_key()
        is_here = self.is_active and not self.busy
        if key is None or self._is_draft_offered or not is_here:
            return
        self._is_draft_offered = True
        draft = next((one for one in drafts_at(key.place) if one.key == key), None)
        if draft is not None:
            self._ask(draft)

    def _ask(self, draft: FormDraft) -> None:
        from kvartal.tui.forms.kept_draft import KeptDraft, KeptDraftDialog

        def answered(answer: KeptDraft | None) -> None:
            if answer is KeptDraft.TAKE:
                self._is_taking = True
                self._take(draft)
            elif answer is KeptDraft.DELETE and draft.path is not None:
                delete_draft(draft.path)

        lines = [text.line for text in draft.texts.values()]
        when = moment(draft.moment.isoformat(), zone=False)
        self.app.push_screen(KeptDraftDialog(when, lines), answered)

    @work(group="draft")
    async def _take(self, draft: FormDraft) -> None:
        from kvartal.tui.forms import kept_draft

        messages = await self._put(draft)
        self._draft_path = draft.path
        # Now: what is said of a field goes as soon as it changes.
        self.show_messages(messages)
        if self._without_place:
            template = _("Этому в форме больше нет места: {lines}. До закрытия формы оно хранится.")
            lines = (text.line for text in self._without_place.values())
            self.show_error(template.format(lines="; ".join(lines)))
        # A key pressed twice must not save what nobody has seen yet.
        await asyncio.sleep(kept_draft.PAUSE_SECONDS)
        self._is_taking = False

    async def _put(self, draft: FormDraft) -> list[tuple[str, str]]:
        """Put what was typed into the fields; return what to say at them, each with its key."""
        typed = {key: one.display_text() for key, one in self.fields.items() if one.is_changed}
        for key in draft.texts:
            if key not in self.fields:
                self.make_field(key)
        await self._fields_mounted()
        messages = []
        for key, text in draft.texts.items():
            field = self.fields.get(key)
            if field is None or not field.put(text.typed):
                self._without_place[key] = text
                continue
            # At once: a field that follows this one must not replace what is put there next.
            self.on_field(field)
            if typed.get(key, field.display_text()) != field.display_text():
                messages.append((key, _typed_before(typed[key])))
            elif self.EDITS_STORED and field.initial not in {text.initial, text.typed}:
                messages.append((key, _changed_since(text.initial, field.initial)))
        for key in draft.texts:
            if key in self.fields:
                await _followed(self.fields[key])
        return messages

    async def _fields_mounted(self) -> None:
        """Wait until the fields that were made are there."""
        for _wait in range(_MOST_WAITS):
            if all(field.control.is_mounted for field in self.fields.values()):
                return
            await asyncio.sleep(_MOUNT_SECONDS)


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """What was kept of the open forms when the program was ended.

    Attributes:
        forms: The forms of which something was kept.
        failures: Why something of others was not.
    """

    forms: Sequence[TypedDialog[Any]] = ()
    failures: Sequence[str] = ()

    @property
    def busy_forms(self) -> Sequence[TypedDialog[Any]]:
        """Those of the forms that are being saved."""
        return [form for form in self.forms if form.busy]

    def sentences(self) -> Iterator[str]:
        """Yield what to say of it; what was saved meanwhile is no longer worth a word."""
        template = _("Набранное в форме «{title}» не сохранено; та же форма предложит его снова.")
        for form in self.forms:
            if form.has_draft:
                yield template.format(title=form.title_text())
        yield from self.failures


def keep_typed_texts(screens: Iterable[Screen[Any]]) -> KeptTexts:
    """Keep what is typed into the forms among screens; the program is about to end."""
    forms, failures = [], []
    for screen in screens:
        if isinstance(screen, TypedDialog):
            try:
                if screen.keep_typed():
                    forms.append(screen)
            except DraftNotKept as error:
                failures.append(error.message(_))
    return KeptTexts(forms, failures)


def added_index(key: str, group: str) -> int | None:
    """Return which row or item of a group a field's key belongs to; None for no such one.

    Args:
        key: Of the field.
        group: What the keys of the group begin with.
    """
    rest = key.removeprefix(f"{group}.")
    index = rest.partition(".")[0]
    # Whoever wrote the draft: Python refuses to read a number of thousands of digits.
    is_index = rest != key and index.isdecimal() and len(index) <= _MOST_DIGITS
    return int(index) if is_index else None


async def _followed(field: FormField) -> None:
    """Wait until all that follows from a change of a field has been done."""
    # Twice: the control tells the field, and that the form.
    for widget in (*field.control.ancestors_with_self, *field.ancestors_with_self):
        processed = asyncio.Event()
        if isinstance(widget, Widget) and widget.call_later(processed.set):
            await processed.wait()


def _typed_before(text: str) -> str:
    template = _("Вместо набранного сейчас: «{typed}».")
    return template.format(typed=text or ABSENT)


def _changed_since(old: str, new: str) -> str:
    template = _("С тех пор здесь стало «{new}» (было «{old}»). F2 запишет ваше.")
    return template.format(old=old or ABSENT, new=new or ABSENT)
