"""The menu: everything that can be done, and why the rest cannot be done now."""

from rich.text import Text
from textual.widgets import OptionList

from kvartal.tui.actions.action import ActionContext
from kvartal.tui.actions.registry import in_groups
from kvartal.tui.i18n import _
from kvartal.tui.screens.pick import PickScreen

_LABEL = 38
_OF_NO_USE_HERE = frozenset({"menu", "back"})


class MenuScreen(PickScreen[str]):
    """Actions by group; the result is the id of one.

    What cannot be done says why, at the bottom of the frame.
    """

    def __init__(self, situation: ActionContext) -> None:
        """Take what decides what can be done."""
        self._reasons: dict[str, str] = {}
        lines: list[tuple[str | None, Text]] = []
        for group, actions in in_groups():
            lines.append((None, Text(_(group.value), "bold")))
            for action in actions:
                if action.id in _OF_NO_USE_HERE:
                    continue
                reason = action.reason(situation)
                self._reasons[action.id] = reason
                line = Text(f"  {_(action.label):<{_LABEL}}", "dim" if reason else "")
                line.append(action.key, "" if reason else "bold")
                lines.append((action.id, line))
        super().__init__(_("Меню"), lines)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say at the bottom why the line under the cursor cannot be done."""
        event.stop()
        value = self.value_at(event.option_index)
        reason = self._reasons.get(value, "") if value else ""
        self.hint(reason or self.KEYS)
