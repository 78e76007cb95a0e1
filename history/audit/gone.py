"""Plans that were removed from a history: one of them may have gone on under another name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.objects import Objects
from kvartal.history.git.git import run, text
from kvartal.history.git.repository import Repository

_ENDINGS: Final = (".yaml", ".yml")
_MEASURES: Final = re.compile(rb"^measures:", re.MULTILINE)
_YEAR: Final = re.compile(rb"^year:[ \t]*([0-9]{4})", re.MULTILINE)
_LOG: Final = (
    *("--no-replace-objects", "log", "--full-history", "--no-renames", "--diff-filter=D"),
    *("--format=", "--raw", "--no-abbrev", "-z"),
)


@dataclass(frozen=True, slots=True)
class Gone:
    """The removed plans of a history.

    Attributes:
        repository: The repository.
        objects: Its objects.
        tree: Hash of the tree at its end.
        plan: Path of the plan that is verified: it is none of them.
    """

    repository: Repository
    objects: Objects
    tree: str
    plan: str

    def of_year(
        self, content: bytes, there: Sequence[tuple[str, str]], commit: str
    ) -> tuple[str, str] | None:
        """Return path and version of a plan of one year that is there no more; None for none.

        Args:
            content: A plan of that year.
            there: Paths and contents of the plans that were there when it came.
            commit: The commit in which it came.
        """
        year = _YEAR.search(content)
        for path, blob in (*there, *self._removed_before(commit)) if year else ():
            is_there = path == self.plan or self.objects.at(self.tree, path) is not None
            if is_there or not self.is_plan(path, blob):
                continue
            other = _YEAR.search(self.objects.blob(blob))
            if year and other and other[1] == year[1]:
                return path, blob
        return None

    def is_plan(self, path: str, blob: str) -> bool:
        """Tell whether a file looks like a plan."""
        is_named = path.endswith(_ENDINGS)
        return is_named and _MEASURES.search(self.objects.blob(blob)) is not None

    def _removed_before(self, commit: str) -> Iterator[tuple[str, str]]:
        """Yield path and content of every file that was removed before a commit, newest first."""
        done = run(self.repository.folder, (*_LOG, commit, "--"))
        told = text(done.out).lstrip("\0").split("\0") if done.code == 0 else []
        for what, path in zip(told[::2], told[1::2], strict=False):
            parts = what.lstrip(":").split()
            if len(parts) == 5 and path.endswith(_ENDINGS):  # noqa: PLR2004 - two modes, two hashes
                yield path, parts[2]
