"""The command line in a fresh repository, in this process and in a separate one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.support.cli import call

Run = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[..., Any]

PROGRAM = [sys.executable, "-c", "from kvartal.tui.main import main; main()"]


@pytest.fixture
def here() -> Run:
    """Return a function that runs a command in the current folder, in this process."""

    def invoke(*arguments: str | Path) -> Result:
        return call(arguments)

    return invoke


@pytest.fixture
def run(here: Run, repo: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in `repo`, in this process."""
    monkeypatch.chdir(repo)
    return here


@pytest.fixture
def ask(run: Run) -> Ask:
    """Return a function that runs a command with --json and returns what it printed."""

    def invoke(*arguments: str | Path) -> Any:  # noqa: ANN401 - JSON
        result = run(*arguments, "--json")
        assert result.stderr == ""
        assert result.exit_code == 0
        return json.loads(result.stdout)

    return invoke


@pytest.fixture
def process(repo: Path) -> Process:
    """Return a function that runs a command in `repo` as a separate process."""

    def start(*arguments: str | Path, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            cwd=repo,
            env={**os.environ, **environ},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return start
