"""The files of a fast-forward, step by step: brought on, taken back, cleaned up. Without git."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.repository import Repository
from kvartal.history.store import checkout
from kvartal.history.store.changed_files import EXECUTABLE, ChangedFile
from kvartal.history.store.checkout import clean_up, digests, fsync_files, go_back, write_files
from kvartal.history.store.errors import WouldOverwriteFiles
from kvartal.history.store.files import spare_path, write_new_file

TOKEN = "0123456789ab"  # noqa: S105 - makes names unique, and is no secret
_PLAIN = "100644"
OLD, NEW = b"old\n", b"new and longer\n"


class _Objects(Repository):
    """A repository that holds the two contents, and stores files as they are."""

    def run(self, *arguments: str, **_: object) -> GitResult:
        command, *_rest, name = arguments
        assert command == "hash-object"
        path = self.folder / name
        stored = self.object_name(path.read_bytes()) if path.is_file() else ""
        return GitResult(command, 0 if stored else 1, f"{stored}\n".encode(), "")

    def object(self, object_id: str) -> bytes:
        return next(one for one in (OLD, NEW) if self.object_name(one) == object_id)


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    def write(top: Repository, _: str, object_id: str, target: Path, *, like: Path) -> None:
        target.unlink(missing_ok=True)
        content = BytesIO(top.object(object_id))
        write_new_file(target, content, like=like if like.exists() else None)

    monkeypatch.setattr(checkout, "_write_version", write)
    return _Objects(tmp_path, tmp_path / ".git", tmp_path / ".git", "")


def changed(
    top: Repository, path: str, before: bytes | None, after: bytes | None, mode: str = _PLAIN
) -> ChangedFile:
    """Return a file of a move; as it was before it stands in its place."""
    old, new = (None if one is None else top.object_name(one) for one in (before, after))
    if before is not None:
        (top.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (top.folder / path).write_bytes(before)
    return ChangedFile(path, old, new, (_PLAIN, mode))


def contents(top: Repository) -> dict[str, bytes]:
    """Return the files by path, the temporary ones by the name of their sort."""
    found = {}
    for path in top.folder.rglob("*"):
        if path.is_file():
            found[path.relative_to(top.folder).as_posix()] = path.read_bytes()
    return found


def three(top: Repository) -> list[ChangedFile]:
    """Return a file that changes, one that is new, and one that goes."""
    return [
        changed(top, "plan/a.yaml", OLD, NEW),
        changed(top, "plan/new/b.yaml", None, NEW, EXECUTABLE),
        changed(top, "plan/gone/c.yaml", OLD, None),
    ]


def temporary(top: Repository, file: ChangedFile) -> str:
    return file.temporary(top.folder, TOKEN).relative_to(top.folder).as_posix()


def test_files_are_brought_on_with_their_old_versions_beside_them(top: Repository) -> None:
    files = three(top)
    write_files(top, files, TOKEN, digests(top.folder, files))
    assert contents(top) == {
        "plan/a.yaml": NEW,
        "plan/new/b.yaml": NEW,
        temporary(top, files[0]): OLD,
        temporary(top, files[2]): OLD,
    }
    assert os.access(top.folder / "plan/new/b.yaml", os.X_OK)
    assert not os.access(top.folder / "plan/a.yaml", os.X_OK)


def test_what_was_brought_on_is_taken_back(top: Repository) -> None:
    files = three(top)
    before = contents(top)
    write_files(top, files, TOKEN, digests(top.folder, files))
    go_back(top, files, TOKEN)
    assert contents(top) == before
    assert not (top.folder / "plan/new").exists()


def test_old_versions_go_when_the_branch_has_moved(top: Repository) -> None:
    files = three(top)
    known = digests(top.folder, files)
    write_files(top, files, TOKEN, known)
    clean_up(top, files, TOKEN, known)
    assert contents(top) == {"plan/a.yaml": NEW, "plan/new/b.yaml": NEW}
    assert not (top.folder / "plan/gone").exists()
    assert (top.folder / "plan").exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_what_somebody_wrote_into_an_old_version_is_kept_beside(
    top: Repository, *, is_known: bool
) -> None:
    files = three(top)
    known = digests(top.folder, files)
    write_files(top, files, TOKEN, known)
    old = files[0].temporary(top.folder, TOKEN)
    old.write_bytes(b"theirs")
    spare_path(old).write_bytes(OLD)
    clean_up(top, files, TOKEN, known if is_known else None)
    assert contents(top) == {
        "plan/a.yaml": NEW,
        "plan/new/b.yaml": NEW,
        f"plan/a.yaml.spared-{TOKEN}": b"theirs",
    }


@pytest.mark.parametrize("at", range(3))
def test_what_somebody_wrote_meanwhile_is_not_overwritten(top: Repository, at: int) -> None:
    files = three(top)
    known = digests(top.folder, files)
    place = top.folder / files[at].path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"theirs")
    with pytest.raises(WouldOverwriteFiles) as caught:
        write_files(top, files, TOKEN, known)
    assert place.name in str(caught.value)
    assert place.read_bytes() == b"theirs"
    go_back(top, files, TOKEN)
    others = {file.path: OLD for file in files if file.before and file is not files[at]}
    assert contents(top) == {**others, files[at].path: b"theirs"}


def test_a_move_that_was_cut_off_is_taken_back_from_what_git_holds(top: Repository) -> None:
    files = three(top)
    before = contents(top)
    write_files(top, files, TOKEN, digests(top.folder, files))
    place, old = top.folder / files[0].path, files[0].temporary(top.folder, TOKEN)
    place.write_bytes(NEW[:3])
    old.unlink()
    files[2].temporary(top.folder, TOKEN).unlink()
    go_back(top, files, TOKEN)
    assert contents(top) == before


def test_an_old_version_that_somebody_changed_is_kept_when_going_back(top: Repository) -> None:
    files = three(top)
    before = contents(top)
    write_files(top, files, TOKEN, digests(top.folder, files))
    files[0].temporary(top.folder, TOKEN).write_bytes(b"theirs")
    go_back(top, files, TOKEN)
    name = files[0].temporary(top.folder, TOKEN).name
    assert contents(top) == {**before, f"plan/a.yaml.spared-{name[1:13]}": b"theirs"}


def test_the_copy_of_an_exchange_in_steps_is_the_old_version(top: Repository) -> None:
    """Where a system cannot exchange files, the old one is for a moment under a third name."""
    files = three(top)
    before = contents(top)
    write_files(top, files, TOKEN, digests(top.folder, files))
    old = files[0].temporary(top.folder, TOKEN)
    old.rename(spare_path(old))
    go_back(top, files, TOKEN)
    assert contents(top) == before


def test_a_move_that_has_not_begun_leaves_all_as_it_is(top: Repository) -> None:
    files = three(top)
    before = contents(top)
    go_back(top, files, TOKEN)
    assert contents(top) == before


def test_a_plain_file_loses_the_right_to_run(top: Repository) -> None:
    file = changed(top, "run.sh", OLD, NEW)
    place = top.folder / file.path
    place.chmod(0o754)
    write_files(top, [file], TOKEN, digests(top.folder, [file]))
    assert place.stat().st_mode & 0o777 == 0o644
    go_back(top, [file], TOKEN)
    other = changed(top, "run.sh", OLD, NEW, EXECUTABLE)
    place.chmod(0o640)
    write_files(top, [other], TOKEN, digests(top.folder, [other]))
    assert place.stat().st_mode & 0o777 == 0o750


def test_what_git_wrote_is_flushed_with_the_folders_that_name_it(
    top: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [*three(top), changed(top, "link", OLD, NEW)]
    (top.folder / "link").unlink()
    (top.folder / "link").symlink_to("plan/a.yaml")
    flushed: dict[str, set[str]] = {"file": set(), "folder": set()}

    def noted(kind: str) -> Callable[[Path], None]:
        return lambda path: flushed[kind].add(path.relative_to(top.folder).as_posix())

    monkeypatch.setattr(checkout, "fsync_file", noted("file"))
    monkeypatch.setattr(checkout, "fsync_folder", noted("folder"))
    fsync_files(top.folder, files)
    assert flushed == {"file": {"plan/a.yaml"}, "folder": {".", "plan", "plan/gone"}}


def test_a_folder_that_is_used_stays(top: Repository) -> None:
    file = changed(top, "plan/new/b.yaml", None, NEW)
    write_files(top, [file], TOKEN, digests(top.folder, [file]))
    other = top.folder / "plan/new/own.txt"
    other.write_bytes(b"theirs")
    go_back(top, [file], TOKEN)
    assert contents(top) == {"plan/new/own.txt": b"theirs"}
