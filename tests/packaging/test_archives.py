"""The archives of a release are whole and the same wherever they are made (`.ci/archives.py`).

`.ci/run` builds both twice, in different folders.
"""

import os
import runpy
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def archives(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / ".ci" / "archives.py"))


def test_the_source_archive_has_every_file_of_the_project(
    root: Path, archives: dict[str, Any]
) -> None:
    """What is new and not committed yet comes along."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    if listed.returncode:
        pytest.skip("not a clone")
    here = {name for name in listed.stdout.split("\0") if name and os.path.lexists(root / name)}
    files = list(archives["source_files"](root))
    assert (set(files), len(files)) == (here, len(here))


def project_folder(folder: Path, ignored: str, umask: int, mtime: int) -> Path:
    """Return a small project that was written under a umask at a time, with something to ignore."""
    before = os.umask(umask)
    try:
        (folder / "room" / ignored).mkdir(parents=True)
        (folder / "room" / ignored / "x.pyc").write_bytes(b"1")
        (folder / "room" / "Акт.txt").write_text("акт", encoding="utf-8")
        (folder / "run").write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / ".gitignore").write_text("# made\n__pycache__/\n/dist/\n", encoding="utf-8")
    finally:
        os.umask(before)
    for path in folder.rglob("*"):
        os.utime(path, (mtime, mtime))
    return folder


def test_a_source_archive_says_nothing_of_the_machine(
    tmp_path: Path, archives: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    made = []
    for name, ignored, umask, mtime in (("a", "__pycache__", 0o022, 1), ("b", "dist", 0o077, 9)):
        folder = project_folder(tmp_path / name, ignored, umask, mtime)
        made.append(tmp_path / f"{name}.tar.gz")
        archives["write_sdist"](made[-1], folder, "kvartal-1", b"Name: kvartal\n")
    names = ["kvartal-1/PKG-INFO", "kvartal-1/.gitignore"]
    with tarfile.open(made[0]) as archive:
        assert archive.getnames() == [*names, "kvartal-1/room/Акт.txt", "kvartal-1/run"]
    with tarfile.open(made[1]) as archive:
        # Below the top `dist` is a name like any.
        assert "kvartal-1/room/dist/x.pyc" in archive.getnames()
    (tmp_path / "b" / "room" / "dist" / "x.pyc").unlink()
    archives["write_sdist"](made[1], tmp_path / "b", "kvartal-1", b"Name: kvartal\n")
    assert made[0].read_bytes() == made[1].read_bytes()


def test_a_wheel_has_the_same_modes_under_every_umask(
    tmp_path: Path, archives: dict[str, Any]
) -> None:
    made = []
    for mode in (0o600, 0o664):
        made.append(tmp_path / f"{mode}.whl")
        entry = zipfile.ZipInfo("kvartal/x.py", (2026, 1, 1, 0, 0, 0))
        entry.external_attr = (0o100000 | mode) << 16
        with zipfile.ZipFile(made[-1], "w") as archive:
            archive.writestr(entry, "x = 1\n")
        archives["normalise_wheel"](made[-1])
    assert made[0].read_bytes() == made[1].read_bytes()


def test_the_licence_is_named_and_shipped(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["license"], project["license-files"]) == ("MIT", ["LICENSE"])
    assert (root / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
