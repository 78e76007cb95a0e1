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
    def targets(self) -> tuple[str, ...]:
        """Ids of the measures to act on: the marked ones, else the one under the cursor."""
        return tuple(one.measure.id for one in self.main.action_context.targets)

    @property
    def target(self) -> str:
        """Id of the measure of an action that takes one; empty where there is none."""
        return next(iter(self.targets), "")

    @property
    def cursor_id(self) -> str:
        """Id of the measure under the cursor; empty where the table is empty."""
        return self.main.row.measure if self.main.row else ""
