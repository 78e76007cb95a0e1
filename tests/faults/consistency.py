"""What must hold for a plan and its repository after a program that saved it was killed."""

from collections.abc import Iterable
from pathlib import Path

from kvartal.history.store.ledger import Ledger
from kvartal.history.store.recovery import Recovery
from kvartal.schema.changes import measure_data
from tests.support.repository import MEASURE, git, leftovers, set_responsible


class Inconsistent(Exception):
    """The plan or its repository is inconsistent."""


def check(plan: Path, accepted: Iterable[str] = ()) -> Recovery | None:
    """Check what a killed program left, start again, recover and continue working.

    Args:
        plan: The plan.
        accepted: Ids of the commits that the program had reported as accepted.

    Returns:
        What the new start had to recover.

    Raises:
        Inconsistent: A change was lost, or plan and repository differ.
    """
    repo = Path(git(plan.parent, "rev-parse", "--show-toplevel").strip())
    ledger = Ledger(plan, timeout=20)
    snapshot = ledger.read().checked()
    if snapshot.problems:
        raise Inconsistent(f"the plan is invalid: {snapshot.problems}")
    recovery = ledger.recover()
    commits = set(git(repo, "rev-list", "HEAD").split())
    lost = [commit for commit in accepted if commit not in commits]
    if lost:
        raise Inconsistent(f"accepted and not in HEAD: {lost}")
    check_repository(repo, ledger)
    snapshot = ledger.read()
    now = measure_data(snapshot.data, MEASURE).get("responsible", "")
    ledger.apply(snapshot, set_responsible(snapshot.data, f"{now}+"[-40:]))
    check_repository(repo, ledger)
    return recovery


def check_repository(repo: Path, ledger: Ledger) -> None:
    """Check that disk, index and HEAD agree, and that nothing is left behind.

    Raises:
        Inconsistent: They do not.
    """
    committed = git(repo, "show", f"HEAD:{ledger.path.relative_to(repo).as_posix()}")
    if committed.encode() != ledger.path.read_bytes():
        raise Inconsistent("HEAD and the disk have different plans")
    status = git(repo, "status", "--porcelain", "--untracked-files=all", "--ignored")
    if status:
        raise Inconsistent(f"not as in HEAD: {status}")
    left = list(leftovers(repo))
    if left:
        raise Inconsistent(f"left behind: {left}")
    if git(repo, "fsck", "--no-progress", "--no-dangling", "--connectivity-only"):
        raise Inconsistent("the repository is damaged")
