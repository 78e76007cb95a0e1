"""The names of the product: one thing by one name, in the words of the field.

Names of modules, their folders, and the classes, functions, parameters and variables in them.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("schema", "history", "exchange", "tui")

SHARED_CLASS_NAMES: dict[str, str] = {}
"""Names of several public classes, each with the reason."""

ALLOWED = {"aside": "the option --aside of the command line"}

HOUSEHOLD_WORDS = {  # With the field's own words for the same.
    "akin": "similar",
    "archive": "earlier versions",
    "aside": "moved away",
    "deed": "handler",
    "deeds": "handlers",
    "desk": "context",
    "errand": "state",
    "errands": "state",
    "gone": "deleted, missing",
    "health": "repository notice",
    "joining": "merging",
    "journal": "log",
    "keeper": "programme",
    "keepers": "programmes",
    "lie": "finding",
    "lies": "findings",
    "look": "read, check, show",
    "looks": "checks",
    "lookout": "watch",
    "meanwhile": "changed outside",
    "meet": "compare",
    "meeting": "comparison",
    "mend": "repair",
    "mender": "repair",
    "mending": "repair",
    "mends": "repair",
    "nowhere": "not writable",
    "oddities": "findings",
    "oddity": "finding",
    "odds": "conflict",
    "outrun": "updated by others",
    "parting": "divergence",
    "past": "version, opened version",
    "plant": "fill, build",
    "remedies": "repairs",
    "remedy": "repair",
    "rival": "conflict",
    "rivals": "conflicts",
    "said": "text, message",
    "saying": "message",
    "standing": "repository state",
    "tell": "report, show",
    "teller": "reporter",
    "tells": "reports",
    "told": "reported, text",
    "twin": "duplicate",
    "unsaid": "not reported",
    "untold": "not reported",
    "upkeep": "refresh",
    "way": "remote branch, path",
    "ways": "paths",
    "whose": "owner",
    "wish": "expected text",
}


def sources(root: Path) -> Iterator[Path]:
    """Yield the modules of the product."""
    for folder in FOLDERS:
        yield from sorted((root / folder).rglob("*.py"))


def names(tree: ast.Module) -> set[str]:
    """Return the names that a module defines: classes, functions, parameters, variables."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.Name(name, ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                found.add(name)
            case ast.arg():
                found.add(node.arg)
    return found


def words(name: str) -> set[str]:
    """Return the words of a name in snake or camel case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def test_a_name_is_split_into_words() -> None:
    assert words("told_alike") == {"told", "alike"}
    assert words("EvidenceInTheWay") == {"evidence", "in", "the", "way"}
    assert words("PAST_LINE") == {"past", "line"}
    assert words("HTMLPage") == {"html", "page"}
    assert "past" not in words("paste")


def test_no_two_public_classes_have_the_same_name(root: Path) -> None:
    """Nested classes, such as the messages of a widget, are named together with the outer one."""
    modules = defaultdict(list)
    for path in sources(root):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules[node.name].append(str(path.relative_to(root)))
    shared = {name: paths for name, paths in modules.items() if len(paths) > 1}
    assert {name: shared[name] for name in sorted(shared.keys() - SHARED_CLASS_NAMES)} == {}
    assert SHARED_CLASS_NAMES.keys() - shared.keys() == set()


def test_no_part_of_the_program_has_a_household_name(root: Path) -> None:
    found = set()
    for path in sources(root):
        place = path.relative_to(root)
        defined = names(ast.parse(path.read_text(encoding="utf-8")))
        found |= {
            f"{place}: {name} ({word}: {HOUSEHOLD_WORDS[word]})"
            for name in {*place.with_suffix("").parts, *defined} - ALLOWED.keys()
            for word in words(name) & HOUSEHOLD_WORDS.keys()
        }
    assert sorted(found) == []
