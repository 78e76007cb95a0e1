"""Ctrl-C and the system's signals: a sentence, the right exit code, and nothing half done."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import PROGRAM, Run
from tests.support.repository import install_hook, visible_state
from tests.sync.clones import create_shared_repository

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def interrupted(
    folder: Path, number: signal.Signals, until: Callable[[], bool], *words: str
) -> tuple[int, str, str]:
    """Start a command, send it a signal; return its exit code and what it printed."""
    with subprocess.Popen(
        [*PROGRAM, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A job in the background ignores the interrupt, and its children inherit that.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - no threads
    ) as process:
        end = time.monotonic() + 60
        while not until() and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(number)
        # Git is in a session of its own: no key of the terminal reaches it.
        stdout, stderr = process.communicate(timeout=60)
    return process.returncode, stdout, stderr


def has_ended(pid_file: Path) -> bool:
    """Return whether a process ends soon; it may be a zombie of nobody."""
    stat = Path(f"/proc/{pid_file.read_text(encoding='ascii').strip()}/stat")
    for _attempt in range(500):
        if not stat.exists() or stat.read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_save_that_is_told_to_end_is_taken_back(programme: Path, repo: Path, run: Run) -> None:
    pid_file = repo / ".git" / "waiting"
    install_hook(repo, "pre-commit", f"echo $$ > '{pid_file}'; sleep 100")
    before = visible_state(repo)
    code, stdout, stderr = interrupted(
        repo, signal.SIGTERM, pid_file.exists, "set", "1.1.2", "notes=x"
    )
    assert (code, stdout) == (143, "")
    assert stderr == (
        "kvartal: Остановлено. Сохранённое раньше цело; начатое не останется наполовину: его "
        "закончит или уберёт следующая команда.\n"
    )
    assert has_ended(pid_file)
    assert visible_state(repo) == before
    (repo / ".git" / "hooks" / "pre-commit").unlink()
    assert run("set", "1.1.2", "notes=x").exit_code == 0


def test_ctrl_c_in_a_sync_says_what_was_touched(tmp_path: Path) -> None:
    one, other = create_shared_repository(tmp_path).clones
    other.set("1.1.1", notes="Издалека")
    other.push()
    one.set("1.1.2", notes="Здесь")
    head, pid_file = one.head, tmp_path / "waiting"
    script = tmp_path / "slow.sh"
    script.write_text(f"#!/bin/sh\necho $$ > '{pid_file}'; sleep 100\n", encoding="utf-8")
    script.chmod(0o755)
    one.git("config", "remote.origin.uploadpack", str(script))
    code, stdout, stderr = interrupted(one.folder, signal.SIGINT, pid_file.exists, "sync")
    assert (code, stdout) == (130, "")
    assert stderr == (
        "kvartal: Обмен остановлен: ничего не тронуто, ваши изменения сохранены здесь.\n"
    )
    assert (one.head, has_ended(pid_file)) == (head, True)
    one.git("config", "--unset", "remote.origin.uploadpack")
    one.git("config", "remote.origin.receivepack", str(script))
    pid_file.unlink()
    code, stdout, stderr = interrupted(one.folder, signal.SIGINT, pid_file.exists, "sync")
    assert (code, stdout, stderr.count("\n")) == (130, "", 1)
    assert "что получено и отправлено, покажет следующий `kvartal sync`." in stderr
    assert has_ended(pid_file)
    assert one.value("1.1.1", "notes") == "Издалека"
    assert one.git("status", "--porcelain") == ""
    one.git("config", "--unset", "remote.origin.receivepack")
    assert one.sync().sent == 1


def test_ctrl_c_ends_the_program_that_converts_a_document(
    programme: Path, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid_file, office, temporary = (tmp_path / name for name in ("pid", "bin", "temporary"))
    office.mkdir()
    temporary.mkdir()
    program = office / "soffice"
    program.write_text(f"#!/bin/sh\necho $$ > '{pid_file}'\nsleep 100\n", encoding="utf-8")
    program.chmod(0o755)
    document = tmp_path / "план.rtf"
    document.write_text("{\\rtf1 x}", encoding="ascii")
    monkeypatch.setenv("PATH", f"{office}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(temporary))
    before = visible_state(repo)
    code, stdout, stderr = interrupted(
        repo, signal.SIGINT, pid_file.exists, "import", str(document)
    )
    assert (code, stdout) == (130, "")
    assert "Остановлено" in stderr
    assert has_ended(pid_file)
    assert list(temporary.iterdir()) == []
    assert visible_state(repo) == before
