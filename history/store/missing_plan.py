"""Plan files that were deleted from disk although HEAD still holds them."""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import OutsideSparseCheckout
from kvartal.history.git.repository import Repository

Choice = Callable[[list[Path]], Path | None]
"""Chooses one of the plans of a folder."""


def deleted_plan(folder: Path, plans: str, suffix: str, choose: Choice) -> Path | None:
    """Return the deleted plan that HEAD holds for a folder or one above it; None for none.

    Args:
        folder: Where a plan was looked for; it need not exist.
        plans: The name of the folders that hold plans.
        suffix: How the names of plans end.
        choose: Chooses one of several plans of a folder.

    Raises:
        OutsideSparseCheckout: It is outside the sparse checkout.
        NotARepository, NoWorkTree, GitMissing: There is no history that could hold one.
        KvartalError: There is one, and it cannot be read.
    """
    top = find_repository(_existing_folder(folder)).at("")
    if top.commit_id() is None:
        return None
    paths = top.read_text("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    names = [PurePosixPath(path) for path in paths if path.endswith(suffix)]
    for parent in (folder, *folder.parents):
        deleted = [
            top.folder / name
            for name in names
            if top.folder / name.parent == parent / plans and _is_missing(top.folder / name)
        ]
        chosen = choose(deleted)
        if chosen is not None:
            _check_sparse_checkout(top, chosen)
            return chosen
    return None


def is_deleted(path: Path) -> bool:
    """Return whether HEAD holds a file that does not exist on disk.

    Args:
        path: The file, absolute.

    Raises:
        OutsideSparseCheckout: It is outside the sparse checkout.
        NotARepository, NoWorkTree, GitMissing: There is no history that could hold one.
        KvartalError: There is one, and it cannot be read.
    """
    top = find_repository(_existing_folder(path.parent)).at("")
    if not path.is_relative_to(top.folder) or not _is_missing(path):
        return False
    if not top.holds("HEAD", path.relative_to(top.folder).as_posix()):
        return False
    _check_sparse_checkout(top, path)
    return True


def _is_missing(path: Path) -> bool:
    """Return whether a file does not exist: no broken link, and not in a folder without access."""
    folder = path.parent
    is_inaccessible = folder.is_dir() and not os.access(folder, os.X_OK)
    return not is_inaccessible and not os.path.lexists(path)


def _existing_folder(folder: Path) -> Path:
    """Return the nearest folder that exists: that of the plans may be deleted with the plan."""
    return next(parent for parent in (folder, *folder.parents) if parent.is_dir())


def _check_sparse_checkout(top: Repository, path: Path) -> None:
    name = path.relative_to(top.folder).as_posix()
    if top.read("ls-files", "-t", "-z", "--", name).startswith(b"S "):
        folder = path.parent.relative_to(top.folder).as_posix()
        raise OutsideSparseCheckout(paths=name, folder=folder)
