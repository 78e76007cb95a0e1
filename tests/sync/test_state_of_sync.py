"""What a sync stores and what a killed call left, and the plain values of a sync. Without git."""

import os
import time
from pathlib import Path

import pytest

from kvartal.history.diff.words import Words
from kvartal.history.git.command import GitResult
from kvartal.history.git.errors import CallStopped
from kvartal.history.git.repository import Repository
from kvartal.history.merge.conflict import Conflict
from kvartal.history.merge.threeway import Sides
from kvartal.history.store import git_locks
from kvartal.history.store.evidence_attributes import ATTRIBUTES, added_attributes
from kvartal.history.store.files import digest
from kvartal.history.store.repo_state import RepoState
from kvartal.history.store.state_folder import backup_folder, read_note, state_folder, write_note
from kvartal.history.store.write_ahead import FileIntent
from kvartal.history.sync import state_files
from kvartal.history.sync.divergence import (
    Authorship,
    Divergence,
    FieldConflict,
    Side,
    programme_name,
)
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.state_files import (
    call_in_progress,
    clear_interrupted_call,
    last_shared_commit,
    move_broken_ref,
    pushed_tags,
    save_pushed_tags,
    save_shared_commit,
    save_shown_conflicts,
    were_conflicts_shown,
)
from kvartal.schema.changes import MISSING, PlanData

BRANCH = RemoteBranch("main", "origin", "main", "refs/remotes/origin/main", has_upstream=True)
OTHER = RemoteBranch("draft", "backup", "main", "refs/remotes/backup/main", has_upstream=True)
A, B = "a" * 40, "b" * 40
NOTE = "errand.json"


class _NoGit(Repository):
    """A repository with one remote that is a folder beside it."""

    def run(self, *arguments: str, **_: object) -> GitResult:
        printed = {
            ("remote",): b"origin\n",
            ("remote", "get-url", "--push", "--all", "--", "origin"): b"../shared.git\n",
        }
        return GitResult(arguments[0], 0, printed.get(arguments, b""), "")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    folder = tmp_path / "clone"
    for name in ("clone/.git/refs/remotes/origin", "shared.git/refs/tags/kvartal"):
        (tmp_path / name).mkdir(parents=True)
    (folder / ".git/kvartal").mkdir()
    monkeypatch.setattr(git_locks, "git_runs_in", lambda _: False)
    monkeypatch.setattr(git_locks, "git_runs_below", lambda _: False)
    monkeypatch.setattr(git_locks, "_REMOTE_TIMEOUT", 0.0)
    return _NoGit(folder, folder / ".git", folder / ".git", "")


def shared(repository: Repository) -> Path:
    return repository.folder / ".." / "shared.git"


def put(path: Path, *, age: float = 0.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_a_call_in_progress_is_noted_and_the_note_goes(repository: Repository) -> None:
    note = state_folder(repository.git_dir) / NOTE
    with call_in_progress(repository, BRANCH, [shared(repository)]):
        written = read_note(note)
        assert written["locks"] == [
            "refs/remotes/origin/main.lock",
            "config.lock",
            "shallow.lock",
            "packed-refs.lock",
        ]
        assert written["remote"] == {
            str(shared(repository)): [
                "refs/heads/main.lock",
                "HEAD.lock",
                "packed-refs.lock",
                "shallow.lock",
            ]
        }
        own = put(repository.folder / ".merge_file_own")
    assert not note.exists()
    assert own.exists()


@pytest.mark.parametrize("error", [CallStopped, KeyboardInterrupt])
def test_a_stopped_call_leaves_its_note(repository: Repository, error: type[BaseException]) -> None:
    note = state_folder(repository.git_dir) / NOTE
    with pytest.raises(error), call_in_progress(repository, BRANCH):
        raise error
    assert note.exists()


def test_a_failed_call_leaves_nothing(repository: Repository) -> None:
    old = put(repository.folder / ".merge_file_old", age=60)
    new = put(repository.folder / ".merge_file_new")
    with pytest.raises(ZeroDivisionError), call_in_progress(repository, BRANCH):
        raise ZeroDivisionError
    assert not (state_folder(repository.git_dir) / NOTE).exists()
    assert not new.exists()
    assert old.exists()


def test_what_a_killed_call_left_is_moved_away_here_and_there(repository: Repository) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        call_in_progress(repository, BRANCH, [shared(repository)]),
    ):
        raise KeyboardInterrupt
    here, there = repository.git_dir, shared(repository)
    left = [
        put(here / "config.lock"),
        put(here / "refs/remotes/origin/HEAD.lock"),
        put(there / "HEAD.lock"),
        put(there / "refs/tags/kvartal/v1.lock"),
        put(repository.folder / ".merge_file_new"),
    ]
    own = [
        put(here / "gc.lock"),
        put(here / "refs/tags/old.lock", age=60),
        put(repository.folder / ".merge_file_old", age=60),
        put(there / "refs/heads/other.lock"),
    ]
    clear_interrupted_call(repository)
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in own)
    assert not (state_folder(here) / NOTE).exists()
    assert {path.name for path in backup_folder(here).iterdir()} == {"config.lock", "HEAD.lock"}


def test_a_note_names_no_folder_but_that_of_a_remote(repository: Repository) -> None:
    elsewhere = repository.folder / ".." / "else.git"
    lock = put(elsewhere / "HEAD.lock")
    note = {"started": time.time(), "locks": [], "remote": {str(elsewhere): ["HEAD.lock"]}}
    write_note(state_folder(repository.git_dir) / NOTE, note, is_locked=False)
    clear_interrupted_call(repository)
    assert lock.exists()
    write_note(state_folder(repository.git_dir) / NOTE, ["odd"], is_locked=False)
    clear_interrupted_call(repository)
    assert not (state_folder(repository.git_dir) / NOTE).exists()


def test_the_file_of_a_ref_without_a_hash_is_moved_away(repository: Repository) -> None:
    ref = "refs/remotes/origin/main"
    path = repository.git_dir / ref
    assert move_broken_ref(repository, ref) is None
    path.write_text(f"{A}\n", encoding="ascii")
    assert move_broken_ref(repository, ref) is None
    path.write_text("garbage", encoding="ascii")
    copy = move_broken_ref(repository, ref)
    assert copy == backup_folder(repository.git_dir) / "refs_remotes_origin_main"
    assert copy.read_text(encoding="ascii") == "garbage"
    assert not path.exists()
    path.symlink_to(put(repository.folder / "else"))
    assert move_broken_ref(repository, ref) is None


def test_what_both_sides_have_is_known_by_branch(repository: Repository) -> None:
    assert last_shared_commit(repository, BRANCH) is None
    save_shared_commit(repository, BRANCH, A)
    save_shared_commit(repository, OTHER, B)
    assert last_shared_commit(repository, BRANCH) == A
    assert last_shared_commit(repository, OTHER) == B
    path = state_folder(repository.git_dir) / "shared.json"
    before = path.stat().st_ino
    save_shared_commit(repository, BRANCH, A)
    assert path.stat().st_ino == before
    save_shared_commit(repository, BRANCH, "odd")
    assert last_shared_commit(repository, BRANCH) is None


def test_sent_tags_are_known_by_remote(repository: Repository) -> None:
    assert pushed_tags(repository, BRANCH) == {}
    save_pushed_tags(repository, BRANCH, {"refs/tags/a": A})
    save_pushed_tags(repository, OTHER, {"refs/tags/b": B})
    assert pushed_tags(repository, BRANCH) == {"refs/tags/a": A}
    write_note(state_folder(repository.git_dir) / "marks.json", {"origin": "odd"}, is_locked=False)
    assert pushed_tags(repository, BRANCH) == {}


def divergence(ours: str, theirs: str | None, base: str | None) -> Divergence:
    return Divergence("origin", "main", ours, theirs, base, 0, 0)


def test_choices_are_meant_for_the_conflicts_that_were_shown(repository: Repository) -> None:
    forked = divergence(A, B, "c" * 40)
    assert were_conflicts_shown(repository.git_dir, forked) is None
    save_shown_conflicts(repository.git_dir, forked)
    assert were_conflicts_shown(repository.git_dir, forked) is True
    assert were_conflicts_shown(repository.git_dir, divergence(B, A, None)) is False


@pytest.mark.parametrize(
    ("theirs", "base", "is_forked"),
    [(B, "c" * 40, True), (B, A, False), (B, B, False), (None, None, False), (B, None, True)],
)
def test_only_two_branches_that_both_went_on_are_merged(
    theirs: str | None, base: str | None, *, is_forked: bool
) -> None:
    assert divergence(A, theirs, base).is_forked is is_forked


def test_choices_are_one_for_each_conflict() -> None:
    author = Authorship(A, "Иванова", "2024-01-10T10:00:00+03:00", "1.1: да")
    sides = Sides("Стоит", "Работает", MISSING)
    conflict = Conflict("1.1", ("measures", 0, "result"), "Работает", sides)
    data: PlanData = {"measures": [{"id": "1.1", "result": "Работает"}]}
    one = FieldConflict("2024.yaml", conflict, data, ours=author)
    forked = divergence(A, B, None)
    assert forked.choices(Side.OURS).sides == ()
    both = Divergence("origin", "main", A, B, None, 0, 0, conflicts=(one, one))
    assert both.choices(Side.THEIRS).sides == (Side.THEIRS, Side.THEIRS)
    assert both.choices([Side.OURS, Side.THEIRS]).sides == (Side.OURS, Side.THEIRS)
    assert (both.choices(Side.OURS).ours, both.choices(Side.OURS).theirs) == (A, B)
    assert divergence(A, None, None).choices(()).theirs == ""
    assert (one.measure, one.path, one.field, one.name) == (
        "1.1",
        ("result",),
        "result",
        "1.1:result",
    )
    assert (one.value(Side.OURS), one.value(Side.THEIRS)) == ("Работает", MISSING)
    assert (one.author(Side.OURS), one.author(Side.THEIRS)) == (author, None)
    named = FieldConflict("2024.yaml", conflict, data, names_plan=True, is_elsewhere=True)
    assert named.name == "./2024.yaml:1.1:result"
    assert named.text(Words()).startswith("./2024.yaml: 1.1, ожидаемый результат: с другой")
    assert one.text(Words()).startswith("1.1, ожидаемый результат: с другой стороны удалено")
    assert programme_name("branch/2024.yaml", is_elsewhere=True) == "branch/2024.yaml"
    assert programme_name("2024.yaml", is_elsewhere=False) == "2024.yaml"


def test_conversions_that_are_on_for_evidence_are_switched_off(tmp_path: Path) -> None:
    """Each in its place, and none where the user has attributes of their own."""
    listed = b""

    class Listed(Repository):
        def read(self, *arguments: str, **_: object) -> bytes:
            assert arguments[:2] == ("check-attr", "-z")
            return listed

    repository = Listed(tmp_path, tmp_path, tmp_path, "")
    file = FileIntent("evidence/2024/1/a", A, A)

    def rule(*values: str, code: str | None = None) -> bytes | None:
        nonlocal listed
        listed = "".join(f"{value}\0" for value in values).encode()
        state = RepoState(repository, codes={} if code is None else {ATTRIBUTES: code})
        found = added_attributes(repository, state, [file])
        assert added_attributes(repository, state, []) is None
        if found is None:
            return None
        assert found.open().read() == found.content
        assert found.intent.sha256 == digest(found.content)
        assert found.intent.brought is not (tmp_path / ATTRIBUTES).exists()
        return found.content

    plain = b"* -text -filter\n"
    off = ("a", "ident", "unspecified", "a", "working-tree-encoding", "unset")
    assert rule(*off) == plain
    assert rule("a", "ident", "set") == b"* -text -filter -ident\n"
    assert rule("a", "working-tree-encoding", "cp1251", "a", "ident", "set") == (
        b"* -text -filter -ident !working-tree-encoding\n"
    )
    assert rule(code="M") is None
    assert rule(code="?") == plain
    place = tmp_path / ATTRIBUTES
    place.parent.mkdir()
    place.write_bytes(plain)
    assert rule(*off) is None
    assert rule(*off, code="?") == plain
    place.write_bytes(b"* text\n")
    assert rule(*off, code="?") is None


def test_locks_of_refs_are_those_of_our_call(repository: Repository) -> None:
    put(repository.git_dir / "refs/kvartal/witness/one.lock")
    put(repository.git_dir / "refs/heads/main.lock")
    put(repository.git_dir / "refs/tags/a.lock", age=1)
    put(repository.git_dir / "refs/tags/b.lock", age=60)
    found = state_files._ref_locks(repository.git_dir, time.time())
    assert sorted(found) == ["refs/kvartal/witness/one.lock", "refs/tags/a.lock"]
