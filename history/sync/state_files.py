"""What sync stores in the git directory: git calls in progress, and what is known of the remote.

A git process that is killed while it talks to a remote leaves lock files of refs and settings,
which would stop the next one. So a note is written before each such call; if it is still there at
the next start, it names the lock files that may be moved away.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from kvartal.history.git.errors import CallStopped
from kvartal.history.git.repository import Repository
from kvartal.history.store.files import write_errors
from kvartal.history.store.git_locks import remove_locks, remove_remote_locks
from kvartal.history.store.state_folder import (
    backup_folder,
    lock_names,
    make_own_folder,
    note_time,
    read_note,
    state_folder,
    write_note,
)
from kvartal.history.sync.divergence import Divergence
from kvartal.history.sync.folder_remote import git_dirs
from kvartal.history.sync.merge_folder import delete_stale_folders
from kvartal.history.sync.remote import RemoteBranch

# The names of the files are older than those of the program: clones in use have them.
_CALL: Final = "errand.json"
_MERGE_FILES: Final = ".merge_file_*"
_REF_LOCKS: Final = ("refs/remotes/**/*.lock", "refs/tags/**/*.lock", "refs/kvartal/**/*.lock")
"""What a fetch or a push may leave besides the locks of its branch, here and in a folder remote."""
_CLOCK_TOLERANCE: Final = 2.0  # Seconds by which modification times may be off.
_SHARED_COMMITS: Final = "shared.json"
_PUSHED_TAGS: Final = "marks.json"
_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHOWN_CONFLICTS: Final = "disputes.json"


@contextmanager
def call_in_progress(
    repository: Repository, remote_branch: RemoteBranch, folders: Iterable[Path] = ()
) -> Iterator[None]:
    """Keep a note of a git call that may leave lock or temporary files, while the block runs.

    Args:
        repository: The repository.
        remote_branch: The branch that git is called for.
        folders: The git directories of the remote that a push writes to itself.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    locks = (f"{remote_branch.tracking}.lock", "config.lock", "shallow.lock", "packed-refs.lock")
    path = state_folder(repository.git_dir) / _CALL
    remote = {str(folder): _locks_there(remote_branch) for folder in folders}
    started = time.time()
    write_note(path, {"started": started, "locks": locks, "remote": remote}, is_locked=False)
    try:
        yield
    except (CallStopped, KeyboardInterrupt):
        raise  # A stopped call may have left lock files: the next start checks.
    except BaseException:
        with suppress(OSError):
            _delete_merge_files(repository, started)
            path.unlink(missing_ok=True)
        raise
    # A note that stays takes nothing back: the next call replaces it.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def clear_interrupted_call(repository: Repository) -> None:
    """Move away the lock files that a killed call left, if there was one."""
    delete_stale_folders(repository.git_dir)
    path = state_folder(repository.git_dir) / _CALL
    call = _read(path)
    if call:
        started = note_time(call)
        git_dir = repository.common_dir
        names = (*lock_names(call.get("locks")), *_ref_locks(git_dir, started))
        remove_locks(repository, [git_dir / name for name in names], started)
        _delete_merge_files(repository, started)
        remote: Any = call.get("remote")
        with suppress(OSError):  # Where it cannot be done, the push says what holds it up.
            for folder in _folder_remotes(repository) if isinstance(remote, dict) else ():
                if str(folder) in remote:
                    locks = (*lock_names(remote[str(folder)]), *_ref_locks(folder, started))
                    remove_remote_locks(folder, locks, started)
    with suppress(OSError):
        path.unlink(missing_ok=True)


def move_broken_ref(repository: Repository, ref: str) -> Path | None:
    """Move the file of a ref that holds no hash to the backups; return where it is now.

    Git neither writes over such a file nor deletes it. What it named can only be fetched anew.

    Args:
        repository: The repository.
        ref: Full name of the ref.

    Returns:
        None where it has no such file, or one that holds a hash after all.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    top = repository.common_dir.resolve()
    path, copy = top / ref, backup_folder(repository.common_dir) / ref.replace("/", "_")
    # Behind a link there may be anything.
    if path.resolve() != path or not path.is_file():
        return None
    with write_errors(copy):
        if _ID.match(path.read_text("utf-8", "replace")):
            return None
        make_own_folder(copy.parent)
        path.replace(copy)
    return copy


def remove_left_there(remote_branch: RemoteBranch, folders: Iterable[Path], started: float) -> None:
    """Move away the locks that a push of ours has left in a folder remote and could not delete.

    Args:
        remote_branch: The branch that was pushed.
        folders: The git directories of the remote.
        started: When the push began, in seconds since the epoch.
    """
    for folder in folders:
        with suppress(OSError):  # The next push says what is in its way.
            remove_remote_locks(folder, _locks_there(remote_branch), started)


def _locks_there(remote_branch: RemoteBranch) -> tuple[str, ...]:
    return (f"{remote_branch.target}.lock", "HEAD.lock", "packed-refs.lock", "shallow.lock")


def _ref_locks(git_dir: Path, started: float) -> list[str]:
    """Return the lock files of refs that a call may have left, from the git directory."""
    found = (path for pattern in _REF_LOCKS for path in git_dir.glob(pattern))
    earliest = started - _CLOCK_TOLERANCE
    new = (path for path in found if path.lstat().st_mtime >= earliest)
    return [path.relative_to(git_dir).as_posix() for path in new]


def _folder_remotes(repository: Repository) -> tuple[Path, ...]:
    """Return the git directories of all remotes that are folders: a note names no others."""
    remotes = repository.run("remote").text.split("\n")
    return tuple(path for remote in filter(None, remotes) for path in git_dirs(repository, remote))


def _delete_merge_files(repository: Repository, started: float) -> None:
    """Delete the temporary files that a killed `git merge-tree` left among the user's.

    Args:
        repository: The repository.
        started: When the call began, in seconds since the epoch; older ones are not ours.
    """
    for path in repository.at("").folder.glob(_MERGE_FILES):
        if path.stat().st_mtime >= started - _CLOCK_TOLERANCE:
            path.unlink(missing_ok=True)


def last_shared_commit(repository: Repository, remote_branch: RemoteBranch) -> str | None:
    """Return the last commit that both sides were seen to have; None where nothing is known.

    The tracking ref does not say that: after the remote's history was rewritten, anybody's first
    fetch moves it.
    """
    commit = _read(state_folder(repository.common_dir) / _SHARED_COMMITS).get(_key(remote_branch))
    return commit if isinstance(commit, str) and _ID.fullmatch(commit) else None


def save_shared_commit(repository: Repository, remote_branch: RemoteBranch, commit: str) -> None:
    """Save that both sides have a commit.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    path = state_folder(repository.common_dir) / _SHARED_COMMITS
    commits = _read(path)
    if commits.get(_key(remote_branch)) != commit:
        write_note(path, {**commits, _key(remote_branch): commit}, is_locked=False)


def pushed_tags(repository: Repository, remote_branch: RemoteBranch) -> dict[str, str]:
    """Return the tags that the remote was sent, rejected ones too: object ids by ref."""
    tags = _read(state_folder(repository.common_dir) / _PUSHED_TAGS).get(remote_branch.remote)
    return tags if isinstance(tags, dict) else {}


def save_pushed_tags(
    repository: Repository, remote_branch: RemoteBranch, tags: Mapping[str, str]
) -> None:
    """Save which tags the remote was sent.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    path = state_folder(repository.common_dir) / _PUSHED_TAGS
    write_note(path, {**_read(path), remote_branch.remote: dict(tags)}, is_locked=False)


def save_shown_conflicts(git_dir: Path, divergence: Divergence) -> None:
    """Save that the conflicts between two commits were shown: later choices are meant for them.

    Args:
        git_dir: The git directory of the working tree.
        divergence: What was shown.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    write_note(
        state_folder(git_dir) / _SHOWN_CONFLICTS,
        [divergence.ours, divergence.theirs],
        is_locked=False,
    )


def were_conflicts_shown(git_dir: Path, divergence: Divergence) -> bool | None:
    """Return whether the conflicts shown last were those between these two commits.

    Returns:
        None where none were ever shown.
    """
    pair = read_note(state_folder(git_dir) / _SHOWN_CONFLICTS)
    return None if pair is None else bool(pair == [divergence.ours, divergence.theirs])


def _key(remote_branch: RemoteBranch) -> str:
    return f"{remote_branch.remote}/{remote_branch.branch}"


def _read(path: Path) -> dict[str, Any]:
    data = read_note(path)
    return data if isinstance(data, dict) else {}
