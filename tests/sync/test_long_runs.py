"""The short part of `python -m tests.sync`, and syncs that run at the same moment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kvartal.history.store.evidence import check_evidence
from tests.support.repository import git
from tests.sync.clones import Clone, SharedRepository
from tests.sync.killed_sync import kill_at_each_call
from tests.sync.random_turns import run_turns
from tests.sync.structure_turns import run_sequence

pytestmark = pytest.mark.slow


def test_changes_in_random_turns_arrive_in_every_clone(tmp_path: Path) -> None:
    counts = run_turns(tmp_path, rounds=7, seed=7)
    assert counts["merges"] > 1


def test_structure_and_years_change_in_random_turns(shared: SharedRepository) -> None:
    counts = run_sequence(shared, turns=8, seed=3)
    assert counts["change"]
    assert counts["next years"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
def test_a_killed_sync_can_be_repeated(tmp_path: Path) -> None:
    # The new plan is on the disk, and the branch is not moved yet.
    assert kill_at_each_call(tmp_path, first=221, every=200)["calls"] == 1


def test_two_clones_can_sync_at_once(shared: SharedRepository, root: Path) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.sync.worker", clone.plan, f"Клон {number}", "1"],
            cwd=root,
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        for number, clone in enumerate(shared.clones)
    ]
    printed = [worker.communicate()[0].decode().split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    for clone in (*shared.clones, shared.clones[0]):
        clone.sync()
    for clone in shared.clones:
        check_clone(clone, shared, [commit for lines in printed for commit in lines])


def test_two_programs_can_sync_one_clone_at_once(
    one: Clone, shared: SharedRepository, root: Path
) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.sync.worker", one.plan, name, "1"],
            cwd=root,
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        for name in ("Первая", "Вторая")
    ]
    printed = [worker.communicate()[0].decode().split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    one.sync()
    check_clone(one, shared, [commit for lines in printed for commit in lines])


def check_clone(clone: Clone, shared: SharedRepository, accepted: list[str]) -> None:
    assert clone.head == shared.head()
    assert set(accepted) <= set(clone.git("rev-list", "HEAD").split())
    assert clone.git("status", "--porcelain") == ""
    snapshot = clone.ledger.read()
    assert snapshot.checked().problems == ()
    assert check_evidence(snapshot.data, clone.plan.parent) == ()
    assert len(snapshot.evidence) == len(accepted) // 2
    assert git(shared.bare, "fsck", "--no-progress", "--no-dangling") == ""
