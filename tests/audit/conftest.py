"""What the tests of verifying start from."""

from pathlib import Path
from shutil import copyfile, copytree

import pytest

from tests.audit.story import Story


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return a repository in which the history of the real plan has begun: to be copied."""
    repo = tmp_path_factory.mktemp("begun") / "repo"
    plan = repo / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    copyfile(root / "plan" / "2024.yaml", plan)
    story = Story(plan, "2024-01-09T09:00:00+03:00")
    story.git("init", "--quiet", "-b", "main")
    story.commit("Программа на 2024 год")
    return repo


@pytest.fixture
def story(begun: Path, tmp_path: Path) -> Story:
    """Return a history that has just begun."""
    copytree(begun, tmp_path / "repo")
    return Story(tmp_path / "repo" / "plan" / "2024.yaml")


@pytest.fixture
def act(tmp_path: Path) -> Path:
    """Return a file to be attached as evidence."""
    source = tmp_path / "Акт ввода.pdf"
    source.write_bytes("%PDF-1.7 Акт\r\n".encode())
    return source


@pytest.fixture
def other_act(tmp_path: Path) -> Path:
    """Return another one."""
    source = tmp_path / "Справка.txt"
    source.write_bytes("Справка о работах\n".encode())
    return source
