"""Plans to open on the screen."""

from pathlib import Path
from shutil import copyfile

import pytest


@pytest.fixture
def real_plan(root: Path, tmp_path: Path) -> Path:
    """Return a copy of the real plan, in no repository."""
    plan = tmp_path / "programme" / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    copyfile(root / "plan" / "2024.yaml", plan)
    return plan
