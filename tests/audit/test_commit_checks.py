"""Versions that are broken, completed without evidence, removed, renamed or begun again."""

from pathlib import Path

import pytest

from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.loader import load
from kvartal.schema.operations import remove
from tests.audit.story import Story


def test_a_broken_version_repaired_later(story: Story) -> None:
    story.rewrite("language: ru", "language: фр")
    broken = story.commit("Язык")
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    still = story.commit("Ещё")
    story.rewrite("language: фр", "language: ru")
    mended = story.commit("Починено")
    assert story.found() == [
        ("broken-version", broken),
        ("by-hand", broken),
        ("by-hand", still),
        ("by-hand", mended),
    ]
    (finding,) = (one for one in story.findings(full=True) if one.code == "broken-version")
    line = story.git("show", f"{broken}:plan/2024.yaml").split("\n").index("language: фр") + 1
    assert f"plan/2024.yaml, строка {line}: schema-enum" in finding.message()


def test_a_value_changed_under_cover_of_an_unreadable_version(story: Story) -> None:
    story.set(notes="Было")
    readable = story.head
    story.rewrite("language: ru", "language: [")
    broken = story.commit("Сломано")
    story.rewrite("notes: Было", "notes: Стало")
    still = story.commit("Ещё")
    story.rewrite("language: [", "language: ru")
    mended = story.commit("Починено")
    assert story.found() == [
        ("broken-version", broken),
        ("by-hand", broken),
        ("by-hand", still),
        ("by-hand", mended),
    ]
    finding = story.findings(full=True)[-1]
    assert finding.measure == "1.1.2"
    assert f"по сравнению с последней читаемой ({readable[:10]})" in finding.message()
    assert "Было → Стало" in finding.message()


def test_an_unreadable_version_put_back_as_it_was(story: Story) -> None:
    story.rewrite("language: ru", "language: [")
    story.commit("Сломано")
    story.rewrite("language: [", "language: ru")
    story.commit("Починено")
    assert "возвращено то, что было в последней читаемой" in story.findings()[-1].message()


def test_an_adopted_edit_says_what_it_changes_across_an_unreadable_version(story: Story) -> None:
    story.set(notes="Было")
    story.rewrite("language: ru", "language: [")
    broken = story.commit("Сломано")
    story.rewrite("language: [", "language: ru")
    story.rewrite("notes: Было", "notes: Стало")
    story.adopt()
    assert "Было → Стало" in story.message()
    assert "Мероприятий" not in story.message()
    assert story.found() == [("broken-version", broken), ("by-hand", broken)]


def test_a_message_that_calls_everything_new_hides_what_was_changed(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So an edit was adopted over an unreadable version before."""
    monkeypatch.setattr("kvartal.history.store.adoption._last_readable", lambda *_: None)
    story.set(notes="Было")
    for notes, codes in (("Было", []), ("Стало", ["message-disagrees"])):
        story.rewrite("language: ru", "language: [")
        story.commit("Сломано")
        story.rewrite("language: [", "language: ru")
        story.rewrite("notes: Было", f"notes: {notes}")
        story.adopt()
        assert [code for code, commit in story.found() if commit == story.head] == codes
    # Over a version that is a programme none was written so.
    story.rewrite("notes: Стало", "notes: Иначе")
    commit = story.commit(story.message().replace("Стало", "Иначе"))
    assert story.found()[-1] == ("message-disagrees", commit)


def test_a_measure_whose_id_is_a_number(story: Story) -> None:
    story.rewrite("- id: 1.1.2", "- id: 5")
    broken = story.commit("Номер")
    story.rewrite("- id: 5", "- id: 5\n    notes: x")
    still = story.commit("Примечания")
    assert story.found() == [("broken-version", broken), ("by-hand", broken), ("by-hand", still)]


def test_an_unreadable_version_with_a_place_in_a_measure(story: Story) -> None:
    """The problem has a place in the file, but there are no measures to name."""
    story.rewrite("    result: Обеспечено", "    result: Дважды\n    result: Обеспечено")
    broken = story.commit("Дважды")
    assert story.found() == [("broken-version", broken), ("by-hand", broken)]
    assert "yaml-duplicate-key" in story.findings(full=True)[0].message()


def test_duplicate_ids_from_two_branches(story: Story) -> None:
    text = story.plan.read_text(encoding="utf-8")
    start = text.index("  - id: 1.1.2\n")
    row = text[start : text.index("  - id: ", start + 5)].replace("1.1.2", "1.1.9")
    story.git("branch", "other")
    story.plan.write_text(text.replace("  - id: 1.1.1\n", row + "  - id: 1.1.1\n"), "utf-8")
    story.commit("Наше")
    story.git("switch", "--quiet", "other")
    story.plan.write_text(text + row.replace("установк", "покупк"), "utf-8")
    story.commit("Их")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--no-edit", "other")
    found = [one for one in story.findings() if one.code == "broken-version"]
    assert [one.commit.id for one in found if one.commit] == [story.head]
    assert "id-duplicate" in found[0].message()
    assert found[0].measure == "1.1.9"


def test_a_plan_removed_and_begun_again(story: Story) -> None:
    story.do(remove, "3.4.1-2")
    content = story.plan.read_bytes()
    story.plan.unlink()
    removed = story.commit("Убрано")
    story.plan.parent.mkdir(exist_ok=True)
    story.plan.write_bytes(content.replace("АЭС/593".encode(), "АЭС/999".encode()))
    again = story.commit("Программа на 2024 год")
    codes = [("plan-removed", removed), ("plan-begun-again", again), ("by-hand", again)]
    assert story.found() == codes
    assert "№АЭС/593 → №АЭС/999" in story.findings(full=True)[-1].message()


def test_a_renamed_plan(story: Story) -> None:
    story.git("mv", story.plan, story.repo / "план.yaml")
    (story.repo / "план.yaml").write_text(
        (story.repo / "план.yaml").read_text(encoding="utf-8").replace("№АЭС/593", "№АЭС/999"),
        encoding="utf-8",
    )
    away = story.commit("Переезд")
    (story.repo / "plan").mkdir(exist_ok=True)
    story.git("mv", "план.yaml", story.plan)
    story.git("commit", "--quiet", "-m", "Обратно")
    back = story.head
    assert story.found() == [("plan-removed", away), ("plan-begun-again", back), ("by-hand", back)]
    moved = story.plan.with_name("2024-план.yaml")
    story.git("mv", story.plan, moved)
    story.git("commit", "--quiet", "-m", "Другое имя")
    (finding,) = Story(moved).findings()
    assert finding.code == "plan-moved"
    assert "plan/2024.yaml" in finding.message()
    removed = story.findings()  # Under the old name the history can be verified to its end.
    codes = [one.code for one in removed]
    assert codes == ["plan-removed", "plan-begun-again", "by-hand", "plan-removed"]


@pytest.mark.parametrize("how", ["at once", "a copy first", "away in between"])
def test_a_plan_changed_while_it_is_renamed(story: Story, how: str) -> None:
    content = story.plan.read_text(encoding="utf-8")
    moved = Story(story.plan.with_name("план.yaml"))
    if how == "away in between":
        story.plan.unlink()
        story.commit("Убрано")
        story.plan.parent.mkdir(exist_ok=True)
    moved.plan.write_text(content.replace("№АЭС/593", "№АЭС/999"), encoding="utf-8")
    if how == "at once":
        story.plan.unlink()
    commit = story.commit("Другое имя")
    if how == "a copy first":
        assert moved.found() == []
        story.plan.unlink()
        story.commit("Убрано")
    assert moved.found() == [("plan-moved", commit), ("by-hand", commit)]
    assert "№АЭС/593 → №АЭС/999" in moved.findings(full=True)[1].message()


def test_the_plan_of_the_next_year_is_no_rename(story: Story) -> None:
    new = story.plan.with_name("2025.yaml")
    text = story.plan.read_text(encoding="utf-8")
    new.write_text(text.replace("year: 2024", "year: 2025"), encoding="utf-8")
    story.commit("Программа на 2025 год")
    story.plan.unlink()
    story.commit("Прошлогодняя убрана")
    assert "plan-moved" not in Story(new).codes()


@pytest.mark.parametrize("is_renamed", [True, False])
def test_a_plan_that_is_begun_where_another_file_of_measures_goes(
    story: Story, *, is_renamed: bool
) -> None:
    """A document that only quotes a plan was none."""
    old = story.plan.with_name("старая.yml" if is_renamed else "старая.md")
    story.git("mv", story.plan, old)
    story.commit("Прежде")
    new = Story(story.plan.with_name("2025.yaml"))
    text = old.read_text(encoding="utf-8")
    new.plan.write_text(text.replace("year: 2024", "year: 2025"), encoding="utf-8")
    old.unlink()
    commit = story.commit("Программа на 2025 год")
    found = [row for row in new.found() if row[0] == "plan-moved"]
    assert found == ([("plan-moved", commit)] if is_renamed else [])


def test_a_second_root_that_brings_a_plan(story: Story) -> None:
    story.git("switch", "--quiet", "--orphan", "other")
    story.plan.parent.mkdir(exist_ok=True)
    story.git("checkout", "main", "--", "plan")
    story.rewrite("№АЭС/593", "№АЭС/999")
    other = story.commit("Программа на 2024 год")
    story.git("switch", "--quiet", "main")
    story.set(responsible="Отдел")
    story.git("merge", "-q", "--no-edit", "--allow-unrelated-histories", "-X", "theirs", "other")
    assert ("plan-begun-again", other) in story.found()


def test_rules_between_measures_that_did_not_change(story: Story, act: Path) -> None:
    """A measure that kept the rules once is checked again only for the rules between measures."""
    story.rewrite("    number: 1.1.2\n", "    number: 1.1.2\n    same_work: [1.1.1]\n")
    story.adopt()
    story.record("1.1.3", sources=[act], complete=False)
    text = story.plan.read_text(encoding="utf-8")
    first, second, third = (text.index(f"  - id: 1.1.{number}\n") for number in (1, 2, 3))
    start = text.index("    records:\n", third)
    record = text[start : text.index("\n\n", start) + 1]
    versions = {
        "same-work-unknown": text[:first] + text[second:],
        "id-duplicate": text[:third] + text[second:],
        "channel-unknown": text[:first] + text[first:].replace('"1.1"', '"1.9"', 1),
        "evidence-path-duplicate": (
            text[: second - 1] + record.replace("size: ", "size: 1") + text[second - 1 :]
        ),
        "record-quarter-not-in-term": text[: third - 1]
        + record.replace("3", "1", 1)
        + text[third - 1 :],
    }
    commits = []
    for code, edited in versions.items():
        story.plan.write_text(edited, encoding="utf-8")
        commits.append((code, story.commit(code)))
        story.plan.write_text(text, encoding="utf-8")
        story.commit("Обратно")
    broken = [one for one in story.findings(full=True) if one.code == "broken-version"]
    for code, commit in commits:
        messages = [one.message() for one in broken if one.commit and one.commit.id == commit]
        assert any(code in message for message in messages), code


def test_completed_without_evidence(story: Story) -> None:
    commit = story.record(documents=())
    story.set(notes="Да")
    assert story.found() == [("completed-without-evidence", commit)]


def test_a_quarter_without_evidence_is_no_completion(story: Story) -> None:
    story.record("1.1.1", documents=(), complete=False)
    assert story.found() == []


def test_evidence_removed_from_a_completion(story: Story, act: Path) -> None:
    story.record(sources=[act], documents=())
    text = story.plan.read_text(encoding="utf-8")
    start = text.index("        evidence:\n")
    end = text.index("  - id: 1.1.3")
    story.plan.write_text(text[:start] + text[end:], encoding="utf-8")
    commit = story.adopt()
    assert story.found() == [("completed-without-evidence", commit)]


@pytest.mark.parametrize("is_same", [True, False])
def test_the_next_programme_begun_by_two(story: Story, *, is_same: bool) -> None:
    """What both began alike brings nothing twice; where they differ, someone has to look."""
    new = Story(story.plan.with_name("2025.yaml"))
    text = story.plan.read_text(encoding="utf-8").replace("year: 2024", "year: 2025")
    text = text.replace('"2023-12', '"2024-12')
    story.git("branch", "other")
    for branch, number in (("main", "593"), ("other", "593" if is_same else "999")):
        story.git("switch", "--quiet", branch)
        new.plan.write_text(text.replace("АЭС/593", f"АЭС/{number}"), encoding="utf-8")
        story.commit(f"Программа на 2025 год: {branch}")
    story.git("switch", "--quiet", "main")
    story.git("merge", "-q", "--no-edit", "-X", "ours", "other")
    codes = new.codes()
    assert ("plan-begun-twice" in codes) is not is_same
    assert "plan-begun-again" not in codes
    # Likewise where the first beginning was verified before.
    assert ("plan-begun-twice" in new.codes(since="main^1", full=False)) is not is_same


def test_a_version_is_not_blamed_for_a_rule_that_came_later(story: Story) -> None:
    origin = 'carried_from: {plan: "/etc/2023.yaml", id: a}'
    story.rewrite("language: ru", "language: ru\nfields: [{key: notes, title: Примечания}]")
    story.rewrite("  - id: 1.1.2\n", f"  - id: 1.1.2\n    {origin}\n")
    edited = story.commit("Поле и прежняя программа")
    assert {problem.code for problem in check(load(story.plan.read_bytes(), "x"))} == {
        "field-reserved",
        "carried-from-outside",
    }
    assert set(story.found()) == {("by-hand", edited)}
