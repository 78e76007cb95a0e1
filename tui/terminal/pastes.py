"""Where a text goes that a terminal without bracketed paste sends as if it had been typed."""

from typing import Any

from textual.app import App
from textual.events import Paste
from textual.widgets import Input, TextArea

from kvartal.tui.terminal.messages import UnbracketedPaste


def hand_over(event: UnbracketedPaste, app: App[Any]) -> bool:
    """Give a pasted text to the field in focus, else to a screen that takes one.

    Args:
        event: The text.
        app: Whose field or screen it is for.

    Returns:
        Whether there is any of them; elsewhere its letters are no keys.
    """
    is_field = isinstance(app.focused, Input | TextArea)
    if not is_field and not hasattr(app.screen, "on_paste"):
        return False
    if event.has_more_lines or not is_field:
        app.post_message(Paste(event.text))
    else:
        for key in event.keys:
            app.post_message(key)
    return True
