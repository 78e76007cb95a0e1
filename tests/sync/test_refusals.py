"""What a remote refuses is told by its own reason, never as «others keep saving first»."""

import os
import shutil
import time
from pathlib import Path

import pytest

from kvartal.history.git.errors import HookRefused
from kvartal.history.git.failures import DiskFailed, NoSpaceLeft, command_error
from kvartal.history.sync import transport
from kvartal.history.sync.remote_errors import (
    PushGoesElsewhere,
    RemoteDiskRefused,
    RemoteLocked,
    RemoteRefused,
    ShallowPushRefused,
)
from kvartal.schema.errors import KvartalError
from tests.support.repository import git
from tests.sync.clones import Clone, SharedRepository

posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "PATIENCE", 0.0)


def refused(clone: Clone, kind: type[KvartalError]) -> str:
    """Change something and sync; return how the refusal is told, after checking what is saved."""
    commit = clone.set("1.1.2", notes="x")
    with pytest.raises(kind) as caught:
        clone.sync()
    assert type(caught.value) is kind
    assert clone.head == commit
    assert "успевают сохранить раньше" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_is_named(one: Clone, shared: SharedRepository, name: str) -> None:
    lock = shared.bare / name
    lock.touch()
    told = refused(one, RemoteLocked)
    assert f"там стоит файл «{lock}»" in told
    assert "удалите этот файл" in told
    lock.unlink()
    assert one.sync().sent == 1


def test_a_lock_that_goes_away_is_waited_for(
    one: Clone, shared: SharedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = shared.bare / "HEAD.lock"
    lock.touch()
    one.set("1.1.2", notes="x")
    monkeypatch.setattr(transport, "PATIENCE", 5.0)
    monkeypatch.setattr(time, "sleep", lambda _seconds: lock.unlink(missing_ok=True))
    assert one.sync().sent == 1


@posix
@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("fatal: write error: No space left on device", "на диске нет места"),
        ("error: unable to write file: Read-only file system", "диск доступен только для чтения"),
        ("fatal: sha1 file write error: Input/output error", "диск отказал (ошибка ввода-вывода)"),
        ("error: unable to create temporary file: Permission denied", "нет права доступа"),
    ],
)
def test_a_disk_that_takes_nothing_there_is_named(
    one: Clone, shared: SharedRepository, printed: str, words: str
) -> None:
    shared.hook("pre-receive", f"echo '{printed}' >&2; exit 1")
    told = refused(one, RemoteDiskRefused)
    assert f"«origin» не может записать отправленное: {words}." in told


@posix
def test_a_transaction_that_a_hook_ends_is_no_silence(one: Clone, shared: SharedRepository) -> None:
    shared.hook("reference-transaction", 'test "$1" != prepared || exit 1')
    assert "«origin» не принял изменения в ветку «main»" in refused(one, RemoteRefused)


def test_a_shallow_clone_is_told_what_to_do(shared: SharedRepository, tmp_path: Path) -> None:
    folder, empty = tmp_path / "неполная", tmp_path / "пустой.git"
    Clone(shared.clones[0].folder).set("1.1.3", notes="y")
    shared.clones[0].push()
    git(tmp_path, "clone", "--quiet", "--depth=1", shared.bare.as_uri(), folder)
    git(tmp_path, "init", "--quiet", "--bare", "-b", "main", empty)
    git(folder, "remote", "set-url", "origin", empty)
    git(folder, "update-ref", "-d", "refs/remotes/origin/main")
    assert "git fetch --unshallow" in refused(Clone(folder), ShallowPushRefused)


def test_addresses_that_differ_are_not_told_as_haste(
    one: Clone, other: Clone, shared: SharedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kvartal.history.sync import sync

    elsewhere = shared.bare.with_name("другой.git")
    git(shared.bare, "clone", "--quiet", "--bare", shared.bare, elsewhere)
    other.set("1.1.3", notes="y")
    git(other.folder, "push", "--quiet", elsewhere, "main")
    git(one.folder, "remote", "set-url", "--push", "origin", elsewhere)
    monkeypatch.setattr(sync, "PAUSE", 0.0)
    assert "`git remote -v`" in refused(one, PushGoesElsewhere)


@posix
def test_the_end_of_a_long_reason_is_kept(one: Clone, shared: SharedRepository) -> None:
    shared.hook("pre-receive", "seq 5000 >&2; echo 'Нет номера приказа' >&2; exit 1")
    told = refused(one, RemoteRefused)
    assert "Нет номера приказа" in told
    assert len(told.splitlines()) < 250


@posix
def test_the_end_of_a_long_reason_of_our_own_hook_is_kept(one: Clone) -> None:
    one.hook("pre-commit", "seq 5000 >&2; echo 'Нет номера приказа' >&2; exit 1")
    with pytest.raises(HookRefused) as caught:
        one.save("1.1.2", notes="x")
    told = str(caught.value)
    assert told.splitlines()[0].endswith("Её ответ: 1")
    assert told.splitlines()[-2:] == ["5000", "Нет номера приказа"]
    assert len(told.splitlines()) < 250


@pytest.mark.parametrize(
    ("printed", "kind", "words"),
    [
        ("fatal: write error: No space left on device", NoSpaceLeft, "Освободите место"),
        ("error: unable to unpack: Disk quota exceeded", NoSpaceLeft, "исчерпана квота"),
        ("error: unable to read abc: Input/output error", DiskFailed, "Диск отказал"),
    ],
)
def test_any_call_that_the_disk_fails_is_told_in_words(
    printed: str, kind: type[KvartalError], words: str
) -> None:
    error = command_error("reset", printed, 128)
    assert type(error) is kind
    assert words in str(error)


@posix
def test_healing_on_a_full_disk_is_told_in_words(
    one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.support.cli import call

    other.set("1.1.3", notes="y")
    other.push()
    one.set("1.1.2", notes="x")
    folder = tmp_path / "bin"
    folder.mkdir()
    real = shutil.which("git")
    script = folder / "git"
    script.write_text(
        '#!/bin/sh\nfor word in "$@"; do case $word in update-index|reset|--ff-only)\n'
        "echo 'fatal: unable to write new index file: No space left on device' >&2; exit 128;;"
        f'esac; done\nexec {real} "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.chdir(one.folder)
    result = call(["sync"])
    assert result.exit_code == 1
    assert "На диске нет места" in result.stderr
    assert not result.stderr.startswith("kvartal: git ")
