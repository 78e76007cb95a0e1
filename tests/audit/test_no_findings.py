"""Work through the program gives no findings, and neither do merges and rebases of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest

from kvartal.history.sync.divergence import Side
from kvartal.history.sync.sync import synchronise
from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.corrections import Correction, DocumentCorrection, correct
from kvartal.schema.document_fields import set_document
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.measure import Document
from kvartal.schema.moving import Destination, copy, move
from kvartal.schema.operations import add, cancel, postpone, record, remove, set_fields
from kvartal.schema.plan_data import rows_of
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.structure import (
    PartKind,
    add_part,
    move_part,
    part_numbered,
    parts,
    remove_part,
    set_part,
)
from kvartal.schema.writing import RecordDraft
from tests.audit.story import Story
from tests.support.plans import rewrite

DAY = date(2024, 9, 27)


def new_row(number: str = "1.1.9") -> dict[str, object]:
    return {
        "channel": "1.1",
        "number": number,
        "proposal": "Пандусы",
        "actions": ["Обследование", "Установка"],
        "term": {"text": "4 квартал 2024", "quarters": [4]},
        "result": "Установлены",
    }


def bulk(data: PlanData) -> Change:
    """One change of several measures: the report of a quarter."""
    report = Document("Отчёт", "7", DAY)
    return record(
        data,
        ["1.1.1", "1.1.3", "2.2.1"],
        RecordDraft(CalendarQuarter(2024, 3), DAY, documents=(report,)),
    )


def imported(data: PlanData) -> Change:
    """Figures from elsewhere, with facts of this month."""
    first = set_fields(data, "1.1.3", {"budget.plan": "1250000,5", "responsible": "Отдел"})
    later = apply_edits(data, first.edits)
    report = Document("Отчёт", "1", date(2024, 3, 28))
    second = record(
        later,
        ["1.1.1"],
        RecordDraft(CalendarQuarter(2024, 1), date(2024, 9, 2), documents=(report,)),
    )
    return Change(ChangeKind.IMPORT, (*first.edits, *second.edits))


OPERATIONS: dict[str, Callable[[Story, Path], object]] = {
    "a field": lambda story, _: story.set(responsible="Отдел ОК"),
    "several fields": lambda story, _: story.set(notes="# Да\n- нет → да", budget__plan="10000"),
    "a record": lambda story, act: story.record(sources=[act]),
    "several files": lambda story, act: story.record(sources=[act, Path(__file__)]),
    "a bulk record": lambda story, _: story.do(bulk),
    "an import": lambda story, _: story.do(imported),
    "a postponement": lambda story, _: story.do(
        postpone, "1.1.2", to="4 квартал 2024", reason="Задержка", day=DAY, basis="Приказ № 5"
    ),
    "a cancellation": lambda story, _: story.do(cancel, "1.1.3", reason="Снято", day=DAY),
    "a new measure": lambda story, _: story.do(add, new_row()),
    "a removal": lambda story, _: story.do(remove, "3.4.1-2"),
    "a step": lambda story, _: story.set(actions="Первый; Второй → третий"),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_work_through_the_program(story: Story, act: Path, name: str) -> None:
    OPERATIONS[name](story, act)
    story.now = "2024-12-20T10:00:00+03:00"
    story.undo()
    story.redo()
    assert story.codes() == []


def test_several_undos_of_interleaved_changes(story: Story, act: Path, other_act: Path) -> None:
    story.record(sources=[act])
    story.set(responsible="Отдел")
    story.record("1.1.1", sources=[other_act], complete=False)
    story.set("1.1.1", notes="Примечание")
    for _ in range(4):
        story.undo()
    story.now = "2024-12-29T10:00:00+03:00"
    for _ in range(3):
        story.redo()
    story.set("1.1.3", notes="После")
    assert story.codes() == []


def test_an_earlier_change_undone_by_name_and_redone(story: Story) -> None:
    first = story.set(notes="Да")
    story.set("1.1.3", notes="Да")
    story.undo(first)
    story.redo()
    assert story.codes() == []


def test_restored_measures(story: Story, act: Path) -> None:
    story.record(sources=[act])
    story.set(notes="Да", responsible="Отдел → отдел")
    then = story.set("1.1.1", notes="Между тем")
    story.now = "2024-12-20T10:00:00+03:00"
    story.do(remove, "3.4.1-2")
    story.set(notes="Нет", result="Другой")
    for _ in range(5):
        story.undo()
    story.restore(then)
    assert "Kvartal-Restores" in story.message()
    story.restore(story.git("rev-list", "--max-parents=0", "HEAD").strip())
    story.undo()
    assert story.codes() == []


def test_adopted_edits(story: Story) -> None:
    story.rewrite("number: №АЭС/593", "number: №АЭС/594")
    story.adopt()
    story.rewrite("year: 2024", "# Примечание\nyear: 2024")
    story.adopt("Опечатка → исправлена")
    story.rewrite("language: ru\n", "language: ru\naudit:\n  backdating_days: 60\n")
    story.adopt()
    assert story.codes() == []


def test_a_version_broken_outside_the_program_and_repaired_through_it(story: Story) -> None:
    story.rewrite("language: ru", "language: [")
    broken = story.commit("Сломано")
    story.rewrite("language: [", "language: ru")
    story.adopt()
    assert story.found() == [("broken-version", broken), ("by-hand", broken)]


def test_trailers_added_by_hooks(story: Story) -> None:
    hook = story.repo / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\nprintf '\\n\\nSigned-off-by: A <a@b.c>\\nChange-Id: I1\\n' >> \"$1\"\n"
    )
    hook.chmod(0o755)
    story.set(responsible="Отдел")
    story.undo()
    assert "Signed-off-by" in story.message()
    assert story.codes() == []


def test_a_new_measure_under_another_number_with_all_its_facts(story: Story) -> None:
    story.now = "2024-03-29T10:00:00+03:00"
    story.record("1.1.3", quarter=1, day="2024-03-28", complete=False)
    story.now = "2024-12-20T10:00:00+03:00"
    text = story.plan.read_text(encoding="utf-8")
    story.plan.write_text(text.replace("1.1.3", "1.1.8"), encoding="utf-8")
    story.adopt()
    assert story.codes() == []


def diverged(story: Story, here: Callable[[], object], there: Callable[[], object]) -> None:
    """Let two branches diverge."""
    story.git("branch", "other")
    here()
    story.git("switch", "--quiet", "other")
    there()
    story.git("switch", "--quiet", "main")


def test_clean_merges_through_the_driver(story: Story, act: Path, other_act: Path) -> None:
    story.set_up()
    diverged(
        story,
        lambda: (story.set(responsible="Отдел"), story.record(sources=[act], complete=False)),
        lambda: (
            story.set(notes="Да"),
            story.record(sources=[other_act], complete=False, day="2024-09-26"),
        ),
    )
    story.git("merge", "--quiet", "--no-edit", "other")
    assert story.codes() == []
    story.git("switch", "--quiet", "other")
    story.set("1.1.3", notes="И здесь")
    story.git("merge", "--quiet", "--no-edit", "main^")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--no-edit", "other")
    assert story.git("log", "--merges", "--format=%H").count("\n") == 3
    assert story.codes() == []


def test_criss_cross(story: Story) -> None:
    diverged(
        story, lambda: story.set("1.1.1", notes="Да"), lambda: story.set("3.4.1-2", notes="Да")
    )
    story.git("tag", "one", "main")
    story.git("merge", "--quiet", "--no-edit", "other")
    story.git("switch", "--quiet", "other")
    story.git("merge", "--quiet", "--no-edit", "one")
    story.set("1.1.1", notes="Там")
    story.git("switch", "--quiet", "main")
    story.set("3.4.1-2", notes="Здесь")
    story.git("merge", "--quiet", "--no-edit", "other")
    assert story.codes() == []


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_conflict_settled_by_choosing_a_side(story: Story, side: str) -> None:
    diverged(
        story,
        lambda: (story.set(responsible="Наш", notes="Наше"), story.set("1.1.3", notes="Здесь")),
        lambda: (story.set(responsible="Их", notes="Их"), story.set("1.1.1", notes="Там")),
    )
    story.git("merge", "--quiet", "--no-edit", "other", check=False)
    text = story.plan.read_text(encoding="utf-8")
    assert "<<<<<<<" in text
    story.plan.write_text(chosen(text, side), encoding="utf-8")
    story.commit("Слияние")
    assert story.codes() == []


def chosen(text: str, side: str) -> str:
    """Return a text with one side of each of its conflicts."""
    lines, state = [], ""
    for line in text.splitlines(keepends=True):
        if line.startswith("<<<<<<<"):
            state = "ours"
        elif line.startswith("|||||||"):
            state = "base"
        elif line.startswith("=======") and state:
            state = "theirs"
        elif line.startswith(">>>>>>>"):
            state = ""
        elif state in {"", side}:
            lines.append(line)
    return "".join(lines)


def test_rebased_and_cherry_picked_work(story: Story, act: Path) -> None:
    story.git("branch", "other")
    story.set("1.1.1", notes="Раньше")
    # The messages of the others call it as it was called there.
    story.set(proposal="Очереди в офисах")
    story.git("switch", "--quiet", "other")
    story.record(sources=[act])
    story.set(notes="Да")
    story.undo()
    story.redo()
    story.now = "2024-10-02T10:00:00+03:00"
    story.git("-c", "user.name=Другой", "rebase", "--quiet", "main")
    assert story.codes() == []
    story.git("switch", "--quiet", "main")
    story.git("cherry-pick", "-x", "other~3")
    assert story.codes() == []


def test_the_work_of_two_clones(story: Story, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    story.git("clone", "--quiet", "--bare", story.repo, bare)
    story.git("remote", "add", "origin", bare)
    story.git("fetch", "--quiet", "-u", "origin")
    story.git("branch", "--quiet", "-u", "origin/main")
    other = story.clone(tmp_path / "other")
    story.set("1.1.1", responsible="Отдел")
    other.set("2.2.1", notes="Да")
    story.git("push", "--quiet")
    other.git("pull", "--quiet", "--no-rebase", "--no-edit")
    other.git("push", "--quiet")
    story.git("pull", "--quiet")
    assert story.codes() == other.codes() == []


def test_other_files_of_the_repository(story: Story) -> None:
    (story.repo / "README").write_text("Да")
    (story.plan.parent / "evidence").mkdir()
    (story.plan.parent / "evidence" / "черновик.txt").write_text("Не приложен")
    story.commit("Заметки")
    assert story.codes() == []


def test_different_line_ends_on_the_disk(story: Story) -> None:
    story.git("config", "core.autocrlf", "true")
    story.plan.unlink()
    story.git("checkout", "--", story.plan)
    assert b"\r\n" in story.plan.read_bytes()
    story.set(responsible="Отдел")
    assert story.codes() == []


def test_a_plan_at_the_top_of_its_repository(tmp_path: Path, root: Path, act: Path) -> None:
    repo = tmp_path / "top"
    repo.mkdir()
    plan = repo / "2024.yaml"
    plan.write_bytes((root / "plan" / "2024.yaml").read_bytes())

    class Top(Story):
        @property
        def repo(self) -> Path:
            return self.plan.parent

    story = Top(plan)
    story.git("init", "--quiet")
    story.adopt()
    story.record(sources=[act])
    story.undo()
    rewrite(plan, "№АЭС/593", "№АЭС/594")
    story.adopt()
    assert story.codes() == []


def test_the_whole_year(whole_year: Path) -> None:
    """A coordinator's year has one finding: the one commit made outside the program."""
    story = Story(whole_year / "plan" / "2024.yaml")
    (finding,) = story.findings(full=True)
    assert finding.code == "by-hand"
    assert finding.commit is not None
    assert "Kvartal-" not in finding.commit.message


def test_synchronised_work(story: Story, tmp_path: Path) -> None:
    """Both attach a file of one name, both change one field, and one side is chosen."""
    bare = tmp_path / "bare.git"
    story.git("clone", "--quiet", "--bare", story.repo, bare)
    story.git("remote", "add", "origin", bare)
    story.git("fetch", "--quiet", "origin")
    story.git("branch", "--quiet", "-u", "origin/main")
    other = story.clone(tmp_path / "other")
    for one, words in ((story, "Один"), (other, "Другой")):
        file = tmp_path / words / "Акт.pdf"
        file.parent.mkdir()
        file.write_text(words, encoding="utf-8")
        one.record(sources=[file], complete=False)
        one.set(notes=words, responsible="Отдел")
        one.do(add, new_row() | {"proposal": words})
    channel = PartKind.CHANNEL
    story.do(lambda data: set_part(data, part_numbered(data, "1.1", channel), {"number": "1.9"}))
    story.do(lambda data: move_part(data, part_numbered(data, "3"), after="1"))
    other.do(lambda data: move(data, "3.4.1-2", Destination(channel="1.1")))
    other.do(lambda data: set_part(data, part_numbered(data, "1.1", channel), {"title": "Офисы"}))
    other.do(lambda data: set_part(data, part_numbered(data, "3.4", channel), {"title": "Сайты"}))
    for one, words in ((story, "13"), (other, "14")):
        document = {0: DocumentCorrection(number=words)}
        one.do(correct, "1.1.2", 0, Correction(changed_documents=document))
        one.do(move, "1.1.3", Destination(channel="1.2" if one is story else "1.4"))
    for one in (story, other, story, other):
        with one.clock():
            synchronise(one.plan, choices=Side.OURS)
    assert story.head == other.head
    assert story.codes() == other.codes() == []
    places = {row["id"]: row.get("channel") for row in rows_of(story.data)}
    assert places["3.4.1-2"] == places["1.1.2"] == "1.9"
    titles = {part.number: part.row["title"] for part in parts(story.data)}
    assert (titles["1.9"], titles["3.4"]) == ("Офисы", "Сайты")


def test_structure_corrections_and_moves_in_any_order(story: Story, act: Path) -> None:
    """Each is saved, some are taken back and done again: nothing of it is a finding."""
    chance = Random(11)  # noqa: S311 - no secret
    story.record(sources=[act])
    channel = PartKind.CHANNEL
    makes: list[Callable[[PlanData], Change]] = [
        lambda data: correct(
            data, "1.1.2", 0, Correction(documents=(Document("Письмо", "7"),), reason="Опечатка")
        ),
        lambda data: move(data, "3.4.1-2", Destination(channel="3.6")),
        lambda data: move(data, "1.1.1", Destination(number="7.7", is_kept=True)),
        lambda data: copy(data, "1.1.2", Destination(channel="1.5")),
        lambda data: add_part(data, PartKind.SECTION, {"number": "4", "title": "Доступность"}),
        lambda data: set_part(data, part_numbered(data, "1.1", channel), {"number": "1.9"}),
        lambda data: set_part(data, part_numbered(data, "2"), {"title": "Дальнее"}),
        lambda data: move_part(data, part_numbered(data, "1"), after="3"),
        lambda data: move_part(data, part_numbered(data, "1.3", channel), under="2"),
        lambda data: remove_part(data, part_numbered(data, "1.4", channel)),
        lambda data: set_document(data, {"title": "Иная", "levels": '["Глава", "Пункт"]'}),
        lambda data: set_fields(data, "1.1.3", {"notes": "После"}),
    ]
    chance.shuffle(makes)
    for make in makes:
        story.do(make)
        if chance.random() < 0.2:
            story.undo()
            story.redo()
    undone = 4
    for _ in range(undone):
        story.undo()
    kept = story.data
    story.redo()
    story.undo()
    assert story.data == kept
    story.do(lambda data: correct(data, "1.1.2", 0, Correction(removed_files=(act.name,))))
    assert "evidence/" not in story.git("ls-files", "*.pdf")
    story.undo()
    assert story.git("ls-files", "-z", "*.pdf")
    assert story.codes() == []
