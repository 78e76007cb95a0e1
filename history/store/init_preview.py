"""What beginning the history of a programme would do, before anything is written."""

from dataclasses import dataclass
from pathlib import Path

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import NoIdentity, NotARepository
from kvartal.history.git.identity import knows_identity
from kvartal.history.store.init_repository import repository_folder
from kvartal.history.store.repo_state import PlanStatus, ready_state
from kvartal.history.store.snapshot import InvalidPlan, read_snapshot


@dataclass(frozen=True, slots=True)
class InitPreview:
    """What beginning a history would do.

    Attributes:
        folder: The folder of the repository.
        is_new: Whether the repository would be created.
        is_begun: Whether the plan is in its history already, as it is on disk.
    """

    folder: Path
    is_new: bool = False
    is_begun: bool = False


def preview_init(path: Path) -> InitPreview:
    """Return what `init_repository` would do.

    Args:
        path: The plan file.

    Raises:
        InvalidPlan: The programme has problems.
        NoIdentity: Git knows no author.
        KvartalError: Git or the state of the repository prevents it.
    """
    plan = path.resolve()
    snapshot = read_snapshot(path).checked()
    status = PlanStatus.NEW
    try:
        repository = find_repository(plan.parent)
    except NotARepository:
        preview = InitPreview(repository_folder(plan), is_new=True)
    else:
        status = ready_state(repository, plan.name).plan or status
        is_begun = status is PlanStatus.COMMITTED
        preview = InitPreview(repository.at("").folder, is_begun=is_begun)
        if is_begun:
            return preview
    if status is PlanStatus.NEW and snapshot.problems:
        raise InvalidPlan(snapshot.problems)
    if not knows_identity(plan.parent):
        raise NoIdentity
    return preview
