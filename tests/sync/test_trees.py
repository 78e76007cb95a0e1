"""A tree with other files, written in the object database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.sync.trees import TreeEntry, tree_with_files

FILES = ("a/b/c", "a/d", "e")


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        # A folder goes with its last file.
        ({"a/b/c": None}, ["a/d", "e"]),
        ({"a/b/c": None, "a/d": None}, ["e"]),
        (dict.fromkeys(FILES), []),
        # What has not been there need not be removed, and a file is no folder.
        ({"e/f": None, "g": None, "h/i": None}, [*FILES]),
        ({"a/b/g": "a/d", "h/i": "e"}, ["a/b/c", "a/b/g", "a/d", "e", "h/i"]),
    ],
)
def test_a_tree_with_other_files(
    repo: Path, git: Callable[..., str], changes: dict[str, str | None], left: list[str]
) -> None:
    for name in FILES:
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(name, encoding="utf-8")
    git("add", "--all")
    tree = git("write-tree").strip()
    entries = {
        path: TreeEntry("100755", git("rev-parse", f"{tree}:{source}").strip()) if source else None
        for path, source in changes.items()
    }
    changed = tree_with_files(find_repository(repo), tree, entries)
    listed = [line.split(" ", 1) for line in git("ls-tree", "-r", changed).splitlines()]
    assert [rest.partition("\t")[2] for _, rest in listed] == left
    new = [rest.partition("\t")[2] for mode, rest in listed if mode == "100755"]
    assert new == [path for path, source in changes.items() if source]
