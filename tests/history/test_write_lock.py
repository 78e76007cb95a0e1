import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import ReadOnlyFolder
from kvartal.history.store.errors import LedgerBusy
from kvartal.history.store.write_lock import lock_holder, write_lock
from kvartal.tui.i18n import translator
from tests.support.repository import git

HOLD = """\
import pathlib, subprocess, sys, time
from kvartal.history.store.write_lock import write_lock
with write_lock(pathlib.Path(sys.argv[1])) as descriptor:
    if sys.argv[2] == "child":
        child = subprocess.Popen(["sleep", "60"], pass_fds=[descriptor], stdout=subprocess.DEVNULL)
        print(child.pid, end=" ")
    print("held", flush=True)
    time.sleep(0.2 if sys.argv[2] == "leave" else 60)
"""


def hold(git_dir: Path, how: str) -> "tuple[subprocess.Popen[bytes], list[bytes]]":
    """Return a process that holds the lock, and what it printed before it had it."""
    command = [sys.executable, "-c", HOLD, str(git_dir), how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    *told, held = process.stdout.readline().split()
    assert held == b"held"
    return process, told


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


def test_a_second_writer_waits_and_learns_who_writes(repo: Path) -> None:
    other, _ = hold(repo / ".git", "stay")
    try:
        start = time.monotonic()
        with pytest.raises(LedgerBusy) as caught, write_lock(repo / ".git", timeout=0.3):
            pass
        assert 0.3 <= time.monotonic() - start < 30
        assert f" {other.pid} на " in str(caught.value)
        found = lock_holder(repo / ".git")
        assert found is not None
        assert found.pid == other.pid
        assert caught.value.fields["since"] == found.since
        # The day is kept as Russian writes it, and said as the language does.
        english = caught.value.message(translator("en"))
        assert f" {datetime.now().astimezone():%Y-%m}-" in english
    finally:
        end(other)
    with write_lock(repo / ".git", timeout=0):
        assert json.loads((repo / ".git" / "kvartal" / "lock").read_bytes())["pid"] == os.getpid()


def test_a_writer_that_is_quick_is_waited_for(repo: Path) -> None:
    other, _ = hold(repo / ".git", "leave")
    with write_lock(repo / ".git", timeout=20):
        pass
    assert other.wait(60) == 0
    end(other)


def test_the_same_process_is_kept_out_too(repo: Path) -> None:
    with (
        write_lock(repo / ".git"),
        pytest.raises(LedgerBusy),
        write_lock(repo / ".git", timeout=0),
    ):
        pass


def test_nobody_holds_a_lock_that_is_free(repo: Path) -> None:
    assert lock_holder(repo / ".git") is None
    with write_lock(repo / ".git"):
        assert lock_holder(repo / ".git") is not None
    assert lock_holder(repo / ".git") is None


@pytest.mark.skipif(os.name == "nt", reason="descriptors are not handed on there")
def test_a_child_that_outlives_its_killed_parent_still_holds(repo: Path) -> None:
    other, (child,) = hold(repo / ".git", "child")
    other.send_signal(signal.SIGKILL)
    other.wait()
    with pytest.raises(LedgerBusy), write_lock(repo / ".git", timeout=0.1):
        pass
    os.kill(int(child), signal.SIGKILL)
    with write_lock(repo / ".git", timeout=20):
        pass
    end(other)


@pytest.mark.skipif(os.name == "nt", reason="descriptors are not handed on there")
def test_what_a_hook_left_in_the_background_holds_nothing(repo: Path) -> None:
    with write_lock(repo / ".git") as descriptor:
        behind = subprocess.Popen(["sleep", "60"], pass_fds=[descriptor])
    with write_lock(repo / ".git", timeout=0):
        pass
    behind.kill()
    behind.wait()


@pytest.mark.skipif(os.name == "nt", reason="descriptors are not handed on there")
def test_git_is_handed_the_lock(programme: Path) -> None:
    repository = find_repository(programme.parent)
    hook = repository.git_dir / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    # What git starts can write to the lock by its descriptor: so git has it too.
    with write_lock(repository.git_dir) as descriptor:
        hook.write_text(f"#!/bin/sh\ntest -e /dev/fd/{descriptor}\n", encoding="ascii")
        hook.chmod(0o755)
        programme.write_text("year: 1\n", encoding="utf-8")
        assert repository.commit_only(["2024.yaml"], "Без замка").code == 1
        held = replace(repository, held=(descriptor,))
        assert held.commit_only(["2024.yaml"], "С замком").code == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_read_only_git_directory_is_reported(repo: Path) -> None:
    (repo / ".git").chmod(0o555)
    try:
        with pytest.raises(ReadOnlyFolder), write_lock(repo / ".git"):
            pass
    finally:
        (repo / ".git").chmod(0o755)


def test_each_working_tree_has_a_lock_of_its_own(programme: Path) -> None:
    repo = programme.parents[1]
    git(repo, "worktree", "add", "--quiet", "-b", "другая", "../second")
    second = find_repository(repo.parent / "second" / "plan")
    with write_lock(repo / ".git"), write_lock(second.git_dir, timeout=0):
        assert (second.git_dir / "kvartal" / "lock").exists()
