"""What a sync cannot know by itself: the user is asked on the spot, and it goes on."""

from rich.text import Text

from kvartal.history.sync.errors import RemoteBranchDeleted, RemoteRewritten
from kvartal.history.sync.remote_errors import SeveralRemotes
from kvartal.schema.errors import KvartalError
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.screens.pick import PickScreen
from kvartal.tui.services.repair import RepairService


async def chosen_remote(error: KvartalError, repair: RepairService) -> str | None:
    """Return the remote that the user chooses where a sync found several; None for none."""
    if not isinstance(error, SeveralRemotes):
        return None
    lines = [(name, Text(shown(name))) for name in error.remotes]
    return await repair.answered(PickScreen[str](_("С каким репозиторием обменяться?"), lines))


async def takes_rewritten(error: KvartalError, repair: RepairService) -> bool:
    """Return whether the user wants to sync although the remote dropped what it had."""
    if isinstance(error, RemoteRewritten):
        question, accept = _("Соединить, вернув и прежнее?"), _("Соединить")
    elif isinstance(error, RemoteBranchDeleted):
        question, accept = _("Послать ветку заново?"), _("Послать")
    else:
        return False
    dialog = ConfirmDialog(
        question,
        [error.message(on_screen)],
        accept=accept,
        leave=_("Не обмениваться"),
        title=_("Обмен с коллегами"),
    )
    answer = await repair.answered(dialog)
    return bool(answer)
