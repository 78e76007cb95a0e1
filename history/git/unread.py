"""Why git cannot read what it was asked for: absent, lost, damaged, closed or not fetched."""

import posixpath
import re
from pathlib import PurePosixPath
from typing import Final

from kvartal.history.git.access import unreadable_object
from kvartal.history.git.command import GitResult
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import (
    UNREAD,
    BranchLikelyLost,
    BranchLost,
    GitKilled,
    HistoryDamaged,
    HistoryOnOtherBranch,
    MaybeNotFetched,
    ObjectLost,
    ObjectReplaced,
    ObjectUnread,
    RepositoryUnreadable,
    command_error,
    says_absent,
)
from kvartal.history.git.git_folder import GitFolder
from kvartal.history.git.reflog import last_logged

HEAD: Final = "HEAD"
_FROM_OBJECTS: Final = ("-c", "core.commitGraph=false")
_TREE_ENTRY_PARTS: Final = 3
"""Mode, kind and id, before the tab and the name."""


def check_unborn(folder: GitFolder) -> None:
    """Check that HEAD has no commit because the branch has none yet.

    Raises:
        HistoryDamaged: The branch, or its commit, cannot be read.
    """
    branch = folder.run("symbolic-ref", "--quiet", HEAD).text.strip()
    # Git names an unborn branch, but not one whose file is corrupt.
    if not branch or folder.object_id(HEAD):
        raise_unread(folder, folder.run("rev-parse", "--verify", f"{HEAD}^{{commit}}"))
        raise HistoryDamaged(command="rev-parse", words=branch or HEAD)
    name = branch.removeprefix("refs/heads/")
    last = last_logged(folder.common_dir, branch)
    if last:
        raise BranchLost(command="rev-parse", branch=name, commit=last, words=branch)
    stored = newest_stored(folder)
    if stored:
        fields = {"command": "rev-parse", "branch": name, "commit": stored, "words": branch}
        other = _other_branch(folder, name, stored)
        raise HistoryOnOtherBranch(**fields, other=other) if other else BranchLikelyLost(**fields)


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
    # A commit-graph lists lost commits as if they were there.
    raise_unread(folder, folder.run(*_FROM_OBJECTS, "rev-list", "--count", start or "--all"))
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
    result = folder.run("cat-file", "blob", name)
    if not result.code:
        return ObjectReplaced(command="cat-file", words=name)
    failed = command_error("cat-file", result.stderr, result.code)
    is_known = isinstance(failed, (*UNREAD, GitKilled))
    return failed if is_known else ObjectLost(command="cat-file", words=name)


def raise_unread(folder: GitFolder, result: GitResult) -> None:
    """Raise why git could not read the repository, if that is why a command failed.

    Args:
        folder: Where git was asked.
        result: How the command ended.

    Raises:
        GitFailed: It could not.
    """
    failed = command_error(result.command, result.stderr, result.code) if result.code else None
    if isinstance(failed, ObjectUnread):
        raise object_failure(folder, str(failed.fields["words"]))
    if isinstance(failed, (*UNREAD, GitKilled)):
        raise failed


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


def newest_stored(folder: GitFolder) -> str:
    """Return the newest commit in the store that holds this folder; empty where there is none.

    No ref need lead to it. One without a parent may be the first, to which a crash kept the branch
    from being set: it does not count.

    Raises:
        GitFailed: What is stored cannot be read.
    """
    kinds = folder.read_text(
        *("cat-file", "--batch-all-objects", "--unordered"),
        "--batch-check=%(objecttype) %(objectname)",
    )
    stored = re.findall(r"^commit (.+)$", kinds, re.MULTILINE)
    listed = folder.run(
        *(*_FROM_OBJECTS, "rev-list", "--no-walk=sorted", "--parents", "--stdin"),
        stdin="\n".join(stored).encode("ascii"),
    )
    commits = [line.split() for line in listed.checked().text.splitlines()]
    inner = {parent for _commit, *parents in commits for parent in parents}
    for commit, *parents in commits:
        is_tip = commit not in inner and bool(parents or folder.is_shallow())
        if is_tip and folder.read("ls-tree", "-z", commit):
            return commit
    return ""
