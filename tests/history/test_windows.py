"""Everything that writes, on a stand-in for Windows, and the exchange on macOS."""

import ctypes
import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kvartal.history.store import files
from kvartal.history.store.errors import FileHeld
from tests.support.repository import git
from tests.sync.clones import create_shared_repository

STORY = """\
import os, sys
from pathlib import Path
from tests.support.windows import HELD, REFUSED, become_windows

repo, plan, act = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
become_windows(repo.parent)
from tests.support.cli import call

def run(*words, code=0):
    result = call(words)
    assert result.exit_code == code, (words, result.output, result.stderr, result.exception)
    return result.output

record = ["record", "1.1.2", "--quarter", "3", "--date", "2024-09-27", "--complete"]
HELD["2024.yaml"] = 3
print(run("set", "1.1.2", "notes=x"))
print(run(*record, "--document", "Акт", "--file", act))
print(run("undo"), run("remove", "1.1.4"), run("git-setup"), run("doctor"))
from kvartal.history.store import files
files.HELD_TIMEOUT = 0.1
HELD["2024.yaml"] = 10**6
print(run("set", "1.1.2", "notes=y", code=1))
HELD.clear()
plan.write_bytes(plan.read_bytes().replace("notes: x".encode(), "notes: z".encode()))
print(run("adopt", "--reason", "Опечатка"))
print(run("verify", code=1), run("sync"))
left = [name for name in os.listdir(plan.parent) if "kvartal-tmp" in name]
print("refused", len(REFUSED) > 3, left)

import time

from kvartal.history.git.command import run_git
from kvartal.history.git.errors import CallSilent
try:
    run_git(repo, ("wait",), silence=0.3)
except CallSilent:
    child = Path("/proc", Path(".git/child").read_text().strip(), "status")
    for _ in range(100):
        is_ended = not child.exists() or "State:\\tZ" in child.read_text()
        if is_ended:
            break
        time.sleep(0.02)
    print("ended", is_ended)
"""

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the stand-in needs /proc")


def run_as_windows(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("force", [False, True])
def test_an_output_file_is_written_where_nothing_can_be_locked(tmp_path: Path, force: bool) -> None:  # noqa: FBT001
    code = (
        "import sys; from pathlib import Path; sys.modules['fcntl'] = None;"
        "from kvartal.tui.commands.output_file import write_output as write;"
        "write(Path(sys.argv[1]), b'new', plan=Path(), force=sys.argv[2] == 'True')"
    )
    target = tmp_path / "report.md"
    if force:
        target.write_bytes(b"old")
    result = run_as_windows(code, target, force)
    assert (result.stderr, target.read_bytes()) == ("", b"new")
    assert [*tmp_path.iterdir()] == [target]


@posix
def test_a_programme_is_kept_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = create_shared_repository(tmp_path).clones
    other.set("1.1.1", notes="от коллеги")
    other.sync()
    act = tmp_path / "Акт.txt"
    act.write_text("x", encoding="utf-8")
    monkeypatch.chdir(one.folder)
    one.git("config", "alias.wait", "!sleep 60 & echo $! > .git/child; sleep 60")
    done = run_as_windows(STORY, one.folder, one.plan, act)
    assert (done.returncode, done.stderr) == (0, "")
    assert "файл держит другая программа (Excel, антивирус, окно просмотра)" in done.stdout
    assert "origin: получено изменений 1, отправлено 5." in done.stdout
    assert done.stdout.endswith("refused True []\nended True\n")
    assert git(one.folder, "status", "--porcelain") == ""
    assert "notes: z" in one.plan.read_text(encoding="utf-8")


def test_files_are_exchanged_at_once_on_macos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "один", tmp_path / "другой"
    one.write_bytes(b"1")
    other.write_bytes(b"2")
    calls = []

    class Library:
        def __init__(self, _name: None, *, use_errno: bool) -> None:
            assert use_errno

        def renamex_np(self, source: bytes, target: bytes, flags: int) -> int:
            calls.append((source, target, flags))
            if len(calls) > 1:
                ctypes.set_errno(errno.ENOTSUP)
                return -1
            spare = source + b"-spare"
            os.rename(source, spare)  # noqa: PTH104 - names are bytes here
            os.rename(target, source)  # noqa: PTH104
            os.rename(spare, target)  # noqa: PTH104
            return 0

    monkeypatch.setattr(ctypes, "CDLL", Library)
    monkeypatch.setattr(sys, "platform", "darwin")
    files._atomic_exchange.cache_clear()
    try:
        files.swap(one, other, expected=files.digest(b"1"))
        assert (one.read_bytes(), other.read_bytes()) == (b"2", b"1")
        assert calls == [(os.fsencode(one), os.fsencode(other), 2)]
        # A disk of a network, say, that cannot: in steps then.
        files.swap(one, other, expected=files.digest(b"2"))
        assert (one.read_bytes(), other.read_bytes()) == (b"1", b"2")
        assert len(calls) == 2
    finally:
        files._atomic_exchange.cache_clear()


def test_a_held_file_is_waited_for_and_no_longer_than_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HELD_TIMEOUT", 0.2)
    refusals = iter([True, True, False])

    def hold() -> str:
        if next(refusals, True):
            raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "x"))
        return "done"

    assert files.patiently(hold) == "done"
    with pytest.raises(FileHeld), files.write_errors(tmp_path / "x"):
        files.patiently(hold)


def test_a_read_only_file_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def refusing(path: Path, *, missing_ok: bool = False) -> None:
        if not path.stat().st_mode & stat.S_IWRITE:
            raise PermissionError(errno.EACCES, "Access is denied", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    monkeypatch.delattr(os, "chown", raising=False)
    copy = tmp_path / "copy"
    copy.touch(mode=0o444)
    files.remove_file(copy)
    assert not copy.exists()
