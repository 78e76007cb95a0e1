"""Fixtures of the sync tests: a shared repository and two clones."""

from pathlib import Path

import pytest

from tests.sync.clones import (
    Clone,
    SharedRepository,
    copy_shared_repository,
    create_shared_repository,
)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    create_shared_repository(folder)
    return folder


@pytest.fixture
def shared(_template: Path, tmp_path: Path) -> SharedRepository:
    """Return a bare repository with the real plan and two clones of it."""
    return copy_shared_repository(_template, tmp_path)


@pytest.fixture
def one(shared: SharedRepository) -> Clone:
    """Return the first clone."""
    return shared.clones[0]


@pytest.fixture
def other(shared: SharedRepository) -> Clone:
    """Return the second clone."""
    return shared.clones[1]
