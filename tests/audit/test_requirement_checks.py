"""Requirements loosened for as long as something was done under them."""

import re
from datetime import date

import pytest

from kvartal.history.audit import requirement_checks
from kvartal.schema.changes import Plain
from kvartal.schema.operations import postpone
from tests.audit.story import Story

DAYS = ["2024-09-28", "2024-09-29", "2024-09-30", "2024-10-01", "2024-10-02"]


def on(story: Story, day: str) -> Story:
    story.now = f"{day}T10:00:00+03:00"
    return story


def audit(story: Story, old: str, new: str) -> str:
    story.rewrite(old, new)
    return story.adopt("Опечатка")


def with_target(story: Story, target: str) -> str:
    return story.set("1.1.3", indicator__target=target)


def begin(story: Story) -> None:
    """Give a measure an indicator with a target."""
    story.set(
        "1.1.3",
        indicator__name="Обучено",
        indicator__unit="чел.",
        indicator__direction="not_less",
        indicator__target="90",
        indicator__period="quarter",
    )


def test_a_target_lowered_around_a_record(story: Story) -> None:
    begin(story)
    loosened = with_target(on(story, DAYS[1]), "50")
    act = on(story, DAYS[2]).record("1.1.3", complete=False)
    on(story, DAYS[3]).set("1.1.1", notes="Между тем")
    back = with_target(on(story, DAYS[4]), "90")
    (finding,) = story.findings()
    assert (finding.code, finding.measure) == ("requirement-loosened", "1.1.3")
    assert finding.commit is not None
    assert finding.commit.id == back
    assert finding.message() == (
        f"1.1.3, Показатель, план: 90 → 50: 29.09.2024 ({loosened[:10]}) требование ослаблено, "
        f"30.09.2024 ({act[:10]}) при этом внесена отметка, а теперь возвращено прежнее. "
        "Проверьте, выполнено ли прежнее требование."
    )


def test_a_term_put_off_around_a_record(story: Story) -> None:
    text = "text: 3 квартал 2024\n      quarters: [3]"
    late = "text: 3, 4 квартал 2024\n      quarters: [3, 4]"
    audit(story, text, late)
    on(story, "2024-10-02").record(day="2024-10-01")
    commit = audit(on(story, "2024-10-03"), late, text)
    assert ("requirement-loosened", commit) in story.found()


def test_a_postponement_taken_back_after_a_record(story: Story) -> None:
    before = story.plan.read_text(encoding="utf-8")
    story.do(postpone, "1.1.3", to="4 квартал 2024", reason="Так", day=date(2024, 9, 27))
    after = story.plan.read_text(encoding="utf-8")
    (block,) = re.findall(r"    postponements:\n(?:      .*\n)+", after)
    assert after.replace(block, "") == before
    on(story, DAYS[1]).record("1.1.3", quarter=4, complete=False)
    commit = audit(on(story, DAYS[2]), block, "")
    assert story.found() == [("requirement-loosened", commit)]


def test_backdating_allowed_around_an_old_record(story: Story) -> None:
    on(story, "2024-12-20")
    audit(story, "language: ru\n", "language: ru\naudit:\n  backdating_days: 366\n")
    act = on(story, "2024-12-21").record()
    back = audit(on(story, "2024-12-22"), "audit:\n  backdating_days: 366\n", "")
    (finding,) = story.findings()
    assert (finding.code, finding.commit and finding.commit.id) == ("requirement-loosened", back)
    assert f"21.12.2024 ({act[:10]}) внесено то, чего оно не допускало" in finding.message()


def test_changes_that_loosen_nothing(story: Story) -> None:
    """A mistake set right, a record that was taken back, a requirement that was raised."""
    begin(story)
    with_target(story, "50")
    with_target(on(story, DAYS[1]), "90")
    story.record("1.1.3", complete=False)
    with_target(story, "50")
    on(story, DAYS[2]).record("1.1.1", complete=False)
    with_target(story, "90")
    with_target(on(story, DAYS[3]), "95")
    story.record("2.2.1", complete=False)
    with_target(story, "90")
    with_target(story, "50")
    story.record("1.1.3", quarter=2, complete=False)
    story.undo()
    story.undo()
    assert story.codes() == []


def test_a_target_that_stays_lowered(story: Story) -> None:
    begin(story)
    with_target(story, "50")
    story.record("1.1.3", complete=False)
    with_target(on(story, DAYS[1]), "70")
    assert story.codes() == []


@pytest.mark.parametrize("days", ["366", "60"])
def test_backdating_allowed_for_nothing(story: Story, days: str) -> None:
    audit(story, "language: ru\n", f"language: ru\naudit:\n  backdating_days: {days}\n")
    on(story, DAYS[1]).record()
    audit(on(story, DAYS[2]), f"audit:\n  backdating_days: {days}\n", "")
    assert story.codes() == []


TARGET: dict[str, Plain] = {"name": "Доля", "unit": "%", "target": 90, "period": "year"}


@pytest.mark.parametrize(
    ("key", "old", "new", "is_loosened"),
    [
        *(
            ("indicator", {**TARGET, "direction": direction}, {**TARGET, **changed}, is_loosened)
            for direction, target, is_loosened in (
                *(("not_less", 89, True), ("not_less", 90.5, False)),
                *(("not_more", 90.5, True), ("not_more", 89, False)),
            )
            for changed in [{"direction": direction, "target": target}]
        ),
        ("indicator", TARGET, {**TARGET, "target": 95, "unit": "чел."}, True),
        ("indicator", {"name": "Доля"}, TARGET, True),
        ("indicator", [TARGET], TARGET, True),
        ("term", {"due": "2024-06-30"}, {"due": "2024-07-01"}, True),
        ("term", {"due": "2024-06-30"}, {"due": "2024-06-29"}, False),
        ("term", {"points": ["2024-03-01", "2024-06-30"]}, {"due": "2024-06-29"}, False),
        ("term", {"due": "2024-06-29"}, {"points": ["2024-06-30"], "due": "2024-06-30"}, True),
        ("term", {"quarters": [1, 2]}, {"quarters": [3]}, True),
        ("term", {"quarters": [1, 3]}, {"quarters": [1, 2]}, False),
        ("term", {"quarters": ["2024-Q3"]}, {"quarters": ["2025-Q1"]}, True),
        ("term", {"quarters": ["2025-Q1"]}, {"quarters": ["2024-Q3"]}, False),
        ("term", {"quarters": ["2024-Q3", "2024-Q4"]}, {"quarters": ["2025-Q1", 1]}, True),
        ("term", {"quarters": ["2025-Q1"]}, {"quarters": ["2024-Q4", "2025-Q1"]}, False),
        ("term", {"points": ["2024-03-01"]}, {"points": ["2024-02-01", "2024-03-01"]}, False),
        ("term", {"due": 7, "quarters": [2]}, {"quarters": [2]}, False),
        ("indicator", {**TARGET, "target": "90"}, {**TARGET, "target": 95}, True),
        ("indicator", {**TARGET, "target": 90}, {**TARGET, "target": "95"}, True),
        # Where it cannot be told, it may have been.
        ("term", {"quarters": [4]}, {"due": "2024-01-01"}, True),
        ("term", {"quarters": [4]}, {"quarters": ["2024-Q1"]}, True),
        ("term", {"text": "постоянно"}, {"due": "2024-01-01"}, True),
        ("term", {"due": "2024-01-01"}, {"text": "постоянно"}, True),
        ("term", {"text": "постоянно"}, {"text": "по мере надобности"}, True),
        ("term", {"due": "2024-01-01"}, None, True),
        ("responsible", "Отдел", "Иной", True),
    ],
)
def test_which_change_makes_a_requirement_easier(
    key: str, old: Plain, new: Plain | None, *, is_loosened: bool
) -> None:
    assert requirement_checks._is_loosened(key, old, new) is is_loosened
