"""The scenario itself: deterministic, and such as an honest coordinator would produce."""

from datetime import date, datetime
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import entries
from kvartal.history.store.evidence import check_evidence
from kvartal.history.store.ledger import Ledger
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import ChangeKind
from kvartal.schema.states import MeasureState, status
from kvartal.schema.validation import validate
from tests.scenarios.working_copy import NAME
from tests.scenarios.year import year as write_year
from tests.support.repository import git

DAYS = 14
"""A fact is recorded within this many days; the New Year holidays take nine of them."""


@pytest.fixture(scope="session")
def log(whole_year: Path) -> list[CommitEntry]:
    return list(entries(find_repository(whole_year / "plan"), NAME))


def test_two_runs_give_the_same_commits(whole_year: Path, tmp_path: Path) -> None:
    """Also if the second one stops early."""
    part = write_year(tmp_path / "part", until="2024-06-17").parents[1]
    assert git(part, "log", "-1", "--format=%P").count(" ") == 1
    part_log = git(part, "log", "--format=%H %aI %an").splitlines()
    assert git(whole_year, "log", "--format=%H %aI %an", part_log[0][:40]).splitlines() == part_log
    assert part_log[0][:40] in git(whole_year, "rev-list", "HEAD").split()


def test_nothing_is_left_uncommitted(whole_year: Path) -> None:
    assert git(whole_year, "status", "--porcelain", "--untracked-files=all") == ""
    assert git(whole_year, "branch", "--format=%(refname)") == "refs/heads/main\n"
    assert git(whole_year, "tag").split() == [f"отчёт-2024-{quarter}" for quarter in range(1, 5)]


def test_people_work_on_working_days(log: list[CommitEntry]) -> None:
    moments = [datetime.fromisoformat(entry.date) for entry in log]
    assert all(moment.weekday() < 5 and 9 <= moment.hour < 18 for moment in moments)


def test_each_kind_of_work_is_there(log: list[CommitEntry]) -> None:
    kinds = {entry.kind for entry in log}
    # These came after the year was written; tests/history/test_shapes.py has their history.
    shape = {ChangeKind.STRUCTURE, ChangeKind.MOVE, ChangeKind.COPY, ChangeKind.CORRECT}
    others = {ChangeKind.MERGE, ChangeKind.REMOVE, ChangeKind.ACCEPT}
    assert kinds == set(ChangeKind) - others - shape | {None}
    by_git = [entry for entry in log if entry.is_manual]
    assert [entry.is_merge for entry in by_git] == [True, False]
    assert {entry.author for entry in log} == {"А. П. Иванова", "С. В. Петров"}


def test_every_version_is_valid_and_its_evidence_is_there(
    whole_year: Path, log: list[CommitEntry]
) -> None:
    for entry in log[::7]:
        stored = git(whole_year, "show", f"{entry.commit}:plan/{NAME}")
        assert not validate(load(stored.encode(), NAME).data)
    data = Ledger(whole_year / "plan" / NAME).read().data
    assert check_evidence(data, whole_year / "plan") == ()


def test_a_fact_is_recorded_soon_after_it_and_never_before(log: list[CommitEntry]) -> None:
    for entry in log:
        day = date.fromisoformat(entry.date[:10])
        for change in entry.changes if entry.kind is ChangeKind.RECORD else ():
            assert isinstance(change.new, dict)
            assert 0 <= (day - date.fromisoformat(str(change.new["date"]))).days <= DAYS
            assert "evidence" in change.new


def test_the_year_ends_as_a_year_does(whole_year: Path) -> None:
    plan = Ledger(whole_year / "plan" / NAME).read().plan
    ends = {one.id: status(one, plan.calendar, date(2025, 1, 10)).state for one in plan.measures}
    others = {name: end for name, end in ends.items() if end is not MeasureState.DONE}
    assert others == {"3.4.1-2": MeasureState.CANCELLED}
