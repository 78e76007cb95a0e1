"""Undo and redo of what changed many measures at once: bulk records with files, imports, a year."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.git.repository import find_repository
from kvartal.history.log.log import commits, entries
from kvartal.history.log.undo import Reversal, last_redo, last_undo, undo
from kvartal.history.log.undo_errors import FieldChangedLater, NothingToRedo
from kvartal.history.store.evidence import check_evidence, prepare_attachments
from kvartal.history.store.ledger import Ledger, SaveResult
from kvartal.schema.changes import Change, ChangeKind, Edit, Plain, PlanData
from kvartal.schema.operations import add, cancel, postpone, record, remove, set_fields
from kvartal.schema.writing import RecordDraft
from tests.support.repository import git, subjects, visible_state

TRAINING = ("1.1.3", "1.1.3-2", "1.2.3", "1.2.3-2")
DAY = date(2024, 3, 29)


class Desk:
    """A coordinator who starts the program anew for every step."""

    def __init__(self, plan: Path) -> None:
        self.plan = plan

    @property
    def repo(self) -> Path:
        return self.plan.parents[1]

    def do(self, make: Callable[[PlanData], Change]) -> str:
        ledger = Ledger(self.plan)
        snapshot = ledger.read()
        return ledger.apply(snapshot, make(snapshot.data)).commit or ""

    def record(self, *measures: str, name: str = "Отчёт.pdf") -> str:
        source = self.repo.parent / name
        source.write_bytes(name.encode())
        ledger = Ledger(self.plan)
        snapshot = ledger.read()
        files = {
            one: prepare_attachments([source], one, 2024, self.plan.parent) for one in measures
        }
        told = {one: [file.file for file in found] for one, found in files.items()}
        change = record(snapshot.data, measures, RecordDraft(1, DAY, files=told))
        attached = [file for found in files.values() for file in found]
        source_commit = ledger.apply(snapshot, change, attached).commit or ""
        source.unlink()
        return source_commit

    def undo(self) -> Reversal:
        return self.take(last_undo(find_repository(self.plan.parent), Ledger(self.plan).read()))

    def redo(self) -> Reversal:
        return self.take(last_redo(find_repository(self.plan.parent), Ledger(self.plan).read()))

    def undo_one(self, commit: str) -> Reversal:
        repository = find_repository(self.plan.parent)
        target = next(one for one in commits(repository, self.plan.name) if one.commit == commit)
        return self.take(undo(repository, Ledger(self.plan).read(), target))

    def take(self, reversal: Reversal) -> Reversal:
        """Carry out what was previewed; the commit changes just what the preview told."""
        ledger = Ledger(self.plan)
        outcome: SaveResult = ledger.apply(
            ledger.read(),
            reversal.change,
            reversal.attachments,
            reverts=reversal.reverts,
            exact_bytes=reversal.exact_bytes,
        )
        last = next(entries(find_repository(self.plan.parent), self.plan.name))
        assert last.commit == outcome.commit
        assert [group.lines for group in last.groups] == [group.lines for group in reversal.groups]
        return reversal

    def world(self) -> tuple[dict[str, bytes], set[str]]:
        """Return all files but git's own, and all folders."""
        found = visible_state(self.repo)
        assert found.leftovers == []
        return found.files, found.folders


@pytest.fixture
def desk(programme: Path) -> Desk:
    return Desk(programme)


def imported(data: PlanData) -> Change:
    """What a list from somebody changes: a field of many, a term, a new measure, one gone."""
    row: dict[str, Plain] = {
        "channel": "3.7",
        "number": "3.7.1",
        "proposal": "Приём обращений в мессенджере",
        "actions": ["Подключение чат-бота"],
        "term": {"text": "4 квартал 2024", "quarters": [4]},
        "result": "Обращения принимаются",
    }
    parts = (
        *(set_fields(data, one, {"responsible": "Отдел по персоналу"}) for one in TRAINING),
        postpone(data, "1.1.2", to="4", reason="Задержка", day=DAY),
        set_fields(data, "1.1.4", {"budget.plan": "4800000", "notes": "Смета: 12/24"}),
        add(data, row),
        remove(data, "3.4.1-2"),
    )
    return Change(ChangeKind.IMPORT, tuple(edit for part in parts for edit in part.edits))


def test_a_bulk_record_goes_and_comes_back_with_every_file(desk: Desk) -> None:
    before = desk.world()
    desk.record(*TRAINING)
    after = desk.world()
    assert len(after[0]) == len(before[0]) + len(TRAINING)
    undone = desk.undo()
    assert [group.id for group in undone.groups] == list(TRAINING)
    assert desk.world() == before
    desk.redo()
    assert desk.world() == after
    assert subjects(desk.repo, 2) == [
        "1.1.3 и ещё 3: возвращено: «отметка за I квартал, 29.03.2024, файл…»",
        "1.1.3 и ещё 3: отменено: «отметка за I квартал, 29.03.2024, файл…»",
    ]


def test_an_import_is_one_undo_whatever_it_did(desk: Desk) -> None:
    before = desk.world()
    desk.do(imported)
    after = desk.world()
    undone = desk.undo()
    assert {group.id for group in undone.groups} == {
        *TRAINING,
        "1.1.2",
        "1.1.4",
        "3.7.1",
        "3.4.1-2",
    }
    assert desk.world() == before
    desk.redo()
    assert desk.world() == after
    desk.undo()
    assert desk.world() == before


def test_any_depth_over_restarts(desk: Desk) -> None:
    """Single, bulk and imported, all the way back and all the way forth again."""
    worlds = [desk.world()]
    steps: list[Callable[[], str]] = [
        lambda: desk.do(lambda data: set_fields(data, "1.1.1", {"notes": "а"})),
        lambda: desk.record(*TRAINING),
        lambda: desk.do(imported),
        lambda: desk.record("1.1.1", "1.2.1", "1.1.3", name="Справка.pdf"),
        lambda: desk.do(lambda data: cancel(data, "1.1.4", reason="Нет денег", day=DAY)),
    ]
    for step in steps:
        step()
        worlds.append(desk.world())
    for world in reversed(worlds[:-1]):
        desk.undo()
        assert desk.world() == world
    for world in worlds[1:]:
        desk.redo()
        assert desk.world() == world
    desk.undo()
    desk.do(lambda data: set_fields(data, "1.2.2", {"notes": "иначе"}))
    with pytest.raises(NothingToRedo):
        desk.redo()


def test_an_older_import_is_taken_out_from_under_later_work(desk: Desk) -> None:
    """Other fields of the same measures, and records with files, stay."""
    older = desk.do(imported)
    desk.do(lambda data: set_fields(data, "1.1.3", {"notes": "Группа набрана"}))
    desk.record(*TRAINING)
    kept = desk.world()[0].keys()
    desk.undo_one(older)
    plan = Ledger(desk.plan).read().plan
    assert plan.measure("1.1.3").notes == "Группа набрана"
    assert [len(plan.measure(one).records) for one in TRAINING] == [1, 1, 1, 1]
    assert {plan.measure(one).responsible for one in TRAINING} == {None}
    assert "3.7.1" not in plan.by_id
    assert "3.4.1-2" in plan.by_id
    assert desk.world()[0].keys() == kept
    assert check_evidence(Ledger(desk.plan).read().data, desk.plan.parent) == ()


def test_one_field_changed_since_refuses_the_whole_of_it(desk: Desk) -> None:
    """Half an undo would be a change that nobody asked for."""
    older = desk.do(imported)
    desk.do(lambda data: set_fields(data, "1.2.3", {"responsible": "Учебный центр"}))
    before = desk.world()
    with pytest.raises(FieldChangedLater, match=r"1\.2\.3, «Ответственный исполнитель»"):
        desk.undo_one(older)
    assert desk.world() == before
    desk.undo()
    desk.undo()
    assert subjects(desk.repo, 1)[0].startswith("1.1.2 и ещё 7: отменено: «импорт: ")


def test_a_file_that_two_records_of_a_bulk_share_stays_with_the_other(desk: Desk) -> None:
    desk.record(*TRAINING)
    measures: Any = Ledger(desk.plan).read().data["measures"]
    first, other = (
        next(row["records"][0] for row in measures if row["id"] == name)
        for name in ("1.1.3", "1.2.3")
    )
    shared = Change(ChangeKind.SET, (Edit("1.2.3", ("records", 0), other, first),))
    desk.do(lambda _: shared)
    before = desk.world()
    assert "plan/evidence/2024/1.2.3/Отчёт.pdf" not in before[0]
    desk.undo()
    assert "plan/evidence/2024/1.2.3/Отчёт.pdf" in desk.world()[0]
    assert "plan/evidence/2024/1.1.3/Отчёт.pdf" in desk.world()[0]
    desk.redo()
    assert desk.world() == before


def test_the_end_of_a_year_back_and_forth(year: Path) -> None:
    """Bulk completions with files, in a history with merges, imports and edits by hand."""
    desk = Desk(year)
    git(desk.repo, "reset", "-q", "--hard", "HEAD~4")
    after, steps = desk.world(), 2
    for _ in range(steps):
        desk.undo()
    assert subjects(desk.repo, steps) == [
        "1.1.1, 1.2.1: отменено: «исполнено 26.12.2024, Справка о работе офисов…»",
        "1.1.4, 1.2.4: отменено: «исполнено 26.12.2024, Акт о приёмке…»",
    ]
    assert not (desk.plan.parent / "evidence/2024/1.2.4/Акт КС-2 № 4.pdf").exists()
    for _ in range(steps):
        desk.redo()
    assert desk.world() == after
