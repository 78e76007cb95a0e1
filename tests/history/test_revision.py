"""Earlier versions: found by a date, a tag or a revision, and restored part by part."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.diff.words import Words
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.log.log import commits
from kvartal.history.log.restore import (
    MeasureDifference,
    MeasureNotInVersion,
    NothingOutsideToRestore,
    NothingToRestore,
    _outer_parts,
    changed_since,
    restoration,
)
from kvartal.history.log.revision import (
    BeforeFirstCommit,
    NoSuchRevision,
    PlanNotInVersion,
    Version,
    commit_at,
    tags,
    version_at,
)
from kvartal.history.store.errors import EvidenceMissing
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.snapshot import InvalidReversal
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.changes import Change, Plain, PlanData, measure_data
from kvartal.schema.errors import untranslated
from kvartal.schema.operations import cancel, postpone, remove, set_fields
from kvartal.tui.i18n import translator
from tests.support.cli import call
from tests.support.repository import RECORDED, changed_paths, git, record_with_file, subjects

Git = Callable[..., str]


def on(folder: Path, moment: str, *arguments: str) -> str:
    """Run git with the committer's clock set to a moment."""
    clock = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    command = ["git", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=os.environ | clock)
    return git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def year(programme: Path, repo: Path) -> dict[str, str]:
    """Return commits by name, of a history with fixed dates."""
    made = {"begun": on(repo, "2024-01-10T09:00:00+07:00", "commit", "--amend", "--no-edit")}
    for name, moment in (("march", "2024-03-31T23:30:00+07:00"), ("april", "2024-04-01T00:10:00Z")):
        with programme.open("a", encoding="utf-8") as file:
            file.write(f"# {name}\n")
        made[name] = on(repo, moment, "commit", "-aqm", name)
    (repo / "чужой.txt").write_text("x", encoding="utf-8")
    git(repo, "add", "чужой.txt")
    made["other"] = on(repo, "2024-05-01T10:00:00Z", "commit", "-qm", "не о программе")
    return made


def seen(programme: Path) -> Repository:
    return find_repository(programme.parent)


def test_a_date_means_the_end_of_that_day(programme: Path, year: dict[str, str]) -> None:
    found = {day: commit_at(seen(programme), day) for day in ("2024-01-10", "2024-03-31")}
    assert found == {"2024-01-10": year["begun"], "2024-03-31": year["march"]}
    assert commit_at(seen(programme), "2024-04-01") == year["april"]
    assert commit_at(seen(programme), "2030-01-01") == year["other"]
    with pytest.raises(BeforeFirstCommit, match=r"начинается 10\.01\.2024") as early:
        commit_at(seen(programme), "2024-01-09")
    assert "2024-01-10" in early.value.message(translator("en"))


def test_a_branch_counts_from_its_merge_on(
    programme: Path, repo: Path, year: dict[str, str]
) -> None:
    git(repo, "checkout", "-qb", "side", year["begun"])
    (repo / "side.txt").write_text("x", encoding="utf-8")
    git(repo, "add", "side.txt")
    on(repo, "2024-03-31T23:59:00Z", "commit", "-qm", "на стороне")
    git(repo, "checkout", "-q", "main")
    on(repo, "2024-06-01T10:00:00Z", "merge", "-q", "--no-ff", "-m", "слияние", "side")
    assert commit_at(seen(programme), "2024-03-31") == year["march"]


def test_revisions_and_tags(programme: Path, repo: Path, year: dict[str, str]) -> None:
    git(repo, "tag", "квартал-1", year["march"])
    git(repo, "tag", "-m", "x", "проверено", year["april"])
    git(repo, "tag", "файл", f"{year['march']}:plan/2024.yaml")
    assert commit_at(seen(programme), "квартал-1") == year["march"]
    assert commit_at(seen(programme), "проверено") == year["april"]
    assert commit_at(seen(programme), year["begun"][:8]) == year["begun"]
    assert set(tags(seen(programme), 9)) == {"квартал-1", "проверено"}
    for text in ("нет-такой", "", "--all", "2024-02-30", "a\0b", "файл", "^HEAD"):
        with pytest.raises(NoSuchRevision):
            commit_at(seen(programme), text)


def test_a_version_has_its_author(programme: Path, year: dict[str, str]) -> None:
    now = Ledger(programme).read()
    found = version_at(seen(programme), now, "HEAD")
    assert (found.commit, found.entry.commit) == (year["other"], year["april"])
    assert found.snapshot.plan == now.plan
    assert b"april" not in version_at(seen(programme), now, "2024-03-31").snapshot.source.encoded


def test_a_version_without_the_plan_or_with_a_broken_one(programme: Path, repo: Path) -> None:
    now = Ledger(programme).read()
    programme.write_text("year: [\n", encoding="utf-8")
    git(repo, "commit", "-qam", "сломано")
    git(repo, "rm", "-q", "--cached", "plan/2024.yaml")
    (repo / "x").write_text("x", encoding="utf-8")
    git(repo, "add", "x")
    git(repo, "commit", "-qm", "удалено")
    with pytest.raises(UnreadablePlan):
        version_at(seen(programme), now, "HEAD~1")
    with pytest.raises(PlanNotInVersion, match=r"2024\.yaml"):
        version_at(seen(programme), now, "HEAD")


def apply(programme: Path, *changes: Callable[[dict[str, Plain]], Change]) -> None:
    ledger = Ledger(programme)
    for change in changes:
        snapshot = ledger.read()
        ledger.apply(snapshot, change(snapshot.data))


def first_version(programme: Path) -> Version:
    root = list(commits(seen(programme), programme.name))[-1].commit
    return version_at(seen(programme), Ledger(programme).read(), root)


def changed(programme: Path) -> dict[str, MeasureDifference]:
    then, now = first_version(programme).snapshot.data, Ledger(programme).read().data
    return {one.group.id: one for one in changed_since(then, now, Words())}


def bring_back(programme: Path, measure: str, part: int | None = None) -> str:
    ledger = Ledger(programme)
    wanted = None if part is None else changed(programme)[measure].parts[part].wanted
    found = restoration(
        seen(programme), ledger.read(), first_version(programme), measure, wanted=wanted
    )
    ledger.apply(ledger.read(), found.change, found.attachments, reverts=found.reverts)
    return git(programme.parent, "log", "-1", "--format=%B")


MANY = {"responsible": "Отдел", "result": "Другое", "budget.plan": "100", "budget.fact": "90"}


def test_one_field_is_restored_and_the_rest_stays(programme: Path, repo: Path) -> None:
    apply(programme, lambda data: set_fields(data, "1.1.2", MANY))
    parts = changed(programme)["1.1.2"].parts
    assert [part.lines[0].label for part in parts] == [
        "Ожидаемый результат",
        "Ответственный исполнитель",
        "Бюджет, план",
    ]
    assert [part.lines[0].new for part in parts[1:]] == ["Отдел", "100"]
    root = first_version(programme).commit
    message = bring_back(programme, "1.1.2", 0)
    assert message.startswith("1.1.2: восстановлено: ожидаемый результат: Другое → Обеспечена")
    assert f"Восстановлено из версии {root[:10]}: «Программа на 2024 год»" in message
    assert "Ожидаемый результат: Другое → Обеспечена установка" in message
    assert message.rstrip().endswith(
        f"Kvartal-Change: set\nKvartal-Measure: 1.1.2\nKvartal-Restores: {root}"
    )
    row = measure_data(Ledger(programme).read().data, "1.1.2")
    assert row["responsible"] == "Отдел"
    assert changed_paths(repo) == ["plan/2024.yaml"]


def test_fields_outside_the_measures_are_restored_too(programme: Path, repo: Path) -> None:
    begun = programme.read_bytes()
    text = begun.decode().replace("code: ЛНА-0015-1", "code: ЛНА-0015-2")
    text = text.replace("title: ОЧНОЕ", "title: ЗАОЧНОЕ")
    programme.write_text(text, encoding="utf-8", newline="\n")
    git(repo, "commit", "-qam", "вручную")
    apply(programme, lambda data: set_fields(data, "1.1.2", MANY))
    parts = changed(programme)[""].parts
    assert [str(part.lines[0]) for part in parts] == [
        "Обозначение документа: ЛНА-0015-1 → ЛНА-0015-2",
        "Раздел 1 переименован: «ОЧНОЕ ОБСЛУЖИВАНИЕ» → «ЗАОЧНОЕ ОБСЛУЖИВАНИЕ»",
    ]
    message = bring_back(programme, "", 1)
    assert message.startswith("Программа: восстановлено: раздел 1, название раздела: ЗАОЧНОЕ")
    assert "code: ЛНА-0015-2" in programme.read_text(encoding="utf-8")
    bring_back(programme, "")
    found = json.loads(call(["--plan", programme, "verify", "--json"]).stdout)
    assert {one["code"] for one in found} == {"by-hand"}
    assert list(changed(programme)) == ["1.1.2"]
    with pytest.raises(NothingOutsideToRestore):
        bring_back(programme, "")


def test_restoring_part_by_part_restores_the_whole(programme: Path) -> None:
    before = programme.read_bytes()
    apply(
        programme,
        lambda data: set_fields(data, "1.1.2", {**MANY, "actions": "Шаг 1\nШаг 2"}),
        lambda data: postpone(data, "1.1.2", to="4 квартал", reason="поставка", day=RECORDED),
        lambda data: cancel(data, "1.1.2", reason="не нужно", day=RECORDED),
    )
    while "1.1.2" in changed(programme):
        bring_back(programme, "1.1.2", 0)
    assert Ledger(programme).read().data == first_version(programme).snapshot.data
    assert programme.read_bytes() == before


def test_actions_and_their_reference_are_restored_together(programme: Path) -> None:
    apply(programme, lambda data: set_fields(data, "1.1.2", {"actions_from": "1.1.1"}))
    (part,) = changed(programme)["1.1.2"].parts
    assert {line.label for line in part.lines} == {"Действия", "Действия общие с"}
    bring_back(programme, "1.1.2", 0)
    assert changed(programme) == {}


def test_a_record_is_restored_with_its_file(programme: Path, repo: Path, tmp_path: Path) -> None:
    act = tmp_path / "Акт ввода [1].pdf"
    act.write_bytes(b"%PDF")
    ledger = Ledger(programme)
    ledger.apply(ledger.read(), *record_with_file(ledger.read().data, programme, act))
    recorded = git(repo, "rev-parse", "HEAD").strip()
    message = bring_back(programme, "1.1.2")
    assert message.startswith("1.1.2: восстановлено: отметка за III квартал удалена")
    file = programme.parent / "evidence/2024/1.1.2/Акт ввода [1].pdf"
    assert not file.exists()

    version = version_at(seen(programme), ledger.read(), recorded)
    (part,) = changed_since(version.snapshot.data, ledger.read().data, Words())[0].parts
    found = restoration(seen(programme), ledger.read(), version, "1.1.2", wanted=part.wanted)
    ledger.apply(ledger.read(), found.change, found.attachments, reverts=found.reverts)
    assert file.read_bytes() == b"%PDF"
    assert subjects(repo, 1) == [
        "1.1.2: восстановлено: исполнено 27.09.2024, файл «Акт ввода [1].pdf»"
    ]
    assert len(changed_paths(repo)) == 2
    assert "Kvartal-Evidence: sha256:" in git(repo, "log", "-1", "--format=%B")


def test_a_record_whose_file_no_version_has_is_refused(
    programme: Path, repo: Path, tmp_path: Path
) -> None:
    act = tmp_path / "akt.pdf"
    act.write_bytes(b"%PDF")
    ledger = Ledger(programme)
    ledger.apply(ledger.read(), *record_with_file(ledger.read().data, programme, act))
    git(repo, "rm", "-q", "--cached", "plan/evidence/2024/1.1.2/akt.pdf")
    git(repo, "commit", "-q", "--amend", "--no-edit")
    recorded = git(repo, "rev-parse", "HEAD").strip()
    (programme.parent / "evidence/2024/1.1.2/akt.pdf").unlink()
    bring_back(programme, "1.1.2")
    version = version_at(seen(programme), ledger.read(), recorded)
    found = restoration(seen(programme), ledger.read(), version, "1.1.2")
    before = programme.read_bytes()
    with pytest.raises(EvidenceMissing):
        ledger.apply(ledger.read(), found.change, found.attachments, reverts=found.reverts)
    assert programme.read_bytes() == before


def test_a_deleted_measure_is_restored_in_its_place(programme: Path, repo: Path) -> None:
    before = programme.read_bytes()
    apply(programme, lambda data: remove(data, "3.3.1"), lambda data: remove(data, "3.2.2"))
    assert changed(programme)["3.3.1"].parts == ()
    message = bring_back(programme, "3.3.1")
    assert message.startswith("3.3.1: восстановлено: добавлено: ")
    assert "Kvartal-Change: add" in message
    bring_back(programme, "3.2.2")
    assert Ledger(programme).read().data == first_version(programme).snapshot.data
    assert len(programme.read_bytes()) == len(before)


def test_what_did_not_exist_or_did_not_change_is_not_restored(programme: Path) -> None:
    version, ledger = first_version(programme), Ledger(programme)
    with pytest.raises(NothingToRestore, match=r"1\.1\.2"):
        restoration(seen(programme), ledger.read(), version, "1.1.2")
    with pytest.raises(MeasureNotInVersion, match=r"9\.9\.9"):
        restoration(seen(programme), ledger.read(), version, "9.9.9")


def test_a_restoration_that_would_break_a_rule_is_refused(programme: Path) -> None:
    apply(
        programme,
        lambda data: set_fields(data, "1.1.2", {"same_work": "3.3.1"}),
        lambda data: set_fields(data, "1.1.2", {"same_work": ""}),
        lambda data: remove(data, "3.3.1"),
    )
    before, ledger = programme.read_bytes(), Ledger(programme)
    version = version_at(seen(programme), ledger.read(), "HEAD~2")
    found = restoration(seen(programme), ledger.read(), version, "1.1.2")
    with pytest.raises(InvalidReversal, match="same_work"):
        ledger.apply(ledger.read(), found.change, found.attachments, reverts=found.reverts)
    assert programme.read_bytes() == before


@pytest.mark.parametrize(
    ("then", "count"),
    [
        ({"title": "Было", "organization": "Была"}, 2),
        ({"title": "Было", "organization": "О"}, 0),
        # What is added or removed moves its neighbours.
        ({"title": "Было"}, 0),
        ({"title": "Было", "organization": "Была", "approval": {}}, 0),
    ],
)
def test_which_parts_outside_the_measures_can_be_restored_alone(
    then: dict[str, Plain], count: int
) -> None:
    now: PlanData = {"document": {"title": "Т", "organization": "О"}, "measures": []}
    parts = _outer_parts({"document": then, "measures": []}, now, Words(untranslated))
    assert len(parts) == count
    titles = [(part.wanted or {}).get("document") for part in parts]
    assert (
        titles
        == [
            {"title": "Было", "organization": "О"},
            {"title": "Т", "organization": "Была"},
        ][:count]
    )
