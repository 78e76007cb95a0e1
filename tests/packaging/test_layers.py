"""The layers of the product: which imports are allowed, and what they load.

import-linter checks the sources (the contracts in pyproject.toml). Here a fresh process reports
what is really loaded, third-party packages are checked against a list, and no circle of imports is
allowed, counting those inside functions and those for type checkers alone.
"""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SCREEN = {"click", "rich", "textual", "platformdirs", "tomli_w"}
STORAGE = {"git", "gitdb", "ruamel"}

ALLOWED = {
    "schema": {"jsonschema", "jsonschema_rs", "kvartal.schema", "referencing"},
    # The last two are the extra `timestamp`, imported only where there is one.
    "history": {
        *("git", "kvartal.history", "kvartal.schema", "ruamel"),
        *("cryptography", "rfc3161_client"),
    },
    # The last four are the extra `office`, the same.
    "exchange": {
        *("kvartal.exchange", "kvartal.history", "kvartal.schema"),
        *("docx", "icalendar", "lxml", "xlsxwriter"),
    },
}
EXTRA = {"cryptography", "rfc3161_client"}

LOADED = """\
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def modules(root: Path, layer: str) -> dict[str, Path]:
    """Return every module of a layer: its file by its import name."""
    found = {}
    for path in sorted((root / layer).rglob("*.py")):
        parts = ["kvartal", *path.relative_to(root).with_suffix("").parts]
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def loaded(*names: str) -> set[str]:
    """Return the top-level names that importing `names` brings into a fresh process."""
    command = [sys.executable, "-c", LOADED, *names]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return set(json.loads(done.stdout))


def imports(path: Path) -> Iterator[str]:
    """Yield what each import statement of a file may load, including those inside functions.

    For ``from kvartal.tui import dates`` these are the package and the module in it.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def layer_or_package(module: str) -> str:
    """Return `kvartal.<layer>` for a module of the product, else the top-level name."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] == "kvartal" else 1])


def test_schema_loads_no_screen_no_git_and_no_yaml(root: Path) -> None:
    assert loaded(*modules(root, "schema")) & (SCREEN | STORAGE) == set()


def test_history_loads_no_screen(root: Path) -> None:
    assert loaded(*modules(root, "history")) & (SCREEN | EXTRA) == set()


def test_the_entry_point_imports_only_what_the_first_paint_needs() -> None:
    assert loaded("kvartal.tui.main") & {"git", "gitdb", "jsonschema", "jsonschema_rs"} == set()


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_a_layer_imports_only_what_it_may(root: Path, layer: str) -> None:
    named = {
        layer_or_package(name) for path in (root / layer).rglob("*.py") for name in imports(path)
    }
    assert named - set(sys.stdlib_module_names) - ALLOWED[layer] == set()


def import_graph(root: Path) -> dict[str, set[str]]:
    """Return the modules of the product that each of them imports."""
    paths = {}
    for layer in ("schema", "history", "exchange", "tui"):
        paths.update(modules(root, layer))
    return {name: paths.keys() & set(imports(path)) for name, path in paths.items()}


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Return the modules of a circle of imports, in order; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_no_imports_go_in_a_circle(root: Path) -> None:
    """Not even lazily: following the imports would never reach the bottom."""
    assert circle(import_graph(root)) == []


def test_a_circle_of_three_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert set(circle(graph)) == {"a", "b", "c"}


def test_only_the_entry_point_imports_the_app(root: Path) -> None:
    graph = import_graph(root)
    assert [name for name in graph if "kvartal.tui.app" in graph[name]] == ["kvartal.tui.main"]


@pytest.mark.parametrize("contract", ["floors-of-tui", "rooms-of-history", "rooms-of-exchange"])
def test_the_architecture_names_every_floor(root: Path, contract: str) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {one["id"]: one for one in settings["tool"]["importlinter"]["contracts"]}
    page = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    floors = [name.strip() for line in contracts[contract]["layers"] for name in line.split("|")]
    assert [name for name in floors if not re.search(rf"`(__)?{name.strip('_')}/?`", page)] == []
