"""Obstacles to saving that can be removed here: the user is asked about them on the spot.

What the user was typing stays: the question is shown over the dialog.
"""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.worker import NoActiveWorker, get_current_worker

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from textual.screen import Screen

    from kvartal.history.git.identity import Identity
    from kvartal.history.store.evidence_watch import EvidenceReport

Answer = TypeVar("Answer")


class RepairService:
    """The questions that put a repository right."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.open_questions = 0
        """How many questions wait for their answer, each with a worker that waits for it."""

    @property
    def is_asking(self) -> bool:
        """Whether a question waits for its answer."""
        return self.open_questions > 0

    def ask(self, refusal: str | None = None) -> None:
        """Ask about what the banner reports, if anything.

        Args:
            refusal: Why an action was just refused: ask only if that is for lack of a repository.
        """
        if refusal is None or self._is_for_lack_of_repository(refusal):
            self.session.start_worker(self._ask, "repair")

    def _is_for_lack_of_repository(self, refusal: str) -> bool:
        from kvartal.history.git.errors import NotARepository

        notice = self.session.repo_notice
        if notice is None or notice.read_only_reason != refusal:
            return False
        return isinstance(notice.obstacle, NotARepository)

    async def _ask(self) -> None:
        notice, report = self.session.repo_notice, self.session.evidence
        done = False
        obstacle = notice.obstacle if notice else None
        if notice is not None and not notice.can_repair and report and report.problems:
            done = await self._ask_about_evidence(report)
        elif obstacle is not None:
            done = await self.offer(obstacle)
        elif notice is None or notice.can_repair:
            done = await self._ask_about_edits()
        if done:
            self.session.reload()

    async def offer(self, error: KvartalError) -> bool:
        """Offer to repair what a refusal reports; return whether that was done.

        Args:
            error: The refusal.
        """
        try:
            get_current_worker()
        except NoActiveWorker:
            return False  # There would be nothing to wait for the answer.
        return await self._offer(error)

    async def _offer(self, error: KvartalError) -> bool:
        from kvartal.history.git.errors import DubiousOwnership, NoIdentity, NotARepository
        from kvartal.history.store.errors import PlanDeleted, StaleLock, UncommittedEdits

        if isinstance(error, NoIdentity):
            return await self._ask_who()
        if isinstance(error, NotARepository):
            return await self._ask_to_init()
        if isinstance(error, StaleLock):
            return await self._ask_to_unlock(error)
        if isinstance(error, DubiousOwnership):
            return await self._ask_to_trust(str(error.fields["top"]))
        if isinstance(error, UncommittedEdits | PlanDeleted):
            return await self._ask_about_edits()
        return False

    async def answered(self, screen: "Screen[Answer]") -> "Answer | None":
        """Show a question and wait until it is answered."""
        self.open_questions += 1
        try:
            return await self.session.push_screen(screen, wait_for_dismiss=True)
        finally:
            self.open_questions -= 1

    async def _ask_who(self) -> bool:
        from kvartal.history import repair
        from kvartal.tui.dialogs.identity import IdentityDialog

        programme = self.session.programme
        try:
            known = await asyncio.to_thread(repair.identity, programme)
        except KvartalError:
            return False

        async def save(identity: "Identity") -> None:
            await asyncio.to_thread(repair.set_identity, programme, identity)

        done = await self.answered(IdentityDialog(known, save))
        return bool(done)

    async def _ask_to_init(self) -> bool:
        from kvartal.history import creation
        from kvartal.history.store.init_repository import repository_folder
        from kvartal.tui.forms.confirm import ConfirmDialog

        programme = self.session.programme

        async def init() -> None:
            await self.session.save(lambda _now: creation.init_repository(programme))

        lines = [
            _("Без истории программу можно только смотреть."),
            "",
            _("Появится репозиторий git в папке: {folder}").format(
                folder=repository_folder(programme.path.resolve())
            ),
            _("Первой записью в нём станет программа, какова она сейчас. Другие файлы не тронуты."),
        ]
        dialog = ConfirmDialog(
            _("У программы нет истории. Завести её?"),
            lines,
            accept=_("Завести"),
            leave=_("Только смотреть"),
            title=_("История программы"),
            act=init,
            harmless=True,
        )
        done = await self.answered(dialog)
        return bool(done)

    async def _ask_to_unlock(self, error: KvartalError) -> bool:
        from kvartal.tui.forms.confirm import ConfirmDialog

        dialog = ConfirmDialog(
            _("Убрать оставшийся файл git?"),
            [
                error.message(on_screen),
                "",
                _("Файл не удаляется, а откладывается в .git/kvartal/aside."),
                _("Если git работает с этой папкой на другом компьютере, сначала дождитесь его."),
            ],
            accept=_("Убрать"),
            leave=_("Оставить"),
            title=_("Репозиторий занят"),
            act=self._unlock,
        )
        done = await self.answered(dialog)
        return bool(done)

    async def _unlock(self) -> None:
        from kvartal.history import repair

        await asyncio.to_thread(repair.unlock, self.session.programme)

    async def _ask_to_trust(self, top: str) -> bool:
        from kvartal.tui.forms.confirm import ConfirmDialog

        dialog = ConfirmDialog(
            _("Доверять этому репозиторию?"),
            [
                _("Папка: {folder}").format(folder=top),
                "",
                _("Её владелец — другой пользователь: настройки в ней могут запускать программы."),
                _("Соглашайтесь, если знаете, чья она: общая папка отдела, сетевой диск."),
                _("Запись об этом появится в ваших настройках git (safe.directory)."),
            ],
            accept=_("Доверять"),
            leave=_("Только смотреть"),
            title=_("Чужой репозиторий"),
            act=partial(self._trust, top),
        )
        done = await self.answered(dialog)
        return bool(done)

    async def _trust(self, top: str) -> None:
        from kvartal.history import repair

        await asyncio.to_thread(repair.trust, self.session.programme, top)

    async def _ask_about_evidence(self, report: "EvidenceReport") -> bool:
        from kvartal.tui.forms.confirm import ConfirmDialog
        from kvartal.tui.presentation.evidence import restorable

        files = restorable(report)
        if not files:
            return False
        lines = [f"{path} — {state}" for (path, _sha256), state in files.items()]
        lines += [
            "",
            _("Файлы станут такими, какими их хранит последняя запись истории."),
            _("Изменённый файл не пропадёт: его копия останется в .git/kvartal/aside."),
        ]
        dialog = ConfirmDialog(
            _("Вернуть подтверждающие файлы из истории?"),
            lines,
            accept=_("Вернуть"),
            leave=_("Оставить как есть"),
            title=_("Подтверждающие файлы"),
            act=partial(self._restore_evidence, tuple(files)),
        )
        done = await self.answered(dialog)
        return bool(done)

    async def _restore_evidence(self, files: "tuple[tuple[str, str], ...]") -> None:
        from kvartal.history import repair
        from kvartal.tui.presentation.evidence import restored

        programme = self.session.programme
        try:
            copies = await asyncio.to_thread(repair.restore_evidence, programme, files)
        finally:
            self.session.reload()  # Some of them may be back.
        self.session.announce(restored(len(files), copies))

    async def _ask_about_edits(self) -> bool:
        from kvartal.tui.screens.manual_edits import ManualEditsScreen

        screen = ManualEditsScreen()
        await self.answered(screen)
        return screen.settled
