"""Damage to git's own files is reported as damage, never as an empty history."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.damage import (
    BorrowedObjectsMissing,
    BranchBlocked,
    BranchNotAtCommit,
    BranchUnreadable,
    HeadUnreadable,
    HistoryDamaged,
    HistoryOutside,
    ShallowFileDamaged,
)
from kvartal.history.git.errors import BrokenGitFile, BrokenHead, WorkTreeElsewhere
from kvartal.history.git.failures import (
    IndexDamaged,
    RepositoryTooNew,
    RepositoryUnreadable,
    command_error,
)
from kvartal.history.git.setting_errors import (
    SettingsLineWrong,
    SettingsUnreadable,
    SettingWrong,
)
from kvartal.history.store.errors import BranchMissing
from kvartal.history.store.ledger import Ledger
from kvartal.schema.errors import KvartalError
from tests.states.conftest import Run
from tests.states.repositories import top
from tests.support.repository import git, visible_state

Damage = Callable[[Path], None]


def stored(plan: Path, name: str) -> Path:
    """Return the file that holds an object, made writable."""
    found = git(plan.parent, "rev-parse", name).strip()
    path = top(plan) / ".git" / "objects" / found[:2] / found[2:]
    path.chmod(0o644)
    return path


def commit_emptied(plan: Path) -> None:
    stored(plan, "HEAD").write_bytes(b"")


def commit_lost(plan: Path) -> None:
    stored(plan, "HEAD").unlink()


def tree_overwritten(plan: Path) -> None:
    stored(plan, "HEAD^{tree}").write_bytes(b"x")


def commit_borrowed(plan: Path) -> None:
    """What `git clone --shared` leaves where its source has gone."""
    commit = stored(plan, "HEAD")
    commit.unlink()
    borrowed = commit.parents[1] / "info" / "alternates"
    borrowed.write_text("/нет/objects\n", encoding="utf-8")


def head_astray(plan: Path) -> None:
    (top(plan) / ".git" / "HEAD").write_text("ref: refs/other/main\n", encoding="ascii")


def head_lost(plan: Path) -> None:
    (top(plan) / ".git" / "HEAD").unlink()


def git_file_dangling(plan: Path) -> None:
    folder = top(plan) / ".git"
    folder.rename(folder.with_name("moved"))
    folder.write_text("gitdir: ../gone\n", encoding="ascii")


def git_file_overwritten(plan: Path) -> None:
    git_file_dangling(plan)
    (top(plan) / ".git").write_text("x", encoding="ascii")


def repository_inside(plan: Path) -> None:
    git(plan.parent, "init", "--quiet")


def worktree_elsewhere(plan: Path) -> None:
    git(plan.parent, "config", "core.worktree", str(top(plan) / "other"))


def branch_emptied(plan: Path) -> None:
    (top(plan) / ".git" / "refs" / "heads" / "main").write_bytes(b"")


def index_truncated(plan: Path) -> None:
    (top(plan) / ".git" / "index").write_bytes(b"DIRC")


def index_split(plan: Path) -> None:
    git(plan.parent, "update-index", "--split-index")
    for part in (top(plan) / ".git").glob("sharedindex.*"):
        part.unlink()


def settings_included(plan: Path) -> None:
    git(plan.parent, "config", "include.path", "config")


def setting_misspelt(plan: Path) -> None:
    git(plan.parent, "config", "core.fileMode", "может быть")


def settings_line_wrong(plan: Path) -> None:
    path = plan.parent.parent / ".git/config"
    path.write_text(path.read_text(encoding="utf-8") + "[core\n", encoding="utf-8")


def format_too_new(plan: Path) -> None:
    git(plan.parent, "config", "core.repositoryFormatVersion", "9")


def branch_missing(plan: Path) -> None:
    git(plan.parent, "symbolic-ref", "HEAD", "refs/heads/забытая")


def branch_at_tag(plan: Path) -> None:
    git(plan.parent, "tag", "-a", "-m", "Метка", "v1")
    tag = git(plan.parent, "rev-parse", "v1")
    (top(plan) / ".git" / "refs" / "heads" / "main").write_text(tag, encoding="ascii")


def branch_at_tree(plan: Path) -> None:
    tree = git(plan.parent, "rev-parse", "HEAD^{tree}")
    (top(plan) / ".git" / "refs" / "heads" / "main").write_text(tree, encoding="ascii")


def branch_blocked(plan: Path) -> None:
    branch = top(plan) / ".git" / "refs" / "heads" / "main"
    branch.unlink()
    branch.mkdir()
    (branch / "x").write_bytes(b"")


def reflog_blocked(plan: Path) -> None:
    log = top(plan) / ".git" / "logs" / "refs" / "heads" / "main"
    log.unlink(missing_ok=True)
    (log / "x").mkdir(parents=True)
    (log / "x" / "y").write_bytes(b"")


def shallow_overwritten(plan: Path) -> None:
    (top(plan) / ".git" / "shallow").write_text("x\n", encoding="ascii")


ANY_DAMAGE = "История в репозитории повреждена, git её не читает."
AT_HEAD: dict[Damage, dict[str, str]] = {
    commit_emptied: dict.fromkeys(("log", "undo", "verify"), ANY_DAMAGE),
    commit_lost: dict.fromkeys(("log", "undo", "verify"), "в хранилище git не находится"),
    # Verify names the object, and the log the entry: git would still list both.
    tree_overwritten: {
        "log": "История показана не вся",
        "undo": ANY_DAMAGE,
        "verify": "не читается или подменён",
    },
    # Git reads it.
    branch_at_tag: {"log": "", "undo": "Отменять нечего", "verify": ""},
}
"""What commands say where it is not the sentence of the obstacle."""


@pytest.mark.parametrize(
    ("damage", "kind", "sentence"),
    [
        (
            commit_emptied,
            HistoryDamaged,
            "История в репозитории повреждена, git её не читает. Скопируйте",
        ),
        (commit_lost, HistoryDamaged, "Ответ git: bad object HEAD."),
        (commit_borrowed, BorrowedObjectsMissing, "а её нет на месте"),
        (tree_overwritten, HistoryDamaged, "покажет `git fsck`."),
        (branch_emptied, BranchUnreadable, "в файле «.git/refs/heads/main» не то, что"),
        (branch_at_tag, BranchNotAtCommit, "`git update-ref refs/heads/main"),
        (branch_at_tree, BranchUnreadable, "в файле «.git/refs/heads/main» не то, что"),
        (branch_blocked, BranchBlocked, "уберите оттуда эту папку и верните ссылку"),
        (shallow_overwritten, ShallowFileDamaged, "Если копия полная, переименуйте его."),
        (head_astray, HeadUnreadable, "впишите в этот файл одну строку"),
        (index_truncated, IndexDamaged, "Истории в нём нет. Удалите его"),
        (index_split, IndexDamaged, "Истории в нём нет. Удалите его"),
        (setting_misspelt, SettingWrong, "`git config --show-origin --get-all core.filemode`"),
        (settings_line_wrong, SettingsLineWrong, "файла своих настроек .git/config. Исправьте её"),
        (settings_included, SettingsUnreadable, "Исправьте их в файле .git/config"),
        (worktree_elsewhere, WorkTreeElsewhere, "git config --unset core.worktree"),
        (git_file_dangling, BrokenGitFile, "`git worktree repair` в основной копии"),
        (git_file_overwritten, BrokenGitFile, "`git worktree repair` в основной копии"),
        (repository_inside, HistoryOutside, "в котором история этой папки есть"),
        (head_lost, BrokenHead, "впишите в этот файл одну строку: «ref: refs/heads/»"),
        (format_too_new, RepositoryTooNew, "found 9. Установите git поновее."),
        (branch_missing, BranchMissing, "а в других есть: main. Вернитесь"),
    ],
)
def test_damage_is_reported_and_nothing_is_changed(
    programme: Path, ask: Run, damage: Damage, kind: type[KvartalError], sentence: str
) -> None:
    damage(programme)
    before = {path: path.read_bytes() for path in programme.parent.rglob("*") if path.is_file()}
    obstacle = Ledger(programme).state().obstacle
    assert type(obstacle) is kind
    assert sentence in str(obstacle)
    assert "fatal" not in str(obstacle)
    assert ask(programme, "list").exit_code == 0
    refused = ask(programme, "set", "1.1.2", "responsible=Отдел")
    assert (refused.exit_code, sentence in refused.stderr) == (1, True)
    if issubclass(kind, HistoryDamaged):
        said = dict.fromkeys(("log", "undo", "verify"), sentence) | AT_HEAD.get(damage, {})
        for command, words in said.items():
            asked = ask(programme, command)
            assert asked.exit_code == bool(words)
            assert words in asked.stderr, command
    assert "git не знает, от чьего имени" not in ask(programme, "doctor").stdout
    assert {path: path.read_bytes() for path in before} == before


def test_a_folder_where_git_says_that_a_clone_is_shallow(programme: Path, ask: Run) -> None:
    """Git takes no notice of it, and nobody is told to open it to themselves."""
    (top(programme) / ".git" / "shallow").mkdir()
    refused = ask(programme, "verify")
    assert refused.exit_code == 1
    assert "Если копия полная, переименуйте его." in refused.stderr


def test_nothing_else_is_called_damaged(programme: Path, ask: Run) -> None:
    """Where only the branch names no commit, or git's log of it is no file."""
    reflog_blocked(programme)
    refused = ask(programme, "set", "1.1.2", "responsible=Отдел")
    assert (refused.exit_code, "уберите оттуда эту папку" in refused.stderr) == (1, True)
    assert ask(programme, "verify").exit_code == 0
    branch_at_tag(programme)
    looked = ask(programme, "doctor").stdout
    assert "`git update-ref refs/heads/main" in looked
    assert "повреждена" not in looked


@pytest.mark.parametrize("damage", [index_truncated, index_split])
def test_the_history_is_verified_whatever_the_index_is(
    programme: Path, ask: Run, damage: Damage
) -> None:
    damage(programme)
    assert ask(programme, "verify").exit_code == 0
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("language: ru", "language: en"), encoding="utf-8")
    verified = ask(programme, "verify")
    assert verified.exit_code == 1
    assert "исправлен и не внесён в историю" in verified.stdout


def test_the_way_to_a_pack_is_right_in_any_folder(tmp_path: Path) -> None:
    """Git names it from the top of the repository, whichever folder it was started in."""
    pack = tmp_path / ".git" / "objects" / "pack" / "pack-1234.pack"
    pack.parent.mkdir(parents=True)
    pack.touch()
    words = "error: index file .git/objects/pack/pack-1234.idx is too small"
    damaged = command_error("log", words, 128, tmp_path / "plan" / "2024")
    assert f'`git index-pack "{pack}"`' in str(damaged)


def test_missing_permissions_are_not_reported_as_damage(
    programme: Path, ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top(programme) / ".git" / "HEAD").write_text("x", encoding="ascii")
    may = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: ".git" not in str(path) and may(path, mode)
    )
    refused = ask(programme, "set", "1.1.2", "responsible=Отдел")
    assert "Нет права чтения репозитория: " in refused.stderr
    closed = command_error(
        "status", "fatal: .git/index: index file open failed: Permission denied", 128
    )
    assert type(closed) is RepositoryUnreadable


def test_saving_works_again_with_a_rebuilt_index(programme: Path, ask: Run) -> None:
    index_truncated(programme)
    (top(programme) / ".git" / "index").unlink()
    git(programme.parent, "reset")
    assert ask(programme, "set", "1.1.2", "responsible=Отдел").exit_code == 0
    assert visible_state(top(programme)).leftovers == []


def test_an_unknown_error_is_reported_in_the_words_of_git(
    programme: Path, ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "вчера")
    refused = ask(programme, "set", "1.1.2", "responsible=Отдел")
    assert refused.stderr.endswith(
        "git commit не выполнен. Ответ git: fatal: invalid date format: вчера\n"
    )
