"""The dialog that picks a file in a tree of folders."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DirectoryTree, Static

from kvartal.tui.forms.dialog import Dialog
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.forms.paths import IsOffered
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown


class FileTree(DirectoryTree):
    """Folders and files; names are shown literally, hidden ones are omitted."""

    DEFAULT_CSS = """
    FileTree, FileTree:focus { height: 16; background: $surface; }
    """

    # The fonts of the Linux console have these signs, and no pictures of folders.
    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    ICON_FILE = "  "

    def process_label(self, label: str | Text) -> Text:
        """Return a name as text that is shown literally."""
        return Text(shown(label if isinstance(label, str) else label.plain))

    def __init__(self, folder: Path, is_offered: IsOffered) -> None:
        """Show what is in a folder.

        Args:
            folder: The folder.
            is_offered: Returns whether a file or a folder is worth offering.
        """
        super().__init__(folder)
        self._is_offered = is_offered

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Omit hidden files and what is not worth offering."""
        return [path for path in paths if path.name[:1] != "." and self._is_offered(path)]


class FilePicker(Dialog[Path]):
    """Pick a file; the result is its path."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("backspace", "up", show=False)]

    def __init__(self, folder: Path, is_offered: IsOffered) -> None:
        """Make the dialog.

        Args:
            folder: Where the tree begins, an absolute path; if it is no folder, the home folder.
            is_offered: Returns whether a file or a folder is worth offering.
        """
        super().__init__()
        self._is_offered = is_offered
        self._folder = folder if folder.is_dir() else Path.home()

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Выбор файла")

    def compose_heading(self) -> ComposeResult:
        """Yield where the tree begins."""
        yield Static(id="folder", markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the tree."""
        yield FileTree(self._folder, self._is_offered)

    def compose_buttons(self) -> ComposeResult:
        """Yield the buttons."""
        yield ActionButton(_("Папка выше"), "Backspace", action="screen.up")
        yield ActionButton(_("Отмена"), "Esc", action="screen.leave")

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("Enter — открыть папку, приложить файл")

    def on_mount(self) -> None:
        """Show where the tree begins."""
        self.foot.add_class("-quiet")
        self._show_folder()

    def action_up(self) -> None:
        """Begin one folder higher."""
        self._folder = self._folder.parent
        self.query_one(FileTree).path = self._folder
        self._show_folder()

    def action_accept(self) -> None:
        """Pick the file under the cursor."""
        node = self.query_one(FileTree).cursor_node
        if node is not None and node.data is not None and node.data.path.is_file():
            self.dismiss(node.data.path)

    def on_directory_tree_file_selected(self, event: DirectoryTree.FileSelected) -> None:
        """Pick the file that was chosen."""
        event.stop()
        self.dismiss(event.path)

    def _show_folder(self) -> None:
        self.query_one("#folder", Static).update(Content(shown(str(self._folder))))
