"""The next start recovers after a crash; what others have done since is never touched."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kvartal.history.git.errors import GitLocked, HookRefusedSilently
from kvartal.history.messages.trailers import parse_trailers
from kvartal.history.store import commit, git_locks
from kvartal.history.store.errors import DetachedHead
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.recovery import RecoveryOutcome
from kvartal.schema.changes import ChangeKind
from tests.support.repository import (
    Crash,
    changed_paths,
    record_with_file,
    recovered_from_crash,
    set_responsible,
    subjects,
    visible_state,
)
from tests.support.repository import git as plain_git

Git = Callable[..., str]


@pytest.fixture
def crash(ledger: Ledger, act: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that records with evidence and crashes instead of a step of it."""

    def end(*_: object, **__: object) -> None:
        raise Crash

    def run(step: str) -> None:
        before = ledger.read()
        change = record_with_file(before.data, ledger.path, act)
        with monkeypatch.context() as patch:
            for name in (step, "roll_back", "clean_up"):
                patch.setattr(commit, name, end)
            with pytest.raises(Crash):
                ledger.apply(before, *change)
        assert ledger.state().is_unfinished
        assert not ledger.state().is_edited

    return run


def test_with_nothing_to_heal_nothing_is_done(ledger: Ledger, repo: Path) -> None:
    found = visible_state(repo)
    assert ledger.recover() is None
    assert visible_state(repo) == found
    assert not (repo / ".git" / "kvartal").exists()


@pytest.mark.parametrize("step", ["write_added", "write_new_file", "swap"])
def test_what_was_not_written_yet_is_dropped(
    ledger: Ledger, repo: Path, crash: Callable[[str], None], step: str
) -> None:
    found = visible_state(repo)
    crash(step)
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.WITHDRAWN
    assert visible_state(repo) == found


def test_what_was_written_is_committed_with_its_message(
    ledger: Ledger, repo: Path, crash: Callable[[str], None]
) -> None:
    crash("commit_intent")
    found = recovered_from_crash(ledger, repo)
    assert (found.outcome, found.commit) == (
        RecoveryOutcome.COMPLETED,
        visible_state(repo).head.strip(),
    )
    assert found.subject == subjects(repo)[0]
    assert parse_trailers(plain_git(repo, "log", "-1", "--format=%B")).kind is ChangeKind.RECORD
    assert len(changed_paths(repo)) == 3
    assert plain_git(repo, "status", "--porcelain") == ""


def test_what_was_committed_is_confirmed(
    ledger: Ledger, repo: Path, crash: Callable[[str], None]
) -> None:
    crash("clean_up")
    found = recovered_from_crash(ledger, repo)
    assert (found.outcome, found.commit) == (
        RecoveryOutcome.CONFIRMED,
        visible_state(repo).head.strip(),
    )
    assert len(subjects(repo)) == 2


def test_the_next_change_heals_too(
    ledger: Ledger, repo: Path, crash: Callable[[str], None]
) -> None:
    crash("commit_intent")
    before = ledger.read()
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert len(subjects(repo)) == 3
    assert visible_state(repo).leftovers == []


def test_a_plan_opened_by_a_different_program_is_recovered_from_there(
    ledger: Ledger, repo: Path, git: Git, crash: Callable[[str], None]
) -> None:
    other = repo / "иная папка" / "2025.yaml"
    other.parent.mkdir()
    other.write_bytes(ledger.path.read_bytes())
    git("add", ".")
    git("commit", "-qm", "Второй план")
    crash("commit_intent")
    assert recovered_from_crash(Ledger(other), repo).outcome is RecoveryOutcome.COMPLETED
    assert git("status", "--porcelain") == ""


def test_what_git_refuses_now_is_taken_back_and_said(
    ledger: Ledger, repo: Path, crash: Callable[[str], None]
) -> None:
    found = visible_state(repo)
    crash("commit_intent")
    hook = repo / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    hook.chmod(0o755)
    told = recovered_from_crash(ledger, repo)
    assert (told.outcome, type(told.reason)) == (RecoveryOutcome.WITHDRAWN, HookRefusedSilently)
    assert visible_state(repo) == found


def test_nothing_is_recovered_until_the_obstacle_is_removed(
    ledger: Ledger, repo: Path, git: Git, crash: Callable[[str], None]
) -> None:
    crash("commit_intent")
    git("checkout", "--quiet", "--detach")
    with pytest.raises(DetachedHead):
        ledger.recover()
    git("switch", "--quiet", "main")
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.COMPLETED


def test_on_another_branch_nothing_is_committed(
    ledger: Ledger, repo: Path, git: Git, crash: Callable[[str], None]
) -> None:
    found = visible_state(repo)
    crash("commit_intent")
    git("switch", "--quiet", "-c", "другая")
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.WITHDRAWN
    assert visible_state(repo) == found


def test_a_file_edited_since_is_left_with_its_evidence(
    ledger: Ledger, repo: Path, crash: Callable[[str], None]
) -> None:
    crash("commit_intent")
    theirs = ledger.path.read_bytes() + b"# mine\n"
    ledger.path.write_bytes(theirs)
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.LEFT
    assert ledger.path.read_bytes() == theirs
    outcome = ledger.adopt(ledger.read())
    assert outcome.commit
    assert len(changed_paths(repo)) == 3
    assert plain_git(repo, "status", "--porcelain") == ""


def test_a_plan_restored_since_is_left_restored(
    ledger: Ledger, repo: Path, git: Git, crash: Callable[[str], None]
) -> None:
    found = visible_state(repo)
    crash("commit_intent")
    git("restore", "plan/2024.yaml")
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.WITHDRAWN
    assert visible_state(repo) == found


@pytest.mark.parametrize(
    "name", ["index.lock", "HEAD.lock", "refs/heads/main.lock", "reftable/tables.list.lock"]
)
def test_locks_of_our_killed_git_are_moved_away(
    ledger: Ledger,
    repo: Path,
    crash: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr(git_locks, "_SHORT_TIMEOUT", 0.1)
    crash("commit_intent")
    lock = repo / ".git" / name
    lock.parent.mkdir(exist_ok=True)  # A repository without a reftable has no folder for it.
    lock.write_bytes(b"half")
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.COMPLETED
    assert (repo / ".git" / "kvartal" / "aside" / lock.name).read_bytes() == b"half"


def test_a_lock_older_than_our_change_is_anothers(
    ledger: Ledger, repo: Path, crash: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_locks, "_SHORT_TIMEOUT", 0.1)
    monkeypatch.setattr(git_locks, "GIT_TIMEOUT", 0.1)
    crash("commit_intent")
    lock = repo / ".git" / "index.lock"
    lock.touch()
    os.utime(lock, (0, time.time() - 3600))
    with pytest.raises(GitLocked):
        ledger.recover()
    assert lock.exists()
    lock.unlink()
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.COMPLETED


@pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="looks for processes there")
def test_a_lock_of_a_git_that_lives_is_left_alone(
    ledger: Ledger, repo: Path, crash: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_locks, "_SHORT_TIMEOUT", 0.1)
    monkeypatch.setattr(git_locks, "GIT_TIMEOUT", 0.1)
    crash("commit_intent")
    lock = repo / ".git" / "index.lock"
    lock.touch()
    command = ["git", "cat-file", "--batch"]
    with subprocess.Popen(command, cwd=repo, stdin=subprocess.PIPE) as living:
        with pytest.raises(GitLocked):
            ledger.recover()
        assert lock.exists()
        living.communicate()
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.COMPLETED


@pytest.mark.parametrize(
    ("held", "is_removed", "is_meant"),
    [
        (("head", "plan", "act"), True, True),
        (("head", "plan in LF", "act"), True, True),
        (("head", "other", "act"), True, False),
        (("head", "plan", "other"), True, False),
        (("head", "plan", None), True, False),
        (("head", "plan", "act"), False, False),
        ((), True, False),
    ],
)
def test_a_commit_is_ours_where_it_holds_all_that_was_meant(
    held: tuple[str | None, ...], *, is_removed: bool, is_meant: bool
) -> None:
    intent = SimpleNamespace(
        name="2024.yaml",
        stored_after=("plan", "plan in LF"),
        added=[SimpleNamespace(path="evidence/a.pdf", object_id="act")],
        removed=[SimpleNamespace(path="evidence/b.pdf")],
    )
    names = ("HEAD", "HEAD:./2024.yaml", "HEAD:./evidence/a.pdf")
    repository = SimpleNamespace(
        object_ids={names: held}.__getitem__,
        head_lacks=lambda paths: is_removed and paths == ["evidence/b.pdf"],
    )
    found = commit.intended_commit(cast("Any", repository), cast("Any", intent))
    assert found == ("head" if is_meant else None)
