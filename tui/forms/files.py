"""The field for files given as evidence: typed, dropped or picked, and checked at once."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from kvartal.history.diff.words import Words
from kvartal.history.store.own_files import may_be_attached
from kvartal.schema.errors import KvartalError
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import ActionButton, LineInput, set_control_text
from kvartal.tui.forms.paths import IsOffered, PathSuggester, checked_size, typed_paths
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import field_message
from kvartal.tui.presentation.sanitize import shown

_BETWEEN: Final = "\0"
"""No path has it."""


class PathInput(LineInput):
    """Where a path is typed or dropped. The right arrow accepts a completion, Enter attaches."""

    enter_goes_on = False

    class Dropped(Message):
        """The terminal pasted the path of a file that was dropped on it, or of several."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, is_offered: IsOffered | None = None) -> None:
        """Make the control.

        Args:
            is_offered: Returns whether a file is worth offering; None for all of them.
        """
        super().__init__(suggester=PathSuggester(is_offered))

    def insert_pasted(self, text: str) -> None:
        """Post what is the path of a file; insert anything else."""
        paths = typed_paths(text)
        if paths and not self.value and all(os.path.isfile(path) for path in paths):  # noqa: PTH113 - takes any text
            self.post_message(self.Dropped(text))
        else:
            super().insert_pasted(text)


class FileRow(Horizontal):
    """One attached file."""

    DEFAULT_CSS = """
    FileRow {
        height: 1;
        &:last-of-type { margin-bottom: 1; }
        & Static { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, path: Path, size: int) -> None:
        super().__init__()
        self.path = path
        self._bytes = size

    def compose(self) -> ComposeResult:
        """Yield name, size and folder, and the button that removes it."""
        name, folder = shown(self.path.name), shown(str(self.path.parent))
        text = Content.assemble(
            name,
            f" · {Words(_).size(self._bytes)} · ",
            (folder, "$text-muted"),
        )
        yield Static(text, markup=False)
        yield ActionButton(_("Убрать"))


class FilesField(FormField):
    """A path, and below it the files that were attached."""

    DEFAULT_CSS = """
    FilesField {
        & .files-entry { height: 1; & Input { width: 1fr; } }
        & .files-list { height: auto; }
    }
    """

    class Browse(Message):
        """The button that opens the file picker was pressed."""

    def __init__(self, plan_folder: Path) -> None:
        """Make the field.

        Args:
            plan_folder: The plan's folder: no plan in it is evidence.
        """
        super().__init__(
            "files",
            _("Файлы"),
            PathInput(partial(may_be_attached, folder=plan_folder)),
            hint=_(
                "Путь к файлу: → дополняет, Enter прикладывает. Файл можно перетащить в окно "
                "терминала."
            ),
        )
        self._plan_folder = plan_folder
        self.paths: list[Path] = []

    def compose(self) -> ComposeResult:
        """Yield the path with its button, the line, and the list."""
        yield from self.compose_label()
        with Vertical(classes="field-side"):
            with Horizontal(classes="files-entry"):
                yield self.control
                yield ActionButton(_("Обзор…"), id="browse")
            yield Static(classes="field-line", markup=False)
            yield Vertical(classes="files-list")

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed or attached."""
        return bool(self.paths) or super().is_changed

    def display_text(self) -> str:
        """Return the names of the files, and what is still being typed."""
        names = [*(path.name for path in self.paths), self.typed.strip()]
        return ", ".join(name for name in names if name)

    @property
    def draft_text(self) -> str:
        """The files, and last what is still being typed."""
        return _BETWEEN.join((*map(str, self.paths), self.typed))

    def put(self, text: str) -> bool:
        """Attach the files of a `draft_text` again; those that cannot be are named below."""
        *paths, typed = text.split(_BETWEEN)
        refused = [path for path in paths if not self.attach_paths([Path(path)])]
        set_control_text(self.control, shown(" ".join(filter(None, (*refused, typed)))))
        self.content_changed()
        return True

    def attach(self, text: str) -> bool:
        """Attach the files that a typed or dropped text names; return whether all could be."""
        return self.attach_paths(typed_paths(text))

    def attach_paths(self, paths: Sequence[Path]) -> bool:
        """Attach files; return whether all of them could be."""
        try:
            sized = [(path, checked_size(path, self._plan_folder)) for path in paths]
        except KvartalError as error:
            self.error = field_message(error)
            return False
        for path, size in sized:
            if path.absolute() not in self.paths:
                self.paths.append(path.absolute())
                row = FileRow(path.absolute(), size)
                self.query_one(".files-list").mount(row)
                self.call_after_refresh(row.scroll_visible, animate=False)
        self.error = ""
        if sized and isinstance(self.control, Input):
            self.control.value = ""
            self.content_changed()
        return True

    def verify(self) -> bool:
        """Attach what the control holds, if it is a file."""
        return self.attach(self.typed)

    def content_changed(self) -> None:
        """Drop an error as soon as something else is typed; leaving the field checks again."""
        self.error = ""
        super().content_changed()

    @on(Input.Submitted)
    def attach_typed(self, event: Input.Submitted) -> None:
        """Attach what was typed; an empty path goes on to the next field."""
        event.stop()
        if self.typed.strip():
            self.attach(self.typed)
        else:
            self.screen.focus_next()

    def on_path_input_dropped(self, event: PathInput.Dropped) -> None:
        """Attach what was dropped."""
        event.stop()
        self.attach(event.text)

    @on(Button.Pressed)
    def press(self, event: Button.Pressed) -> None:
        """Open the picker, or remove a file."""
        event.stop()
        row = event.button.parent
        if isinstance(row, FileRow):
            self.paths.remove(row.path)
            self.control.focus()
            row.remove()
            self.content_changed()
        else:
            self.post_message(self.Browse())

    def on_paste(self, event: events.Paste) -> None:
        """Let what was dropped reach nothing else."""
        event.stop()
