"""Which plan file is used."""

from datetime import date
from pathlib import Path

import pytest

from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import selected_plans
from kvartal.tui.plans.files import names_elsewhere
from kvartal.tui.plans.path import (
    NoPlanInFolder,
    NoSuchPlanFile,
    PlanElsewhere,
    PlanNotFound,
    find_plan,
)
from kvartal.tui.presentation.programme_name import telling_name

TODAY = date(2024, 10, 1)


def plans(folder: Path, *names: str) -> Path:
    (folder / "plan").mkdir(parents=True)
    for name in names:
        (folder / "plan" / name).touch()
    return folder


def test_the_option_wins_over_the_environment(tmp_path: Path) -> None:
    here = plans(tmp_path, "2023.yaml", "2024.yaml")
    environ = {"KVARTAL_PLAN": str(here / "plan" / "2024.yaml")}
    path = find_plan(Path("plan/2023.yaml"), here, environ, TODAY)
    assert path == here / "plan" / "2023.yaml"
    assert find_plan(None, tmp_path / "nowhere", environ, TODAY).name == "2024.yaml"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["2023.yaml", "2024.yaml", "2025.yaml"], "2024.yaml"),
        (["2019.yaml", "2023.yaml"], "2023.yaml"),
        (["2025.yaml", "draft.yaml"], "2025.yaml"),
        (["a.yaml", "b.yaml", "notes.txt"], "b.yaml"),
    ],
)
def test_this_years_plan_or_the_latest(tmp_path: Path, names: list[str], expected: str) -> None:
    assert find_plan(None, plans(tmp_path, *names), {}, TODAY).name == expected


def test_the_nearest_folder_up_wins(tmp_path: Path) -> None:
    plans(tmp_path, "2024.yaml")
    inner = plans(tmp_path / "inner", "2020.yaml")
    deep = inner / "plan" / "evidence"
    deep.mkdir()
    assert find_plan(None, deep, {}, TODAY) == inner / "plan" / "2020.yaml"


def test_a_folder_may_be_named(tmp_path: Path) -> None:
    here = plans(tmp_path / "programme", "2024.yaml")
    for named in (here, here / "plan"):
        assert find_plan(named, tmp_path, {}, TODAY) == here / "plan" / "2024.yaml"


def test_what_is_not_there_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoSuchPlanFile, match=r"«.*2030.yaml» нет \(--plan\)"):
        find_plan(Path("2030.yaml"), tmp_path, {}, TODAY)
    with pytest.raises(NoSuchPlanFile, match="KVARTAL_PLAN"):
        find_plan(None, tmp_path, {"KVARTAL_PLAN": "2030.yaml"}, TODAY)
    with pytest.raises(NoPlanInFolder):
        find_plan(tmp_path, tmp_path, {}, TODAY)
    with pytest.raises(PlanNotFound):
        find_plan(None, Path(tmp_path.anchor), {}, TODAY)
    (tmp_path / ".git").mkdir()
    for name in "абвг":
        plans(tmp_path / name, "2024.yaml")
    assert names_elsewhere(tmp_path) == "а/plan/2024.yaml, б/plan/2024.yaml, в/plan/2024.yaml, …"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlanElsewhere, match=r"а в репозитории есть: а/plan/2024\.yaml, "):
        selected_plans(CommonOptions())


def test_of_two_programmes_of_a_year_the_name_of_the_file_is_said(tmp_path: Path) -> None:
    folder = plans(tmp_path, "2023.yaml", "2024.yaml", "safety.yaml") / "plan"
    year = ProgrammePeriod.of_year(2024)
    assert telling_name(folder / "safety.yaml", ProgrammePeriod.of_year(2025)) == ""
    names = [telling_name(folder / name, year) for name in ("safety.yaml", "2024.yaml")]
    assert names == ["safety", ""]
