"""Which branch of which remote a branch is synced with, for settings of every kind."""

from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.sync.remote import find_remote_branch
from kvartal.schema.errors import KvartalError
from tests.support.git_objects import GitObjects
from tests.support.repository import git

MAIN = "refs/heads/main"
CASES = [
    # remotes, what main follows, the remote that is named: remote, branch, tracking ref, upstream?
    ("origin", None, None, "origin main refs/remotes/origin/main no"),
    ("office", None, None, "office main refs/remotes/office/main no"),
    ("backup origin", None, None, "origin main refs/remotes/origin/main no"),
    ("backup origin", None, "backup", "backup main refs/remotes/backup/main no"),
    ("backup office", None, None, "SeveralRemotes"),
    ("backup office", None, "office", "office main refs/remotes/office/main no"),
    ("backup", None, "office", "UnknownRemote"),
    ("", None, None, "NoRemote"),
    ("", None, "origin", "UnknownRemote"),
    ("backup origin", ("backup", "draft"), None, "backup draft refs/remotes/backup/draft yes"),
    ("backup origin", ("backup", "draft"), "backup", "backup draft refs/remotes/backup/draft yes"),
    ("backup origin", ("backup", "draft"), "origin", "origin main refs/remotes/origin/main yes"),
    ("backup origin", ("gone", "draft"), None, "origin main refs/remotes/origin/main no"),
    ("backup origin", (".", "draft"), None, "origin main refs/remotes/origin/main no"),
    ("backup +single", ("backup", "draft"), None, "backup draft refs/remotes/backup/draft yes"),
    ("origin +elsewhere", ("origin", "main"), None, "origin main refs/heads/from-origin/main yes"),
]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with a commit on main."""
    folder = tmp_path_factory.mktemp("remotes")
    git(folder, "init", "--quiet", "-b", "main")
    objects = GitObjects(folder)
    who = "A <a@tests.example> 1704067200 +0000"
    objects.refer(MAIN, objects.commit(objects.tree({"a": b"a"}), [], who, who, "A\n"))
    return folder


@pytest.mark.parametrize(("remotes", "follows", "named", "found"), CASES)
def test_the_remote_branch_is_the_one_that_git_would_take(
    remotes: str, follows: tuple[str, str] | None, named: str | None, found: str, repo: Path
) -> None:
    names = [name for name in remotes.split() if not name.startswith("+")]
    text = "[core]\n\trepositoryformatversion = 0\n"
    for name in names:
        fetched = f"+refs/heads/*:refs/remotes/{name}/*"
        if "+single" in remotes:
            fetched = f"+{MAIN}:refs/remotes/{name}/main"
        if "+elsewhere" in remotes:
            fetched = f"+refs/heads/*:refs/heads/from-{name}/*"
        text += f'[remote "{name}"]\n\turl = https://{name}.example/a\n\tfetch = {fetched}\n'
    if follows:
        text += f'[branch "main"]\n\tremote = {follows[0]}\n\tmerge = refs/heads/{follows[1]}\n'
    (repo / ".git" / "config").write_text(text, encoding="utf-8")
    assert outcome(repo, named) == found


def outcome(repo: Path, named: str | None) -> str:
    """Return what main is synced with, or why with nothing."""
    try:
        found = find_remote_branch(find_repository(repo), "main", named)
    except KvartalError as error:
        return type(error).__name__
    has_upstream = "yes" if found.has_upstream else "no"
    return f"{found.remote} {found.branch} {found.tracking} {has_upstream}"
