"""A closed world for every test: no settings, no repository and no history of the developer's.

What a test may rely on: it starts in an empty folder; git knows one fixed person
(`tests.support.isolation.AUTHOR`); the home folder is empty; texts are UTF-8, the time zone is UTC;
no variable of git or kvartal is set. A test that reaches the repository that contains the suite
fails the whole run.
"""

import gc
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile, copytree

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests.support import caching, isolation

ROOT = Path(__file__).resolve().parent.parent

BEFORE = pytest.StashKey[isolation.Repository]()
LEAKS = pytest.StashKey[list[str]]()

# The same examples in every run, as many as a quick suite can afford …
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
# … and new ones, many more: pytest --hypothesis-profile=explore
settings.register_profile(
    "explore", settings.get_profile("ci"), derandomize=False, max_examples=2000
)
settings.load_profile("ci")
set_hypothesis_home_dir(ROOT / ".hypothesis")
caching.remember()


def pytest_xdist_auto_num_workers() -> int:
    """Return how many workers to start: a test waits for git and timers a fifth of its time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among modules: a sixth of the screen tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Remember the developer's repository, once: in the process that leads the workers."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[BEFORE] = isolation.look(ROOT)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a test reached the developer's repository."""
    stash = session.config.stash
    if BEFORE in stash:
        found = isolation.leaks(ROOT, stash[BEFORE], alone=bool(os.environ.get("CI")))
        stash[LEAKS] = found
        if found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the tests did to the developer's repository."""
    for leak in terminalreporter.config.stash.get(LEAKS, []):
        terminalreporter.write_line(f"ERROR the tests reached this repository: {leak}", red=True)


@pytest.fixture(scope="session", autouse=True)
def _closed_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Put the tests' world in place of the developer's."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in isolation.outside():
            patch.delenv(name)
        for name, value in isolation.inside(home, tmp_path_factory.getbasetemp()).items():
            patch.setenv(name, value)
        _take_up_time_zone()
        yield
    _take_up_time_zone()


def _take_up_time_zone() -> None:
    """Make this process take up TZ, where that takes a call."""
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(autouse=True)
def _start_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in its own folder: what goes by the current folder finds nothing else."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _first_language() -> None:
    """Start each test in Russian, whatever language a command before it has put in force."""
    from kvartal.tui.i18n import RUSSIAN, use_language

    use_language(RUSSIAN)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the project: to be read, never written."""
    return ROOT


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return the folder of a new git repository without a commit."""
    folder = tmp_path / "repo"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", "-b", "main"], cwd=folder, check=True)
    return folder


@pytest.fixture
def git(repo: Path) -> Callable[..., str]:
    """Return a function that runs git in `repo` and returns what it prints, to the byte."""

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=repo, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return done.stdout

    return run


@pytest.fixture
def programme(repo: Path, git: Callable[..., str]) -> Path:
    """Return the real plan, whole and untouched, committed to `repo` as plan/2024.yaml."""
    plan = repo / "plan" / "2024.yaml"
    plan.parent.mkdir()
    copyfile(ROOT / "plan" / "2024.yaml", plan)
    git("add", "plan")
    git("commit", "--quiet", "-m", "Программа на 2024 год")
    return plan


@pytest.fixture(scope="session")
def whole_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the repository of the year 2024 (tests/scenarios): to be read, never written."""
    from tests.scenarios.year import shared_year

    return shared_year(tmp_path_factory.getbasetemp())


@pytest.fixture
def year(whole_year: Path, tmp_path: Path) -> Path:
    """Return the plan file of the year 2024 in a repository of the test's own."""
    return copytree(whole_year, tmp_path / "year") / "plan" / "2024.yaml"
