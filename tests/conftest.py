"""Isolation for every test: no settings, repository or history of the developer are visible.

What a test may rely on: it starts in an empty folder; git knows one fixed person
(`tests.support.isolation.AUTHOR`); the home folder is empty; texts are UTF-8, the time zone is UTC;
no variable of git or kvartal is set. A test that reaches the repository that contains the suite
fails the whole run.
"""

import gc
import os
import signal
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

# The same examples in every run, as many as a fast suite allows …
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=14,
    suppress_health_check=[HealthCheck.too_slow],
)
# … or many new ones: pytest --hypothesis-profile=explore
settings.register_profile(
    "explore", settings.get_profile("ci"), derandomize=False, max_examples=2000
)
settings.load_profile("ci")
set_hypothesis_home_dir(ROOT / ".hypothesis")
caching.cache_plans()
# The workers and every program that a test starts would compile all modules again, for a quarter of
# a second of processor time each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_configure() -> None:
    """Let the test folders be in memory, since flushing a file takes 3 ms, and let Ctrl-C work."""
    folder = isolation.memory_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))  # `--basetemp` has precedence.
    # A shell that starts the suite in the background has Ctrl-C ignored, in every child as well.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Return the number of workers: a fifth of a test's time is waiting for git and timers."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Collect garbage seldom, and never modules: that took a sixth of the screen tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Save the state of the developer's repository, in the main process only."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[BEFORE] = isolation.read_repository(ROOT)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a test changed the developer's repository."""
    stash = session.config.stash
    if BEFORE in stash:
        found = isolation.leaks(ROOT, stash[BEFORE], alone=bool(os.environ.get("CI")))
        stash[LEAKS] = found
        if found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report what the tests did to the developer's repository."""
    for leak in terminalreporter.config.stash.get(LEAKS, []):
        terminalreporter.write_line(f"ERROR the tests reached this repository: {leak}", red=True)


@pytest.fixture(scope="session", autouse=True)
def _isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Replace the developer's environment with that of the tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in isolation.foreign_variables():
            patch.delenv(name)
        for name, value in isolation.environment(home, tmp_path_factory.getbasetemp()).items():
            patch.setenv(name, value)
        _apply_time_zone()
        yield
    _apply_time_zone()


def _apply_time_zone() -> None:
    """Make this process read TZ again, on systems where that takes a call."""
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(autouse=True)
def _start_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in its own folder: the current folder leads to nothing else."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _first_language() -> None:
    """Start each test in Russian, whatever language an earlier command set."""
    from kvartal.tui.i18n import RUSSIAN, use_language

    use_language(RUSSIAN)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the project, to be read only."""
    return ROOT


@pytest.fixture(scope="session")
def _new_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new git repository without a commit: to be copied."""
    folder = tmp_path_factory.mktemp("new-repository")
    subprocess.run(["git", "init", "--quiet", "-b", "main", folder], check=True)
    return folder


@pytest.fixture(scope="session")
def _new_programme(_new_repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with the real plan committed to it: to be copied."""
    folder = tmp_path_factory.mktemp("new-programme")
    copytree(_new_repository, folder, dirs_exist_ok=True)
    (folder / "plan").mkdir()
    copyfile(ROOT / "plan" / "2024.yaml", folder / "plan" / "2024.yaml")
    for words in (["add", "plan"], ["commit", "--quiet", "-m", "Программа на 2024 год"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


@pytest.fixture
def repo(_new_repository: Path, tmp_path: Path) -> Path:
    """Return the folder of a new git repository without a commit."""
    return copytree(_new_repository, tmp_path / "repo")


@pytest.fixture
def git(repo: Path) -> Callable[..., str]:
    """Return a function that runs git in `repo` and returns its exact output."""

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=repo, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return done.stdout

    return run


@pytest.fixture
def programme(repo: Path, git: Callable[..., str], _new_programme: Path) -> Path:
    """Return the real plan, unmodified, committed to `repo` as plan/2024.yaml."""
    copytree(_new_programme, repo, dirs_exist_ok=True)
    git("update-index", "-q", "--refresh")  # The index knows the files by inode.
    return repo / "plan" / "2024.yaml"


@pytest.fixture(scope="session")
def whole_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the repository of the year 2024 (tests/scenarios), to be read only."""
    from tests.scenarios.year import shared_year

    return shared_year(tmp_path_factory.getbasetemp())


@pytest.fixture
def year(whole_year: Path, tmp_path: Path) -> Path:
    """Return the plan file of the year 2024 in a copy of that repository."""
    return copytree(whole_year, tmp_path / "year") / "plan" / "2024.yaml"
