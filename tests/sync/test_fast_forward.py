"""Moving branch, index and files to a commit: what a crash leaves is restored."""

import json
import time
from collections.abc import Callable

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import HookRefused
from kvartal.history.store.errors import WouldOverwriteFiles
from kvartal.history.store.fast_forward import (
    fast_forward,
    is_fast_forwarding,
    recover_fast_forward,
)
from kvartal.history.store.write_lock import write_lock
from tests.support.repository import git, visible_state
from tests.sync.clones import Clone

ACT = "plan/evidence/2024/1.1.2/Акт.pdf"
OLD = "Старое.txt"
LINK = "Программа.yaml"


@pytest.fixture
def ahead(one: Clone, other: Clone) -> tuple[Clone, str]:
    """Return a clone and a fetched commit that changes, adds and removes files."""
    one.write(OLD, "старое\n")
    (one.folder / LINK).symlink_to(OLD)
    one.commit("Старое")
    one.push()
    other.git("pull", "--quiet")
    one.set("1.1.2", notes="Да")
    one.attach("1.1.2", "Акт.pdf", b"%PDF 1\nlonger than one line\n")
    (one.folder / OLD).unlink()
    (one.folder / LINK).unlink()
    (one.folder / LINK).symlink_to("plan/2024.yaml")
    commit = one.commit("Уборка")
    one.push()
    other.git("fetch", "--quiet")
    other.write("моё.txt", "не внесено")
    other.write("подготовлено.txt", "подготовлено")
    other.git("add", "подготовлено.txt")
    return other, commit


def begun(clone: Clone, commit: str) -> None:
    """Note that the move to a commit has begun, as `fast_forward` does."""
    note = clone.folder / ".git" / "kvartal" / "move.json"
    note.parent.mkdir(exist_ok=True)
    move = {"branch": "main", "before": clone.head, "after": commit}
    note.write_text(json.dumps({**move, "started": time.time(), "begun": True}))


def written(clone: Clone, commit: str, path: str) -> None:
    place = clone.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(git(clone.folder, "show", f"{commit}:{path}"), encoding="utf-8")


def nothing_yet(clone: Clone, commit: str) -> None:
    pass


def some_files(clone: Clone, commit: str) -> None:
    (clone.folder / OLD).unlink()
    written(clone, commit, "plan/2024.yaml")


def half_a_file(clone: Clone, commit: str) -> None:
    written(clone, commit, ACT)
    place = clone.folder / ACT
    place.write_bytes(place.read_bytes()[:9])
    clone.plan.write_bytes(b"")


def no_file(clone: Clone, commit: str) -> None:
    clone.plan.unlink()


def all_but_the_branch(clone: Clone, commit: str) -> None:
    clone.git("read-tree", "-m", "-u", "HEAD", commit)


@pytest.mark.parametrize(
    "crash", [nothing_yet, some_files, half_a_file, no_file, all_but_the_branch]
)
def test_what_a_crash_left_is_restored(
    ahead: tuple[Clone, str], crash: Callable[[Clone, str], None]
) -> None:
    clone, commit = ahead
    before, status = visible_state(clone.folder), clone.git("status", "--porcelain")
    begun(clone, commit)
    crash(clone, commit)
    assert clone.ledger.recover() is None
    assert visible_state(clone.folder) == before
    assert clone.git("status", "--porcelain") == status
    assert not is_fast_forwarding(clone.folder / ".git")
    clone.sync()
    assert clone.head == commit


def test_what_was_written_after_the_crash_stays(ahead: tuple[Clone, str]) -> None:
    clone, commit = ahead
    begun(clone, commit)
    some_files(clone, commit)
    clone.write(ACT, "совсем другое")
    clone.write("plan/2024.yaml", "year: 1\n")
    recover_fast_forward(find_repository(clone.folder))
    assert (clone.folder / ACT).read_text("utf-8") == "совсем другое"
    assert clone.plan.read_text("utf-8") == "year: 1\n"
    assert (clone.folder / OLD).exists()


def test_a_completed_move_is_not_undone(ahead: tuple[Clone, str]) -> None:
    clone, commit = ahead
    begun(clone, commit)
    clone.git("merge", "--quiet", "--ff-only", commit)
    recover_fast_forward(find_repository(clone.folder))
    assert clone.head == commit
    assert clone.git("status", "--porcelain", "plan") == ""


def test_an_ignored_file_is_not_overwritten(ahead: tuple[Clone, str]) -> None:
    clone, commit = ahead
    clone.write(".git/info/exclude", "*.pdf\n")
    clone.write(ACT, "исключён")
    repository = find_repository(clone.folder)
    with write_lock(repository.git_dir), pytest.raises(WouldOverwriteFiles):
        fast_forward(repository, "main", clone.head, commit)
    assert (clone.folder / ACT).read_text("utf-8") == "исключён"
    assert clone.head != commit
    assert not is_fast_forwarding(repository.git_dir)


def test_a_folder_with_a_file_in_place_of_a_new_file_is_named(ahead: tuple[Clone, str]) -> None:
    clone, commit = ahead
    clone.write(f"{ACT}/своё.txt", "моё")
    repository = find_repository(clone.folder)
    with write_lock(repository.git_dir), pytest.raises(WouldOverwriteFiles, match="своё"):
        fast_forward(repository, "main", clone.head, commit)
    assert (clone.folder / ACT / "своё.txt").read_text("utf-8") == "моё"
    assert clone.head != commit


def test_when_git_refuses_everything_is_as_before(ahead: tuple[Clone, str]) -> None:
    clone, commit = ahead
    clone.hook("reference-transaction", 'test "$1" != prepared')
    before = visible_state(clone.folder)
    repository = find_repository(clone.folder)
    with write_lock(repository.git_dir), pytest.raises(HookRefused):
        fast_forward(repository, "main", clone.head, commit)
    assert visible_state(clone.folder) == before
