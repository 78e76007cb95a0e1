"""The log of real repositories: commits of the program, manual ones, merges, unreadable ones."""

import subprocess
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.diff.diff import FieldChange
from kvartal.history.diff.layout import changed_only, layout, lines_of_measure
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits, entries
from kvartal.history.log.version_reader import VersionReader
from kvartal.history.store.ledger import Ledger
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import Change, ChangeKind
from kvartal.schema.operations import cancel, postpone, record, set_fields
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from tests.support.isolation import AUTHOR, EMAIL
from tests.support.repository import record_with_file

Git = Callable[..., str]
NAME = "2024.yaml"
RESULT = "Обеспечена установка терминала электронной очереди"


@pytest.fixture
def repository(programme: Path) -> Repository:
    return find_repository(programme.parent)


def keep(plan: Path, change: Callable[..., Change], *arguments: object, **texts: object) -> str:
    ledger = Ledger(plan)
    snapshot = ledger.read()
    commit = ledger.apply(snapshot, change(snapshot.data, *arguments, **texts)).commit
    assert commit
    return commit


def set_(plan: Path, measure: str = "1.1.2", **texts: str) -> str:
    return keep(plan, set_fields, measure, texts)


def edit_manually(git: Git, plan: Path, old: str, new: str, subject: str = "fix") -> None:
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new, 1), encoding="utf-8")
    git("commit", "-q", "-am", subject)


def log(repository: Repository, **what: object) -> list[CommitEntry]:
    return list(entries(repository, NAME, **what))  # type: ignore[arg-type] # passed on as it is


# ---------------------------------------------------------------------------------------- entries


def test_a_change_made_by_the_program_is_complete(programme: Path, repository: Repository) -> None:
    source = programme.parent.parent / "Акт ввода.pdf"
    source.write_bytes(b"act")
    ledger = Ledger(programme)
    snapshot = ledger.read()
    change, files = record_with_file(snapshot.data, programme, source)
    commit = ledger.apply(snapshot, change, files).commit
    entry = log(repository)[0]
    assert (entry.commit, entry.author, entry.email) == (commit, AUTHOR, EMAIL)
    assert entry.subject == "1.1.2: исполнено 27.09.2024, файл «Акт ввода.pdf»"
    assert (entry.kind, entry.is_manual, entry.is_merge) == (ChangeKind.RECORD, False, False)
    assert entry.measures == ("1.1.2",)
    assert entry.evidence[0].path == "plan/evidence/2024/1.1.2/Акт ввода.pdf"
    assert entry.edits == change.edits
    assert entry.changes[0].as_json()["field"] == "records.0"
    assert str(entry.groups[0].lines[0]) == "Отметка за III квартал: — → 27.09.2024"


def test_the_date_has_its_offset(
    programme: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2024-09-27T10:00:00+07:00")
    set_(programme, responsible="Отдел ОК")
    assert log(repository)[0].date == "2024-09-27T10:00:00+07:00"


def test_a_manual_commit_is_computed_from_the_two_versions(
    programme: Path, repository: Repository, git: Git
) -> None:
    edit_manually(git, programme, f"result: {RESULT}", "result: Терминал стоит")
    entry = log(repository)[0]
    assert (entry.kind, entry.is_manual, entry.subject) == (None, True, "fix")
    assert entry.changes == (FieldChange("1.1.2", "result", RESULT, "Терминал стоит"),)


def test_a_false_message_does_not_hide_what_changed(
    programme: Path, repository: Repository, git: Git
) -> None:
    lie = "1.1.1: примечания\n\nтело\n\nKvartal-Change: set\nKvartal-Measure: 1.1.1"
    edit_manually(git, programme, f"result: {RESULT}", "result: Терминал стоит", lie)
    entry = log(repository)[0]
    assert entry.trailers.measures == ("1.1.1",)
    assert entry.measures == ("1.1.2",)
    assert log(repository, measure="1.1.2")[0].commit == entry.commit


def test_the_first_commit_is_all_additions(programme: Path, repository: Repository) -> None:
    (entry,) = log(repository)
    assert len(entry.measures) == 20
    assert FieldChange("1.1.2", "result", None, RESULT) in entry.changes


def test_newest_first_and_lazily(programme: Path, repository: Repository) -> None:
    made = [set_(programme, responsible=f"Отдел {number}") for number in range(3)]
    assert [entry.commit for entry in islice(entries(repository, NAME), 2)] == made[:0:-1]


def test_comments_and_layout_only(programme: Path, repository: Repository, git: Git) -> None:
    edit_manually(git, programme, "measures:\n", "# Таблица\nmeasures:\n")
    entry = log(repository)[0]
    assert (entry.edits, entry.is_readable) == ((), True)


def test_commits_that_did_not_touch_the_plan_are_left_out(
    programme: Path, repository: Repository, git: Git
) -> None:
    (programme.parent / "a.txt").write_text("x")
    git("add", ".")
    git("commit", "-qm", "other")
    assert len(log(repository)) == 1


def test_an_unreadable_version_is_marked_as_such(
    programme: Path, repository: Repository, git: Git
) -> None:
    good = programme.read_text(encoding="utf-8")
    edit_manually(git, programme, "measures:\n", "measures: [[[\n", "broken")
    programme.write_text(good, encoding="utf-8")
    git("commit", "-qam", "mended")
    set_(programme, responsible="Отдел ОК")
    entries_found = log(repository)[:4]
    assert [(entry.subject, entry.is_readable) for entry in entries_found] == [
        ("1.1.2: ответственный исполнитель: — → Отдел ОК", True),
        ("mended", True),
        ("broken", False),
        ("Программа на 2024 год", True),
    ]
    last_readable = entries_found[3].commit
    assert [entry.compared_with for entry in entries_found] == ["", last_readable, "", ""]
    assert entries_found[1].edits == ()
    # The lines of the measure were the same all the time.
    assert len(log(repository, measure="1.1.2")) == 2


def test_a_plan_deleted_and_restored(programme: Path, repository: Repository, git: Git) -> None:
    text = programme.read_bytes()
    git("rm", "-q", programme)
    git("commit", "-qm", "gone")
    programme.parent.mkdir(exist_ok=True)
    programme.write_bytes(text)
    git("add", programme)
    git("commit", "-qm", "back")
    back, gone, _ = log(repository)
    assert FieldChange("1.1.2", "result", RESULT, None) in gone.changes
    assert FieldChange("1.1.2", "result", None, RESULT) in back.changes


def test_no_commit_no_entries(repo: Path) -> None:
    assert list(entries(find_repository(repo), NAME)) == []


def test_escapes_in_names_are_returned_unchanged(
    programme: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ива\x1b[31mнова")
    set_(programme, responsible="Отдел ОК")
    assert log(repository)[0].author == "Ива\x1b[31mнова"


# ------------------------------------------------------------------------------------------ filters


def test_one_measure(programme: Path, repository: Repository, git: Git) -> None:
    set_(programme, "1.1.1", notes="а")
    wanted = keep(
        programme, postpone, "1.1.2", to="4 квартал 2024", reason="Задержка", day=date(2024, 9, 10)
    )
    set_(programme, "1.1.3", notes="б")
    text = programme.read_text(encoding="utf-8")
    both = text.replace("notes: а", "notes: в").replace(RESULT, "Стоит")
    programme.write_text(both, encoding="utf-8")
    git("commit", "-qam", "both")
    found = log(repository, measure="1.1.2")
    assert [entry.subject for entry in found] == [
        "both",
        "1.1.2: срок перенесён: 3 квартал 2024 → 4 квартал 2024",
        "Программа на 2024 год",
    ]
    assert found[1].commit == wanted
    assert found[0].changes == (FieldChange("1.1.2", "result", RESULT, "Стоит"),)
    assert [group.id for group in found[0].groups] == ["1.1.2"]


def test_measures_whose_ids_begin_alike(programme: Path, repository: Repository) -> None:
    set_(programme, "1.1.3-2", notes="а")
    assert len(log(repository, measure="1.1.3")) == 1
    assert len(log(repository, measure="1.1.3-2")) == 2


def test_since_and_until(
    programme: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2024-03-28", "2024-06-28", "2024-09-27"):
        monkeypatch.setenv("GIT_AUTHOR_DATE", f"{day}T23:30:00+07:00")
        set_(programme, notes=day)
    found = log(repository, since=date(2024, 6, 28), until=date(2024, 6, 28))
    assert [entry.date[:10] for entry in found] == ["2024-06-28"]


# ------------------------------------------------------------------------------------------- merges


@pytest.fixture
def two_lines(programme: Path, git: Git) -> Path:
    """Two branches: 1.1.2 changed on one, 1.2.2 on the other."""
    git("switch", "-qc", "colleague")
    set_(programme, "1.2.2", responsible="Отдел Б")
    git("switch", "-q", "main")
    set_(programme, "1.1.2", responsible="Отдел А")
    return programme


def test_a_clean_merge_repeats_nothing(two_lines: Path, repository: Repository, git: Git) -> None:
    git("merge", "-q", "colleague", "-m", "merge")
    found = log(repository)
    assert found[0].is_merge
    assert (found[0].edits, found[0].measures) == ((), ())
    assert {entry.subject for entry in found[1:3]} == {
        "1.1.2: ответственный исполнитель: — → Отдел А",
        "1.2.2: ответственный исполнитель: — → Отдел Б",
    }
    assert [entry.is_merge for entry in log(repository, measure="1.1.2")] == [False, False]


def test_an_edit_slipped_into_a_merge_is_reported(
    two_lines: Path, repository: Repository, git: Git
) -> None:
    git("merge", "-q", "--no-commit", "--no-ff", "colleague")
    text = two_lines.read_text(encoding="utf-8")
    two_lines.write_text(text.replace(RESULT, "Стоит", 1), encoding="utf-8")
    git("commit", "-qam", "merge")
    entry = log(repository)[0]
    assert entry.is_merge
    assert entry.changes == (FieldChange("1.1.2", "result", RESULT, "Стоит"),)


def test_a_conflict_resolved_with_both_records_repeats_nothing(
    programme: Path, repository: Repository, git: Git
) -> None:
    git("switch", "-qc", "colleague")
    keep(programme, record, ["1.1.1"], RecordDraft(CalendarQuarter(2024, 1), date(2024, 3, 28)))
    git("switch", "-q", "main")
    keep(programme, record, ["1.1.1"], RecordDraft(CalendarQuarter(2024, 2), date(2024, 6, 28)))
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "-q", "colleague")
    lines = programme.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line[:7] not in {"<" * 7, "=" * 7, ">" * 7}]
    text = "".join(kept)
    assert "2024-06-28" in text.partition("2024-03-28")[0]
    programme.write_text(text, encoding="utf-8")
    git("commit", "-qam", "merge")
    assert log(repository)[0].edits == ()


def test_changes_that_a_merge_dropped_are_in_the_log(
    two_lines: Path, repository: Repository, git: Git
) -> None:
    git("merge", "-q", "-s", "ours", "colleague", "-m", "merge")
    assert "1.2.2: ответственный исполнитель: — → Отдел Б" in [
        entry.subject for entry in log(repository)
    ]


def test_a_merge_of_histories_with_nothing_in_common(
    programme: Path, repository: Repository, git: Git
) -> None:
    git("switch", "-q", "--orphan", "other")
    git("checkout", "main", "--", ".")
    edit_manually(git, programme, f"result: {RESULT}", "result: Стоит", "Заново")
    git("switch", "-q", "main")
    git("merge", "-q", "--allow-unrelated-histories", "-s", "ours", "other", "-m", "merge")
    (choice,) = log(repository)[0].choices
    assert choice.text == f"1.1.2, ожидаемый результат: взято «{RESULT}», не взято «Стоит»"


# -------------------------------------------------------------------------- parsing only parts


def test_only_measures_that_differ_are_parsed(programme: Path) -> None:
    old = programme.read_bytes()
    new = old.replace(RESULT.encode(), b"X", 1)
    one, other = layout(old), layout(new)
    assert one
    assert other
    parts = changed_only(one, other)
    assert parts
    row = load(old, "")
    assert load(parts[0], "").data == {"measures": [row.data["measures"][1]]}  # type: ignore[index] # a list
    assert len(parts[1]) < 1000


def test_versions_that_differ_outside_the_measures_are_parsed_whole(programme: Path) -> None:
    old = programme.read_bytes()
    new = old.replace(b"year: 2024", b"year: 2025", 1).replace(RESULT.encode(), b"X", 1)
    one, other = layout(old), layout(new)
    assert one
    assert other
    assert changed_only(one, other) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"measures:\n  - id: a\n    x: 1\n  - id: b\n", ["a", "b"]),
        (b"measures:\r\n- id: 'a' # c\r\n- id: \"b\"\r\nyear: 1\r\n", ["a", "b"]),
        (b"measures:\n\n# c\n  - id: a\n    x:\n      - id: z\n", ["a"]),
        (b"measures: [{id: a}]\n", None),
        (b"measures:\n  - x: 1\n    id: a\n", None),
        (b"measures:\n  - id: a\n  - id: a\n", None),
        (b"measures:\n  - id: a\n  - x\n", None),
        (b"year: 1\n", None),
        (b"", None),
    ],
)
def test_only_the_usual_layout_is_split(text: bytes, names: list[str] | None) -> None:
    found = layout(text)
    assert (found and [name.decode() for name in found.measures]) == names


def test_lines_of_one_measure() -> None:
    text = b"measures:\n  - id: a\n    x: 1\n    y:\n      - id: a2\n  - id: a2\n    z: 1\n"
    assert lines_of_measure(text, b"a") == b"  - id: a\n    x: 1\n    y:\n      - id: a2"
    assert lines_of_measure(text, b"b") is None
    assert lines_of_measure(text.replace(b"a2\n    z", b"a\n    z"), b"a") is None
    assert lines_of_measure(b"  - id: 'a'\n    x: 1\n", b"a") == b"  - id: 'a'\n    x: 1\n"


steps = st.lists(
    st.tuples(
        st.sampled_from(["1.1.1", "1.1.2", "2.2.1-2"]),
        st.sampled_from(["notes", "responsible", "result"]),
        st.sampled_from(["а", "б: [", "в\nг", "- id: 1.1.2", "#"]),
    ),
    min_size=1,
    max_size=4,
)


@given(steps)
def test_parsing_the_parts_and_the_whole_agree(
    root: Path, steps: list[tuple[str, str, str]]
) -> None:
    from kvartal.history.diff.diff import difference
    from kvartal.history.yaml_text.splice import splice

    source = load((root / "plan" / NAME).read_bytes(), "")
    changed = source
    for measure, field, text in steps:
        changed = splice(changed, set_fields(changed.data, measure, {field: text}).edits)
    old, new = layout(source.encoded), layout(changed.encoded)
    assert old
    assert new
    parts = changed_only(old, new)
    assert parts
    short = difference(load(parts[0], "").data, load(parts[1], "").data)
    assert short == difference(source.data, changed.data)
    for name, lines in old.measures.items():
        same = lines_of_measure(source.encoded, name) == lines_of_measure(changed.encoded, name)
        assert same == (lines not in parts[0])


def test_a_version_reader_ends_its_process(programme: Path, repository: Repository) -> None:
    with VersionReader(repository, NAME) as versions:
        assert versions.content("HEAD") == programme.read_bytes()
        assert versions.content("HEAD~7") is None
        assert versions.data(None) == {}
    children = subprocess.run(
        ["pgrep", "-f", f"{repository.folder}.*cat-file"], capture_output=True, check=False
    )
    assert children.stdout == b""


def test_commits_without_changes_read_no_version(
    programme: Path, repository: Repository, git: Git
) -> None:
    edit_manually(git, programme, "measures:\n", "measures: [[[\n", "broken")
    assert [(entry.subject, entry.edits) for entry in commits(repository, NAME)] == [
        ("broken", None),
        ("Программа на 2024 год", None),
    ]


def test_a_cancellation(programme: Path, repository: Repository) -> None:
    keep(programme, cancel, "1.1.4", reason="Нет денег", day=date(2024, 6, 1))
    entry = log(repository)[0]
    assert entry.subject == "1.1.4: снято с плана: Нет денег"
    assert entry.changes[0].field == "cancelled"
