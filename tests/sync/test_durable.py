"""What is on the disk when a sync says that it is done: here, and in a remote that is a folder."""

import json
import os
import subprocess
import time
from pathlib import Path
from shutil import rmtree

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.store import fast_forward as module
from kvartal.history.store import git_locks
from kvartal.history.store.errors import WouldOverwriteFiles
from kvartal.history.store.fast_forward import fast_forward, recover_fast_forward
from kvartal.history.store.state_folder import delete_note
from kvartal.history.store.write_lock import write_lock
from kvartal.history.sync import transport
from kvartal.schema.errors import KvartalError
from tests.support.repository import visible_state
from tests.sync.clones import Clone, SharedRepository

ACT = "plan/evidence/2024/1.1.2/Акт.pdf"
PLAN = "plan/2024.yaml"


def received(one: Clone, other: Clone) -> str:
    """Let another clone change, add, remove and link files; return the fetched commit."""
    one.write("Старое.txt", "старое\n")
    one.commit("Старое")
    one.push()
    other.git("pull", "--quiet")
    one.set("1.1.2", notes="Да")
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1\n")
    (one.folder / "Старое.txt").unlink()
    (one.folder / "ссылка").symlink_to(PLAN)
    one.write("прогон.sh", "#!/bin/sh\n").chmod(0o755)
    commit = one.commit("Разное")
    one.push()
    other.git("fetch", "--quiet")
    return commit


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths that this process flushes to the disk from now on."""
    paths: list[str] = []
    flush = os.fsync

    def record(descriptor: int) -> None:
        paths.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", record)
    return paths


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks up what is flushed there")
def test_what_was_received_is_on_disk_before_the_note_of_the_move_goes(
    one: Clone, other: Clone, flushed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = received(one, other)

    def note_gone(path: Path) -> None:
        flushed.append("note gone")
        delete_note(path)

    monkeypatch.setattr(module, "delete_note", note_gone)
    flushed.clear()
    other.sync()
    assert other.head == commit
    before = flushed[: len(flushed) - 1 - flushed[::-1].index("note gone")]
    in_folders = {Path(path).parent for path in before if path.endswith(".kvartal-tmp")}
    # The new bytes of each file, under their temporary names …
    assert in_folders == {
        other.folder / name for name in ("", "plan", "plan/evidence", Path(ACT).parent)
    }
    # … then the folders that name them, those that were made for them, what git wrote, the branch.
    for name in ("", "plan", str(Path(ACT).parent), "plan/evidence", ".git", ".git/refs/heads"):
        assert str(other.folder / name) in before, name
    state = visible_state(other.folder)
    assert state.leftovers == []
    assert other.git("status", "--porcelain", "--ignored") == ""
    assert (other.folder / "ссылка").is_symlink()
    assert os.access(other.folder / "прогон.sh", os.X_OK)


def test_files_are_whole_while_the_branch_moves(one: Clone, other: Clone) -> None:
    commit = received(one, other)
    other.hook("reference-transaction", f'test "$1" != prepared || cp {PLAN} .git/at-that-time')
    other.sync()
    there = (other.folder / ".git" / "at-that-time").read_text(encoding="utf-8")
    assert there == other.git("show", f"{commit}:{PLAN}")


def test_files_are_stored_as_git_would_check_them_out(one: Clone, other: Clone) -> None:
    attributes = one.folder / ".gitattributes"
    attributes.write_text(attributes.read_text("ascii") + "*.txt eol=crlf\n", encoding="ascii")
    one.write("Строки.txt", "раз\nдва\n")
    one.commit("Строки")
    one.push()
    other.sync()
    assert (other.folder / "Строки.txt").read_bytes() == "раз\r\nдва\r\n".encode()
    assert other.git("status", "--porcelain") == ""


def test_a_folder_and_a_file_take_each_other_s_place(one: Clone, other: Clone) -> None:
    one.write("вещь", "файл")
    one.commit("Файл")
    one.push()
    other.sync()
    (one.folder / "вещь").unlink()
    one.write("вещь/внутри.txt", "1")
    one.commit("Папка")
    one.push()
    other.sync()
    assert (other.folder / "вещь" / "внутри.txt").read_text("utf-8") == "1"
    assert other.git("status", "--porcelain") == ""
    rmtree(one.folder / "вещь")
    one.write("вещь", "снова файл")
    one.commit("Файл вместо папки")
    one.push()
    mine = other.write("вещь/моё.txt", "моё")
    with pytest.raises(WouldOverwriteFiles) as caught:
        other.sync()
    assert "ваши несохранённые файлы: вещь/моё.txt." in str(caught.value)
    mine.unlink()
    other.sync()
    assert (other.folder / "вещь").read_text("utf-8") == "снова файл"
    assert other.git("status", "--porcelain") == ""


def test_what_a_sparse_checkout_leaves_out_stays_out(one: Clone, other: Clone) -> None:
    one.write("другое/лишнее.txt", "1")
    one.commit("Лишнее")
    one.push()
    other.sync()
    other.git("sparse-checkout", "set", "plan")
    one.write("другое/лишнее.txt", "2")
    one.write("другое/новое.txt", "3")
    one.commit("Ещё")
    one.push()
    other.sync()
    assert not (other.folder / "другое").exists()
    assert other.git("status", "--porcelain") == ""


def test_a_file_written_during_the_move_stays_and_the_move_is_taken_back(
    one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = received(one, other)
    head = other.head
    check = module._obstacle
    edited = other.plan.read_text("utf-8").replace("\n", "\n# Правка\n", 1)

    def edit_after_checking(*arguments: object) -> WouldOverwriteFiles | None:
        found = check(*arguments)  # type: ignore[arg-type]
        other.plan.write_text(edited, encoding="utf-8")
        return found

    monkeypatch.setattr(module, "_obstacle", edit_after_checking)
    repository = find_repository(other.folder)
    with write_lock(repository.git_dir), pytest.raises(WouldOverwriteFiles):
        fast_forward(repository, "main", head, commit)
    assert (other.plan.read_text("utf-8"), other.head) == (edited, head)
    assert other.git("status", "--porcelain").split() == ["M", PLAN]
    assert visible_state(other.folder).leftovers == []


def test_what_was_written_to_the_replaced_file_is_not_lost(
    one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor that still has the old file open writes to it after the exchange."""
    commit = received(one, other)
    merge = module._merge

    with other.plan.open("ab") as editor:

        def write_late(*arguments: object) -> object:
            editor.write("# Поздняя правка\n".encode())
            editor.flush()
            return merge(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(module, "_merge", write_late)
        other.sync()
    assert other.head == commit
    (rescued,) = other.plan.parent.glob("2024.yaml.spared-*")
    assert rescued.read_text("utf-8").endswith("# Поздняя правка\n")


def test_old_versions_that_a_crash_left_go_when_the_branch_has_moved(
    one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = received(one, other)

    class Killed(BaseException):
        pass

    def killed(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, "clean_up", killed)
        with pytest.raises(Killed):
            other.sync()
    assert list(other.plan.parent.glob(".*.kvartal-tmp"))
    recover_fast_forward(find_repository(other.folder))
    assert (other.head, visible_state(other.folder).leftovers) == (commit, [])
    assert other.git("status", "--porcelain", "--ignored") == ""


@pytest.fixture
def git_calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder of a record of all git calls of the test, a file of events each."""
    folder, config = tmp_path / "calls", tmp_path / "traced"
    folder.mkdir()
    own = Path(os.environ["GIT_CONFIG_GLOBAL"]).read_text("utf-8")
    config.write_text(f"{own}[trace2]\n\teventTarget = {folder}\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    return folder


def flushes(calls: Path, command: str) -> int:
    """Return how many files the git processes of a command flushed to the disk."""
    count = 0
    for file in calls.iterdir():
        events = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        names = [event["name"] for event in events if event["event"] == "cmd_name"]
        count += sum(
            int(event["value"])
            for event in events
            if event.get("key") == "fsync/hardware-flush" and names[:1] == [command]
        )
    return count


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_folder_remote_flushes_what_it_is_sent(
    shared: SharedRepository, one: Clone, git_calls: Path, form: str
) -> None:
    one.git("remote", "set-url", "origin", form.format(shared.bare))
    one.set("1.1.2", notes="Отправлено")
    assert one.sync().notes == ()
    assert shared.head() == one.head
    # Three objects and the branch: without the setting none of them.
    assert flushes(git_calls, "receive-pack") + flushes(git_calls, "unpack-objects") >= 4


def test_a_folder_remote_with_a_program_of_its_own_is_reported(
    shared: SharedRepository, one: Clone
) -> None:
    one.git("config", "remote.origin.receivepack", "git receive-pack")
    one.set("1.1.2", notes="Отправлено")
    (note,) = one.sync().notes
    assert note.message() == (
        "Отправлено, но записано ли в «origin» на сам диск, неизвестно: принимает там своя "
        "программа (remote.origin.receivepack). Чтобы отправленное пережило отключение питания, "
        f"выполните: `git -C '{shared.bare}' config core.fsync all`."
    )
    subprocess.run(["git", "-C", shared.bare, "config", "core.fsync", "all"], check=True)
    one.set("1.1.2", notes="Ещё раз")
    assert one.sync().notes == ()


def test_a_lock_that_a_killed_push_left_in_a_folder_remote_is_moved_away(
    shared: SharedRepository, one: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_locks, "_REMOTE_TIMEOUT", 0.1)
    monkeypatch.setattr(transport, "PATIENCE", 0.0)
    one.set("1.1.2", notes="Отправлено")
    old = shared.bare / "HEAD.lock"
    witness = "refs/kvartal/seen/x.lock"
    git_dirs = (shared.bare, one.folder / ".git")
    note = one.folder / ".git" / "kvartal" / "errand.json"
    note.parent.mkdir(exist_ok=True)

    def killed(started: float) -> None:
        locks = {str(shared.bare): ["refs/heads/main.lock", "HEAD.lock"]}
        note.write_text(json.dumps({"started": started, "locks": [], "remote": locks}))
        for name in ("refs/heads/main.lock", "HEAD.lock"):
            (shared.bare / name).touch()
        for git_dir in git_dirs:
            (git_dir / witness).parent.mkdir(parents=True, exist_ok=True)
            (git_dir / witness).touch()

    killed(time.time() + 100)  # The locks are older than the call: somebody else's.
    with pytest.raises(KvartalError):
        one.sync()
    assert old.exists()
    killed(time.time())
    assert one.sync().sent == 1
    assert not old.exists()
    assert not any((git_dir / witness).exists() for git_dir in git_dirs)


def test_git_merges_in_a_folder_of_its_own(one: Clone, other: Clone, git_calls: Path) -> None:
    (one.folder / "списки").mkdir()
    one.write("списки/.gitattributes", "*.txt merge=union\n")
    for clone, line in ((one, "раз"), (other, "два")):
        clone.write("списки/всё.txt", f"{line}\n")
        clone.commit(line)
    one.push()
    other.write("списки/.gitattributes", "*.txt merge=union\n")
    other.commit("Так же")
    assert other.find_divergence().received == 1
    calls = [file.read_text("utf-8") for file in git_calls.iterdir()]
    (merge,) = (text for text in calls if '"name":"merge-tree"' in text)
    events = [json.loads(line) for line in merge.splitlines()]
    (where,) = (event["worktree"] for event in events if event["event"] == "def_repo")
    assert Path(where).parent == other.folder / ".git" / "kvartal"
    assert not Path(where).exists()
    other.sync()
    assert (other.folder / "списки" / "всё.txt").read_text("utf-8").split() == ["два", "раз"]
