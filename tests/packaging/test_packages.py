"""The contents of an installed copy: the lists of packages and data files cover the folders.

A sub-package or a style sheet that is missing from the lists works from a checkout, where the
folders themselves are imported, but is not in the wheel. `.ci/run` checks a built wheel too.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

NO_DATA = {".py", ".pyc", ".po", ".pot"}


@pytest.fixture
def setuptools(root: Path) -> dict[str, Any]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    table: dict[str, Any] = project["tool"]["setuptools"]
    return table


def folders(root: Path, setuptools: dict[str, Any]) -> dict[str, Path]:
    """Return the folder of every package by the package's name."""
    found = {}
    for package, top in setuptools["package-dir"].items():
        for module in (root / top).rglob("__init__.py"):
            inner = module.parent.relative_to(root / top).parts
            found[".".join([package, *inner])] = module.parent
    return found


def test_the_list_of_packages_matches_the_folders(root: Path, setuptools: dict[str, Any]) -> None:
    assert setuptools["packages"] == sorted(folders(root, setuptools))


def test_every_module_is_in_a_package(root: Path, setuptools: dict[str, Any]) -> None:
    packages = set(folders(root, setuptools).values())
    modules = [
        path for top in setuptools["package-dir"].values() for path in (root / top).rglob("*.py")
    ]
    assert [path for path in modules if path.parent not in packages] == []


def test_every_data_file_is_listed(root: Path, setuptools: dict[str, Any]) -> None:
    missing = []
    for package, top in setuptools["package-dir"].items():
        patterns = setuptools["package-data"][package]
        listed = {path for pattern in patterns for path in (root / top).glob(pattern)}
        data = {
            path
            for path in (root / top).rglob("*")
            if path.is_file() and path.suffix not in NO_DATA and path.name != "py.typed"
        }
        missing += sorted(data - listed)
        assert root / top / "py.typed" in listed
    assert missing == []


def test_every_layer_is_mapped(root: Path, setuptools: dict[str, Any]) -> None:
    layers = [name for name in ("exchange", "history", "schema", "tui") if (root / name).is_dir()]
    assert setuptools["package-dir"] == {f"kvartal.{name}": name for name in layers}


def test_type_checkers_see_every_layer(root: Path, setuptools: dict[str, Any]) -> None:
    alias = root / ".alias" / "kvartal"
    links = {path.name: path.resolve() for path in alias.iterdir()}
    assert links == {name: root / name for name in setuptools["package-dir"].values()}
