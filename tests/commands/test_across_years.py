"""Two years of one programme: what differs, what a measure's history was before, broken ones."""

import json
from functools import partial
from pathlib import Path
from shutil import copyfile

import pytest

from kvartal.history.store.snapshot import read_snapshot
from kvartal.tui.plans.earlier_values import (
    EarlierPlanMissing,
    EarlierProgrammes,
    earlier_histories,
)
from kvartal.tui.plans.files import carried_path
from kvartal.tui.presentation.card import earlier_items
from tests.commands.conftest import Ask, Run
from tests.support.repository import git as run_git


@pytest.fixture
def carried(programme: Path, run: Run) -> Path:
    """Return the plan of 2025, carried over from the real one, with one change in each."""
    run("set", "1.1.2", "notes=прежнее", "--plan", programme)
    assert (
        run("new-year", "2025", "--drop", "2.2.1=передано", "--as-of", "2024-12-01").exit_code == 0
    )
    new = programme.with_name("2025.yaml")
    assert run("set", "1.1.2", "notes=новое", "--plan", new).exit_code == 0
    return new


def test_the_history_of_a_measure_runs_on_across_years(carried: Path, ask: Ask, run: Run) -> None:
    rows = ask("log", "1.1.2", "--plan", carried)
    years = [row["year"] for row in rows]
    assert years == sorted(years, reverse=True)
    assert set(years) == {2025, 2024}
    texts = [change["new"] for row in rows for change in row["changes"]]
    assert texts.index("новое") < texts.index("прежнее")
    printed = run("log", "1.1.2", "--plan", carried).stdout
    assert printed.index("2025") < printed.index("· 2024 ·") < printed.rindex("прежнее")
    limited = ask("log", "1.1.2", "--limit", "3", "--plan", carried)
    assert limited == rows[:3]
    text = carried.read_text(encoding="utf-8")
    for path in ("../../etc/passwd", "plan/none.yaml", "plan/2025.yaml"):
        carried.write_text(text.replace("plan: plan/2024.yaml", f"plan: {path}"), encoding="utf-8")
        alone = run("log", "1.1.2", "--plan", carried, "--json")
        assert {row["year"] for row in json.loads(alone.stdout)} == {2025}
        lost = f"1.1.2 перешло из программы {path}, а её файла здесь нет"
        assert lost in alone.stderr
        moved = read_snapshot(carried).plan.measure("1.1.2")
        with pytest.raises(EarlierPlanMissing, match=lost):
            list(earlier_histories(carried, moved, revision="HEAD", limit=9))


def test_an_earlier_programme_is_looked_for_in_the_repository_alone(
    carried: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "other" / "2023.yaml"
    outside.parent.mkdir()
    inside = carried.parents[1] / ".git" / "2023.yaml"
    for file, link in ((outside, "out.yaml"), (inside, "in.yaml")):
        file.write_bytes(carried.with_name("2024.yaml").read_bytes())
        carried.with_name(link).symlink_to(file)
    assert carried_path(carried, "plan/2024.yaml") == carried.with_name("2024.yaml")
    links = ("plan/out.yaml", "plan/in.yaml")
    for path in (*links, ".git/2023.yaml", ".GIT /2023.yaml", str(outside)):
        assert carried_path(carried, path) is None
    assert carried_path(carried, "plan/../plan/2024.yaml") is None


def test_the_year_asked_for_says_which_programme_it_follows(carried: Path, run: Run) -> None:
    """On a day of the first of two programmes, the next one follows the second all the same."""
    begun = run("new-year", "2026", "--dry-run", "--as-of", "2024-12-01")
    assert begun.stdout.startswith("Из программы plan/2025.yaml:\n")
    assert "Будет создан файл plan/2026.yaml, мероприятий: 19." in begun.stdout
    named = run("new-year", "2026", "--dry-run", "--plan", carried.with_name("2024.yaml"))
    assert "Из программы" not in named.stdout


def test_two_programmes_are_compared(carried: Path, ask: Ask, run: Run) -> None:
    pair = ("--plan", carried.with_name("2024.yaml"), "--plan", carried)
    (row,) = ask("diff", *pair)
    assert (row["plan"], row["compared_with"]) == ("plan/2025.yaml", "plan/2024.yaml")
    changes = {(change["id"], change["field"]): change for change in row["changes"]}
    assert changes["1.1.2", "notes"]["old"] == "прежнее"
    assert changes["1.1.2", "notes"]["new"] == "новое"
    assert {change["new"] for key, change in changes.items() if key[0] == "2.2.1"} == {None}
    printed = run("diff", *pair).stdout
    assert printed.startswith("plan/2025.yaml по сравнению с plan/2024.yaml\n")
    assert "прежнее → новое" in printed
    assert ask("diff", "HEAD", *pair) == []


def test_of_several_programmes_a_broken_one_is_named(programme: Path, run: Run) -> None:
    text = programme.read_text(encoding="utf-8")
    programme.with_name("2023.yaml").write_text(f"{text}x: [", "utf-8")
    for command in ("overdue", "list"):
        result = run(command, "--plan", "plan/*.yaml", "--as-of", "2024-10-01", "--json")
        assert result.exit_code == 1
        assert {row["plan"] for row in json.loads(result.stdout)} == {"plan/2024.yaml"}
        assert "plan/2023.yaml" in result.stderr


def test_indicators_stand_beside_those_of_last_year(programme: Path, run: Run) -> None:
    indicator = ("indicator.name=Доля", "indicator.unit=%", "indicator.target=90")
    more = ("indicator.direction=not_less", "indicator.period=quarter")
    assert run("set", "1.1.1", *indicator, *more).exit_code == 0
    words = ("--quarter", "1", "--date", "2024-03-29", "--document", "Отчёт")
    recorded = run("record", "1.1.1", *words, "--value", "2024-Q1=95.4", "--reason", "перенос")
    assert recorded.exit_code == 0, recorded.stderr
    assert run("new-year", "2025", "--as-of", "2024-12-01").exit_code == 0
    new = programme.with_name("2025.yaml")
    shown = run("show", "1.1.1", "--plan", new).stdout
    line = next(line for line in shown.splitlines() if "Показатель, 2024" in line)
    assert "2024-Q1: 95,4 %" in line
    plan = read_snapshot(new).plan
    earlier = EarlierProgrammes().values(new, plan.measure("1.1.1"))
    (item,) = earlier_items(*earlier, plan.measure("1.1.1"))
    assert item.label == "Показатель, 2024"


@pytest.mark.parametrize("has_repository", [False, True])
def test_the_programme_before_comes_into_the_history_too(
    here: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_repository: bool
) -> None:
    git = partial(run_git, tmp_path)
    (tmp_path / "plan").mkdir()
    copyfile(root / "plan/2024.yaml", tmp_path / "plan/2024.yaml")
    (tmp_path / "notes.txt").write_text("моё", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if has_repository:
        git("init", "-q")
    planned = here("new-year", "2025", "--dry-run")
    assert "Прежняя программа будет сначала внесена в историю отдельно" in planned.stderr
    assert not (tmp_path / "plan/2025.yaml").exists()
    assert (tmp_path / ".git").exists() is has_repository
    begun = here("new-year", "2025")
    assert begun.exit_code == 0
    assert "Прежняя программа внесена в историю отдельно: Программа на 2024 год" in begun.stderr
    assert git("status", "--porcelain") == "?? notes.txt\n"
    # What was edited by hand since is not carried over without a commit either.
    plan = tmp_path / "plan/2024.yaml"
    plan.write_text(plan.read_text("utf-8").replace("№АЭС/593", "№АЭС/594"), encoding="utf-8")
    begun = here("new-year", "2026", "--plan", "plan/2024.yaml")
    assert "правка файла: утверждение, номер приказа" in begun.stderr.replace("\n", " ")
    assert git("status", "--porcelain") == "?? notes.txt\n"
    assert here("verify").exit_code == 0


@pytest.mark.parametrize("folder", ["plan", "programme"])
def test_what_is_carried_over_names_the_repository_that_begins(
    here: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    earlier = tmp_path / "supplier" / folder / "2024.yaml"
    earlier.parent.mkdir(parents=True)
    copyfile(root / "plan/2024.yaml", earlier)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    begun = here("new-year", "2025", "--plan", earlier)
    assert begun.exit_code == 0, begun.stderr
    new = earlier.with_name("2025.yaml")
    origins = [one.carried_from for one in read_snapshot(new).plan.measures]
    (name,) = {origin.plan for origin in origins if origin}
    assert carried_path(new, name) == earlier


def test_a_season_is_followed_by_the_next_season(here: Run, root: Path) -> None:
    season = root / "tests/plans/whole/heating-season-2026-2027.yaml"
    refused = here("new-year", "2028", "--plan", season, "--dry-run")
    assert "Укажите 2027" in refused.stderr
    planned = here("new-year", "2027", "--plan", season, "--dry-run").stdout
    assert "4 квартал 2027, 1 квартал 2028" in planned
    assert "2027-2028.yaml" in planned
