"""Hooks, keys and a git that dies: what they refuse leaves everything exactly as before."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.errors import HookRefused, HookRefusedSilently, SigningFailed
from kvartal.history.git.failures import GitKilled
from kvartal.history.store.errors import HookRewrotePlan
from kvartal.history.store.ledger import Ledger
from tests.support.repository import git as plain_git
from tests.support.repository import install_hook, refused_record, set_responsible, visible_state

Git = Callable[..., str]

posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")

pytestmark = pytest.mark.usefixtures("short_waits")


@posix
@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_refuses_in_its_own_words(ledger: Ledger, repo: Path, act: Path, name: str) -> None:
    install_hook(repo, name, "echo 'Правки вносят только по понедельникам' >&2; exit 1")
    refusal = refused_record(ledger, repo, act, HookRefused)
    assert "Правки вносят только по понедельникам" in str(refusal)


@posix
def test_a_hook_that_refuses_the_branch_is_reported(ledger: Ledger, repo: Path, act: Path) -> None:
    install_hook(repo, "reference-transaction", 'test "$1" != prepared || exit 1')
    refused_record(ledger, repo, act, HookRefused)


@posix
def test_a_lock_that_git_could_not_delete_stops_no_further_save(ledger: Ledger, repo: Path) -> None:
    """It calls the commit a success and only warns."""
    lock = repo / ".git" / "HEAD.lock"
    warning = f"warning: unable to unlink '{lock}': Input/output error"
    install_hook(repo, "post-commit", f'touch "{lock}"; echo "{warning}" >&2')
    for name in ("Отдел А", "Отдел Б"):
        snapshot = ledger.read()
        assert ledger.apply(snapshot, set_responsible(snapshot.data, name)).commit
        assert not lock.exists()


@posix
@pytest.mark.parametrize("stage", ["pre-commit", "commit-msg"])
def test_a_git_that_is_killed_leaves_all_as_before(
    ledger: Ledger, repo: Path, act: Path, stage: str
) -> None:
    install_hook(repo, stage, "kill -9 $PPID; sleep 0.1")
    assert "git commit прерван, не закончив (сигнал 9)" in str(
        refused_record(ledger, repo, act, GitKilled)
    )
    (repo / ".git" / "hooks" / stage).unlink()
    before = ledger.read()
    assert ledger.apply(before, set_responsible(before.data, "Отдел ОК")).commit


@posix
def test_a_git_that_is_killed_after_its_commit_has_committed(ledger: Ledger, repo: Path) -> None:
    install_hook(repo, "post-commit", "kill -9 $PPID; sleep 0.1")
    before = ledger.read()
    assert ledger.apply(before, set_responsible(before.data, "Отдел ОК")).commit
    assert plain_git(repo, "status", "--porcelain") == ""
    assert visible_state(repo).leftovers == []


@posix
def test_hooks_that_allow_are_run(ledger: Ledger, repo: Path) -> None:
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        install_hook(repo, name, f"echo {name} >> ../ran")
    before = ledger.read()
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    ran = (repo.parent / "ran").read_text(encoding="ascii").split()
    assert ran == ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"]


@posix
def test_a_hook_that_only_formats_the_plan_is_followed(ledger: Ledger, repo: Path) -> None:
    install_hook(repo, "pre-commit", "echo '# formatted' >> plan/2024.yaml; git add plan/2024.yaml")
    before = ledger.read()
    outcome = ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert outcome.commit
    assert outcome.snapshot.source.text.endswith("# formatted\n")
    assert outcome.snapshot.digest == ledger.read().digest
    assert visible_state(repo).leftovers == []
    assert plain_git(repo, "status", "--porcelain") == ""


@posix
def test_a_hook_that_formats_and_refuses_leaves_no_formatting(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    install_hook(repo, "pre-commit", "echo '# formatted' >> plan/2024.yaml; exit 1")
    refused_record(ledger, repo, act, HookRefused)


@posix
def test_a_key_that_cannot_sign_is_reported(
    ledger: Ledger, repo: Path, git: Git, act: Path, tmp_path: Path
) -> None:
    program = tmp_path / "gpg"
    program.write_text(
        "#!/bin/sh\ncat > /dev/null\necho 'gpg: нет ключа' >&2\nexit 2\n", encoding="utf-8"
    )
    program.chmod(0o755)
    git("config", "gpg.program", program)
    git("config", "commit.gpgSign", "true")
    refused_record(ledger, repo, act, SigningFailed)


@posix
def test_a_key_that_signs_is_used(ledger: Ledger, repo: Path, git: Git, tmp_path: Path) -> None:
    program = tmp_path / "gpg"
    program.write_text(
        "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho 'подпись'\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    git("config", "gpg.program", program)
    git("config", "commit.gpgSign", "true")
    before = ledger.read()
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert "gpgsig подпись" in git("cat-file", "commit", "HEAD")


@posix
@pytest.mark.parametrize(
    "rewriting", ["echo '}' >> plan/2024.yaml", "sed -i s/ОК/ОВ/ plan/2024.yaml"]
)
def test_a_hook_that_changes_the_programme_is_reported_and_undone(
    ledger: Ledger, repo: Path, act: Path, rewriting: str
) -> None:
    install_hook(repo, "pre-commit", f"{rewriting} plan/2024.yaml; git add plan/2024.yaml")
    told = str(refused_record(ledger, repo, act, HookRewrotePlan))
    assert "«2024.yaml» по-своему" in told
    (copy,) = (repo / ".git" / "kvartal" / "aside").iterdir()
    assert told.endswith(str(copy))
    assert copy.read_bytes() != ledger.path.read_bytes()


@posix
def test_a_hook_that_says_nothing_is_named(ledger: Ledger, repo: Path, act: Path) -> None:
    install_hook(repo, "commit-msg", "exit 1")
    refusal = refused_record(ledger, repo, act, HookRefusedSilently)
    assert str(refusal).endswith("проверки этого репозитория: commit-msg.")
