"""Why git cannot read what it was asked for: absent, lost, damaged, closed or not fetched."""

import posixpath
import re
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from kvartal.history.git.access import unreadable_object
from kvartal.history.git.command import GitResult, decode, run_git
from kvartal.history.git.damage import (
    BorrowedObjectsMissing,
    BranchBlocked,
    BranchLikelyLost,
    BranchLost,
    BranchUnreadable,
    FirstCommitUnnamed,
    HeadUnreadable,
    HistoryOnOtherBranch,
    HistoryOutside,
    ObjectLost,
    ObjectReplaced,
    ObjectUnread,
    PackListDamaged,
)
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import (
    UNREAD,
    GitKilled,
    MaybeNotFetched,
    RepositoryUnreadable,
    borrowed_from,
    command_error,
    says_absent,
)
from kvartal.history.git.git_folder import GitFolder
from kvartal.history.git.reflog import last_logged

HEAD: Final = "HEAD"
BRANCHES: Final = "refs/heads/"
_SYMBOLIC: Final = re.compile(rb"ref: (refs/heads/\S+)\s*$")
_TREE_ENTRY_PARTS: Final = 3
"""Mode, kind and id, before the tab and the name."""


def check_unborn(folder: GitFolder) -> None:
    """Check that HEAD has no commit because the branch has none yet.

    Raises:
        HistoryDamaged: The branch, or its commit, cannot be read.
    """
    branch = folder.run("symbolic-ref", "--quiet", HEAD).text.strip()
    at_head = folder.object_id(HEAD)
    if at_head and folder.run("cat-file", "-t", at_head).code:
        raise object_failure(folder, at_head)
    # Git names an unborn branch, but not one whose file is corrupt.
    if at_head or not branch:
        raise_unread(folder, folder.run("rev-parse", "--verify", f"{HEAD}^{{commit}}"))
        _raise_head_unreadable(folder)
    if not branch.startswith(BRANCHES):
        raise HeadUnreadable(command="symbolic-ref", words=folder.git_dir / HEAD)
    name = branch.removeprefix(BRANCHES)
    last = last_logged(folder.common_dir, branch)
    _check_not_blocked(folder, branch, last)
    if last:
        raise BranchLost(command="rev-parse", branch=name, commit=last, words=branch)
    stored = newest_stored(folder)
    if stored:
        fields = {"command": "rev-parse", "branch": name, "commit": stored, "words": branch}
        other = _other_branch(folder, name, stored)
        raise HistoryOnOtherBranch(**fields, other=other) if other else BranchLikelyLost(**fields)
    top = folder.folder.joinpath(*(".." for _part in PurePosixPath(folder.prefix).parts)).resolve()
    outer = _outer_history(top)
    if outer:
        raise HistoryOutside(command="rev-parse", folder=top, outer=outer, words=top)


def check_no_commit(folder: GitFolder, revision: str) -> None:
    """Check that a revision that git cannot resolve means nothing in this history.

    Raises:
        GitFailed: It may well mean something, which cannot be read or was not fetched.
    """
    name = f"{revision}^{{commit}}"
    result = folder.run("rev-parse", "--verify", "--end-of-options", name)
    raise_unread(folder, result)
    if not says_absent(result.stderr):
        result.checked()
    named = folder.object_id(revision)
    # What was typed as a whole id need not be of this history: the walk below tells.
    if named not in {None, revision.lower()}:  # Not a commit, or one that is lost.
        if folder.run("cat-file", "-e", named).code:
            raise object_failure(folder, named)
        return
    begins = re.split(r"[~^@:]", revision, maxsplit=1)[0]
    start = folder.object_id(f"{begins}^{{commit}}") if begins else None
    if start is None and begins == HEAD:
        check_unborn(folder)
    raise_unread(folder, folder.run("rev-list", "--count", start or "--all"))
    if not revision.startswith("refs/") and folder.is_shallow():
        raise MaybeNotFetched(command="rev-parse", words=revision)


def lost_tree(folder: GitFolder, commit: str, path: str) -> str:
    """Return the id of the first tree on the way to a file that git does not read.

    Git does not even name the tree of a commit that is lost: the commit itself does.

    Args:
        folder: Where git is asked.
        commit: The full id of a commit that can be read.
        path: The file, relative to the folder.

    Raises:
        GitFailed: The commit cannot be read.
    """
    header = folder.run("cat-file", "commit", commit)
    if header.code:
        raise object_failure(folder, commit)
    tree = header.text.partition("\n")[0].removeprefix("tree ")
    for part in PurePosixPath(posixpath.normpath(folder.prefix + path)).parts[:-1]:
        listed = folder.run("ls-tree", "--full-tree", "-z", tree, "--", part)
        entry = listed.text.partition("\t")[0].split(" ")
        if listed.code or len(entry) != _TREE_ENTRY_PARTS:
            break
        tree = entry[-1]
    return tree


def object_failure(folder: GitFolder, name: str) -> GitFailed:
    """Return why an object that has to be there cannot be read.

    Args:
        folder: Where git is asked.
        name: Its full id.
    """
    closed = unreadable_object(folder.common_dir, name)
    if closed is not None:
        return RepositoryUnreadable(command="cat-file", words=closed)
    kind = folder.run("cat-file", "-t", name).text.strip() or "blob"
    result = folder.run("cat-file", kind, name)
    if not result.code:
        return ObjectReplaced(command="cat-file", words=name)
    failed = command_error("cat-file", result.stderr, result.code, result.folder)
    if isinstance(failed, (*UNREAD, GitKilled)):
        return failed
    borrowed, pack = borrowed_from(result.stderr), _unlisted_pack(folder.common_dir)
    if borrowed is not None:
        return BorrowedObjectsMissing(command="cat-file", words=borrowed)
    if pack is not None:
        return PackListDamaged(command="cat-file", words=pack)
    return ObjectLost(command="cat-file", words=name)


def _unlisted_pack(common_dir: Path) -> Path | None:
    """Return a pack whose list of objects is gone, of which git says nothing; None for none."""
    packs = (common_dir / "objects" / "pack").glob("pack-*.pack")
    return next((pack for pack in packs if not pack.with_suffix(".idx").exists()), None)


def raise_unread(folder: GitFolder, result: GitResult) -> None:
    """Raise why git could not read the repository, if that is why a command failed.

    Args:
        folder: Where git was asked.
        result: How the command ended.

    Raises:
        GitFailed: It could not.
    """
    error = command_error(result.command, result.stderr, result.code, result.folder)
    failed = error if result.code else None
    if isinstance(failed, ObjectUnread):
        raise object_failure(folder, str(failed.fields["words"]))
    if isinstance(failed, (*UNREAD, GitKilled)):
        raise failed


def _check_not_blocked(folder: GitFolder, branch: str, last: str) -> None:
    """Check that no folder stands where the file of a branch was.

    Args:
        folder: Where git is asked.
        branch: Its full name; git finds no commit there.
        last: The last commit that it was at, as far as git logged it; empty for none.

    Raises:
        BranchBlocked: One does, and holds no branches.
    """
    place = folder.common_dir / branch
    if not place.is_dir() or not any(place.iterdir()):
        return
    is_of_branches = folder.run("for-each-ref", "--count=1", f"{branch}/").text.strip()
    commit = last or newest_stored(folder, is_first=True)
    if commit and not is_of_branches:
        name = branch.removeprefix(BRANCHES)
        raise BranchBlocked(command="rev-parse", branch=name, commit=commit, words=place)


def head_branch(folder: GitFolder) -> str:
    """Return the full name of the branch that the file HEAD names; empty where it names none.

    Git itself does not tell it where the file of the branch is corrupt.
    """
    with suppress(OSError):
        match = _SYMBOLIC.match((folder.git_dir / HEAD).read_bytes())
        return decode(match[1]) if match else ""
    return ""


def _raise_head_unreadable(folder: GitFolder) -> None:
    """Raise that HEAD leads to no commit, though not for a commit that is lost."""
    name = head_branch(folder).removeprefix(BRANCHES)
    if name:
        raise BranchUnreadable(command="rev-parse", branch=name, words=name)
    raise HeadUnreadable(command="rev-parse", words=folder.git_dir / HEAD)


def _outer_history(top: Path) -> str:
    """Return the top folder of a repository around another one that has its history, or nothing.

    Args:
        top: The top folder of the inner one.
    """
    around = run_git(top.parent, ("rev-parse", "--show-toplevel"))
    listed = run_git(top.parent, ("ls-tree", HEAD, "--", top.name))
    is_tree = not listed.code and " tree " in listed.text.partition("\t")[0]
    return around.text.strip() if is_tree else ""


def _other_branch(folder: GitFolder, branch: str, commit: str) -> str:
    """Return a branch of another name that leads to a commit; empty where there is none.

    A clone of a server whose HEAD names no branch has one, and so has a clone that only fetched.
    """
    listed = folder.run(
        *("for-each-ref", f"--contains={commit}", "--format=%(refname)"),
        *("refs/heads", "refs/remotes"),
    )
    short = re.findall(
        r"^refs/(?:heads|remotes/[^/\n]+)/(.+)$", listed.checked().text, re.MULTILINE
    )
    return next((name for name in short if name not in {branch, HEAD}), "")


def check_begun(folder: GitFolder) -> None:
    """Check that there is no history of this folder where HEAD has no commit.

    Raises:
        FirstCommitUnnamed: Its first commit is stored: it was just not reached, or it was lost.
    """
    first = newest_stored(folder, is_first=True)
    if first:
        branch = head_branch(folder).removeprefix(BRANCHES)
        raise FirstCommitUnnamed(command="rev-parse", branch=branch, commit=first, words=branch)


def newest_stored(folder: GitFolder, *, is_first: bool = False) -> str:
    """Return the newest commit in the store that holds this folder; empty where there is none.

    No ref need lead to it.

    Args:
        folder: The folder.
        is_first: Whether it may have no parent. Such a one may be the first, to which a crash kept
            the branch from being set.

    Raises:
        GitFailed: What is stored cannot be read.
    """
    kinds = folder.read_text(
        *("cat-file", "--batch-all-objects", "--unordered"),
        "--batch-check=%(objecttype) %(objectname)",
    )
    stored = re.findall(r"^commit (.+)$", kinds, re.MULTILINE)
    listed = folder.run(
        *("rev-list", "--no-walk=sorted", "--parents", "--stdin"),
        stdin="\n".join(stored).encode("ascii"),
    )
    commits = [line.split() for line in listed.checked().text.splitlines()]
    inner = {parent for _commit, *parents in commits for parent in parents}
    for commit, *parents in commits:
        is_tip = commit not in inner and bool(is_first or parents or folder.is_shallow())
        if is_tip and folder.read("ls-tree", "-z", commit):
            return commit
    return ""
