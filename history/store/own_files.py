"""The programme's own files, which are no evidence: plans, and what git keeps, under any name."""

import os
from pathlib import Path

from kvartal.history.store.attachment_errors import (
    AttachmentIsPlan,
    AttachmentOfGit,
    AttachmentUnreadable,
)
from kvartal.history.store.state_folder import git_dir_of
from kvartal.history.system_errors import system_reason


def check_not_own(source: Path, folder: Path) -> None:
    """Check that a file that can be attached is no file of the programme itself, hard links too.

    Args:
        source: The file.
        folder: The plan's folder.

    Raises:
        AttachmentIsPlan: It is a plan of the folder.
        AttachmentOfGit: It is a file of the programme's git directory under a second name.
        AttachmentUnreadable: It cannot be looked at any more.
    """
    try:
        if any(
            path.exists() and path.samefile(source) for path in folder.iterdir() if _is_yaml(path)
        ):
            raise AttachmentIsPlan(path=source)
        status = source.stat()
        real = _git_file(status, folder) if status.st_nlink > 1 else None
    except (OSError, ValueError) as error:
        raise AttachmentUnreadable(path=source, words=system_reason(error)) from error
    if real is not None:
        raise AttachmentOfGit(path=source, real=real)


def may_be_attached(path: Path, folder: Path) -> bool:
    """Return whether a file is worth offering, as far as its name tells: a plan is not.

    Args:
        path: The file.
        folder: The plan's folder.
    """
    return not (_is_yaml(path) and path.resolve().parent == folder.resolve())


def _is_yaml(path: Path) -> bool:
    return path.suffix.casefold() in {".yaml", ".yml"}


def _git_file(status: os.stat_result, folder: Path) -> Path | None:
    """Return under which name the programme's git directory has a file; None where it has not."""
    git_dir = git_dir_of(folder.resolve())
    if git_dir is None:
        return None
    common = git_dir.parent.parent if git_dir.parent.name == "worktrees" else git_dir
    if not common.is_dir() or common.stat().st_dev != status.st_dev:
        return None
    for inner, _folders, _names in os.walk(common):
        with os.scandir(inner) as entries:
            for entry in entries:
                if entry.inode() == status.st_ino:
                    return Path(entry.path)
    return None
