"""What the branch at HEAD names: a commit, or something that git does not commit on."""

from typing import Final

from kvartal.history.git.damage import BranchNotAtCommit, BranchUnreadable, HistoryDamaged
from kvartal.history.git.git_folder import GitFolder
from kvartal.history.git.unread import BRANCHES, HEAD, head_branch

_NO_COMMITS: Final = frozenset({"tree", "blob", "tag"})


def misplaced_branch(folder: GitFolder) -> HistoryDamaged | None:
    """Return that the branch at HEAD names something else than a commit; None where it does not.

    A tag of a commit is read by git like that commit, and nothing can be written on it.

    Args:
        folder: Where git is asked.
    """
    named, commit = folder.object_id(HEAD), folder.object_id(f"{HEAD}^{{commit}}")
    branch = head_branch(folder).removeprefix(BRANCHES)
    if not named or named == commit or not branch:
        return None
    if commit is not None:
        return BranchNotAtCommit(command="commit", branch=branch, commit=commit, words=named)
    # A commit that is lost or damaged is reported as such.
    kind = folder.run("cat-file", "-t", named).text.strip()
    if kind not in _NO_COMMITS:
        return None
    return BranchUnreadable(command="rev-parse", branch=branch, words=branch)
