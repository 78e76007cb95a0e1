"""Another program writes the plan while a change is made: whatever it wrote is still there."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.repository import Repository
from kvartal.history.store import commit
from kvartal.history.store import files as module
from kvartal.history.store.errors import PlanChangedOutside, UncommittedEdits
from kvartal.history.store.files import digest, file_digest, spare_path, swap
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.write_ahead import Intent
from tests.support.repository import git, set_responsible, subjects, visible_state

WAYS = ["at once", "in steps"]


@pytest.fixture(params=WAYS)
def _ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exchange as Linux does, and as other systems have to."""
    if request.param == "in steps":
        monkeypatch.setattr(module, "_atomic_exchange", lambda: None)
    elif module._atomic_exchange() is None:
        pytest.skip("this system cannot exchange two files at once")


pytestmark = pytest.mark.usefixtures("_ways")


def pair(folder: Path) -> tuple[Path, Path]:
    path, other = folder / "план.yaml", folder / ".новый.kvartal-tmp"
    path.write_bytes(b"old")
    other.write_bytes(b"new")
    return path, other


def test_two_files_change_places(tmp_path: Path) -> None:
    path, other = pair(tmp_path)
    swap(path, other, expected=digest(b"old"))
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"old")
    assert not spare_path(other).exists()


def test_a_file_that_is_not_the_expected_one_stays(tmp_path: Path) -> None:
    path, other = pair(tmp_path)
    path.write_bytes(b"theirs")
    with pytest.raises(PlanChangedOutside):
        swap(path, other, expected=digest(b"old"))
    assert (path.read_bytes(), other.read_bytes()) == (b"theirs", b"new")


def test_what_was_written_a_moment_before_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = pair(tmp_path)
    monkeypatch.setattr(module, "_exchange", after(1, lambda: path.write_bytes(b"theirs")))
    with pytest.raises(PlanChangedOutside):
        swap(path, other, expected=digest(b"old"))
    assert path.read_bytes() == b"theirs"


def test_of_two_writes_in_between_the_later_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = pair(tmp_path)
    texts = iter([b"theirs", b"and later"])
    writes = after(2, lambda: path.write_bytes(next(texts)))
    monkeypatch.setattr(module, "_exchange", writes)
    with pytest.raises(PlanChangedOutside):
        swap(path, other, expected=digest(b"old"))
    assert path.read_bytes() == b"and later"


def after(times: int, write: Callable[[], object]) -> Callable[[Path, Path], None]:
    """Return an exchange before whose first calls another program writes."""
    left = [times]
    original = module._exchange

    def exchange(path: Path, other: Path) -> None:
        if left[0]:
            left[0] -= 1
            write()
        original(path, other)

    return exchange


def test_an_edit_between_the_look_and_the_exchange_is_kept(
    programme: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(programme)
    before = ledger.read()
    theirs = programme.read_bytes() + b"# theirs\n"
    monkeypatch.setattr(module, "_exchange", after(1, lambda: programme.write_bytes(theirs)))
    with pytest.raises(PlanChangedOutside):
        ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert programme.read_bytes() == theirs
    assert (subjects(repo), visible_state(repo).leftovers) == (["Программа на 2024 год"], [])


def test_an_edit_between_the_exchange_and_the_commit_is_neither_lost_nor_swept_in(
    programme: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(programme)
    before = ledger.read()
    written = []

    def edited_then(path: Path, other: Path, *, expected: str) -> None:
        swap(path, other, expected=expected)
        written.append(path.read_bytes().replace(b"year: 2024", b"year: 2025"))
        path.write_bytes(written[0])

    monkeypatch.setattr(commit, "swap", edited_then)
    with pytest.raises(PlanChangedOutside):
        ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert programme.read_bytes() == written[0]
    found = visible_state(repo)
    assert (subjects(repo), found.leftovers) == (["Программа на 2024 год"], [])
    assert git(repo, "diff", "--cached", "--name-only") == ""


def test_what_is_written_to_the_replaced_file_is_spared(
    programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(programme)
    before = ledger.read()
    settle = commit.clean_up

    def late(repository: Repository, intent: Intent) -> None:
        old = intent.temporary(programme)
        old.write_bytes(old.read_bytes() + b"# late\n")
        settle(repository, intent)

    monkeypatch.setattr(commit, "clean_up", late)
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    (spared,) = programme.parent.glob("2024.yaml.spared-*")
    assert spared.read_bytes() == before.source.encoded + b"# late\n"


# In steps a write may fall between the look and the replacement.
@pytest.mark.parametrize("_ways", WAYS[:1], indirect=True)
def test_many_writes_of_an_editor_and_of_a_ledger_lose_nothing(programme: Path, repo: Path) -> None:
    ledger = Ledger(programme)
    stop = threading.Event()
    refusals = []

    def keep() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            before = ledger.read()
            try:
                if ledger.state().is_edited:
                    ledger.adopt(before)
                else:
                    ledger.apply(before, set_responsible(before.data, f"Отдел {number}"))
            except (PlanChangedOutside, UncommittedEdits) as error:
                refusals.append(error)

    keeper = threading.Thread(target=keep)
    keeper.start()
    notes = []
    new = programme.with_name("editor.tmp")
    for number in range(12):
        # As an editor does: from what it saw last, by a new file in place of the old.
        seen = programme.read_bytes()
        note = f"# note {number}\n".encode()
        new.write_bytes(seen + note)
        if file_digest(programme) == digest(seen):
            new.replace(programme)
            notes.append(note)
        stop.wait(0.15)
    stop.set()
    keeper.join()
    new.unlink(missing_ok=True)
    # An editor does not look before it replaces; what it wrote last is in the file or in history.
    history = git(repo, "log", "-p", "--format=", "--", "plan/2024.yaml")
    text = programme.read_bytes() + history.encode()
    assert [note for note in notes if note not in text] == []
    assert visible_state(repo).leftovers == []
