"""The ledger on a repository in which nothing is in the way: what is written, and what is not."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kvartal.history.messages.message import EarlierCommit
from kvartal.history.store.errors import (
    EvidenceAltered,
    EvidenceMissing,
    EvidencePathTaken,
    EvidencePathUnsafe,
    PlanChangedOutside,
)
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.repo_state import PlanStatus
from kvartal.history.store.snapshot import InvalidChange, InvalidPlan
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.operations import cancel, remove
from tests.support.repository import (
    changed_paths,
    git,
    record_with_file,
    set_responsible,
    subjects,
    visible_state,
)

Git = Callable[..., str]


def test_a_change_is_one_commit_of_one_file(ledger: Ledger, repo: Path) -> None:
    before = ledger.read()
    outcome = ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert outcome.commit == git(repo, "rev-parse", "HEAD").strip()
    assert changed_paths(repo) == ["plan/2024.yaml"]
    assert subjects(repo)[0].startswith("1.1.2: ")
    assert git(repo, "show", "HEAD:plan/2024.yaml").encode() == ledger.path.read_bytes()
    assert git(repo, "status", "--porcelain") == ""
    assert visible_state(repo).leftovers == []


def test_the_diff_is_the_line_of_the_change(ledger: Ledger, repo: Path) -> None:
    before = ledger.read()
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert git(repo, "diff", "--numstat", "HEAD^", "HEAD").split()[:2] == ["1", "0"]


def test_comments_that_go_with_a_change_are_named(ledger: Ledger, repo: Path) -> None:
    text = ledger.path.read_text(encoding="utf-8")
    measure = text.index("  - id: 1.2.1")
    own = text[measure:].replace('channel: "1.2"', 'channel: "1.2" # №1\n    # узнать у Анны', 1)
    commented = text[:measure] + own
    ledger.path.write_text(commented, encoding="utf-8")
    git(repo, "commit", "-qam", "Комментарии")
    before = ledger.read()
    kept = ledger.apply(before, set_responsible(before.data, "Отдел # 2", measure="1.2.1"))
    assert kept.warnings == ()
    again = ledger.apply(
        kept.snapshot, set_responsible(kept.snapshot.data, "Отдел", measure="1.2.1")
    )
    assert again.warnings == ()
    change = remove(again.snapshot.data, "1.2.1")
    planned = ledger.preview(again.snapshot, change).warnings
    removed = ledger.apply(again.snapshot, change)
    assert [one.message() for one in planned] == [one.message() for one in removed.warnings]
    assert [str(one.fields["comments"]) for one in planned] == ["# №1; # узнать у Анны"]
    back = EarlierCommit(str(removed.commit), subjects(repo)[0])
    assert ledger.apply(removed.snapshot, change.inverse(), reverts=back).warnings == ()


def test_a_reason_for_taking_a_record_back_stays_in_the_message(ledger: Ledger) -> None:
    made = Edit("1.1.1", ("records",), MISSING, [{"quarter": 1, "date": "2024-03-29"}])
    before = ledger.apply(ledger.read(), Change(ChangeKind.RECORD, (made,))).snapshot
    change = Change(ChangeKind.UNDO, (made.inverse(),))
    earlier = EarlierCommit("1" * 40, "")
    for given, stated in (("", "основание не указано"), ("Дубль", "Дубль")):
        message = ledger.preview(before, change, reverts=earlier, reason=given).message
        assert [line for line in message.splitlines() if line.endswith(stated)]
        assert ("основание не указано" in message) is (not given)
    by_hand = ledger.preview(before, replace(change, kind=ChangeKind.EDIT)).message
    assert "основание не указано" not in by_hand


def test_what_is_given_back_is_what_a_look_and_a_preview_show(ledger: Ledger) -> None:
    before = ledger.read()
    # A soft hyphen, which goes: what is typed gets its one form.
    change = Change(ChangeKind.SET, (Edit("1.1.2", ("responsible",), MISSING, "Отдел\u00ad ОК "),))
    planned = ledger.preview(before, change).snapshot
    restored = ledger.preview(before, change, reverts=EarlierCommit("1" * 40, "")).snapshot
    assert restored.data["measures"] == apply_edits(before.data, change.edits)["measures"]
    outcome = ledger.apply(before, change)
    assert planned.data == outcome.snapshot.data
    seen = ledger.read()
    assert (outcome.snapshot.digest, outcome.snapshot.data) == (seen.digest, seen.data)
    assert outcome.snapshot.plan == seen.plan
    assert outcome.snapshot.problems == ()
    assert before.digest != seen.digest


def test_setting_a_value_to_what_it_is_writes_nothing(ledger: Ledger, repo: Path) -> None:
    before = ledger.read()
    outcome = ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    found = visible_state(repo)
    again = set_responsible(outcome.snapshot.data, "Отдел ОК")
    same = Change(ChangeKind.SET, (Edit("1.1.2", ("responsible",), "Отдел ОК", "Отдел ОК"),))
    for nothing in (again, same):
        assert ledger.apply(outcome.snapshot, nothing).commit is None
    back = EarlierCommit("1" * 40, "")
    assert ledger.preview(outcome.snapshot, same, reverts=back).snapshot is outcome.snapshot
    assert ledger.apply(outcome.snapshot, same, reverts=back).commit is None
    assert visible_state(repo) == found


def test_a_record_brings_its_evidence(ledger: Ledger, repo: Path, act: Path) -> None:
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    ledger.apply(before, change, files)
    path = "plan/evidence/2024/1.1.2/Акт ввода [1].pdf"
    attributes = "plan/evidence/.gitattributes"
    assert changed_paths(repo) == ["plan/2024.yaml", attributes, path]
    assert (repo / attributes).read_text(encoding="utf-8") == "* -text -filter\n"
    assert (repo / path).read_bytes() == act.read_bytes()
    assert f"Kvartal-Evidence: sha256:{files[0].sha256} {path}" in git(repo, "log", "-1")
    assert visible_state(repo).leftovers == []
    assert git(repo, "status", "--porcelain") == ""


def test_taking_a_record_back_takes_its_evidence_along(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    found = visible_state(repo)
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    recorded = ledger.apply(before, change, files)
    assert recorded.commit is not None
    earlier = EarlierCommit(recorded.commit, subjects(repo)[0])
    ledger.apply(recorded.snapshot, change.inverse(), reverts=earlier)
    assert len(changed_paths(repo)) == 2
    # The attributes stay: a clone may have added evidence that needs them meanwhile.
    git(repo, "rm", "--quiet", "plan/evidence/.gitattributes")
    after = visible_state(repo)
    assert (after.files, after.folders, after.index) == (found.files, found.folders, found.index)
    git(repo, "reset", "--quiet", "--hard")
    assert f"Kvartal-Reverts: {recorded.commit}" in git(repo, "log", "-1")
    assert git(repo, "status", "--porcelain") == ""


@pytest.mark.parametrize("damage", ["", "\nmeasures: ["])
def test_evidence_of_another_programme_of_the_folder_stays(
    ledger: Ledger, repo: Path, act: Path, damage: str
) -> None:
    """Two programmes of one year share a folder of evidence, and the same file in it."""
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    recorded = ledger.apply(before, change, files)
    text = ledger.path.read_text(encoding="utf-8")
    ledger.path.with_name("safety-2024.yaml").write_text(f"{text}{damage}", encoding="utf-8")
    outcome = ledger.apply(recorded.snapshot, change.inverse())
    assert changed_paths(repo) == ["plan/2024.yaml"]
    assert (ledger.path.parent / files[0].path).exists()
    assert outcome.warnings == ()


def test_evidence_that_git_does_not_hold_is_never_removed(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    recorded = ledger.apply(before, change, files)
    place = ledger.path.parent / files[0].path
    place.write_bytes(b"altered by somebody, and nowhere else")
    ledger.apply(recorded.snapshot, change.inverse())
    assert place.read_bytes() == b"altered by somebody, and nowhere else"
    assert changed_paths(repo) == ["plan/2024.yaml"]


def test_a_file_that_is_in_its_place_already_is_committed(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    place = ledger.path.parent / files[0].path
    place.parent.mkdir(parents=True)
    place.write_bytes(act.read_bytes())
    ledger.apply(before, change)
    assert len(changed_paths(repo)) == 3


def test_evidence_is_kept_whatever_the_ignore_rules_say(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    (repo / ".gitignore").write_text("*.pdf\nevidence\n.gitattributes\n", encoding="utf-8")
    before = ledger.read()
    ledger.apply(before, *record_with_file(before.data, ledger.path, act))
    assert len(changed_paths(repo)) == 3


def test_evidence_overwrites_nothing(ledger: Ledger, repo: Path, act: Path) -> None:
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    place = ledger.path.parent / files[0].path
    place.parent.mkdir(parents=True)
    place.write_bytes(b"another")
    found = visible_state(repo)
    with pytest.raises(EvidencePathTaken, match=r"уже есть другой файл.* Уберите его оттуда"):
        ledger.apply(before, change, files)
    assert visible_state(repo) == found


@pytest.mark.parametrize("link", ["evidence", "evidence/2024", "evidence/2024/1.1.2"])
def test_evidence_goes_through_no_link(
    ledger: Ledger, repo: Path, act: Path, tmp_path: Path, link: str
) -> None:
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = ledger.path.parent / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere)
    found = visible_state(repo)
    with pytest.raises(EvidencePathUnsafe):
        ledger.apply(before, change, files)
    assert visible_state(repo) == found
    assert list(elsewhere.iterdir()) == []


def test_evidence_that_is_not_there_or_has_changed_is_refused(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    before = ledger.read()
    change, files = record_with_file(before.data, ledger.path, act)
    found = visible_state(repo)
    with pytest.raises(EvidenceMissing):
        ledger.apply(before, change)
    act.write_bytes(b"altered meanwhile")
    with pytest.raises(EvidenceAltered):
        ledger.apply(before, change, files)
    assert visible_state(repo) == found


def test_a_change_that_makes_something_wrong_is_refused_with_its_problems(
    ledger: Ledger, repo: Path
) -> None:
    before = ledger.read()
    found = visible_state(repo)
    change = cancel(before.data, "1.1.2", reason="нет средств", day=date(2041, 1, 1))
    with pytest.raises(InvalidChange) as caught:
        ledger.apply(before, change)
    assert [problem.code for problem in caught.value.problems] == ["cancellation-date-outside-year"]
    assert caught.value.problems[0].path[-2:] == ("cancelled", "date")
    assert visible_state(repo) == found


def test_a_fault_that_was_there_before_is_in_nobodys_way(ledger: Ledger, git: Git) -> None:
    text = ledger.path.read_text(encoding="utf-8")
    ledger.path.write_text(text.replace("same_work: [", "same_work: [9.9.9, ", 1), "utf-8")
    git("commit", "-qam", "С ошибкой")
    before = ledger.read()
    assert {problem.code for problem in before.checked().problems or ()} == {"same-work-unknown"}
    assert ledger.apply(before, set_responsible(before.data, "Отдел ОК")).commit


def test_a_look_at_what_is_no_programme_says_why(ledger: Ledger) -> None:
    ledger.path.write_text("year: 2024\nmeasures: 1\n", encoding="utf-8")
    with pytest.raises(InvalidPlan) as caught:
        ledger.read()
    assert {problem.line for problem in caught.value.problems} <= {1, 2}
    assert str(ledger.path) in str(caught.value)


def test_other_files_stay_as_they_are(ledger: Ledger, repo: Path, git: Git) -> None:
    for name in ("dirty.txt", "staged.txt", "both.txt"):
        (repo / name).write_text("первая\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "Другие файлы")
    (repo / "dirty.txt").write_text("правка\n", encoding="utf-8")
    (repo / "untracked.txt").write_text("новый\n", encoding="utf-8")
    (repo / "staged.txt").write_text("подготовлено\n", encoding="utf-8")
    (repo / "both.txt").write_text("подготовлено\n", encoding="utf-8")
    git("add", "staged.txt", "both.txt")
    (repo / "both.txt").write_text("и ещё раз\n", encoding="utf-8")
    status, staged = git("status", "--porcelain"), git("diff", "--cached")
    before = ledger.read()
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert changed_paths(repo) == ["plan/2024.yaml"]
    assert (git("status", "--porcelain"), git("diff", "--cached")) == (status, staged)


def test_an_edit_since_the_look_is_noticed(ledger: Ledger, repo: Path) -> None:
    before = ledger.read()
    ledger.path.write_bytes(ledger.path.read_bytes() + b"# note\n")
    found = visible_state(repo)
    with pytest.raises(PlanChangedOutside):
        ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert visible_state(repo) == found


def test_of_two_ledgers_the_later_is_refused(programme: Path) -> None:
    first, second = Ledger(programme), Ledger(programme)
    seen = second.read()
    before = first.read()
    first.apply(before, set_responsible(before.data, "Первый"))
    with pytest.raises(PlanChangedOutside):
        second.apply(seen, set_responsible(seen.data, "Второй", measure="1.1.1"))


def test_the_first_commit_takes_the_plan_in(programme: Path, repo: Path, git: Git) -> None:
    git("update-ref", "-d", "HEAD")
    git("rm", "-rq", "--cached", ".")
    (repo / "staged.txt").write_text("чужой\n", encoding="utf-8")
    git("add", "staged.txt")
    ledger = Ledger(programme)
    before = ledger.read()
    state = ledger.state()
    assert (state.plan, state.head) == (PlanStatus.NEW, None)
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert git("ls-tree", "-r", "--name-only", "HEAD") == "plan/2024.yaml\n"
    assert git("status", "--porcelain") == "A  staged.txt\n"


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
def test_rights_and_links_of_the_plan_stay(programme: Path, tmp_path: Path, repo: Path) -> None:
    programme.chmod(0o640)
    link = tmp_path / "мой план.yaml"
    link.symlink_to(programme)
    ledger = Ledger(link)
    before = ledger.read()
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert link.is_symlink()
    assert stat.S_IMODE(programme.stat().st_mode) == 0o640
    assert "Отдел ОК" in programme.read_text(encoding="utf-8")
    assert git(repo, "status", "--porcelain") == ""


def test_looking_asks_neither_git_nor_the_validator(programme: Path) -> None:
    code = (
        "import pathlib, sys; from kvartal.history.store.ledger import Ledger;"
        "Ledger(pathlib.Path(sys.argv[1])).read();"
        "sys.exit(bool({'git', 'jsonschema'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(programme)], check=False)
    assert done.returncode == 0
