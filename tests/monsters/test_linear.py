"""Reading, validating and comparing take work in proportion to a file, whatever its shape.

Work is counted in lines of code that run, never measured in seconds. What happens inside one of
them (a pattern, a search in a text) cannot be counted so: of that the tests ask only that it ends,
where a quadratic one would not. `python -m tests.monsters` measures whole commands.
"""

import difflib
import sys
from types import FrameType
from typing import Any

import pytest

from kvartal.history.audit.comment_checks import _occurrences
from kvartal.history.diff.groups import comment_groups, visible_groups
from kvartal.history.diff.words import Words, one_line
from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.checker import compiled
from kvartal.schema.terms import as_printed
from tests.monsters.shapes import PUMPS, SHAPES, patterns, small

SIZE = 120
LINEAR = 1.15
"""How much more the second half may take than the first: 1 for what is linear, 3 for a square."""

WORDS = Words()
BASE = load(small(), "план.yaml")


def processed(content: bytes) -> None:
    """Do with a file what every command begins with; a refusal names a place and what to do."""
    try:
        source = load(content, "план.yaml")
    except UnreadablePlan as error:
        sentence = str(error)
    else:
        problems = check(source)
        sentence = "".join(problem.message() for problem in problems[:100])
        visible_groups(BASE.data, source.data, WORDS)
    assert "Traceback" not in sentence


def steps(content: bytes) -> int:
    """Return how many lines of code run while a file is processed; each turn of a loop counts."""
    count = 0

    def note(frame: FrameType, event: str, _argument: Any) -> Any:  # noqa: ANN401 - the tracer
        nonlocal count
        # A similar name is looked for a limited number of times: too much work to hide others in.
        if frame.f_code.co_filename == difflib.__file__:
            return None
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        processed(content)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", [name for name in SHAPES if not name.startswith("pumped")])
def test_twice_as_much_takes_twice_the_work(shape: str) -> None:
    processed(SHAPES[shape](1))  # What is computed once.
    nothing, single, double = (steps(SHAPES[shape](size)) for size in (1, SIZE, 2 * SIZE))
    first, second = single - nothing, double - single
    assert second <= LINEAR * max(first, 500)


@pytest.mark.parametrize("pump", PUMPS)
def test_no_pattern_tries_again_and_again(pump: str) -> None:
    text = pump * (100_000 // len(pump))
    for pattern in patterns():
        for schema in ({"pattern": pattern}, {"not": {"pattern": pattern}}):
            for value in (text, f"{text}!", f"1{text}\n"):
                compiled({"type": "string", **schema})(value, (), lambda _: None)
    as_printed(text)
    as_printed(f"1{text}Z")
    one_line(f"x{text}y")
    comment_groups(b"a: 1\n", f"a: 1 #{text}\n#{text}\n".encode(), WORDS)


def test_a_line_of_number_signs_is_not_copied_for_each() -> None:
    line = b"a: 1 " + b"# x " * 20_000
    assert _occurrences(line, ["x # x"]) == {"x # x": 1}
