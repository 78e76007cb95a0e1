"""Plans to open on the screen."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from tests.support.drawing import undrawn


@pytest.fixture(autouse=True, scope="session")
def _undrawn() -> Iterator[None]:
    """Draw a screen only where a test looks at it."""
    with undrawn():
        yield


@pytest.fixture
def real_plan(root: Path, tmp_path: Path) -> Path:
    """Return a copy of the real plan, in no repository."""
    plan = tmp_path / "programme" / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    copyfile(root / "plan" / "2024.yaml", plan)
    return plan
