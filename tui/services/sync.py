"""Sharing the programme from the screen: the work in a thread, its progress and outcome in words.

The network may be slow. Meanwhile the screen stays alive and the programme can be changed, but for
the moment in which what came is taken up.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.i18n import _, translator

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.sync.divergence import Choices, Side
    from kvartal.history.sync.progress import SyncResult, SyncStep
    from kvartal.tui.app import KvartalApp
    from kvartal.tui.presentation.conflicts import ConflictKey

Tell: TypeAlias = Callable[[str], None]
"""Shows how far it is."""

STEPS: Final = {
    "fetching": N_("Обмен: получаю изменения коллег…"),
    "merging": N_("Обмен: объединяю их с вашими…"),
    "taking": N_("Обмен: записываю полученное…"),
    "pushing": N_("Обмен: отправляю ваши изменения…"),
}
_STOP: Final = N_("Esc — остановить")
_HELD: Final = frozenset({"merging", "taking"})
"""Steps in which the programme cannot be changed."""
_WAITING: Final = frozenset({"fetching", "pushing"})
"""Steps in which the remote is waited for: these can be stopped."""
_PATIENT: Final = 3
"""Seconds after which it is told how long a step takes."""


class SyncUnderWay(KvartalError):
    """Sharing goes on."""

    template = N_("Обмен уже идёт: дождитесь его конца.")


class SyncService:
    """Shares the programme of one application."""

    def __init__(self, app: "KvartalApp") -> None:
        """Take the application whose values these are."""
        self.app = app
        self.is_running = False
        self.choices: dict[ConflictKey, Side] = {}
        """What was chosen in conflicts that are not settled yet: kept while the program runs."""
        self._step = ""
        self._since = 0.0
        self._stop = threading.Event()
        self._progress_shown = ""

    def stop(self, seen: str | None = None) -> bool:
        """Wait for the remote no longer; tell whether there was anything to be stopped.

        Args:
            seen: The sentence that Esc was pressed at; any, if not given.
        """
        is_meant = seen is None or seen == self._progress_shown
        if not is_meant or self._step not in _WAITING or self._stop.is_set():
            return False
        self._stop.set()
        return True

    async def attempt(self, tell: Tell, choices: "Choices | None" = None) -> str:
        """Share, put what came of it on the screen and return it in words.

        Args:
            tell: Shows how far it is.
            choices: What a person chose in the conflicts.

        Raises:
            SyncConflicts: A person has to choose; nothing was moved.
            KvartalError: It could not be done; what is kept here stays.
        """
        if self.is_running:
            raise SyncUnderWay
        self.is_running = True
        self._stop.clear()
        try:
            synced = await self._shared(tell, choices)
        finally:
            self.is_running = False
        return await self._taken_up(synced)

    async def _shared(self, tell: Tell, choices: "Choices | None") -> "SyncResult":
        while True:
            try:
                return await self._share_once(tell, choices)
            except KvartalError as error:
                if not await self.app.upkeep.remedies.offer(error):
                    raise

    async def _share_once(self, tell: Tell, choices: "Choices | None") -> "SyncResult":
        app, loop = self.app, asyncio.get_running_loop()

        def report(step: "SyncStep") -> None:
            loop.call_soon_threadsafe(self._begin, step.value, tell)

        timer = app.set_interval(1.0, lambda: self._tick(tell))
        try:
            return await asyncio.to_thread(self._synchronise, report, choices)
        finally:
            timer.stop()
            self._step = ""
            app.saving = False

    def _synchronise(
        self, report: "Callable[[SyncStep], None]", choices: "Choices | None"
    ) -> "SyncResult":
        from kvartal.history.sync.sync import synchronise

        keeper = self.app.keeper
        translate = translator(keeper.language)
        return synchronise(
            keeper.path, choices=choices, translate=translate, report=report, stop=self._stop
        )

    def _begin(self, step: str, tell: Tell) -> None:
        self._step, self._since = step, time.monotonic()
        self.app.saving = step in _HELD
        tell(self._progress(_(STEPS[step])))

    def _tick(self, tell: Tell) -> None:
        seconds = int(time.monotonic() - self._since)
        if self._step and seconds >= _PATIENT:
            told = _("{step} {seconds} с").format(step=_(STEPS[self._step]), seconds=seconds)
            tell(self._progress(told))

    def _progress(self, told: str) -> str:
        """Return how far it is, with what can be pressed meanwhile."""
        if self._step in _WAITING:
            told = _("Обмен останавливается…") if self._stop.is_set() else f"{told}  {_(_STOP)}"
        self._progress_shown = told
        return told

    async def _taken_up(self, synced: "SyncResult") -> str:
        """Put what came on the screen; return what came of the sharing."""
        from kvartal.history.store.ledger import SaveResult
        from kvartal.tui.presentation.external_changes import differences

        app, before = self.app, self.app.snapshot
        await asyncio.to_thread(app.keeper.remembered, SaveResult(synced.snapshot, synced.head))
        app.upkeep.lookout.kept(synced.head)
        groups: tuple[ChangeGroup, ...] = ()
        if before is not None and before.digest != synced.snapshot.digest:
            groups = await asyncio.to_thread(differences, before.data, synced.snapshot.data)
            app.snapshot = synced.snapshot
        app.journal = await app.keeper.recent(())
        app.upkeep.reload()
        self.choices.clear()
        return outcome(synced, groups)


def outcome(synced: "SyncResult", groups: "tuple[ChangeGroup, ...]") -> str:
    """Return what sharing came to, in a sentence or a few.

    Args:
        synced: What it came to.
        groups: What of the programme is another here, by measure.
    """
    from kvartal.tui.presentation.external_changes import told

    if not synced.received and not synced.sent and synced.commit is None:
        template = _("Обмен с «{remote}»: у всех одно и то же, нового нет.")
        return template.format(remote=synced.remote)
    template = _("Обмен с «{remote}» завершён: получено изменений {received}, отправлено {sent}.")
    sentences = [template.format(remote=synced.remote, received=synced.received, sent=synced.sent)]
    if groups:
        sentences.append(_("Новое здесь: {what}.").format(what=told(groups)))
    return " ".join((*sentences, *(note.message(_) for note in synced.notes)))
