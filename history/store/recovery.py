"""Recovery from a crash: a change under way is completed, or rolled back without a trace."""

from dataclasses import dataclass
from enum import StrEnum

from kvartal.history.git.errors import GitLocked
from kvartal.history.git.repository import Repository
from kvartal.history.store.call_note import clear_noted_call
from kvartal.history.store.commit import clean_up, commit_intent, intended_commit, roll_back
from kvartal.history.store.fast_forward import recover_fast_forward
from kvartal.history.store.files import file_digest, write_errors
from kvartal.history.store.git_locks import clear_interrupted_git
from kvartal.history.store.repo_state import ready_state
from kvartal.history.store.write_ahead import Intent, delete_intent, read_intent
from kvartal.schema.errors import KvartalError


class RecoveryOutcome(StrEnum):
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
class Recovery:
    """A change that a crash interrupted, and how it ended.

    Attributes:
        outcome: How it ended.
        subject: First line of its commit message.
        commit: Id of its commit; None when there is none.
        reason: Why it was rolled back, where git refused the commit.
    """

    outcome: RecoveryOutcome
    subject: str
    commit: str | None = None
    reason: KvartalError | None = None


def recover(repository: Repository) -> Recovery | None:
    """End a change that a crash interrupted; None when there was none.

    To be called with the write lock held: then nobody is working on it any more.

    Args:
        repository: As seen from any of its folders.

    Raises:
        KvartalError: Something prevents it; what the crash left stays as it is.
    """
    # Below, the system may refuse what a crash has left half done.
    with write_errors(repository.git_dir):
        return _recover(repository)


def _recover(repository: Repository) -> Recovery | None:
    clear_noted_call(repository)
    recover_fast_forward(repository)
    intent = read_intent(repository.git_dir)
    if intent is None:
        delete_intent(repository.git_dir)
        return None
    of_plan = repository.at(intent.prefix)
    clear_interrupted_git(of_plan, intent.branch, intent.started)
    commit = intended_commit(of_plan, intent)
    if commit is not None:
        # Git may have been killed after the commit and before it updated the index.
        of_plan.reset_index(intent.paths)
        clean_up(of_plan, intent)
        return _recovery(intent, RecoveryOutcome.CONFIRMED, commit)
    if _is_written(of_plan, intent):
        return _complete(of_plan, intent)
    if roll_back(of_plan, intent, _is_meant):
        return _recovery(intent, RecoveryOutcome.WITHDRAWN)
    of_plan.reset_index(intent.paths)
    return _recovery(intent, RecoveryOutcome.LEFT)


def _complete(repository: Repository, intent: Intent) -> Recovery:
    """Commit what was written if that is still possible; else roll it back."""
    state = ready_state(repository, intent.name)
    reason: KvartalError | None = None
    if state.branch == intent.branch and _is_plan_uncommitted(repository, intent):
        try:
            commit = commit_intent(repository, intent, _is_meant)
        except GitLocked:
            raise
        except KvartalError as error:
            reason = error
        else:
            clean_up(repository, intent)
            return _recovery(intent, RecoveryOutcome.COMPLETED, commit)
    roll_back(repository, intent, _is_meant)
    return _recovery(intent, RecoveryOutcome.WITHDRAWN, reason=reason)


def _is_plan_uncommitted(repository: Repository, intent: Intent) -> bool:
    """Return whether nobody has committed a different version of the plan since."""
    before = intent.parent and repository.object_id(f"{intent.parent}:./{intent.name}")
    return repository.object_id(f"HEAD:./{intent.name}") == before


def _is_written(repository: Repository, intent: Intent) -> bool:
    digests = {file.path: file.sha256 for file in intent.added} | {intent.name: intent.after}
    return all(file_digest(repository.folder / path) == sha256 for path, sha256 in digests.items())


def _is_meant(_plan: bytes) -> bool:
    """Return whether altered bytes mean the same: after a crash nobody knows what they should."""
    return False


def _recovery(
    intent: Intent,
    outcome: RecoveryOutcome,
    commit: str | None = None,
    reason: KvartalError | None = None,
) -> Recovery:
    return Recovery(outcome, intent.message.partition("\n")[0], commit, reason)
