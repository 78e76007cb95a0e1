"""Which plan ``kvartal verify`` is about: a deleted one too, since that is a finding."""

import os
from pathlib import Path

from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import plan_path
from kvartal.tui.plan_path import VARIABLE, NoSuchPlanFile, PlanNotFound


def plan_to_verify(options: CommonOptions) -> Path:
    """Return the plan file; a deleted one too, since that is a finding.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is none and never was.
    """
    try:
        return plan_path(options)
    except NoSuchPlanFile:
        path = Path.cwd() / (options.plan or os.environ[VARIABLE])
        if _was_committed(path):
            return path
        raise
    except PlanNotFound:
        removed = _removed_plan()
        if removed is None:
            raise
        return removed


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
