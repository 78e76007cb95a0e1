"""Dates of facts against the day they came into the history."""

import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.measure import Document
from kvartal.schema.operations import cancel, postpone, record
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from tests.audit.story import Story


def at(story: Story, moment: str) -> Story:
    story.now = moment
    return story


@pytest.mark.parametrize(
    ("moment", "codes"),
    [
        ("2024-09-27T00:30:00+03:00", []),
        ("2024-09-26T23:30:00+03:00", ["date-in-future"]),
        ("2024-09-27T02:00:00+07:00", []),
        ("2024-09-26T22:00:00-05:00", ["date-in-future"]),
        ("2024-10-28T12:00:00+03:00", []),
        ("2024-10-29T12:00:00+03:00", ["backdated"]),
    ],
)
def test_a_record_by_the_committer_s_calendar(story: Story, moment: str, codes: list[str]) -> None:
    at(story, moment).record()
    assert story.codes() == codes


def test_a_backdated_completion(story: Story) -> None:
    commit = at(story, "2024-12-28T10:00:00+03:00").record()
    (finding,) = story.findings()
    assert finding.commit is not None
    assert (finding.code, finding.measure, finding.commit.id) == ("backdated", "1.1.2", commit)
    assert finding.message() == (
        "1.1.2: дата исполнения 27.09.2024 внесена 28.12.2024, через 92 дн. "
        "Допускается не больше 31."
    )


def test_a_date_of_the_author_s_own_choice(story: Story) -> None:
    """The commit says it was written in September; it was committed in December."""
    at(story, "2024-12-28T10:00:00+03:00").record()
    story.git("commit", "--quiet", "--amend", "--no-edit", "--date=2024-09-28T10:00:00+03:00")
    assert story.found() == [("backdated", story.head), ("author-date", story.head)]


def test_a_rebase_within_the_limit_is_honest_and_one_after_it_is_reported(story: Story) -> None:
    story.record()
    at(story, "2024-10-15T10:00:00+03:00").git("commit", "--quiet", "--amend", "--no-edit")
    assert story.codes() == []
    at(story, "2024-11-15T10:00:00+03:00").git("commit", "--quiet", "--amend", "--no-edit")
    assert story.codes() == ["backdated", "author-date"]


def test_both_dates_set_back(story: Story) -> None:
    at(story, "2024-12-20T10:00:00+03:00").set(notes="Да")
    commit = at(story, "2024-09-28T10:00:00+03:00").record()
    assert story.found() == [("commit-order", commit)]


def test_one_commit_from_the_future_is_one_finding(story: Story) -> None:
    """Those after it have the right date; one that was set back is still found."""
    at(story, "2024-12-20T10:00:00+03:00").set(notes="Да")
    ahead = at(story, "2099-01-01T10:00:00+03:00").set(notes="Нет")
    at(story, "2024-12-21T10:00:00+03:00").set(notes="Да")
    back = at(story, "2024-12-01T10:00:00+03:00").set(notes="Нет")
    at(story, "2024-12-22T10:00:00+03:00").set(notes="Да")
    found = [("commit-in-future", ahead), ("commit-order", back)]
    assert story.found() == found
    # Where the walk goes on after it, too.
    assert story.found(since=ahead, full=False) == found[1:]


def test_a_history_that_was_begun_late(story: Story) -> None:
    """The first commit may be newer than those on top of it: its date does not count."""
    content = story.plan.read_bytes()
    story.git("switch", "--quiet", "--orphan", "new")
    story.plan.parent.mkdir(exist_ok=True)
    story.plan.write_bytes(content)
    at(story, "2026-01-01T10:00:00+03:00").commit("Программа на 2024 год")
    at(story, "2024-09-28T10:00:00+03:00").record()
    assert story.codes() == []


def test_postponed_and_cancelled(story: Story) -> None:
    at(story, "2024-12-20T10:00:00+03:00")
    one = story.do(postpone, "1.1.2", to="4 квартал 2024", reason="Так", day=date(2024, 9, 10))
    two = story.do(cancel, "1.1.3", reason="Так", day=date(2024, 9, 10))
    assert story.found() == [("backdated", one), ("backdated", two)]


def test_decisions_for_a_future_day(story: Story) -> None:
    at(story, "2024-09-20T10:00:00+03:00")
    story.do(postpone, "1.1.2", to="4 квартал 2024", reason="Так", day=date(2024, 9, 30))
    story.do(cancel, "1.1.3", reason="Так", day=date(2024, 10, 1))
    assert story.codes() == []


def test_a_document_may_be_old_but_not_from_the_future(story: Story) -> None:
    story.record(documents=[Document("Приказ", "1", date(2020, 1, 1))])
    assert story.codes() == []
    commit = story.record("1.1.3", documents=[Document("Акт", "2", date(2024, 10, 1))])
    assert story.found() == [("date-in-future", commit)]


def test_a_corrected_date(story: Story) -> None:
    story.record()
    at(story, "2024-12-20T10:00:00+03:00")
    story.rewrite('date: "2024-09-27"', 'date: "2024-09-20"')
    commit = story.adopt()
    assert story.found() == [("backdated", commit)]
    story.undo()
    assert story.found() == [("backdated", commit)]


def test_the_limit_of_the_plan_and_of_the_option(story: Story) -> None:
    at(story, "2024-10-20T10:00:00+03:00")
    story.rewrite("language: ru\n", "language: ru\naudit:\n  backdating_days: 5\n")
    # What the commit itself allows counts from the next one on.
    text = story.plan.read_text(encoding="utf-8")
    story.plan.write_text(text, encoding="utf-8")
    story.adopt()
    commit = story.record()
    assert story.found() == [("backdated", commit)]
    assert story.found(days=23) == []
    assert story.found(days=22) == [("backdated", commit)]


def test_the_limit_is_not_loosened_by_the_commit_that_needs_it(story: Story) -> None:
    at(story, "2024-12-28T10:00:00+03:00")
    story.rewrite("language: ru\n", "language: ru\naudit:\n  backdating_days: 366\n")
    place = "  - id: 1.1.3\n"
    record = (
        '    records:\n      - quarter: 3\n        date: "2024-09-27"\n        complete: true\n'
        "        evidence:\n          documents:\n            - title: Акт\n"
    )
    story.rewrite(place, record + place)
    commit = story.adopt()
    assert story.found() == [("backdated", commit)]


def restart_history(story: Story, moment: str, message: str = "Программа на 2024 год") -> str:
    """Squash the history into one commit."""
    content = story.plan.read_bytes()
    story.git("switch", "--quiet", "--orphan", "new")
    story.plan.parent.mkdir(exist_ok=True)
    story.plan.write_bytes(content)
    return at(story, moment).commit(message)


@pytest.mark.parametrize("message", ["Программа на 2024 год", "", "1.1.2: срок"])
def test_a_first_version_with_old_facts(story: Story, message: str) -> None:
    """A history squashed into one commit looks like that; a plan kept without git before too."""
    story.record()
    for quarter, day in ((1, "2024-03-28"), (2, "2024-06-28"), (3, "2024-09-20")):
        at(story, f"{day}T12:00:00+03:00").record("1.1.3", quarter=quarter, day=day, complete=False)
    first = restart_history(story, "2024-12-28T10:00:00+03:00", message)
    assert story.found() == [("old-facts-at-start", first)]
    (finding,) = story.findings()
    assert finding.message() == (
        "История начинается 28.12.2024, и в первой же версии есть то, что было раньше: "
        "1.1.3, дата исполнения 28.03.2024 (за 275 дн.); 1.1.3, дата исполнения 28.06.2024 "
        "(за 183 дн.); 1.1.3, дата исполнения 20.09.2024 (за 99 дн.); и ещё 1. "
        "Кто и когда это внёс, по истории не проверить."
    )
    at(story, "2024-12-29T10:00:00+03:00").set(notes="Да")
    assert story.found() == [("old-facts-at-start", first)]


def test_a_first_version_with_facts_of_its_own_time(story: Story) -> None:
    story.record()
    restart_history(story, "2024-10-20T10:00:00+03:00")
    assert story.codes() == []


def test_a_first_version_older_than_its_facts(story: Story) -> None:
    story.record()
    first = restart_history(story, "2024-01-09T09:00:00+03:00")
    assert story.found() == [("date-in-future", first)]


def imported(data: PlanData, day: date, measures: Sequence[str]) -> Change:
    """Records from a list kept elsewhere."""
    change = record(
        data,
        list(measures),
        RecordDraft(CalendarQuarter(2024, 1), day, documents=(Document("Отчёт", "1"),)),
    )
    return Change(ChangeKind.IMPORT, change.edits)


@pytest.mark.parametrize("measures", [["1.1.1"], ["1.1.1", "1.1.3", "2.2.1"]])
def test_an_import_of_old_facts(story: Story, measures: list[str]) -> None:
    commit = story.do(imported, date(2024, 3, 29), measures)
    (finding,) = story.findings()
    assert (finding.code, finding.commit and finding.commit.id) == ("import-backdated", commit)
    assert finding.measure == (measures[0] if len(measures) == 1 else None)
    facts = "; ".join(f"{name}, дата исполнения 29.03.2024 (за 183 дн.)" for name in measures)
    assert finding.message() == (
        f"Импорт 28.09.2024 внёс задним числом: {facts}. Сверьте с тем, откуда импортировано: "
        "когда это записали там, по истории не проверить."
    )
    story.undo()
    story.redo()
    assert story.found() == [("import-backdated", commit)]


def test_a_change_relabelled_as_an_import(story: Story) -> None:
    at(story, "2024-12-28T10:00:00+03:00").record()
    message = story.message().replace("Kvartal-Change: record", "Kvartal-Change: import")
    first, _, rest = message.partition("\n")
    measure, _, what = first.partition(": ")
    commit = story.commit(f"{measure}: импорт: {what}\n{rest}", "--amend")
    assert ("import-backdated", commit) in story.found()


def test_an_import_of_recent_facts(story: Story) -> None:
    story.do(imported, date(2024, 9, 2), ["1.1.1", "1.1.3"])
    assert story.codes() == []


@pytest.mark.parametrize(
    "moments",
    [
        ("2099-01-01T10:00:00+03:00", "2099-01-01T10:00:00+03:00"),
        ("2024-09-28T10:00:00+03:00", "2099-01-01T10:00:00+03:00"),
        ("2099-01-01T10:00:00+03:00", "2024-09-28T10:00:00+03:00"),
    ],
)
def test_a_commit_from_the_future(story: Story, moments: tuple[str, str]) -> None:
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    commit = with_dates(story, *moments)
    future = [one for one in story.findings() if one.code == "commit-in-future"]
    assert [one.commit and one.commit.id for one in future] == [commit]
    assert "01.01.2099, а сейчас " in future[0].message()


def with_dates(story: Story, authored: str, committed: str) -> str:
    """Commit with an author's and a committer's date."""
    story.git("add", "-A")
    names = (f"GIT_AUTHOR_DATE={authored}", f"GIT_COMMITTER_DATE={committed}")
    subprocess.run(
        ["env", *names, "git", "-C", str(story.repo), "commit", "-qm", "Правка"], check=True
    )
    return story.head


def test_a_clock_that_is_a_few_hours_fast(story: Story) -> None:
    moment = datetime.now(UTC) + timedelta(hours=5)
    at(story, moment.isoformat(timespec="seconds")).set(notes="Да")
    assert story.codes() == []
