"""The evidence of a change: what is added, removed and left, and its files' way. Without git."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.repository import Repository
from kvartal.history.store.errors import (
    EvidenceAltered,
    EvidenceMissing,
    EvidencePathTaken,
)
from kvartal.history.store.evidence_files import (
    delete_added,
    delete_removed,
    hide_removed,
    restore_removed,
    write_added,
)
from kvartal.history.store.prepare import (
    added_evidence,
    evidence_on_disk,
    left_evidence,
    removed_evidence,
)
from kvartal.history.store.repo_state import RepoState
from kvartal.history.store.write_ahead import FileIntent, Intent

PATH = "evidence/2024/1/act.pdf"
CONTENT = b"act"
HASH = sha256(CONTENT).hexdigest()
OBJECT = "2d3b1ee2a8f0b8e9a3b6bd0b2b5f0e0dd3b1c0ab"


class _Attached:
    """A file that comes with a change."""

    def __init__(self, content: bytes) -> None:
        self.path, self.sha256, self.content = PATH, sha256(content).hexdigest(), content

    def open(self) -> BytesIO:
        return BytesIO(self.content)


class _NoGit(Repository):
    def run(self, *arguments: str, **_: object) -> GitResult:
        raise AssertionError(arguments)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return _NoGit(tmp_path, tmp_path / ".git", tmp_path / ".git", "")


def put(repository: Repository, content: bytes = CONTENT, path: str = PATH) -> Path:
    place = repository.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def added(
    repository: Repository,
    before: Mapping[str, str],
    after: Mapping[str, str],
    attached: Mapping[str, _Attached],
) -> list[tuple[str, bool]]:
    found = list(added_evidence(repository, before, after, attached))
    assert all(file.object_id == repository.object_name(CONTENT) for file in found)
    assert all(file.sha256 == HASH for file in found)
    return [(file.path, file.brought) for file in found]


def test_only_what_is_referred_to_for_the_first_time_is_added(repository: Repository) -> None:
    attached = {PATH: _Attached(CONTENT)}
    assert added(repository, {PATH: HASH}, {PATH: HASH}, attached) == []
    assert added(repository, {}, {PATH: HASH}, attached) == [(PATH, True)]
    assert added(repository, {PATH: "0" * 64}, {PATH: HASH}, attached) == [(PATH, True)]
    assert list(evidence_on_disk(repository, {}, {PATH: HASH})) == []
    put(repository)
    assert added(repository, {}, {PATH: HASH}, {}) == [(PATH, False)]
    assert list(evidence_on_disk(repository, {PATH: HASH}, {PATH: HASH})) == []
    assert list(evidence_on_disk(repository, {}, {PATH: HASH})) == [
        FileIntent(PATH, HASH, repository.object_name(CONTENT), brought=False)
    ]
    put(repository, b"another")
    assert list(evidence_on_disk(repository, {}, {PATH: HASH})) == []


def test_evidence_that_is_not_what_the_change_says_is_refused(repository: Repository) -> None:
    with pytest.raises(EvidenceMissing):
        added(repository, {}, {PATH: HASH}, {})
    with pytest.raises(EvidenceAltered):
        added(repository, {}, {PATH: HASH}, {PATH: _Attached(b"another")})
    put(repository, b"another")
    with pytest.raises(EvidencePathTaken):
        added(repository, {}, {PATH: HASH}, {PATH: _Attached(CONTENT)})


def test_only_what_git_holds_unchanged_is_removed(repository: Repository) -> None:
    place = put(repository)

    def removed(after: Mapping[str, str], codes: Mapping[str, str]) -> list[str]:
        state = RepoState(repository, codes=codes)
        return [file.path for file in removed_evidence(repository, state, {PATH: HASH}, after)]

    assert removed({}, {}) == [PATH]
    assert removed({PATH: HASH}, {}) == []
    assert removed({}, {PATH: "?"}) == []
    place.write_bytes(b"another")
    assert removed({}, {}) == []


def test_what_stays_on_the_disk_is_named(repository: Repository) -> None:
    put(repository)
    other = put(repository, path="evidence/2024/1/b.pdf").relative_to(repository.folder).as_posix()
    dropped = {PATH, other, "evidence/2024/1/none.pdf"}
    left = left_evidence(repository, dropped, ())
    assert left is not None
    assert f"{PATH}, {other}" in str(left)
    assert "none.pdf" not in str(left)
    left = left_evidence(repository, dropped, [FileIntent(PATH, HASH, OBJECT)])
    assert left is not None
    assert PATH not in str(left)
    assert left_evidence(repository, {PATH}, [FileIntent(PATH, HASH, OBJECT)]) is None
    assert left_evidence(repository, (), ()) is None


# ----------------------------------------------------------------------- the files themselves


def intent(*, brought: bool = True, removed: bool = False) -> Intent:
    files = (FileIntent(PATH, HASH, OBJECT, brought=brought),)
    return Intent(
        prefix="",
        name="2024.yaml",
        before=HASH,
        after=HASH,
        stored_after=(OBJECT,),
        message="",
        branch="main",
        parent=None,
        added=() if removed else files,
        removed=files if removed else (),
        folders=("evidence", "evidence/2024", "evidence/2024/1"),
        fresh=(),
        started=0.0,
        token="0123456789ab",  # noqa: S106 - makes names unique, and is no secret
    )


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_file_is_placed_and_deleted_with_its_folders(tmp_path: Path) -> None:
    change = intent()
    write_added(tmp_path, change, change.added[0], BytesIO(CONTENT))
    assert (tmp_path / PATH).read_bytes() == CONTENT
    assert files_in(tmp_path) == ["evidence", "evidence/2024", "evidence/2024/1", PATH]
    delete_added(tmp_path, change)
    assert files_in(tmp_path) == []


def test_a_place_that_was_taken_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    change = intent()
    place = tmp_path / PATH
    place.parent.mkdir(parents=True)
    place.write_bytes(b"theirs")
    with pytest.raises(EvidencePathTaken):
        write_added(tmp_path, change, change.added[0], BytesIO(CONTENT))
    delete_added(tmp_path, change)
    assert files_in(place.parent) == ["act.pdf"]
    assert place.read_bytes() == b"theirs"


def test_content_that_changed_on_the_way_is_refused(tmp_path: Path) -> None:
    change = intent()
    with pytest.raises(EvidenceAltered):
        write_added(tmp_path, change, change.added[0], BytesIO(b"another"))
    assert not (tmp_path / PATH).exists()
    delete_added(tmp_path, change)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "brought", "stays"),
    [(CONTENT, True, False), (b"", True, False), (b"x", True, True), (CONTENT, False, True)],
)
def test_only_what_a_change_brought_is_deleted_again(
    tmp_path: Path, content: bytes, *, brought: bool, stays: bool
) -> None:
    place = tmp_path / PATH
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    delete_added(tmp_path, intent(brought=brought))
    assert place.exists() is stays


def test_a_removed_file_is_hidden_and_comes_back_or_goes(tmp_path: Path) -> None:
    change = intent(removed=True)
    place = tmp_path / PATH
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    hide_removed(tmp_path, change)
    hide_removed(tmp_path, change)
    hidden = change.temporary(place)
    assert not place.exists()
    assert hidden.read_bytes() == CONTENT
    restore_removed(tmp_path, change)
    restore_removed(tmp_path, change)
    assert place.read_bytes() == CONTENT
    assert not hidden.exists()
    hide_removed(tmp_path, change)
    place.write_bytes(b"theirs")
    restore_removed(tmp_path, change)
    assert place.read_bytes() == b"theirs"
    place.unlink()
    delete_removed(tmp_path, change)
    assert files_in(tmp_path) == []


def test_a_folder_that_something_else_is_in_stays(tmp_path: Path) -> None:
    change = intent(removed=True)
    other = tmp_path / "evidence/2024/2.pdf"
    for path in (tmp_path / PATH, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(CONTENT)
    hide_removed(tmp_path, change)
    delete_removed(tmp_path, change)
    assert files_in(tmp_path) == ["evidence", "evidence/2024", "evidence/2024/2.pdf"]


def test_names_of_temporary_files_differ_by_the_file_and_the_change() -> None:
    change = intent()
    one, other = (change.temporary(Path("folder", name)) for name in ("a.pdf", "b.pdf"))
    assert one.parent == Path("folder")
    assert one != other
    assert replace(change, token="ba9876543210").temporary(Path("folder", "a.pdf")) != one  # noqa: S106
    assert one.name.startswith(".0123456789ab-")
