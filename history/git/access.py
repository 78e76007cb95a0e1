"""What this user may not read of a repository: git calls much of that missing."""

import os
from collections.abc import Iterator
from pathlib import Path


def is_readable(git_dir: Path) -> bool:
    """Return whether this user may read the parts of a git directory that are there."""
    names = ("HEAD", "objects", "refs", "packed-refs")
    parts = (git_dir, *(git_dir / name for name in names))
    return all(os.access(part, os.R_OK) for part in parts if part.exists())


def unreadable_refs(common_dir: Path, folder: str) -> Iterator[Path]:
    """Yield what this user may not read of the refs in a folder.

    Args:
        common_dir: The git directory that all working trees of the repository share.
        folder: Their full names begin with it, such as ``refs/tags/``.
    """
    top = common_dir / folder
    above = (place for place in reversed(top.parents) if common_dir in place.parents)
    for place in (common_dir / "packed-refs", *above, top):
        if place.is_dir() and not os.access(place, os.R_OK | os.X_OK):
            yield place
        if place.is_file() and not os.access(place, os.R_OK):
            yield place
    for parent, folders, files in os.walk(top):
        for name in (*folders, *files):
            needed = os.R_OK | (os.X_OK if name in folders else 0)
            if not os.access(Path(parent, name), needed):
                yield Path(parent, name)


def unreadable_object(common_dir: Path, name: str) -> Path | None:
    """Return what this user may not read where an object would be stored; None for nothing.

    Args:
        common_dir: The git directory that all working trees of the repository share.
        name: The object's full id.
    """
    objects = common_dir / "objects"
    loose, packs = objects / name[:2], objects / "pack"
    folders = [place for place in (objects, loose, packs) if place.exists()]
    for folder in folders:
        if not os.access(folder, os.R_OK | os.X_OK):
            return folder
    files = (loose / name[2:], *(packs.iterdir() if packs in folders else ()))
    return next((file for file in files if file.exists() and not os.access(file, os.R_OK)), None)
