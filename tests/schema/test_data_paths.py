"""What stands at a path of plain data."""

import pytest

from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.data_paths import step, value_at
from kvartal.schema.problems import DataPath

DATA: PlanData = {"a": [{"b": "в"}, 7], "0": {"1": [[2]]}}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), DATA),
        (("a",), [{"b": "в"}, 7]),
        (("a", 0, "b"), "в"),
        (("a", 1), 7),
        (("a", 2), MISSING),
        (("a", -1), MISSING),
        (("a", "0"), MISSING),
        (("a", 0, 0), MISSING),
        (("a", 0, "b", "c"), MISSING),
        (("a", 0, "b", 0), MISSING),
        (("c", "d"), MISSING),
        ((0,), MISSING),
        (("0", "1", 0, 0), 2),
    ],
)
def test_the_value_at_a_path(path: DataPath, value: Plain | Missing) -> None:
    assert value_at(DATA, path) == value


def test_nothing_stands_in_what_is_missing() -> None:
    assert step(MISSING, "a") is MISSING
