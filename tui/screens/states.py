"""The choice of a state to filter by."""

from dataclasses import replace

from rich.text import Text

from kvartal.schema.states import MeasureState
from kvartal.tui.i18n import _
from kvartal.tui.presentation.labels import MEASURE_STATES
from kvartal.tui.screens.pick import PickScreen
from kvartal.tui.view import View


class StatesScreen(PickScreen[tuple[MeasureState | None]]):
    """States with the number of measures in each.

    The result is a tuple of a state, or of None for all states: a bare None means that the screen
    was left.
    """

    def __init__(self, view: View) -> None:
        """Count what the rest of the filter leaves."""
        rest = replace(view, filter=replace(view.filter, state=None)).shown
        lines: list[tuple[tuple[MeasureState | None] | None, Text]] = []
        lines.append(((None,), _line(_("Все состояния"), len(rest))))
        for state, label in MEASURE_STATES.items():
            count = sum(status.state is state for status in rest)
            lines.append(((state,), _line(_(label), count)))
        super().__init__(_("Состояние"), lines)


def _line(label: str, count: int) -> Text:
    return Text(f"{label:<32}{count or '–':>4}")
