"""The files that differ between two commits, and which of them are written by this program."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.store.files import TEMPORARY_SUFFIX, digest

EXECUTABLE: Final = "100755"
_PLAIN: Final = ("100644", EXECUTABLE)
_ATTRIBUTES: Final = ".gitattributes"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs between two commits.

    Attributes:
        path: From the root of the repository.
        before: Id of its content in the earlier commit; None where it does not exist.
        after: The same in the later one.
        modes: Its modes in both, as git writes them; ``000000`` where it does not exist.
    """

    path: str
    before: str | None
    after: str | None
    modes: tuple[str, str]

    @property
    def is_plain(self) -> bool:
        """Whether it is an ordinary file on both sides, where it exists."""
        pairs = zip((self.before, self.after), self.modes, strict=True)
        return all(object_id is None or mode in _PLAIN for object_id, mode in pairs)

    def temporary(self, top: Path, token: str) -> Path:
        """Return the temporary file beside it: its new version first, then its old one."""
        place = top / self.path
        return place.with_name(f".{token}-{digest(os.fsencode(place.name))[:8]}{TEMPORARY_SUFFIX}")


def own_files(top: Repository, files: Iterable[ChangedFile]) -> tuple[ChangedFile, ...]:
    """Return the files that are written here, those first that say how others are stored.

    The rest is left to git: links, submodules, where a file and a folder change places, and what a
    sparse checkout may leave out.
    """
    files = tuple(files)
    paths = {PurePosixPath(file.path) for file in files}
    folders = {parent for path in paths for parent in path.parents}
    is_sparse = top.run("config", "--type=bool", "core.sparseCheckout").text.strip() == "true"
    own = (
        file
        for file in files
        if file.is_plain
        and (path := PurePosixPath(file.path)) not in folders
        and paths.isdisjoint(path.parents)
        and not (is_sparse and not (file.before and (top.folder / file.path).exists()))
    )
    return tuple(sorted(own, key=lambda file: not file.path.endswith(_ATTRIBUTES)))
