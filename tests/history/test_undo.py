"""Undo and redo in real repositories, by the ledger: bytes, evidence files, restarts, refusals."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.undo import Reversal, last_redo, last_undo, undo
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
from kvartal.history.store.snapshot import InvalidChange
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, PlanData
from kvartal.schema.operations import add, cancel, postpone, remove, set_fields
from tests.support.repository import changed_paths, record_with_file

Git = Callable[..., str]
NAME = "2024.yaml"
DAY = date(2024, 9, 10)


class Desk:
    """A coordinator who starts the program anew for every step."""

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
        return self._take(ledger, last_undo(self.repository, ledger.read()))

    def redo(self) -> SaveResult:
        ledger = Ledger(self.plan)
        return self._take(ledger, last_redo(self.repository, ledger.read()))

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
    """A record put in before the others."""
    row: PlanData = {"quarter": quarter, "date": day}
    return Change(ChangeKind.RECORD, (Edit(measure, ("records", 0), MISSING, row),))


@pytest.fixture
def desk(programme: Path) -> Desk:
    return Desk(programme)


# ---------------------------------------------------------------------------------- there and back


def test_undo_gives_the_bytes_from_before_and_redo_those_from_after(desk: Desk) -> None:
    before = desk.bytes
    changed = desk.set(responsible="Отдел ОК")
    after = desk.bytes
    undone = desk.undo()
    assert desk.bytes == before
    assert undone.snapshot.source.encoded == before
    desk.redo()
    assert desk.bytes == after
    assert desk.log[:3] == [
        "1.1.2: возвращено: «ответственный исполнитель: — → Отдел ОК»",
        "1.1.2: отменено: «ответственный исполнитель: — → Отдел ОК»",
        "1.1.2: ответственный исполнитель: — → Отдел ОК",
    ]
    redo, back, _ = list(commits(desk.repository, NAME))[:3]
    assert back.trailers == Trailers(ChangeKind.UNDO, ("1.1.2",), (), changed)
    assert redo.trailers == Trailers(ChangeKind.REDO, ("1.1.2",), (), back.commit)


def test_evidence_goes_with_the_record_and_comes_back(desk: Desk, repo: Path) -> None:
    source = repo.parent / "Акт ввода.pdf"
    source.write_bytes(b"act")
    ledger = Ledger(desk.plan)
    snapshot = ledger.read()
    change, files = record_with_file(snapshot.data, desk.plan, source)
    ledger.apply(snapshot, change, files)
    kept = desk.plan.parent / "evidence" / "2024" / "1.1.2" / "Акт ввода.pdf"
    assert kept.read_bytes() == b"act"
    after = desk.bytes
    source.unlink()

    desk.undo()
    assert not kept.exists()
    assert not (desk.plan.parent / "evidence").exists()
    assert changed_paths(repo) == ["plan/2024.yaml", "plan/evidence/2024/1.1.2/Акт ввода.pdf"]
    desk.redo()
    assert (kept.read_bytes(), desk.bytes) == (b"act", after)
    assert next(commits(desk.repository, NAME)).evidence[0].path.endswith("Акт ввода.pdf")
    desk.undo()
    assert not kept.exists()


def test_over_any_depth_and_back(desk: Desk) -> None:
    states = [desk.bytes]
    desk.set(responsible="Отдел ОК")
    states.append(desk.bytes)
    desk.do(postpone, "1.1.2", to="4", reason="Задержка", day=DAY)
    states.append(desk.bytes)
    desk.do(cancel, "1.1.4", reason="Нет денег", day=DAY)
    states.append(desk.bytes)
    desk.do(remove, "3.4.1-2")
    states.append(desk.bytes)
    for state in reversed(states[:-1]):
        desk.undo()
        assert desk.bytes == state
    with pytest.raises(NothingToUndo):
        desk.undo()
    for state in states[1:]:
        desk.redo()
        assert desk.bytes == state
    with pytest.raises(NothingToRedo):
        desk.redo()


def test_what_is_undone_after_a_redo_is_the_same_change(desk: Desk) -> None:
    before = desk.bytes
    desk.set(notes="а")
    desk.undo()
    desk.redo()
    desk.undo()
    assert desk.bytes == before
    with pytest.raises(NothingToUndo):
        desk.undo()
    desk.redo()
    assert desk.bytes != before


def test_a_new_change_after_an_undo_ends_the_redo(desk: Desk) -> None:
    desk.set(notes="а")
    desk.undo()
    desk.set(notes="б")
    with pytest.raises(NothingToRedo, match="уже меняли"):
        desk.redo()
    desk.undo()
    with pytest.raises(NothingToUndo):
        desk.undo()


def test_a_bulk_change_is_one_undo(desk: Desk) -> None:
    before = desk.bytes

    def both(data: object) -> Change:
        edits = (
            *set_fields(data, "1.1.1", {"notes": "а"}).edits,  # type: ignore[arg-type] # plan data
            *set_fields(data, "1.2.1", {"notes": "а"}).edits,  # type: ignore[arg-type] # plan data
        )
        return Change(ChangeKind.IMPORT, edits)

    desk.do(both)
    desk.undo()
    assert desk.bytes == before
    assert desk.log[0] == "1.1.1, 1.2.1: отменено: «импорт: примечания: — → а»"


def test_a_measure_added_and_undone(desk: Desk) -> None:
    before = desk.bytes
    row = {
        "channel": "1.1",
        "number": "1.1.5",
        "proposal": "Пандусы",
        "actions": ["Установка"],
        "term": {"text": "4 квартал 2024", "quarters": [4]},
        "result": "Установлены",
    }
    desk.do(add, row)
    desk.undo()
    assert desk.bytes == before


def test_an_edit_by_hand_is_undone_with_its_formatting(desk: Desk, git: Git) -> None:
    before = desk.bytes
    desk.plan.write_bytes(before.replace(b"measures:\n", "measures: # таблица\n".encode(), 1))
    git("commit", "-qam", "comment")
    after = desk.bytes
    desk.undo()
    assert desk.bytes == before
    assert desk.log[0] == "Программа: отменено: «comment»"
    desk.redo()
    assert desk.bytes == after


def test_the_plan_of_a_clone_with_other_line_ends(desk: Desk, repo: Path, git: Git) -> None:
    git("config", "core.autocrlf", "true")
    (repo / ".gitattributes").write_text("*.yaml text\n")
    desk.plan.write_bytes(desk.bytes.replace(b"\n", b"\r\n"))
    git("add", ".")
    git("commit", "-qm", "attributes")
    before = desk.bytes
    desk.set(notes="а")
    desk.undo()
    assert desk.bytes == before


# -------------------------------------------------------------------------- where others came after


def test_an_older_change_is_taken_out_of_what_there_is_now(desk: Desk) -> None:
    first = desk.set(notes="а")
    desk.set(responsible="Отдел ОК")
    desk.set("1.1.1", notes="б")
    outcome = desk.undo_one(first)
    row = outcome.snapshot.plan.measure("1.1.2")
    assert (row.notes, row.responsible) == (None, "Отдел ОК")
    assert outcome.snapshot.plan.measure("1.1.1").notes == "б"


def test_after_an_older_change_was_undone_the_last_one_is_next(desk: Desk) -> None:
    before = desk.bytes
    first = desk.set(notes="а")
    desk.set(responsible="Отдел ОК")
    desk.undo_one(first)
    desk.undo()
    assert desk.bytes == before
    assert desk.log[0] == "1.1.2: отменено: «ответственный исполнитель: — → Отдел ОК»"
    with pytest.raises(NothingToUndo):
        desk.undo()


def test_an_older_record_is_taken_out_though_a_newer_one_stands_beside_it(
    desk: Desk, repo: Path
) -> None:
    source = repo.parent / "а.pdf"
    source.write_bytes(b"act")
    ledger = Ledger(desk.plan)
    snapshot = ledger.read()
    change, files = record_with_file(snapshot.data, desk.plan, source, "1.1.1")
    first = ledger.apply(snapshot, change, files).commit or ""
    desk.do(recorded, "1.1.1", 1, "2024-03-28")
    outcome = desk.undo_one(first)
    records = outcome.snapshot.plan.measure("1.1.1").records
    assert [record.quarter for record in records] == [1]
    assert not (desk.plan.parent / "evidence").exists()


def test_a_later_change_of_the_same_field_refuses_and_is_named(desk: Desk) -> None:
    first = desk.set(notes="а")
    desk.set(responsible="Отдел ОК")
    desk.set(notes="б")
    before, log = desk.bytes, desk.log
    with pytest.raises(FieldChangedLater) as refused:
        desk.undo_one(first)
    told = str(refused.value)
    assert "1.1.2, «Примечания», позже изменено снова" in told
    assert "Иванова Анна: «1.1.2: примечания: а → б»" in told
    assert (desk.bytes, desk.log) == (before, log)


def test_of_several_later_changes_the_last_is_named(desk: Desk) -> None:
    first = desk.set(notes="а")
    desk.set(notes="б")
    desk.set(notes="в")
    with pytest.raises(FieldChangedLater, match=r"«1\.1\.2: примечания: б → в»"):
        desk.undo_one(first)


def test_a_field_edited_and_not_committed_refuses(desk: Desk) -> None:
    desk.set(notes="а")
    desk.plan.write_bytes(desk.bytes.replace("notes: а".encode(), "notes: б".encode()))
    with pytest.raises(FieldDiffers, match="в файле вручную и в историю ещё"):
        desk.undo()


def test_what_is_gone_already_is_not_undone_again(desk: Desk) -> None:
    first = desk.set(notes="а")
    desk.set(notes="")
    with pytest.raises(AlreadyUndone):
        desk.undo_one(first)


def test_an_undo_that_would_break_a_rule_is_refused(desk: Desk) -> None:
    first = desk.do(postpone, "1.1.2", to="4", reason="Задержка", day=DAY)
    desk.do(recorded, "1.1.2", 4, "2024-12-02")
    before = desk.bytes
    with pytest.raises(InvalidChange, match="в сроке мероприятия только III"):
        desk.undo_one(first)
    assert desk.bytes == before


def test_a_version_that_cannot_be_read_is_not_brought_back(desk: Desk, git: Git) -> None:
    good = desk.bytes
    desk.plan.write_bytes(good.replace(b"measures:\n", b"measures: [[[\n"))
    git("commit", "-qam", "broken")
    desk.plan.write_bytes(good)
    git("commit", "-qam", "mended")
    with pytest.raises(EarlierVersionUnreadable, match="mended"):
        desk.undo()


def test_the_commit_that_made_the_plan_is_not_undone(desk: Desk) -> None:
    assert undo_target(commits(desk.repository, NAME)) is None
    with pytest.raises(NothingToUndo):
        desk.undo()
    with pytest.raises(NothingToRedo):
        desk.redo()


def test_what_was_undone_before_a_rebase_is_not_undone_again(desk: Desk, git: Git) -> None:
    git("switch", "-qc", "work")
    desk.set(notes="а")
    desk.set(responsible="Отдел ОК")
    desk.undo()
    git("switch", "-q", "main")
    desk.set("1.2.1", notes="б")
    git("switch", "-q", "work")
    git("rebase", "-q", "main")
    after = desk.bytes
    desk.undo()
    assert desk.log[0] == "1.1.2: отменено: «примечания: — → а»"
    desk.redo()
    assert desk.bytes == after


def test_a_merge_is_passed_over(desk: Desk, git: Git) -> None:
    git("switch", "-qc", "colleague")
    desk.set("1.2.2", notes="б")
    git("switch", "-q", "main")
    desk.set(notes="а")
    git("merge", "-q", "colleague", "-m", "merge")
    target = undo_target(commits(desk.repository, NAME))
    assert target
    assert not target.is_merge
    desk.undo()
    assert desk.log[0].split(": ")[1] == "отменено"


def test_a_preview_writes_nothing(desk: Desk) -> None:
    desk.set(notes="а")
    before, log = desk.bytes, desk.log
    reversal = last_undo(desk.repository, Ledger(desk.plan).read())
    assert [str(line) for line in reversal.groups[0].lines] == ["Примечания: а → —"]
    assert (desk.bytes, desk.log) == (before, log)


# ---------------------------------------------------------------------------------- which is meant


def entry(commit: str, kind: ChangeKind | None, reverts: str | None = None) -> CommitEntry:
    trailers = Trailers(kind, (), (), reverts)
    return CommitEntry(commit, ("p",), "2024-01-01T00:00:00Z", "А", "a@b", commit, trailers)


steps = st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=14)


@given(steps, st.booleans())
def test_the_stack_of_any_history(steps: list[str], rebased: bool) -> None:  # noqa: FBT001 - drawn
    """Against a plain model of undo and redo, also where hashes are no longer known."""
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
    desk: Desk, changes: list[tuple[str, str, str]]
) -> None:
    states = [desk.bytes]
    for measure, field, text in changes:
        ledger = Ledger(desk.plan)
        snapshot = ledger.read()
        if ledger.apply(snapshot, set_fields(snapshot.data, measure, {field: text})).commit:
            states.append(desk.bytes)
    for state in reversed(states[:-1]):
        desk.undo()
        assert desk.bytes == state
    for state in states[1:]:
        desk.redo()
        assert desk.bytes == state
