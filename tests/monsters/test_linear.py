"""Reading, validating and comparing take work in proportion to a file, whatever its shape.

Work is counted in lines of code that run, never measured in seconds. What happens inside one of
them (a pattern, a search in a text) cannot be counted so: of that the tests ask only that it ends,
where a quadratic one would not. `python -m tests.monsters` measures whole commands.
"""

import re

import pytest

from kvartal.history.audit.comment_checks import _occurrences
from kvartal.history.diff.groups import comment_groups, visible_groups
from kvartal.history.diff.words import Words, one_line
from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.schema.grammar.reader import read_term
from kvartal.schema.period import ProgrammePeriod
from tests.monsters.shapes import PUMPS, SHAPES, patterns, small
from tests.support.work import lines_run

SIZE = 60
LINEAR = 1.05
"""How much more the third part may take than the second; 5/3 of it where work is a square."""

TERM_PUMPS = ("(", "до 01.07.2024 ", "(приказ от 12.01.2024 № 5) ", "3 ", "и ", ", ", "года ")
MOST_LINES = 40_000
"""How many a term of 300 characters may take, about twice what the worst one does."""

WORDS = Words()
PERIOD = ProgrammePeriod.of_year(2024)
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
    return lines_run(processed, content)


@pytest.mark.parametrize("shape", [name for name in SHAPES if not name.startswith("pumped")])
def test_as_much_again_takes_as_much_work_again(shape: str) -> None:
    processed(SHAPES[shape](SIZE // 2))  # What is computed once.
    single, double, triple = (steps(SHAPES[shape](times * SIZE)) for times in (1, 2, 3))
    assert triple - double <= LINEAR * max(double - single, 500)


@pytest.mark.parametrize("pump", PUMPS)
def test_no_pattern_tries_again_and_again(pump: str) -> None:
    text = pump * (50_000 // len(pump))
    for pattern in patterns():
        for value in (text, f"{text}!", f"1{text}\n"):
            re.search(pattern, value)
    processed(SHAPES[f"pumped {pump.strip() or 'space'}"](50_000 // len(pump)))
    one_line(f"x{text}y")
    comment_groups(b"a: 1\n", f"a: 1 #{text}\n#{text}\n".encode(), WORDS)


@pytest.mark.parametrize("pump", [*PUMPS, *TERM_PUMPS])
def test_a_term_is_read_at_once_however_long_it_is(pump: str) -> None:
    """The longest text that is read at all takes the most work; of a longer one only its length."""
    work = []
    for size in (100, 200, 300, 100_000):
        text = pump * (size // len(pump))
        read_term(text, PERIOD)
        work += [lines_run(read_term, text, PERIOD), lines_run(read_term, f"1{text}Z", PERIOD)]
    assert max(work) < MOST_LINES


def test_a_line_of_number_signs_is_not_copied_for_each() -> None:
    line = b"a: 1 " + b"# x " * 20_000
    assert _occurrences(line, ["x # x"]) == {"x # x": 1}
