"""A push may fail when the branch there is moved already: it is asked before anything is said."""

import os
from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.sync.remote_errors import PushUnknown, RemoteBrokeOff, RemoteRefused
from kvartal.history.sync.transport_answers import may_have_arrived
from tests.support.repository import git
from tests.sync.clones import Clone, SharedRepository

_NOT_TO_HEAD = b"!\tHEAD:refs/heads/main\t[remote rejected] (%s)\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")


@pytest.mark.parametrize(
    ("code", "printed", "words", "may"),
    [
        (0, b"", "early EOF", False),
        (1, _NOT_TO_HEAD % b"failed to update ref", "", True),
        (1, _NOT_TO_HEAD % b"pre-receive hook declined", "early EOF", False),
        (1, b"!\tHEAD:refs/heads/main\t[rejected] (fetch first)\n", "early EOF", False),
        (1, b"", "fatal: early EOF", True),
        (1, b"", "fatal: could not resolve host", False),
    ],
)
def test_what_may_have_arrived_there(code: int, printed: bytes, words: str, *, may: bool) -> None:
    assert may_have_arrived(GitResult("push", code, printed, words)) is may


@pytest.fixture
def log_refuses(shared: SharedRepository) -> Path:
    """Return what stands in the place of the log of HEAD there: it is written last."""
    place = shared.bare / "logs" / "HEAD"
    place.parent.mkdir()
    place.symlink_to(place)
    return place


def receive_with(clone: Clone, script: Path, text: str) -> None:
    """Let a script receive what is pushed."""
    script.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    script.chmod(0o755)
    clone.git("config", "remote.origin.receivepack", f"'{script}'")


@pytest.mark.usefixtures("log_refuses")
def test_what_arrived_is_sent_though_git_tells_a_failure(
    one: Clone, shared: SharedRepository
) -> None:
    commit = one.set("1.1.2", notes="x")
    result = one.sync()
    assert shared.head() == commit
    assert result.sent == 1
    (told,) = [note for note in result.notes if note.code == "push-complained"]
    assert "Изменения дошли до «origin», хотя git на что-то пожаловался" in told.message()
    assert "logs/HEAD" in told.message()
    assert one.sync().sent == 0


def test_a_connection_cut_after_the_branch_was_moved_is_no_failure(
    one: Clone, shared: SharedRepository
) -> None:
    shared.hook("reference-transaction", '[ "$1" != committed ] || kill -9 "$PPID"')
    commit = one.set("1.1.2", notes="x")
    result = one.sync()
    assert shared.head() == commit
    assert result.sent == 1
    assert [note.code for note in result.notes] == ["push-complained"]


def test_a_push_that_fails_tells_what_was_received_all_the_same(
    one: Clone, other: Clone, shared: SharedRepository
) -> None:
    other.set("1.1.2", notes="x")
    other.push()
    shared.hook("pre-receive", "echo Нельзя >&2; exit 1")
    one.set("1.1.3", notes="y")
    with pytest.raises(RemoteRefused) as caught:
        one.sync()
    assert str(caught.value).endswith(
        "remote: Нельзя. Чужие изменения при этом получены и уже объединены с вашими."
    )
    assert one.value("1.1.2", "notes") == "x"
    with pytest.raises(RemoteRefused) as caught:
        one.sync()
    assert "получены" not in str(caught.value)  # They were before.


def test_a_connection_cut_before_that_is_one(one: Clone, shared: SharedRepository) -> None:
    shared.hook("reference-transaction", '[ "$1" != prepared ] || kill -9 "$PPID"')
    before, commit = shared.head(), one.set("1.1.2", notes="x")
    with pytest.raises(RemoteBrokeOff):
        one.sync()
    assert shared.head() == before
    assert one.head == commit


@pytest.mark.usefixtures("log_refuses")
def test_where_it_cannot_be_asked_nothing_is_claimed(
    one: Clone, shared: SharedRepository, tmp_path: Path
) -> None:
    receive_with(one, tmp_path / "receive", 'git receive-pack "$1"; mv "$1" "$1.away"')
    commit = one.set("1.1.2", notes="x")
    with pytest.raises(PushUnknown) as caught:
        one.sync()
    told = str(caught.value)
    assert "спросить, дошли ли изменения, нельзя" in told
    assert "не отправлены" not in told
    assert git(Path(f"{shared.bare}.away"), "rev-parse", "main").strip() == commit


@pytest.mark.usefixtures("log_refuses")
def test_what_others_pushed_there_is_not_taken_for_ours(
    one: Clone, shared: SharedRepository, tmp_path: Path
) -> None:
    before = shared.head()
    back = f'git -C "$1" update-ref --no-deref refs/heads/main {before}'
    receive_with(one, tmp_path / "receive", f'git receive-pack "$1"; rm -r "$1/logs"; {back}')
    one.set("1.1.2", notes="x")
    with pytest.raises(RemoteRefused) as caught:
        one.sync()
    assert "но не отправлены" in str(caught.value)
    assert shared.head() == before


def test_a_mark_that_arrived_is_not_told_as_not_sent(one: Clone, shared: SharedRepository) -> None:
    one.git("tag", "-a", "kvartal/verified/2024-09-27", "-m", "x")
    kill = '[ "$1" != committed ] || ! grep -q kvartal/verified || kill -9 "$PPID"'
    shared.hook("reference-transaction", kill)
    one.set("1.1.2", notes="x")
    assert [note.code for note in one.sync().notes] == []
    assert "kvartal/verified/2024-09-27" in git(shared.bare, "tag")
