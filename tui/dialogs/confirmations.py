"""The questions before an undo, a redo or a restoration: what it was, and what would change."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from kvartal.history import versions
from kvartal.schema.errors import KvartalError
from kvartal.tui.dialogs.reversal import ReversalDialog, ReversalTexts
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.history import restoration_lines, reversal_lines
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from kvartal.history.log.restore import RestorablePart
    from kvartal.history.log.undo import Reversal
    from kvartal.tui.presentation.history import OpenedVersion


def ask_to_undo(session: Session, reversal: "Reversal", *, redo: bool = False) -> None:
    """Show what an undo would change, and save it when the answer is yes.

    Args:
        session: The session.
        reversal: What undoes the change.
        redo: Whether it is a redo.
    """
    texts = ReversalTexts(
        title=_("Возврат") if redo else _("Отмена изменения"),
        question=_("Вернуть отменённое изменение?") if redo else _("Отменить это изменение?"),
        lines=list(reversal_lines(reversal)),
        accept=_("Да, вернуть") if redo else _("Да, отменить"),
        leave=_("Оставить"),
    )
    session.push_screen(ReversalDialog(reversal, session.save_reversal, texts))


async def ask_to_restore(  # noqa: PLR0913 - what to restore, and who hears of it
    session: Session,
    version: "OpenedVersion",
    measure: str,
    part: "RestorablePart | None" = None,
    *,
    refuse: Callable[[str], None],
    done: Callable[[], None] | None = None,
) -> None:
    """Show what restoring would change, and save it when the answer is yes.

    Args:
        session: The session.
        version: The earlier version.
        measure: Id of the measure; empty for what belongs to the programme as a whole.
        part: The part of it; None for all of it.
        refuse: Called with the sentence where nothing can be restored.
        done: Called once it is saved.
    """
    wanted = part.wanted if part else None
    try:
        restoration = await asyncio.to_thread(
            versions.restoration,
            session.programme,
            session.current,
            version.version,
            measure,
            wanted,
        )
    except KvartalError as error:
        refuse(short_message(error))
        return

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - the result of a screen
        if yes and done is not None:
            done()

    whole = _("Восстановить мероприятие {measure} таким, каким оно было на {when}?")
    one = _("Восстановить в мероприятии {measure} то, что было на {when}?")
    if not measure:
        whole = _("Восстановить всё, что вне мероприятий, таким, каким оно было на {when}?")
        one = _("Восстановить то, что было на {when}?")
    texts = ReversalTexts(
        title=_("Восстановление"),
        question=(one if part else whole).format(measure=measure, when=version.when),
        lines=list(restoration_lines(restoration)),
        accept=_("Да, восстановить"),
        leave=_("Оставить как есть"),
    )
    dialog = ReversalDialog(restoration, session.save_reversal, texts)
    session.push_screen(dialog, answered)
