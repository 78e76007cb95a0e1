"""Plans that were removed from a history: one of them may have gone on under another name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.git.command import run, text
from kvartal.history.git.repository import Repository, find_repository

_ENDINGS: Final = (".yaml", ".yml")
_MEASURES: Final = re.compile(rb"^measures:", re.MULTILINE)
_YEAR: Final = re.compile(rb"^year:[ \t]*([0-9]{4})", re.MULTILINE)
_LOG: Final = (
    *("--no-replace-objects", "log", "--full-history", "--no-renames", "--diff-filter=D"),
    *("--format=", "--raw", "--no-abbrev", "-z"),
)


@dataclass(frozen=True, slots=True)
class RemovedPlans:
    """The removed plans of a history.

    Attributes:
        repository: The repository.
        objects: Its objects.
        tree: Hash of the tree at its end.
        plan: Path of the plan that is verified: it is none of them.
    """

    repository: Repository
    objects: ObjectReader
    tree: str
    plan: str

    def of_year(
        self, content: bytes, there: Sequence[tuple[str, str]], commit: str
    ) -> tuple[str, str] | None:
        """Return path and version of a plan of one year that is there no more; None for none.

        Args:
            content: A plan of that year.
            there: Paths and contents of the files that were there when it came.
            commit: The commit in which it came.
        """
        year = _YEAR.search(content)
        for path, blob in (*there, *_removed(self.repository, commit)) if year else ():
            is_named = path.endswith(_ENDINGS) and path != self.plan
            is_there = is_named and self.objects.at(self.tree, path) is not None
            if not is_named or is_there or not self.is_plan(path, blob):
                continue
            other = _YEAR.search(self.objects.blob(blob))
            if year and other and other[1] == year[1]:
                return path, blob
        return None

    def is_plan(self, path: str, blob: str) -> bool:
        """Tell whether a file looks like a plan."""
        return _is_plan(self.objects, path, blob)


def last_removed(folder: Path) -> Path | None:
    """Return where the plan stood that was removed last; None where none was.

    Args:
        folder: Any folder of the repository.

    Raises:
        KvartalError: Git refuses, or there is no repository.
    """
    repository = find_repository(folder)
    top = repository.at("").folder
    listed = repository.at("").read("ls-files", "--deleted", "--stage", "-z")
    lost = (line.partition("\t") for line in text(listed).split("\0") if line)
    gone = [(path, what.split()[1]) for what, _, path in lost if path.endswith(_ENDINGS)]
    head = repository.commit_id()
    with ObjectReader(repository) as objects:
        gone += _removed(repository, head) if head else ()
        for path, blob in gone:
            if _is_plan(objects, path, blob):
                return top / path
    return None


def was_there(path: Path) -> bool:
    """Tell whether a file that is not on the disk is in the history.

    Raises:
        KvartalError: Git refuses, or there is no repository.
    """
    real = path.resolve()
    repository = find_repository(next(folder for folder in real.parents if folder.is_dir()))
    done = run(repository.folder, ("log", "-1", "--full-history", "--format=%H", "--", str(real)))
    return done.code == 0 and bool(done.out.strip())


def _is_plan(objects: ObjectReader, path: str, blob: str) -> bool:
    return path.endswith(_ENDINGS) and _MEASURES.search(objects.blob(blob)) is not None


def _removed(repository: Repository, commit: str) -> Iterator[tuple[str, str]]:
    """Yield path and content of every plan-like file removed up to a commit, newest first."""
    done = run(repository.folder, (*_LOG, commit, "--"))
    told = text(done.out).lstrip("\0").split("\0") if done.code == 0 else []
    for what, path in zip(told[::2], told[1::2], strict=False):
        parts = what.lstrip(":").split()
        if len(parts) == 5 and path.endswith(_ENDINGS):  # noqa: PLR2004 - two modes, two hashes
            yield path, parts[2]
