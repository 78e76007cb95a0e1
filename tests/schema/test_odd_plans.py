"""What is said of odd programmes is what the golden files have."""

import pytest

from tests.schema.odd_plans import GOLDEN, golden_files

FILES = ("odd-values.txt", "odd-shapes.txt", "odd-facts.txt", "odd-plans.en.txt")


@pytest.mark.parametrize("name", FILES)
def test_odd_programmes_are_judged_as_recorded(name: str) -> None:
    recorded = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    assert golden_files()[name].splitlines() == recorded
