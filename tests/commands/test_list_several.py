"""`kvartal list` of several programmes; columns, order and formats; the width of tables."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from kvartal.tui.commands.wrapping import width
from tests.commands.conftest import Ask, Run

ROOT = Path(__file__).resolve().parents[2]
WHOLE = sorted((ROOT / "tests" / "plans" / "whole").glob("*.yaml"))


@pytest.fixture
def years(programme: Path) -> Path:
    """Return the plan of 2024; 2023 and a second one for 2024–2025 stand beside it."""
    text = programme.read_text(encoding="utf-8")
    earlier = text.replace("year: 2024", "year: 2023", 1)
    (programme.parent / "2023.yaml").write_text(earlier, encoding="utf-8")
    season = WHOLE[0].read_text(encoding="utf-8")
    (programme.parent / "season.yaml").write_text(season, encoding="utf-8")
    return programme


def plans(rows: list[dict[str, object]]) -> list[object]:
    return list(dict.fromkeys(row["plan"] for row in rows))


def test_the_programme_follows_the_date(years: Path, ask: Ask, run: Run) -> None:
    for as_of, name in (("2023-05-01", "2023"), ("2024-05-01", "2024"), ("1999-01-01", "season")):
        assert plans(ask("list", "--as-of", as_of)) == [f"plan/{name}.yaml"]
    assert run("list", "--as-of", "2023-05-01").stdout.startswith(
        "АО «Алтайэнергосбыт» · 2023 · plan/2023.yaml\n№ "
    )
    both = years.with_name("again.yaml")
    both.write_bytes(years.read_bytes())
    day = ("--as-of", "2024-05-01")
    assert plans(ask("overdue", *day)) == ["plan/2024.yaml", "plan/again.yaml"]
    refused = run("set", "1.1.2", "notes=x", *day)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "plan/2024.yaml, plan/again.yaml" in refused.stderr


def test_what_writes_names_the_programme_and_takes_one(years: Path, run: Run) -> None:
    saved = run("set", "1.1.2", "notes=x", "--as-of", "2024-05-01")
    assert saved.stdout.startswith("plan/2024.yaml: Сохранено: 1.1.2")
    other = ("--plan", years.with_name("2023.yaml"))
    run("set", "1.1.2", "notes=y", *other)
    for entry in ((), ("HEAD~3",)):
        undone = json.loads(run("undo", *entry, "--json").stdout)
        assert "error" not in undone
        assert undone["plan"] == ("plan/2024.yaml" if entry else "plan/2023.yaml")
    pair = ("--plan", years, "--plan", years.with_name("2023.yaml"))
    refused = run("set", "1.1.2", "notes=x", *pair)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "plan/2024.yaml, plan/2023.yaml" in refused.stderr


def test_a_pattern_takes_all_that_fit(years: Path, ask: Ask, run: Run) -> None:
    pattern = ("--plan", "plan/20*.yaml", "--plan", years)
    rows = ask("list", *pattern, "--sort", "-due", "--columns", "id,due,plan")
    assert [list(row) for row in rows] == [["id", "due", "plan"]] * 40
    assert plans(rows) == ["plan/2024.yaml", "plan/2023.yaml"]
    printed = run("list", *pattern, "--section", "2").stdout.splitlines()
    assert [line for line in printed if "·" in line and "plan/" in line] == [
        "АО «Алтайэнергосбыт» · 2023 · plan/2023.yaml",
        "АО «Алтайэнергосбыт» · 2024 · plan/2024.yaml",
    ]
    assert len(ask("show", "1.1.2", *pattern)) == 2
    nothing = run("list", "--plan", "plan/19*.yaml")
    assert (nothing.exit_code, nothing.stdout) == (2, "")
    assert "«plan/19*.yaml» не подходит ни один файл" in nothing.stderr


def test_rows_are_sorted_with_the_absent_last(programme: Path, run: Run, ask: Ask) -> None:
    run("set", "1.2.1", "1.1.4", "responsible=Яков")
    run("set", "3.1.1", "responsible=Анна")
    run("add", "--channel", "1.1", "--proposal", "П", "--term", "постоянно", "--number", "1.1.10")
    by_name = [row["responsible"] for row in ask("list", "--sort", "responsible")]
    assert by_name[:4] == ["Анна", "Яков", "Яков", None]
    assert [row["responsible"] for row in ask("list", "--sort", "-responsible")][:4] == [
        *("Яков", "Яков", "Анна", None)
    ]
    ids = [row["id"] for row in ask("list", "--sort", "id", "--channel", "1.1")]
    assert ids == ["1.1.1", "1.1.2", "1.1.3", "1.1.3-2", "1.1.4", "1.1.10"]
    for order in ("due", "-due"):
        assert ask("list", "--sort", order)[-1]["id"] == "1.1.10"
    found = ask("list", "--responsible", "ЯКОВ")
    assert [row["id"] for row in found] == ["1.1.4", "1.2.1"]


def test_csv_is_whole_and_no_formula(programme: Path, run: Run, ask: Ask) -> None:
    run("set", "1.1.2", "notes=x", "responsible==HYPERLINK(1)", "extra.risk=-5")
    rows = list(csv.DictReader(StringIO(run("list", "--format", "csv").stdout)))
    listed = ask("list")
    assert [row["proposal"] for row in rows] == [row["proposal"] or "" for row in listed]
    row = next(row for row in rows if row["id"] == "1.1.2")
    assert (row["responsible"], row["extra.risk"]) == ("'=HYPERLINK(1)", "-5")
    assert (row["term.quarters"], row["checkpoints"]) == ("3", "3: overdue")
    assert (row["year"], row["plan"]) == ("2024", "plan/2024.yaml")
    picked = run("list", "--columns", "id,extra.risk", "--format", "csv", "--channel", "1.1")
    assert picked.stdout.splitlines()[:3] == ["id,extra.risk", "1.1.1,", "1.1.2,-5"]


@pytest.mark.parametrize("columns", [60, 80, 140, 200])
def test_tables_fit_the_columns(
    programme: Path, run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    run(
        "set",
        "1.1.2",
        "actions=" + "漢字" * 50,
    )
    monkeypatch.setenv("COLUMNS", str(columns))
    for plan in (programme, *WHOLE):
        for command in (
            ("list",),
            ("overdue",),
            ("list", "--columns", "id,number,section,term,result,state,responsible,plan"),
        ):
            printed = run(*command, "--plan", plan, "--as-of", "2027-10-01").stdout
            lines = printed.splitlines()
            assert len(lines) > 1
            assert max(map(width, lines)) <= columns, (plan.name, command)
    whole = run("list", "--format", "csv").stdout
    assert "…" not in whole
