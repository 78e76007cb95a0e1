"""Which problems a change adds to those that there were."""

import pytest

from kvartal.history.store import snapshot
from kvartal.history.store.snapshot import check, new_problems
from kvartal.history.yaml_text.loader import load
from kvartal.schema.problems import Problem, Problems


def problems(text: str, total: int | None = None) -> Problems:
    """Return a problem for each letter; of more in all, where a total is given."""
    found = [Problem(letter, letter) for letter in text]
    return Problems(found, len(found) if total is None else total)


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (problems(""), problems(""), ""),
        (problems(""), problems("аб"), "аб"),
        (problems("аб"), problems("ба"), ""),
        (problems("аб"), problems("аба"), "а"),
        (problems("а"), problems("ааа"), "аа"),
        (problems("аб"), problems("а"), ""),
        # Where not all are kept, one may be old without being known.
        (problems("аб", 5), problems("вг", 5), ""),
        (problems("аб", 5), problems("вг", 4), ""),
        (problems("аб", 5), problems("вг", 6), "в"),
        (problems("аб", 2), problems("вг", 6), "вг"),
    ],
)
def test_which_problems_a_change_adds(before: Problems, after: Problems, new: str) -> None:
    assert "".join(problem.code for problem in new_problems(before, after)) == new


def test_more_problems_than_are_kept_are_counted() -> None:
    (found,) = new_problems(problems("аб", 5), problems("аб", 7))
    assert (found.code, found.path) == ("too-many-problems", ())
    assert found.message() == "Ошибок стало больше: было 5, стало 7. Исправьте сначала прежние."
    assert new_problems(problems("аб", 5), problems("аб", 7)).total == 2


def test_problems_stand_in_the_order_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of very many that are kept are the first of the text, and all are counted."""
    source = load(b'colour: red\nyear: 2024\nmeasures: 7\nsections: "x"\n', "2024.yaml")
    everything = check(source)
    lines = [problem.line for problem in everything]
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert len(everything) == everything.total > 3
    monkeypatch.setattr(snapshot, "MOST_KEPT", 3)
    first = check(source)
    assert (tuple(first), first.total) == (tuple(everything)[:3], everything.total)
    assert {problem.file for problem in first} == {"2024.yaml"}
    assert lines[-1] == 4
