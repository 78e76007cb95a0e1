"""Dates of facts against the day they came into the history."""

import pytest

from kvartal.schema.model import Document
from kvartal.schema.operations import cancel, postpone
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
    from datetime import date

    at(story, "2024-12-20T10:00:00+03:00")
    one = story.do(postpone, "1.1.2", to="4", reason="Так", day=date(2024, 9, 10))
    two = story.do(cancel, "1.1.3", reason="Так", day=date(2024, 9, 10))
    assert story.found() == [("backdated", one), ("backdated", two)]


def test_decisions_for_a_future_day(story: Story) -> None:
    from datetime import date

    at(story, "2024-09-20T10:00:00+03:00")
    story.do(postpone, "1.1.2", to="4", reason="Так", day=date(2024, 9, 30))
    story.do(cancel, "1.1.3", reason="Так", day=date(2024, 10, 1))
    assert story.codes() == []


def test_a_document_may_be_old_but_not_from_the_future(story: Story) -> None:
    from datetime import date

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


def test_the_first_version_may_bring_old_facts(story: Story) -> None:
    story.record()
    content = story.plan.read_bytes()
    story.git("switch", "--quiet", "--orphan", "new")
    story.plan.parent.mkdir(exist_ok=True)
    story.plan.write_bytes(content)
    at(story, "2024-12-28T10:00:00+03:00").commit("Программа на 2024 год")
    assert story.codes() == []
