"""Dates of fact: what is refused, what is taken with a warning, and what verify says of it."""

from pathlib import Path

import pytest

from tests.commands.conftest import Ask, Run

pytestmark = pytest.mark.usefixtures("programme")
LATE = ("record", "1.1.2", "--quarter", "3", "--date", "2024-09-27", "--document", "Акт")


def another(repo: Path, year: int) -> None:
    """Put the programme of another year beside that of 2024."""
    text = (repo / "plan/2024.yaml").read_text(encoding="utf-8")
    (repo / f"plan/{year}.yaml").write_text(text.replace("2024", str(year)), encoding="utf-8")


def test_a_date_that_no_record_may_have(run: Run, repo: Path) -> None:
    done = ("record", "1.1.2", "--quarter", "3", "--plan", "plan/2024.yaml", "--date")
    refused = run(*done, "2099-01-01")
    assert refused.exit_code == 1
    assert "01.01.2099 ещё не наступила" in refused.stderr
    assert "раньше начала программы, 01.01.2024. Исправьте" in run(*done, "2023-12-30").stderr
    another(repo, 2023)
    refused = run(*done, "2023-12-30")
    assert "есть программа plan/2023.yaml: отметьте там" in refused.stderr.replace("\n", " ")
    assert run(*done, "2025-01-09").exit_code == 0
    corrected = run(*("correct", "1.1.2", "--quarter", "3", *done[4:]), "2099-01-01")
    assert "ещё не наступила" in corrected.stderr


def test_what_is_open_in_the_programme_before(run: Run, repo: Path) -> None:
    another(repo, 2025)
    done = ("record", "1.1.1", "--quarter", "4", "--date", "2025-01-09", "--as-of", "2025-01-10")
    refused = run(*done, "--plan", "plan/2025.yaml")
    assert refused.exit_code == 1
    assert "IV квартал 2025 ещё не началась, а в программе plan/2024.yaml" in refused.stderr
    assert run(*done, "--plan", "plan/2025.yaml", "--early").exit_code == 0
    assert run(*done, "--plan", "plan/2024.yaml").exit_code == 0


# Terms of one measure in the year before and now, what a record says, and what the answer calls it.
KINDS = {
    "a point": (
        '{text: до 5 декабря, points: ["%s-11-05", "%s-12-05"]}',
        ("--point", "2025-12-05"),
        "05.12.2025",
    ),
    "a month, whose last working day moves": (
        '{text: ежемесячно, points: ["%s-11-28", "%s-12-29"]}',
        ("--point", "2025-12-29"),
        "29.12.2025",
    ),
    "a term by dates": (
        '{text: до 20 декабря, due: "%s-12-20"}',
        ("--point", "2025-12-20"),
        "20.12.2025",
    ),
    "its quarter": (
        '{text: до 20 декабря, due: "%s-12-20"}',
        ("--quarter", "4"),
        "IV квартал 2025",
    ),
    "a year": ('{text: за год, points: ["%s-12-31"]}', ("--point", "2025-12-31"), "31.12.2025"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_checkpoint_begins_some_day(
    here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    term, option, name = KINDS[kind]
    for year in ("2024", "2025"):
        assert here("init", "--empty", "--year", year, "--organization", "О").exit_code == 0
        plan = tmp_path / f"plan/{year}.yaml"
        text = plan.read_text(encoding="utf-8")
        row = f'- {{id: "1", number: "1", proposal: Работа, term: {term.replace("%s", year)}}}'
        plan.write_text(text.replace("measures: []", f"measures:\n  {row}"), encoding="utf-8")
        assert here("adopt", "--plan", f"plan/{year}.yaml").exit_code == 0
    done = ("record", "1", *option, "--date", "2025-01-09", "--plan", "plan/2025.yaml")
    refused = here(*done, "--as-of", "2025-01-10")
    assert refused.exit_code == 1
    assert f"{name} ещё не началась, а в программе plan/2024.yaml" in refused.stderr
    assert here(*done, "--as-of", "2025-10-01", "--dry-run").exit_code == 0
    assert here(*done, "--as-of", "2025-01-10", "--early").exit_code == 0


def test_a_record_is_not_moved_to_what_has_not_begun(run: Run, repo: Path) -> None:
    another(repo, 2025)
    plan = ("--plan", "plan/2025.yaml", "--as-of", "2025-01-10")
    assert run("record", "1.1.1", "--quarter", "1", "--date", "2025-01-09", *plan).exit_code == 0
    moved = ("correct", "1.1.1", "--quarter", "1", "--to-quarter", "4", *plan)
    refused = run(*moved)
    assert refused.exit_code == 1
    assert "IV квартал 2025 ещё не началась, а в программе plan/2024.yaml" in refused.stderr
    assert run(*moved, "--early").exit_code == 0


def test_what_was_recorded_before_or_is_a_different_point_is_no_obstacle(
    run: Run, repo: Path
) -> None:
    another(repo, 2025)
    before = ("record", "1.1.1", "--quarter", "4", "--date", "2024-12-27")
    assert run(*before, "--plan", "plan/2024.yaml").exit_code == 0
    done = ("record", "1.1.1", "--quarter", "4", "--date", "2025-01-09", "--as-of", "2025-01-10")
    assert run(*done, "--plan", "plan/2025.yaml").exit_code == 0


def test_late_with_a_reason_is_explained(run: Run, ask: Ask) -> None:
    told = run(*LATE, "--reason", "Акт пришёл позже")
    assert "verify покажет причину" in told.stderr
    (finding,) = ask("verify")
    assert finding["code"] == "backdated"
    assert finding["accepted"]["reason"] == "Акт пришёл позже"
    # Nobody accepted it: who is late explains it.
    assert finding["accepted"]["self"] is True
    text = run("verify")
    assert " — объяснено в самом изменении: " in text.stdout
    assert "Из них принято или объяснено в самом изменении: 1, осталось: 0." in text.stderr
    assert ask("verify") == [finding]
    assert run("correct", "1.1.2", "--quarter", "3", "--reason", "").exit_code == 0
    assert run("record", "1.1.1", *LATE[2:]).exit_code == 0
    left = run("verify")
    assert left.exit_code == 1
    assert "осталось: 1" in left.stderr
