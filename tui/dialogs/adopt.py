"""The dialog that commits a manual edit of the file, with a reason where there is one."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.widgets import Static

from kvartal.schema.errors import N_
from kvartal.schema.fields import FieldRequired
from kvartal.tui.form_drafts import DraftKey
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _


class AdoptDialog(FormDialog[bool]):
    """Ask why the file was edited; the result is True once the edit is committed."""

    DEFAULT_CSS = """
    AdoptDialog { & .dialog-frame { max-width: 84; } }
    """

    ACCEPT = N_("Внести в историю")

    def __init__(
        self, plan: Path, adopt: Callable[[str], Awaitable[None]], lost: Sequence[str] = ()
    ) -> None:
        """Make the dialog.

        Args:
            plan: The plan file.
            adopt: Commits the edit, with a reason; raises a KvartalError where it could not.
            lost: Ids of the measures that lose a record, a postponement or the cancellation: then
                a reason is required.
        """
        super().__init__()
        self._plan = plan
        self._adopt = adopt
        self._lost = lost

    def draft_key(self) -> DraftKey:
        """Return what the form is about."""
        return DraftKey(self._plan, type(self).__name__)

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Внести правку в историю")

    def compose_heading(self) -> ComposeResult:
        """Yield what will become of the edit."""
        text = _("Правка станет одной записью в истории, с вашим именем и сегодняшней датой.")
        yield Static(text, markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the field."""
        hint = _("Необязательно: почему правили файл. Останется в истории.")
        if self._lost:
            template = _(
                "Правка убирает внесённое раньше ({measures}): почему? Останется в истории."
            )
            hint = template.format(measures=", ".join(self._lost))
        field = FormField(
            "reason",
            _("Причина"),
            LineInput(),
            hint=hint,
            required=bool(self._lost),
            check=self._check,
        )
        yield self.add_field(field)

    def _check(self, text: str) -> None:
        """Refuse an empty reason where one is required.

        Raises:
            FieldRequired: It is empty.
        """
        if self._lost and not text.strip():
            raise FieldRequired(field=_("Причина"))

    def action_next_field(self) -> None:
        """Accept what was typed: there is no other field to go to."""
        self.action_accept()

    async def submit(self) -> bool:
        """Commit the edit."""
        await self._adopt(self.typed("reason"))
        return True
