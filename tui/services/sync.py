"""Syncs the programme from the screen: in a thread, with progress and outcome in words.

The network may be slow. The screen stays responsive, and the programme can be changed except while
received changes are merged and written.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from textual.screen import ModalScreen

from kvartal.history.sync.errors import PushDeclined, SyncConflicts
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.external_changes import differences, groups_text
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.services.repair import RepairService
from kvartal.tui.services.watch import WatchService
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.sync.divergence import Choices
    from kvartal.history.sync.outgoing import Outgoing
    from kvartal.history.sync.progress import SyncResult, SyncStep

ReportProgress: TypeAlias = Callable[[str], None]
"""Shows a sentence that says how far the sync is."""

STEPS: Final = {
    "fetching": N_("Обмен: получаю изменения коллег…"),
    "merging": N_("Обмен: объединяю их с вашими…"),
    "writing": N_("Обмен: записываю полученное…"),
    "pushing": N_("Обмен: отправляю ваши изменения…"),
}
_STOP: Final = N_("Esc — остановить")
_BLOCKING: Final = frozenset({"merging", "writing"})
"""Steps in which the programme cannot be changed."""
_WAITING: Final = frozenset({"fetching", "pushing"})
"""Steps that wait for the remote: these can be stopped."""
_POLL_SECONDS: Final = 0.1
"""How often to look whether a question can be asked, or was answered."""
_SHOW_SECONDS_AFTER: Final = 3
"""After so many seconds it is shown how long a step has taken."""


class SyncInProgress(KvartalError):
    """A sync is running already."""

    template = N_("Обмен уже идёт: дождитесь его конца.")


class SyncService:
    """Syncs the programme of one session."""

    def __init__(self, session: Session, repair: RepairService, watch: WatchService) -> None:
        """Sync a session.

        Args:
            session: The session.
            repair: Asks about what prevents a sync.
            watch: Has to know the resulting commit.
        """
        self.session = session
        self._repair = repair
        self._watch = watch
        self._step = ""
        self._since = 0.0
        self._stop = threading.Event()
        self._progress_shown = ""
        self._confirmed: Outgoing | None = None
        """What the user has agreed to send."""
        self._remote: str | None = None
        """Which of several remotes the user has chosen; asked anew where nothing came of it."""
        self._takes_rewritten = False
        """Whether the user wants to sync although the remote dropped what it had."""

    def stop(self, sentence: str | None = None) -> bool:
        """Stop waiting for the remote; return whether there was anything to stop.

        Args:
            sentence: The progress sentence that Esc was pressed at; None for any.
        """
        is_meant = sentence is None or sentence == self._progress_shown
        if not is_meant or self._step not in _WAITING or self._stop.is_set():
            return False
        self._stop.set()
        return True

    def abandon(self) -> None:
        """End the sync at the next moment at which that loses nothing: the program ends."""
        self._stop.set()

    async def sync(
        self,
        report: ReportProgress,
        choices: "Choices | None" = None,
        confirmed: "Outgoing | None" = None,
    ) -> str:
        """Sync, show what came and return the outcome in words.

        Args:
            report: Shows the progress.
            choices: What the user chose in the conflicts.
            confirmed: What the user has agreed to send.

        Raises:
            SyncConflicts: The user has to choose; nothing was changed.
            KvartalError: It failed; what is saved here stays.
        """
        session = self.session
        if session.is_syncing:
            raise SyncInProgress
        session.is_syncing = True
        self._stop.clear()
        self._confirmed = confirmed
        self._takes_rewritten = self._takes_rewritten and choices is not None
        try:
            synced = await self._synced(report, choices)
        except SyncConflicts:
            raise
        except KvartalError:
            self._remote = None  # It may have been the wrong one.
            raise
        finally:
            session.is_syncing = False
        return await self._show(synced)

    async def _synced(self, report: ReportProgress, choices: "Choices | None") -> "SyncResult":
        while True:
            try:
                return await self._sync_once(report, choices)
            except KvartalError as error:
                if not (await self._repair.offer(error) or await self._ask_about(error)):
                    raise

    async def _ask_about(self, error: KvartalError) -> bool:
        """Ask what a sync was refused for lack of; return whether it can go on now."""
        from kvartal.tui.services.sync_questions import chosen_remote, takes_rewritten

        remote = await chosen_remote(error, self._repair)
        takes = await takes_rewritten(error, self._repair)
        self._remote = remote or self._remote
        self._takes_rewritten = takes or self._takes_rewritten
        return takes or remote is not None

    async def _sync_once(self, report: ReportProgress, choices: "Choices | None") -> "SyncResult":
        session, loop = self.session, asyncio.get_running_loop()

        def report_step(step: "SyncStep") -> None:
            loop.call_soon_threadsafe(self._begin, step.value, report)

        timer = session.set_interval(1.0, lambda: self._tick(report))
        try:
            return await asyncio.to_thread(
                session.programme.sync,
                remote=self._remote,
                choices=choices,
                accept_rewritten=self._takes_rewritten,
                report=report_step,
                stop=self._stop,
                confirm=partial(self._confirm, loop, report),
            )
        finally:
            timer.stop()
            self._step = ""
            session.saving = False

    def _confirm(
        self, loop: asyncio.AbstractEventLoop, report: ReportProgress, outgoing: "Outgoing"
    ) -> bool:
        """Ask whether to send; called in the thread of the sync, which waits for the answer."""
        if outgoing.is_within(self._confirmed):
            return True
        answer = Future[bool]()
        loop.call_soon_threadsafe(self._ask, report, outgoing, answer)
        while self.session.is_running and not self._stop.is_set():
            with suppress(FutureTimeout):
                return answer.result(_POLL_SECONDS)
        return False

    def _ask(self, report: ReportProgress, outgoing: "Outgoing", answer: "Future[bool]") -> None:
        from kvartal.tui.forms.confirm import ConfirmDialog
        from kvartal.tui.presentation.outgoing import outgoing_lines

        session = self.session
        self._step, session.saving = "", False
        if isinstance(session.screen, ModalScreen):  # A dialog in use is not covered up.
            session.set_timer(_POLL_SECONDS, partial(self._ask, report, outgoing, answer))
            return
        self._repair.open_questions += 1
        report(self._progress(_("Обмен: ничего не отправлено, пока вы не ответите.")))

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - the result of a screen
            self._repair.open_questions -= 1
            if yes:
                self._confirmed = outgoing
            else:
                self._remote = None  # It may have been the wrong one.
            answer.set_result(bool(yes))

        dialog = ConfirmDialog(
            _("Отправить в «{remote}»?").format(remote=outgoing.remote),
            list(outgoing_lines(outgoing)),
            accept=_("Отправить"),
            leave=_("Не отправлять"),
            title=_("Обмен с коллегами"),
        )
        session.push_screen(dialog, answered)

    def _begin(self, step: str, report: ReportProgress) -> None:
        self._step, self._since = step, time.monotonic()
        self.session.saving = step in _BLOCKING
        report(self._progress(_(STEPS[step])))

    def _tick(self, report: ReportProgress) -> None:
        seconds = int(time.monotonic() - self._since)
        if self._step and seconds >= _SHOW_SECONDS_AFTER:
            text = _("{step} {seconds} с").format(step=_(STEPS[self._step]), seconds=seconds)
            report(self._progress(text))

    def _progress(self, text: str) -> str:
        """Return the progress, with the key that stops it."""
        if self._step in _WAITING:
            text = _("Обмен останавливается…") if self._stop.is_set() else f"{text}  {_(_STOP)}"
        self._progress_shown = text
        return text

    async def _show(self, synced: "SyncResult") -> str:
        """Show what was received; return the outcome in words."""
        session, before = self.session, self.session.snapshot
        self._watch.note_commit(synced.head)
        groups: tuple[ChangeGroup, ...] = ()
        now = synced.snapshot
        if before is not None and now is not None and before.digest != now.digest:
            groups = await asyncio.to_thread(differences, before.data, now.data)
            session.snapshot = now
        with suppress(KvartalError):  # The sync is done; what is in the way shows in the header.
            session.recent_commits = await asyncio.to_thread(session.programme.recent)
        session.reload()
        session.sync_choices.clear()
        return outcome(synced, groups)


def outcome(synced: "SyncResult", groups: "tuple[ChangeGroup, ...]") -> str:
    """Return the outcome of a sync, in one or more sentences.

    Args:
        synced: Its result.
        groups: What changed in the programme here, by measure.
    """
    is_declined = any(isinstance(warning, PushDeclined) for warning in synced.warnings)
    if is_declined and not synced.received:
        template = _("Обмен с «{remote}»: у коллег нового нет.")
    elif not synced.received and not synced.sent and synced.commit is None:
        template = _("Обмен с «{remote}»: у всех одно и то же, нового нет.")
    else:
        template = _(
            "Обмен с «{remote}» завершён: получено изменений {received}, отправлено {sent}."
        )
    sentences = [template.format(remote=synced.remote, received=synced.received, sent=synced.sent)]
    if groups:
        sentences.append(_("Новое здесь: {what}.").format(what=groups_text(groups)))
    sentences += [note.message(on_screen) for note in synced.notes]
    return " ".join((*sentences, *(warning.message(on_screen) for warning in synced.warnings)))
