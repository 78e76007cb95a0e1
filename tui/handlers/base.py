"""The base class of the groups of handlers."""

from kvartal.tui.screens.main import MainScreen
from kvartal.tui.screens.main_widgets import MainWidgets
from kvartal.tui.session import Session


class HandlerGroup:
    """The handlers of some actions: a method ``do_<id>`` for each."""

    def __init__(self, session: Session, main: MainScreen, widgets: MainWidgets) -> None:
        """Handle actions of the main screen.

        Args:
            session: The session.
            main: The main screen.
            widgets: The widgets around its table.
        """
        self.session = session
        self.main = main
        self.widgets = widgets

    @property
    def measure_id(self) -> str:
        """Id of the measure under the cursor; empty where the table is empty."""
        return self.main.row.measure if self.main.row else ""
