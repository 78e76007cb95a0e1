"""A change that is refused, or ended, between two of its steps: all of it or nothing of it."""

import errno
import os
from pathlib import Path

import pytest

from kvartal.history.git.errors import GitLocked, HookRefused
from kvartal.history.git.repository import Repository
from kvartal.history.store import commit, files, recovery
from kvartal.history.store.errors import ContentAltered, PlanChangedOutside, WriteFailed
from kvartal.history.store.ledger import Ledger, SaveResult
from kvartal.history.store.recovery import RecoveryOutcome
from kvartal.schema.changes import Change
from tests.support.repository import (
    Crash,
    changed_paths,
    git,
    install_hook,
    record_with_file,
    recovered_from_crash,
    set_responsible,
    visible_state,
)

posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")
REFUSING = "echo 'не сегодня' >&2; exit 1"
ADDING = 'for f in plan/evidence/2024/*/*; do echo x >> "$f"; git add "$f"; done'
FORMATTING = "echo '# formatted' >> plan/2024.yaml; git add plan/2024.yaml"


def end(*_: object, **__: object) -> None:
    raise Crash


@pytest.fixture
def removal(ledger: Ledger, act: Path) -> Change:
    """Record with evidence; return the change that takes the record back."""
    before = ledger.read()
    change, attachments = record_with_file(before.data, ledger.path, act)
    ledger.apply(before, change, attachments)
    return change.inverse()


def crashed(ledger: Ledger, change: Change, patch: pytest.MonkeyPatch, step: str) -> None:
    """Begin a change and crash instead of a step of its commit."""
    with patch.context() as context:
        for name in (step, "roll_back", "clean_up"):
            context.setattr(commit, name, end)
        with pytest.raises(Crash):
            ledger.apply(ledger.read(), change)


@posix
def test_evidence_comes_back_after_a_refused_removal(
    ledger: Ledger, repo: Path, removal: Change
) -> None:
    install_hook(repo, "pre-commit", REFUSING)
    before = visible_state(repo)
    with pytest.raises(HookRefused):
        ledger.apply(ledger.read(), removal)
    assert visible_state(repo) == before


@posix
@pytest.mark.parametrize("is_refused", [True, False])
def test_evidence_after_a_crashed_removal(
    ledger: Ledger,
    repo: Path,
    removal: Change,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_refused: bool,
) -> None:
    before = visible_state(repo)
    crashed(ledger, removal, monkeypatch, "_commit_when_free")
    if is_refused:
        install_hook(repo, "pre-commit", REFUSING)
        assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.WITHDRAWN
        assert visible_state(repo) == before
    else:
        assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.COMPLETED
        assert list(ledger.path.parent.rglob("*.pdf")) == []
        assert len(changed_paths(repo)) == 2
        assert git(repo, "status", "--porcelain", "--ignored") == ""


def without_exchange(patch: pytest.MonkeyPatch, failure: BaseException, at: int) -> None:
    """Exchange files in steps, as a system without a call for it does; fail at one of them."""
    patch.setattr(files, "_atomic_exchange", lambda: None)
    replace, count = Path.replace, 0

    def failing(self: Path, target: Path) -> Path:
        nonlocal count
        if self.name.startswith(".") and self.parent.name == "plan":
            count += 1
            if count == at:
                raise failure
        return replace(self, target)

    patch.setattr(Path, "replace", failing)


@pytest.mark.parametrize("at", [1, 2])
def test_an_exchange_in_steps_that_the_disk_refuses_is_taken_back(
    ledger: Ledger, repo: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    before, snapshot = visible_state(repo), ledger.read()
    with monkeypatch.context() as patch:
        without_exchange(patch, OSError(errno.EIO, "Input/output error"), at)
        with pytest.raises(WriteFailed):
            ledger.apply(snapshot, set_responsible(snapshot.data, "Отдел ОК"))
        assert visible_state(repo) == before
    assert ledger.apply(snapshot, set_responsible(snapshot.data, "Отдел ОК")).commit


@posix
@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (1, RecoveryOutcome.WITHDRAWN),
        (2, RecoveryOutcome.COMPLETED),
        (3, RecoveryOutcome.WITHDRAWN),
    ],
)
def test_an_exchange_in_steps_that_is_cut_short_is_recovered(
    ledger: Ledger,
    repo: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
    outcome: RecoveryOutcome,
) -> None:
    before, snapshot = visible_state(repo), ledger.read()
    change = set_responsible(snapshot.data, "Отдел ОК")
    with monkeypatch.context() as patch:
        without_exchange(patch, Crash(), min(at, 2))
        patch.setattr(commit, "roll_back", end)
        with pytest.raises(Crash):
            ledger.apply(snapshot, change)
    if at == 3:  # The new plan is in its place, and git no longer takes it.
        install_hook(repo, "pre-commit", REFUSING)
    assert recovered_from_crash(ledger, repo).outcome is outcome
    is_new = outcome is RecoveryOutcome.COMPLETED
    assert (visible_state(repo) != before) == is_new
    assert (b"responsible: \xd0\x9e\xd1\x82" in ledger.path.read_bytes()) == is_new
    assert git(repo, "status", "--porcelain", "--ignored") == ""


@posix
def test_a_record_is_taken_back_while_a_hook_formats_the_plan(
    ledger: Ledger, repo: Path, removal: Change
) -> None:
    install_hook(repo, "pre-commit", FORMATTING)
    result = ledger.apply(ledger.read(), removal)
    assert result.commit == visible_state(repo).head.strip()
    assert result.snapshot.source.text.endswith("# formatted\n")
    assert result.snapshot.evidence == {}
    assert list(ledger.path.parent.rglob("*.pdf")) == []
    assert len(changed_paths(repo)) == 2
    assert git(repo, "status", "--porcelain", "--ignored") == ""


@pytest.mark.usefixtures("short_waits")
def test_a_lock_that_appears_while_a_crash_is_recovered_is_waited_for_and_left(
    ledger: Ledger, repo: Path, removal: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed(ledger, removal, monkeypatch, "_commit_when_free")
    lock, crash = repo / ".git" / "index.lock", visible_state(repo)
    find = commit.intended_commit

    def locked(*arguments: Repository) -> str | None:
        lock.touch()
        return find(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(recovery, "intended_commit", locked)
        with pytest.raises(GitLocked):
            ledger.recover()
    assert lock.exists()
    lock.unlink()
    assert visible_state(repo) == crash
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.COMPLETED


@pytest.mark.parametrize(
    ("failure", "is_saved"),
    [(OSError(errno.EIO, "x"), True), (KeyboardInterrupt(), True), (RuntimeError(), False)],
)
def test_what_fails_after_the_commit_takes_nothing_from_it(
    ledger: Ledger,
    repo: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    *,
    is_saved: bool,
) -> None:
    def fail(*_: object) -> None:
        raise failure

    def save() -> SaveResult:
        snapshot = ledger.read()
        return ledger.apply(snapshot, set_responsible(snapshot.data, "Отдел ОК"))

    with monkeypatch.context() as patch:
        patch.setattr(commit, "remove_prepared_indexes", fail)
        if is_saved:
            result = save()
            assert (result.commit, result.warnings) == (visible_state(repo).head.strip(), ())
        else:  # A bug of ours is reported as one; what is in the history stays.
            with pytest.raises(RuntimeError):
                save()
    ledger.recover()
    assert len(git(repo, "rev-list", "HEAD").split()) == 2
    assert visible_state(repo).leftovers == []
    assert git(repo, "status", "--porcelain") == ""


@posix
@pytest.mark.parametrize(
    ("script", "kind", "path"),
    [
        # Two forms of the same: what is stored is not what is on the disk.
        (f"{FORMATTING}; echo '# once more' >> plan/2024.yaml", PlanChangedOutside, "2024.yaml"),
        # Formatted as on the disk, and the file of evidence is not the one.
        (f"{FORMATTING}; {ADDING}", ContentAltered, "Акт"),
    ],
)
def test_which_refusal_is_given_for_bytes_that_mean_the_same(
    ledger: Ledger, repo: Path, act: Path, script: str, kind: type[Exception], path: str
) -> None:
    install_hook(repo, "pre-commit", script)
    before, snapshot = visible_state(repo), ledger.read()
    with pytest.raises(kind) as caught:
        ledger.apply(snapshot, *record_with_file(snapshot.data, ledger.path, act))
    assert type(caught.value) is kind
    assert path in str(caught.value)
    assert visible_state(repo).head == before.head
    assert ledger.read().digest == snapshot.digest
