"""The question before a change is taken back, or done again: what it was, and what that changes."""

from functools import partial
from typing import TYPE_CHECKING

from kvartal.tui.i18n import _
from kvartal.tui.presentation.history import reversal_lines

if TYPE_CHECKING:
    from kvartal.history.log.undo import Reversal
    from kvartal.tui.app import KvartalApp


def ask_to_take_back(kvartal: "KvartalApp", reversal: "Reversal", *, redo: bool = False) -> None:
    """Show what would change, and do it when the answer is yes.

    Args:
        kvartal: The application.
        reversal: What takes the change back.
        redo: Whether it is done again.
    """
    from kvartal.tui.forms.confirm import ConfirmDialog

    dialog = ConfirmDialog(
        _("Вернуть отменённое изменение?") if redo else _("Отменить это изменение?"),
        list(reversal_lines(reversal)),
        accept=_("Да, вернуть") if redo else _("Да, отменить"),
        leave=_("Оставить"),
        title=_("Возврат") if redo else _("Отмена изменения"),
        act=partial(kvartal.take_back, reversal),
        harmless=True,
    )
    kvartal.push_screen(dialog)
