"""A calendar that imports successive exports ends up with just what the last one says."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import Result

from tests.exchange.test_report_figures import INDICATORS
from tests.support.cli import call

Run = Callable[..., Result]


class Calendar:
    """What other programs do with a file: of each event the highest sequence counts."""

    def __init__(self) -> None:
        self.events: dict[str, Any] = {}

    def take(self, content: bytes) -> None:
        event: Any
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT"):
            known = self.events.get(str(event["uid"]))
            if known is None or int(event["sequence"]) >= int(known["sequence"]):
                self.events[str(event["uid"])] = event

    @property
    def shown(self) -> set[tuple[str, date]]:
        """The number in each event that was not called off, and its day."""
        return {
            (str(one["summary"]).removeprefix("✓ ").split()[0], one["dtstart"].dt)
            for one in self.events.values()
            if str(one["status"]) != "CANCELLED"
        }


@pytest.fixture
def run(repo: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command in a repository with a programme whose history begins."""
    monkeypatch.chdir(repo)
    (repo / "plan").mkdir(exist_ok=True)
    shutil.copyfile(INDICATORS, repo / "plan" / "2024.yaml")
    git("add", "plan")
    git("commit", "-qm", "Начало")
    return lambda *words: call(words)


def taken(run: Run, calendar: Calendar, day: str, kind: str = "report") -> set[tuple[str, date]]:
    """Import the export of a day; return what a calendar new to the programme shows."""
    result = run("export", "--kind", kind, "--format", "ics", "--as-of", day)
    assert result.exit_code == 0, result.stderr
    again = run("export", "--kind", kind, "--format", "ics", "--as-of", day)
    assert again.stdout_bytes == result.stdout_bytes
    calendar.take(result.stdout_bytes)
    new = Calendar()
    new.take(result.stdout_bytes)
    return new.shown


def test_what_is_moved_or_dropped_leaves_the_calendar(run: Run) -> None:
    calendar = Calendar()
    # On the first day nothing has been done, moved or cancelled.
    before = taken(run, calendar, "2024-01-10")
    assert calendar.shown == before
    assert ("1.2.1", date(2024, 6, 30)) in before
    assert ("2.1", date(2024, 8, 31)) in before
    # The facts say that one was moved and one taken off.
    after = taken(run, calendar, "2024-07-02")
    assert ("1.2.1", date(2024, 12, 31)) in after
    gone = {("1.2.1", date(2024, 6, 30)), ("2.1", date(2024, 8, 31))}
    assert not gone & calendar.shown
    assert calendar.shown == before - gone | {("1.2.1", date(2024, 12, 31))}
    # Done three days before: it stays there, and nobody is reminded.
    assert ("1.1.1", date(2024, 9, 30)) in taken(run, calendar, "2024-09-30")
    alarms = {
        str(one["summary"])[:7]: len(one.walk("VALARM"))
        for one in calendar.events.values()
        if one["dtstart"].dt == date(2024, 9, 30)
    }
    assert alarms == {"✓ 1.1.1": 0, "✓ 2.2 Ж": 0, "2.3 -": 2}


@pytest.mark.parametrize(
    ("words", "gone", "new"),
    [
        (("set", "2.3", "term=IV квартал"), {("2.3", date(2024, 9, 30))}, date(2024, 12, 31)),
        (("remove", "2.3"), {("2.3", date(2024, 9, 30))}, None),
        (
            (
                "postpone",
                "2.3",
                "--to",
                "IV квартал",
                "--reason",
                "Нет людей",
                "--date",
                "2024-07-02",
            ),
            {("2.3", date(2024, 9, 30))},
            date(2024, 12, 31),
        ),
        (
            ("cancel", "2.3", "--reason", "Нет людей", "--date", "2024-07-02"),
            {("2.3", date(2024, 9, 30))},
            None,
        ),
    ],
    ids=["set", "remove", "postpone", "cancel"],
)
def test_each_change_that_takes_a_deadline_away(
    run: Run, words: tuple[str, ...], gone: set[tuple[str, date]], new: date | None
) -> None:
    calendar = Calendar()
    taken(run, calendar, "2024-07-02")
    before = calendar.shown
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    now = taken(run, calendar, "2024-07-03")
    assert calendar.shown == before - gone | ({("2.3", new)} if new else set())
    assert now == calendar.shown
    # What was taken back stands there again.
    assert run("undo", "--reason", "Ошибка").exit_code == 0
    taken(run, calendar, "2024-07-03")
    assert calendar.shown == before


def test_a_renamed_organization_leaves_no_second_calendar(run: Run) -> None:
    calendar = Calendar()
    before = taken(run, calendar, "2024-07-02")
    assert run("document", "set", "organization=ООО «Новое»").exit_code == 0
    assert taken(run, calendar, "2024-07-02") == before
    assert calendar.shown == before
    shown = [one for one in calendar.events.values() if str(one["status"]) != "CANCELLED"]
    assert len(shown) == len(before)


def test_a_moment_is_of_the_history_and_an_agenda_calls_off_too(
    run: Run, git: Callable[..., str]
) -> None:
    calendar = Calendar()
    taken(run, calendar, "2024-11-01", "overdue")
    assert ("2.3", date(2024, 9, 30)) in calendar.shown
    moments = {one["dtstamp"].dt.timestamp() for one in calendar.events.values()}
    assert moments == {float(git("log", "-1", "--format=%at"))}
    assert run("set", "2.3", "term=IV квартал").exit_code == 0
    taken(run, calendar, "2024-11-01", "overdue")
    assert "2.3" not in {name for name, _day in calendar.shown}
