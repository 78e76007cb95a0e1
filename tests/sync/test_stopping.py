"""A sync that is stopped while it waits for the remote: nothing changed, nothing left running."""

import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kvartal.history.sync import transport
from kvartal.history.sync.errors import PushStopped, SyncStopped
from kvartal.history.sync.remote_errors import RemoteRefused, RemoteSilent
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


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Return a port that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def silent(clone: Clone) -> str:
    """Sync with a remote that says nothing; return the sentence after checking that it was soon."""
    start = time.monotonic()
    with pytest.raises(RemoteSilent) as caught:
        clone.sync()
    assert time.monotonic() - start < 30
    return caught.value.message()


@pytest.mark.parametrize("kind", ["git", "ssh"])
def test_a_remote_that_says_nothing_is_given_up(
    one: Clone, deaf_port: int, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(transport, "FETCH_SILENCE", 0.5)
    if kind == "ssh":  # Of the user's own, with no limit of its own.
        script = one.folder.parent / "ssh.sh"
        script.write_text("#!/bin/sh\nsleep 60\n", encoding="ascii")
        script.chmod(0o755)
        monkeypatch.setenv("GIT_SSH_COMMAND", shlex.quote(str(script)))
        monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    address = "git@127.0.0.1:x.git" if kind == "ssh" else f"git://127.0.0.1:{deaf_port}/x.git"
    one.git("remote", "set-url", "origin", address)
    head = one.head
    assert silent(one) == (
        "За 0 с git не получил от общего репозитория «origin» ничего, что понял бы: тот молчит или "
        "отвечает не то. Ничего не тронуто, ваши изменения сохранены здесь. Проверьте сеть и адрес "
        "(`git remote -v`) и повторите `kvartal sync`."
    )
    assert (one.head, one.git("status", "--porcelain")) == (head, "")


def test_a_remote_that_falls_silent_during_a_push_is_given_up(
    shared: SharedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = shared.clones[0]
    one.set("1.1.2", notes="Здесь")
    pid = slow(one, "receivepack")
    monkeypatch.setattr(transport, "PUSH_SILENCE", 1)
    assert silent(one) == (
        "При отправке за 1 с git не получил от общего репозитория «origin» ничего, что понял бы. "
        "Здесь всё сохранено; дошли ли ваши изменения туда, покажет следующий обмен: повторите "
        "`kvartal sync`."
    )
    assert has_ended(pid)
    one.git("config", "--unset", "remote.origin.receivepack")
    assert one.sync().sent == 1


def test_a_slow_remote_that_reports_its_progress_is_waited_for(
    shared: SharedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = shared.clones[0]
    one.set("1.1.2", notes="Здесь")
    shared.hook("pre-receive", "for turn in 1 2 3 4; do sleep 0.5; echo $turn >&2; done")
    monkeypatch.setattr(transport, "PUSH_SILENCE", 1.5)
    assert one.sync().sent == 1


def test_reports_of_progress_are_no_part_of_what_is_shown(shared: SharedRepository) -> None:
    one = shared.clones[0]
    one.set("1.1.2", notes="Здесь")
    shared.hook("pre-receive", "echo Нельзя >&2; exit 1")
    with pytest.raises(RemoteRefused) as caught:
        one.sync()
    words = str(caught.value.fields["words"])
    assert words.startswith("remote: Нельзя")
    assert "objects" not in words
