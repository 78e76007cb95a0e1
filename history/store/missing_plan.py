"""A plan file that is not on the disk although the last commit holds it: found, to be had back."""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from kvartal.history.git.errors import OutsideSparseCheckout
from kvartal.history.git.repository import Repository, find_repository

Choice = Callable[[list[Path]], Path | None]
"""Chooses among plans of one folder."""


def kept_plan(folder: Path, plans: str, suffix: str, choose: Choice) -> Path | None:
    """Return the plan that HEAD holds for a folder, or for one above it, and the disk does not.

    Args:
        folder: Where a plan was looked for; it need not be there any more.
        plans: The name of the folders that hold plans.
        suffix: How the names of plans end.
        choose: Tells which of several plans of one folder is meant.

    Raises:
        OutsideSparseCheckout: It is outside the part of the repository that is checked out.
        KvartalError: There is no repository that can be asked.
    """
    top = find_repository(_standing(folder)).at("")
    listed = top.read_text("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    names = [PurePosixPath(name) for name in listed if name.endswith(suffix)]
    for above in (folder, *folder.parents):
        gone = [
            top.folder / name
            for name in names
            if top.folder / name.parent == above / plans and _is_gone(top.folder / name)
        ]
        found = choose(gone)
        if found is not None:
            return _checked(top, found)
    return None


def is_kept(path: Path) -> bool:
    """Tell whether HEAD holds a file that the disk does not.

    Args:
        path: The file, absolute.

    Raises:
        OutsideSparseCheckout: It is outside the part of the repository that is checked out.
        KvartalError: There is no repository that can be asked.
    """
    top = find_repository(_standing(path.parent)).at("")
    if not path.is_relative_to(top.folder) or not _is_gone(path):
        return False
    if top.object_id(f"HEAD:{path.relative_to(top.folder).as_posix()}") is None:
        return False
    return bool(_checked(top, path))


def _is_gone(path: Path) -> bool:
    """Tell whether a file is not there: neither a link to nowhere nor in a folder kept closed."""
    folder = path.parent
    is_closed = folder.is_dir() and not os.access(folder, os.X_OK)
    return not is_closed and not os.path.lexists(path)


def _standing(folder: Path) -> Path:
    """Return the nearest folder that is there: that of the plans may be gone with the plan."""
    return next(above for above in (folder, *folder.parents) if above.is_dir())


def _checked(top: Repository, path: Path) -> Path:
    name = path.relative_to(top.folder).as_posix()
    if top.read("ls-files", "-t", "-z", "--", name).startswith(b"S "):
        raise OutsideSparseCheckout(
            paths=name, folder=path.parent.relative_to(top.folder).as_posix()
        )
    return path
