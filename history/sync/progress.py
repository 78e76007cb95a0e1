"""What is told while a programme is shared, and what came of it at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.problems import Problem


class SyncStep(StrEnum):
    """What is being done; told before it begins.

    Attributes:
        FETCHING: The remote is asked for what is new.
        MERGING: Both histories are being made one.
        TAKING: The result is being written to the working files.
        PUSHING: The result is being sent.
    """

    FETCHING = "fetching"
    MERGING = "merging"
    TAKING = "taking"
    PUSHING = "pushing"


ReportStep = Callable[[SyncStep], None]
"""Told of each step. What it raises ends the work between two steps, which is always safe."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What sharing came to.

    Attributes:
        snapshot: The programme as it is now.
        remote: Name of the remote.
        branch: Name of the branch there.
        received: How many changes of others came (commits, merges not counted).
        sent: How many changes of ours went.
        head: Full id of the commit that both hold now.
        commit: Full id of the merge commit that was made; None where none was needed.
        notes: What is to be told besides: a measure was renumbered, a file got another name.
    """

    snapshot: Snapshot
    remote: str
    branch: str
    received: int
    sent: int
    head: str
    commit: str | None = None
    notes: tuple[Problem, ...] = ()


def ignore_step(_step: SyncStep) -> None:
    """Tell nobody."""
