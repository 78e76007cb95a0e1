"""The short part of `python -m tests.sync`, and clones that share at the same moment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kvartal.history.store.evidence import check_evidence
from tests.support.repository import git
from tests.sync.clones import Clone, Office
from tests.sync.killed_sync import at_each_call
from tests.sync.random_turns import play

pytestmark = pytest.mark.slow


def test_in_random_turns_everything_arrives_everywhere(tmp_path: Path) -> None:
    done = play(tmp_path, rounds=10, seed=7)
    assert done["merges"] > 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
def test_killed_at_any_call_it_can_be_run_again(tmp_path: Path) -> None:
    assert at_each_call(tmp_path, first=100, every=200)["calls"] == 1


def test_clones_that_share_at_once_take_turns(shared: Office, root: Path) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.sync.worker", clone.plan, f"Клон {number}", "1"],
            cwd=root,
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        for number, clone in enumerate(shared.clones)
    ]
    told = [worker.communicate()[0].decode().split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    for clone in (*shared.clones, shared.clones[0]):
        clone.sync()
    for clone in shared.clones:
        look_at(clone, shared, [commit for lines in told for commit in lines])


def test_two_programs_that_share_one_clone_at_once_take_turns(
    one: Clone, shared: Office, root: Path
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
    told = [worker.communicate()[0].decode().split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    one.sync()
    look_at(one, shared, [commit for lines in told for commit in lines])


def look_at(clone: Clone, shared: Office, accepted: list[str]) -> None:
    assert clone.head == shared.head()
    assert set(accepted) <= set(clone.git("rev-list", "HEAD").split())
    assert clone.git("status", "--porcelain") == ""
    snapshot = clone.ledger.look()
    assert snapshot.checked().problems == ()
    assert check_evidence(snapshot.data, clone.plan.parent) == ()
    assert len(snapshot.evidence) == len(accepted) // 2
    assert git(shared.bare, "fsck", "--no-progress", "--no-dangling") == ""
