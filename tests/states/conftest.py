"""Fixtures for tests in every state of a repository."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from kvartal.history.store import commit, git_locks
from tests.support.cli import call
from tests.support.drawing import undrawn

Run = Callable[..., Result]


@pytest.fixture(autouse=True, scope="session")
def _undrawn() -> Iterator[None]:
    """Draw a screen only when a test reads it."""
    with undrawn():
        yield


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only a moment for another git."""
    for module in (git_locks, commit):
        monkeypatch.setattr(module, "GIT_TIMEOUT", 0.1)


@pytest.fixture(autouse=True)
def _git_config(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore the git settings that a state changes."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.environ["GIT_CONFIG_GLOBAL"])


@pytest.fixture
def ask() -> Run:
    """Return a function that runs a command on a plan, in this process."""

    def invoke(plan: Path, *arguments: str | Path) -> Result:
        return call([*arguments, "--plan", plan])

    return invoke
