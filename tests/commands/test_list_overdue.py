"""`kvartal list` and `overdue`: the keys of the contract, the known answers, the filters."""

from pathlib import Path

import pytest

from tests.commands.conftest import Ask, Run

KEYS = [
    "id",
    "number",
    "section",
    "channel",
    "segment",
    "proposal",
    "actions",
    "term",
    "result",
    "state",
    "due",
    "responsible",
    "extra",
    "checkpoints",
    "organization",
    "year",
    "plan",
]
PROGRAMME = {"organization": "АО «Алтайэнергосбыт»", "year": 2024, "plan": "plan/2024.yaml"}
OVERDUE_KEYS = ["id", "quarter", "point", "due", "days_overdue", "responsible", *PROGRAMME]
AS_OF = ("--as-of", "2024-10-01")
# As of a date: overdue checkpoints, measures with one or more.
KNOWN = [
    ("2024-03-31", 0, 0),
    ("2024-04-01", 13, 13),
    ("2024-07-01", 26, 15),
    ("2024-10-01", 40, 18),
    ("2025-01-01", 53, 20),
]


def ids(rows: list[dict[str, object]]) -> list[object]:
    return [row["id"] for row in rows]


def test_list_has_exactly_the_keys_of_the_contract(programme: Path, ask: Ask) -> None:
    rows = ask("list", *AS_OF)
    assert len(rows) == 20
    for row in rows:
        assert list(row) == KEYS
        assert list(row["term"]) == ["text", "start", "due", "quarters", "points"]
        assert all(list(one) == ["quarter", "point", "due", "state"] for one in row["checkpoints"])


def test_a_row_tells_a_measure(programme: Path, ask: Ask) -> None:
    row = next(one for one in ask("list", *AS_OF) if one["id"] == "1.1.2")
    assert row == {
        "id": "1.1.2",
        "number": "1.1.2",
        "section": "1",
        "channel": "1.1",
        "segment": "b2b",
        "proposal": "Увеличение количества систем электронной очереди, установленных в ЦОК/ КО",
        "actions": [
            (
                "Установка системы электронной очереди в ЦОК «Пригородный» ТО «Центральное» "
                "(1 терминал)"
            )
        ],
        "term": {
            "text": "3 квартал 2024",
            "start": "2024-07-01",
            "due": "2024-09-30",
            "quarters": [3],
            "points": [],
        },
        "result": "Обеспечена установка терминала электронной очереди",
        "state": "overdue",
        "due": "2024-09-30",
        "responsible": None,
        "extra": {},
        "checkpoints": [{"quarter": 3, "point": None, "due": "2024-09-30", "state": "overdue"}],
        **PROGRAMME,
    }


def test_a_shared_cell_gives_its_actions_to_each_row(programme: Path, ask: Ask) -> None:
    rows = {row["id"]: row for row in ask("list", "--channel", "2.2", *AS_OF)}
    assert rows["2.2.1-2"]["actions"] == rows["2.2.1"]["actions"] != []


def test_the_term_is_the_one_in_force(programme: Path, run: Run, ask: Ask) -> None:
    reason = ("--reason", "Поставка задержана")
    run("postpone", "1.1.2", "--to", "4 квартал", *reason, "--date", "2024-09-10")
    before, after = (
        next(row for row in ask("list", "--as-of", day) if row["id"] == "1.1.2")
        for day in ("2024-09-09", "2024-09-10")
    )
    assert (before["term"]["quarters"], before["due"]) == ([3], "2024-09-30")
    assert (after["term"]["quarters"], after["due"]) == ([4], "2024-12-31")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--section", "2"], ["2.2.1", "2.2.1-2", "2.2.1-3"]),
        (["--channel", "3.4"], ["3.4.1", "3.4.1-2"]),
        (["--channel", "1.3"], []),
        (["--quarter", "4", "--section", "3"], ["3.1.1", "3.2.1"]),
        (["--quarter", "III", "--section", "3"], ["3.4.1-2"]),
        (["--state", "planned"], ["3.1.1", "3.2.1"]),
        (["--state", "Запланировано"], ["3.1.1", "3.2.1"]),
        (["--state", "planned", "--state", "done", "--channel", "3.1"], ["3.1.1"]),
        (["--search", "автоплатеж"], ["3.4.1-2"]),
        (["--search", "b2b 24/7"], ["3.3.1"]),
        (["--search", "В2В 24/7"], ["3.3.1"]),
        (["--search", "нет такого"], []),
    ],
)
def test_filters(programme: Path, ask: Ask, filters: list[str], expected: list[str]) -> None:
    assert ids(ask("list", *AS_OF, *filters)) == expected


@pytest.mark.parametrize("option", [("--section", "9"), ("--channel", "9.9")])
def test_a_part_that_is_not_there_is_refused(
    programme: Path, run: Run, option: tuple[str, str]
) -> None:
    result = run("list", *option)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"«{option[1]}» нет в программе. Есть: 1" in result.stderr


@pytest.mark.parametrize(("day", "points", "measures"), KNOWN)
def test_the_known_overdue_numbers(
    programme: Path, ask: Ask, day: str, points: int, measures: int
) -> None:
    rows = ask("overdue", "--as-of", day)
    assert (len(rows), len(set(ids(rows)))) == (points, measures)
    assert all(list(row) == OVERDUE_KEYS for row in rows)
    late = [row["days_overdue"] for row in rows]
    assert late == sorted(late, reverse=True)


def test_an_overdue_checkpoint(programme: Path, ask: Ask) -> None:
    first = ask("overdue", "--as-of", "2024-04-01")[0]
    assert first == {
        "id": "1.1.1",
        "quarter": 1,
        "point": None,
        "due": "2024-03-31",
        "days_overdue": 1,
        "responsible": None,
        **PROGRAMME,
    }


@pytest.mark.parametrize(("day", "code"), [("2024-03-31", 0), ("2024-04-01", 1)])
def test_overdue_fails_when_asked_to(programme: Path, run: Run, day: str, code: int) -> None:
    assert run("overdue", "--as-of", day).exit_code == 0
    assert run("overdue", "--as-of", day, "--fail").exit_code == code
    assert run("overdue", "--as-of", day, "--fail", "--json").exit_code == code


def test_options_are_taken_before_and_after_the_command(
    programme: Path, ask: Ask, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    before = run("--plan", programme, "--as-of", "2024-04-01", "overdue", "--json").stdout
    after = run("overdue", "--plan", programme, "--as-of", "2024-04-01", "--json").stdout
    assert before == after
    last = run("--as-of", "2025-01-01", "--plan", programme, "overdue", "--as-of", "2024-03-31")
    assert "Просрочено контрольных точек: 0" in last.stdout


def test_a_leap_day_of_the_plan_s_year(programme: Path, run: Run) -> None:
    assert "На 29.02.2024." in run("list", "--as-of", "29.02").stdout


def test_the_table_for_people(programme: Path, run: Run) -> None:
    lines = run("list", *AS_OF).stdout.splitlines()
    assert len(lines) == 22
    assert lines[0].split() == ["№", "Мероприятие", "Срок", "I", "II", "III", "IV", "Состояние"]
    assert lines[1].split()[-8:] == ["✗", "✗", "✗", "●", "Просрочено", "на", "184", "дн."]
    starts = {line.index("Просрочено") for line in lines[1:-1] if "Просрочено" in line}
    assert len(starts) == 1
    assert "Мероприятий: 20 из 20" in lines[-1]
    assert "\x1b" not in "".join(lines)


def test_overdue_for_people(programme: Path, run: Run) -> None:
    lines = run("overdue", *AS_OF).stdout.splitlines()
    assert len(lines) == 42
    assert lines[-1] == "На 01.10.2024. Просрочено контрольных точек: 40, мероприятий: 18."


def test_a_programme_without_measures(programme: Path, run: Run, ask: Ask, root: Path) -> None:
    plan = root / "tests" / "plans" / "valid" / "no-measures.yaml"
    assert ask("list", "--plan", plan) == []
    assert "Мероприятий: 0 из 0" in run("list", "--plan", plan).stdout


def test_a_missing_plan_is_reported_with_what_to_do(repo: Path, run: Run) -> None:
    result = run("list")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "kvartal --plan" in result.stderr


def test_an_invalid_plan_is_reported_with_file_and_line(programme: Path, run: Run) -> None:
    text = programme.read_text(encoding="utf-8")
    programme.write_text(
        text.replace("      quarters: [3]\n", "      quarters: три\n", 1), encoding="utf-8"
    )
    line = text.splitlines().index("      quarters: [3]") + 1
    result = run("list")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"plan/2024.yaml, строка {line}" in result.stderr.replace("\\", "/")


def test_all_problems_of_a_plan_are_reported_with_their_lines(programme: Path, run: Run) -> None:
    text = programme.read_text(encoding="utf-8")
    programme.write_text(
        text.replace("      quarters: [3]\n", "      quarters: три\n"), encoding="utf-8"
    )
    first, *others = run("list").stderr.splitlines()
    assert ", строка " in first
    assert len(others) == text.count("      quarters: [3]\n") - 1
    assert all(one.startswith("  plan/2024.yaml:") for one in others)
