"""The two lists of exact versions, one for pip and one for uv, are the same."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def pins(root: Path) -> list[str]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_pip_and_uv_get_the_same_versions(project: dict[str, Any], pins: list[str]) -> None:
    assert project["tool"]["uv"]["constraint-dependencies"] == pins


def test_every_version_is_exact_and_no_host_is_named(pins: list[str]) -> None:
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[^\s=]+( ; .+)?", pin)] == []


def test_every_requirement_is_pinned(project: dict[str, Any], pins: list[str]) -> None:
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[<>=!~;\s]", requirement)[0] for requirement in wanted}
    assert names - {pin.partition("==")[0] for pin in pins} == set()


def test_every_requirement_has_a_lower_bound(project: dict[str, Any]) -> None:
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert [requirement for requirement in wanted if ">=" not in requirement] == []
