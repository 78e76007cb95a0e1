"""The form that changes the programme, and goes on with what others changed meanwhile."""

from collections.abc import Iterable

from kvartal.schema.changes import Change, PlanData
from kvartal.tui.form_drafts import DraftKey
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.form import FieldMessage, FormDialog


class ChangeForm(FormDialog[Change]):
    """A form that changes the programme; the result is the change that was saved."""

    def __init__(self, context: FormContext) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
        """
        super().__init__()
        self.context = context

    def change(self) -> Change:
        """Return the change that follows from what was typed.

        Raises:
            KvartalError: None does.
        """
        raise NotImplementedError

    def draft_key(self) -> DraftKey:
        """Return what the form is about."""
        return DraftKey(
            self.context.path, type(self).__name__, self.draft_measures, self.draft_part
        )

    @property
    def draft_measures(self) -> tuple[str, ...]:
        """Ids of the measures that the form is about."""
        return ()

    @property
    def draft_part(self) -> str:
        """What else it is about, so that no other one is offered what was typed here."""
        return ""

    async def submit(self) -> Change | None:
        """Save the change, if it changes anything."""
        change = self.change()
        if not change.edits:
            return None
        await self.context.save(change, ())
        return change

    def pick_up_changes(self) -> Iterable[FieldMessage]:
        """Go on with the programme as it is now."""
        newer = self.context.newer()
        if newer is None:
            return ()
        before, self.context = self.context.data, newer
        return tuple(self.rebase(before))

    def rebase(self, before: PlanData) -> Iterable[FieldMessage]:
        """Adapt the form to a context that others changed.

        Args:
            before: The programme as the form knew it.

        Returns:
            What the user has to read before anything is saved on top of it.
        """
        raise NotImplementedError

    async def catch_up(self) -> None:
        """Pick up at once what others changed: a change was refused because of it."""
        if self.context.catch_up is not None:
            await self.context.catch_up()
