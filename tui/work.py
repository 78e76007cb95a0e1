"""Starting work beside the screen, which stays alive meanwhile."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.worker import WorkType


def start(owner: "DOMNode", work: "WorkType[None]", group: str, *, exclusive: bool = True) -> None:
    """Start work that is called when its turn comes.

    A coroutine made at once would be told of as a fault later, where the screen was closed or the
    next work took its place before it ever ran.

    Args:
        owner: The application, screen or widget with which the work ends.
        work: What to do, as a function without arguments: not yet called.
        group: Name of the kind of work.
        exclusive: Whether work of the same kind that still runs is ended.
    """
    owner.run_worker(work, group=group, exclusive=exclusive)
