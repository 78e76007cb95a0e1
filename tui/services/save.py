"""Saving from the screen: in a thread, what prevents it asked about on the spot, then reported."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.history import SCREEN_HASH
from kvartal.tui.presentation.later_facts import not_yet_shown
from kvartal.tui.services.refresh import RefreshService
from kvartal.tui.services.repair import RepairService
from kvartal.tui.services.watch import WatchService
from kvartal.tui.session import SaveCall, Session

if TYPE_CHECKING:
    from kvartal.history.store.ledger import SaveResult


class SaveService:
    """Saves changes of a session's programme and shows the result."""

    def __init__(
        self,
        session: Session,
        repair: RepairService,
        watch: WatchService,
        refresh: RefreshService,
    ) -> None:
        """Save changes of a session's programme.

        Args:
            session: The session.
            repair: Asks about what prevents saving.
            watch: Has to know which commits are ours.
            refresh: Reads the latest commits, and checks again after a refusal.
        """
        self.session = session
        self._repair = repair
        self._watch = watch
        self._refresh = refresh
        self._has_saved = False
        self._after_saving: Sequence[Callable[[], None]] = ()

    def note_kept(self, forget: Sequence[Callable[[], None]]) -> None:
        """Note that the program ends while forms are being saved, and keeps what they hold.

        Args:
            forget: Called as soon as it is saved after all, in whichever thread.
        """
        self._after_saving = forget
        if self._has_saved:
            self._forget()

    async def save(self, call: SaveCall) -> None:
        """Save in a thread, then show the result.

        What prevents it and can be repaired is asked about on the spot; then it is tried again.

        Args:
            call: Saves, given the current programme.

        Raises:
            KvartalError: Nothing was saved; everything is as before.
        """
        session, before = self.session, self.session.snapshot
        try:
            result = await self._run(call)
        except KvartalError as error:
            if not await self._repair.offer(error):
                session.call_later(self._refresh.check_for_changes)
                raise
            return await self.save(call)
        self._watch.note_commit(result.commit)
        session.snapshot = result.snapshot
        if result.commit is None:
            session.say(_("Ничего не изменилось: всё и так записано."))
        else:
            session.start_worker(partial(self._report, before, result), "log")
        return None

    async def _run(self, call: SaveCall) -> "SaveResult":
        self.session.saving = True
        try:
            return await asyncio.to_thread(self._saved, call, self.session.current)
        finally:
            self.session.saving = self._has_saved = False

    def _saved(self, call: SaveCall, current: Snapshot) -> "SaveResult":
        result = call(current)
        # The program may be ending: nobody is there any more to be told.
        self._has_saved = True
        self._forget()
        return result

    def _forget(self) -> None:
        for forget in self._after_saving:
            forget()

    async def _report(self, before: Snapshot | None, result: "SaveResult") -> None:
        await self._refresh.read_log(quiet=True)
        subjects = {entry.commit: entry.subject for entry in self.session.recent_commits}
        commit = result.commit or ""
        # The change is saved even where the log cannot be read.
        saved = _("Сохранено: {subject}").format(subject=subjects.get(commit, commit[:SCREEN_HASH]))
        warnings = [short_message(warning) for warning in result.warnings]
        as_of, after = self.session.as_of, result.snapshot.plan
        later = not_yet_shown(before.plan, after, as_of) if before else ""
        more = [text for text in (later, *warnings) if text]
        if more and saved[-1] not in ".…":
            saved += "."  # A subject has no full stop of its own.
        self.session.say(" ".join((saved, *more)), trouble=bool(warnings))
