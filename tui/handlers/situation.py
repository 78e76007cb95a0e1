"""What decides which keys of the main screen do something, gathered from where it is known."""

from typing import TYPE_CHECKING

from kvartal.tui.actions.action import ActionContext
from kvartal.tui.actions.registry import key_of

if TYPE_CHECKING:
    from kvartal.tui.screens.main import MainScreen


def situation(screen: "MainScreen") -> ActionContext:
    """Return what decides which actions can be done now.

    Args:
        screen: The main screen.
    """
    kvartal = screen.kvartal
    health, past = kvartal.health, kvartal.past
    obstacle = health.read_only if health else ""
    return ActionContext(
        chosen=screen.chosen,
        marked=len(screen.marked),
        filtered=bool(screen.view and screen.view.filter),
        read_only=past.refusal(key_of("back")) if past else obstacle,
        saving=kvartal.saving,
        by_hand=bool(health and health.by_hand and not past),
        problems=len(health.problems) if health else 0,
        past=past is not None,
        obstacle=obstacle,
        compared=health is not None,
    )
