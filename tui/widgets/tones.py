"""The tones of cells as colours: one set of component classes for every widget that draws them."""

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from kvartal.tui.rows import Cell

NAMES = (
    *("muted", "mark", "none", "id", "title", "fact", "key", "accent", "warning", "label"),
    *("planned", "in_progress", "done", "done_late"),
    *("upcoming", "due", "recorded", "recorded_late", "overdue", "cancelled"),
)
CLASSES = frozenset(f"tone--{name}" for name in NAMES)


class Tones:
    """The styles of a widget's tones, looked up once each in the theme in force."""

    def __init__(self, widget: Widget) -> None:
        """Take the widget whose component classes have the styles."""
        self._widget = widget
        self._styles: dict[str, Style] = {"": Style()}

    def __getitem__(self, name: str) -> Style:
        """Return the style of a tone."""
        if name not in self._styles:
            found = self._widget.get_component_rich_style(f"tone--{name}", partial=True)
            self._styles[name] = found
        return self._styles[name]

    def forget(self) -> None:
        """Look them up again: the theme is another."""
        self._styles = {"": Style()}

    def line(self, *cells: Cell) -> Text:
        """Return cells one after the other, literally, in one line that is never wrapped."""
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        for cell in cells:
            text.append(cell.text, self[cell.tone])
        return text
