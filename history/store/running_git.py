"""Whether a git runs in a repository, as far as the system shows that (Linux)."""

from pathlib import Path
from typing import Final

from kvartal.history.git.repository import Repository

_PROCESSES: Final = Path("/proc")


def shows_processes() -> bool:
    """Return whether the system shows which processes run."""
    return _PROCESSES.is_dir()


def git_runs_in(repository: Repository) -> bool:
    """Return whether a git is seen to run in this repository."""
    return git_runs_below((repository.at("").folder, repository.git_dir, repository.common_dir))


def git_runs_below(places: tuple[Path, ...]) -> bool:
    """Return whether a git is seen to run in any of these folders."""
    for process in _PROCESSES.glob("[0-9]*"):
        try:
            if (process / "comm").read_text(encoding="utf-8").strip() != "git":
                continue
            folder = (process / "cwd").readlink()
        except PermissionError:
            return True  # A different user's: where it runs is not visible.
        except OSError:
            continue
        if any(folder.is_relative_to(place) for place in places):
            return True
    return False
