"""Manual edits of the file become a separate commit, or are refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.errors import HookRefused
from kvartal.history.messages.trailers import parse_trailers
from kvartal.history.store import commit
from kvartal.history.store.errors import PlanChangedOutside, PlanIgnored, UncommittedEdits
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.recovery import RecoveryOutcome
from kvartal.history.store.snapshot import InvalidPlan
from kvartal.schema.changes import ChangeKind
from tests.support.repository import (
    Crash,
    changed_paths,
    recovered_from_crash,
    set_responsible,
    subjects,
    visible_state,
)
from tests.support.repository import git as plain_git

Git = Callable[..., str]


def test_a_manual_edit_is_adopted_as_a_separate_commit(
    ledger: Ledger, repo: Path, git: Git
) -> None:
    text = ledger.path.read_text(encoding="utf-8")
    ledger.path.write_text(text.replace("Офис обслуживания", "Дом обслуживания", 1), "utf-8")
    (repo / "other.txt").write_text("подготовлен", encoding="utf-8")
    git("add", "other.txt")
    seen = ledger.read()
    with pytest.raises(UncommittedEdits):
        ledger.apply(seen, set_responsible(seen.data, "Отдел ОК"))
    outcome = ledger.adopt(seen)
    assert outcome.commit == visible_state(repo).head.strip()
    assert changed_paths(repo) == ["plan/2024.yaml"]
    message = git("log", "-1", "--format=%B")
    assert parse_trailers(message).kind is ChangeKind.EDIT
    assert "Офис обслуживания" in message
    assert "Дом обслуживания" in message
    assert ledger.apply(outcome.snapshot, set_responsible(seen.data, "Отдел ОК")).commit
    assert git("status", "--porcelain") == "A  other.txt\n"


def test_a_manually_added_comment_is_adopted_too(ledger: Ledger, repo: Path) -> None:
    ledger.path.write_bytes(ledger.path.read_bytes() + b"# note\n")
    assert ledger.adopt(ledger.read()).commit
    assert parse_trailers(plain_git(repo, "log", "-1", "--format=%B")).kind is ChangeKind.EDIT


def test_with_nothing_edited_there_is_nothing_to_adopt(ledger: Ledger, repo: Path) -> None:
    assert ledger.adopt(ledger.read()).commit is None
    assert len(subjects(repo)) == 1


def test_a_plan_that_git_does_not_hold_yet_is_adopted(ledger: Ledger, repo: Path, git: Git) -> None:
    git("update-ref", "-d", "HEAD")
    git("rm", "-rq", "--cached", ".")
    assert ledger.adopt(ledger.read()).commit
    assert git("ls-tree", "-r", "--name-only", "HEAD") == "plan/2024.yaml\n"
    assert subjects(repo) == ["Программа на 2024 год: начата история. Мероприятий: 20"]
    trailers = parse_trailers(git("log", "-1", "--format=%B"))
    assert (trailers.kind, len(trailers.measures)) == (ChangeKind.ADD, 20)


def test_an_invalid_manual_edit_is_refused_with_its_position(ledger: Ledger, repo: Path) -> None:
    text = ledger.path.read_text(encoding="utf-8")
    ledger.path.write_text(text.replace("quarters: [3]", "quarters: [5]", 1), "utf-8")
    found = visible_state(repo)
    with pytest.raises(InvalidPlan) as caught:
        ledger.adopt(ledger.read())
    line = text[: text.index("quarters: [3]")].count("\n") + 1
    assert {problem.line for problem in caught.value.problems} == {line}
    assert visible_state(repo) == found


def test_an_adoption_that_git_refuses_leaves_all_as_it_is(
    ledger: Ledger, repo: Path, git: Git
) -> None:
    git("update-ref", "-d", "HEAD")
    git("rm", "-rq", "--cached", ".")
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "exclude").write_text("plan/\n", encoding="utf-8")
    found = visible_state(repo)
    with pytest.raises(PlanIgnored):
        ledger.adopt(ledger.read())
    (repo / ".git" / "info" / "exclude").write_text("", encoding="utf-8")
    hook = repo / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    hook.chmod(0o755)
    with pytest.raises(HookRefused):
        ledger.adopt(ledger.read())
    assert visible_state(repo) == found


def test_an_adoption_that_crashed_is_completed(
    ledger: Ledger, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.path.write_bytes(ledger.path.read_bytes() + b"# note\n")

    def end(*_: object) -> None:
        raise Crash

    seen = ledger.read()
    with monkeypatch.context() as patch:
        for name in ("commit_intent", "roll_back"):
            patch.setattr(commit, name, end)
        with pytest.raises(Crash):
            ledger.adopt(seen)
    assert recovered_from_crash(ledger, repo).outcome is RecoveryOutcome.COMPLETED
    ledger.path.write_bytes(b"year: 2024\n")
    with pytest.raises(PlanChangedOutside):
        ledger.adopt(seen)
