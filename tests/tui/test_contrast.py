"""Every text can be read on its background, in every theme that is offered."""

from pathlib import Path

import pytest
from textual.color import Color

from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.i18n import _
from kvartal.tui.settings import LIGHT, THEMES, Settings
from kvartal.tui.widgets.contrast import LEAST_CONTRAST, contrast
from tests.support.screens import LARGE, SMALL, Stage, opened

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


def illegible(stage: Stage, least: float = LEAST_CONTRAST) -> list[str]:
    """Return the texts on the screen whose contrast is too low, each with its colours."""
    found = []
    for strip in stage.app.screen._compositor.render_strips():
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
        assert illegible(stage) == []
        for keys in WAY if theme == LIGHT else WAY[:4]:
            await stage.pilot.press(*keys)
            await stage.settle()
            assert illegible(stage) == [], keys
        stage.app.say(_("Файл правили вручную."), trouble=True)
        stage.main.add_class("-earlier-version")
        await stage.settle()
        assert illegible(stage) == []


@pytest.mark.parametrize("theme", THEMES)
async def test_what_is_selected_or_disabled_is_legible(real_plan: Path, theme: str) -> None:
    async with opened(real_plan, size=LARGE, settings=Settings(theme=theme)) as stage:
        await stage.press("у")
        for keys in SELECTED:
            await stage.press(*keys)
            assert illegible(stage) == [], keys
        form = stage.app.screen
        assert isinstance(form, EditDialog)
        form.set_busy("Сохраняется…")
        await stage.settle()
        assert illegible(stage, LEAST_DISABLED) == []
        assert illegible(stage, 21)  # Something was measured.
