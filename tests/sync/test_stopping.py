"""A sync that is stopped while it waits for the remote: nothing changed, nothing left running."""

import shlex
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.sync.errors import PushStopped, SyncStopped
from kvartal.history.sync.sync import synchronise
from kvartal.schema.errors import KvartalError
from tests.sync.clones import Clone, SharedRepository

SLOW = "#!/bin/sh\necho $$ > {pid}\n{before}sleep 60\n"


def stopped(clone: Clone, is_time: Callable[[], bool]) -> KvartalError:
    """Sync, stop when it is time, and return the error."""
    stop, ended = threading.Event(), threading.Event()

    def watch() -> None:
        while not is_time() and not ended.is_set():
            time.sleep(0.01)
        stop.set()

    thread = threading.Thread(target=watch)
    thread.start()
    start = time.monotonic()
    try:
        with pytest.raises(KvartalError) as caught:
            synchronise(clone.plan, stop=stop)
    finally:
        ended.set()
        thread.join()
    assert time.monotonic() - start < 50
    return caught.value


def slow(clone: Clone, what: str, before: str = "") -> Path:
    """Make the remote's side of a call hang; return the file that will hold its process id."""
    pid, script = clone.folder.parent / "pid", clone.folder.parent / "slow.sh"
    script.write_text(SLOW.format(pid=shlex.quote(str(pid)), before=before), encoding="utf-8")
    script.chmod(0o755)
    clone.git("config", f"remote.origin.{what}", shlex.quote(str(script)))
    return pid


def has_ended(pid: Path) -> bool:
    """Tell whether a process has ended; a zombie counts as ended."""
    name = pid.read_text().strip()
    for _turn in range(1000):
        done = subprocess.run(["ps", "-o", "stat=", "-p", name], capture_output=True, check=False)
        if done.stdout.strip()[:1] in {b"", b"Z"}:
            return True
        time.sleep(0.05)
    return False


def test_a_stopped_fetch_leaves_nothing_behind(shared: SharedRepository) -> None:
    one, other = shared.clones
    other.set("1.1.1", notes="Издалека")
    other.push()
    head = one.set("1.1.2", notes="Здесь")
    tracked = one.git("rev-parse", "origin/main")
    pid = slow(one, "uploadpack")
    assert type(stopped(one, pid.exists)) is SyncStopped
    assert has_ended(pid)
    assert (one.head, one.git("rev-parse", "origin/main")) == (head, tracked)
    assert one.git("status", "--porcelain") == ""
    one.git("config", "--unset", "remote.origin.uploadpack")
    assert one.sync().received == 1


def test_a_stopped_push_is_reported_as_uncertain(
    shared: SharedRepository,
) -> None:
    one, other = shared.clones
    other.set("1.1.1", notes="Издалека")
    other.push()
    one.set("1.1.2", notes="Здесь")
    pid = slow(one, "receivepack")
    assert type(stopped(one, pid.exists)) is PushStopped
    assert has_ended(pid)
    assert one.value("1.1.1", "notes") == "Издалека"
    one.git("config", "--unset", "remote.origin.receivepack")
    synced = one.sync()
    assert (synced.received, synced.sent) == (0, 1)
    assert shared.head() == one.head
