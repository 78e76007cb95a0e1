"""`kvartal doctor`: what is there, what is missing, and the command that mends it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kvartal.history.store.write_lock import write_lock
from tests.states import repositories as state
from tests.states.conftest import Run
from tests.support.repository import git

MISSING = "-- "


@pytest.fixture
def healthy(programme: Path, ask: Run) -> Path:
    assert ask(programme, "git-setup").exit_code == 0
    return programme


def missing(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(MISSING)]


def test_where_nothing_is_missing(healthy: Path, repo: Path, ask: Run) -> None:
    done = ask(healthy, "doctor")
    assert (done.exit_code, done.stderr) == (0, "")
    version = subprocess.check_output(["git", "--version"], encoding="ascii").split()[2]
    assert done.stdout.splitlines() == [
        f"ok  Программа git: {version}",
        f"ok  Файл программы: {healthy.relative_to(Path.cwd())}, 2024 год, мероприятий: 20",
        f"ok  История: {repo}",
        "ok  Прерванная работа: не найдено",
        "ok  Файлы блокировки: не найдено",
        "ok  Сохранение: можно сохранять",
        "ok  Правка вручную: не найдено",
        "ok  Автор изменений: Иванова Анна <ivanova@tests.example>",
        "ok  Слияние по полям: настроено",
    ]


def test_in_english_and_for_programs(healthy: Path, ask: Run) -> None:
    assert "ok  Lock files: none\n" in ask(healthy, "doctor", "--lang", "en").stdout
    report = json.loads(ask(healthy, "doctor", "--json").stdout)
    assert report["ok"] is True
    assert {check["code"]: check["ok"] for check in report["checks"]}["locks"] is True


def edited(plan: Path) -> Path:
    plan.write_text(plan.read_text("utf-8").replace("2024", "2024 "), encoding="utf-8")
    return plan


def no_driver(plan: Path) -> Path:
    git(plan.parent, "config", "--unset", "merge.kvartal.driver")
    return plan


@pytest.mark.parametrize(
    ("build", "title", "command"),
    [
        (state.no_repository, "История", "kvartal init"),
        (state.no_identity, "Автор изменений", "git config --local user.name"),
        (state.detached, "Сохранение", "git switch"),
        (edited, "Правка вручную", "kvartal adopt"),
        (no_driver, "Слияние по полям", "kvartal git-setup"),
        (state.stale_lock, "Файлы блокировки", "kvartal doctor --unlock"),
        (state.recent_lock, "Файлы блокировки", "Дождитесь её окончания"),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_mends_it(
    healthy: Path, ask: Run, build: Callable[[Path], Path], title: str, command: str
) -> None:
    done = ask(build(healthy), "doctor")
    (line,) = missing(done.stdout)
    assert line.startswith(f"{MISSING} {title}: ")
    assert command in line
    assert done.exit_code == 1


def test_without_a_programme_the_machine_is_checked_all_the_same(ask: Run) -> None:
    done = ask(Path("plan"), "doctor")
    assert done.stdout.startswith("ok  Программа git: ")
    (line,) = missing(done.stdout)
    assert line.startswith("--  Файл программы: ")


def test_a_writer_at_work_is_no_failure(healthy: Path, repo: Path, ask: Run) -> None:
    with write_lock(repo / ".git"):
        done = ask(healthy, "doctor")
    assert done.exit_code == 0
    assert f"сохраняет процесс {os.getpid()}, это не сбой" in done.stdout


# ------------------------------------------------------------------------------------- --unlock


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for running gits there")
def test_a_stale_lock_is_moved_away(healthy: Path, repo: Path, ask: Run) -> None:
    plan = state.stale_lock(healthy)
    assert "`kvartal doctor --unlock`" in ask(plan, "set", "1.1.2", "notes=Да").stderr
    done = ask(plan, "doctor", "--unlock")
    moved = repo / ".git" / "kvartal" / "aside" / "index.lock"
    assert done.stdout.startswith(f"Отложено: {moved}\nok  ")
    assert (done.exit_code, moved.exists()) == (0, True)
    assert ask(plan, "set", "1.1.2", "notes=Да").exit_code == 0


def test_a_recent_lock_stays(healthy: Path, repo: Path, ask: Run) -> None:
    done = ask(state.recent_lock(healthy), "doctor", "--unlock")
    assert (done.exit_code, len(missing(done.stdout))) == (1, 1)
    assert (repo / ".git" / "index.lock").exists()


@pytest.fixture
def running_git(repo: Path) -> Iterator[None]:
    """Let a git work in the repository."""
    with subprocess.Popen(
        ["git", "-C", repo, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"HEAD\n")
        process.stdin.flush()
        process.stdout.readline()
        yield
        process.stdin.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no lock is known to be stale")
def test_a_lock_stays_where_a_git_runs(
    healthy: Path, repo: Path, ask: Run, running_git: None
) -> None:
    done = ask(state.stale_lock(healthy), "doctor", "--unlock")
    assert "Дождитесь её окончания" in missing(done.stdout)[0]
    assert (repo / ".git" / "index.lock").exists()


def test_nothing_is_unlocked_while_another_writes(healthy: Path, repo: Path, ask: Run) -> None:
    plan = state.stale_lock(healthy)
    with pytest.MonkeyPatch.context() as patch, write_lock(repo / ".git"):
        patch.setattr(write_lock.__wrapped__, "__kwdefaults__", {"timeout": 0.1})  # type: ignore[attr-defined]
        done = ask(plan, "doctor", "--unlock")
    assert done.exit_code == 1
    assert "Программу сейчас сохраняет другой процесс" in done.stderr
    assert (repo / ".git" / "index.lock").exists()
