"""What is in the way of saving, mended: every call runs in a thread and comes back with a value."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.tui.i18n import _, translator

if TYPE_CHECKING:
    from kvartal.history.git.identity import Identity
    from kvartal.history.store.ledger import SaveResult
    from kvartal.history.store.manual_edits import ManualEdits
    from kvartal.history.store.snapshot import Snapshot
    from kvartal.tui.keeper import Keeper


@dataclass(frozen=True, slots=True)
class Mender:
    """Mends what keeps a programme from being saved.

    Attributes:
        keeper: Keeps the programme.
    """

    keeper: "Keeper"

    async def begin(self) -> "SaveResult":
        """Make a repository for the programme and commit it as it is.

        Raises:
            KvartalError: It could not be made; what was made already is used by the next attempt.
        """
        return await asyncio.to_thread(self._begin)

    async def identity(self) -> "Identity":
        """Return what git's settings say of who makes the changes.

        Raises:
            KvartalError: There is no repository that can be asked.
        """
        return await asyncio.to_thread(self._identity)

    async def introduce(self, identity: "Identity") -> None:
        """Write into the repository's own settings who makes the changes.

        Raises:
            KvartalError: Git would not take it.
        """
        await asyncio.to_thread(self._introduce, identity)

    async def examine(self) -> "ManualEdits":
        """Return what was edited in the file by hand.

        Raises:
            KvartalError: There is no repository that can be asked.
        """
        return await asyncio.to_thread(self._examine)

    async def adopt(self, snapshot: "Snapshot", reason: str = "") -> "SaveResult":
        """Commit what somebody has edited in the file by hand.

        Raises:
            KvartalError: It was not kept; everything is as before.
        """
        return await asyncio.to_thread(self._adopt, snapshot, reason)

    async def put_aside(self, seen: str | None) -> Path | None:
        """Put an edit by hand aside; return the copy of it, if there was a file to copy.

        Args:
            seen: SHA-256 of the file that was decided about.

        Raises:
            KvartalError: It could not be done; the file is as it was.
        """
        return await asyncio.to_thread(self._put_aside, seen)

    async def unlock(self) -> None:
        """Put the lock files aside that gits left which are no more.

        Raises:
            KvartalError: There is no repository that can be asked, or another writer is at work.
        """
        await asyncio.to_thread(self._unlock)

    async def trust(self, top: str) -> None:
        """Write into the user's own settings that git is to trust a repository.

        Args:
            top: Its folder, spelt as git does.

        Raises:
            KvartalError: Git would not take it.
        """
        await asyncio.to_thread(self._trust, top)

    # What runs in a thread.

    def _begin(self) -> "SaveResult":
        from kvartal.history.store.init_repository import begin

        keeper = self.keeper
        return keeper.remembered(begin(keeper.path, translate=translator(keeper.language)))

    def _identity(self) -> "Identity":
        from kvartal.history.git.identity import known_identity
        from kvartal.history.git.repository import find_repository

        return known_identity(find_repository(self.keeper.path.resolve().parent))

    def _introduce(self, identity: "Identity") -> None:
        from kvartal.history.git.identity import introduce
        from kvartal.history.git.repository import find_repository

        introduce(find_repository(self.keeper.path.resolve().parent), identity)

    def _trust(self, top: str) -> None:
        from kvartal.history.git.identity import trust

        trust(self.keeper.path.resolve().parent, top)

    def _examine(self) -> "ManualEdits":
        from kvartal.history.diff.words import Words
        from kvartal.history.store.manual_edits import examine

        return examine(self.keeper.path, Words(_), self.keeper.name)

    def _adopt(self, snapshot: "Snapshot", reason: str) -> "SaveResult":
        from kvartal.history.store.ledger import Ledger

        ledger = Ledger(self.keeper.path, translate=translator(self.keeper.language))
        return self.keeper.remembered(ledger.adopt(snapshot, reason=reason))

    def _put_aside(self, seen: str | None) -> Path | None:
        from kvartal.history.store.manual_edits import put_aside

        return put_aside(self.keeper.path, seen)

    def _unlock(self) -> None:
        from kvartal.history.git.repository import find_repository
        from kvartal.history.store.git_locks import put_abandoned_aside
        from kvartal.history.store.repo_state import git_state
        from kvartal.history.store.write_lock import locked

        plan = self.keeper.path.resolve()
        repository = find_repository(plan.parent)
        with locked(repository.git_dir):
            branch = git_state(repository, plan.name).branch
            put_abandoned_aside(repository, branch or "")
