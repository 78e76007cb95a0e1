"""Which plans ``kvartal verify`` is about: a deleted one too, since that is a finding."""

import os
from dataclasses import replace
from os.path import lexists
from pathlib import Path
from typing import Final

from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import every_plan, selected_plans, warn_of_no_files
from kvartal.tui.plans.files import FOLDER, SUFFIX
from kvartal.tui.plans.path import VARIABLE, NoSuchPlanFile, PlanNotFound, PlanSelection

_NOT_CHECKED_OUT: Final = "S "
"""Begins the line of a file that a sparse checkout leaves out of the working files."""


def plans_to_verify(options: CommonOptions, *, every: bool) -> PlanSelection:
    """Return the plan files; deleted ones too, since that is a finding.

    Args:
        options: What the user said of them.
        every: Whether every plan of the repository is meant where none is named; else it is the
            one that the date chooses.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is none and never was.
    """
    try:
        if not every:
            return selected_plans(options)
        selection = every_plan(options)
        warn_of_no_files(selection)
        return _with_deleted(selection)
    except NoSuchPlanFile:
        path = Path.cwd() / (options.plans[-1] if options.plans else os.environ[VARIABLE])
        if len(options.plans) <= 1 and _was_committed(path):
            return PlanSelection((path,))
        raise
    except PlanNotFound:
        removed = _removed_plan()
        if removed is None:
            raise
        return PlanSelection((removed,))


def _with_deleted(selection: PlanSelection) -> PlanSelection:
    """Return the plans of a repository with those that are at HEAD and not on the disk."""
    from kvartal.history.git.discovery import find_repository
    from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree

    if selection.is_named:
        return selection
    try:
        top = find_repository(selection.paths[0].parent).at("")
    except (GitMissing, NotARepository, NoWorkTree):
        return selection
    # HEAD tells it without the index, which may be damaged; what was removed with `git rm` as well.
    names = top.run("ls-tree", "-r", "-z", "--name-only", "HEAD").text.split("\0")
    at_head = {top.folder / name for name in names if name.endswith(SUFFIX)}
    deleted = {path for path in at_head if path.parent.name == FOLDER and not lexists(path)}
    if deleted:
        listed = top.run("ls-files", "-t", "-z").text.split("\0")
        deleted -= {top.folder / line[2:] for line in listed if line.startswith(_NOT_CHECKED_OUT)}
    paths = tuple(sorted({*selection.paths, *deleted}))
    return replace(selection, paths=paths, is_choice=len(paths) > 1)


def _was_committed(path: Path) -> bool:
    from kvartal.history.audit.earlier_plans import is_in_history
    from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree

    try:
        return is_in_history(path)
    except (GitMissing, NotARepository, NoWorkTree):  # No history: the missing file is reported.
        return False


def _removed_plan() -> Path | None:
    from kvartal.history.audit.earlier_plans import find_removed_plan
    from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree

    try:
        return find_removed_plan(Path.cwd())
    except (GitMissing, NotARepository, NoWorkTree):
        return None
