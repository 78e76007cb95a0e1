"""What git prints of trees and of a merge of two, read with git's words given."""

from pathlib import Path
from typing import ClassVar

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.repository import Repository
from kvartal.history.sync.errors import GitTooOld
from kvartal.history.sync.trees import (
    GitMerge,
    TreeEntry,
    files_in,
    files_under,
    merge_with_git,
    write_blob,
)

A, B = "a" * 40, "b" * 40


class _Scripted(Repository):
    """A repository whose git answers as it is told to."""

    answers: ClassVar[dict[str, tuple[int, bytes, str]]] = {}
    asked: ClassVar[list[tuple[str, ...]]] = []

    def run(self, *arguments: str, **_: object) -> GitResult:
        words = [one for one in arguments if not one.startswith("-") and "=" not in one]
        self.asked.append(arguments)
        code, stdout, stderr = self.answers.get(words[0], (0, b"", ""))
        return GitResult(words[0], code, stdout, stderr)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    (tmp_path / ".git/kvartal").mkdir(parents=True)
    _Scripted.answers, _Scripted.asked = {}, []
    return _Scripted(tmp_path, tmp_path / ".git", tmp_path / ".git", "")


def answer(command: str, printed: str = "", *, code: int = 0, stderr: str = "") -> None:
    _Scripted.answers[command] = (code, printed.encode(), stderr)


def test_the_files_of_a_tree_with_their_sizes(repository: Repository) -> None:
    answer(
        "ls-tree",
        f"100644 blob {A}      12\tplan/а\tб.yaml\0"
        f"040000 tree {B}       -\tplan/evidence\0"
        f"120000 blob {B}       3\tplan/link\0"
        f"160000 commit {A}       -\tplan/module\0",
    )
    plain = TreeEntry("100644", A, 12)
    link = TreeEntry("120000", B, 3)
    assert files_in(repository, A, "plan/") == {"plan/а\tб.yaml": plain, "plan/link": link}
    under = files_under(repository, A, "plan")
    assert under == {
        "plan/а\tб.yaml": plain,
        "plan/link": link,
        "plan/module": TreeEntry("160000", A),
    }
    assert plain.is_file
    assert TreeEntry("100755", A).is_file
    assert not link.is_file
    folders = [arguments[-2:] for arguments in _Scripted.asked]
    assert folders == [("--", "plan/"), ("--", "plan")]
    files_in(repository, A, "")
    files_under(repository, A, "")
    assert [arguments[-1] for arguments in _Scripted.asked[2:]] == [A, A]


def test_bytes_are_stored_as_they_are(repository: Repository) -> None:
    answer("hash-object", f"{A}\n")
    assert write_blob(repository, b"x") == A
    answer("hash-object", code=128, stderr="fatal: unable to write")
    with pytest.raises(GitFailed):
        write_blob(repository, b"x")


def test_a_merge_of_two_trees_with_what_conflicts_once_each(repository: Repository) -> None:
    answer("merge-tree", f"{A}\0", code=0)
    assert merge_with_git(repository, A, B) == GitMerge(A, ())
    answer("merge-tree", f"{A}\0plan/a.yaml\0plan/a.yaml\0b\0", code=1)
    assert merge_with_git(repository, A, B) == GitMerge(A, ("plan/a.yaml", "b"))
    called = _Scripted.asked[-1]
    assert called[-2:] == (A, B)
    assert {"merge.renames=false", "merge.directoryRenames=false"} <= set(called)
    assert f"--git-dir={repository.git_dir}" in called


def test_a_git_that_cannot_merge_trees_says_which_it_is(repository: Repository) -> None:
    answer("merge-tree", code=129, stderr="usage: git merge-tree")
    answer("version", "git version 2.30.1\n")
    with pytest.raises(GitTooOld) as caught:
        merge_with_git(repository, A, B)
    assert " 2.30.1" in str(caught.value)
    assert "git version" not in str(caught.value)
    answer("merge-tree", code=128, stderr="fatal: something new")
    with pytest.raises(GitFailed) as failed:
        merge_with_git(repository, A, B)
    assert "something new" in str(failed.value)
