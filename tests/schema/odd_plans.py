"""Programmes that are odd in one place after another, and what is said of each.

A line of the golden files without an indent says what is edited in `golden/whole.yaml`, which has
every field of the schema: `place = JSON`, or a place alone that is removed, several with « & »
between. Below it are the problems and, marked «~», the warnings. A new case is a new line.

After that, or a change of the rules or the wording: ``python -m tests.schema.odd_plans`` from the
root writes the golden files again, to be reviewed with ``git diff``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from kvartal.history.yaml_text.loader import read
from kvartal.schema.errors import Translate, untranslated
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.rules import RULES
from kvartal.schema.validation import validate, warnings
from kvartal.tui.i18n import translator
from tests.support.edited_plans import REMOVED, Edits, edited, edits_of

GOLDEN = Path(__file__).parent / "golden"
Said = dict[str, tuple[Problem, ...]]
"""The problems and warnings by the line that says what was edited."""

_SEEN = {code: 0x2400 + code for code in range(32)}
"""What stands for characters that cannot be seen."""
_WARNINGS = {rule.code for rule in RULES if rule.is_warning}
_ODD: dict[type, tuple[object, ...]] = {
    str: (None, 7, "", " ", "а\nб", "а\x1bб", True, ["а"], "а" * 65, "2026-02-30", "0"),
    int: (None, "1", 1.5, 0, -1, True, 10**16, float("nan")),
    float: (None, "1", -1.0, True, 10**16, float("inf")),
    bool: (None, False, "да", 1),
    list: (None, [], "а", {"а": 1}, [None], [1, 1], ["а", "а"], [{}]),
    dict: (None, {}, [], "а", {"а": 1}, 7),
}
"""Values of a wrong type or size, by the type of what stands there; two of them are tried."""


@cache
def odd_values() -> Said:
    """Return what is said of odd values in each place."""
    return _said_at_once({_line(edits): edits for edits in _odd_edits()})


@cache
def odd_shapes() -> Said:
    """Return what is said of edits that the JSON Schema does not allow, and concern one place."""
    return _said_at_once(dict(_edits_of("odd-shapes.txt")))


@cache
def odd_facts() -> Said:
    """Return what is said of edits that concern several places, which the rules compare."""
    said: dict[str, tuple[Problem, ...]] = {}
    for line, edits in _edits_of("odd-facts.txt"):
        data = edited(_read(), edits)
        said[line] = (*validate(data), *warnings(data))
    return said


@cache
def _read() -> object:
    return read(GOLDEN / "whole.yaml").data


def _edits_of(name: str) -> Iterator[tuple[str, Edits]]:
    for line in (GOLDEN / name).read_text(encoding="utf-8").split("\n"):
        if not line or line.startswith(" "):
            continue
        yield line, edits_of(line)


def _odd_edits() -> Iterator[Edits]:
    """Yield the edits that put odd values into every place, each once."""
    seen: set[tuple[str, ...]] = set()
    for path, value in _places(_read(), ()):
        names = tuple(str(step) if isinstance(step, str) else "" for step in path)
        if names in seen:
            continue
        odd = _ODD[type(value)]
        yield from ({path: odd[(len(seen) * 2 + at) % len(odd)]} for at in range(2))
        if isinstance(path[-1], str):
            yield {path: REMOVED}
        if isinstance(value, dict):
            yield {(*path, "прочее"): 1}
        seen.add(names)


def _places(value: object, path: DataPath) -> Iterator[tuple[DataPath, object]]:
    if path:
        yield path, value
    if isinstance(value, dict | list):
        for step, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(below, (*path, step))


def _said_at_once(edits: Mapping[str, Edits]) -> Said:
    """Return what is said of edits, together where they do not touch: it takes less time."""
    said: dict[str, list[Problem]] = {line: [] for line in edits}
    for lines in _rounds(edits):
        data = edited(_read(), {path: new for line in lines for path, new in edits[line].items()})
        behind = {path: line for line in lines for path in edits[line]}
        for problem in validate(data):
            said[behind[_edit_behind(problem, behind)]].append(problem)
    return {line: tuple(problems) for line, problems in said.items()}


def _rounds(edits: Mapping[str, Edits]) -> list[list[str]]:
    """Return the lines in rounds of edits that do not touch each other."""
    rounds: list[list[str]] = []
    places: list[list[DataPath]] = []
    for line, one in edits.items():
        at = next((at for at, known in enumerate(places) if not _touch(one, known)), len(rounds))
        if at == len(rounds):
            rounds.append([])
            places.append([])
        rounds[at].append(line)
        places[at] += one
    return rounds


def _touch(some: Iterable[DataPath], others: Iterable[DataPath]) -> bool:
    return any(_is_near(one, other) for one in some for other in others)


def _is_near(one: DataPath, other: DataPath) -> bool:
    common = min(len(one), len(other))
    return one[:common] == other[:common] or one[:-1] == other[:-1]


def _edit_behind(problem: Problem, paths: Iterable[DataPath]) -> DataPath:
    """Return the edit that a problem comes from: the deepest in a mapping that it lies in."""
    around = [path for path in paths if problem.path[: len(path) - 1] == path[:-1]]
    return max(around, key=len)


def _line(edits: Edits) -> str:
    ((path, new),) = edits.items()
    place = "/".join(map(str, path))
    return f"- {place}" if new is REMOVED else f"{place} = {json.dumps(new, ensure_ascii=False)}"


def _printed(said: Said) -> Iterator[str]:
    for line, problems in said.items():
        yield line
        yield from map(_shown, problems)


def _in_english(said: Said) -> Iterator[str]:
    """Yield the first problem of each sentence, in English."""
    first = {one.template: one for problems in said.values() for one in reversed(problems)}
    yield from (_shown(one, translator("en")) for one in first.values())


def _shown(problem: Problem, translate: Translate = untranslated) -> str:
    place = "/".join(map(str, problem.path))
    mark = "~ " if problem.code in _WARNINGS else ""
    text = f"{problem.code} {place}: {problem.message(translate)}"
    return f"  {mark}{text.translate(_SEEN)}"


@cache
def golden_files() -> dict[str, str]:
    """Return what is printed, by the name of its file."""
    lines = {
        "odd-values.txt": _printed(odd_values()),
        "odd-shapes.txt": _printed(odd_shapes()),
        "odd-facts.txt": _printed(odd_facts()),
        "odd-plans.en.txt": _in_english(odd_values() | odd_shapes() | odd_facts()),
    }
    return {name: "\n".join(found) + "\n" for name, found in lines.items()}


def main() -> None:
    """Write the golden files."""
    for name, text in golden_files().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
