"""`kvartal init`, interrupted: the next one goes on, and nothing is said that is not so."""

import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.discovery import is_empty
from kvartal.history.git.errors import NoIdentity
from kvartal.history.git.repository import Repository
from kvartal.history.store.init_preview import InitPreview, preview_init
from kvartal.history.store.init_repository import init_repository, is_unfinished
from kvartal.tui.main import run
from tests.faults.killing import MUTATING
from tests.states import repositories as state
from tests.states.conftest import Run
from tests.support.cli import call
from tests.support.repository import git, subjects, visible_state

BEGUN = "Программа на 2024 год: начата история. Мероприятий: 20"
SETTINGS = "Настройки git: сравнивать и сливать программу по полям"
NEW = ("init", "--example", "--year", "2031")


def half_made(repo: Path, *files: str) -> Path:
    """Leave what a killed `git init` leaves: folders, and some of its files."""
    git_dir = repo / ".git"
    for name in ("objects/info", "objects/pack", "refs/heads", "refs/tags", "hooks", "info"):
        (git_dir / name).mkdir(parents=True)
    for name in ("description", "hooks/pre-commit.sample", *files):
        (git_dir / name).write_text("", encoding="ascii")
    return git_dir


@pytest.mark.parametrize("files", [(), ("HEAD",), ("HEAD.lock",), ("config.lock",), ("config",)])
def test_a_repository_that_was_not_finished_is_finished(
    programme: Path, repo: Path, ask: Run, files: tuple[str, ...]
) -> None:
    plan = state.no_repository(programme)
    half_made(repo, *files)
    refused = ask(plan, "log")
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"kvartal: Историю в папке «{repo}» начали заводить и не закончили: в ней ещё ничего нет, "
        "сохранять некуда. Закончить: `kvartal init`.\n"
    )
    done = ask(plan, "init")
    assert done.stdout.startswith(f"История начата: {BEGUN} (")
    assert subjects(repo) == [SETTINGS, BEGUN]
    assert git(repo, "status", "--porcelain", "--ignored") == ""


def test_what_shows_that_a_git_directory_was_in_use(tmp_path: Path) -> None:
    files = ("objects/ab/cdef", "refs/heads/main", "reftable/tables.list")
    others = ("index", "packed-refs", "logs", "worktrees", "modules", "shallow", "ORIG_HEAD")
    for number, left in enumerate((*files, *others)):
        git_dir = half_made(tmp_path / str(number))
        assert is_empty(git_dir)
        (git_dir / left).parent.mkdir(parents=True, exist_ok=True)
        (git_dir / left).touch()
        assert not is_empty(git_dir), left
    assert not is_empty(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("left", "gone", "sentence"),
    [
        ("objects/ab/cdef", "hooks", "Сама история может быть цела"),
        ("refs/heads/main", "hooks", "Сама история может быть цела"),
        ("packed-refs", "hooks", "Сама история может быть цела"),
        ("index", "refs", "Историю в нём не потеряйте"),
    ],
)
def test_a_damaged_repository_that_holds_something_is_left_alone(
    programme: Path, repo: Path, ask: Run, left: str, gone: str, sentence: str
) -> None:
    plan = state.no_repository(programme)
    kept = half_made(repo) / left
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("x", encoding="ascii")
    rmtree(repo / ".git" / gone)
    refused = ask(plan, "init")
    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert kept.read_text(encoding="ascii") == "x"


def test_a_beginning_killed_in_git_stops_no_later_change(
    programme: Path, repo: Path, ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next command need not be the one that was killed: it is any other that writes."""
    plan = state.no_repository(programme)

    def killed(top: Repository, paths: Sequence[str], message: str) -> GitResult:
        if paths != [".gitattributes"]:
            return commit_only(top, paths, message)
        (top.git_dir / "index.lock").write_text("", encoding="ascii")
        raise KeyboardInterrupt

    commit_only = Repository.commit_only
    with monkeypatch.context() as patch:
        patch.setattr(Repository, "commit_only", killed)
        patch.setattr("kvartal.history.store.call_note.clear_noted_call", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            init_repository(plan)
    assert git(repo, "status", "--porcelain") == "A  .gitattributes\n"
    assert ask(plan, "set", "1.1.4", "notes=Потом").exit_code == 0
    assert git(repo, "status", "--porcelain") == "?? .gitattributes\n"
    assert ask(plan, "init").exit_code == 0
    assert git(repo, "status", "--porcelain") == ""


def test_what_the_disk_did_not_take_is_told_and_made_up_for_by_the_next(
    programme: Path, ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(top: Repository, started: float) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    plan = state.no_repository(programme)
    with monkeypatch.context() as patch:
        patch.setattr("kvartal.history.store.init_repository.flush_repository", full)
        told = ask(plan, "init").stderr
    assert "Изменение сохранено. Не удалось только убрать за ним временное" in told
    assert is_unfinished(plan)
    assert ask(plan, "init").stderr == ""
    assert not is_unfinished(plan)


def killed_at(act: Callable[[], object], step: int) -> bool:
    """Do something in a process that is killed at a step; tell whether it was."""
    pid = os.fork()
    if pid == 0:
        left = [step]

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            is_written = event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o3
            if event in MUTATING or is_written:
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - a child of fork must not go on
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or not os.WEXITSTATUS(status)
    return os.WIFSIGNALED(status)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
def test_killed_at_any_moment_the_next_one_goes_on(
    programme: Path, repo: Path, tmp_path: Path, ask: Run
) -> None:
    state.no_repository(programme)
    for step in range(1, 1000, 29):
        folder = copytree(repo, tmp_path / str(step))
        plan = folder / "plan" / "2024.yaml"
        is_killed = killed_at(partial(init_repository, plan), step)
        done = ask(plan, "init")
        assert done.exit_code == 0, (step, done.stderr)
        assert subjects(folder) == [SETTINGS, BEGUN], step
        assert git(folder, "status", "--porcelain", "--ignored") == "", step
        assert visible_state(folder).leftovers == [], step
        assert ask(plan, "init").stdout.startswith("История уже ведётся"), step
        rmtree(folder)
        if not is_killed:
            return
        assert done.stdout.startswith("История начата: Программа на 2024 год"), step
    raise AssertionError


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
@pytest.mark.parametrize("again", [("init",), NEW, ("doctor",)])
def test_a_new_programme_killed_at_any_moment_is_whole_after_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: tuple[str, ...]
) -> None:
    """The schema too: the plan says where it belongs, whatever the crash left."""
    whole = {"plan/2031.yaml", "schema/plan.schema.json", ".gitattributes"}
    for step in range(1, 1000, 23):
        folder = tmp_path / str(step)
        folder.mkdir()
        monkeypatch.chdir(folder)

        def begin() -> None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os._exit(run([*NEW]))

        is_killed = killed_at(begin, step)
        is_there = (folder / "plan" / "2031.yaml").exists()
        done = call(again)
        if again == ("doctor",) and not (folder / ".git").exists():
            assert not is_there or "`kvartal init`" in done.stdout, step
            done = call(("init",) if is_there else NEW)
        if again == NEW and not is_killed:
            assert "уже есть" in done.stderr
            return
        assert done.exit_code in {0, 1}, (step, done.stderr)
        if is_there:
            assert set(git(folder, "ls-files").splitlines()) == whole, (step, done.stdout)
            assert git(folder, "status", "--porcelain", "--ignored") == "", step
            assert call(("verify",)).exit_code == 0
        rmtree(folder)
        if not is_killed:
            return
    raise AssertionError


def test_what_a_preview_says_is_what_would_be_done(programme: Path, repo: Path) -> None:
    state.no_identity(programme)
    assert preview_init(programme) == InitPreview(repo, is_begun=True)
    committed = programme.read_bytes()
    state.edited_manually(programme)
    with pytest.raises(NoIdentity):
        preview_init(programme)
    git(repo, "config", "user.name", "А. Ким")
    git(repo, "config", "user.email", "kim@example.org")
    assert preview_init(programme) == InitPreview(repo)
    programme.write_bytes(committed)
    state.no_commits(programme)
    assert preview_init(programme) == InitPreview(repo)
