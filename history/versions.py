"""Earlier versions of a programme: read, compared with today's, restored from."""

from typing import TYPE_CHECKING

from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import Snapshot

if TYPE_CHECKING:
    from kvartal.history.log.restore import MeasureDifference
    from kvartal.history.log.revision import Version
    from kvartal.history.log.undo import Reversal
    from kvartal.schema.changes import Plain


def version_at(programme: Programme, now: Snapshot, revision: str) -> "Version":
    """Return the programme as it was.

    Args:
        programme: The programme.
        now: The programme as it is.
        revision: A commit, a tag, a branch, or a date ``2024-03-31`` for the end of that day.

    Raises:
        KvartalError: There is no such version, or it cannot be read.
    """
    from kvartal.history.log.revision import version_at

    return version_at(programme.repository(), now, revision)


def newest_tags(programme: Programme, limit: int) -> tuple[str, ...]:
    """Return the newest tags of the repository.

    Raises:
        KvartalError: Git refused.
    """
    from kvartal.history.log.revision import tags

    return tags(programme.repository(), limit)


def changes_since(
    programme: Programme, version: "Version", now: Snapshot
) -> "tuple[MeasureDifference, ...]":
    """Return what changed between an earlier version and now, measure by measure."""
    from kvartal.history.diff.words import Words
    from kvartal.history.log.restore import changed_since

    return changed_since(version.snapshot.data, now.data, Words(programme.translate))


def restoration(
    programme: Programme,
    now: Snapshot,
    version: "Version",
    measure: str,
    wanted: "dict[str, Plain] | None" = None,
) -> "Reversal":
    """Return the change that restores a measure, or part of it; nothing is written.

    Args:
        programme: The programme.
        now: The programme as it is.
        version: The earlier version.
        measure: Id of the measure; empty for everything outside the measures.
        wanted: The measure as it is to be; None for all of it as it was.

    Raises:
        KvartalError: It cannot be restored.
    """
    from kvartal.history.log.restore import restoration

    return restoration(
        programme.repository(), now, version, measure, wanted=wanted, translate=programme.translate
    )
