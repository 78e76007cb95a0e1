"""The layers of the house, seen from outside: what is imported, and what comes along with it.

import-linter reads the sources (the contracts in pyproject.toml); here a fresh process tells what
really was loaded, and the third-party packages are held to a list of what is allowed.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCREEN = {"click", "rich", "textual", "platformdirs", "tomli_w"}
KEEPING = {"git", "gitdb", "ruamel"}

ALLOWED = {
    "schema": {"jsonschema", "kvartal.schema", "referencing"},
    "history": {"git", "kvartal.history", "kvartal.schema", "ruamel"},
}

LOADED = """\
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def modules(root: Path, layer: str) -> list[str]:
    """Return the import name of every module of a layer."""
    paths = sorted((root / layer).rglob("*.py"))
    parts = [path.relative_to(root).with_suffix("").parts for path in paths]
    return [".".join(["kvartal", *part]).removesuffix(".__init__") for part in parts]


def loaded(*names: str) -> set[str]:
    """Return the top-level names that importing `names` brings into a fresh process."""
    command = [sys.executable, "-c", LOADED, *names]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return set(json.loads(done.stdout))


def imports(path: Path) -> Iterator[str]:
    """Yield the module that each import statement of a file names, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def layer_or_package(module: str) -> str:
    """Return `kvartal.<layer>` for a module of the house, else the top-level name."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] == "kvartal" else 1])


def test_schema_loads_no_screen_no_git_and_no_yaml(root: Path) -> None:
    assert loaded(*modules(root, "schema")) & (SCREEN | KEEPING) == set()


def test_history_loads_no_screen(root: Path) -> None:
    assert loaded(*modules(root, "history")) & SCREEN == set()


def test_the_command_waits_with_what_the_first_paint_does_not_need() -> None:
    assert loaded("kvartal.tui.main") & {"git", "gitdb", "jsonschema"} == set()


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_a_layer_imports_only_what_it_may(root: Path, layer: str) -> None:
    named = {
        layer_or_package(name) for path in (root / layer).rglob("*.py") for name in imports(path)
    }
    assert named - set(sys.stdlib_module_names) - ALLOWED[layer] == set()
