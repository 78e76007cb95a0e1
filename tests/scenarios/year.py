"""The year 2024 of the real programme, from the first commit to the last quarter's report.

It is deterministic: names, dates and contents are fixed, so two runs give the same commits. It is
honest too, but for one commit that was made with git alone and can be left out.
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
from tests.scenarios.working_copy import NAME, Deed, Desk, acting

PATIENCE = 60.0
PLAN = Path(__file__).resolve().parents[2] / "plan" / NAME


def year(folder: Path, *, until: str = "9999-12-31", by_hand: bool = True) -> Path:
    """Write the history of the year to a new repository and return its plan file.

    Args:
        folder: Where the repository is to be: a folder that is not there yet, or is empty.
        until: The last day, ISO.
        by_hand: Whether somebody commits with git alone, past the program.
    """
    end = date.fromisoformat(until)
    with tempfile.TemporaryDirectory() as away:
        desk = Desk(folder, Path(away, "clone"))
        for deed in story():
            if date.fromisoformat(deed.moment[:10]) > end:
                break
            if by_hand or not deed.by_hand:
                do(desk, deed)
    return desk.plan


def shared_year(base: Path) -> Path:
    """Return the repository of the whole year, made once for all workers of a test run.

    Args:
        base: The worker's folder for temporary files; those of one run lie side by side.
    """
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shared, own = place / "year-2024", base / "year-2024-of-this-worker"
    if not shared.exists() and not _somebody_makes(shared):
        plan = year(own)
        Desk(own, own).git("repack", "-a", "-d", "-q")
        with suppress(OSError):  # Another worker may have waited long enough and made it too.
            own.rename(shared)
        return shared if shared.exists() else plan.parents[1]
    return shared


def _somebody_makes(shared: Path) -> bool:
    """Wait for another worker that makes the year already; tell whether it did."""
    try:
        shared.with_name("year-2024-is-being-made").mkdir()
    except FileExistsError:
        end = time.monotonic() + PATIENCE
        while not shared.exists() and time.monotonic() < end:
            time.sleep(0.1)
    return shared.exists()


def story() -> tuple[Deed, ...]:
    """Return all that happens, in order."""
    return (*BEGINNING, *FIRST_QUARTER, *SECOND_QUARTER, *THIRD_QUARTER, *FOURTH_QUARTER)


def do(desk: Desk, deed: Deed) -> None:
    """Let somebody do what is told of them."""
    with acting(deed.person, deed.moment):
        if not desk.plan.exists():
            _prepare(desk)
        if not deed.elsewhere:
            deed.work(desk)
            return
        if not desk.other.exists():
            desk.git("clone", "-q", "--local", str(desk.repo), str(desk.other))
        deed.work(Desk(desk.other, desk.repo))


def _prepare(desk: Desk) -> None:
    """Make an empty repository with the plan beside it, as it is published."""
    desk.plan.parent.mkdir(parents=True)
    copyfile(PLAN, desk.plan)
    command = ["git", "init", "-q", "-b", "main", "--template=", "--object-format=sha1"]
    subprocess.run([*command, str(desk.repo)], check=True)
