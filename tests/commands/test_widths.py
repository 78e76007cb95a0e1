"""No line is wider than ``COLUMNS``, and nothing is left out of what has no columns to cut."""

import re
from pathlib import Path

import pytest

from kvartal.tui.commands.wrapping import width, wrapped
from tests.commands.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
PLANS = (
    *sorted((ROOT / "tests" / "plans" / "whole").glob("*.yaml")),
    *sorted((ROOT / "examples").glob("*/plan/*.yaml")),
)
WIDTHS = (40, 60, 80, 120)
ID = re.compile(r"^  - id: \"?([^\"\n]+)\"?$", re.MULTILINE)


def letters(text: str) -> str:
    """Return a text without the space in it, which is all that the width may change."""
    return "".join(text.split())


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_tables_of_a_width(plan: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = ID.findall(plan.read_text(encoding="utf-8"))
    for columns in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(columns))
        for command in ("list", "overdue", "gaps"):
            printed = run(command, "--as-of", "2027-12-31", "--plan", plan).stdout
            assert max(map(width, printed.splitlines())) <= columns
            if command == "list" and columns >= 80:
                assert "Не поместились" not in printed
            if command != "gaps":
                first = {line.split(" ")[0] for line in printed.splitlines()}
                assert first & {*ids}
                assert not any(one.endswith("…") for one in first)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_a_measure_in_a_width(plan: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for measure in ID.findall(plan.read_text(encoding="utf-8"))[:3]:
        words = ("show", measure, "--as-of", "2027-12-31", "--plan", plan)
        monkeypatch.delenv("COLUMNS", raising=False)
        whole = run(*words).stdout
        for columns in (20, *WIDTHS):
            monkeypatch.setenv("COLUMNS", str(columns))
            printed = run(*words).stdout
            assert max(map(width, printed.splitlines())) <= columns
            assert letters(printed) == letters(whole)


def test_the_log_in_a_width(programme: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("set", "1.1.2", "notes=" + "Письмо директора филиала, " * 9, "--plan", programme)
    run(
        "record",
        "1.1.2",
        "--quarter",
        "3",
        "--date",
        "2024-09-27",
        "--link",
        f"https://a.ru/{1e99:f}",
    )
    whole = run("log").stdout
    for columns in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(columns))
        printed = run("log").stdout
        assert max(map(width, printed.splitlines())) <= columns
        assert letters(printed) == letters(whole)


def test_wide_letters_and_long_words_are_broken_where_they_must() -> None:
    assert [*wrapped("会議の記録 и ещё", 6, 4)] == ["会議の", "記録", "и", "ещё"]
    assert [*wrapped("会", 1, 1)] == ["会"]
    assert [*wrapped("a  b", 3, 3)] == ["a", "b"]
    assert [*wrapped("a  b", None, None)] == ["a  b"]
