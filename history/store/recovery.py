"""What a crash left of a change is finished, or taken back without a trace."""

from dataclasses import dataclass
from enum import StrEnum

from kvartal.history.git.errors import GitLocked
from kvartal.history.git.repository import Repository
from kvartal.history.store.commit import commit_intended, kept_commit, settle, withdraw
from kvartal.history.store.fast_forward import heal_move
from kvartal.history.store.files import digest_at
from kvartal.history.store.git_locks import clear_away
from kvartal.history.store.repo_state import ready_state
from kvartal.history.store.write_ahead import Intent, forget_intent, read_intent
from kvartal.schema.errors import KvartalError


class Healing(StrEnum):
    """How a change that was under way ended.

    Attributes:
        CONFIRMED: It had been committed; only traces were left.
        COMPLETED: It was written but not committed; now it is.
        WITHDRAWN: It is as if it had never been begun.
        LEFT: Somebody has edited the file since; it stays as they made it, not committed.
    """

    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Recovered:
    """A change that had not come to its end, and how it ended.

    Attributes:
        healing: How it ended.
        subject: First line of its commit message.
        commit: Id of its commit; None when there is none.
        reason: Why it was taken back, where git would not commit it.
    """

    healing: Healing
    subject: str
    commit: str | None = None
    reason: KvartalError | None = None


def heal(repository: Repository) -> Recovered | None:
    """Bring a change that was under way to its end; None when none was.

    To be called with the lock of all writers held: then nobody is at it any more.

    Args:
        repository: As seen from any of its folders.

    Raises:
        KvartalError: Something is in the way; what the crash left stays as it is.
    """
    heal_move(repository)
    intent = read_intent(repository.git_dir)
    if intent is None:
        forget_intent(repository.git_dir)
        return None
    there = repository.at(intent.prefix)
    clear_away(there, intent.branch, intent.started)
    commit = kept_commit(there, intent)
    if commit is not None:
        # Git may have been killed between the commit and its index.
        there.reset_index(intent.paths)
        settle(there, intent)
        return _told(intent, Healing.CONFIRMED, commit)
    if _is_written(there, intent):
        return _completed(there, intent)
    if withdraw(there, intent, _is_meant):
        return _told(intent, Healing.WITHDRAWN)
    there.reset_index(intent.paths)
    return _told(intent, Healing.LEFT)


def _completed(repository: Repository, intent: Intent) -> Recovered:
    """Commit what was written, if it may still be."""
    state = ready_state(repository, intent.name)
    reason: KvartalError | None = None
    if state.branch == intent.branch and _stands_as_before(repository, intent):
        try:
            commit = commit_intended(repository, intent, _is_meant)
        except GitLocked:
            raise
        except KvartalError as error:
            reason = error
        else:
            settle(repository, intent)
            return _told(intent, Healing.COMPLETED, commit)
    withdraw(repository, intent, _is_meant)
    return _told(intent, Healing.WITHDRAWN, reason=reason)


def _stands_as_before(repository: Repository, intent: Intent) -> bool:
    """Tell whether nobody has committed another version of the plan since."""
    before = intent.parent and repository.object_id(f"{intent.parent}:./{intent.name}")
    return repository.object_id(f"HEAD:./{intent.name}") == before


def _is_written(repository: Repository, intent: Intent) -> bool:
    wanted = {file.path: file.sha256 for file in intent.added} | {intent.name: intent.after}
    return all(digest_at(repository.folder / path) == sha256 for path, sha256 in wanted.items())


def _is_meant(_plan: bytes) -> bool:
    """Of another plan than the one noted down nobody knows any more what it was to mean."""
    return False


def _told(
    intent: Intent,
    healing: Healing,
    commit: str | None = None,
    reason: KvartalError | None = None,
) -> Recovered:
    return Recovered(healing, intent.message.partition("\n")[0], commit, reason)
