"""One ref that cannot be read stops no command: it is named, and the rest goes on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.sync import attempt
from kvartal.history.sync.attempt import fetch
from kvartal.history.sync.compare import Fetched
from kvartal.history.sync.progress import ReportStep
from kvartal.history.sync.sync import ATTEMPTS
from kvartal.history.sync.transport import Transport
from tests.support.cli import call
from tests.support.repository import git
from tests.sync.clones import Clone, SharedRepository

LOST = "1234567890" * 4
MARK = "kvartal/verified/2024-10-02"
SOUND_MARK = "kvartal/verified/2024-10-01"
WITNESS = "refs/kvartal/seen/abcdabcdabcdabcd"


def _object(clone: Clone, name: str) -> Path:
    found = clone.git("rev-parse", name).strip()
    return clone.folder / ".git" / "objects" / found[:2] / found[2:]


def _write(ref: str, text: str) -> Callable[[Clone], object]:
    return lambda clone: clone.write(f".git/{ref}", text)


def _corrupt(clone: Clone) -> None:
    file = _object(clone, MARK)
    file.chmod(0o600)
    file.write_bytes(b"garbage")


BREAKS: dict[str, tuple[str, Callable[[Clone], object]]] = {
    "no hash": (MARK, _write(f"refs/tags/{MARK}", "garbage\n")),
    "empty": (MARK, _write(f"refs/tags/{MARK}", "")),
    "names what is lost": (MARK, _write(f"refs/tags/{MARK}", f"{LOST}\n")),
    "lost": (MARK, lambda clone: _object(clone, MARK).unlink()),
    "at a lost commit": (MARK, lambda clone: _object(clone, f"{MARK}^{{}}").unlink()),
    "bad name": (f"{MARK} 2", _write(f"refs/tags/{MARK} 2", f"{LOST}\n")),
    "witness": (WITNESS, _write(WITNESS, f"{LOST}\n")),
    "witness without a hash": (WITNESS, _write(WITNESS, "garbage\n")),
}


@pytest.fixture
def marked(one: Clone, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """Return the first clone, with two marks, the later one at a commit beside the history."""
    monkeypatch.chdir(one.folder)
    one.save("1.1.2", notes="Да")
    for name, commit in ((SOUND_MARK, "HEAD"), (MARK, _beside(one))):
        words = f"Проверено\n\nKvartal-Verified: {commit}\nKvartal-Plan: plan/2024.yaml\n"
        one.git("tag", "-a", "-m", words, name, commit)
    one.save("1.1.3", notes="Да")
    return one


def _beside(clone: Clone) -> str:
    return clone.git("commit-tree", "-m", "Рядом", "-p", "HEAD", "HEAD^{tree}").strip()


def sync(*arguments: str) -> Result:
    return call(["sync", *arguments])


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_ref_is_named_and_the_rest_goes_on(
    shared: SharedRepository, marked: Clone, other: Clone, case: str
) -> None:
    other.set("1.1.4", notes="Да")
    other.push()
    name, damage = BREAKS[case]
    damage(marked)
    preview, done, again = sync("--dry-run"), sync(), sync()
    for result in (preview, done, again):
        assert result.exit_code == 0, result.stderr
        assert f"«{name}» в этой копии не читается" in result.stderr
    assert done.stdout == "origin: получено изменений 1, отправлено 2.\n"
    assert git(shared.bare, "tag").split() == [SOUND_MARK]
    assert shared.head() == marked.head
    assert f"«{name}»" not in marked.git("log", "-1", "--format=%B")


def test_a_broken_mark_that_the_server_has_stops_no_sync(marked: Clone, other: Clone) -> None:
    """A fetch would write it, and the tracking ref is not to blame."""
    marked.git("push", "--quiet", "origin", "main", SOUND_MARK)
    other.git("pull", "--quiet")
    other.set("1.1.4", notes="Да")
    other.push()
    marked.write(f".git/refs/tags/{SOUND_MARK}", "garbage\n")
    done = sync()
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "origin: получено изменений 1, отправлено 0.\n"
    assert f"«{SOUND_MARK}» в этой копии не читается" in done.stderr


@pytest.mark.parametrize("case", BREAKS)
def test_verify_names_a_broken_ref_and_looks_at_the_rest(marked: Clone, case: str) -> None:
    name, damage = BREAKS[case]
    marked.git("tag", "-d", SOUND_MARK)  # Which is no mark of `verify`.
    damage(marked)
    findings = verify(marked.plan, VerifyRequest()).findings
    (finding,) = (one for one in findings if one.code in {"mark-unreadable", "seen-unreadable"})
    assert f"«{name}» не читается" in finding.message()
    if name == MARK:
        assert [one.code for one in findings] == ["mark-unreadable"]


def test_a_mark_with_a_corrupt_object_is_named(marked: Clone, other: Clone) -> None:
    """Git before 2.41 gives up at it, whatever it is told."""
    other.set("1.1.4", notes="Да")
    other.push()
    _corrupt(marked)
    result = sync()
    assert "История в репозитории повреждена" not in result.stderr
    if git_version() < (2, 41):
        assert result.exit_code == 1
        assert f"«refs/tags/{MARK}»" in result.stderr
        marked.git("update-ref", "-d", f"refs/tags/{MARK}")
        result = sync()
    else:
        assert f"«{MARK}» в этой копии не читается" in result.stderr
    assert (result.exit_code, result.stdout) == (0, "origin: получено изменений 1, отправлено 2.\n")


def git_version() -> tuple[int, ...]:
    words = git(Path(), "version").split()
    return tuple(map(int, words[2].split(".")[:2]))


def test_a_witness_without_a_hash_that_the_server_has(shared: SharedRepository, one: Clone) -> None:
    """Git does not write over such a file: the other refs are fetched all the same."""
    other = shared.clones[1]
    other.save("1.1.4", notes="Да")
    other.sync()
    (ref,) = git(shared.bare, "for-each-ref", "--format=%(refname)", "refs/kvartal/").split()
    one.write(f".git/{ref}", "garbage\n")
    notes = [note.message() for note in one.sync().notes]
    assert [f"«{ref}» в этой копии не читается" in note for note in notes] == [True]
    assert one.head == other.head
    (one.folder / ".git" / ref).unlink()
    assert one.sync().notes == ()
    assert one.git("rev-parse", ref).strip() == other.head


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_broken_tracking_ref_is_fetched_anew(
    marked: Clone, other: Clone, *, is_lost: bool
) -> None:
    """`verify` says until then that a rewritten server would not be found."""
    marked.git("update-ref", "-d", f"refs/tags/{MARK}")
    marked.git("update-ref", "-d", f"refs/tags/{SOUND_MARK}")
    other.save("1.1.4", notes="Да")
    other.push()
    marked.write(".git/refs/remotes/origin/main", f"{LOST}\n" if is_lost else "garbage\n")
    codes = [one.code for one in verify(marked.plan, VerifyRequest()).findings]
    assert codes == ["seen-unreadable"]
    done = sync()
    copy = marked.folder / ".git" / "kvartal" / "aside" / "refs_remotes_origin_main"
    assert copy.exists() is not is_lost  # Git does not write over what is no hash.
    assert is_lost or copy.read_text("ascii") == "garbage\n"
    assert (f"прежний файл отложен: {copy}" in done.stderr) is not is_lost
    assert (done.stdout, done.exit_code) == ("origin: получено изменений 1, отправлено 2.\n", 0), (
        done.stderr
    )
    assert "не читается" not in done.stderr
    assert verify(marked.plan, VerifyRequest()).findings == ()


def test_a_folder_in_the_place_of_the_tracking_ref(
    one: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(one.folder)
    one.git("update-ref", "-d", "refs/remotes/origin/main")
    one.write(".git/refs/remotes/origin/main/note.txt", "x\n")
    result = sync()
    assert result.exit_code == 1
    assert "Удалите папку «.git/refs/remotes/origin/main»" in result.stderr


def _break_tracking_ref(clone: Clone) -> Path:
    clone.git("update-ref", "-d", f"refs/tags/{MARK}")
    clone.write(".git/refs/remotes/origin/main", "garbage\n")
    return clone.folder / ".git" / "kvartal" / "aside" / "refs_remotes_origin_main"


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_ref_moved_away_is_told_though_the_next_fetch_fails(
    marked: Clone, arguments: tuple[str, ...]
) -> None:
    copy = _break_tracking_ref(marked)
    # The remote answers until the file has been moved away.
    script = marked.write("../answers", f'[ -e "{copy}" ] && exit 1\nexec git-upload-pack "$@"\n')
    marked.git("config", "remote.origin.uploadpack", f"sh '{script.resolve()}'")
    refused = sync(*arguments)
    assert refused.exit_code == 1
    assert f"Файл отложен: {copy}" in refused.stderr
    assert "получена заново" not in refused.stderr
    assert not arguments or str(copy) in json.loads(refused.stdout)["error"]["message"]
    marked.git("config", "--unset", "remote.origin.uploadpack")
    again = sync()
    assert again.exit_code == 0
    assert str(copy) not in again.stderr  # What was moved is told once.


def test_a_ref_fetched_anew_is_told_though_the_user_has_to_choose(
    marked: Clone, other: Clone
) -> None:
    other.set("1.1.2", notes="Нет")
    other.push()
    copy = _break_tracking_ref(marked)
    refused = sync()
    assert refused.exit_code == 1
    assert "1.1.2:notes" in refused.stderr
    assert f"прежний файл отложен: {copy}" in refused.stderr


def test_what_is_behind_a_link_is_no_tracking_ref_and_stays(marked: Clone, tmp_path: Path) -> None:
    folder = marked.folder / ".git" / "refs" / "remotes" / "origin"
    marked.git("pack-refs", "--all")
    elsewhere = tmp_path / "личное"
    (folder.parent / "origin").rename(elsewhere) if folder.exists() else elsewhere.mkdir()
    (elsewhere / "main").write_text("Дневник\n", encoding="utf-8")
    folder.symlink_to(elsewhere)
    assert sync().exit_code == 1
    assert (elsewhere / "main").read_text("utf-8") == "Дневник\n"


def test_another_branch_that_is_lost_does_not_stop_a_sync(marked: Clone) -> None:
    """Nor does it hide: what only it names is not taken for superfluous."""
    marked.write(".git/refs/heads/старое", f"{LOST}\n")
    done = sync()
    assert done.exit_code == 0
    assert "«refs/heads/старое» в этой копии не читается" in done.stderr
    assert (marked.folder / ".git/refs/heads/старое").read_text() == f"{LOST}\n"


def test_a_damaged_history_is_not_passed_over(marked: Clone, other: Clone) -> None:
    """A broken ref is passed over only where what was fetched is whole without it."""
    other.set("1.1.4", notes="Да")
    other.push()
    lost = marked.git("rev-parse", "HEAD~1^{tree}").strip()
    marked.write(".git/refs/heads/старое", f"{LOST}\n")
    _object(marked, lost).unlink()
    refused = sync()
    assert refused.exit_code == 1
    assert lost in refused.stderr or "повреждена" in refused.stderr


@pytest.mark.parametrize(
    ("times", "code", "words"),
    [(1, 0, ""), (ATTEMPTS, 1, "переключают ветки. Ничего не тронуто")],
)
def test_a_ref_moved_away_is_told_though_another_branch_is_checked_out(
    marked: Clone, monkeypatch: pytest.MonkeyPatch, times: int, code: int, words: str
) -> None:
    """The next attempt fetches for that branch, and has nothing more to tell."""
    copy = _break_tracking_ref(marked)
    names = [f"другая-{number}" for number in range(times)]

    def switching(transport: Transport, report: ReportStep) -> Fetched:
        fetched = fetch(transport, report)
        if names:
            marked.git("checkout", "-q", "-b", names.pop())
        return fetched

    monkeypatch.setattr(attempt, "fetch", switching)
    done = sync()
    assert done.exit_code == code
    assert f"прежний файл отложен: {copy}" in done.stderr
    assert words in done.stderr
