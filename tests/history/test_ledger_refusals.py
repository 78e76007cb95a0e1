"""Every state in which git will not commit: its sentence, and everything exactly as before."""

import os
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.diagnosis import commit_error
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import (
    DiskFull,
    GitLocked,
    NoIdentity,
    NotARepository,
    ReadOnlyFolder,
    UnmergedPaths,
)
from kvartal.history.store import commit, git_locks
from kvartal.history.store.errors import (
    DetachedHead,
    OperationInProgress,
    PlanChangedOutside,
    PlanDeleted,
    PlanHidden,
    PlanIgnored,
    UncommittedEdits,
)
from kvartal.history.store.files import swap as exchanged
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.repo_state import PlanStatus
from kvartal.schema.errors import KvartalError
from tests.support.repository import (
    changed_paths,
    record_with_file,
    refused_record,
    set_responsible,
    visible_state,
)
from tests.support.repository import git as plain_git

Git = Callable[..., str]

posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")

pytestmark = pytest.mark.usefixtures("short_waits")


def test_a_missing_identity_is_reported_and_none_is_invented(
    ledger: Ledger, repo: Path, git: Git, act: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    # A machine with a full name is one where git would make an address up.
    monkeypatch.setenv("EMAIL", "")
    assert "git config --local user.name" in str(refused_record(ledger, repo, act, NoIdentity))
    before = ledger.read()
    change = set_responsible(before.data, "Отдел ОК")
    with pytest.raises(NoIdentity):
        ledger.preview(before, change)
    git("config", "user.name", "Иванова Анна")
    refused_record(ledger, repo, act, NoIdentity)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "a@tests.example")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "a@tests.example")
    assert ledger.preview(before, change).snapshot.data != before.data
    assert ledger.apply(before, change).commit


def test_a_detached_head_is_reported(ledger: Ledger, repo: Path, git: Git, act: Path) -> None:
    git("checkout", "--quiet", "--detach")
    refused_record(ledger, repo, act, DetachedHead)


def diverge(repo: Path, git: Git) -> None:
    """Give `main` and `other` a file each with the same name and another content."""
    git("switch", "--quiet", "-c", "other")
    (repo / "x.txt").write_text("other\n", encoding="utf-8")
    git("add", "x.txt")
    git("commit", "-qm", "other")
    git("switch", "--quiet", "main")
    (repo / "x.txt").write_text("main\n", encoding="utf-8")
    git("add", "x.txt")
    git("commit", "-qm", "main")


@pytest.mark.parametrize(
    ("command", "operation"),
    [
        (("merge", "other"), "merge"),
        (("rebase", "other"), "rebase"),
        (("rebase", "--apply", "other"), "rebase"),
        (("cherry-pick", "other"), "cherry-pick"),
        (("revert", "--no-edit", "HEAD^"), "revert"),
    ],
)
def test_an_unfinished_operation_is_reported(
    ledger: Ledger, repo: Path, git: Git, act: Path, command: tuple[str, ...], operation: str
) -> None:
    diverge(repo, git)
    if operation == "revert":
        (repo / "x.txt").write_text("again\n", encoding="utf-8")
        git("commit", "-qam", "again")
    plain_git(repo, *command, check=False)
    found = visible_state(repo)
    before = ledger.read()
    with pytest.raises(OperationInProgress) as caught:
        ledger.apply(before, *record_with_file(before.data, ledger.path, act))
    assert caught.value.fields["operation"] == operation
    assert visible_state(repo) == found
    state = ledger.state()
    assert isinstance(state.obstacle, OperationInProgress)


def test_a_bisection_is_reported(ledger: Ledger, repo: Path, git: Git, act: Path) -> None:
    git("bisect", "start")
    assert "`git bisect reset`" in str(refused_record(ledger, repo, act, OperationInProgress))


def test_conflicts_of_other_files_without_a_merge_stay_as_they_are(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    diverge(repo, git)
    git("switch", "--quiet", "other")
    (repo / "x.txt").write_text("stashed\n", encoding="utf-8")
    git("stash")
    git("switch", "--quiet", "main")
    plain_git(repo, "stash", "pop", check=False)
    conflict = git("ls-files", "--unmerged")
    before = ledger.read()
    ledger.apply(before, *record_with_file(before.data, ledger.path, act))
    assert len(changed_paths(repo)) == 3
    assert git("ls-files", "--unmerged") == conflict


def test_a_plan_in_conflict_is_reported(ledger: Ledger, repo: Path, git: Git) -> None:
    blobs = [git("hash-object", "-w", "plan/2024.yaml").strip()] * 3
    lines = "".join(
        f"100644 {blob} {stage}\tplan/2024.yaml\n" for stage, blob in enumerate(blobs, 1)
    )
    git("rm", "--quiet", "--cached", "plan/2024.yaml")
    subprocess.run(
        ["git", "update-index", "--index-info"], cwd=repo, input=lines, text=True, check=True
    )
    before = ledger.read()
    with pytest.raises(UnmergedPaths) as caught:
        ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert caught.value.fields["paths"] == "2024.yaml"
    by_git = commit_error(find_repository(repo / "plan"), GitResult("commit", 128, b"", ""))
    assert isinstance(by_git, UnmergedPaths)
    assert by_git.fields["paths"] == "plan/2024.yaml"


def test_an_ignored_plan_is_reported(programme: Path, repo: Path, git: Git, act: Path) -> None:
    git("rm", "--quiet", "--cached", "plan/2024.yaml")
    (repo / ".gitignore").write_text("plan/\n", encoding="utf-8")
    git("add", ".gitignore")
    git("commit", "-qm", "Без плана")
    refused_record(Ledger(programme), repo, act, PlanIgnored)


@pytest.mark.parametrize("mark", ["--skip-worktree", "--assume-unchanged"])
def test_a_plan_that_git_skips_is_reported(
    ledger: Ledger, repo: Path, git: Git, act: Path, mark: str
) -> None:
    git("update-index", mark, "plan/2024.yaml")
    refused_record(ledger, repo, act, PlanHidden)


def test_manual_edits_come_first(ledger: Ledger, repo: Path, act: Path) -> None:
    ledger.path.write_bytes(ledger.path.read_bytes() + b"# note\n")
    assert ledger.state().is_edited
    refused_record(ledger, repo, act, UncommittedEdits)


def test_what_is_staged_of_the_plan_alone_is_no_edit(ledger: Ledger, repo: Path, git: Git) -> None:
    text = ledger.path.read_bytes()
    ledger.path.write_bytes(text + b"# staged\n")
    git("add", "plan")
    ledger.path.write_bytes(text)
    state = ledger.state()
    assert state.plan is PlanStatus.COMMITTED
    before = ledger.read()
    assert ledger.apply(before, set_responsible(before.data, "Отдел ОК")).commit


def test_a_missing_file_is_reported_and_a_merge_before_a_changed_file(
    ledger: Ledger, repo: Path, git: Git
) -> None:
    before = ledger.read()
    change = set_responsible(before.data, "Отдел ОК")
    ledger.path.unlink()
    with pytest.raises(PlanDeleted):
        ledger.apply(before, change)
    assert not ledger.path.exists()
    ledger.path.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    with pytest.raises(PlanChangedOutside):
        ledger.apply(before, change)
    (repo / ".git" / "MERGE_HEAD").write_text(git("rev-parse", "HEAD"), encoding="ascii")
    with pytest.raises(OperationInProgress):
        ledger.apply(before, change)


def test_a_missing_repository_is_reported(tmp_path: Path, programme: Path) -> None:
    plan = tmp_path / "2024.yaml"
    plan.write_bytes(programme.read_bytes())
    ledger = Ledger(plan)
    before = ledger.read()
    with pytest.raises(NotARepository) as caught:
        ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert "git init" in str(caught.value)
    assert isinstance(ledger.state().obstacle, NotARepository)
    assert plan.read_bytes() == programme.read_bytes()


def test_a_lock_of_a_different_git_is_reported_and_left_alone(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    lock = repo / ".git" / "index.lock"
    before = ledger.read()
    found = visible_state(repo)
    lock.touch()
    os.utime(lock, (0, time.mktime((2024, 3, 31, 12, 0, 0, 0, 0, 0))))
    with pytest.raises(GitLocked) as caught:
        ledger.apply(before, *record_with_file(before.data, ledger.path, act))
    assert "31.03.2024 12:00:00" in str(caught.value)
    assert lock.exists()
    lock.unlink()
    assert visible_state(repo) == found


@posix
def test_a_lock_that_comes_in_between_is_waited_for(
    ledger: Ledger, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "GIT_TIMEOUT", 20)
    monkeypatch.setattr(git_locks, "GIT_TIMEOUT", 20)
    lock = repo / ".git" / "index.lock"

    def swap(path: Path, other: Path, *, expected: str) -> None:
        exchanged(path, other, expected=expected)
        lock.touch()
        threading.Timer(0.5, lock.unlink).start()

    monkeypatch.setattr(commit, "swap", swap)
    before = ledger.read()
    assert ledger.apply(before, set_responsible(before.data, "Отдел ОК")).commit


@pytest.mark.parametrize(
    ("error", "kind"), [(28, DiskFull), (30, ReadOnlyFolder), (13, ReadOnlyFolder)]
)
@pytest.mark.parametrize("failing", ["write_new_file", "swap", "write_added"])
def test_a_disk_that_refuses_leaves_all_as_before(
    ledger: Ledger,
    repo: Path,
    act: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: int,
    kind: type[KvartalError],
    failing: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    name = (
        "kvartal.history.store.evidence_files.write_new_file"
        if failing == "write_added"
        else f"{commit.__name__}.{failing}"
    )
    monkeypatch.setattr(name, refuse)
    refused_record(ledger, repo, act, kind)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder_is_reported(ledger: Ledger, repo: Path, act: Path) -> None:
    folder = ledger.path.parent
    rights = stat.S_IMODE(folder.stat().st_mode)
    folder.chmod(0o555)
    try:
        refused_record(ledger, repo, act, ReadOnlyFolder)
    finally:
        folder.chmod(rights)
