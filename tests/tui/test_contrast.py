"""Every text can be read on its background, in every theme that is offered."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.color import Color

from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.i18n import _
from kvartal.tui.settings import LIGHT, THEMES, Settings
from kvartal.tui.start import StartApp
from kvartal.tui.widgets.contrast import LEAST_CONTRAST, contrast
from tests.support.screens import LARGE, SMALL, opened

# What is drawn on the way: cursor rows with and without the focus, marks, refusals, a form with an
# error, buttons, lists, the frame of an earlier version.
WAY = (
    ("down", "space", "space", "с"),
    ("escape", "escape", "е", "down", "down"),
    ("escape", "щ", "enter"),
    ("escape", "з", "f2"),
    ("escape", "у", "x", "tab"),
    ("escape",),
    ("delete", "delete"),
    ("escape", "f1"),
    ("escape", "f10", "down"),
    ("escape", "в"),
    ("escape", "ctrl+p"),
)
SELECTED = (("x", "y", "shift+home"), ("tab", "shift+down", "shift+end"))
"""What is selected in the form of a measure: in a line, and in a text of several lines."""
LEAST_DISABLED = 3.0
"""What is disabled needs no contrast by those guidelines, but here it is still read."""
LINES = range(0x2500, 0x25A0)
"""Frames and scroll bars, which are no text."""


def illegible(app: App[Any], least: float = LEAST_CONTRAST) -> list[str]:
    """Return the texts on the screen whose contrast is too low, each with its colours."""
    found = []
    for strip in app.screen._compositor.render_strips():
        for text, style, _control in strip:
            letters = "".join(one for one in text.split() if ord(one[0]) not in LINES)
            if not letters or style is None:
                continue
            assert style.color is not None, text
            assert style.bgcolor is not None, text
            one, other = (Color.from_rich_color(c) for c in (style.color, style.bgcolor))
            if contrast(one, other) < least:
                found.append(f"{letters}: {one.hex} on {other.hex}, {contrast(one, other):.2f}")
    return found


@pytest.mark.parametrize("theme", THEMES)
async def test_every_text_is_legible(real_plan: Path, theme: str) -> None:
    async with opened(real_plan, size=SMALL, settings=Settings(theme=theme)) as stage:
        assert illegible(stage.app) == []
        for keys in WAY if theme == LIGHT else WAY[:4]:
            await stage.pilot.press(*keys)
            await stage.settle()
            assert illegible(stage.app) == [], keys
        stage.app.say(_("Файл правили вручную."), trouble=True)
        stage.main.add_class("-earlier-version")
        await stage.settle()
        assert illegible(stage.app) == []


@pytest.mark.parametrize("theme", THEMES)
async def test_what_is_selected_or_disabled_is_legible(real_plan: Path, theme: str) -> None:
    async with opened(real_plan, size=LARGE, settings=Settings(theme=theme)) as stage:
        await stage.press("у")
        for keys in SELECTED:
            await stage.press(*keys)
            assert illegible(stage.app) == [], keys
        form = stage.app.screen
        assert isinstance(form, EditDialog)
        form.set_busy("Сохраняется…")
        await stage.settle()
        assert illegible(stage.app, LEAST_DISABLED) == []
        assert illegible(stage.app, 21)  # Something was measured.


async def test_the_start_screen_and_its_form_are_legible(tmp_path: Path) -> None:
    app = StartApp(tmp_path, Settings(theme=LIGHT), date(2026, 2, 3))
    async with app.run_test(size=SMALL) as pilot:
        for keys in (["down"], ["enter", "f2"], ["x", "escape"]):
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert illegible(app) == [], keys
