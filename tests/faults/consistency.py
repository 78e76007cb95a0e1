"""What must hold of a plan and its repository after a program that kept it was killed."""

from collections.abc import Iterable
from pathlib import Path

from kvartal.history.store.ledger import Ledger
from kvartal.history.store.recovery import Recovery
from kvartal.schema.changes import measure_data
from tests.support.repository import MEASURE, git, leftovers, set_responsible


class Broken(Exception):
    """Something does not hold."""


def check(plan: Path, accepted: Iterable[str] = ()) -> Recovery | None:
    """Look at what a killed program left, start anew, and go on working.

    Args:
        plan: The plan.
        accepted: Ids of the commits that the program had told as accepted.

    Returns:
        What the new start had to heal.

    Raises:
        Broken: Something does not hold.
    """
    repo = Path(git(plan.parent, "rev-parse", "--show-toplevel").strip())
    ledger = Ledger(plan, timeout=20)
    found = ledger.read()
    if found.checked().problems:
        raise Broken(f"the plan is not whole: {found.problems}")
    healed = ledger.recover()
    kept = set(git(repo, "rev-list", "HEAD").split())
    lost = [commit for commit in accepted if commit not in kept]
    if lost:
        raise Broken(f"accepted and not in HEAD: {lost}")
    _check_standing(repo, ledger)
    snapshot = ledger.read()
    now = measure_data(snapshot.data, MEASURE).get("responsible", "")
    ledger.apply(snapshot, set_responsible(snapshot.data, f"{now}+"[-40:]))
    _check_standing(repo, ledger)
    return healed


def _check_standing(repo: Path, ledger: Ledger) -> None:
    held = git(repo, "show", f"HEAD:{ledger.path.relative_to(repo).as_posix()}")
    if held.encode() != ledger.path.read_bytes():
        raise Broken("HEAD holds another plan than the disk")
    status = git(repo, "status", "--porcelain", "--untracked-files=all", "--ignored")
    if status:
        raise Broken(f"not as HEAD has it: {status}")
    left = list(leftovers(repo))
    if left:
        raise Broken(f"left behind: {left}")
    if git(repo, "fsck", "--no-progress", "--no-dangling", "--connectivity-only"):
        raise Broken("the repository is damaged")
