"""Kills while a plan is saved: the short part of `python -m tests.faults`, and two writers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.store.ledger import Ledger
from tests.support.repository import git, visible_state

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc"),
]


@pytest.mark.parametrize("kind", ["random", "git", "steps"])
def test_killed_at_any_moment_nothing_accepted_is_lost_and_the_next_start_works(
    root: Path, kind: str
) -> None:
    command = [sys.executable, "-m", "tests.faults", "--short", "--kills", "4", kind]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{kind}: ")


def test_of_two_writers_none_loses_a_change(root: Path, programme: Path, repo: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", programme, name, "8"],
            cwd=root,
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        for name in ("Первый", "Второй")
    ]
    outputs = [writer.communicate()[0].decode().splitlines() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    accepted = {tuple(line.split(" ", 1)) for lines in outputs for line in lines[1:]}
    assert len(accepted) == 16
    log = git(repo, "log", "--format=%H", "-16").split()
    assert {commit for commit, _ in accepted} == set(log)
    order = sorted(accepted)
    names = (f"{commit}:plan/2024.yaml" for commit, _ in order)
    for (_, value), plan in zip(order, find_repository(repo).objects(names), strict=True):
        assert f"responsible: {value}\n".encode() in (plan if isinstance(plan, bytes) else b"")
    assert visible_state(repo).leftovers == []
    snapshot = Ledger(programme).read()
    assert snapshot.source.encoded.decode() == git(repo, "show", "HEAD:plan/2024.yaml")


def test_an_interrupted_change_is_taken_back_at_once(
    root: Path, programme: Path, repo: Path
) -> None:
    hook = repo / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch .git/waiting\nsleep 60\ntouch .git/slept\n", encoding="ascii")
    hook.chmod(0o755)
    evidence = repo.parent / "Акт.pdf"
    found = visible_state(repo)
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", programme, "Отдел", "1", evidence],
        cwd=root,
        stderr=subprocess.PIPE,
    )
    while not (repo / ".git" / "waiting").exists():
        time.sleep(0.05)
    writer.send_signal(signal.SIGINT)
    assert b"KeyboardInterrupt" in writer.communicate()[1]
    assert not (repo / ".git" / "slept").exists()  # It did not wait for the hook to end.
    assert visible_state(repo) == found
