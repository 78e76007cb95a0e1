"""Functions that each bring a repository with the real plan into one state.

They return the path of the plan to use, usually the one they were given.
"""

import os
import subprocess
import time
from pathlib import Path
from shutil import rmtree

from tests.support.plans import rewrite
from tests.support.repository import git, install_hook

RESULT = "result: Обеспечена установка терминала электронной очереди"
LONG_AGO = time.mktime((2024, 3, 31, 12, 0, 0, 0, 0, 0))


def intact(plan: Path) -> Path:
    return plan


# No usable repository.


def no_repository(plan: Path) -> Path:
    (top(plan) / ".git").rename(top(plan).parent / "elsewhere.git")
    return plan


def no_commits(plan: Path) -> Path:
    git(plan.parent, "update-ref", "-d", "HEAD")
    git(top(plan), "rm", "-rq", "--cached", ".")
    return plan


def broken(plan: Path) -> Path:
    (top(plan) / ".git" / "HEAD").write_text("мусор", encoding="utf-8")
    return plan


def bare(plan: Path) -> Path:
    clone = top(plan).parent / "bare.git"
    git(top(plan), "clone", "--quiet", "--bare", ".", clone)
    inside = clone / "plan" / "2024.yaml"
    inside.parent.mkdir()
    inside.write_bytes(plan.read_bytes())
    return inside


def of_another_user(plan: Path) -> Path:
    for path in (top(plan), top(plan) / ".git"):
        os.chown(path, 4711, 4711)
    return plan


# Not on a branch, or in the middle of an operation.


def detached(plan: Path) -> Path:
    git(plan.parent, "checkout", "--quiet", "--detach")
    return plan


def merging(plan: Path) -> Path:
    return _diverged(plan, "merge", "other")


def rebasing(plan: Path) -> Path:
    return _diverged(plan, "rebase", "other")


def cherry_picking(plan: Path) -> Path:
    return _diverged(plan, "cherry-pick", "other")


def reverting(plan: Path) -> Path:
    _diverged(plan)
    _save(plan, "x.txt", "again")
    git(plan.parent, "revert", "--no-edit", "HEAD^", check=False)
    return plan


def applying_mail(plan: Path) -> Path:
    _diverged(plan)
    patch = git(plan.parent, "format-patch", "--stdout", "main..other")
    mail = top(plan).parent / "mail"
    mail.write_text(patch, encoding="utf-8")
    git(plan.parent, "am", "--quiet", mail, check=False)
    return plan


def bisecting(plan: Path) -> Path:
    git(top(plan), "bisect", "start")
    return plan


def unmerged(plan: Path) -> Path:
    blob = git(plan.parent, "hash-object", "-w", plan).strip()
    lines = "".join(f"100644 {blob} {stage}\tplan/2024.yaml\n" for stage in (1, 2, 3))
    git(plan.parent, "rm", "--quiet", "--cached", plan)
    command = ["git", "update-index", "--index-info"]
    subprocess.run(command, cwd=top(plan), input=lines, text=True, check=True)
    return plan


def stale_lock(plan: Path, name: str = "index.lock") -> Path:
    lock = top(plan) / ".git" / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    os.utime(lock, (LONG_AGO, LONG_AGO))
    return plan


def lock_is_folder(plan: Path) -> Path:
    (top(plan) / ".git" / "index.lock" / "x").mkdir(parents=True)
    return plan


def recent_lock(plan: Path) -> Path:
    (top(plan) / ".git" / "index.lock").touch()
    return plan


# A repository that refuses commits.


def no_identity(plan: Path) -> Path:
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull  # restored by the fixture
    return plan


def refusing_hook(plan: Path) -> Path:
    install_hook(top(plan), "pre-commit", "echo 'Нет номера задачи' >&2; exit 1")
    return plan


def failing_signature(plan: Path) -> Path:
    git(plan.parent, "config", "commit.gpgSign", "true")
    git(plan.parent, "config", "gpg.program", "false")
    return plan


def altering_filter(plan: Path) -> Path:
    _save(plan, ".gitattributes", "*.yaml filter=upper")
    git(plan.parent, "config", "filter.upper.clean", "tr a-z A-Z")
    git(plan.parent, "add", "--renormalize", plan)
    git(plan.parent, "commit", "-qm", "Фильтр")
    return plan


# The plan in the repository.


def untracked(plan: Path) -> Path:
    git(plan.parent, "rm", "--quiet", "--cached", plan)
    git(plan.parent, "commit", "-qm", "Без программы")
    return plan


def ignored(plan: Path) -> Path:
    untracked(plan)
    return _save(plan, ".gitignore", "plan/")


def removed_from_index(plan: Path) -> Path:
    git(plan.parent, "rm", "--quiet", "--cached", plan)
    return plan


def deleted(plan: Path) -> Path:
    rmtree(plan.parent)
    return plan


def sparse_without_plan(plan: Path) -> Path:
    sparse(plan)
    git(top(plan), "sparse-checkout", "set", "другое")
    return plan


def skip_worktree(plan: Path) -> Path:
    git(plan.parent, "update-index", "--skip-worktree", plan)
    return plan


def edited_manually(plan: Path) -> Path:
    rewrite(plan, RESULT, f"{RESULT}\n    responsible: Отдел качества")
    return plan


def edited_invalidly(plan: Path) -> Path:
    rewrite(plan, "year: 2024\n", "year: 2024\ncolour: red\n")
    return plan


def made_unreadable(plan: Path) -> Path:
    rewrite(plan, RESULT, "result: [")
    return plan


# Unusual repositories in which everything works.


def worktree(plan: Path) -> Path:
    git(plan.parent, "worktree", "add", "--quiet", "-b", "вторая", top(plan).parent / "second")
    return top(plan).parent / "second" / "plan" / "2024.yaml"


def submodule(plan: Path) -> Path:
    outer = top(plan).parent / "outer"
    git(plan.parent, "init", "--quiet", outer)
    allow = ("-c", "protocol.file.allow=always")
    git(outer, *allow, "submodule", "--quiet", "add", top(plan), "inner")
    return outer / "inner" / "plan" / "2024.yaml"


def sparse(plan: Path) -> Path:
    (top(plan) / "другое").mkdir()
    _save(plan, "другое/x", "x")
    git(plan.parent, "sparse-checkout", "set", "plan")
    return plan


def shallow(plan: Path) -> Path:
    _save(plan, "x", "x")
    clone = top(plan).parent / "clone"
    git(plan.parent, "clone", "--quiet", "--depth=1", f"file://{top(plan)}", clone)
    return clone / "plan" / "2024.yaml"


def crlf(plan: Path) -> Path:
    git(plan.parent, "config", "core.autocrlf", "true")
    plan.unlink()
    git(top(plan), "checkout", "--quiet", "--", "plan")
    return plan


def cyrillic(plan: Path) -> Path:
    git(plan.parent, "config", "core.quotePath", "true")
    folder = top(plan) / "Планы «2024»"
    git(top(plan), "mv", "plan", folder)
    git(top(plan), "mv", folder / "2024.yaml", folder / "план [1].yaml")
    git(top(plan), "commit", "-qm", "Переименовано")
    return folder / "план [1].yaml"


def case_insensitive(plan: Path) -> Path:
    git(plan.parent, "config", "core.ignorecase", "true")
    return plan


def symlinked(plan: Path) -> Path:
    link = top(plan).parent / "ссылка.yaml"
    link.symlink_to(plan)
    return link


def top(plan: Path) -> Path:
    """Return the folder of the repository of a plan."""
    return plan.parent.parent


def _save(plan: Path, name: str, content: str) -> Path:
    (top(plan) / name).write_text(f"{content}\n", encoding="utf-8")
    git(top(plan), "add", "--force", name)
    git(top(plan), "commit", "-qm", name)
    return plan


def _diverged(plan: Path, *command: str) -> Path:
    """Make `main` and `other` differ in a file, then run a git command."""
    git(plan.parent, "switch", "--quiet", "-c", "other")
    _save(plan, "x.txt", "other")
    git(plan.parent, "switch", "--quiet", "main")
    _save(plan, "x.txt", "main")
    if command:
        git(plan.parent, *command, check=False)
    return plan
