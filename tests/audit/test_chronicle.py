"""What `log`, `diff` and `verify` say of a history of honest and dishonest commits, as recorded."""

from pathlib import Path

import pytest

from tests.audit.chronicle_golden import (
    COMMANDS,
    GOLDEN,
    PARTS,
    UNDONE,
    begin,
    said,
    said_of_parts,
    said_of_undoing,
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the history."""
    return tmp_path_factory.mktemp("chronicle") / "repo"


@pytest.fixture(scope="module")
def commits(repo: Path) -> tuple[str, ...]:
    """Return the hashes of the history's commits."""
    return begin(repo)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_history_is_read_as_recorded(
    name: str, commits: tuple[str, ...], repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo)
    monkeypatch.setenv("COLUMNS", "100")
    recorded = (GOLDEN / name).read_text(encoding="utf-8")
    assert said(COMMANDS[name], commits).split("\n") == recorded.split("\n")


def test_what_undoing_comes_to_is_as_recorded(
    commits: tuple[str, ...], repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo)
    monkeypatch.setenv("COLUMNS", "100")
    recorded = (GOLDEN / UNDONE).read_text(encoding="utf-8")
    assert [*said_of_undoing(commits), ""] == recorded.split("\n")


def test_a_part_of_a_history_is_read_as_recorded(
    commits: tuple[str, ...], repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is left out, be it by the user or because a shallow clone does not have it."""
    monkeypatch.chdir(repo)
    monkeypatch.setenv("COLUMNS", "100")
    recorded = (GOLDEN / PARTS).read_text(encoding="utf-8")
    assert [*said_of_parts(repo, commits), ""] == recorded.split("\n")
