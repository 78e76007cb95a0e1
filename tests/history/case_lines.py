"""Cases in a file for people: a plan of `golden/plans`, what is made of it, and what comes of that.

A case begins with `== plan: title`. Lines of what is made of the plan follow, each after the name
of whoever makes it, then, indented, what came of it; that is written anew by `rewrite`:

    ours 1 result = Иначе            a field of measure 1; a dot in its place is for the root
    ours 1 records.0 -               goes
    theirs . fields + {key: а, …}    comes last in a list; or before one of it: `fields.0 +`
    theirs . measures.0 ~ 2          moves to an index in its list
    theirs "old" > "new"             in the text of the file, as an editor would
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.diff.diff import difference
from kvartal.history.yaml_text.loader import load, read
from kvartal.history.yaml_text.source import Source
from kvartal.schema.changes import Edit, Missing, Plain, PlanData

GOLDEN = Path(__file__).parent / "golden"
_EDIT = re.compile(r"(\S+) (?:(\S+) )?([=+~-])(?: (.*))?")
_IN_TEXT = re.compile(r'(".*") > (".*")')
_INDENT = "  "
_AT_A_TIME = 20


@dataclass(frozen=True)
class Case:
    """A case as it stands in its file.

    Attributes:
        plan: Name of the plan.
        title: What it is about, after the plan.
        made: What is made of the plan: by whom, and the line.
        outcome: The lines of what came of it.
    """

    plan: str
    title: str
    made: tuple[tuple[str, str], ...]
    outcome: str

    @property
    def name(self) -> str:
        """The plan and the title."""
        return f"{self.plan}: {self.title}"

    def lines_of(self, *who: str) -> list[str]:
        """Return what some have made of the plan, in order."""
        return [line for maker, line in self.made if maker in who]

    def data_of(self, *who: str) -> PlanData:
        """Return the plan as some have made it."""
        return edited(plan(self.plan).data, self.lines_of(*who))

    def text(self, outcome: Iterable[str]) -> str:
        """Return the case with what came of it."""
        made = [f"{who} {line}" for who, line in self.made]
        return "\n".join([f"== {self.name}", *made, *(f"{_INDENT}{one}" for one in outcome)])


def cases(file: str) -> list[Case]:
    """Return the cases of a file of the golden folder."""
    return list(_cases((GOLDEN / file).read_text(encoding="utf-8")))


def compared(
    some: Sequence[Case], outcome: Callable[[Case], Iterable[str]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what comes of some cases and what is to come of them, by their names."""
    expected = {case.name: case.outcome for case in some}
    return {case.name: "\n".join(outcome(case)) for case in some}, expected


def in_tests(file: str) -> pytest.MarkDecorator:
    """Return the decorator that gives a test the cases of a file, some at a time.

    A test of its own for each would cost several times what most of the cases do.
    """
    every = cases(file)
    assert len({case.name for case in every}) == len(every)
    some = [every[at : at + _AT_A_TIME] for at in range(0, len(every), _AT_A_TIME)]
    return pytest.mark.parametrize("some", some, ids=[f"from {one[0].name}" for one in some])


def rewrite(file: str, outcome: Callable[[Case], Iterable[str]]) -> None:
    """Write what comes of the cases of a file anew, to be reviewed with ``git diff``."""
    texts = [case.text(outcome(case)) for case in cases(file)]
    (GOLDEN / file).write_text("\n\n".join(texts) + "\n", encoding="utf-8")


@cache
def plan(name: str) -> Source:
    """Return a plan of the golden folder."""
    return read(GOLDEN / "plans" / f"{name}.yaml")


def edited(data: PlanData, lines: Iterable[str]) -> PlanData:
    """Return the data of a plan as the lines make it; it need not be valid."""
    new: Any = deepcopy(data)
    for line in lines:
        _edit(new, line)
    edited_data: PlanData = new
    return edited_data


def edited_text(text: str, lines: Iterable[str]) -> str:
    """Return the text of a plan as the lines that are of its text make it."""
    for line in lines:
        match = _IN_TEXT.fullmatch(line)
        if match:
            old, new = map(json.loads, match.groups())
            assert old in text, old
            text = text.replace(old, new, 1)
    return text


def edit_lines(old: PlanData, new: PlanData) -> Iterator[str]:
    """Yield the difference of two versions, a line an edit."""
    return map(edit_line, difference(old, new))


def edit_line(edit: Edit) -> str:
    """Return an edit as a line: `1 result: "а" → "б"`."""
    place = "" if edit.position is None else f" @{edit.position}"
    where = " ".join(filter(None, (edit.measure or ".", edit.field)))
    return f"{where}{place}: {shown(edit.old)} → {shown(edit.new)}"


def shown(value: Plain | Missing) -> str:
    """Return a value in one line."""
    return "∅" if isinstance(value, Missing) else json.dumps(value, ensure_ascii=False)


def _cases(text: str) -> Iterator[Case]:
    for block in text.removeprefix("== ").split("\n\n== "):
        head, *lines = block.rstrip("\n").split("\n")
        name, _, title = head.partition(": ")
        made = [line for line in lines if not line.startswith(_INDENT)]
        outcome = [line.removeprefix(_INDENT) for line in lines[len(made) :]]
        pairs = ((who, rest) for who, _, rest in (line.partition(" ") for line in made))
        yield Case(name, title, tuple(pairs), "\n".join(outcome))


def _edit(data: Any, line: str) -> None:  # noqa: ANN401 - plain data to be altered in place
    match = _EDIT.fullmatch(line)
    if match is None:
        assert _IN_TEXT.fullmatch(line), line
        return
    measure, dotted, sign, text = match.groups()
    path: Sequence[str | int] = [
        int(part) if part.isdigit() else part for part in (dotted or "").split(".") if part
    ]
    if measure != ".":
        data = next(row for row in data["measures"] if row["id"] == measure)
    if not path:  # There was no such plan.
        data.clear()
        return
    *way, last = path
    around = []
    for step in way:
        around.append((data, step))
        data = data.setdefault(step, {}) if isinstance(data, dict) else data[step]
    match sign:
        case "-":
            del data[last]
            while not data and around:  # Nothing empty is ever stored.
                data, step = around.pop()
                del data[step]
        case "~":
            data.insert(int(text), data.pop(last))
        case "+" if isinstance(last, int):
            data.insert(last, _value(text))
        case "+":
            data.setdefault(last, []).append(_value(text))
        case _:
            data[last] = _value(text)


def _value(text: str) -> Plain:
    return deepcopy(load(f"value: {text}\n".encode(), "").data["value"])
