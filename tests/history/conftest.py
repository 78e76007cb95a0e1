"""What the tests of keeping start from."""

from pathlib import Path

import pytest

from kvartal.history.store import commit, git_locks
from kvartal.history.store.ledger import Ledger


@pytest.fixture
def ledger(programme: Path) -> Ledger:
    """Return the ledger of the real plan; it does not wait long for another writer."""
    return Ledger(programme, timeout=0.2)


@pytest.fixture
def act(tmp_path: Path) -> Path:
    """Return a file to be attached as evidence."""
    source = tmp_path / "Акт ввода [1].pdf"
    source.write_bytes("%PDF-1.7 Акт\r\n".encode())
    return source


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only a moment for another git."""
    monkeypatch.setattr(git_locks, "GIT_TIMEOUT", 0.2)
    monkeypatch.setattr(git_locks, "_SHORT_TIMEOUT", 0.1)
    monkeypatch.setattr(commit, "GIT_TIMEOUT", 0.2)
