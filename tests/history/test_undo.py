"""Undo and redo in real repositories: bytes, evidence files, restarts, refusals."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.undo import Reversal, redo_last, undo, undo_last
from kvartal.history.log.undo_errors import (
    AlreadyUndone,
    EarlierVersionUnreadable,
    FieldChangedLater,
    FieldDiffers,
    NothingToRedo,
    NothingToUndo,
)
from kvartal.history.log.undo_targets import redo_target, undo_target
from kvartal.history.messages.trailers import Trailers
from kvartal.history.store.ledger import Ledger, SaveResult
from kvartal.history.store.snapshot import InvalidReversal
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, PlanData
from kvartal.schema.operations import add, cancel, postpone, remove, set_fields
from kvartal.schema.quarters import CalendarQuarter
from tests.support.repository import changed_paths, record_with_file

Git = Callable[..., str]
NAME = "2024.yaml"
DAY = date(2024, 9, 10)


class Coordinator:
    """A coordinator who restarts the program for every step."""

    def __init__(self, plan: Path) -> None:
        self.plan = plan

    @property
    def repository(self) -> Repository:
        return find_repository(self.plan.parent)

    @property
    def bytes(self) -> bytes:
        return self.plan.read_bytes()

    @property
    def log(self) -> list[str]:
        return [entry.subject for entry in commits(self.repository, NAME)]

    def do(self, make: Callable[..., Change], *arguments: object, **texts: object) -> str:
        ledger = Ledger(self.plan)
        snapshot = ledger.read()
        commit = ledger.apply(snapshot, make(snapshot.data, *arguments, **texts)).commit
        assert commit
        return commit

    def set(self, measure: str = "1.1.2", **texts: str) -> str:
        return self.do(set_fields, measure, texts)

    def undo(self) -> SaveResult:
        ledger = Ledger(self.plan)
        return self._take(ledger, undo_last(self.repository, ledger.read()))

    def redo(self) -> SaveResult:
        ledger = Ledger(self.plan)
        return self._take(ledger, redo_last(self.repository, ledger.read()))

    def undo_one(self, commit: str) -> SaveResult:
        ledger = Ledger(self.plan)
        meant = next(one for one in commits(self.repository, NAME) if one.commit == commit)
        return self._take(ledger, undo(self.repository, ledger.read(), meant))

    def _take(self, ledger: Ledger, reversal: Reversal) -> SaveResult:
        return ledger.apply(
            ledger.read(),
            reversal.change,
            reversal.attachments,
            reverts=reversal.reverts,
            exact_bytes=reversal.exact_bytes,
        )


def recorded(_: PlanData, measure: str, quarter: int, day: str) -> Change:
    """A record inserted before the others."""
    row: PlanData = {"quarter": quarter, "date": day}
    return Change(ChangeKind.RECORD, (Edit(measure, ("records", 0), MISSING, row),))


@pytest.fixture
def coordinator(programme: Path) -> Coordinator:
    return Coordinator(programme)


# ------------------------------------------------------------------------------------ undo and redo


def test_undo_restores_the_bytes_from_before_and_redo_those_from_after(
    coordinator: Coordinator,
) -> None:
    before = coordinator.bytes
    changed = coordinator.set(responsible="Отдел ОК")
    after = coordinator.bytes
    undone = coordinator.undo()
    assert coordinator.bytes == before
    assert undone.snapshot.source.encoded == before
    coordinator.redo()
    assert coordinator.bytes == after
    assert coordinator.log[:3] == [
        "1.1.2: возвращено: «ответственный исполнитель: — → Отдел ОК»",
        "1.1.2: отменено: «ответственный исполнитель: — → Отдел ОК»",
        "1.1.2: ответственный исполнитель: — → Отдел ОК",
    ]
    redo, back, _ = list(commits(coordinator.repository, NAME))[:3]
    assert back.trailers == Trailers(ChangeKind.UNDO, ("1.1.2",), (), changed)
    assert redo.trailers == Trailers(ChangeKind.REDO, ("1.1.2",), (), back.commit)


def test_evidence_is_removed_and_restored_with_its_record(
    coordinator: Coordinator, repo: Path
) -> None:
    source = repo.parent / "Акт ввода.pdf"
    source.write_bytes(b"act")
    ledger = Ledger(coordinator.plan)
    snapshot = ledger.read()
    change, files = record_with_file(snapshot.data, coordinator.plan, source)
    ledger.apply(snapshot, change, files)
    kept = coordinator.plan.parent / "evidence" / "2024" / "1.1.2" / "Акт ввода.pdf"
    assert kept.read_bytes() == b"act"
    after = coordinator.bytes
    source.unlink()

    coordinator.undo()
    assert not kept.exists()
    assert not (coordinator.plan.parent / "evidence" / "2024").exists()
    assert changed_paths(repo) == ["plan/2024.yaml", "plan/evidence/2024/1.1.2/Акт ввода.pdf"]
    coordinator.redo()
    assert (kept.read_bytes(), coordinator.bytes) == (b"act", after)
    assert next(commits(coordinator.repository, NAME)).evidence[0].path.endswith("Акт ввода.pdf")
    coordinator.undo()
    assert not kept.exists()


def test_undo_and_redo_to_any_depth(coordinator: Coordinator) -> None:
    states = [coordinator.bytes]
    coordinator.set(responsible="Отдел ОК")
    states.append(coordinator.bytes)
    coordinator.do(postpone, "1.1.2", to="4 квартал 2024", reason="Задержка", day=DAY)
    states.append(coordinator.bytes)
    coordinator.do(cancel, "1.1.4", reason="Нет денег", day=DAY)
    states.append(coordinator.bytes)
    coordinator.do(remove, "3.4.1-2")
    states.append(coordinator.bytes)
    for state in reversed(states[:-1]):
        coordinator.undo()
        assert coordinator.bytes == state
    with pytest.raises(NothingToUndo):
        coordinator.undo()
    for state in states[1:]:
        coordinator.redo()
        assert coordinator.bytes == state
    with pytest.raises(NothingToRedo):
        coordinator.redo()


def test_what_is_undone_after_a_redo_is_the_same_change(coordinator: Coordinator) -> None:
    before = coordinator.bytes
    coordinator.set(notes="а")
    coordinator.undo()
    coordinator.redo()
    coordinator.undo()
    assert coordinator.bytes == before
    with pytest.raises(NothingToUndo, match="всё, что меняли после создания"):
        coordinator.undo()
    coordinator.redo()
    assert coordinator.bytes != before


def test_a_new_change_after_an_undo_ends_the_redo(coordinator: Coordinator) -> None:
    coordinator.set(notes="а")
    coordinator.undo()
    coordinator.set(notes="б")
    with pytest.raises(NothingToRedo, match="уже меняли"):
        coordinator.redo()
    coordinator.undo()
    with pytest.raises(NothingToUndo):
        coordinator.undo()


def test_a_bulk_change_is_one_undo(coordinator: Coordinator) -> None:
    before = coordinator.bytes

    def both(data: object) -> Change:
        edits = (
            *set_fields(data, "1.1.1", {"notes": "а"}).edits,  # type: ignore[arg-type] # plan data
            *set_fields(data, "1.2.1", {"notes": "а"}).edits,  # type: ignore[arg-type] # plan data
        )
        return Change(ChangeKind.IMPORT, edits)

    coordinator.do(both)
    coordinator.undo()
    assert coordinator.bytes == before
    assert coordinator.log[0] == "1.1.1, 1.2.1: отменено: «импорт: примечания: — → а»"


def test_a_measure_added_and_undone(coordinator: Coordinator) -> None:
    before = coordinator.bytes
    row = {
        "channel": "1.1",
        "number": "1.1.5",
        "proposal": "Пандусы",
        "actions": ["Установка"],
        "term": {"text": "4 квартал 2024", "quarters": [4]},
        "result": "Установлены",
    }
    coordinator.do(add, row)
    coordinator.undo()
    assert coordinator.bytes == before


def test_a_manual_edit_is_undone_with_its_formatting(coordinator: Coordinator, git: Git) -> None:
    before = coordinator.bytes
    coordinator.plan.write_bytes(
        before.replace(b"measures:\n", "# таблица\nmeasures:\n".encode(), 1)
    )
    git("commit", "-qam", "comment")
    after = coordinator.bytes
    preview = undo_last(coordinator.repository, Ledger(coordinator.plan).read())
    assert ["таблица" in str(group.lines) for group in preview.groups] == [True]
    coordinator.undo()
    assert coordinator.bytes == before
    assert coordinator.log[0] == "Программа: отменено: «comment»"
    coordinator.redo()
    assert coordinator.bytes == after


def test_undo_in_a_clone_with_different_line_ends(
    coordinator: Coordinator, repo: Path, git: Git
) -> None:
    git("config", "core.autocrlf", "true")
    (repo / ".gitattributes").write_text("*.yaml text\n")
    coordinator.plan.write_bytes(coordinator.bytes.replace(b"\n", b"\r\n"))
    git("add", ".")
    git("commit", "-qm", "attributes")
    before = coordinator.bytes
    coordinator.set(notes="а")
    coordinator.undo()
    assert coordinator.bytes == before


# --------------------------------------------------------------------------- with later changes


def test_an_older_change_is_taken_out_of_the_current_plan(coordinator: Coordinator) -> None:
    first = coordinator.set(notes="а")
    coordinator.set(responsible="Отдел ОК")
    coordinator.set("1.1.1", notes="б")
    outcome = coordinator.undo_one(first)
    row = outcome.snapshot.plan.measure("1.1.2")
    assert (row.notes, row.responsible_line) == (None, "Отдел ОК")
    assert outcome.snapshot.plan.measure("1.1.1").notes == "б"


def test_after_an_older_change_was_undone_the_last_one_is_next(coordinator: Coordinator) -> None:
    before = coordinator.bytes
    first = coordinator.set(notes="а")
    coordinator.set(responsible="Отдел ОК")
    coordinator.undo_one(first)
    coordinator.undo()
    assert coordinator.bytes == before
    assert coordinator.log[0] == "1.1.2: отменено: «ответственный исполнитель: — → Отдел ОК»"
    with pytest.raises(NothingToUndo):
        coordinator.undo()


def test_an_older_record_is_taken_out_beside_a_newer_one(
    coordinator: Coordinator, repo: Path
) -> None:
    source = repo.parent / "а.pdf"
    source.write_bytes(b"act")
    ledger = Ledger(coordinator.plan)
    snapshot = ledger.read()
    change, files = record_with_file(snapshot.data, coordinator.plan, source, "1.1.1")
    first = ledger.apply(snapshot, change, files).commit or ""
    coordinator.do(recorded, "1.1.1", 1, "2024-03-28")
    outcome = coordinator.undo_one(first)
    records = outcome.snapshot.plan.measure("1.1.1").records
    assert [record.quarter for record in records] == [CalendarQuarter(2024, 1)]
    assert not (coordinator.plan.parent / "evidence" / "2024").exists()


def test_a_later_change_of_the_same_field_prevents_the_undo_and_is_named(
    coordinator: Coordinator,
) -> None:
    first = coordinator.set(notes="а")
    coordinator.set(responsible="Отдел ОК")
    coordinator.set(notes="б")
    before, log = coordinator.bytes, coordinator.log
    with pytest.raises(FieldChangedLater) as refused:
        coordinator.undo_one(first)
    message = str(refused.value)
    assert "1.1.2, «Примечания», позже изменено снова" in message
    assert re.search(
        r" \([0-9]{2}\.[0-9]{2}\.[0-9]{4}, Иванова Анна: «1\.1\.2: примечания: а → б»\)", message
    )
    assert (coordinator.bytes, coordinator.log) == (before, log)


def test_of_several_later_changes_the_last_is_named(coordinator: Coordinator) -> None:
    first = coordinator.set(notes="а")
    coordinator.set(notes="б")
    coordinator.set(notes="в")
    with pytest.raises(FieldChangedLater, match=r"«1\.1\.2: примечания: б → в»"):
        coordinator.undo_one(first)


def test_an_uncommitted_edit_of_the_field_prevents_the_undo(coordinator: Coordinator) -> None:
    coordinator.set(notes="а")
    coordinator.plan.write_bytes(
        coordinator.bytes.replace("notes: а".encode(), "notes: б".encode())
    )
    with pytest.raises(FieldDiffers, match="в файле вручную и в историю ещё"):
        coordinator.undo()


def test_a_change_of_which_nothing_is_left_is_not_undone(coordinator: Coordinator) -> None:
    first = coordinator.set(notes="а")
    coordinator.set(notes="")
    with pytest.raises(AlreadyUndone):
        coordinator.undo_one(first)


def test_an_undo_that_would_break_a_rule_is_refused(coordinator: Coordinator) -> None:
    first = coordinator.do(postpone, "1.1.2", to="4 квартал 2024", reason="Задержка", day=DAY)
    coordinator.do(recorded, "1.1.2", 4, "2024-12-02")
    before = coordinator.bytes
    with pytest.raises(InvalidReversal, match="контрольные точки мероприятия: III квартал"):
        coordinator.undo_one(first)
    assert coordinator.bytes == before


def test_the_mend_of_what_is_an_error_now_is_not_undone(coordinator: Coordinator, git: Git) -> None:
    """An older version of the program took paths that lead out of the repository."""
    origin = b'    carried_from: {plan: ../2023.yaml, id: "1"}\n'
    place = b"    result: "
    coordinator.plan.write_bytes(coordinator.bytes.replace(place, origin + place, 1))
    git("commit", "--quiet", "-a", "-m", "Перешло")
    name = Ledger(coordinator.plan).read().plan.measures[0].id
    path = ("carried_from", "plan")
    edit = Edit(name, path, "../2023.yaml", "plan/2023.yaml")
    coordinator.do(lambda _: Change(ChangeKind.SET, (edit,)))
    before = coordinator.bytes
    with pytest.raises(InvalidReversal, match=r"Вернуть прежнее нельзя: .*2023\.yaml»"):
        coordinator.undo()
    assert coordinator.bytes == before


def test_an_unreadable_version_is_not_restored(coordinator: Coordinator, git: Git) -> None:
    good = coordinator.bytes
    coordinator.plan.write_bytes(good.replace(b"measures:\n", b"measures: [[[\n"))
    git("commit", "-qam", "broken")
    coordinator.plan.write_bytes(good)
    git("commit", "-qam", "mended")
    with pytest.raises(EarlierVersionUnreadable, match="mended"):
        coordinator.undo()


def test_the_initial_commit_is_not_undone(coordinator: Coordinator) -> None:
    assert undo_target(commits(coordinator.repository, NAME)) is None
    with pytest.raises(NothingToUndo):
        coordinator.undo()
    with pytest.raises(NothingToRedo):
        coordinator.redo()


def test_what_was_undone_before_a_rebase_is_not_undone_again(
    coordinator: Coordinator, git: Git
) -> None:
    git("switch", "-qc", "work")
    coordinator.set(notes="а")
    coordinator.set(responsible="Отдел ОК")
    coordinator.undo()
    git("switch", "-q", "main")
    coordinator.set("1.2.1", notes="б")
    git("switch", "-q", "work")
    git("rebase", "-q", "main")
    after = coordinator.bytes
    coordinator.undo()
    assert coordinator.log[0] == "1.1.2: отменено: «примечания: — → а»"
    coordinator.redo()
    assert coordinator.bytes == after


def test_a_merge_is_skipped(coordinator: Coordinator, git: Git) -> None:
    git("switch", "-qc", "colleague")
    coordinator.set("1.2.2", notes="б")
    git("switch", "-q", "main")
    coordinator.set(notes="а")
    git("merge", "-q", "colleague", "-m", "merge")
    target = undo_target(commits(coordinator.repository, NAME))
    assert target
    assert not target.is_merge
    coordinator.undo()
    assert coordinator.log[0].split(": ")[1] == "отменено"


def test_a_preview_writes_nothing(coordinator: Coordinator) -> None:
    coordinator.set(notes="а")
    before, log = coordinator.bytes, coordinator.log
    reversal = undo_last(coordinator.repository, Ledger(coordinator.plan).read())
    assert [str(line) for line in reversal.groups[0].lines] == ["Примечания: а → —"]
    assert (coordinator.bytes, coordinator.log) == (before, log)


# ------------------------------------------------------------------------------- which commit


def entry(commit: str, kind: ChangeKind | None, reverts: str | None = None) -> CommitEntry:
    trailers = Trailers(kind, (), (), reverts)
    return CommitEntry(commit, ("p",), "2024-01-01T00:00:00Z", "А", "a@b", commit, trailers)


steps = st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=14)


@given(steps, st.booleans())
def test_the_stack_of_any_history(steps: list[str], rebased: bool) -> None:  # noqa: FBT001 - drawn
    """Compared with a plain model of undo and redo, also where the hashes have changed."""
    history: list[CommitEntry] = []
    done: list[str] = []
    undone: list[tuple[str, str]] = []
    for number, step in enumerate(steps):
        name = f"c{number}"
        if step == "do":
            history.insert(0, entry(name, ChangeKind.SET))
            done.append(name)
            undone.clear()
        elif step == "undo" and done:
            change = done.pop()
            history.insert(0, entry(name, ChangeKind.UNDO, "gone" if rebased else change))
            undone.append((name, change))
        elif step == "redo" and undone:
            back, change = undone.pop()
            history.insert(0, entry(name, ChangeKind.REDO, "gone" if rebased else back))
            done.append(change)
    target, again = undo_target(history), redo_target(history)
    assert (target and target.commit) == (done[-1] if done else None)
    assert (again and (again.undo.commit, again.change.commit)) == (undone[-1] if undone else None)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1.1.1", "1.1.2", "2.2.1-2"]),
            st.sampled_from(["notes", "responsible", "result"]),
            st.sampled_from(["Отдел: [ОК]", "# не примечание", "2024-01-01", "'", "- нет", "0x1"]),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_undo_then_redo_gives_the_same_bytes(
    coordinator: Coordinator, changes: list[tuple[str, str, str]]
) -> None:
    states = [coordinator.bytes]
    for measure, field, text in changes:
        ledger = Ledger(coordinator.plan)
        snapshot = ledger.read()
        if ledger.apply(snapshot, set_fields(snapshot.data, measure, {field: text})).commit:
            states.append(coordinator.bytes)
    for state in reversed(states[:-1]):
        coordinator.undo()
        assert coordinator.bytes == state
    for state in states[1:]:
        coordinator.redo()
        assert coordinator.bytes == state
