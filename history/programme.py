"""The facade of `history`: one plan file, as the screen and the command line read and change it.

Every call is synchronous; the screen makes it in a thread. Git and the validators are imported by
the call that needs them: the first paint reads the file and needs neither. What keeps a programme
from being saved is repaired in `kvartal.history.repair`, earlier versions are read and restored in
`kvartal.history.versions`.
"""

from contextlib import closing
from datetime import date
from itertools import islice, takewhile
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from kvartal.history.git.environment import check_environment
from kvartal.history.plan_file import PlanFile, Translator, in_no_language
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import Translate, untranslated

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.log.undo import Reversal
    from kvartal.history.messages.message import EarlierCommit
    from kvartal.history.store.ledger import PreviewResult, SaveResult
    from kvartal.history.store.prepare import Attached
    from kvartal.history.sync.divergence import Choices, Divergence, Side
    from kvartal.history.sync.outgoing import Confirm, Outgoing
    from kvartal.history.sync.progress import ReportStep, SyncResult
    from kvartal.schema.changes import Change

RECENT: Final = 100
"""How many commits `Programme.recent` returns at most."""


def open_programme(
    path: Path,
    *,
    name: str = "",
    translate: Translate = untranslated,
    translator: Translator = in_no_language,
) -> "Programme":
    """Return the programme of a plan file; nothing is read yet.

    Args:
        path: The plan file.
        name: What messages call the file; empty for its path.
        translate: Puts texts for the reader into the reader's language.
        translator: Returns the translation into a plan's language.

    Raises:
        MisleadingEnvironment: Variables of the environment may lead git astray; a program calls
            `scrub_environment` once, at its start.
    """
    check_environment()
    return Programme(path, name, translate, translator)


class Programme(PlanFile):
    """One plan file and its history; made by `open_programme`."""

    # Changes.

    def save(  # noqa: PLR0913 - everything that a change consists of
        self,
        snapshot: Snapshot,
        change: "Change",
        attachments: "Sequence[Attached]" = (),
        *,
        reverts: "EarlierCommit | None" = None,
        exact_bytes: bytes | None = None,
        reason: str = "",
    ) -> "SaveResult":
        """Write a change and commit it. See `Ledger.apply`.

        Raises:
            KvartalError: It was not saved; everything is as before.
        """
        result = self.ledger().apply(
            snapshot,
            change,
            attachments,
            reverts=reverts,
            exact_bytes=exact_bytes,
            reason=reason,
        )
        self.note_written(result.snapshot.digest)
        return result

    def preview(  # noqa: PLR0913 - everything that a change consists of
        self,
        snapshot: Snapshot,
        change: "Change",
        attachments: "Sequence[Attached]" = (),
        *,
        reverts: "EarlierCommit | None" = None,
        exact_bytes: bytes | None = None,
        reason: str = "",
    ) -> "PreviewResult":
        """Return what `save` would do; nothing is written. See `Ledger.preview`.

        Raises:
            KvartalError: `save` would refuse it.
        """
        return self.ledger().preview(
            snapshot,
            change,
            attachments,
            reverts=reverts,
            exact_bytes=exact_bytes,
            reason=reason,
        )

    def reversal(self, snapshot: Snapshot, *, redo: bool = False, commit: str = "") -> "Reversal":
        """Return what undoes a change, or redoes the last undone one; nothing is written.

        Args:
            snapshot: The programme as it is.
            redo: Whether to redo.
            commit: The commit to undo; empty for the last change.

        Raises:
            KvartalError: There is nothing to undo, or it cannot be undone.
        """
        from kvartal.history.log.undo import redo_last, undo_last
        from kvartal.history.log.undo_named import undo_named

        if commit:
            return undo_named(self.repository(), snapshot, commit, self.translate)
        return (redo_last if redo else undo_last)(self.repository(), snapshot, self.translate)

    def save_reversal(self, snapshot: Snapshot, reversal: "Reversal") -> "SaveResult":
        """Write and commit an undo, a redo or a restoration.

        Raises:
            KvartalError: It was not saved; everything is as before.
        """
        return self.save(
            snapshot,
            reversal.change,
            reversal.attachments,
            reverts=reversal.reverts,
            exact_bytes=reversal.exact_bytes,
            reason=reversal.reason,
        )

    # The history.

    def log(
        self,
        measure: str | None = None,
        *,
        revision: str = "HEAD",
        excluding: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> "Generator[CommitEntry]":
        """Yield the commits that touched the plan, newest first, as they are found.

        Close the generator when leaving it early: git is at work behind it.

        Args:
            measure: Id of the only measure to look at; None for the whole programme.
            revision: The commit to begin at.
            excluding: Full id of a commit: it and its ancestors are left out; None for no limit.
            since: First day; None for no limit.
            until: Last day; None for no limit.

        Raises:
            KvartalError: Git refused.
        """
        from kvartal.history.diff.words import Words
        from kvartal.history.log.acceptance_entries import with_acceptances
        from kvartal.history.log.log import entries

        repository = self.repository()
        log = entries(
            repository,
            self.path.resolve().name,
            measure=measure,
            revision=revision,
            excluding=excluding,
            since=since,
            until=until,
            words=Words(self.translate),
            is_partial=True,
        )
        return with_acceptances(
            log,
            repository,
            measure=measure,
            revision=revision,
            excluding=excluding,
            since=since,
            until=until,
        )

    def entries(
        self, measure: str = "", *, revision: str = "HEAD", limit: int
    ) -> "tuple[CommitEntry, ...]":
        """Return the newest entries of `log`.

        Args:
            measure: Id of the only measure to look at; empty for the whole programme.
            revision: The commit to begin at.
            limit: How many at most.
        """
        with closing(self.log(measure or None, revision=revision)) as log:
            return tuple(islice(log, limit))

    def recent(self, known: "tuple[CommitEntry, ...]" = ()) -> "tuple[CommitEntry, ...]":
        """Return the latest commits that touched the plan, newest first.

        Args:
            known: An earlier result: only what came after it is read.
        """
        seen = {entry.commit for entry in known}
        with closing(self.log()) as log:
            new = takewhile(lambda entry: entry.commit not in seen, log)
            return (*islice(new, RECENT), *known)[:RECENT]

    def subject(self, commit: str) -> str:
        """Return the subject of a commit followed by its short id: ``1.1.2: … (a3f1c9d)``."""
        # As short in every clone, whatever `core.abbrev` says there.
        arguments = ("log", "-1", "--no-color", "--abbrev=7", "--format=%h %s", commit, "--")
        short, _space, subject = self.repository().read_text(*arguments).strip().partition(" ")
        return f"{subject} ({short})"

    # Sync.

    def divergence(
        self,
        *,
        remote: str | None = None,
        interactive: bool = False,
        accept_rewritten: bool = False,
        report: "ReportStep | None" = None,
    ) -> "Divergence":
        """Fetch, and return how our branch and the remote's differ; nothing is moved.

        See `kvartal.history.sync.sync.find_divergence` for the arguments and the errors raised.
        """
        from kvartal.history.sync.progress import ignore_step
        from kvartal.history.sync.sync import find_divergence

        return find_divergence(
            self.path,
            remote=remote,
            interactive=interactive,
            accept_rewritten=accept_rewritten,
            report=report or ignore_step,
        )

    def sync(  # noqa: PLR0913 - the options of the command
        self,
        *,
        remote: str | None = None,
        choices: "Choices | Side | None" = None,
        interactive: bool = False,
        accept_rewritten: bool = False,
        report: "ReportStep | None" = None,
        stop: Event | None = None,
        confirm: "Confirm | None" = None,
    ) -> "SyncResult":
        """Fetch and merge what others changed, and push what was changed here.

        See `kvartal.history.sync.sync.synchronise` for the arguments and the errors raised.
        """
        from kvartal.history.sync.progress import ignore_step
        from kvartal.history.sync.sync import synchronise

        synced = synchronise(
            self.path,
            remote=remote,
            choices=choices,
            translate=self.translator(self.language),
            report=report or ignore_step,
            interactive=interactive,
            accept_rewritten=accept_rewritten,
            stop=stop,
            confirm=confirm,
        )
        if synced.snapshot is not None:
            self.note_written(synced.snapshot.digest)
        return synced

    def outgoing(self, divergence: "Divergence") -> "Outgoing":
        """Return what a sync would send of a divergence; raises as `sync`."""
        from kvartal.history.sync.outgoing import outgoing
        from kvartal.history.sync.remote import find_remote_branch

        repository = self.repository()
        local = repository.read_text("symbolic-ref", "--short", "HEAD").strip()
        remote_branch = find_remote_branch(repository, local, divergence.remote)
        return outgoing(repository, remote_branch, divergence.ours, divergence.theirs)
