"""Obstacles are removed where they are reported: by a key on the screen, by a command."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfile

import pytest

from kvartal.history.git.errors import GitLocked, ReadOnlyFolder
from kvartal.history.programme import Programme
from kvartal.history.store.errors import PlanChangedOutside, StaleLock
from kvartal.history.store.git_locks import wait_for_git
from kvartal.history.store.init_repository import repository_folder
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.manual_edits import move_manual_edits_away
from tests.states import repositories as state
from tests.states.conftest import Run
from tests.support.plans import rewrite
from tests.support.repository import git as plain_git
from tests.support.repository import install_hook, subjects, visible_state
from tests.support.screens import SMALL, opened, programme_at

Git = Callable[..., str]

FIRST_COMMIT = "Программа на 2024 год: начата история. Мероприятий: 20"
PAGE = 4096
SETTINGS = "Настройки git: сравнивать и сливать программу по полям"

root_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives a folder to another user"
)
posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")
linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which processes there are")


def real_programme(plan: Path) -> Programme:
    return programme_at(plan, "2024.yaml")


def content(path: Path) -> bytes:
    return path.read_bytes()


def copies(repo: Path) -> list[Path]:
    return sorted((repo / ".git" / "kvartal" / "aside").glob("*.yaml"))


# ----------------------------------------------------------------------------------- no repository


async def test_the_screen_creates_a_repository(programme: Path, repo: Path) -> None:
    plan = state.no_repository(programme)
    state.no_identity(plan)
    before = content(plan)
    async with opened(plan, programme=real_programme(plan), size=SMALL) as stage:
        await stage.press("у")
        assert "У программы нет истории. Завести её?" in stage.words()
        await stage.press("escape", "escape", "f6", "f2")
        await stage.paste("Иванова Анна")
        await stage.press("tab")
        await stage.paste("ivanova@tests.example")
        await stage.press("f2")
        assert f"Сохранено: {FIRST_COMMIT}" in stage.words()
        assert "Только просмотр" not in stage.words()
        await stage.press("escape", "у")
        assert "Правка мероприятия 1.1.1" in stage.text()
    assert subjects(repo) == [SETTINGS, FIRST_COMMIT]
    assert content(plan) == before
    attributes = (repo / ".gitattributes").read_text(encoding="utf-8")
    assert attributes == "/plan/*.yaml merge=kvartal diff=kvartal\n"
    assert plain_git(repo, "status", "--porcelain") == ""


def test_a_command_creates_a_repository_once(programme: Path, repo: Path, ask: Run) -> None:
    plan = state.no_repository(programme)
    (repo / "чужой.txt").write_text("чужой", encoding="utf-8")
    done = ask(plan, "init")
    assert done.stdout.startswith(f"История начата: {FIRST_COMMIT} (")
    assert done.stdout.endswith(f"Папка: {repo}\n")
    assert ask(plan, "init").stdout == f"История уже ведётся, папка: {repo}\n"
    assert subjects(repo) == [SETTINGS, FIRST_COMMIT]
    assert plain_git(repo, "-c", "core.quotePath=false", "status", "-s") == "?? чужой.txt\n"
    assert visible_state(repo).leftovers == []


def test_after_a_missing_name_the_command_continues_where_it_stopped(
    programme: Path, repo: Path, ask: Run
) -> None:
    plan = state.no_identity(state.no_repository(programme))
    refused = ask(plan, "init")
    assert (refused.exit_code, "git config --local user.name" in refused.stderr) == (1, True)
    for name, value in (("user.name", "Анна"), ("user.email", "a@tests.example")):
        plain_git(repo, "config", "--local", name, value)
    assert ask(plan, "init").exit_code == 0
    assert subjects(repo) == [SETTINGS, FIRST_COMMIT]


def test_existing_attributes_are_left_to_the_user(programme: Path, repo: Path, ask: Run) -> None:
    plan = state.no_repository(programme)
    (repo / ".gitattributes").write_text("*.pdf binary\n", encoding="utf-8")
    assert ask(plan, "init").exit_code == 0
    assert subjects(repo) == [FIRST_COMMIT]
    assert plain_git(repo, "status", "--porcelain") == "?? .gitattributes\n"


def test_none_is_created_for_an_invalid_file(programme: Path, repo: Path, ask: Run) -> None:
    plan = state.made_unreadable(state.no_repository(programme))
    assert ask(plan, "init").exit_code == 1
    assert not (repo / ".git").exists()


def test_the_folder_of_a_new_repository(tmp_path: Path) -> None:
    work = tmp_path / "programme"
    assert repository_folder(work / "plan" / "2024.yaml", tmp_path) == work
    assert repository_folder(work / "2024.yaml", tmp_path) == work
    # Never a whole home folder or disk.
    assert repository_folder(tmp_path / "plan" / "2024.yaml", tmp_path) == tmp_path / "plan"
    assert repository_folder(Path("/plan/2024.yaml"), tmp_path) == Path("/plan")


# ---------------------------------------------------------------------------------- trust and keys


@root_only
async def test_another_users_repository_is_trusted_by_a_key(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    copyfile(os.environ["GIT_CONFIG_GLOBAL"], settings)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    plan = state.of_another_user(programme)
    async with opened(plan, programme=real_programme(plan), size=SMALL) as stage:
        assert "Только просмотр. F6 — доверять ему. Репозиторий принадлежит" in stage.words()
        await stage.press("f6")
        assert f"Папка: {programme.parent.parent}" in stage.words()
        await stage.press("f2")
        assert "Только просмотр" not in stage.words()
        await stage.press("у")
        assert "Правка мероприятия 1.1.1" in stage.text()


async def test_if_no_key_helps_the_advice_is_shown_again(programme: Path) -> None:
    plan = state.detached(programme)
    async with opened(plan, programme=real_programme(plan), size=SMALL) as stage:
        await stage.press("f6")
        assert "`git switch имя-ветки`.  [Esc]" in stage.text()
        assert "Улаживать нечего" not in stage.words()


@posix
async def test_the_end_of_a_long_answer_of_a_hook_is_read_in_the_dialog(
    programme: Path, repo: Path
) -> None:
    answer = "нет номера задачи, смотрите регламент отдела и спросите дежурного, телефон 12-34"
    install_hook(repo, "pre-commit", f"echo {answer} >&2; exit 1")
    async with opened(programme, programme=real_programme(programme), size=SMALL) as stage:
        await stage.press("с")
        await stage.type("x")
        await stage.press("f2")
        assert "Её ответ: нет номера задачи" in stage.words()
        assert "телефон 12-34" in stage.words()


# -------------------------------------------------------------------------------------- lock files


@linux
async def test_a_stale_lock_is_moved_away_by_a_key(programme: Path, repo: Path) -> None:
    plan = state.stale_lock(programme)
    async with opened(plan, programme=real_programme(plan), size=SMALL) as stage:
        assert "Только просмотр. F6 — убрать этот файл." in stage.words()
        await stage.press("f6")
        assert "Убрать оставшийся файл git?" in stage.words()
        assert "31.03.2024 12:00:00" in stage.words()
        await stage.press("f2")
        assert "Только просмотр" not in stage.words()
    assert not (repo / ".git" / "index.lock").exists()
    assert (repo / ".git" / "kvartal" / "aside" / "index.lock").exists()


@linux
def test_a_lock_is_not_stale_while_git_runs(programme: Path, repo: Path) -> None:
    state.stale_lock(programme)
    ledger = Ledger(programme)
    found = ledger.state()
    assert isinstance(found.obstacle, StaleLock)
    assert found.repository is not None
    command = ["git", "cat-file", "--batch"]
    with subprocess.Popen(command, cwd=repo, stdin=subprocess.PIPE) as alive:
        while Path(f"/proc/{alive.pid}/comm").read_text(encoding="utf-8") != "git\n":
            time.sleep(0.005)
        assert ledger.state().obstacle is None
        with pytest.raises(GitLocked) as caught:
            wait_for_git(found.repository, "main")
        assert type(caught.value) is GitLocked
        alive.terminate()
    assert (repo / ".git" / "index.lock").exists()


# ------------------------------------------------------------------------------------ manual edits


async def test_manual_edits_are_shown_at_the_start_and_adopted_with_a_reason(
    programme: Path, git: Git
) -> None:
    plan = state.edited_manually(programme)
    async with opened(plan, programme=real_programme(plan), size=SMALL) as stage:
        await stage.press("f6")
        text = stage.words()
        assert "В файле это изменено не через программу" in text
        assert "Ответственный исполнитель + Отдел качества" in text
        await stage.press("escape")
        assert "Файл правили вручную" in stage.words()
        await stage.press("f6", "f6")
        await stage.paste("Указание директора")
        await stage.press("f2")
        assert "Сохранено: 1.1.2: правка файла: ответственный" in stage.words()
        assert "Файл правили вручную" not in stage.words()
    assert "Причина: Указание директора" in git("log", "-1", "--format=%b")


async def test_manual_edits_are_moved_away_at_the_start_and_can_be_restored(
    programme: Path, repo: Path, git: Git
) -> None:
    before = content(programme)
    edited = content(state.edited_manually(programme))
    async with opened(programme, programme=real_programme(programme), size=SMALL) as stage:
        await stage.press("f6", "f7")
        assert "Отложить правку и вернуть прежний файл?" in stage.words()
        await stage.press("f2")
        await stage.pilot.pause()
        assert "Правка отложена." in stage.words()
        assert "положите на место файла копию: " in stage.words()
        assert "Файл правили вручную" not in stage.words()
    assert content(programme) == before
    assert [content(copy) for copy in copies(repo)] == [edited]
    assert git("status", "--porcelain") == ""


async def test_invalid_edits_can_only_be_moved_away(programme: Path, repo: Path) -> None:
    before = content(programme)
    state.edited_invalidly(programme)
    async with opened(programme, programme=real_programme(programme), size=SMALL) as stage:
        await stage.press("f6")
        assert "С этими ошибками правку в историю не внести" in stage.words()
        assert "Неизвестное поле «colour»" in stage.words()
        assert "F6 — внести" not in stage.words()
        await stage.press("f6", "f7", "f2")
        assert "Ошибок в файле" not in stage.words()
    assert content(programme) == before


async def test_an_unreadable_file_is_moved_away_and_the_programme_opens(
    programme: Path, repo: Path
) -> None:
    before = content(programme)
    edited = content(state.made_unreadable(programme))
    async with opened(programme, programme=real_programme(programme), size=SMALL) as stage:
        assert "Программа не открыта" in stage.words()
        await stage.press("f6")
        assert "Файл не читается, сравнить его с историей нельзя." in stage.words()
        await stage.press("f7", "f2")
        assert len(stage.ids()) == 20
        assert "Правка отложена." in stage.words()
        assert len(stage.app.screen_stack) == 2
        assert not stage.app.repair_service.is_asking
        await stage.press("escape", "у")
        assert "Правка мероприятия 1.1.1" in stage.text()
    assert content(programme) == before
    assert [content(copy) for copy in copies(repo)] == [edited]


async def test_an_edit_that_changes_again_is_shown_again(programme: Path, git: Git) -> None:
    state.edited_manually(programme)
    async with opened(programme, programme=real_programme(programme), size=SMALL) as stage:
        await stage.press("f6", "f6")
        rewrite(programme, "Отдел качества", "Отдел без качества")
        await stage.press("f2")
        assert "Файл тем временем изменился ещё раз." in stage.words()
        assert git("rev-list", "--count", "HEAD").strip() == "1"
        await stage.press("escape")
        assert "+ Отдел без качества" in stage.words()
        await stage.press("f6", "f2")
    assert git("rev-list", "--count", "HEAD").strip() == "2"


def test_a_command_shows_and_adopts_an_edit(programme: Path, git: Git, ask: Run) -> None:
    plan = state.edited_manually(programme)
    done = ask(plan, "adopt", "--reason", "Указание директора")
    assert "    Ответственный исполнитель: — → Отдел качества\n" in done.stdout
    assert "Сохранено: 1.1.2: правка файла: ответственный" in done.stdout
    assert "\nПричина: Указание директора\n" in git("log", "-1", "--format=%B")
    assert "нет правки" in ask(plan, "adopt").stdout


def test_a_command_moves_an_edit_away(programme: Path, repo: Path, ask: Run) -> None:
    before = content(programme)
    edited = content(state.edited_invalidly(programme))
    refused = ask(programme, "adopt")
    assert (refused.exit_code, "В правке есть ошибки" in refused.stderr) == (1, True)
    assert "`kvartal adopt --aside`" in refused.stderr
    done = ask(programme, "adopt", "--aside")
    [copy] = copies(repo)
    assert f"Правка отложена: {copy.relative_to(repo.parent)}\n" in done.stdout
    assert (content(programme), content(copy)) == (before, edited)
    assert ask(programme, "adopt", "--aside").exit_code == 1
    assert ask(programme, "adopt", "--aside", "--reason", "x").exit_code == 1


async def test_a_deleted_file_is_restored_by_a_key(programme: Path, git: Git) -> None:
    before = content(programme)
    state.deleted(programme)
    async with opened(programme, programme=real_programme(programme), size=SMALL) as stage:
        assert "нет на диске. Вернуть его из истории: F6." in stage.words()
        await stage.press("f6")
        assert "Файла нет на диске, а в последней записи истории он есть." in stage.words()
        assert "F7 — вернуть файл" in stage.words()
        await stage.press("f7")
        assert "Вернуть файл из истории?" in stage.words()
        await stage.press("f2")
        assert len(stage.ids()) == 20
    assert content(programme) == before
    assert git("status", "--porcelain") == ""


def test_a_deleted_file_is_restored_by_a_command(programme: Path, git: Git, ask: Run) -> None:
    before = content(programme)
    git("rm", "--quiet", programme)
    assert ask(programme, "adopt").exit_code == 1
    assert ask(programme, "adopt", "--aside").stdout.startswith("Файл возвращён из истории: ")
    assert content(programme) == before
    saved = ask(programme, "set", "1.1.2", "responsible=Отдел")
    assert (saved.exit_code, saved.stderr) == (0, "")
    assert git("status", "--porcelain") == ""


def test_what_was_written_after_the_decision_is_not_moved_away(programme: Path, repo: Path) -> None:
    state.edited_manually(programme)
    seen_then = "0" * 64
    found = visible_state(repo)
    with pytest.raises(PlanChangedOutside):
        move_manual_edits_away(programme, seen_then)
    assert visible_state(repo) == found
    assert copies(repo) == []


def test_with_converted_line_ends_only_the_edit_is_reverted(programme: Path, ask: Run) -> None:
    plan = state.crlf(programme)
    before = content(plan)
    rewrite(plan, state.RESULT, f"{state.RESULT}!")
    assert ask(plan, "adopt", "--aside").exit_code == 0
    assert content(plan) == before


# ------------------------------------------------------------------------------------ the disk


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of two megabytes; skip the test where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("only root may mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_and_a_read_only_one_are_reported(
    programme: Path, repo: Path, tmp_path: Path, ask: Run
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        clone = disk / "clone"
        plain_git(tmp_path, "clone", "--quiet", repo, clone)
        plan = clone / "plan" / "2024.yaml"
        found = visible_state(clone)
        filler = disk / "filler"
        # Each fills the disk up at a different point: our files, git's objects, git's index.
        for pages in (0, 8, 12):
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(b"x" * PAGE)
            os.truncate(filler, filler.stat().st_size - pages * PAGE)
            assert ask(plan, "list").exit_code == 0
            full = ask(plan, "set", "1.1.2", "responsible=Отдел")
            assert full.exit_code == 1
            assert "На диске нет места: «" in full.stderr
            filler.unlink()
            assert visible_state(clone) == found
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        closed = ask(plan, "set", "1.1.2", "responsible=Отдел")
        assert closed.exit_code == 1
        assert "Диск доступен только для чтения: «" in closed.stderr
        assert isinstance(Ledger(plan).state().obstacle, ReadOnlyFolder)
        assert ask(plan, "list").exit_code == 0
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert visible_state(clone) == found
        assert ask(plan, "set", "1.1.2", "responsible=Отдел").exit_code == 0


# --------------------------------------------------------------------------------------- the rest


def test_evidence_files_whose_names_differ_in_case_stay_separate(
    programme: Path, repo: Path, tmp_path: Path, ask: Run
) -> None:
    plan = state.case_insensitive(programme)
    for quarter, name in ((1, "Акт.pdf"), (2, "АКТ.PDF")):
        (tmp_path / name).write_text(name, encoding="utf-8")
        words = ("--quarter", str(quarter), "--date", f"2024-0{quarter * 3}-01")
        done = ask(plan, "record", "1.1.1", *words, "--file", tmp_path / name)
        assert done.exit_code == 0, done.stderr
    kept = sorted(path.name for path in (plan.parent / "evidence" / "2024" / "1.1.1").iterdir())
    assert kept == ["АКТ (2).PDF", "Акт.pdf"]
    assert plain_git(repo, "status", "--porcelain") == ""


def test_a_refusal_while_creating_the_repository_leaves_the_file_alone(
    programme: Path, repo: Path, ask: Run
) -> None:
    plan = state.no_commits(programme)
    for name, value in (("commit.gpgSign", "true"), ("gpg.format", "ssh")):
        plain_git(repo, "config", name, value)
    plain_git(repo, "config", "user.signingKey", repo / "нет.pub")
    before = content(plan)
    refused = ask(plan, "init")
    assert (refused.exit_code, "одпис" in refused.stderr) == (1, True)
    assert content(plan) == before
    assert not (repo / ".gitattributes").exists()


@pytest.mark.parametrize("build", [state.no_repository, state.broken, state.bare, state.detached])
def test_reading_needs_no_repository(
    programme: Path, ask: Run, build: Callable[[Path], Path]
) -> None:
    plan = build(programme)
    assert "1.1.2" in ask(plan, "list").stdout
    assert "1.1.2" in ask(plan, "show", "1.1.2").stdout
    assert "1.1.2" in ask(plan, "overdue", "--as-of", "2024-10-01").stdout
    assert ask(plan, "validate").exit_code == 0


def test_a_missing_git_is_reported(
    programme: Path, tmp_path: Path, ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask(programme, "list").exit_code == 0
    refused = ask(programme, "set", "1.1.2", "responsible=Отдел")
    assert refused.exit_code == 1
    assert "Не найдена программа git" in refused.stderr


# ---------------------------------------------------------------------- an unreadable last version


async def test_an_edit_over_an_unreadable_last_version_shows_its_fields(
    programme: Path, git: Git
) -> None:
    head = git("rev-parse", "--short=7", "HEAD").strip()
    rewrite(programme, "measures:", "measures: [")
    git("commit", "-qam", "сломано")
    rewrite(programme, "measures: [", "measures:")
    rewrite(programme, "result: Обеспечена установка", "result: Выполнена установка")
    async with opened(programme, programme=real_programme(programme), size=SMALL) as stage:
        await stage.press("f6")
        assert "Последнюю запись истории прочесть не удалось" in stage.words()
        assert f"от прежней читаемой записи, {head}." in stage.words()
        assert "+ Выполнена установка терминала" in stage.words()
