"""The dialog that asks for the folders whose programmes are listed too."""

import asyncio
from pathlib import Path
from typing import Final

from textual.app import ComposeResult

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.i18n import _
from kvartal.tui.plans.files import all_plans

_MOST: Final = 1000


class NoSuchFolder(KvartalError):
    """A typed folder is not there."""

    template = N_("Папки «{path}» нет. Проверьте путь.")


class NoProgrammesInFolder(KvartalError):
    """A typed folder holds no programme, so that the list would not say what became of it."""

    template = N_(
        "В папке «{path}» программ нет. Укажите папку, где лежит plan/….yaml: для каждого "
        "репозитория свою."
    )


def typed_folders(text: str, start: Path) -> tuple[str, ...]:
    """Return the folders that the user typed, a line each.

    Args:
        text: What was typed; ``~`` is the home folder.
        start: The folder that relative paths begin at.

    Raises:
        NoSuchFolder: One is not there.
    """
    folders: dict[str, None] = {}
    for line in text.splitlines()[:_MOST]:
        if not line.strip():
            continue
        folder = (start / Path(line.strip()).expanduser()).resolve()
        if not folder.is_dir():
            raise NoSuchFolder(path=line.strip())
        folders[str(folder)] = None
    return tuple(folders)


class FoldersDialog(FormDialog[tuple[str, ...]]):
    """Ask for folders; the result is what is listed from now on."""

    ACCEPT = N_("Показать")

    def __init__(self, folders: tuple[str, ...], start: Path) -> None:
        """Make the dialog.

        Args:
            folders: The folders so far.
            start: The folder that relative paths begin at.
        """
        super().__init__()
        self._folders = folders
        self._start = start

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Папки с программами")

    def compose_body(self) -> ComposeResult:
        """Yield the field."""
        text = "\n".join(self._folders)
        yield self.add_field(
            FormField(
                "folders",
                _("Ещё папки"),
                LongInput(text),
                initial=text,
                hint=_(
                    "По одной в строке, кроме этой программы. Видны все plan/*.yaml их "
                    "репозиториев; список запоминается."
                ),
                check=lambda typed: typed_folders(typed, self._start),
            )
        )

    async def submit(self) -> tuple[str, ...]:
        """Return the folders.

        Raises:
            NoProgrammesInFolder: One that is new holds none.
        """
        folders = typed_folders(self.typed("folders"), self._start)
        for folder in folders:
            if folder not in self._folders and not await asyncio.to_thread(all_plans, Path(folder)):
                raise NoProgrammesInFolder(path=folder)
        return folders
