"""What the tests of sharing start from."""

from pathlib import Path

import pytest

from tests.sync.clones import Clone, Office, copied, office


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    office(folder)
    return folder


@pytest.fixture
def shared(_template: Path, tmp_path: Path) -> Office:
    """Return a bare repository with the real plan and two clones of it."""
    return copied(_template, tmp_path)


@pytest.fixture
def one(shared: Office) -> Clone:
    """Return the first clone."""
    return shared.clones[0]


@pytest.fixture
def other(shared: Office) -> Clone:
    """Return the second clone."""
    return shared.clones[1]
