"""The steps of a sync, reported while it runs, and its result."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import KvartalError
from kvartal.schema.problems import Problem


class SyncStep(StrEnum):
    """A step of a sync, reported before it begins.

    Attributes:
        FETCHING: Fetching from the remote.
        MERGING: Merging both histories.
        WRITING: Writing the result to the working files.
        PUSHING: Pushing the result.
    """

    FETCHING = "fetching"
    MERGING = "merging"
    WRITING = "writing"
    PUSHING = "pushing"


ReportStep: TypeAlias = Callable[[SyncStep], None]
"""Receives each step. What it raises ends the sync between two steps, which is always safe."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The result of a sync.

    Attributes:
        snapshot: The programme as it is now; None where it could not be read, which is among the
            warnings.
        remote: Name of the remote.
        branch: Name of the branch there.
        received: How many changes were received (commits, merges not counted).
        sent: How many changes were sent.
        head: Full id of the commit that both sides have now.
        commit: Full id of the merge commit that was made; None where none was needed.
        notes: What else to report: a measure was renumbered, a file was renamed, a comment
            was lost.
        warnings: What failed after both sides had the same: the sync is done all the same.
    """

    snapshot: Snapshot | None
    remote: str
    branch: str
    received: int
    sent: int
    head: str
    commit: str | None = None
    notes: tuple[Problem, ...] = ()
    warnings: tuple[KvartalError, ...] = ()


def ignore_step(_step: SyncStep) -> None:
    """Report nothing."""
