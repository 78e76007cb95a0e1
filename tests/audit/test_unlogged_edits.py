"""Edits made outside the program."""

import json

import pytest

from tests.audit.story import Story


def test_an_edit_outside_the_program(story: Story) -> None:
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    commit = story.commit("Мелкая правка")
    (finding,) = story.findings()
    assert (finding.code, finding.measure) == ("by-hand", "1.1.2")
    assert finding.commit is not None
    assert finding.commit.id == commit
    assert finding.message().startswith("Изменено без программы: 1.1.2: ожидаемый результат")


def test_an_edit_of_a_file_that_was_laid_out_otherwise(story: Story) -> None:
    text = story.plan.read_text(encoding="utf-8")
    story.plan.write_text(json.dumps(story.data, ensure_ascii=False), encoding="utf-8")
    other_form = story.commit("JSON")
    story.plan.write_text(text.replace("Обеспечена установка терминала", "Обеспечено"), "utf-8")
    commit = story.commit("Обратно")
    assert story.found() == [("by-hand", other_form), ("by-hand", commit)]
    last = story.findings(full=True)[-1]
    assert last.message().startswith("Изменено без программы: 1.1.2: ожидаемый результат")


def test_an_edit_after_which_the_plan_cannot_be_read(story: Story) -> None:
    story.rewrite("year: 2024", "year: [2024")
    commit = story.commit("Порча")
    assert story.found() == [("broken-version", commit), ("by-hand", commit)]
    message = story.findings()[1].message()
    assert message == "Изменено без программы; что именно, не понять: файл не читается."


def test_an_edit_of_a_plan_that_could_never_be_read(story: Story) -> None:
    new = Story(story.plan.with_name("2025.yaml"))
    new.plan.write_text("year: [2025", encoding="utf-8")
    new.commit("Программа на 2025 год")
    new.plan.write_bytes(story.plan.read_bytes())
    commit = new.commit("Починено")
    assert new.found()[-1] == ("by-hand", commit)
    message = new.findings(full=True)[-1].message()
    assert message == "Изменено без программы; что именно, не понять: файл не читается."


def test_a_revert_by_git(story: Story) -> None:
    target = story.set(responsible="Отдел")
    story.git("revert", "--no-edit", "HEAD")
    (finding,) = story.findings()
    assert (finding.code, finding.measure) == ("git-revert", "1.1.2")
    assert finding.message() == (
        f"Командой git revert, а не программой, взято назад изменение {target[:10]} "
        "«1.1.2: ответственный исполнитель: — → Отдел»: "
        "1.1.2: ответственный исполнитель: Отдел → —"
    )
    story.git("revert", "--no-edit", "HEAD")
    assert story.codes() == ["git-revert", "git-revert"]


@pytest.mark.parametrize("option", [(), ("--reference",)])
def test_a_revert_by_git_of_what_is_not_the_last(story: Story, option: tuple[str, ...]) -> None:
    target = story.set(responsible="Отдел")
    story.set("1.1.1", notes="Да")
    story.git("revert", "--no-edit", *option, target)
    assert story.found() == [("git-revert", story.head)]


def test_a_revert_by_git_with_something_else(story: Story) -> None:
    target = story.set(responsible="Отдел")
    story.git("revert", "--no-commit", target)
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    story.commit(f'Revert "1.1.2"\n\nThis reverts commit {target}.\n')
    (finding,) = story.findings()
    assert finding.code == "by-hand"
    assert finding.message().startswith(
        "Изменено без программы. Сообщение говорит, что git revert взял назад изменение "
        f"{target[:10]}, а изменено другое: 1.1.2: "
    )


def test_a_comment_under_the_message_of_a_revert(story: Story) -> None:
    target = story.set(responsible="Отдел")
    story.git("revert", "--no-commit", target)
    story.rewrite("year: 2024", "# Утверждена директором\nyear: 2024")
    story.commit(f'Revert "1.1.2"\n\nThis reverts commit {target}.\n')
    assert story.codes() == ["by-hand"]


def test_a_revert_by_git_of_no_earlier_commit(story: Story) -> None:
    story.set(responsible="Отдел")
    story.rewrite("    responsible: Отдел\n", "")
    story.commit(f'Revert "1.1.2"\n\nThis reverts commit {"a" * 40}.\n')
    (finding,) = story.findings()
    assert finding.code == "by-hand"
    assert "изменение aaaaaaaaaa, а его раньше в истории нет: " in finding.message()


def test_a_revert_by_git_of_what_began_the_history(story: Story) -> None:
    first = story.head
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    story.commit(f'Revert "Программа"\n\nThis reverts commit {first}.\n')
    (finding,) = story.findings()
    assert finding.code == "by-hand"
    assert f"взял назад изменение {first[:10]}, а изменено другое: 1.1.2: " in finding.message()


def test_an_edit_of_comments_alone(story: Story) -> None:
    story.rewrite("year: 2024", "# Примечание\nyear: 2024")
    commit = story.commit("Примечание")
    assert story.found() == [("by-hand", commit)]


def test_removed_trailers(story: Story) -> None:
    story.set(responsible="Отдел ОК")
    message = story.message().partition("Kvartal-")[0]
    commit = story.commit(message, "--amend")
    assert story.found() == [("by-hand", commit)]
