"""The second `git log -p` starts no Python, and shows what the first one did."""

import os
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from kvartal.history.git import flatten
from kvartal.history.git.textconv_cache import store
from tests.commands.conftest import Run
from tests.support.cli import call
from tests.support.plans import rewrite
from tests.support.repository import git as git_in

Git = Callable[..., str]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there the program is called each time")


@pytest.fixture(scope="session")
def _logged(_new_programme: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a repository after the first `git log -p`, to be copied, and what that printed."""
    repo = copytree(_new_programme, tmp_path_factory.mktemp("logged") / "repo")
    rewrite(repo / "plan" / "2024.yaml", "    result: Обеспечена у", "    result: Новая у")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo)
        assert call(["git-setup"]).exit_code == 0
    git_in(repo, "commit", "--quiet", "-am", "правка")
    return repo, git_in(repo, "log", "-p", "-1")


@pytest.fixture
def log(_logged: tuple[Path, str], repo: Path, run: Run) -> str:
    """Return what `git log -p` prints of the newest change, after the first call."""
    template, printed = _logged
    copytree(template, repo, dirs_exist_ok=True)
    git_in(repo, "update-index", "-q", "--refresh")
    assert run("git-setup").exit_code == 0  # The settings name the folder of the cache.
    return printed


def entries(repo: Path) -> list[Path]:
    return sorted((repo / ".git" / "kvartal" / "textconv").glob("*/*"))


def mark(repo: Path) -> None:
    """Replace what is kept, so that it can be told from what the program prints."""
    for entry in entries(repo):
        entry.write_text(f"из кэша: {entry.name}\n", encoding="utf-8")


def test_what_was_printed_once_is_kept_by_content(log: str, repo: Path, git: Git) -> None:
    assert "· Ожидаемый результат = Новая установка" in log
    assert git("log", "-p", "-1") == log
    known = {git("rev-parse", f"{commit}:plan/2024.yaml").strip() for commit in ("HEAD", "HEAD^")}
    assert {entry.name for entry in entries(repo)} == known
    mark(repo)
    folder = repo.parent / "рабочая копия"
    git("worktree", "add", "--quiet", "--detach", folder)
    for place in (repo, folder, repo / "plan"):
        assert "+из кэша: " in git("-C", place, "log", "-p", "-1")


@pytest.mark.parametrize("kind", ["link", "older", "other version", "folder link"])
def test_what_cannot_be_trusted_is_not_read(log: str, repo: Path, git: Git, kind: str) -> None:
    mark(repo)
    folder = entries(repo)[0].parent
    if kind == "other version":
        folder.rename(folder.with_name("kvartal-0.0.1.dist-info"))
    elif kind == "folder link":
        folder.rename(repo.parent / "чужое")
        folder.symlink_to(repo.parent / "чужое")
    for entry in entries(repo):
        if kind == "older":
            before = Path(flatten.__file__).stat().st_mtime - 10
            os.utime(entry, (before, before))
        elif kind == "link":
            target = repo.parent / entry.name
            entry.rename(target)
            entry.symlink_to(target)
    assert git("log", "-p", "-1") == log


def test_a_cache_that_cannot_be_written_is_done_without(log: str, repo: Path, git: Git) -> None:
    for entry in entries(repo):
        entry.unlink()
    folder = repo / ".git" / "kvartal" / "textconv"
    next(folder.iterdir()).rmdir()
    folder.rmdir()
    folder.write_text("не папка", encoding="utf-8")
    assert git("log", "-p", "-1") == log


def test_line_ends_of_windows_change_nothing(log: str, repo: Path, git: Git) -> None:
    programme = repo / "plan" / "2024.yaml"
    git("config", "core.autocrlf", "true")
    programme.unlink()
    git("checkout", "--", "plan")
    assert b"\r\n" in programme.read_bytes()
    for _time in range(2):
        assert git("log", "-p", "-1") == log


def test_nothing_is_kept_under_a_name_that_is_not_its_own(log: str, repo: Path) -> None:
    known = entries(repo)
    folder = known[0].parent
    for name in ("a" * 40, "../../x", "x"):
        store(folder / name, b"data", b"text")
    store(folder.with_name("kvartal-9.dist-info") / ("a" * 40), b"data", b"text")
    assert entries(repo) == known


def test_removing_the_settings_removes_the_cache(log: str, repo: Path, run: Run) -> None:
    assert entries(repo)
    assert run("git-setup", "--remove").exit_code == 0
    assert not (repo / ".git" / "kvartal" / "textconv").exists()


def test_an_older_command_is_renewed(programme: Path, run: Run, git: Git) -> None:
    assert run("git-setup").exit_code == 0
    git("config", "diff.kvartal.textconv", 'f() { exec kvartal textconv "$1"; }; f')
    assert "Записано: diff.kvartal.textconv" in run("git-setup").stdout
    assert "hash-object" in git("config", "diff.kvartal.textconv")
