"""The dialog that asks for the author of the commits, once per repository."""

from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from kvartal.history.git.identity import (
    EmailUnusable,
    Identity,
    NameUnusable,
    checked_email,
    checked_name,
)
from kvartal.schema.errors import N_
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _


class IdentityDialog(FormDialog[bool]):
    """Ask for name and address; the result is True once they are written."""

    DEFAULT_CSS = """
    IdentityDialog { & .dialog-frame { max-width: 84; } }
    """

    ACCEPT = N_("Подписать и сохранить")
    ERROR_FIELDS: ClassVar = MappingProxyType({NameUnusable: "name", EmailUnusable: "email"})

    def __init__(
        self, known: Identity, save_identity: Callable[[Identity], Awaitable[None]]
    ) -> None:
        """Make the dialog.

        Args:
            known: What git's settings say already.
            save_identity: Writes it to them; raises a KvartalError where it could not.
        """
        super().__init__()
        self._known = known
        self._save_identity = save_identity

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Кто вносит изменения")

    def compose_heading(self) -> ComposeResult:
        """Yield why this is asked."""
        text = _(
            "Каждое изменение подписано в истории. git ещё не знает, чьим именем; спросим один "
            "раз, для этого репозитория."
        )
        yield Static(text, markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the two fields."""
        yield self.add_field(
            FormField(
                "name",
                _("Фамилия и имя"),
                LineInput(self._known.name),
                initial=self._known.name,
                required=True,
                hint=_("Как вас увидят в истории, например: Иванова Анна."),
                check=checked_name,
            )
        )
        yield self.add_field(
            FormField(
                "email",
                _("Почта"),
                LineInput(self._known.email),
                initial=self._known.email,
                required=True,
                hint=_("Рабочий адрес, например: ivanova@example.ru. Писем не будет."),
                check=checked_email,
            )
        )

    async def submit(self) -> bool:
        """Write it to the settings of this repository."""
        await self._save_identity(Identity(self.typed("name"), self.typed("email")))
        return True
