"""Successful syncs: what each side changed ends up on both sides and at the remote."""

from datetime import date
from pathlib import Path

import pytest

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.driver_setup import install, this_program
from kvartal.history.log.log import entries
from kvartal.history.messages.trailers import parse_trailers
from kvartal.history.sync.divergence import Choices, Side
from kvartal.history.sync.errors import (
    ChoicesInvalid,
    ChoicesOutdated,
    LocalPlanInvalid,
    SyncConflicts,
)
from kvartal.history.sync.outgoing import outgoing
from kvartal.history.sync.progress import SyncStep
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.sync import synchronise
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, measure_data
from kvartal.schema.operations import record
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from kvartal.tui.i18n import translator
from kvartal.tui.presentation.conflicts import conflict_title
from kvartal.tui.presentation.outgoing import outgoing_lines
from tests.support.repository import git, visible_state
from tests.sync.clones import Clone, SharedRepository
from tests.sync.random_turns import ANY_DELAY


def test_nothing_to_sync_changes_nothing(one: Clone) -> None:
    before = visible_state(one.folder)
    synced = one.sync()
    assert (synced.received, synced.sent, synced.commit) == (0, 0, None)
    assert (synced.remote, synced.branch, synced.head) == ("origin", "main", one.head)
    assert visible_state(one.folder) == before


def test_changes_of_one_side_need_no_merge(
    shared: SharedRepository, one: Clone, other: Clone
) -> None:
    commits = [one.set("1.1.2", responsible="Отдел"), one.set("1.1.3", notes="Да")]
    sent = one.sync()
    assert (sent.received, sent.sent, sent.commit) == (0, 2, None)
    received = other.sync()
    assert (received.received, received.sent, received.commit) == (2, 0, None)
    assert received.snapshot
    assert received.snapshot.digest == one.ledger.read().digest
    assert shared.head() == one.head == other.head == commits[-1]


def test_changes_of_both_sides_become_one_merge_commit_that_lists_them(
    shared: SharedRepository, one: Clone, other: Clone
) -> None:
    one.set("1.1.2", responsible="Отдел")
    one.push()
    other.set("1.1.2", notes="Да")
    steps: list[SyncStep] = []
    synced = synchronise(other.plan, report=steps.append)
    assert steps == [SyncStep.FETCHING, SyncStep.MERGING, SyncStep.WRITING, SyncStep.PUSHING]
    assert (synced.received, synced.sent) == (1, 1)
    assert synced.commit == other.head == shared.head()
    one.sync()
    for clone in (one, other):
        assert clone.value("1.1.2", "responsible") == "Отдел"
        assert clone.value("1.1.2", "notes") == "Да"
        assert clone.git("status", "--porcelain") == ""
    assert one.plan.read_bytes() == other.plan.read_bytes()
    message = other.git("log", "-1", "--format=%an%n%cn%n%B")
    author, committer, subject, *body = message.splitlines()
    assert author == committer == "Петров Пётр"
    assert subject.startswith("1.1.2: объединение: ")
    theirs = body.index("С другой стороны (Иванова Анна):")
    assert body.index("У нас (Петров Пётр):") < body.index("Примечания: — → Да") < theirs
    assert theirs < body.index("Ответственный исполнитель: — → Отдел")
    trailers = parse_trailers(message)
    assert (trailers.kind, trailers.measures) == (ChangeKind.MERGE, ("1.1.2",))
    # The log shows no changes of the merge's own.
    newest = next(entries(find_repository(other.plan.parent), "2024.yaml"))
    assert (newest.is_merge, newest.is_manual, newest.edits) == (True, False, ())


def test_a_report_that_raises_ends_the_sync_between_two_steps(one: Clone, other: Clone) -> None:
    class Enough(Exception):
        pass

    def report(step: SyncStep) -> None:
        if step is SyncStep.WRITING:
            raise Enough

    one.set("1.1.2", responsible="Отдел")
    one.push()
    other.set("1.1.3", notes="Да")
    before = visible_state(other.folder)
    with pytest.raises(Enough):
        synchronise(other.plan, report=report)
    assert visible_state(other.folder) == before
    assert other.sync().commit is not None


def test_verified_tags_are_pushed_and_other_tags_are_not(
    shared: SharedRepository, one: Clone, other: Clone
) -> None:
    one.git("tag", "-a", "-m", "Проверено", "kvartal/verified/2024-10-01")
    one.git("tag", "-a", "-m", "Моё", "моя")
    other.git("tag", "-a", "-m", "Тоже", "kvartal/verified/2024-10-01")
    assert one.sync().notes == ()
    assert git(shared.bare, "tag").split() == ["kvartal/verified/2024-10-01"]
    one.git("tag", "-a", "-m", "Ещё", "kvartal/verified/2024-10-02")
    one.sync()
    first, again = other.sync(), other.sync()
    assert ["2024-10-01" in note.message() for note in first.notes] == [True]
    assert again.notes == ()
    assert other.git("tag").split()[1:] == ["kvartal/verified/2024-10-02"]


# --------------------------------------------------------------------------------------- conflicts


@pytest.fixture
def conflicting(one: Clone, other: Clone) -> Clone:
    """Return a clone with two conflicts: result of 1.1.2 and notes of 1.1.3."""
    one.set("1.1.2", result="Первое")
    one.set("1.1.3", notes="Одно")
    one.set("1.1.4", notes="Лишь у первого")
    one.push()
    other.set("1.1.2", result="Второе")
    other.set("1.1.3", notes="Другое")
    return other


def test_what_is_sent_names_its_programme_where_there_are_several(one: Clone) -> None:
    repository = find_repository(one.plan.parent)
    remote = RemoteBranch("main", "origin", "main", "refs/remotes/origin/main", has_upstream=True)
    before = one.head
    one.git("config", "diff.relative", "true")
    one.set("1.1.2", notes="а")
    sent = list(outgoing_lines(outgoing(repository, remote, one.head, before)))
    assert sent[1:] == ["  1.1.2: notes"]
    one.write("plan/2025.yaml", one.plan.read_text(encoding="utf-8"))
    one.write("branch/plan/2025.yaml", "year: 2025\n")
    one.write("plan/evidence/2025/x.yaml", "")
    one.commit("1.1.2: notes")
    one.write("README", "")
    one.commit("README")
    going = outgoing(repository, remote, one.head, before)
    assert list(outgoing_lines(going)) == [
        "Изменений: 3, в ветку «main».",
        "  README",
        "  branch/plan/2025.yaml, plan/2025.yaml: 1.1.2: notes",
        "  plan/2024.yaml: 1.1.2: notes",
    ]
    assert going.is_within(going)
    ahead, there = one.head, git(one.folder, "ls-remote", "origin", "main")
    declined = synchronise(one.plan, confirm=lambda asked: asked != going)
    assert (declined.sent, one.head) == (0, ahead)
    assert git(one.folder, "ls-remote", "origin", "main") == there


def test_conflicts_have_both_values_with_author_and_date(one: Clone, conflicting: Clone) -> None:
    before = visible_state(conflicting.folder)
    with pytest.raises(SyncConflicts) as caught:
        conflicting.sync()
    assert visible_state(conflicting.folder) == before
    found = caught.value.divergence
    assert [conflict.name for conflict in found.conflicts] == ["1.1.2:result", "1.1.3:notes"]
    first = found.conflicts[0]
    assert (first.value(Side.OURS), first.value(Side.THEIRS)) == ("Второе", "Первое")
    assert first.ours is not None
    assert first.theirs is not None
    assert (first.ours.author, first.theirs.author) == ("Петров Пётр", "Иванова Анна")
    assert first.ours.commit == conflicting.git("rev-parse", "HEAD~1").strip()
    assert first.theirs.commit == one.git("rev-parse", "HEAD~2").strip()
    assert first.theirs.date == one.git("log", "-1", "--format=%aI", "HEAD~2").strip()
    assert "полей: 2" in str(caught.value)


def test_choices_are_in_the_plan_and_in_the_message(one: Clone, conflicting: Clone) -> None:
    found = conflicting.find_divergence()
    conflicting.sync(found.choices([Side.OURS, Side.THEIRS]))
    one.sync()
    for clone in (one, conflicting):
        assert clone.value("1.1.2", "result") == "Второе"
        assert clone.value("1.1.3", "notes") == "Одно"
        assert clone.value("1.1.4", "notes") == "Лишь у первого"
    message = conflicting.git("log", "-1", "--format=%B")
    assert "Выбрано наше значение. 1.1.2, ожидаемый результат: у нас «Второе»" in message
    assert "Выбрано значение другой стороны. 1.1.3, примечания" in message
    newest = next(entries(find_repository(one.plan.parent), "2024.yaml"))
    assert [(edit.measure, edit.old, edit.new) for edit in newest.edits or ()] == [
        ("1.1.2", "Первое", "Второе"),
        ("1.1.3", "Другое", "Одно"),
    ]


def test_one_side_for_all_conflicts(conflicting: Clone) -> None:
    conflicting.sync(Side.THEIRS)
    found = conflicting.value("1.1.2", "result"), conflicting.value("1.1.3", "notes")
    assert found == ("Первое", "Одно")


@pytest.mark.parametrize("who", ["one", "conflicting"])
def test_choices_apply_to_one_pair_of_commits(one: Clone, conflicting: Clone, who: str) -> None:
    choices = conflicting.find_divergence().choices(Side.OURS)
    clone = one if who == "one" else conflicting
    clone.set("1.1.1", notes="Тем временем")
    if clone is one:
        one.sync()
    before = visible_state(conflicting.folder)
    with pytest.raises(ChoicesOutdated) as caught:
        conflicting.sync(choices)
    assert visible_state(conflicting.folder) == before
    again = caught.value.divergence
    with pytest.raises(ChoicesOutdated):  # Too few of them.
        conflicting.sync(Choices(again.ours, again.theirs or "", (Side.OURS,)))
    conflicting.sync(again.choices(Side.OURS))
    assert conflicting.value("1.1.2", "result") == "Второе"


def test_a_measure_removed_here_and_changed_there_is_one_conflict(one: Clone, other: Clone) -> None:
    one.remove("1.1.3-2")
    one.push()
    other.set("1.1.3-2", notes="Нужно")
    found = other.find_divergence()
    assert [conflict.name for conflict in found.conflicts] == ["1.1.3-2"]
    assert found.conflicts[0].theirs is not None
    assert found.conflicts[0].theirs.commit == one.head
    other.sync(found.choices(Side.THEIRS))
    assert "1.1.3-2" not in other.ids()


def test_choices_that_break_a_rule_together_are_refused(one: Clone, other: Clone) -> None:
    for clone, same in ((one, "1.1.3-2"), (other, "1.1.1")):
        text = clone.plan.read_text("utf-8")
        clone.plan.write_text(f"{text}    same_work: [{same}]\n", "utf-8")
        clone.commit(f"1.1.4: {same}")
    one.set("1.1.3-2", notes="Нужно")
    one.push()
    other.remove("1.1.3-2")
    found = other.find_divergence()
    assert [conflict.name for conflict in found.conflicts] == ["1.1.3-2"]
    before = visible_state(other.folder)
    with pytest.raises(ChoicesInvalid, match="не другое мероприятие"):
        other.sync(found.choices(Side.OURS))
    assert visible_state(other.folder) == before
    other.sync(found.choices(Side.THEIRS))
    assert other.value("1.1.4", "same_work") == ["1.1.1", "1.1.3-2"]


@pytest.mark.parametrize("side", Side)
def test_either_of_two_completions_can_be_chosen_and_both_records_stay(
    one: Clone, other: Clone, side: Side
) -> None:
    for clone, day in ((one, 26), (other, 27)):
        links = (f"https://example.org/{day}",)
        draft = RecordDraft(
            quarter=CalendarQuarter(2024, 3), date=date(2024, 9, day), complete=True, links=links
        )
        clone.apply(record(clone.data, ["1.1.2"], draft))
    one.push()
    found = other.find_divergence()
    (conflict,) = found.conflicts
    assert conflict.name == "1.1.2:records.1.complete"
    # One side has no value here: its change was to another record, and its author is still named.
    ours, theirs = conflict.ours, conflict.theirs
    assert (ours and ours.commit, theirs and theirs.commit) == (other.head, one.head)
    other.sync(found.choices(side))
    records = measure_data(other.data, "1.1.2")["records"]
    assert isinstance(records, list)
    complete = [row.get("date") for row in records if isinstance(row, dict) and "complete" in row]
    assert (len(records), complete) == (2, ["2024-09-27" if side is Side.OURS else "2024-09-26"])
    assert verify(other.plan, VerifyRequest(days=ANY_DELAY)).findings == ()


def test_an_id_given_twice_is_renumbered_and_reported(one: Clone, other: Clone) -> None:
    one.add("Пандусы")
    one.push()
    other.add("Кофе")
    synced = other.sync()
    one.sync()
    assert len(synced.notes) == 1
    assert "получает обозначение 1.1.5-2" in synced.notes[0].message()
    assert synced.notes[0].message() in other.git("log", "-1", "--format=%B")
    assert one.plan.read_bytes() == other.plan.read_bytes()
    assert {"1.1.5", "1.1.5-2"} <= set(one.ids())
    assert verify(other.plan, VerifyRequest(days=ANY_DELAY)).findings == ()
    message = other.git("log", "-1", "--format=%B")
    kept, moved = "«Пандусы» остаётся", "«Кофе» получает"
    assert kept in message
    assert moved in message
    lie = message.replace(kept, "«Кофе» остаётся").replace(moved, "«Пандусы» получает")
    other.git("commit", "--quiet", "--amend", "--message", lie)
    rewritten, finding = verify(other.plan, VerifyRequest(days=ANY_DELAY)).findings
    assert (rewritten.code, finding.code) == ("history-rewritten", "message-disagrees")
    assert "а на деле не так: «Обозначение 1.1.5 с двух сторон" in finding.message()


def test_the_author_of_a_value_is_found_behind_a_merge(
    shared: SharedRepository, tmp_path: Path
) -> None:
    one, other = shared.clones
    git(tmp_path, "clone", "--quiet", shared.bare, "third")
    third = Clone(tmp_path / "third")
    third.set("1.1.2", result="Третье")
    one.set("1.1.2", result="Первое")
    one.set("1.1.3", notes="И ещё")
    one.push()
    other.set("1.1.4", notes="Рядом")
    other.sync()
    other.set("1.1.2", notes="Поверх")
    other.sync()
    found = third.find_divergence().conflicts
    assert [conflict.name for conflict in found] == ["1.1.2:result"]
    assert found[0].theirs is not None
    assert (found[0].theirs.author, found[0].theirs.subject[:6]) == ("Иванова Анна", "1.1.2:")


def test_who_removed_what_the_other_side_refers_to_is_named(one: Clone, other: Clone) -> None:
    removed = one.remove("1.1.3")
    one.push()
    other.set("1.1.1", notes="Рядом")
    edit = Edit("1.1.2", ("same_work",), MISSING, ["1.1.3"])
    referred = other.apply(Change(ChangeKind.SET, (edit,)))
    (conflict,) = other.find_divergence().conflicts
    authors = conflict.ours, conflict.theirs
    assert [author and author.commit for author in authors] == [referred, removed]


# ------------------------------------------------------------------------- beside the plan itself


def test_ours_is_not_the_driver_of_the_repository_and_others_work_in_its_folder(
    one: Clone, other: Clone
) -> None:
    one.write(".gitattributes", "*.txt merge=lines\n")
    one.write("журнал.txt", "\n")
    one.commit("Журнал")
    one.push()
    other.git("pull", "--quiet")
    install(find_repository(other.plan.parent), other.plan.name, this_program())
    other.git("config", "merge.kvartal.driver", "exit 1")  # Would leave a conflict.
    other.git("config", "merge.lines.driver", "test -f plan/2024.yaml && echo оба >%A")
    one.write("журнал.txt", "наше\n")
    one.set("1.1.2", responsible="Отдел")
    one.push()
    other.write("журнал.txt", "их\n")
    other.set("1.1.2", notes="Да")
    other.sync()
    one.sync()
    assert one.plan.read_bytes() == other.plan.read_bytes()
    assert (one.folder / "журнал.txt").read_text("utf-8") == "оба\n"


def test_every_plan_of_the_folder_is_merged_by_fields(one: Clone, other: Clone) -> None:
    text = one.plan.read_text("utf-8").replace("year: 2024", "year: 2025", 1)
    next_year = "plan/2025.yaml"
    one.write(next_year, text.replace("2024", "2025"))
    one.write("plan/справочник.yaml", "отделы: [ОК, ИТ]\n")  # No programme, and not judged as one.
    one.commit("Программа на 2025 год")
    one.push()
    other.sync()
    line = "    responsible: {name}\n  - id: 1.1.2\n"
    for clone, name in ((one, "Один"), (other, "Другой")):
        path = clone.folder / next_year
        path.write_text(
            path.read_text("utf-8").replace("  - id: 1.1.2\n", line.format(name=name), 1), "utf-8"
        )
        clone.commit("Ответственный")
        clone.set("1.1.2", **{"notes" if clone is one else "responsible": name})
        clone.set("1.1.1", responsible=name)
    one.push()
    found = other.find_divergence()
    # The same field of two programmes is two conflicts, and each says which programme it is of.
    assert [one.name for one in found.conflicts] == [
        "2024.yaml:1.1.1:responsible",
        "2025.yaml:1.1.1:responsible",
    ]
    assert [conflict_title(one).partition(": ")[0] for one in found.conflicts] == [
        "2024.yaml",
        "2025.yaml",
    ]
    other.sync(found.choices([Side.OURS, Side.THEIRS]))
    assert "responsible: Один" in (other.folder / next_year).read_text("utf-8")
    assert (other.value("1.1.1", "responsible"), other.value("1.1.2", "notes")) == (
        "Другой",
        "Один",
    )
    message = other.git("log", "-1", "--format=%B")
    assert message.startswith(
        "Объединение программ: plan/2024.yaml, plan/2025.yaml\n\nplan/2024.yaml:\n\n"
    )
    assert "Выбрано наше значение. 2024.yaml: 1.1.1, " in message
    assert "Выбрано значение другой стороны. 2025.yaml: 1.1.1, " in message
    for name in ("2024.yaml", "2025.yaml"):
        found_by = verify(other.plan.with_name(name), VerifyRequest(days=ANY_DELAY)).findings
        assert {one.code for one in found_by} <= {"by-hand"}
    head, there, rest = message.partition("plan/2025.yaml:\n")
    other.git("commit", "--amend", "-q", "-m", head + there + rest.replace("→ Один", "→ Никто"))
    languages = [translator("ru"), translator("en")]
    plan = other.plan.with_name("2025.yaml")
    found_by = verify(plan, VerifyRequest(days=ANY_DELAY), languages=languages).findings
    assert "message-disagrees" in {one.code for one in found_by}


def test_a_plan_of_another_folder_is_merged_by_fields_or_not_at_all(
    one: Clone, other: Clone
) -> None:
    """Lines that git would merge may make two measures of one id: nothing of that is pushed."""
    path = "branch, new/plan/2024.yaml"
    text = one.plan.read_text("utf-8")
    one.write(path, text)
    jobs = "name: {}\n\n\n\njobs: {{}}\n\n\n\nlast: {}\n"
    one.write("ci/jobs.yaml", jobs.format("one", "two"))
    one.commit("Филиал")
    one.push()
    other.sync()
    first, line = "  - id: 1.1.2\n", "    {field}: Да\n  - id: 1.1.2\n"
    for clone, field in ((one, "notes"), (other, "responsible")):
        clone.write(path, text.replace(first, line.format(field=field), 1))
        names = ("one", "three") if clone is one else ("four", "two")
        clone.write("ci/jobs.yaml", jobs.format(*names))  # No programme: git's to merge.
        clone.commit("Правка")
        clone.set("1.1.2" if clone is one else "1.1.3", notes="Да")
    one.push()
    other.sync()
    merged = (other.folder / path).read_text("utf-8")
    assert ("    notes: Да\n" in merged, "    responsible: Да\n" in merged) == (True, True)
    assert (other.folder / "ci/jobs.yaml").read_text("utf-8") == jobs.format("four", "three")
    found = verify(other.folder / path, VerifyRequest(days=ANY_DELAY)).findings
    assert {finding.code for finding in found} <= {"by-hand"}
    one.sync()
    row = "  - {{id: Х, number: Х, proposal: Дело {0}, term: {{text: постоянно}}}}\n"
    for clone, before in ((one, "  - id: 1.1.2\n"), (other, "  - id: 1.1.4\n")):
        clone.write(path, merged.replace(before, row.format(before[-2]) + before, 1))
        clone.commit("Мероприятие")
    one.push()
    assert "получает обозначение Х-2" in other.sync().notes[0].message()
    merged = (other.folder / path).read_text("utf-8")
    one.sync()
    for clone, name in ((one, "Один"), (other, "Другой")):
        clone.write(path, merged.replace("responsible: Да", f"responsible: {name}", 1))
        clone.commit("Ответственный")
        clone.set("1.1.1", responsible=name)
    one.push()
    disputed = other.find_divergence()
    assert [one.name for one in disputed.conflicts] == [
        "2024.yaml:1.1.1:responsible",
        f"{path}:1.1.1:responsible",
    ]
    authors = [(one.ours, one.theirs) for one in disputed.conflicts]
    assert [(ours and ours.subject, theirs and theirs.subject) for ours, theirs in authors][1] == (
        "Ответственный",
        "Ответственный",
    )
    other.sync(disputed.choices([Side.OURS, Side.THEIRS]))
    assert other.value("1.1.1", "responsible") == "Другой"
    assert "responsible: Один" in (other.folder / path).read_text("utf-8")
    message = other.git("log", "-1", "--format=%B")
    assert f"Выбрано значение другой стороны. {path}: 1.1.1, " in message
    for plan in (other.plan, other.folder / path):
        findings = verify(plan, VerifyRequest(days=ANY_DELAY)).findings
        assert {one.code for one in findings} <= {"by-hand"}
    head, there, rest = message.partition(f"{path}:\n")
    other.git("commit", "--amend", "-q", "-m", head + there + rest.replace("→ Один", "→ Никто"))
    findings = verify(other.folder / path, VerifyRequest(days=ANY_DELAY)).findings
    assert "message-disagrees" in {one.code for one in findings}


def test_in_another_folder_too_a_plan_is_as_the_one_side_has_it_that_changed_it(
    one: Clone, other: Clone
) -> None:
    paths = ("branch/plan/2024.yaml", "branch/plan/2025.yaml")
    texts = [one.plan.read_text("utf-8").replace("2024", year) for year in ("2024", "2025")]
    for path, text in zip(paths, texts, strict=True):
        one.write(path, text)
    one.commit("Филиал")
    one.push()
    other.git("pull", "--quiet")
    for clone, path, text in zip((one, other), paths, texts, strict=True):
        clone.write(path, f"# Далее\n{text}")
        clone.commit("Заголовок")
    one.push()
    other.sync()
    for path, text in zip(paths, texts, strict=True):
        assert (other.folder / path).read_text("utf-8") == f"# Далее\n{text}"


def test_no_choice_is_blamed_for_what_was_wrong_in_another_folder(one: Clone, other: Clone) -> None:
    path, row = "branch/plan/2024.yaml", '  - id: 1.1.1\n    channel: "1.1"\n'
    text = one.plan.read_text("utf-8").replace(row, row.replace('"1.1"', '"9.9"'))
    one.write(path, text)
    one.commit("Филиал")
    one.push()
    other.git("pull", "--quiet")
    for clone, name in ((one, "Один"), (other, "Другой")):
        clone.write(path, text.replace("  - id: 1.1.2\n", f"    notes: {name}\n  - id: 1.1.2\n"))
        clone.commit("Примечание")
    one.push()
    with pytest.raises(LocalPlanInvalid, match=f"{path}.*9.9"):
        other.sync(Side.OURS)


def test_a_merge_of_a_different_plan_is_stated_too(one: Clone, other: Clone) -> None:
    """Each changed the next year's plan and nobody this one: this one is synced, that is said."""
    text = one.plan.read_text("utf-8")
    one.write("plan/2025.yaml", text.replace("year: 2024", "year: 2025", 1))
    one.commit("Программа на 2025 год")
    one.push()
    other.sync()
    for clone, measure in ((one, "1.1.1"), (other, "1.1.2")):
        Clone(clone.folder, "2025.yaml").save(measure, notes="Да")
    one.sync()
    other.sync()
    message = other.git("log", "-1", "--format=%B")
    assert message.startswith("1.1.1, 1.1.2: объединение: примечания: — → Да\n")
    request = VerifyRequest(days=ANY_DELAY)
    for name in ("2024.yaml", "2025.yaml"):
        assert verify(other.plan.with_name(name), request).findings == ()
    one.sync()
    # Both sides begin the same plan: the merge changes neither, but its message mentions it.
    for clone in (one, other):
        clone.write("plan/2026.yaml", text.replace("year: 2024", "year: 2026", 1))
        clone.commit("Программа на 2026 год")
    other.save("1.1.1", notes="Нет")
    one.push()
    Clone(other.folder, "2026.yaml").sync()
    assert "Год программы: — → 2026" in other.git("log", "-1", "--format=%B")
    assert verify(other.plan, request).findings == ()


def test_comments_and_the_users_own_layout_survive(one: Clone, other: Clone) -> None:
    for clone, words in ((one, "# сказал первый"), (other, "# сказал второй")):
        text = clone.plan.read_text("utf-8")
        number = "1.1.1" if clone is one else "1.1.3"
        start = f"  - id: {number}\n"
        clone.plan.write_text(text.replace(start, f"  {words}\n{start}", 1), "utf-8")
        clone.commit("Пояснение")
    one.push()
    other.sync()
    text = other.plan.read_text("utf-8")
    assert "# сказал первый" in text
    assert "# сказал второй" in text


def test_branches_that_merged_each_other_merge_again(one: Clone, other: Clone) -> None:
    one.set("1.1.2", notes="Раз")
    other.set("1.1.3", notes="Два")
    for clone, name in ((one, "один"), (other, "другой")):
        clone.git("push", "--quiet", "origin", f"HEAD:refs/heads/{name}")
    for clone, name in ((one, "другой"), (other, "один")):
        clone.git("fetch", "--quiet")
        clone.git("merge", "--quiet", "-m", f"Слито с {name}", f"origin/{name}")
    one.set("1.1.2", notes="Три")
    other.set("1.1.3", notes="Четыре")
    one.push()
    other.sync()
    assert (other.value("1.1.2", "notes"), other.value("1.1.3", "notes")) == ("Три", "Четыре")
