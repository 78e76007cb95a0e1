"""A small application that shows one dialog over a plain screen and keeps what comes of it."""

import asyncio
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from kvartal.history.store.attachments import Attachment
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.errors import KvartalError
from kvartal.schema.problems import Problem
from kvartal.schema.reading import read_plan
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import set_control_text

AS_OF = date(2024, 10, 5)
TODAY = date(2024, 10, 7)


class Refused(KvartalError):
    """A failure of saving that says nothing about fields."""

    template = "Репозиторий занят: [b]{who}[/b]."


class Invalid(KvartalError):
    """A failure of saving that names problems."""

    template = "Так сохранить нельзя."

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


@dataclass
class FakeLedger:
    """Takes changes in place of the ledger; raises the ``failures`` first, one per change."""

    failures: list[KvartalError] = field(default_factory=list)
    saved: list[Change] = field(default_factory=list)
    attached: list[tuple[Attachment, ...]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    calls: int = 0

    async def save(
        self, change: Change, attachments: tuple[Attachment, ...] = (), *, reason: str = ""
    ) -> None:
        self.calls += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.saved.append(change)
        self.attached.append(attachments)
        self.reasons.append(reason)


def context_of(data: PlanData, ledger: FakeLedger, as_of: date = AS_OF) -> FormContext:
    """Return a context whose plan lies in the current folder, which is the test's own."""
    return FormContext(data, read_plan(data), Path.cwd() / "2024.yaml", as_of, as_of, ledger.save)


class Stage(App[None]):
    """Shows a dialog; its letters are bound, to see that no typed letter gets through."""

    BINDINGS = [(key, "stray", "") for key in ("e,у", "q,й", "u,г", "1", "f1")]  # noqa: RUF012 - Textual's way

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.results: list[Any] = []
        self.strays = 0
        # A cursor that blinks would make pictures differ.
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        yield Static("Мероприятия\n" * 60, markup=False)

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.results.append)

    def action_stray(self) -> None:
        self.strays += 1

    @property
    def is_open(self) -> bool:
        return self.dialog in self.screen_stack


def front(app: Stage) -> Screen[Any]:
    """Return the screen in front, looked up each time."""
    return app.screen


async def comes(pilot: Pilot[None], holds: Callable[[], bool]) -> bool:
    """Return whether something holds once drawn; layout and scrolling may take several frames."""
    for _frame in range(20):
        if holds():
            return True
        await pilot.pause()
    return holds()


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Press the keys of a text, as fast as a terminal hands them over."""
    for character in text:
        name = {"\n": "enter", " ": "space"}.get(character, character)
        if not (name.isalnum() or name.isascii()):
            name = unicodedata.name(name).lower().replace(" ", "_").replace("-", "_")
        pilot.app.post_message(Key(name, "\r" if character == "\n" else character))
    await pilot.pause()


async def fill(pilot: Pilot[None], dialog: FormDialog[Any], key: str, text: str) -> FormField:
    """Go to a field of a form and put a text in place of what is there, as if pasted."""
    found = dialog.fields[key]
    found.control.focus()
    set_control_text(found.control, text)
    await pilot.pause()
    return found


def texts(screen: Screen[Any]) -> str:
    """Return all that the static texts of a screen say."""
    return "\n".join(str(widget.render()) for widget in screen.query(Static))


def note(screen: Screen[Any]) -> str:
    """Return the sentence above the buttons."""
    return str(screen.query_one(".dialog-note", Static).render())
