"""What is in the way of saving and can be mended here: asked about on the spot, then gone on with.

What a person was typing stays where it is meanwhile: the question lies over the dialog.
"""

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.worker import NoActiveWorker, get_current_worker

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.work import start

if TYPE_CHECKING:
    from textual.screen import Screen

    from kvartal.tui.app import KvartalApp
    from kvartal.tui.mender import Mender

Answer = TypeVar("Answer")


class RepairService:
    """The questions that mend a repository."""

    def __init__(self, app: "KvartalApp") -> None:
        """Take the application over whose screen they are asked."""
        self.app = app
        self.questions = 0
        """How many questions wait for their answer, each with a worker that waits for it."""

    @property
    def is_asking(self) -> bool:
        """Whether a question waits for its answer."""
        return self.questions > 0

    def open(self) -> None:
        """Ask about what the banner tells of, if anything."""
        start(self.app, self._open, "remedy")

    def suggest(self, reason: str) -> None:
        """Offer a history at once where a change was refused because there is none.

        Args:
            reason: Why it was refused.
        """
        from kvartal.history.git.errors import NotARepository

        health = self.app.health
        if health and health.read_only == reason and isinstance(health.obstacle, NotARepository):
            self.open()

    async def _open(self) -> None:
        health = self.app.health
        done = False
        if health is not None and health.obstacle is not None:
            done = await self.offer(health.obstacle)
        elif health is None or health.by_hand:
            done = await self._ask_about_edits()
        if done:
            self.app.upkeep.reload()

    async def offer(self, error: KvartalError) -> bool:
        """Offer to mend what a refusal tells of; tell whether it was mended.

        Args:
            error: The refusal.
        """
        try:
            get_current_worker()
        except NoActiveWorker:
            return False  # Nobody could wait for the answer.
        return await self._offer(error)

    async def _offer(self, error: KvartalError) -> bool:
        from kvartal.history.git.errors import DubiousOwnership, NoIdentity, NotARepository
        from kvartal.history.store.errors import StaleLock, UncommittedEdits

        if isinstance(error, NoIdentity):
            return await self._ask_who()
        if isinstance(error, NotARepository):
            return await self._ask_to_begin()
        if isinstance(error, StaleLock):
            return await self._ask_to_unlock(error)
        if isinstance(error, DubiousOwnership):
            return await self._ask_to_trust(str(error.fields["top"]))
        if isinstance(error, UncommittedEdits):
            return await self._ask_about_edits()
        return False

    @property
    def _mender(self) -> "Mender":
        from kvartal.tui.mender import Mender

        return Mender(self.app.keeper)

    async def _answered(self, screen: "Screen[Answer]") -> "Answer | None":
        """Show a question and wait until it is answered."""
        self.questions += 1
        try:
            return await self.app.push_screen(screen, wait_for_dismiss=True)
        finally:
            self.questions -= 1

    async def _ask_who(self) -> bool:
        from kvartal.tui.dialogs.identity import IdentityDialog

        mender = self._mender
        try:
            known = await mender.identity()
        except KvartalError:
            return False
        done = await self._answered(IdentityDialog(known, mender.introduce))
        return bool(done)

    async def _ask_to_begin(self) -> bool:
        from kvartal.history.store.init_repository import home_for
        from kvartal.tui.forms.confirm import ConfirmDialog

        app, mender = self.app, self._mender

        async def begin() -> None:
            await app.upkeep.keep(mender.begin)

        lines = [
            _("Без истории программу можно только смотреть."),
            "",
            _("Появится репозиторий git в папке: {folder}").format(
                folder=home_for(app.keeper.path.resolve())
            ),
            _("Первой записью в нём станет программа, какова она сейчас. Другие файлы не тронуты."),
        ]
        dialog = ConfirmDialog(
            _("У программы нет истории. Завести её?"),
            lines,
            accept=_("Завести"),
            leave=_("Только смотреть"),
            title=_("История программы"),
            act=begin,
            harmless=True,
        )
        done = await self._answered(dialog)
        return bool(done)

    async def _ask_to_unlock(self, error: KvartalError) -> bool:
        from kvartal.tui.forms.confirm import ConfirmDialog

        dialog = ConfirmDialog(
            _("Убрать оставшийся файл git?"),
            [
                error.message(_),
                "",
                _("Файл не удаляется, а откладывается в .git/kvartal/aside."),
                _("Если git работает с этой папкой на другом компьютере, сначала дождитесь его."),
            ],
            accept=_("Убрать"),
            leave=_("Оставить"),
            title=_("Репозиторий занят"),
            act=self._mender.unlock,
        )
        done = await self._answered(dialog)
        return bool(done)

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
            act=partial(self._mender.trust, top),
        )
        done = await self._answered(dialog)
        return bool(done)

    async def _ask_about_edits(self) -> bool:
        from kvartal.tui.screens.manual_edits import ManualEditsScreen

        screen = ManualEditsScreen(self._mender)
        await self._answered(screen)
        return screen.settled
