"""A sync that both sides have is done, whatever cannot be noted down about it afterwards."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import call
from tests.support.repository import visible_state
from tests.sync.clones import Clone, SharedRepository


def test_a_note_that_cannot_be_written_is_a_warning(
    one: Clone, shared: SharedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.sync()
    one.set("1.1.2", notes="x")
    (one.folder / ".git" / "kvartal" / f"shared.json.{os.getpid()}.new").mkdir()
    monkeypatch.chdir(one.folder)
    result = call(["sync"])
    assert result.exit_code == 0
    assert result.stdout == "origin: получено изменений 0, отправлено 1.\n"
    assert "Обмен выполнен. Не удалось только записать об этом в папке .git (" in result.stderr
    assert shared.head() == one.head


@pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")
def test_a_plan_that_cannot_be_read_afterwards_is_a_warning(
    one: Clone, other: Clone, shared: SharedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.set("1.1.3", notes="y")
    other.push()
    one.set("1.1.2", notes="x")
    one.hook("post-merge", "echo 'year: [' > plan/2024.yaml")
    monkeypatch.chdir(one.folder)
    result = call(["sync"])
    assert result.exit_code == 0
    assert result.stdout == "origin: получено изменений 1, отправлено 1.\n"
    assert result.stderr.startswith(
        "kvartal: Обмен выполнен. Не удалось только прочитать программу после него. "
    )
    assert shared.head() == one.head


def test_notes_that_cannot_be_deleted_after_the_move_stop_nothing(
    one: Clone, other: Clone, shared: SharedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.set("1.1.3", notes="y")
    other.push()
    one.set("1.1.2", notes="x")
    monkeypatch.chdir(one.folder)
    unlink = os.unlink

    def refusing(path: Any, **options: Any) -> None:  # noqa: ANN401 - as of the original
        if Path(path).name in {"move.json", "errand.json"} and os.path.lexists(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        unlink(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refusing)
        result = call(["sync"])
    assert result.exit_code == 0
    assert result.stderr.startswith("kvartal: Полученное записано. Не удалось только довести")
    assert shared.head() == one.head
    assert call(["sync"]).exit_code == 0
    assert visible_state(one.folder).leftovers == []
