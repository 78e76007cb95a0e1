"""Repairs what prevents a programme from being saved.

A repository is trusted, a name for the commits given, a stale lock moved away, an edit made outside
this program committed or moved away. Each call is the answer to a question that the screen or a
command has asked.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import Snapshot

if TYPE_CHECKING:
    from kvartal.history.git.driver_setup import SetupReport
    from kvartal.history.git.errors import GitFailed, GitLocked
    from kvartal.history.git.identity import Identity
    from kvartal.history.store.ledger import SaveResult
    from kvartal.history.store.manual_edits import ManualEdits
    from kvartal.history.sync.remote import RemoteBranch

_NEEDED_GIT: Final = (2, 38)


def identity(programme: Programme) -> "Identity":
    """Return the author of the commits as git is configured; what it does not know is empty.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.git.identity import configured_identity

    return configured_identity(programme.repository())


def set_identity(programme: Programme, identity: "Identity") -> None:
    """Write the author of the commits into the repository's own settings.

    Raises:
        KvartalError: Git refused.
    """
    from kvartal.history.git.local_settings import set_identity
    from kvartal.history.store.call_note import noted_settings

    with noted_settings(programme.repository()) as repository:
        set_identity(repository, identity)


def set_up_driver(programme: Programme, *, remove: bool, dry_run: bool) -> "SetupReport":
    """Let git merge and compare the programme by fields in this clone, or no longer do so.

    Args:
        programme: The programme.
        remove: Remove what was set up.
        dry_run: Only return what would be written or removed.

    Raises:
        KvartalError: Git refused, or another writer is at work.
        OSError: The clone's own attributes cannot be written.
    """
    from kvartal.history.git import driver_setup
    from kvartal.history.store.call_note import noted_settings

    repository = programme.repository()
    name, program = programme.path.resolve().name, driver_setup.this_program()
    with nullcontext(repository) if dry_run else noted_settings(repository) as held:
        if remove:
            return driver_setup.remove(held, dry_run=dry_run)
        return driver_setup.install(held, name, program, dry_run=dry_run)


def trust(programme: Programme, top: str) -> None:
    """Write into the user's own settings that git is to trust a repository of another owner.

    Args:
        programme: The programme.
        top: The repository's folder, spelt as git does.

    Raises:
        KvartalError: Git refused.
    """
    from kvartal.history.git.identity import trust_repository

    trust_repository(programme.path.resolve().parent, top)


def git_version() -> str:
    """Return the version of git.

    Raises:
        GitMissing: There is no git program.
        GitTooOld: It cannot merge without working files, as a sync does.
    """
    from kvartal.history.git.command import run_git
    from kvartal.history.sync.errors import GitTooOld

    version = run_git(Path.cwd(), ("--version",)).checked().text.split()[2]
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < _NEEDED_GIT:
        raise GitTooOld(version=version)
    return version


def author(folder: Path) -> "Identity | None":
    """Return the author of commits made in a folder, which need be no repository; None if unknown.

    Raises:
        KvartalError: Git cannot be started.
    """
    from kvartal.history.git.identity import author_and_committer

    return author_and_committer(folder)


def check_begun(programme: Programme) -> None:
    """Check that a history which seems to be empty is.

    Raises:
        FirstCommitUnnamed: Its first commit is stored, and no branch leads to it.
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.git.unread import check_begun

    repository = programme.repository()
    if repository.commit_id() is None:
        check_begun(repository)


def history_damage(programme: Programme) -> "GitFailed | None":
    """Return what is missing or corrupt in the history; None where nothing is.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.git.integrity import find_damage

    return find_damage(programme.repository())


def broken_refs(programme: Programme) -> "dict[str, GitFailed]":
    """Return the refs that cannot be read, but that of the branch at HEAD, each with the reason.

    Raises:
        GitFailed: It is not known which refs there are.
        KvartalError: There is no repository.
    """
    from kvartal.history.git.integrity import passed_over_refs

    return passed_over_refs(programme.repository())


def has_identity(programme: Programme) -> bool:
    """Return whether git knows the author of the commits.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.git.identity import has_identity

    return has_identity(programme.repository())


def has_driver(programme: Programme) -> bool:
    """Return whether git merges and compares the programme by fields in this clone.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.git.driver_setup import is_installed, this_program

    return is_installed(programme.repository(), programme.path.resolve().name, this_program())


def is_without_driver(programme: Programme) -> bool:
    """Return whether git was told nothing in this clone about merging the programme.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.git.driver_setup import is_untouched

    return is_untouched(programme.repository(), programme.path.resolve().name)


def remote_branch(programme: Programme, branch: str) -> "RemoteBranch":
    """Return what a sync of a branch would exchange with; nothing is asked over the network.

    Raises:
        NoRemote: There is nothing.
        SeveralRemotes: Nothing says which of several remotes is meant.
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.sync.remote import find_remote_branch

    return find_remote_branch(programme.repository(), branch)


def blocking_lock(programme: Programme, branch: str | None) -> "GitLocked | None":
    """Return which lock file of git prevents saving; a `StaleLock` if no git holds it any more.

    Args:
        programme: The programme.
        branch: The branch at HEAD, if there is one.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.store.git_locks import first_lock

    return first_lock(programme.repository(), branch or "")


def unlock(programme: Programme) -> tuple[Path, ...]:
    """Move away the lock files that killed git processes left; return where they are now.

    Raises:
        KvartalError: There is no repository that can be asked, or another writer is at work.
    """
    from kvartal.history.store.git_locks import remove_stale_locks
    from kvartal.history.store.repo_state import git_state
    from kvartal.history.store.write_lock import write_lock

    repository = programme.repository()
    with write_lock(repository.git_dir):
        branch = git_state(repository, programme.path.resolve().name).branch
        return remove_stale_locks(repository, branch or "")


def manual_edits(programme: Programme) -> "ManualEdits":
    """Return what was edited in the file outside this program.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    from kvartal.history.diff.words import Words
    from kvartal.history.store.manual_edits import find_manual_edits

    return find_manual_edits(programme.path, Words(programme.translate), programme.name or None)


def adopt(programme: Programme, snapshot: Snapshot, reason: str = "") -> "SaveResult":
    """Commit manual edits of the file as a change of their own.

    Args:
        programme: The programme.
        snapshot: The programme with the edits in it.
        reason: Why they were made, for the commit message.

    Raises:
        KvartalError: They were not saved; everything is as before.
    """
    result = programme.ledger().adopt(snapshot, reason=reason)
    programme.note_written(result.snapshot.digest)
    return result


def move_edits_away(programme: Programme, seen: str | None) -> Path | None:
    """Restore the file of HEAD; return the copy of the edited one, if there was a file.

    Args:
        programme: The programme.
        seen: SHA-256 of the file that was decided about.

    Raises:
        KvartalError: It could not be done; the file is as it was.
    """
    from kvartal.history.store.manual_edits import move_manual_edits_away

    return move_manual_edits_away(programme.path, seen)


def check_move_away(programme: Programme, edits: "ManualEdits") -> None:
    """Check that `move_edits_away` would find what it needs; nothing is written.

    Raises:
        KvartalError: It would refuse.
    """
    from kvartal.history.store.manual_edits import NoCommittedVersion, NoManualEdits

    name = programme.path.resolve().name
    if edits.is_new:
        raise NoCommittedVersion(plan=name)
    if edits.digest is not None and not programme.state().is_edited:
        raise NoManualEdits(plan=name)


def restore_evidence(programme: Programme, files: Iterable[tuple[str, str]]) -> tuple[Path, ...]:
    """Put evidence files back as HEAD has them; return the copies of those that were altered.

    Args:
        programme: The programme.
        files: Path and SHA-256 of each, as the programme states them.

    Raises:
        KvartalError: Not all of them are back.
    """
    from kvartal.history.store.evidence_restore import restore_evidence

    return restore_evidence(programme.path, files)
