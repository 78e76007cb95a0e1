"""`kvartal overdue` and `list` of several programmes answer from a cache as they do without it."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history import plan_file
from kvartal.history.store import facts_cache
from kvartal.history.yaml_text import loader
from kvartal.history.yaml_text.source import Source
from kvartal.history.yaml_text.treebuilder import MAX_DEPTH
from kvartal.tui.cache_folder import FACTS
from tests.commands.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
SHAPES = sorted((ROOT / "tests" / "plans" / "whole").glob("*.yaml"))
QUESTIONS = (
    ("overdue", "--json", "--as-of", "2024-08-01"),
    ("overdue", "--json", "--as-of", "2031-01-01"),
    ("overdue", "--as-of", "2024-08-01"),
    ("list", "--json", "--as-of", "2031-01-01"),
)

Answers = Callable[[], list[tuple[int, str, str]]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the cache, which is not there yet."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("KVARTAL_CACHE", str(cache))
    return cache / FACTS


@pytest.fixture
def answers(programme: Path, run: Run) -> Answers:
    """Return a function that asks for what is overdue in plans of every shape, on two dates."""
    for path in SHAPES:
        programme.with_name(path.name).write_bytes(path.read_bytes())
    programme.with_name("broken.yaml").write_text("year: [", encoding="utf-8")

    def ask() -> list[tuple[int, str, str]]:
        results = [run(*question, "--plan", "plan/*.yaml") for question in QUESTIONS]
        return [(result.exit_code, result.stdout, result.stderr) for result in results]

    return ask


@pytest.fixture
def uncached(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, str]]:
    """Return the answers without a cache."""
    with monkeypatch.context() as patch:
        patch.setattr(facts_cache.FactsCache, "facts", lambda *_: None)
        patch.setattr(facts_cache.FactsCache, "store", lambda *_: None)
        return answers()


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_cache_answers_to_the_byte_and_reads_no_yaml(
    folder: Path,
    answers: Answers,
    uncached: list[tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not folder.exists()
    assert uncached[0] != uncached[1]
    assert answers() == uncached
    kept = entries(folder)
    assert len(kept) > len(SHAPES)
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(one.stat().st_mode) for one in kept} == {0o600}
    read = set()

    def counted(data: bytes, name: str) -> Source:
        read.add(name)
        return loader.load(data, name)

    monkeypatch.setattr(plan_file, "load", counted)
    assert answers() == uncached
    assert read == {"plan/broken.yaml"}
    assert entries(folder) == kept


def test_a_changed_file_is_read_anew(folder: Path, answers: Answers, run: Run, repo: Path) -> None:
    answers()
    path = repo / "plan" / SHAPES[0].name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("organization: ", "organization: Новая ", 1), encoding="utf-8")
    listed = run("list", "--json", "--plan", "plan/*.yaml").stdout
    assert ("Новая" in listed) == ("organization: " in text)
    assert folder.is_dir()


def entry(like: Path, payload: bytes) -> bytes:
    """Return an entry with a different payload, which says so as the program would."""
    head = like.read_bytes().partition(b"\n")[0].rpartition(b" ")[0]
    return b"%s %s\n%s" % (head, hashlib.sha256(payload).hexdigest().encode(), payload)


def without_measures(path: Path) -> bytes:
    payload = path.read_bytes().partition(b"\n")[2]
    return payload.replace(b'"measures"', b'"measurez"')


def holding(payload: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(entry(path, payload))


def linked(path: Path) -> None:
    far = path.parents[1] / path.name
    far.write_bytes(entry(path, without_measures(path)))
    far.chmod(0o600)
    path.unlink()
    path.symlink_to(far)


def shared(path: Path) -> None:
    path.write_bytes(entry(path, without_measures(path)))
    path.chmod(0o660)


def of_a_neighbour(path: Path) -> None:
    others = [one for one in path.parent.iterdir() if one != path]
    path.write_bytes(others[0].read_bytes())


def altered(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"measures"', b'"measurez"'))


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe_instead(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


INNER = b'[{"number": "1", "title": "x", "sections":'
NESTED = b'{"year": 2024, "language": "ru", "document": {}, "sections":%s[]%s}' % (
    INNER * 40,
    b"}]" * 40,
)
DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "altered": altered,
    "of a neighbour": of_a_neighbour,
    "folder": folder_instead,
    "pipe": pipe_instead,
    "link": linked,
    "shared": shared,
    "deep": holding(b"[" * 100_000),
    "deep sections": holding(NESTED),
    "list": holding(b"[]"),
    "no plan": holding(b"{}"),
    "no JSON": holding(b"nonsense"),
    "other version": lambda path: path.write_bytes(
        entry(path, without_measures(path)).replace(b"kvartal ", b"kvartal 9", 1)
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.skipif(os.name == "nt", reason="links, pipes and modes of POSIX")
def test_a_hostile_or_damaged_cache_is_not_believed(
    damage: Callable[[Path], object],
    folder: Path,
    answers: Answers,
    uncached: list[tuple[int, str, str]],
) -> None:
    answers()
    for path in entries(folder):
        damage(path)
    assert answers() == uncached


@pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")
@pytest.mark.parametrize("kind", ["file", "link", "shared"])
def test_a_folder_that_others_may_write_to_is_left_alone(
    kind: str,
    folder: Path,
    answers: Answers,
    uncached: list[tuple[int, str, str]],
) -> None:
    far = folder.parents[1] / "far"
    far.mkdir()
    if kind == "file":
        folder.parent.write_text("", encoding="utf-8")
    elif kind == "link":
        folder.parent.mkdir()
        folder.symlink_to(far)
    else:
        folder.mkdir(parents=True)
        folder.chmod(0o777)
    assert answers() == uncached
    assert list(far.iterdir()) == []
    assert kind == "file" or list(folder.iterdir()) == []


def test_older_entries_go(
    folder: Path, answers: Answers, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers()
    count = len(entries(folder))
    monkeypatch.setattr(facts_cache, "MOST_ENTRIES", count)
    entries(folder)[0].unlink()
    (folder / "left.new").write_bytes(b"")
    run("list", "--plan", "plan/*.yaml")
    assert len(entries(folder)) == count - count // 2 + 1


@pytest.mark.parametrize("wrap", [lambda data: [1, data], lambda data: {"a": 1, "b": data}])
def test_what_is_nested_too_deeply_for_a_plan_is_no_entry(wrap: Callable[[object], object]) -> None:
    data: object = []
    for _ in range(MAX_DEPTH - 1):
        data = wrap(data)
    assert not facts_cache._is_too_deep(data)
    assert facts_cache._is_too_deep(wrap(data))
