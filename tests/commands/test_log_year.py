"""A reviewer reads the year 2024 with nothing but `kvartal log`, `kvartal diff` and `git log`.

After a change of wording ``python -m tests.commands.test_log_year`` from the root writes
the golden files again, to be reviewed with ``git diff``. Hashes are left out of them: they depend
on everything a commit holds.
"""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.scenarios.year import year as write_year
from tests.support.cli import call
from tests.support.repository import git

GOLDEN = Path(__file__).parent / "golden"
HASH = re.compile(r"\b[0-9a-f]{40}\b|(?:^|(?<=запись ))[0-9a-f]{10}(?=  |\.)", re.MULTILINE)

APRIL = ("--since", "2024-04-01", "--until", "2024-04-30")
JUNE = ("--since", "2024-06-01", "--until", "2024-06-30")
READINGS: dict[str, tuple[str, ...]] = {
    "log-april.txt": ("log", *APRIL),
    "log-june.txt": ("log", *JUNE),
    "log-june.json": ("log", *JUNE, "--json"),
    "log-beginning.txt": ("log", "--until", "2024-01-31"),
    "log-2.2.1-3.txt": ("log", "2.2.1-3"),
    "diff-second-quarter.txt": ("diff", "отчёт-2024-1..отчёт-2024-2"),
    "diff-june.json": ("diff", "2024-05-31..2024-06-20", "--json"),
}
# A day alone would mean this time of that day.
APRIL_FOR_GIT = ("--since=2024-04-01T12:00:00Z", "--until=2024-05-01T12:00:00Z")
GIT_LOG = ("log", *APRIL_FOR_GIT, "--date=iso", "--format=%ad %an%n%B")


def run(plan: Path, *arguments: str | Path) -> Result:
    return call(["--plan", plan, *arguments])


def printed(plan: Path, *arguments: str | Path) -> str:
    result = run(plan, *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def ask(plan: Path, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(printed(plan, *arguments, "--json"))


def changes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [change for row in rows for change in row["changes"]]


def readings(plan: Path) -> dict[str, str]:
    """Return what a reviewer reads, by the name of its golden file."""
    outputs = {name: printed(plan, *arguments) for name, arguments in READINGS.items()}
    outputs["git-log-april.txt"] = git(plan.parent, *GIT_LOG)
    return {name: HASH.sub("·", text) for name, text in outputs.items()}


@pytest.fixture(scope="module")
def plan(whole_year: Path) -> Path:
    """Return the plan of the whole year: these tests only read."""
    return whole_year / "plan" / "2024.yaml"


@pytest.fixture(scope="module")
def read(plan: Path) -> dict[str, str]:
    return readings(plan)


@pytest.mark.parametrize("name", [*READINGS, "git-log-april.txt"])
def test_a_month_byte_for_byte(name: str, read: dict[str, str]) -> None:
    assert read[name] == (GOLDEN / name).read_bytes().decode()


# --------------------------------------------------------------------------------------------- log


def test_the_log_names_every_commit_of_the_plan(plan: Path) -> None:
    """Byte for byte what git says about them, with hashes and dates."""
    entries = [(one["commit"], one["date"], one["subject"]) for one in ask(plan, "log")]
    form = "--format=%H%x00%aI%x00%s"
    by_git = git(plan.parent, "log", "--full-history", "--date-order", form, "--", "2024.yaml")
    assert entries == [tuple(line.split("\0")) for line in by_git.splitlines()]


def test_manual_edits_and_merges_are_told_apart(plan: Path) -> None:
    outside = [one for one in ask(plan, "log") if one["by_hand"]]
    assert [(one["merge"], one["changes"] == [], one["author"]) for one in outside] == [
        (True, True, "А. П. Иванова"),
        (False, False, "С. В. Петров"),
    ]
    assert outside[1]["changes"] == [
        {
            "id": "3.4.1-2",
            "field": "responsible",
            "old": "Отдел информационных технологий",
            "new": "Отдел цифровых сервисов",
        }
    ]


def test_the_log_of_one_measure_is_complete_and_only_its_own(plan: Path) -> None:
    subjects = [one["subject"] for one in ask(plan, "log", "3.1.2")]
    assert subjects == [
        "3.1.2: ответственный исполнитель: добавлено «юридический отдел»",
        "3.1.2: исполнено 12.06.2024, Акт сдачи-приёмки раздела сайта № 22…",
        "3.1.2: правка файла: действия, шаг 2: добавлено «и проверка его…»",
        "1.1.1 и ещё 19: импорт: ответственный исполнитель",
        "Программа на 2024 год: начата история. Мероприятий: 20",
    ]
    assert {row["id"] for one in ask(plan, "log", "3.1.2") for row in one["changes"]} == {"3.1.2"}


def test_a_merge_with_changes_of_its_own_prints_them(year: Path) -> None:
    repo = year.parents[1]
    git(repo, "reset", "-q", "--hard", "отчёт-2024-1")
    git(repo, "switch", "-q", "-c", "other")
    commit = ("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "-a", "-m")
    for branch, measure in (("other", "350000"), ("main", "4800000")):
        git(repo, "switch", "-q", branch)
        text = year.read_text(encoding="utf-8")
        year.write_text(text.replace(f"plan: {measure}", f"plan: {measure[:-1]}1"))
        git(repo, *commit, branch)
    git(repo, "merge", "-q", "--no-commit", "other")
    text = year.read_text(encoding="utf-8")
    year.write_text(text.replace("не менее 95%\n", "не менее 90%\n", 1), encoding="utf-8")
    git(repo, *commit, "Слияние")
    text = printed(year, "log", "--limit", "1")
    assert text.partition("\n")[2].startswith(
        "Слияние\n  Сделано без этой программы.\n"
        "  Соединены две линии работы; сверх того, что было в них, внесены изменения.\n  2.2.1 "
    )


# -------------------------------------------------------------------------------------------- diff


def test_a_date_is_the_end_of_that_day(plan: Path) -> None:
    by_day = ask(plan, "diff", "2024-03-20..2024-03-21")
    assert {row["id"] for row in changes(by_day)} == {"3.3.1"}
    assert ask(plan, "diff", "2024-03-21..2024-03-21") == []
    by_name = ask(plan, "diff", "отчёт-2024-1..отчёт-2024-2")
    assert changes(ask(plan, "diff", "2024-04-04..2024-07-15")) == changes(by_name)
    assert changes(ask(plan, "diff", "отчёт-2024-1..2024-07-15")) == changes(by_name)


def test_what_a_colleague_did_came_in_with_the_merge(plan: Path) -> None:
    """Not on the day it was committed on the other branch."""
    before, after = (
        {row["id"] for row in changes(ask(plan, "diff", days))}
        for days in ("2024-06-10..2024-06-14", "2024-06-14..2024-06-17")
    )
    assert "3.2.2" not in before
    assert "3.2.2" in after


def test_a_day_before_all_is_refused_in_words(plan: Path) -> None:
    result = run(plan, "diff", "2023-12-25..")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "К концу дня 25.12.2023 истории ещё не было: она начинается 26.12.2023" in result.stderr


def test_the_file_against_a_day(year: Path) -> None:
    text = year.read_text(encoding="utf-8")
    year.write_text(text.replace("fact: 4725310", "fact: 4725311"), encoding="utf-8")
    (row,) = changes(ask(year, "diff", "2025-01-31"))
    assert (row["id"], row["field"], row["new"]) == ("1.1.4", "budget.fact", 4725311)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, text in readings(write_year(Path(folder, "year"))).items():
            (GOLDEN / name).write_bytes(text.encode())
