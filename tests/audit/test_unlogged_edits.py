"""Edits made outside the program."""

from tests.audit.story import Story


def test_an_edit_outside_the_program(story: Story) -> None:
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    commit = story.commit("Мелкая правка")
    (finding,) = story.findings()
    assert (finding.code, finding.measure) == ("by-hand", "1.1.2")
    assert finding.commit is not None
    assert finding.commit.id == commit
    assert finding.message().startswith("Изменено без программы: 1.1.2: ожидаемый результат")


def test_a_plain_revert(story: Story) -> None:
    story.set(responsible="Отдел")
    story.git("revert", "--no-edit", "HEAD")
    assert story.found() == [("by-hand", story.head)]


def test_an_edit_of_comments_alone(story: Story) -> None:
    story.rewrite("year: 2024", "# Примечание\nyear: 2024")
    commit = story.commit("Примечание")
    assert story.found() == [("by-hand", commit)]


def test_removed_trailers(story: Story) -> None:
    story.set(responsible="Отдел ОК")
    message = story.message().partition("Kvartal-")[0]
    commit = story.commit(message, "--amend")
    assert story.found() == [("by-hand", commit)]
