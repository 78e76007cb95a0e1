"""The program's own folder in a git directory: what is made, read, and believed of its notes."""

import os
import time
from pathlib import Path

import pytest

from kvartal.history.store.errors import StateFileNotPlain, StateFolderElsewhere
from kvartal.history.store.state_folder import (
    INTENT,
    LOCK,
    MOST_BYTES,
    MOVE,
    UnfinishedWork,
    delete_note,
    has_note,
    inner_names,
    lock_names,
    make_own_folder,
    note_time,
    open_own_file,
    own_folder_error,
    read_note,
    read_own_file,
    state_folder,
    unfinished_work,
    write_note,
)

posix = pytest.mark.skipif(os.name == "nt", reason="links")


@pytest.mark.parametrize("started", [None, True, "5", [5], 1e12, -1e12, float("inf")])
def test_a_note_without_a_sensible_time_began_now(started: object) -> None:
    assert abs(note_time({"started": started}) - time.time()) < 60
    assert abs(note_time({}) - time.time()) < 60
    assert [note_time({"started": one}) for one in (0, 5, 7.5, -3, 1e12 - 1)] == [
        *(0.0, 5.0, 7.5, -3.0, 1e12 - 1),
    ]


def test_only_names_that_stay_inside_are_taken_from_a_note() -> None:
    assert inner_names(["a", "../b", 5, "c/d.lock", "e.lock/f"]) == ("a", "c/d.lock", "e.lock/f")
    assert lock_names(["a", "../b.lock", "c/d.lock", "e.lock/f"]) == ("c/d.lock",)
    for other in ("ab", {"a": 1}, None, 5):
        assert (inner_names(other), lock_names(other)) == ((), ())


def test_the_folder_is_made_in_a_git_directory_that_is_there(tmp_path: Path) -> None:
    folder = state_folder(tmp_path)
    make_own_folder(folder / "aside")
    make_own_folder(folder / "aside")
    assert [one.name for one in folder.iterdir()] == ["aside"]
    with pytest.raises(FileNotFoundError):
        make_own_folder(state_folder(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


@posix
def test_nothing_is_made_or_opened_through_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = state_folder(tmp_path)
    folder.symlink_to(elsewhere)
    for make in (make_own_folder, lambda path: open_own_file(path, os.O_RDONLY)):
        with pytest.raises(StateFolderElsewhere) as caught:
            make(folder / "aside")
        assert caught.value.fields["folder"] == folder
    assert list(elsewhere.iterdir()) == []
    found = own_folder_error(tmp_path)
    assert isinstance(found, StateFolderElsewhere)
    folder.unlink()
    folder.mkdir()
    (folder / "aside").symlink_to(elsewhere)
    with pytest.raises(StateFolderElsewhere):
        make_own_folder(folder / "aside")


@posix
def test_a_file_with_a_second_name_is_read_and_not_written(tmp_path: Path) -> None:
    file = tmp_path / "note.json"
    file.write_bytes(b"[1]")
    os.link(file, tmp_path / "other")
    assert read_note(file) == [1]
    with pytest.raises(StateFileNotPlain):
        open_own_file(file, os.O_RDWR)
    (tmp_path / "other").unlink()
    os.close(open_own_file(file, os.O_RDWR))
    for other in (tmp_path, tmp_path / "link"):
        (tmp_path / "link").unlink(missing_ok=True)
        (tmp_path / "link").symlink_to(file)
        for flags in (os.O_RDONLY, os.O_RDWR | os.O_CREAT):
            with pytest.raises(StateFileNotPlain):
                open_own_file(other, flags)
        assert read_own_file(other) is None


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "note.json"
    for size, is_read in ((MOST_BYTES, True), (MOST_BYTES + 1, False)):
        with file.open("wb") as opened:
            opened.truncate(size)
        content = read_own_file(file)
        assert (content is not None) is is_read


def test_a_note_begun_and_not_finished_is_one_and_is_deleted(tmp_path: Path) -> None:
    path = state_folder(tmp_path) / INTENT
    assert not has_note(path)
    write_note(path, {"message": "Да"})
    assert has_note(path)
    delete_note(path)
    assert not has_note(path)
    unfinished = path.with_name(f"{INTENT}.new")
    unfinished.write_text("{")
    assert has_note(path)
    assert read_note(path) is None
    write_note(path, [2])
    assert (read_note(path), unfinished.exists()) == ([2], False)
    unfinished.write_text("{")
    write_note(path, [3], is_locked=False)
    # Without the lock, what another one is writing is not touched.
    assert (read_note(path), unfinished.exists()) == ([3], True)
    delete_note(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("name", [LOCK, INTENT, MOVE])
def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path, name: str) -> None:
    folder = state_folder(tmp_path)
    assert own_folder_error(tmp_path) is None
    folder.mkdir()
    (folder / LOCK).write_text("")
    assert own_folder_error(tmp_path) is None
    (folder / LOCK).unlink()
    (folder / name).mkdir()
    found = own_folder_error(tmp_path)
    assert isinstance(found, StateFileNotPlain)
    assert found.fields["file"] == folder / name
    # The lock is made and held through its name; notes are never read or written through a link.
    (folder / name).rmdir()
    (folder / name).symlink_to("elsewhere")
    assert (own_folder_error(tmp_path) is not None) == (name == LOCK)


def test_work_under_way_is_found_from_any_folder_of_the_working_tree(tmp_path: Path) -> None:
    top = tmp_path / "repo"
    plans = top / "a" / "plan"
    plans.mkdir(parents=True)
    assert unfinished_work(plans) is None
    (top / ".git").mkdir()
    assert unfinished_work(plans) is None
    folder = state_folder(top / ".git")
    write_note(folder / INTENT, {"message": "Первая строка\n\nЕщё"})
    assert unfinished_work(plans) == UnfinishedWork("Первая строка")
    faulty: tuple[object, ...] = ([1], {}, "Да")
    for other in faulty:
        write_note(folder / INTENT, other)
        assert unfinished_work(top) == UnfinishedWork("")
    write_note(folder / MOVE, {})
    assert unfinished_work(plans) == UnfinishedWork(None)
    # A further working tree has a file with the path of its git directory.
    further = tmp_path / "further"
    further.mkdir()
    (further / ".git").write_text("gitdir: ../repo/.git\n", encoding="utf-8")
    assert unfinished_work(further) == UnfinishedWork(None)
    (further / ".git").write_bytes(b"gitdir: \xff")
    assert unfinished_work(further) is None
