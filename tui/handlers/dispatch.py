"""From the id of an action to what does it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from kvartal.tui.handlers.measure import MeasureHandlers
from kvartal.tui.handlers.sync import SyncHandlers
from kvartal.tui.handlers.versions import VersionHandlers
from kvartal.tui.handlers.view import ViewHandlers

if TYPE_CHECKING:
    from kvartal.tui.screens.main import MainScreen
    from kvartal.tui.screens.main_widgets import MainWidgets

Deed = Callable[[], Awaitable[None] | None]


class Handlers(ViewHandlers, MeasureHandlers, VersionHandlers, SyncHandlers):
    """A method ``do_<id>`` for each action of :mod:`kvartal.tui.actions.registry`."""


def deed_named(name: str, screen: "MainScreen", parts: "MainWidgets") -> Deed:
    """Return what does an action.

    Args:
        name: Id of the action.
        screen: The main screen.
        parts: The widgets around its table.
    """
    deed: Deed = getattr(Handlers(screen, parts), f"do_{name}")
    return deed
