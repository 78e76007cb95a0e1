"""One plan file: read, watched, recovered; and the ledger and the repository that it is kept in.

The first paint reads the file and needs neither git nor the validators: both are imported by the
call that needs them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kvartal.history.store.files import FileStamp, file_digest, file_stamp
from kvartal.history.store.snapshot import Snapshot, read_snapshot, snapshot_of
from kvartal.history.yaml_text.loader import load, read_bytes
from kvartal.schema.errors import Translate, untranslated

if TYPE_CHECKING:
    from kvartal.history.git.repository import Repository
    from kvartal.history.store.facts_cache import Facts, FactsCache
    from kvartal.history.store.ledger import Ledger
    from kvartal.history.store.recovery import Recovery
    from kvartal.history.store.repo_state import RepoState
    from kvartal.history.store.state_folder import UnfinishedWork
    from kvartal.history.store.watch import RepoStamp

Translator: TypeAlias = Callable[[str], Translate]
"""Returns the translation into a plan's language, which commit messages are written in."""


def in_no_language(_language: str) -> Translate:
    """Return texts as they are, in any language of a plan."""
    return untranslated


@dataclass
class PlanFile:
    """One plan file, its ledger and its repository.

    Attributes:
        path: The plan file.
        name: What messages call the file; empty for its path.
        translate: Puts texts for the reader into the reader's language.
        translator: Returns the translation into the plan's language.
        language: The plan's language, once it has been read.
        stamp: The file as this object last read or wrote it; None before that.
    """

    path: Path
    name: str = ""
    translate: Translate = untranslated
    translator: Translator = in_no_language
    language: str = "ru"
    stamp: FileStamp = None

    def read(self) -> Snapshot:
        """Return the programme as it is on disk; asks neither git nor the validators.

        Raises:
            UnreadablePlan: The file cannot be read, or is not the YAML a plan is written in.
            InvalidPlan: It does not hold a programme.
        """
        # Taken first: what changes during the read must not pass for already read.
        stamp = file_stamp(self.path)
        snapshot = read_snapshot(self.path, self.name or None)
        self.stamp = stamp
        self.language = snapshot.plan.language
        return snapshot

    def facts(self, cache: "FactsCache") -> "Facts":
        """Return the facts that `read` would find on disk; YAML is read where they are not known.

        Args:
            cache: What was read before; what is read now is kept in it.

        Raises:
            UnreadablePlan, InvalidPlan: As `read`.
        """
        from kvartal.history.store.facts_cache import Facts

        name = self.name or str(self.path)
        stamp = file_stamp(self.path)
        content = read_bytes(self.path, name)
        facts = cache.facts(content)
        if facts is None:
            snapshot = snapshot_of(load(content, name), self.path.resolve())
            facts = Facts(snapshot.data, snapshot.plan)
            cache.store(content, snapshot.data)
        self.stamp = stamp
        self.language = facts.plan.language
        return facts

    def stamps(self, known: "RepoState | None") -> "RepoStamp":
        """Return the stamps of the file and its repository; git is not started.

        Args:
            known: Their state when git was last asked.
        """
        from kvartal.history.store.watch import repo_stamp

        branch = known.branch if known else None
        return repo_stamp(self.path, known.repository if known else None, branch)

    def state(self) -> "RepoState":
        """Return the state of file, HEAD and locks."""
        return self.ledger().state()

    def unfinished_work(self) -> "UnfinishedWork | None":
        """Return what is noted as being under way: now, or when a program crashed.

        Git is not started: what only reads can afford to ask.
        """
        from kvartal.history.store.state_folder import unfinished_work

        # `Path.resolve` fails at a link that leads to itself: whoever reads the file says so.
        return unfinished_work(Path(realpath(self.path)).parent)

    def recover(self, timeout: float | None = None, *, to_read: bool = False) -> "Recovery | None":
        """Finish or withdraw a change that a crash interrupted; None when there was none.

        Args:
            timeout: How many seconds to wait for another writer; None for the usual time.
            to_read: It is only for reading: no program that the repository names is started.

        Raises:
            LedgerBusy: Another writer is at work.
            KvartalError: Something prevents it; then nothing is changed.
        """
        return self.ledger(timeout).recover(to_read=to_read)

    def ledger(self, timeout: float | None = None) -> "Ledger":
        """Return the ledger of the plan, which writes in the plan's language.

        Args:
            timeout: How many seconds to wait for another writer; None for the usual time.
        """
        from kvartal.history.store.ledger import Ledger
        from kvartal.history.store.write_lock import LOCK_TIMEOUT

        return Ledger(
            self.path,
            translate=self.translator(self.language),
            timeout=LOCK_TIMEOUT if timeout is None else timeout,
        )

    def repository(self) -> "Repository":
        """Return the repository as seen from the plan's folder.

        Raises:
            KvartalError: There is none, or git does not open it.
        """
        from kvartal.history.git.discovery import find_repository

        return find_repository(self.path.resolve().parent)

    def note_written(self, digest: str) -> None:
        """Note the stamp of the file that was just written, so that it does not count as changed.

        Args:
            digest: SHA-256 of what was written.
        """
        stamp = file_stamp(self.path)
        if file_digest(self.path.resolve()) == digest:
            self.stamp = stamp
