"""Long histories: git works ahead, one measure is found by its lines, and nothing is missed."""

import os
import subprocess
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import entries
from kvartal.history.log.raw_commits import readable_commits
from kvartal.history.log.version_reader import RawCommit, measure_state, read_ahead
from tests.scenarios.working_copy import NAME

Git = Callable[..., str]


@pytest.fixture(scope="module")
def year_of(whole_year: Path) -> Repository:
    return find_repository(whole_year / "plan")


@pytest.fixture(scope="module")
def whole(year_of: Repository) -> list[CommitEntry]:
    return list(entries(year_of, NAME))


@pytest.mark.parametrize("measure", ["1.1.2", "2.2.1", "2.2.1-3", "3.1.2", "3.4.1-2", "3.7.1"])
def test_the_log_of_a_measure_is_the_whole_log_without_the_rest(
    year_of: Repository, whole: list[CommitEntry], measure: str
) -> None:
    expected = [
        (entry.commit, tuple(edit for edit in entry.edits or () if edit.measure == measure))
        for entry in whole
    ]
    found = [(entry.commit, entry.edits) for entry in entries(year_of, NAME, measure=measure)]
    assert found == [(commit, edits) for commit, edits in expected if edits]


def test_a_commit_and_its_ancestors_can_be_excluded(
    year_of: Repository, whole: list[CommitEntry]
) -> None:
    place = next(at for at, entry in enumerate(whole) if entry.is_merge)
    found = list(entries(year_of, NAME, excluding=whole[place].commit))
    assert [entry.commit for entry in found] == [entry.commit for entry in whole[:place]]
    assert [entry.edits for entry in found] == [entry.edits for entry in whole[:place]]
    alone = list(entries(year_of, NAME, excluding=whole[place].commit, measure="2.2.1"))
    assert alone == [
        entry for entry in entries(year_of, NAME, measure="2.2.1") if entry.commit in
        {one.commit for one in whole[:place]}
    ]  # fmt: skip


def test_only_wanted_commits_and_their_parents_are_read(programme: Path, git: Git) -> None:
    for number in range(3):
        text = programme.read_text(encoding="utf-8")
        programme.write_text(text + f"# {number}\n", encoding="utf-8")
        git("commit", "-q", "-a", "-m", str(number))
    repository = find_repository(programme.parent)
    commits = git("rev-list", "HEAD").split()
    found = [
        RawCommit(commit, tuple(commits[at + 1 : at + 2]), "", "")
        for at, commit in enumerate(commits)
    ]
    contents_of: list[str] = []
    read = read_ahead(
        repository,
        programme.name,
        found,
        lambda one: one.commit == commits[1],
        lambda commit, content: contents_of.append(commit) if content else None,
    )
    assert [one.commit for one in read] == [commits[1]]
    assert contents_of == commits[1:3]


def test_git_has_ended_when_the_reader_stops(year_of: Repository) -> None:
    found = entries(year_of, NAME, measure="1.1.1")
    assert len(list(islice(found, 1))) == 1
    found.close()
    children = subprocess.run(
        # Another process of the tests may read the same repository.
        ["pgrep", "-P", str(os.getpid()), "-f", f"{year_of.folder}.*(cat-file|log)"],
        capture_output=True,
        check=False,
    )
    assert children.stdout == b""


@pytest.mark.parametrize("ahead", [0, 1, 100, 2048])
def test_any_number_of_names_may_be_requested_ahead(year_of: Repository, ahead: int) -> None:
    names = [f"HEAD{'^' * (number % 3)}:./{NAME}" for number in range(200)] + ["nothing"]
    found = list(year_of.objects(names, ahead=ahead))
    assert found == [*(year_of.blob(name.partition(":")[0], NAME) for name in names[:3])] * 66 + [
        *(year_of.blob(name.partition(":")[0], NAME) for name in names[:2]),
        None,
    ]
    assert list(year_of.objects([], ahead=ahead)) == []


def test_the_state_of_a_measure_in_a_version() -> None:
    plan = b"measures:\n  - id: a\n    x: 1\n  - id: b\n    y: 2\n"
    state = measure_state(plan, b"a")
    assert state == measure_state(plan.replace(b"y: 2", b"y: 3"), b"a")
    assert state != measure_state(plan.replace(b"x: 1", b"x: 2"), b"a")
    assert measure_state(plan, b"zz") == measure_state(plan + b"\n", b"zz") != state
    # Written so that its lines are not found: then every difference counts.
    hidden = b'measures: [{id: "\\x7a\\x7a"}]\n'
    flow = b"measures: [{id: zz}]\n"
    for one in (hidden, flow):
        assert measure_state(one, b"zz") != measure_state(one + b"\n", b"zz")
    assert measure_state(None, b"a") is None


def test_a_measure_rewritten_in_flow_style_is_not_lost(programme: Path, git: Git) -> None:
    """Written manually so that its lines are not found."""
    text = programme.read_text(encoding="utf-8")
    begin = text.index("  - id: 1.1.2\n")
    end = text.index("  - id: 1.1.3\n")
    row = (
        '  - {id: "1\\u002e1.2", channel: "1.1", number: 1.1.2, proposal: Иначе, actions: [Так],\n'
        "     term: {text: 3 квартал 2024, quarters: [3]}, result: Стоит}\n\n"
    )
    programme.write_text(text[:begin] + row + text[end:], encoding="utf-8")
    git("commit", "-q", "-a", "-m", "flow")
    programme.write_text(
        text[:begin] + row.replace("Стоит", "Лежит") + text[end:], encoding="utf-8"
    )
    git("commit", "-q", "-a", "-m", "flow again")
    found = list(entries(find_repository(programme.parent), programme.name, measure="1.1.2"))
    assert [entry.subject for entry in found][:2] == ["flow again", "flow"]


@pytest.mark.parametrize("measure", [None, "1.1.2"])
def test_the_log_calls_own_fields_as_the_programme_does(
    programme: Path, git: Git, measure: str | None
) -> None:
    """The rest of the programme is not compared, but its names are read."""
    text = programme.read_text(encoding="utf-8")
    names = "fields:\n  - key: ввод\n    title: Дата ввода\n    type: date\n"
    place = "    result: Обеспечена установка терминала"
    for day in ("2024-05-01", "2024-06-01"):
        extra = f'    extra: {{"ввод": "{day}"}}\n'
        programme.write_text(names + text.replace(place, extra + place), encoding="utf-8")
        git("commit", "-q", "-a", "-m", day)
    (entry, *_) = entries(find_repository(programme.parent), programme.name, measure=measure)
    lines = {str(line) for group in entry.groups for line in group.lines}
    assert lines == {"Дата ввода: 01.05.2024 → 01.06.2024"}


def test_the_commits_after_a_lost_one_are_listed(programme: Path, git: Git) -> None:
    lost = git("rev-parse", "HEAD").strip()
    for number in range(2):
        programme.write_text(f"{programme.read_text(encoding='utf-8')}# {number}\n", "utf-8")
        git("commit", "-q", "-a", "-m", "Правка")
    wanted = git("rev-list", "-2", "HEAD").split()
    (programme.parents[1] / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    found = readable_commits(find_repository(programme.parent), programme.name, "HEAD", None)
    assert [one.commit for one in found] == wanted
