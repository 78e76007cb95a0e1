"""What somebody else has put under ``.git/kvartal/`` is read as what it is: anything.

All shapes in all places: ``python -m tests.states.hostile_files``.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.store.errors import StateFileNotPlain
from kvartal.history.store.files import file_digest
from kvartal.history.store.recovery import recover
from kvartal.history.store.seen import SeenBranch, read_seen
from kvartal.history.store.state_folder import (
    delete_note,
    is_inner_path,
    read_note,
    state_folder,
    unfinished_work,
)
from kvartal.history.store.write_ahead import read_intent
from kvartal.history.sync.state_files import clear_interrupted_call
from tests.states import hostile_files
from tests.states.conftest import Run

Git = Callable[..., str]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes")

NOTES = tuple(name for name in hostile_files.FILES if name.endswith(".json"))


@pytest.fixture
def state(programme: Path, repo: Path) -> Path:
    folder = state_folder(repo / ".git")
    folder.mkdir()
    return folder


@pytest.mark.parametrize("shape", hostile_files.SHAPES)
def test_only_a_plain_file_of_a_sensible_size_is_read(tmp_path: Path, shape: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("[]")
    hostile_files.plant(tmp_path / "kvartal" / "seen.json", shape, victim)
    note = read_note(tmp_path / "kvartal" / "seen.json")
    is_plain = shape in {"list", "number", "text", "types", "started", "second name"}
    assert note is None or is_plain


@pytest.mark.parametrize("name", ["seen.json", "seen.json.new"])
def test_a_folder_in_the_place_of_a_note_is_not_deleted(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "mine").mkdir(parents=True)
    with pytest.raises(StateFileNotPlain, match=re.escape(str(tmp_path / name))):
        delete_note(tmp_path / "seen.json")
    assert (tmp_path / name / "mine").is_dir()


@pytest.mark.parametrize(
    ("path", "stays", "stays_on_windows"),
    [
        ("a", True, True),
        ("a/b..c", True, True),
        ("a\\b", True, True),
        ("..\\a", True, False),
        ("a\\..\\..\\b", True, False),
        ("C:a", True, False),
        ("a:b", True, False),
        *((path, False, False) for path in ("", ".", "..", "/a", "a/", "a//b", "a/./b", "a/../b")),
        *((path, False, False) for path in ("a\0", "a" * 4097, None, 5, ["a"])),
    ],
)
def test_which_paths_stay_in_their_folder(
    monkeypatch: pytest.MonkeyPatch, path: object, *, stays: bool, stays_on_windows: bool
) -> None:
    assert is_inner_path(path) is stays
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        found = is_inner_path(path)
    assert found is stays_on_windows


def test_a_folder_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "seen.json").write_text("[]")
    (tmp_path / "kvartal").symlink_to("elsewhere")
    assert read_note(tmp_path / "kvartal" / "seen.json") is None


@pytest.mark.parametrize("shape", ["link", "pipe", "types"])
def test_commands_among_hostile_notes(tmp_path: Path, shape: str) -> None:
    """All at once; each command alone, in every place: see above."""
    hostile_files.new_repository(tmp_path)
    victim = tmp_path / "other"
    victim.write_text("Моё")
    for name in NOTES:
        hostile_files.plant(tmp_path / "repo" / ".git" / "kvartal" / name, shape, victim)
    commands = (("verify",), ("sync", "--dry-run"), ("set", "1.1.2", "notes=Да"))
    assert hostile_files.faults(tmp_path, "seen.json", shape, commands) == []
    assert victim.read_text() == "Моё"


@pytest.mark.parametrize(
    ("name", "shape", "sentence"),
    [
        ("lock", "link", "lock» — не обычный файл программы, а ссылка"),
        ("lock", "second name", "lock» — не обычный файл программы, а ссылка"),
        ("lock", "pipe", "lock» — не обычный файл программы, а ссылка"),
        (".", "link", ".git/kvartal» — ссылка на другое место"),
    ],
)
def test_nothing_is_written_through_a_link(
    programme: Path, repo: Path, tmp_path: Path, ask: Run, name: str, shape: str, sentence: str
) -> None:
    victim = tmp_path / "victims" / "victim"
    victim.parent.mkdir()
    victim.write_text("Моё")
    folder = repo / ".git" / "kvartal"
    hostile_files.plant(folder if name == "." else folder / name, shape, victim)
    before = programme.read_bytes()
    done = ask(programme, "set", "1.1.2", "notes=Да")
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert programme.read_bytes() == before
    assert victim.read_text() == "Моё"
    assert list(victim.parent.iterdir()) == [victim]
    assert ask(programme, "list").exit_code == 0


def test_a_backup_is_not_written_through_a_link(
    state: Path, programme: Path, tmp_path: Path, ask: Run
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (state / "aside").symlink_to(tmp_path / "elsewhere")
    programme.write_text(programme.read_text().replace("Обеспечена установка", "Обеспечено"))
    edited = programme.read_bytes()
    done = ask(programme, "adopt", "--aside")
    assert done.exit_code == 1
    assert "aside» — ссылка на другое место" in done.stderr
    assert programme.read_bytes() == edited
    assert list((tmp_path / "elsewhere").iterdir()) == []


INTENT = {
    "prefix": "plan/",
    "name": "2024.yaml",
    "before": "0" * 64,
    "after": "1" * 64,
    "stored_after": ["2" * 40],
    "message": "1.1.2: подделка",
    "branch": "main",
    "parent": None,
    "added": [],
    "removed": [],
    "folders": [],
    "fresh": [],
    "started": 0,
    "token": "0123456789ab",
}


def outer_file(path: str) -> dict[str, object]:
    return {"path": path, "sha256": "0" * 64, "object_id": "0" * 40, "brought": True}


@pytest.mark.parametrize("branch", ["main", "b" * 4096], ids=["", "as long as a path may be"])
def test_a_note_of_our_kind_is_read(state: Path, branch: str) -> None:
    (state / "intent.json").write_text(json.dumps({**INTENT, "branch": branch}))
    assert read_intent(state.parent) is not None


@pytest.mark.parametrize(
    "forged",
    [
        {"prefix": "../"},
        {"prefix": "/etc/"},
        {"name": "../victim"},
        {"name": ""},
        {"branch": "../../../victim"},
        {"branch": "b" * 4097},
        {"token": "../../x"},
        {"before": None},
        {"after": "x"},
        {"stored_after": "0" * 40},
        {"message": ["x"]},
        {"parent": "--upload-pack=x"},
        {"added": [outer_file("../victim")]},
        {"added": [outer_file("evidence/../../victim")]},
        {"removed": [outer_file("/victim")]},
        {"removed": [{**outer_file("evidence/a"), "brought": "yes"}]},
        {"folders": ["../.."]},
        {"fresh": [3]},
    ],
    ids=lambda forged: f"{forged}"[:60],
)
def test_a_note_that_could_not_be_ours_is_none(state: Path, forged: dict[str, object]) -> None:
    (state / "intent.json").write_text(json.dumps({**INTENT, **forged}))
    assert read_intent(state.parent) is None


JUNK: tuple[object, ...] = (None, True, 5, -1.5, "", "\0", "a/../b", [], [None], [[]], {}, {"a": 1})


def test_no_value_of_another_kind_is_believed(state: Path) -> None:
    """Nor does one end the program."""
    file = outer_file("evidence/a")
    kinds = {**INTENT, "added": [file], "removed": [file], "parent": "0" * 40}
    notes: list[tuple[object, bool]] = [(junk, False) for junk in JUNK]
    fitting: dict[str, tuple[object, ...]] = {
        "started": JUNK,
        "parent": (None,),
        "message": ("", "\0", "a/../b"),
        **dict.fromkeys(("prefix", "branch"), ("",)),
        **dict.fromkeys(("stored_after", "folders", "fresh"), ([],)),
        **dict.fromkeys(("added", "removed"), ([], "", {})),
    }
    for key in kinds:
        notes += [({**kinds, key: junk}, junk in fitting.get(key, ())) for junk in JUNK]
        notes.append(({name: kinds[name] for name in kinds if name != key}, False))
    for key in file:
        notes += [({**kinds, "added": [{**file, key: junk}]}, False) for junk in JUNK if junk != 1]
    wrong, repository = [], find_repository(state.parents[1])
    for note, is_ours in notes:
        (state / "intent.json").write_text(json.dumps(note))
        if (read_intent(state.parent) is not None) is not is_ours:
            wrong.append(note)
        work = unfinished_work(state.parents[1] / "plan")
        assert work is not None
        assert isinstance(work.subject, str)
        (state / "seen.json").write_text(json.dumps({"clone": note, "branches": {"main": note}}))
        seen = read_seen(repository)
        assert re.fullmatch("[0-9a-f]{16}", seen.clone)
        assert seen.of("main") == SeenBranch()
    assert wrong == []


def test_of_what_was_seen_only_hashes_and_marks_count(state: Path) -> None:
    name, tag = "kvartal/verified/2024-12-31", "0" * 40
    bad = {"../x": tag, "v1": tag, f"{name}\n": tag, f"{name}-2": "0" * 39, f"{name}-3": 5}
    branch = {
        "tips": [tag, "1" * 64, "HEAD", "0" * 41, "--all", 5, None, f"{tag}\n"],
        "shared": ["2" * 40, "refs/heads/main"],
        "marks": {name: tag, **bad},
    }
    others = {"other": 5, "third": {"tips": {tag: tag}, "shared": tag, "marks": [name]}}
    (state / "seen.json").write_text(json.dumps({"branches": {"main": branch, **others}}))
    seen = read_seen(find_repository(state.parents[1]))
    assert seen.of("main") == SeenBranch((tag, "1" * 64), ("2" * 40,), {name: tag})
    assert seen.of("other") == seen.of("third") == SeenBranch()


def test_a_note_deletes_nothing_beyond_a_link(
    state: Path, programme: Path, repo: Path, tmp_path: Path, ask: Run
) -> None:
    """An empty file is what the program claims the name of an evidence file with."""
    victim = tmp_path / "elsewhere" / "empty"
    victim.parent.mkdir()
    victim.touch()
    (programme.parent / "evidence").symlink_to(victim.parent)
    added = {"added": [outer_file("evidence/empty")], "before": file_digest(programme)}
    (state / "intent.json").write_text(json.dumps({**INTENT, **added}))
    done = ask(programme, "list")
    assert "не закончено" in done.stderr
    assert victim.exists()


def test_an_interrupted_call_moves_nothing_but_locks(
    state: Path, repo: Path, git: Git, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    outside = (keys / "authorized_keys", keys / "HEAD.lock", repo / "notes.lock")
    inside = (repo / ".git" / "config", repo / ".git" / "packed-refs.lock")
    for path in (*outside, inside[1]):
        path.touch()
    names = ["../notes.lock", str(keys / "HEAD.lock"), "config", "packed-refs.lock", 7]
    remote = {str(keys): ["authorized_keys", "HEAD.lock"]}
    note = {"started": 0, "locks": names, "remote": remote}
    (state / "errand.json").write_text(json.dumps(note))
    clear_interrupted_call(find_repository(repo))
    assert all(path.exists() for path in (*outside, inside[0]))
    assert not inside[1].exists()


def test_a_forged_move_is_none(state: Path, repo: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim.lock"
    victim.touch()
    move = {"branch": "../../../../victim", "before": "0" * 40, "after": "0" * 40, "started": 0}
    (state / "move.json").write_text(json.dumps({**move, "begun": False}))
    assert recover(find_repository(repo)) is None
    assert victim.exists()
    assert not (state / "move.json").exists()
