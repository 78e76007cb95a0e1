"""From the id of an action to the method that handles it."""

from inspect import isawaitable

from kvartal.tui.handlers.export import ExportHandlers
from kvartal.tui.handlers.measure import MeasureHandlers
from kvartal.tui.handlers.structure import StructureHandlers
from kvartal.tui.handlers.sync import SyncHandlers
from kvartal.tui.handlers.versions import VersionHandlers
from kvartal.tui.handlers.view import ViewHandlers
from kvartal.tui.screens.main import MainScreen
from kvartal.tui.screens.main_widgets import MainWidgets
from kvartal.tui.session import Session


class Handlers(
    ViewHandlers,
    MeasureHandlers,
    StructureHandlers,
    VersionHandlers,
    SyncHandlers,
    ExportHandlers,
):
    """A method ``do_<id>`` for each action of :mod:`kvartal.tui.actions.registry`."""


async def perform(action: str, session: Session, main: MainScreen, widgets: MainWidgets) -> None:
    """Call the handler of an action.

    Args:
        action: Its id.
        session: The session.
        main: The main screen.
        widgets: The widgets around its table.
    """
    result = getattr(Handlers(session, main, widgets), f"do_{action}")()
    if isawaitable(result):
        await result
