"""Fixtures of the tests of verify."""

from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from kvartal.history.diff.items import as_list, as_row
from kvartal.history.yaml_text.loader import read
from kvartal.history.yaml_text.splice import splice_to
from tests.audit.story import Story

if TYPE_CHECKING:
    from kvartal.schema.changes import Plain, PlanData

HEADER = ("organization", "title", "code", "approval")
MEASURES = ("1.1.1", "1.1.2", "1.1.3", "2.2.1", "3.4.1-2")


def small(plan: Path) -> bytes:
    """Return the real plan with a few of its measures: each test reads it many times."""
    source = read(plan)
    rows = [as_row(row) for row in as_list(source.data["measures"])]
    document = as_row(source.data["document"])
    kept: list[Plain] = [row for row in rows if row["id"] in MEASURES]
    header: Plain = {key: document[key] for key in HEADER}
    data: PlanData = {**source.data, "document": header, "measures": kept}
    return splice_to(source, data).encoded


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return a repository in which the history of the real plan has begun: to be copied."""
    repo = tmp_path_factory.mktemp("begun") / "repo"
    plan = repo / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_bytes(small(root / "plan" / "2024.yaml"))
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
    """Return a second such file."""
    source = tmp_path / "Справка.txt"
    source.write_bytes("Справка о работах\n".encode())
    return source
