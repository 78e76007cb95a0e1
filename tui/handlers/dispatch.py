"""From the id of an action to what does it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from kvartal.tui.handlers.measure import Changing
from kvartal.tui.handlers.sync import SharingDeeds
from kvartal.tui.handlers.versions import LookingBack
from kvartal.tui.handlers.view import Looking

if TYPE_CHECKING:
    from kvartal.tui.screens.main import MainScreen
    from kvartal.tui.screens.main_widgets import Parts

Deed = Callable[[], Awaitable[None] | None]


class Deeds(Looking, Changing, LookingBack, SharingDeeds):
    """A method ``do_<id>`` for each action of :mod:`kvartal.tui.actions.registry`."""


def deed_named(name: str, screen: "MainScreen", parts: "Parts") -> Deed:
    """Return what does an action.

    Args:
        name: Id of the action.
        screen: The main screen.
        parts: The widgets around its table.
    """
    deed: Deed = getattr(Deeds(screen, parts), f"do_{name}")
    return deed
