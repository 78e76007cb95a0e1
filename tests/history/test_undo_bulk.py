"""Undo and redo of what changed many measures at once: bulk records with files, imports, a year."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.log.log import commits, entries
from kvartal.history.log.undo import Reversal, redo_last, undo, undo_last
from kvartal.history.log.undo_errors import FieldChangedLater, NothingToRedo
from kvartal.history.store.attachments import prepare_attachments
from kvartal.history.store.evidence import check_evidence
from kvartal.history.store.ledger import Ledger, SaveResult
from kvartal.schema.changes import Change, ChangeKind, Edit, Plain, PlanData
from kvartal.schema.operations import add, cancel, postpone, record, remove, set_fields
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from tests.support.repository import git, subjects, visible_state

TRAINING = ("1.1.3", "1.1.3-2", "1.2.3", "1.2.3-2")
DAY = date(2024, 3, 29)


class Coordinator:
    """A coordinator who restarts the program for every step."""

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
            one: prepare_attachments([source], one, "2024", self.plan.parent) for one in measures
        }
        evidence = {one: [file.file for file in found] for one, found in files.items()}
        change = record(
            snapshot.data, measures, RecordDraft(CalendarQuarter(2024, 1), DAY, files=evidence)
        )
        attached = [file for found in files.values() for file in found]
        source_commit = ledger.apply(snapshot, change, attached).commit or ""
        source.unlink()
        return source_commit

    def undo(self) -> Reversal:
        return self.take(undo_last(find_repository(self.plan.parent), Ledger(self.plan).read()))

    def redo(self) -> Reversal:
        return self.take(redo_last(find_repository(self.plan.parent), Ledger(self.plan).read()))

    def undo_one(self, commit: str) -> Reversal:
        repository = find_repository(self.plan.parent)
        target = next(one for one in commits(repository, self.plan.name) if one.commit == commit)
        return self.take(undo(repository, Ledger(self.plan).read(), target))

    def take(self, reversal: Reversal) -> Reversal:
        """Carry out a previewed change; the commit changes exactly what the preview showed."""
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
        """Return all files but git's own, and all folders, but for the attributes, which stay."""
        found = visible_state(self.repo)
        assert found.leftovers == []
        found.files.pop("plan/evidence/.gitattributes", None)
        return found.files, found.folders - {"plan/evidence"}


@pytest.fixture
def coordinator(programme: Path) -> Coordinator:
    return Coordinator(programme)


def imported(data: PlanData) -> Change:
    """An import that changes a field of many measures and a term, adds a measure, deletes one."""
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
        postpone(data, "1.1.2", to="4 квартал 2024", reason="Задержка", day=DAY),
        set_fields(data, "1.1.4", {"budget.plan": "4800000", "notes": "Смета: 12/24"}),
        add(data, row),
        remove(data, "3.4.1-2"),
    )
    return Change(ChangeKind.IMPORT, tuple(edit for part in parts for edit in part.edits))


def test_a_bulk_record_is_undone_and_redone_with_every_file(coordinator: Coordinator) -> None:
    before = coordinator.world()
    coordinator.record(*TRAINING)
    after = coordinator.world()
    assert len(after[0]) == len(before[0]) + len(TRAINING)
    undone = coordinator.undo()
    assert [group.id for group in undone.groups] == list(TRAINING)
    assert coordinator.world() == before
    coordinator.redo()
    assert coordinator.world() == after
    assert subjects(coordinator.repo, 2) == [
        "1.1.3 и ещё 3: возвращено: «отметка за I квартал, 29.03.2024, файл…»",
        "1.1.3 и ещё 3: отменено: «отметка за I квартал, 29.03.2024, файл…»",
    ]


def test_an_import_is_one_undo_whatever_it_did(coordinator: Coordinator) -> None:
    before = coordinator.world()
    coordinator.do(imported)
    after = coordinator.world()
    undone = coordinator.undo()
    assert {group.id for group in undone.groups} == {
        *TRAINING,
        "1.1.2",
        "1.1.4",
        "3.7.1",
        "3.4.1-2",
    }
    assert coordinator.world() == before
    coordinator.redo()
    assert coordinator.world() == after
    coordinator.undo()
    assert coordinator.world() == before


def test_any_depth_over_restarts(coordinator: Coordinator) -> None:
    """Single, bulk and imported changes, all undone and all redone."""
    worlds = [coordinator.world()]
    steps: list[Callable[[], str]] = [
        lambda: coordinator.do(lambda data: set_fields(data, "1.1.1", {"notes": "а"})),
        lambda: coordinator.record(*TRAINING),
        lambda: coordinator.do(imported),
        lambda: coordinator.record("1.1.1", "1.2.1", "1.1.3", name="Справка.pdf"),
        lambda: coordinator.do(lambda data: cancel(data, "1.1.4", reason="Нет денег", day=DAY)),
    ]
    for step in steps:
        step()
        worlds.append(coordinator.world())
    for world in reversed(worlds[:-1]):
        coordinator.undo()
        assert coordinator.world() == world
    for world in worlds[1:]:
        coordinator.redo()
        assert coordinator.world() == world
    coordinator.undo()
    coordinator.do(lambda data: set_fields(data, "1.2.2", {"notes": "иначе"}))
    with pytest.raises(NothingToRedo):
        coordinator.redo()


def test_an_older_import_is_taken_out_under_later_changes(coordinator: Coordinator) -> None:
    """Different fields of the same measures, and records with files, stay."""
    older = coordinator.do(imported)
    coordinator.do(lambda data: set_fields(data, "1.1.3", {"notes": "Группа набрана"}))
    coordinator.record(*TRAINING)
    kept = coordinator.world()[0].keys()
    coordinator.undo_one(older)
    plan = Ledger(coordinator.plan).read().plan
    assert plan.measure("1.1.3").notes == "Группа набрана"
    assert [len(plan.measure(one).records) for one in TRAINING] == [1, 1, 1, 1]
    assert {plan.measure(one).responsible for one in TRAINING} == {()}
    assert "3.7.1" not in plan.by_id
    assert "3.4.1-2" in plan.by_id
    assert coordinator.world()[0].keys() == kept
    assert check_evidence(Ledger(coordinator.plan).read().data, coordinator.plan.parent) == ()


def test_one_field_changed_since_prevents_the_whole_undo(coordinator: Coordinator) -> None:
    """Half an undo would be a change that nobody wanted."""
    older = coordinator.do(imported)
    coordinator.do(lambda data: set_fields(data, "1.2.3", {"responsible": "Учебный центр"}))
    before = coordinator.world()
    with pytest.raises(FieldChangedLater, match=r"1\.2\.3, «Ответственный исполнитель»"):
        coordinator.undo_one(older)
    assert coordinator.world() == before
    coordinator.undo()
    coordinator.undo()
    assert subjects(coordinator.repo, 1)[0].startswith("1.1.2 и ещё 7: отменено: «импорт: ")


def test_a_file_shared_by_two_records_stays_with_the_other(coordinator: Coordinator) -> None:
    coordinator.record(*TRAINING)
    measures: Any = Ledger(coordinator.plan).read().data["measures"]
    first, other = (
        next(row["records"][0] for row in measures if row["id"] == name)
        for name in ("1.1.3", "1.2.3")
    )
    shared = Change(ChangeKind.SET, (Edit("1.2.3", ("records", 0), other, first),))
    coordinator.do(lambda _: shared)
    before = coordinator.world()
    assert "plan/evidence/2024/1.2.3/Отчёт.pdf" not in before[0]
    coordinator.undo()
    assert "plan/evidence/2024/1.2.3/Отчёт.pdf" in coordinator.world()[0]
    assert "plan/evidence/2024/1.1.3/Отчёт.pdf" in coordinator.world()[0]
    coordinator.redo()
    assert coordinator.world() == before


def test_the_end_of_a_year_back_and_forth(year: Path) -> None:
    """Bulk completions with files, in a history with merges, imports and manual edits."""
    coordinator = Coordinator(year)
    git(coordinator.repo, "reset", "-q", "--hard", "HEAD~4")
    after, steps = coordinator.world(), 2
    for _ in range(steps):
        coordinator.undo()
    assert subjects(coordinator.repo, steps) == [
        "1.1.1, 1.2.1: отменено: «исполнено 26.12.2024, Справка о работе офисов…»",
        "1.1.4, 1.2.4: отменено: «исполнено 26.12.2024, Акт о приёмке…»",
    ]
    assert not (coordinator.plan.parent / "evidence/2024/1.2.4/Акт КС-2 № 4.pdf").exists()
    for _ in range(steps):
        coordinator.redo()
    assert coordinator.world() == after
