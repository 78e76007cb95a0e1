"""What is on the disk when a change is reported as saved, and what an interrupted call leaves."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.store import commit, committed_files, durable
from kvartal.history.store.call_note import noted_call
from kvartal.history.store.durable import flush_remote
from kvartal.history.store.files import write_new_file
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.manual_edits import move_manual_edits_away
from kvartal.history.store.write_ahead import delete_intent
from tests.support.repository import (
    Crash,
    git,
    record_with_file,
    set_responsible,
    visible_state,
)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks up what is flushed there")
def test_what_git_leaves_to_the_system_is_flushed_before_the_note_goes(
    ledger: Ledger, repo: Path, act: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths: list[str] = []
    flush, delete = os.fsync, delete_intent

    def record(descriptor: int) -> None:
        paths.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        flush(descriptor)

    def note_gone(git_dir: Path) -> None:
        paths.append("note gone")
        delete(git_dir)

    monkeypatch.setattr(os, "fsync", record)
    monkeypatch.setattr(commit, "delete_intent", note_gone)
    snapshot = ledger.read()
    ledger.apply(snapshot, *record_with_file(snapshot.data, ledger.path, act))
    before = {os.path.relpath(path, repo) for path in paths[: paths.index("note gone")]}
    assert {
        *(".git/index", ".git/logs/HEAD", ".git/logs/refs/heads/main"),
        *(".git/refs/heads", ".git/objects", ".git", ".git/kvartal"),
        *("plan", "plan/evidence", "plan/evidence/2024", "plan/evidence/2024/1.1.2"),
    } <= before
    head = git(repo, "rev-parse", "HEAD")
    assert f".git/objects/{head[:2]}" in before


def test_what_git_changed_lately_is_flushed_and_names_come_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ("index", "config", "logs/HEAD", "refs/heads/x/y", "reftable/a.ref", "objects/ab/c")
    for name in (*files, "logs/old", "objects/cd/e", "refs/tags/v"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    since = 1_800_000_000.0
    for path in (tmp_path, *tmp_path.rglob("*")):
        is_old = path.name in {"old", "cd", "tags"}
        os.utime(path, (since, since - (2.5 if is_old else 2.0)))
    flushed: list[str] = []

    def record(path: Path) -> None:
        flushed.append(path.relative_to(tmp_path).as_posix())
        if path.name == "HEAD":
            raise PermissionError

    monkeypatch.setattr(durable, "fsync_folder", lambda path: record(path / "dir"))
    monkeypatch.setattr(durable, "fsync_file", record)
    flush_remote(tmp_path, since)
    assert flushed == [
        *("index", "logs/HEAD", "refs/heads/x/dir", "refs/heads/dir", "objects/ab/dir"),
        *("logs/dir", "refs/dir", "reftable/dir", "objects/dir", "dir"),
    ]
    flush_remote(tmp_path, since + 1)
    assert len(flushed) == 10


def test_the_name_of_a_copy_is_flushed_before_the_file_is_replaced(
    ledger: Ledger, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr(committed_files, "fsync_folder", flushed.append)
    copy = committed_files.back_up(find_repository(repo), ledger.path, datetime.now(UTC))
    assert flushed == [copy.parent]
    assert copy.read_bytes() == ledger.path.read_bytes()


def test_an_index_that_a_power_cut_left_damaged_is_made_again(
    ledger: Ledger, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise Crash

    snapshot = ledger.read()
    with monkeypatch.context() as patch:
        patch.setattr(commit, "clean_up", end)
        with pytest.raises(Crash):
            ledger.apply(snapshot, set_responsible(snapshot.data, "Отдел ОК"))
    os.truncate(repo / ".git" / "index", 0)
    assert ledger.recover() is not None
    assert git(repo, "status", "--porcelain", "--ignored") == ""
    assert len(git(repo, "rev-list", "HEAD").split()) == 2


@pytest.mark.usefixtures("short_waits")
def test_locks_of_a_call_that_was_killed_go_and_nothing_else(ledger: Ledger, repo: Path) -> None:
    outside = repo.parent / "чужое.lock"
    outside.touch()
    tag = repo / ".git" / "refs" / "tags" / "v.lock"
    left = repo / "plan" / ".x.kvartal-tmp"
    mine = repo / "plan" / "моё.txt"
    note = repo / ".git" / "kvartal" / "call.json"
    note.parent.mkdir()

    def killed(**fields: object) -> None:
        for path in (tag, repo / ".git" / "index.lock", left, mine):
            path.touch()
        note.write_text(json.dumps({"started": time.time(), "branch": "main", **fields}))

    killed(locks=["refs/tags/v.lock", "../../чужое.lock", str(outside), 7], temporary=mine.name)
    ledger.recover()
    assert (tag.exists(), left.exists(), note.exists()) == (False, True, False)
    for hostile in ("plan/моё.txt", "../чужое.lock", str(left), ["x"]):
        killed(locks=hostile, temporary=hostile)
        ledger.recover()
        assert (outside.exists(), left.exists(), mine.exists()) == (True, True, True)
    killed(temporary="plan/.x.kvartal-tmp")
    ledger.recover()
    assert (left.exists(), mine.exists()) == (False, True)


def test_a_call_that_fails_leaves_no_note(repo: Path, programme: Path) -> None:
    with pytest.raises(ZeroDivisionError), noted_call(find_repository(repo)):
        _ = 1 / 0
    assert not (repo / ".git" / "kvartal" / "call.json").exists()


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_plan_is_put_back_whole_or_not_at_all(
    programme: Path, repo: Path, monkeypatch: pytest.MonkeyPatch, *, is_deleted: bool
) -> None:
    committed, write = programme.read_bytes(), write_new_file
    seen = None
    if is_deleted:
        programme.unlink()
    else:
        programme.write_bytes(committed + b"# edited\n")
        seen = Ledger(programme).read().digest

    def cut_short(path: Path, *arguments: object, **options: object) -> str:
        if path.parent != programme.parent:  # The copy.
            return write(path, *arguments, **options)  # type: ignore[arg-type]
        path.write_bytes(committed[:100])
        raise Crash

    def end(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(committed_files, "write_new_file", cut_short)
        patch.setattr("kvartal.history.store.call_note.clear_noted_call", end)
        with pytest.raises(Crash):
            move_manual_edits_away(programme, seen)
    assert programme.exists() != is_deleted
    move_manual_edits_away(programme, seen)
    assert programme.read_bytes() == committed
    assert visible_state(repo).leftovers == []
