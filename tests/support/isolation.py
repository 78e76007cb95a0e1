"""The isolation of the tests: their environment, and a check that nothing leaked out of it."""

import os
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path

AUTHOR = "Иванова Анна"
EMAIL = "ivanova@tests.example"

GIT_CONFIG = f"""\
[user]
	name = {AUTHOR}
	email = {EMAIL}
[init]
	defaultBranch = main
	templateDir =
[commit]
	gpgSign = false
[gc]
	auto = 0
[maintenance]
	auto = false
"""

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a private folder in it
"""A file system in memory, on Linux."""
NEEDED = 1 << 30
"""Bytes that must be free there; the suite takes a fraction of them."""

# Variables that the developer's environment may set, by prefix.
_FOREIGN = (
    *("GIT_", "KVARTAL_", "XDG_", "LC_", "LANG", "TEXTUAL", "SSH_ASKPASS", "GPG"),
    *("EDITOR", "VISUAL", "PAGER", "BROWSER", "NO_COLOR", "FORCE_COLOR", "CLICOLOR"),
    *("COLUMNS", "LINES", "COLORTERM"),
)


def memory_folder() -> Path | None:
    """Return a folder in memory that is fit for the test folders, if the system has one.

    The program flushes as ever; there is just no disk to wait for. Hooks are run from there.
    """
    if sys.platform != "linux" or not os.access(MEMORY, os.W_OK | os.X_OK):
        return None
    about = os.statvfs(MEMORY)
    is_fit = not about.f_flag & os.ST_NOEXEC and about.f_bavail * about.f_frsize >= NEEDED
    return MEMORY if is_fit else None


def foreign_variables() -> list[str]:
    """Return the names of the variables to remove: those of the developer's environment."""
    return [
        name
        for name in os.environ
        # Set by the snapshot plugin for this run.
        if name.startswith(_FOREIGN) and name != "TEXTUAL_SNAPSHOT_TEMPDIR"
    ]


def environment(home: Path, ceiling: Path) -> dict[str, str]:
    """Return the variables that the tests run with.

    Args:
        home: An empty folder; git's settings are written to it.
        ceiling: The parent of all test folders; git looks for no repository above it, and the
            programs that tests start put their temporary files into it.
    """
    config = home / "gitconfig"
    config.write_text(GIT_CONFIG, encoding="utf-8")
    return {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "TMPDIR": str(ceiling),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CEILING_DIRECTORIES": str(ceiling),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "UTC",
    }


@dataclass(frozen=True, slots=True)
class Repository:
    """The state of a repository at one moment; empty texts if there is none."""

    head: str
    refs: str
    staged: str
    status: str
    settings: str


def _git(root: Path, *arguments: str) -> str:
    """Return git's output about the repository at `root`; empty if git fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # Reading must not refresh the index: that is the developer's too.
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", check=False
        )
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def _settings(root: Path) -> str:
    """Return the repository's settings except those that pushing and branching write."""
    lines = _git(root, "config", "--local", "--list").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("branch.", "remote.")))


def read_repository(root: Path) -> Repository:
    """Return the current state of the developer's repository."""
    return Repository(
        head=_git(root, "rev-parse", "HEAD") + _git(root, "symbolic-ref", "-q", "HEAD"),
        refs=_git(root, "for-each-ref"),
        staged=_git(root, "ls-files", "--stage"),
        status=_git(root, "status", "--porcelain", "--untracked-files=all"),
        settings=_settings(root),
    )


def leaks(root: Path, before: Repository, *, alone: bool) -> list[str]:
    """Return what the tests did to the developer's repository, a sentence each.

    Args:
        root: The folder of the repository.
        before: Its state when the tests began.
        alone: Nobody else works there, so any difference was made by the tests. Otherwise only
            what is certainly theirs is reported: commits of their author, and settings.
    """
    after = read_repository(root)
    differing = [
        field.name
        for field in fields(Repository)
        if getattr(before, field.name) != getattr(after, field.name)
    ]
    reported = differing if alone else [name for name in differing if name == "settings"]
    found = [f"its {name}: not as when they began" for name in reported]
    known = [f"^{line.split()[0]}" for line in [before.head, *before.refs.splitlines()] if line]
    authors = _git(root, "log", "--format=%h %ce", "HEAD", "--all", *known).splitlines()
    return found + [f"commit {line}" for line in authors if line.endswith(EMAIL)]
