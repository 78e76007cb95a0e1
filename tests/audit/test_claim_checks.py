"""Messages of changes over commits that change no plan."""

from pathlib import Path

import pytest

from tests.audit.story import Story

NO_CHANGE = "Сообщение говорит об изменении, а программа не изменена."


def perfect(story: Story, act: Path, kind: str) -> str:
    """Return the message of a change that is in no version."""
    if kind == "record":
        story.record(sources=[act])
    else:
        story.set(responsible="Отдел ОК")
        if kind == "undo":
            story.undo()
    message = story.message()
    story.git("reset", "--quiet", "--hard", "HEAD~2" if kind == "undo" else "HEAD~1")
    return message


@pytest.mark.parametrize("kind", ["record", "set", "undo"])
def test_a_perfect_message_over_nothing(story: Story, act: Path, kind: str) -> None:
    commit = story.commit(perfect(story, act, kind), "--allow-empty")
    (finding,) = story.findings()
    assert (finding.code, finding.commit and finding.commit.id) == ("message-disagrees", commit)
    assert finding.message() == NO_CHANGE
    story.set("1.1.3", notes="Да")
    assert story.found() == [("message-disagrees", commit)]


def test_a_perfect_message_over_a_different_file(story: Story, act: Path) -> None:
    message = perfect(story, act, "record")
    (story.repo / "README").write_text("measures")
    (story.repo / "list.yaml").write_text("items: []\n")
    commit = story.commit(message)
    assert story.found() == [("message-disagrees", commit)]


def test_a_perfect_message_with_lines_of_a_hook_over_nothing(story: Story, act: Path) -> None:
    message = perfect(story, act, "set") + "\nSigned-off-by: A <a@b.c>\n"
    commit = story.commit(message, "--allow-empty")
    assert story.found() == [("message-disagrees", commit)]


def test_a_perfect_message_before_the_programme_begins(story: Story, act: Path) -> None:
    message, content = perfect(story, act, "set"), story.plan.read_bytes()
    story.git("switch", "--quiet", "--orphan", "new")
    empty = story.commit(message, "--allow-empty")
    story.plan.parent.mkdir(exist_ok=True)
    story.plan.write_bytes(content)
    story.commit("Программа на 2024 год")
    assert story.found() == [("message-disagrees", empty)]


def test_commits_that_claim_no_change(story: Story) -> None:
    story.commit("Пересборка", "--allow-empty")
    story.commit("1.1.2: исполнено 27.09.2024", "--allow-empty")
    story.commit("Разбор\n\nKvartal-Change: accept\n\nТак не пишут", "--allow-empty")
    story.commit("Замечание: принято\n\nKvartal-Change: accept\n", "--allow-empty")
    assert story.codes() == ["accept-forged"]  # It names no finding; not a claim of a change.


def test_changes_of_a_different_programme_of_the_repository(story: Story, act: Path) -> None:
    """Its evidence lies in the same folder; neither programme is to answer for the other."""
    other = Story(story.plan.with_name("2023.yaml"), story.now)
    other.plan.write_text(story.plan.read_text(encoding="utf-8"), encoding="utf-8")
    other.commit("Программа на 2023 год")
    other.record(sources=[act])
    other.set(notes="Да")
    other.undo()
    story.set(responsible="Отдел")
    assert story.codes() == []
    assert other.codes() == []


def test_a_programme_that_begins_beside_a_history_of_its_own(story: Story) -> None:
    """The first commit of the repository adds a different plan."""
    other = Story(story.plan.with_name("2023.yaml"), story.now)
    content = story.plan.read_bytes()
    story.git("switch", "--quiet", "--orphan", "new")
    story.plan.parent.mkdir(exist_ok=True)
    other.plan.write_bytes(content)
    other.commit("Программа: добавлено\n\nKvartal-Change: add\n")
    story.plan.write_bytes(content)
    story.commit("Программа на 2024 год")
    assert story.codes() == []
