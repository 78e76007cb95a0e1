"""A plain editor resolves every import of the project, through the links in `.alias/`.

For an editor `tui/app.py` belongs to a package `tui`, and no package is called `kvartal`;
`[tool.pyright]` makes it search the links too. Pyright is not a dependency of the project, so its
search for a module's file is repeated here.
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDERS = ("schema", "history", "exchange", "tui", "tests", "benchmarks", ".ci")


@pytest.fixture
def roots(root: Path) -> list[Path]:
    """The folders in which an editor looks for a module, the project's own first."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return [root, *(root / folder for folder in project["tool"]["pyright"]["extraPaths"])]


def imports(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each module that a file imports with the names it takes from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, [alias.name for alias in node.names]


def leads_to_a_file(module: str, names: list[str], roots: list[Path]) -> bool:
    """Tell whether a module and, if it is a package, the modules imported from it are found."""
    for place in (root.joinpath(*module.split(".")) for root in roots):
        if place.with_suffix(".py").is_file():
            return True
        if place.is_dir():
            own = place / "__init__.py"
            text = own.read_text(encoding="utf-8") if own.is_file() else ""
            return all(
                leads_to_a_file(f"{module}.{name}", [], roots) or f"\n{name}" in text
                for name in names
            )
    return False


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_import_leads_to_a_file(root: Path, roots: list[Path], folder: str) -> None:
    unresolved = [
        f"{path.relative_to(root)}: {module}"
        for path in sorted((root / folder).rglob("*.py"))
        for module, names in imports(path)
        if module.partition(".")[0] in {"kvartal", "tests"}
        if not leads_to_a_file(module, names, roots)
    ]
    assert unresolved == []
