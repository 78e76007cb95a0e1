"""What the log says is what the file says, through merges, choices and manual resolutions."""

import random
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import entries
from tests.history.random_histories import NAME, RandomHistory, Version
from tests.support.repository import git


def newest_values(log: list[CommitEntry]) -> dict[tuple[str, str], object]:
    """Return what the newest entry about each field says that it is."""
    values: dict[tuple[str, str], object] = {}
    for entry in log:
        for change in entry.changes:
            values.setdefault((change.id, change.field), change.new)
    return values


def held(version: Version, measure: str, field: str) -> object:
    row = version.get(measure)
    if row is None:
        return None
    return measure if field == "id" else row.get(field)


@pytest.mark.parametrize("seed", range(8))
def test_the_newest_entry_about_a_field_says_what_head_holds(tmp_path: Path, seed: int) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    history = RandomHistory(random.Random(seed))  # noqa: S311 - no secret
    history.grow(14)
    history.write(tmp_path)
    repository = find_repository(tmp_path / "plan")
    head = history.versions[-1]
    whole = list(entries(repository, NAME))
    measures = ("1.1.1", "1.1.2")
    for log in (whole, *(list(entries(repository, NAME, measure=one)) for one in measures)):
        for (measure, field), value in newest_values(log).items():
            if measure and field != "position":
                assert value == held(head, measure, field), (measure, field)
    for measure in measures:
        about = [entry.commit for entry in whole if measure in entry.measures]
        alone = [entry.commit for entry in entries(repository, NAME, measure=measure)]
        assert alone == about
