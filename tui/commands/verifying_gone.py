"""Which plan ``kvartal verify`` is about: also one whose file is gone, for that is a finding."""

import os
from pathlib import Path

from kvartal.history.audit.gone import last_removed, was_there
from kvartal.schema.errors import KvartalError
from kvartal.tui.commands.opening import plan_path
from kvartal.tui.commands.options import Asked
from kvartal.tui.locate import VARIABLE, NoPlan, PlanMissing


def path_to_verify(asked: Asked) -> Path:
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
