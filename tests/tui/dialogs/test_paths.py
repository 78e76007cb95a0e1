import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.store.attachment_errors import (
    AttachmentEmpty,
    AttachmentMissing,
    AttachmentNotAFile,
    AttachmentTooLarge,
    AttachmentUnreadable,
)
from kvartal.history.store.attachments import LIMIT
from kvartal.tui.forms.paths import (
    checked_size,
    completion,
    typed_paths,
)

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows escapes nothing with a backslash")


@pytest.fixture
def act(tmp_path: Path) -> Path:
    path = tmp_path / "Акт ввода (1) [b] #1 100%.pdf"
    path.write_bytes(b"act")
    return path


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_bytes(b"note")
    return path


def test_a_path_with_spaces_is_one_path(act: Path) -> None:
    assert typed_paths(str(act)) == (act,)
    assert typed_paths(f"  {act}\n") == (act,)


@pytest.mark.parametrize("form", ['"{}"', "'{}'", "«{}»"])
def test_a_dropped_path_may_be_quoted(act: Path, form: str) -> None:
    assert typed_paths(form.format(act)) == (act,)


@POSIX
def test_a_dropped_path_may_be_escaped(act: Path) -> None:
    escaped = "".join(f"\\{one}" if one in " ()[]#" else one for one in str(act))
    assert typed_paths(escaped) == (act,)


def test_a_dropped_path_may_be_an_address(act: Path) -> None:
    assert typed_paths(act.as_uri()) == (act,)
    assert typed_paths(act.as_uri().replace("file:///", "file://localhost/")) == (act,)


@POSIX
def test_several_files_dropped_together(act: Path, note: Path) -> None:
    assert typed_paths(f"'{act}' {note}") == (act, note)
    assert typed_paths(f"{act}\n{note}\n") == (act, note)
    assert typed_paths(f"{act.as_uri()}\r\n{note.as_uri()}") == (act, note)


def test_the_home_folder_is_understood(monkeypatch: pytest.MonkeyPatch, note: Path) -> None:
    monkeypatch.setenv("HOME", str(note.parent))
    monkeypatch.setenv("USERPROFILE", str(note.parent))
    assert typed_paths("~/note.txt") == (note,)


def test_nothing_typed_is_no_path() -> None:
    assert typed_paths(" \n") == ()


@given(st.text(max_size=40) | st.sampled_from(["file:", "file://[", "~x/y", "a" * 9999, '"', "\0"]))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for path in typed_paths(text):
        assert isinstance(path, Path)
    completion(text)


def test_a_file_is_checked_at_once(act: Path, tmp_path: Path) -> None:
    assert checked_size(act, tmp_path) == 3
    with pytest.raises(AttachmentMissing, match="нет"):
        checked_size(tmp_path / "нет.pdf", tmp_path)
    with pytest.raises(AttachmentMissing):
        checked_size(act / "внутри.pdf", tmp_path)
    with pytest.raises(AttachmentNotAFile):
        checked_size(tmp_path, tmp_path)
    with pytest.raises(AttachmentUnreadable):
        checked_size(Path("a\0b"), tmp_path)
    with pytest.raises(AttachmentUnreadable):
        checked_size(tmp_path / ("a" * 9999), tmp_path)


def test_an_empty_file_and_one_too_large_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(AttachmentEmpty):
        checked_size(tmp_path / "empty", tmp_path)
    with (tmp_path / "large").open("wb") as large:
        large.truncate(LIMIT + 1)
    with pytest.raises(AttachmentTooLarge, match="50 МБ"):
        checked_size(tmp_path / "large", tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AttachmentNotAFile):
        checked_size(tmp_path / "pipe", tmp_path)


def test_a_path_is_completed_from_its_folder(tmp_path: Path, act: Path, note: Path) -> None:
    (tmp_path / "папка").mkdir()
    (tmp_path / ".hidden").touch()
    head = f"{tmp_path}{os.sep}"
    assert completion(f"{head}А") == str(act)
    assert completion(f"{head}no") == str(note)
    assert completion(f"{head}no", lambda path: path != note) is None
    assert completion(f"{head}пап") == f"{head}папка{os.sep}"
    assert completion(f"{head}x") is None
    assert completion(f"{head}note.txt") is None
    assert completion(str(tmp_path / "нет" / "x")) is None
    assert completion("") is None
    assert completion(head) == str(note)


@POSIX
def test_a_name_that_cannot_be_shown_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.pdf").touch()
    assert completion(f"{tmp_path}/a") is None
