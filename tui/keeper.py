"""The ledger as the screen reaches it: every call runs in a thread and comes back with a value.

git and the validators are imported here, in that thread, after the first paint. Nothing here
touches a widget: what comes back is for the application to show.
"""

import asyncio
from contextlib import closing
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history.store.files import FileStamp, digest_at, mark
from kvartal.history.store.snapshot import Snapshot, look
from kvartal.tui.i18n import RUSSIAN, _, translator

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.log.undo import Reversal
    from kvartal.history.store.evidence import Attachment
    from kvartal.history.store.ledger import Ledger, SaveResult
    from kvartal.history.store.recovery import Recovered
    from kvartal.history.store.repo_state import RepoState
    from kvartal.history.store.watch import RepoStamp
    from kvartal.schema.changes import Change

RECENT: Final = 100
"""How many commits the cards' last changes are taken from."""
ALL: Final = 1000
"""How many commits a history shows."""


class Keeper:
    """Reads and keeps one plan file."""

    def __init__(self, path: Path, name: str) -> None:
        """Take the file.

        Args:
            path: The plan file.
            name: What to call it in messages.
        """
        self.path = path
        self.name = name
        self.language = RUSSIAN
        self.seen: FileStamp = None
        """How the file looked when it was last read or written here."""

    def look_now(self) -> Snapshot:
        """Return the programme as it is on disk, without a thread: for the first paint.

        Raises:
            UnreadablePlan: The file cannot be read, or is not the YAML a plan is written in.
            InvalidPlan: It does not hold a programme.
        """
        seen = mark(self.path)
        snapshot = look(self.path, self.name)
        # What was seen before the reading is not too new for what was read.
        self.seen = seen
        self.language = snapshot.plan.language
        return snapshot

    async def look(self) -> Snapshot:
        """Return the programme as it is on disk; raises as `look_now`."""
        return await asyncio.to_thread(self.look_now)

    async def check(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot with what is wrong with it looked into."""
        return await asyncio.to_thread(snapshot.checked)

    async def marks(self, known: "RepoState | None") -> "RepoStamp":
        """Return how the file and its repository look to the file system; git is not started.

        Args:
            known: How they stood when git was last asked.
        """
        return await asyncio.to_thread(self._marks, known)

    async def goes_on(self, known: "RepoState", old: str, new: str) -> bool:
        """Tell whether the history between two commits only went on.

        Args:
            known: How file and repository stand.
            old: Id of the commit that was at HEAD.
            new: Id of the one that is there now.
        """
        return await asyncio.to_thread(_goes_on, known, old, new)

    async def condition(self) -> "RepoState":
        """Return how file, HEAD and locks stand to each other."""
        return await asyncio.to_thread(lambda: self._ledger().state())

    async def recover(self) -> "Recovered | None":
        """Bring a change that a crash interrupted to its end; None when there was none.

        Raises:
            KvartalError: Something is in the way; then nothing is altered.
        """
        return await asyncio.to_thread(lambda: self._ledger().recover())

    async def apply(
        self, snapshot: Snapshot, change: "Change", attachments: "Sequence[Attachment]"
    ) -> "SaveResult":
        """Write a change and commit it.

        Raises:
            KvartalError: It was not kept; everything is as before.
        """
        return await asyncio.to_thread(self._apply, snapshot, change, attachments)

    async def reversal(
        self, snapshot: Snapshot, *, redo: bool = False, commit: str = ""
    ) -> "Reversal":
        """Return what takes back the last change, or does it again; nothing is written.

        Args:
            snapshot: The programme as it is.
            redo: Whether it is to be done again.
            commit: The commit to take back; empty for the last one.

        Raises:
            KvartalError: There is nothing to take back, or it cannot be.
        """
        return await asyncio.to_thread(self._reversal, snapshot, redo=redo, commit=commit)

    async def take_back(self, snapshot: Snapshot, reversal: "Reversal") -> "SaveResult":
        """Write and commit what takes a change back, or does it again.

        Raises:
            KvartalError: It was not kept; everything is as before.
        """
        return await asyncio.to_thread(self._take_back, snapshot, reversal)

    async def recent(self, known: "tuple[CommitEntry, ...]") -> "tuple[CommitEntry, ...]":
        """Return the latest commits that touched the plan, newest first.

        Args:
            known: Those that were returned before: only what came since is worked out.

        Raises:
            KvartalError: Git refused.
        """
        return await asyncio.to_thread(self._recent, known)

    async def history(self, measure: str) -> "tuple[CommitEntry, ...]":
        """Return the commits that touched a measure, newest first; the plan, for an empty id.

        Raises:
            KvartalError: Git refused.
        """
        return await asyncio.to_thread(self._history, measure)

    # What runs in a thread.

    def _ledger(self) -> "Ledger":
        from kvartal.history.store.ledger import Ledger

        return Ledger(self.path, translate=translator(self.language))

    def _apply(
        self, snapshot: Snapshot, change: "Change", attachments: "Sequence[Attachment]"
    ) -> "SaveResult":
        return self.remembered(self._ledger().apply(snapshot, change, attachments))

    def remembered(self, outcome: "SaveResult") -> "SaveResult":
        """Remember how the file looks, if it is still the one that was written."""
        seen = mark(self.path)
        if digest_at(self.path.resolve()) == outcome.snapshot.digest:
            self.seen = seen
        return outcome

    def _reversal(self, snapshot: Snapshot, *, redo: bool, commit: str) -> "Reversal":
        from kvartal.history.git.repository import find_repository
        from kvartal.history.log.undo import last_redo, last_undo
        from kvartal.history.log.undo_named import undo_of

        repository = find_repository(snapshot.path.parent)
        if commit:
            return undo_of(repository, snapshot, commit, _)
        return (last_redo if redo else last_undo)(repository, snapshot, _)

    def _take_back(self, snapshot: Snapshot, reversal: "Reversal") -> "SaveResult":
        outcome = self._ledger().apply(
            snapshot,
            reversal.change,
            reversal.attachments,
            reverts=reversal.reverts,
            wish=reversal.wish,
        )
        return self.remembered(outcome)

    def _marks(self, known: "RepoState | None") -> "RepoStamp":
        from kvartal.history.store.watch import look_at

        branch = known.branch if known else None
        return look_at(self.path, known.repository if known else None, branch)

    def _recent(self, known: "tuple[CommitEntry, ...]") -> "tuple[CommitEntry, ...]":
        seen = {entry.commit for entry in known}
        with closing(self._entries(None)) as found:
            new = takewhile(lambda entry: entry.commit not in seen, found)
            return (*islice(new, RECENT), *known)[:RECENT]

    def _history(self, measure: str) -> "tuple[CommitEntry, ...]":
        with closing(self._entries(measure or None)) as found:
            return tuple(islice(found, ALL))

    def _entries(self, measure: str | None) -> "Generator[CommitEntry]":
        from kvartal.history.diff.words import Words
        from kvartal.history.git.repository import find_repository
        from kvartal.history.log.log import entries

        path = self.path.resolve()
        repository = find_repository(path.parent)
        return entries(repository, path.name, measure=measure, words=Words(_))


def _goes_on(known: "RepoState", old: str, new: str) -> bool:
    from kvartal.history.store.watch import goes_on

    return known.repository is not None and goes_on(known.repository, old, new)
