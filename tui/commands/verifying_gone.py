"""Which plan ``kvartal verify`` is about: also one whose file is gone, for that is a finding."""

import os
from pathlib import Path

from kvartal.history.audit.earlier_plans import last_removed, was_there
from kvartal.schema.errors import KvartalError
from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import plan_path
from kvartal.tui.plan_path import VARIABLE, NoPlan, PlanMissing


def path_to_verify(asked: CommonOptions) -> Path:
    """Return the plan file, there or not: one that the history holds can be verified.

    Raises:
        NoPlan, PlanMissing, NoPlanInFolder: There is none and was none.
    """
    try:
        return plan_path(asked)
    except PlanMissing:
        named = Path.cwd() / (asked.plan or os.environ[VARIABLE])
        if _is_known(named):
            return named
        raise
    except NoPlan:
        removed = _removed()
        if removed is None:
            raise
        return removed


def _is_known(path: Path) -> bool:
    try:
        return was_there(path)
    except KvartalError:  # No repository, or none that git opens: then no file is the thing to say.
        return False


def _removed() -> Path | None:
    try:
        return last_removed(Path.cwd())
    except KvartalError:
        return None
