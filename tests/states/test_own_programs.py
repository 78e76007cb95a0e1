"""Programs that a repository names are started by nothing that only reads.

Whoever unpacks an archive with a repository in it, or works in a shared folder, has not chosen its
hooks, filters and drivers. `git status` is the measure: what it starts, they may start as well.
"""

import os
from pathlib import Path

import pytest

from kvartal.history.store.ledger import Ledger
from tests.states.conftest import Run
from tests.support.repository import git, install_hook, set_responsible, subjects
from tests.sync.clones import create_shared_repository

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")

HOOKS = (
    *("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-merge-commit"),
    *("post-checkout", "post-merge", "pre-push", "reference-transaction", "pre-auto-gc"),
    *("post-rewrite", "post-index-change", "pre-rebase", "update", "post-receive"),
)
PROGRAMS = (
    *("filter.canary.clean", "filter.canary.smudge", "filter.other.process"),
    *("diff.canary.textconv", "diff.canary.command", "diff.external"),
    *("merge.canary.driver", "merge.a=b.driver"),
    *("core.fsmonitor", "core.pager", "core.editor", "sequence.editor", "core.askPass"),
    *("core.gitProxy", "core.alternateRefsCommand", "interactive.diffFilter"),
    *("gpg.program", "gpg.ssh.program", "gpg.x509.program", "gpg.ssh.defaultKeyCommand"),
    *("pager.log", "pager.diff", "pager.status", "uploadpack.packObjectsHook"),
    "trailer.sign.command",
)
USERS_DRIVER = "merge.users.driver"
ALIASES = ("log", "status", "diff", "config", "cat-file", "ls-tree", "rev-parse", "merge-tree")
ATTRIBUTES = (
    "* filter=canary diff=canary merge=canary\nb.txt merge=a=b\nc.txt merge=users\n"
    "*.bin filter=other\n"
)

READING = (
    *(("list",), ("show", "1.1.2"), ("overdue",), ("validate",), ("log",), ("diff", "HEAD~1")),
    *(("verify",), ("doctor",), ("sync", "--dry-run"), ("undo", "--dry-run"), ("init",)),
)


class Canary:
    """A program that notes that it was started, under the name of the setting."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "started"
        self.program = folder / "canary"
        self.program.write_text(
            f'#!/bin/sh\necho "$1" >> "{self.notes}"\n'
            'case $1 in *clean|*smudge) exec cat;; *textconv) exec cat "$2";; esac\n'
        )
        self.program.chmod(0o755)

    def plant(self, repo: Path) -> None:
        """Let every setting of a repository name it."""
        for hook in HOOKS:
            install_hook(repo, hook, f'exec "{self.program}" {hook}')
        for name in PROGRAMS:
            git(repo, "config", name, f"{self.program} {name}")
        for name in ALIASES:
            git(repo, "config", f"alias.{name}", f"!{self.program} alias.{name}")
        git(repo, "config", "log.showSignature", "true")
        git(repo, "config", "trailer.sign.key", "Sign")
        (repo / ".git" / "info").mkdir(exist_ok=True)
        (repo / ".git" / "info" / "attributes").write_text(ATTRIBUTES)

    def started(self) -> set[str]:
        """Return what was started since the last time."""
        names = set(self.notes.read_text().split()) if self.notes.exists() else set[str]()
        self.notes.unlink(missing_ok=True)
        return names


@pytest.fixture
def canary(tmp_path: Path) -> Canary:
    return Canary(tmp_path)


def test_what_only_reads_starts_nothing_that_status_does_not(
    tmp_path: Path, ask: Run, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "users-settings"
    settings.write_text(f"[include]\npath = {os.environ['GIT_CONFIG_GLOBAL']}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    git(tmp_path, "config", "--global", USERS_DRIVER, f"{canary.program} {USERS_DRIVER}")
    one, other = create_shared_repository(tmp_path).clones
    lines = "".join(f"{number}\n" for number in range(20))
    # Both sides change the same files, so that git would ask the merge drivers.
    for clone, old in ((one, ""), (one, "3\n"), (other, "17\n")):
        if clone is other:
            other.git("reset", "--quiet", "--hard", "origin/main~1")
        for name in ("a.txt", "b.txt", "c.txt"):
            (clone.folder / name).write_text(lines.replace(f"\n{old}", "\n?\n") if old else lines)
        clone.git("add", ".")
        clone.git("commit", "--quiet", "-m", "Примечания")
        if clone is one:
            one.push()
            other.git("fetch", "--quiet")
    other.set("1.1.2", notes="Своё")
    canary.plant(other.folder)
    os.utime(other.plan, (1, 1))
    git(other.folder, "status")
    allowed = canary.started()
    assert "filter.canary.clean" in allowed
    found = {}
    for command in READING:
        os.utime(other.plan, (1, 1))
        done = ask(other.plan, *command)
        assert done.exit_code in {0, 1}, done.stderr
        found[command] = canary.started() - allowed
    assert {command: names for command, names in found.items() if names} == {}


def test_the_first_commit_starts_no_hook(
    programme: Path, repo: Path, ask: Run, canary: Canary
) -> None:
    git(repo, "update-ref", "-d", "HEAD")
    git(repo, "rm", "-rq", "--cached", ".")
    canary.plant(repo)
    git(repo, "config", "filter.canary.clean", "cat")
    git(repo, "status")
    allowed = canary.started()
    assert ask(programme, "init").exit_code == 0
    assert canary.started() - allowed == set()
    assert len(subjects(repo)) == 2


def test_what_a_crash_left_is_finished_by_who_writes(
    programme: Path, repo: Path, ask: Run, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forged note would otherwise let a command that reads commit, and start every hook."""

    def killed(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kvartal.history.store.commit.commit_intent", killed)
        patch.setattr("kvartal.history.store.commit.roll_back", killed)
        ledger = Ledger(programme)
        snapshot = ledger.read()
        with pytest.raises(KeyboardInterrupt):
            ledger.apply(snapshot, set_responsible(snapshot.data, "Отдел ОК"))
    install_hook(repo, "pre-commit", f'exec "{canary.program}" pre-commit')
    for command in (("list",), ("sync", "--dry-run")):
        done = ask(programme, *command)
        assert "(pre-commit), а команды, которые только читают, их не запускают" in done.stderr
        assert canary.started() == set()
    assert len(subjects(repo)) == 1
    assert "завершено" in ask(programme, "set", "1.1.3", "notes=Да").stderr
    assert canary.started() == {"pre-commit"}
    assert len(subjects(repo)) == 3
