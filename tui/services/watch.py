"""Looking out for what others do to the file and to its history, and telling it.

A look costs a few calls of the file system, in a thread; git is asked only when they show that
something is another.
"""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import KvartalError
from kvartal.tui.presentation.external_changes import ExternalChange, differences, sentence

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.store.files import FileStamp
    from kvartal.history.store.repo_state import RepoState
    from kvartal.history.store.snapshot import Snapshot
    from kvartal.history.store.watch import RepoStamp
    from kvartal.tui.app import KvartalApp

PATIENT: Final = 6
"""For so many looks a git or another copy of this program is left to finish what it is at."""

SOON: Final = 0.4
"""After this part of the usual time a file is looked at again that may be in the middle of being
written: what an editor has saved of it so far may well be read, as a shorter programme."""


class WatchService:
    """Notices that the file or HEAD is another, brings it onto the screen and says what changed."""

    def __init__(self, app: "KvartalApp") -> None:
        """Take the application whose values these are."""
        self.app = app
        self.condition: RepoState | None = None
        """How file, HEAD and locks stood when git was last asked."""
        self._head: str | None = None
        self._git: tuple[FileStamp, ...] | None = None
        self._doubted: list[FileStamp] = []
        self._unreadable: KvartalError | None = None
        self._waited = 0
        self._looking = asyncio.Lock()

    def settle(self, condition: "RepoState") -> None:
        """Take how things stand for known: nothing of it is news any more."""
        self.condition = condition
        self._head = condition.head

    @property
    def is_unreadable(self) -> bool:
        """Whether the file cannot be read any more and an earlier state of it is shown."""
        return self._unreadable is not None

    def kept(self, commit: str | None) -> None:
        """Take a commit of our own for known."""
        self._head = commit or self._head

    async def look(self, *, closely: bool = False) -> bool:
        """Look once; tell whether anything is another.

        Args:
            closely: Read the file and ask git even if the file system shows no difference.
        """
        if self.app.saving or (self._looking.locked() and not closely):
            return False
        async with self._looking:
            return await self._look(closely=closely)

    async def _look(self, *, closely: bool) -> bool:
        keeper, before = self.app.keeper, self.app.snapshot
        marks = await keeper.marks(self.condition)
        is_altered = marks.plan != keeper.seen or closely
        if self.app.saving or not (is_altered or marks.git != self._git):
            return False
        condition = await keeper.condition()
        if self._is_being_written(marks, condition, sure=closely or not is_altered):
            self.app.set_timer(self.app.look_every * SOON, self.app.upkeep.look_around)
            return True
        found = before
        if is_altered:
            try:
                found = await keeper.look()
            except KvartalError as error:
                self._unreadable = error
                keeper.seen = marks.plan
                self.app.upkeep.tell_unreadable(error, condition.obstacle)
                return True
            self._unreadable = None
        happened, journal = await self._happened(found, condition)
        if self._is_overtaken(before):
            return True
        self._git = marks.git
        await self._show(found, condition, happened, journal)
        return True

    def _is_being_written(self, marks: "RepoStamp", condition: "RepoState", *, sure: bool) -> bool:
        """Tell whether somebody may be in the middle of writing the file or its history.

        Args:
            marks: How they look.
            condition: How they stand.
            sure: The file is not in question.
        """
        if (marks.is_locked or condition.holder is not None) and self._waited < PATIENT:
            self._waited += 1
            return True
        self._waited = 0
        is_whole = condition.repository is not None and not condition.is_edited
        if sure or is_whole or marks.plan in self._doubted:
            self._doubted.clear()
            return False
        self._doubted = [marks.plan]
        return True

    def _is_overtaken(self, before: "Snapshot | None") -> bool:
        """Tell whether a change of our own came in between: then the next look sees the rest."""
        return self.app.saving or self.app.snapshot is not before

    async def _happened(
        self, found: "Snapshot | None", condition: "RepoState"
    ) -> "tuple[ExternalChange, tuple[CommitEntry, ...] | None]":
        """Return what happened, and the journal where the history is another."""
        app, before, now, was = self.app, self.app.snapshot, condition, self.condition
        groups: tuple[ChangeGroup, ...] = ()
        is_other = before is not None and found is not None and found.digest != before.digest
        if is_other and before is not None and found is not None:
            groups = await asyncio.to_thread(differences, before.data, found.data)
        happened = ExternalChange(
            groups,
            is_text_only=is_other and not groups,
            is_committed=now.repository is not None and not now.is_edited,
        )
        if was is None or was.repository is None or now.repository is None:
            return happened, None
        if (now.head, now.branch) == (self._head, was.branch):
            return happened, None
        try:
            journal = await app.keeper.recent(())
        except KvartalError:
            return happened, None
        if now.branch != was.branch:
            branch = now.branch or ""
            return replace(happened, branch=branch, is_detached=not branch), journal
        old, new = self._head, now.head
        if old and not (new and await app.keeper.goes_on(now, old, new)):
            return replace(happened, is_rewound=True), journal
        told = {entry.commit for entry in app.journal}
        entries = [entry for entry in journal if entry.commit not in told]
        return replace(happened, entries=entries), journal

    def _tell_dialogs(self, said: str) -> None:
        from kvartal.tui.forms.form import FormDialog

        for screen in self.app.screen_stack:
            if isinstance(screen, FormDialog):
                screen.follow(said)

    async def _show(
        self,
        found: "Snapshot | None",
        condition: "RepoState",
        happened: ExternalChange,
        journal: "tuple[CommitEntry, ...] | None",
    ) -> None:
        app = self.app
        self.settle(condition)
        if found is not None and (app.snapshot is None or found.digest != app.snapshot.digest):
            app.snapshot = found
            self._tell_dialogs(sentence(happened))
        if journal is not None:
            app.journal = journal
        await app.upkeep.show_main()
        if self._unreadable is None:
            await app.upkeep.judge(condition)
        said = sentence(happened)
        if said:
            app.say(said)
