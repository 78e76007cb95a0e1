"""The year 2024 of the real programme, from the first commit to the last quarter's report.

It is deterministic: names, dates and contents are fixed, so two runs give the same commits. It is
consistent with its commit messages too, except for one commit made with git alone that can be left
out.
"""

import os
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from shutil import copyfile

from tests.scenarios.first_half import BEGINNING, FIRST_QUARTER, SECOND_QUARTER
from tests.scenarios.second_half import FOURTH_QUARTER, THIRD_QUARTER
from tests.scenarios.working_copy import NAME, Step, WorkingCopy, identity

PATIENCE = 60.0
PLAN = Path(__file__).resolve().parents[2] / "plan" / NAME


def year(folder: Path, *, until: str = "9999-12-31", outside_program: bool = True) -> Path:
    """Write the history of the year to a new repository and return its plan file.

    Args:
        folder: The folder for the repository; must be missing or empty.
        until: The last day, ISO.
        outside_program: Whether to include the commit made with git alone.
    """
    end = date.fromisoformat(until)
    with tempfile.TemporaryDirectory() as temporary:
        copy = WorkingCopy(folder, Path(temporary, "clone"))
        for step in all_steps():
            if date.fromisoformat(step.moment[:10]) > end:
                break
            if outside_program or not step.outside_program:
                perform(copy, step)
    return copy.plan


def shared_year(base: Path) -> Path:
    """Return the repository of the whole year, built once for all workers of a test run.

    Args:
        base: The worker's folder for temporary files; those of one run have the same parent.
    """
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shared, own = place / "year-2024", base / "year-2024-of-this-worker"
    if not shared.exists() and not _is_built_by_another(shared):
        plan = year(own)
        WorkingCopy(own, own).git("repack", "-a", "-d", "-q")
        with suppress(OSError):  # Another worker may have stopped waiting and built it too.
            own.rename(shared)
        return shared if shared.exists() else plan.parents[1]
    return shared


def _is_built_by_another(shared: Path) -> bool:
    """Wait if another worker is already building the year; tell whether it finished."""
    try:
        shared.with_name("year-2024-is-being-made").mkdir()
    except FileExistsError:
        end = time.monotonic() + PATIENCE
        while not shared.exists() and time.monotonic() < end:
            time.sleep(0.1)
    return shared.exists()


def all_steps() -> tuple[Step, ...]:
    """Return the steps of the whole year, in order."""
    return (*BEGINNING, *FIRST_QUARTER, *SECOND_QUARTER, *THIRD_QUARTER, *FOURTH_QUARTER)


def perform(copy: WorkingCopy, step: Step) -> None:
    """Perform a step under the name and at the moment it states."""
    with identity(step.person, step.moment):
        if not copy.plan.exists():
            _prepare(copy)
        if not step.in_clone:
            step.action(copy)
            return
        if not copy.other.exists():
            copy.git("clone", "-q", str(copy.repo), str(copy.other))
        step.action(WorkingCopy(copy.other, copy.repo))


def _prepare(copy: WorkingCopy) -> None:
    """Create an empty repository with the published plan in it, uncommitted."""
    copy.plan.parent.mkdir(parents=True)
    copyfile(PLAN, copy.plan)
    command = ["git", "init", "-q", "-b", "main", "--template=", "--object-format=sha1"]
    subprocess.run([*command, str(copy.repo)], check=True)
