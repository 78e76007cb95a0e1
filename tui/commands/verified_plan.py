"""Which plans ``kvartal verify`` is about: a deleted one too, since that is a finding."""

import os
from pathlib import Path

from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import selected_plans
from kvartal.tui.plan_path import VARIABLE, NoSuchPlanFile, PlanNotFound, PlanSelection


def plans_to_verify(options: CommonOptions) -> PlanSelection:
    """Return the plan files; a deleted one too, since that is a finding.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is none and never was.
    """
    try:
        return selected_plans(options)
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
