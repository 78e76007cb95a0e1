"""The plan files of a folder and of a whole repository; copies beside them are not plans.

A copy that a person or a sync program left («2024 (копия).yaml», «2024.sync-conflict-….yaml») reads
as a plan and holds the same dates: it is named to the user and never taken for the plan.
"""

import os
import re
from collections.abc import Iterator, Sequence
from os import scandir
from pathlib import Path
from typing import Final
from unicodedata import normalize

from kvartal.schema.errors import N_, KvartalError

FOLDER: Final = "plan"
SUFFIX: Final = ".yaml"

_WORD: Final = (
    r"копи[яию]|резерв\w*|конфликт\w*|copy|copie|kopie|conflict\w*|backup|bak|orig|sync-conflict"
)
_MARK: Final = re.compile(
    rf"[ ._(\[~—–-]+(?:[^/]*?[ ._(\[—–-])?(?:{_WORD})\b.*|[ ]?\([0-9]{{1,2}}\)", re.IGNORECASE
)
_PREFIX: Final = re.compile(r"(?:копия|copy of|copy)[ _-]+(?P<base>.+)", re.IGNORECASE)
_YEARS: Final = re.compile(r"[0-9]{4}(?:-[0-9]{4})?")
_ENDINGS: Final = ("~", ".bak", ".orig", ".old", ".save", ".copy")
"""What editors and merge tools add to a name."""
_PASSED_OVER: Final = frozenset({"node_modules", "__pycache__", "site-packages"})
_MOST_NAMES: Final = 3
"""How many programmes of other folders are named."""


class PlanFolderUnreadable(KvartalError):
    """The folder in which a plan was looked for cannot be read."""

    template = N_(
        "Папку «{path}» прочесть нельзя ({reason}): есть ли в ней программа, не узнать. Откройте "
        "себе доступ к ней или укажите файл: kvartal --plan ПУТЬ."
    )


def plans_in(folder: Path) -> tuple[Path, ...]:
    """Return the plan files of a folder, without copies.

    Raises:
        PlanFolderUnreadable: Whether there are any cannot be known.
    """
    names = _names(folder)
    return tuple(
        folder / name
        for name in names
        if name.endswith(SUFFIX) and not is_copy(name, names) and (folder / name).is_file()
    )


def no_files_in(folder: Path) -> tuple[Path, ...]:
    """Return what has the name of a plan and is no file: a folder, a link that leads nowhere.

    Raises:
        PlanFolderUnreadable: Whether there are any cannot be known.
    """
    names = _names(folder)
    return tuple(
        folder / name
        for name in sorted(names)
        if name.endswith(SUFFIX) and not is_copy(name, names) and not (folder / name).is_file()
    )


def copies_in(folder: Path) -> tuple[Path, ...]:
    """Return the copies of plans in a folder; none where it cannot be read."""
    try:
        names = _names(folder)
    except PlanFolderUnreadable:
        return ()
    return tuple(folder / name for name in sorted(names) if is_copy(name, names))


def is_copy(name: str, beside: frozenset[str]) -> bool:
    """Return whether a file is a copy of a plan, by its name.

    Args:
        name: Its name.
        beside: The names of all files of its folder.
    """
    for ending in _ENDINGS:
        if name.endswith(SUFFIX + ending):
            return _is_plan_name(name.removesuffix(ending), beside)
    if not name.endswith(SUFFIX):
        return False
    stem = normalize("NFC", name.removesuffix(SUFFIX))
    prefixed = _PREFIX.fullmatch(stem)
    if prefixed is not None and _is_plan_name(prefixed["base"] + SUFFIX, beside):
        return True
    return any(
        _is_plan_name(stem[:end] + SUFFIX, beside)
        for end in range(1, len(stem))
        if _MARK.fullmatch(stem, end)
    )


def all_plans(start: Path) -> tuple[Path, ...]:
    """Return every plan file of the repository that a folder is in, in the order of their paths.

    Without a repository those of the nearest folder up that has a ``plan`` folder with any. Git is
    not asked. Folders that are repositories themselves are passed over.

    Args:
        start: A folder, absolute.

    Raises:
        PlanFolderUnreadable: A folder of plans cannot be read.
    """
    top = next((one for one in (start, *start.parents) if (one / ".git").exists()), None)
    if top is None:
        return next(filter(None, (_sorted(one / FOLDER) for one in (start, *start.parents))), ())
    return tuple(path for folder in _plan_folders(top) for path in _sorted(folder))


def names_elsewhere(folder: Path) -> str:
    """Return the first plans of the repository as paths from a folder; empty for none.

    Args:
        folder: Without plans of its own.
    """
    try:
        plans = all_plans(folder.resolve())
    except PlanFolderUnreadable:
        return ""
    return names_of(plans, folder.resolve())


def names_of(plans: Sequence[Path], folder: Path) -> str:
    """Return the first of some plans as paths from a folder, in one line."""
    names = [Path(os.path.relpath(one, folder)).as_posix() for one in plans[:_MOST_NAMES]]
    return ", ".join(names + ["…"] * (len(plans) > _MOST_NAMES))


def carried_path(plan: Path, carried_from: str) -> Path | None:
    """Return the file of the programme that a measure was carried over from; None for none.

    Args:
        plan: The programme that it was carried into.
        carried_from: The path of the earlier one from the root of the repository: data, so that a
            path that leaves the repository is none.
    """
    from kvartal.schema.evidence_paths import is_plan_path

    file = plan.resolve()
    for folder in file.parents:
        if (folder / ".git").exists():
            return _earlier(folder, carried_from, file) if is_plan_path(carried_from) else None
    return None


def _earlier(top: Path, path: str, plan: Path) -> Path | None:
    """Return the file at a path from a repository's root, wherever links lead, if it is inside."""
    from kvartal.schema.evidence_paths import is_own_name

    earlier = (top / path).resolve()
    if earlier == plan or not earlier.is_relative_to(top) or not earlier.is_file():
        return None
    return earlier if all(map(is_own_name, earlier.relative_to(top).parts)) else None


def _sorted(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(plans_in(folder)))


def _plan_folders(top: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(top):
        here = Path(folder)
        if here != top and (".git" in below or ".git" in files):
            below.clear()
            continue
        if here.name == FOLDER:
            yield here
            below.clear()  # Only evidence is below it.
            continue
        below[:] = sorted(
            one for one in below if not one.startswith(".") and one not in _PASSED_OVER
        )


def _names(folder: Path) -> frozenset[str]:
    try:
        with scandir(folder) as entries:
            return frozenset(entry.name for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError as error:
        from kvartal.history.system_errors import system_reason

        raise PlanFolderUnreadable(path=folder, reason=system_reason(error)) from error


def _is_plan_name(name: str, beside: frozenset[str]) -> bool:
    """Return whether a file of this name is a plan: it is there, or named by its years."""
    return name in beside or _YEARS.fullmatch(name.removesuffix(SUFFIX)) is not None
