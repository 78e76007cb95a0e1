"""The tones of cells as colours of the current theme.

Not component classes: Textual computes the style of each of those for each widget before the first
paint, and twenty tones on six widgets took longer than all the rest of it.
"""

from collections.abc import Mapping
from typing import Final

from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.widget import Widget

from kvartal.tui.presentation.cells import Cell
from kvartal.tui.widgets.contrast import legible_color, text_backgrounds

_QUIET: Final = 0.62
_FAINT: Final = 0.32

# The theme's variable that gives the colour, how much of it there is, and whether it is bold.
_TONES: Final[Mapping[str, tuple[str, float, bool]]] = {
    "muted": ("foreground", _QUIET, False),
    "label": ("foreground", _QUIET, False),
    "none": ("foreground", _FAINT, False),
    "id": ("foreground", 1, True),
    "title": ("foreground", 1, True),
    "fact": ("foreground", 1, True),
    "key": ("text-accent", 1, False),
    "accent": ("text-warning", 1, True),
    "mark": ("text-warning", 1, True),
    # The states of checkpoints and of measures.
    "upcoming": ("foreground", _QUIET, False),
    "planned": ("foreground", _QUIET, False),
    "cancelled": ("foreground", _QUIET, False),
    "due": ("text-primary", 1, False),
    "in_progress": ("text-primary", 1, False),
    "recorded": ("text-success", 1, False),
    "done": ("text-success", 1, False),
    "recorded_late": ("text-warning", 1, False),
    "done_late": ("text-warning", 1, False),
    "overdue": ("text-error", 1, False),
}

# The tones of words that differ between two texts, each with the tone whose colour it takes.
_DIFFERS: Final = {"differs": "accent", "differs_old": "overdue", "differs_new": "recorded"}


class Tones:
    """The styles of the tones in the theme in force."""

    def __init__(self, widget: Widget) -> None:
        """Use the theme of the application of a widget."""
        self._widget = widget
        self._styles: dict[str, Style] = {}

    def __getitem__(self, name: str) -> Style:
        """Return the style of a tone."""
        if not self._styles:
            self._styles = _styles(self._widget.app.theme_variables)
        return self._styles[name]

    def forget(self) -> None:
        """Compute them again: the theme changed."""
        self._styles = {}

    def line(self, *cells: Cell) -> Text:
        """Return cells joined, literally, in one line that is never wrapped."""
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        for cell in cells:
            text.append(cell.text, self[cell.tone])
        return text


def _styles(variables: Mapping[str, str]) -> dict[str, Style]:
    grounds = text_backgrounds(variables)
    styles = {"": Style()}
    for name, (variable, share, bold) in _TONES.items():
        color = grounds[0].blend(Color.parse(variables[variable]), share, 1)
        color = legible_color(color, grounds)
        styles[name] = Style(color=color.rich_color, bold=bold or None)
    for name, tone in _DIFFERS.items():
        # Underlined, so that it is seen without colour too.
        styles[name] = styles[tone] + Style(bold=True, underline=True)
    return styles
