"""What sync stores in the git directory: git calls in progress, and what is known of the remote.

A git process that is killed while it talks to a remote leaves lock files of refs and settings,
which would stop the next one. Each such call is therefore noted down first; if the note is still
there at the next start, it names the files that may be moved away.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from kvartal.history.git.errors import CallStopped
from kvartal.history.git.repository import Repository
from kvartal.history.store.files import writing
from kvartal.history.store.git_locks import clear_locks
from kvartal.history.store.write_lock import FOLDER
from kvartal.history.sync.divergence import Divergence
from kvartal.history.sync.remote import RemoteBranch

_ERRAND: Final = "errand.json"
_KNOWN: Final = "shared.json"
_MARKS: Final = "marks.json"
_SHOWN: Final = "disputes.json"


@contextmanager
def call_in_progress(repository: Repository, way: RemoteBranch) -> Iterator[None]:
    """Note down that git is called to alter what follows a remote, while the block runs.

    Args:
        repository: The repository.
        way: The branches.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    names = (f"{way.tracking}.lock", "config.lock", "shallow.lock", "packed-refs.lock")
    path = repository.git_dir / FOLDER / _ERRAND
    _write(path, {"started": time.time(), "locks": names})
    try:
        yield
    except CallStopped:
        raise  # What was ended may have left locks: the next start looks.
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)


def clear_interrupted_call(repository: Repository) -> None:
    """Put aside the lock files that a killed call left; nothing where none was killed."""
    path = repository.git_dir / FOLDER / _ERRAND
    told = _read(path)
    if told:
        names: Sequence[str] = told.get("locks", ())
        started = float(told.get("started", 0))
        clear_locks(repository, [repository.common_dir / name for name in names], started)
    path.unlink(missing_ok=True)


def known(repository: Repository, way: RemoteBranch) -> str | None:
    """Return the last commit that both sides were seen to hold, as far as that is known here.

    Not the tracking ref, which follows a remote whose history was rewritten at the first fetch, by
    whomever it is made.
    """
    told = _read(repository.common_dir / FOLDER / _KNOWN).get(_name(way))
    return told if isinstance(told, str) else None


def save_shared_commit(repository: Repository, way: RemoteBranch, commit: str) -> None:
    """Note down that both sides hold a commit.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    path = repository.common_dir / FOLDER / _KNOWN
    told = _read(path)
    if told.get(_name(way)) != commit:
        _write(path, {**told, _name(way): commit})


def pushed_tags(repository: Repository, way: RemoteBranch) -> dict[str, str]:
    """Return the marks that the remote was sent or did not take: ids of the tags by their refs."""
    told = _read(repository.common_dir / FOLDER / _MARKS).get(way.remote)
    return told if isinstance(told, dict) else {}


def save_pushed_tags(repository: Repository, way: RemoteBranch, marks: Mapping[str, str]) -> None:
    """Note down which marks the remote was sent.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    path = repository.common_dir / FOLDER / _MARKS
    _write(path, {**_read(path), way.remote: dict(marks)})


def _name(way: RemoteBranch) -> str:
    return f"{way.remote}/{way.branch}"


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _write(path: Path, told: object) -> None:
    temporary = path.with_name(f"{path.name}.new")
    with writing(path):
        path.parent.mkdir(exist_ok=True)
        temporary.write_text(json.dumps(told), encoding="ascii")
        temporary.replace(path)


def save_shown_conflicts(git_dir: Path, divergence: Divergence) -> None:
    """Note down that the conflicts between two commits were shown.

    Args:
        git_dir: The git directory of the working tree.
        divergence: What was shown.

    Raises:
        KvartalError: The git directory cannot be written.
    """
    _write(git_dir / FOLDER / _SHOWN, [divergence.ours, divergence.theirs])


def were_conflicts_shown(git_dir: Path, divergence: Divergence) -> bool:
    """Tell whether the conflicts between just these two commits were shown last."""
    try:
        pair = json.loads((git_dir / FOLDER / _SHOWN).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(pair == [divergence.ours, divergence.theirs])
