"""What is shown as long as an export is being made: how far it has come; Esc gives it up."""

import threading
import time
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from kvartal.exchange.export_progress import ExportStep, ExportWatch
from kvartal.tui.i18n import _
from kvartal.tui.presentation.export_steps import FIRST_SECONDS, step_text

_INTERVAL: Final = 0.25
"""Seconds between two looks at the progress."""


class ExportWaiting(ModalScreen[None]):
    """The progress of one export."""

    DEFAULT_CSS = """
    ExportWaiting {
        align: center bottom;
        background: transparent;

        & .waiting-frame {
            width: 100%;
            max-width: 76;
            height: auto;
            padding: 0 1;
            border: round $primary;
            border-title-color: $foreground;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $panel;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f10", "stop", show=False)]

    def __init__(self) -> None:
        """Wait for an export that has not begun."""
        super().__init__()
        self.is_stopped = False
        """Whether the user has given the export up."""
        self._stopped = threading.Event()
        self._since = time.monotonic()
        self._now = (ExportStep.READING, 0, 0)

    @property
    def export_watch(self) -> ExportWatch:
        """What the export reports to, and asks whether to stop."""
        return ExportWatch(self._note, self._stopped.is_set)

    def compose(self) -> ComposeResult:
        """Make the line."""
        with Vertical(classes="waiting-frame") as frame:
            frame.border_title = Content(_("Выгрузить"))
            frame.border_subtitle = Content(_("Esc — прервать"))
            yield Static(_("Готовится…"), markup=False)

    def on_mount(self) -> None:
        """Look at the progress from time to time."""
        self.set_interval(_INTERVAL, self._show)

    def on_unmount(self) -> None:
        """Let no thread go on for a screen that has gone."""
        self._stopped.set()

    def action_stop(self) -> None:
        """Give the export up."""
        self.is_stopped = True
        self._stopped.set()
        self.close()

    def close(self) -> None:
        """Leave the screen, unless it has gone already."""
        if self.is_current:
            self.dismiss()

    def _note(self, step: ExportStep, done: int, total: int) -> None:
        # From the thread of the export: one assignment, which the screen reads when it looks.
        self._now = (step, done, total)

    def _show(self) -> None:
        if time.monotonic() - self._since >= FIRST_SECONDS:
            self.query_one(Static).update(Content(step_text(*self._now)))
