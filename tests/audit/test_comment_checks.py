"""Comments that appear in the file under messages which do not speak of them."""

from collections.abc import Callable

import pytest

from kvartal.schema.operations import remove
from tests.audit.story import Story
from tests.audit.test_merge_checks import start_merge

PLACES: dict[str, tuple[str, str]] = {
    "above a field": ("    responsible:", "    # Утверждена директором\n    responsible:"),
    "after a value": ("responsible: Отдел ОК", "responsible: Отдел ОК  # Утверждена директором"),
    "at the top": ("year: 2024", "# Утверждена директором\nyear: 2024"),
    "after a key": ("measures:\n", "measures:  # Утверждена директором\n"),
    "in a list": ("    actions:\n", "    actions:\n      #Утверждена директором\n"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_comment_slipped_in_under_a_message(story: Story, place: str) -> None:
    story.set(responsible="Отдел ОК")
    message = story.message()
    story.rewrite(*PLACES[place])
    commit = story.commit(message, "--amend")
    (finding,) = story.findings()
    assert (finding.code, finding.commit and finding.commit.id) == ("comment-added", commit)
    assert finding.message() == (
        "В файле появился комментарий, о котором сообщение молчит: «# Утверждена директором». "
        "Комментарий ничего не подтверждает: программа его не читает."
    )


@pytest.mark.parametrize(
    ("count", "named"),
    [(3, "«# №0», «# №1», «# №2»."), (5, "«# №0», «# №1», «# №2», и ещё 2.")],
)
def test_of_several_comments_the_first_are_named(story: Story, count: int, named: str) -> None:
    story.set(responsible="Отдел ОК")
    message = story.message()
    comments = "".join(f"# №{number}\n" for number in range(count))
    story.rewrite("year: 2024", f"{comments}year: 2024")
    story.commit(message, "--amend")
    (finding,) = story.findings()
    assert f": {named}" in finding.message()


def test_a_comment_of_very_many_signs(story: Story) -> None:
    """It is found, and known again when the value before it changes."""
    comment = "# Утверждена директором" + " # #a" * 40 + " № 7"
    story.set(responsible="Отдел ОК")
    message = story.message()
    story.rewrite("responsible: Отдел ОК", f"responsible: Отдел ОК  {comment}")
    commit = story.commit(message, "--amend")
    (finding,) = story.findings()
    assert (finding.code, finding.commit and finding.commit.id) == ("comment-added", commit)
    assert f"«{comment[:100]}" in finding.message()
    story.set(responsible="Отдел ОК # 2")
    assert comment in story.plan.read_text(encoding="utf-8")
    assert story.found() == [("comment-added", commit)]


def test_a_comment_changed_under_a_message(story: Story) -> None:
    story.rewrite("year: 2024", "# Проект программы\nyear: 2024")
    story.adopt()
    story.set(responsible="Отдел ОК")
    message = story.message()
    story.rewrite("# Проект программы", "# Программа утверждена")
    commit = story.commit(message, "--amend")
    assert story.found() == [("comment-added", commit)]


def test_a_second_copy_of_a_comment(story: Story) -> None:
    story.rewrite("  - id: 1.1.1\n", "  # Согласовано\n  - id: 1.1.1\n")
    first = story.commit("Правка")
    story.set(responsible="Отдел ОК")
    message = story.message()
    story.rewrite("  - id: 1.1.2\n", "  # Согласовано\n  - id: 1.1.2\n")
    commit = story.commit(message, "--amend")
    assert story.found() == [("by-hand", first), ("comment-added", commit)]


@pytest.mark.parametrize("text", ["# Согласовано с бухгалтерией", "# Approved by the director"])
def test_an_adopted_edit_with_a_comment_about_a_decision(story: Story, text: str) -> None:
    story.rewrite("year: 2024", f"{text}\nyear: 2024")
    commit = story.adopt()
    assert story.found() == [("comment-added", commit)]
    assert f"«{text}»" in story.findings()[0].message()


def test_a_comment_that_a_merge_brings_from_nowhere(story: Story) -> None:
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes="Здесь"),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    story.rewrite("year: 2024", "# Утверждена директором\nyear: 2024")
    commit = story.commit("Слияние")
    assert story.found() == [("comment-added", commit)]


HONEST: dict[str, Callable[[Story], object]] = {
    "a value with a number sign": lambda story: story.set(
        notes="# Утверждена\n# Да # нет", responsible="Отдел # 5", budget__plan="5"
    ),
    "a removal": lambda story: story.do(remove, "1.1.2"),
    "other values": lambda story: (story.set(responsible="Отдел"), story.set("1.1.1", notes="Да")),
}


@pytest.mark.parametrize("name", HONEST)
def test_work_among_comments(story: Story, name: str) -> None:
    """The comments of a person stay, go with their measure and come back with an undo."""
    story.rewrite("  - id: 1.1.2\n", "  # Спросить Петрова\n  - id: 1.1.2  # наш\n")
    story.rewrite("year: 2024", "# Примечание\nyear: 2024")
    story.adopt("Заметки")
    HONEST[name](story)
    story.undo()
    story.redo()
    assert story.codes() == []


def test_comments_that_a_formatter_spaced_differently(story: Story) -> None:
    story.rewrite("year: 2024", "#  Примечание\nyear: 2024 #год")
    story.adopt()
    story.set(responsible="Отдел ОК")
    message = story.message()
    story.rewrite("#  Примечание\nyear: 2024 #год", "    # Примечание\nyear: 2024  # год")
    story.commit(message, "--amend")
    assert story.codes() == []


def test_a_comment_that_comes_with_one_side_of_a_merge(story: Story) -> None:
    def comment() -> None:
        story.rewrite("year: 2024", "# Примечание\nyear: 2024")
        story.adopt()

    start_merge(story, here=lambda: story.set("1.1.3", notes="Здесь"), there=comment)
    story.commit("Слияние")
    assert story.codes() == []
