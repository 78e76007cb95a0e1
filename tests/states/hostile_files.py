"""Hostile things in the place of the program's files in the git directory.

``python -m tests.states.hostile_files [FILE…]`` puts each of them in the place of each file in
turn, and runs the commands that read it; a few are in the suite.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copyfile, copytree, rmtree

from kvartal.history.store.state_folder import MOST_BYTES
from tests.support.cli import call
from tests.support.isolation import environment
from tests.support.repository import git

FILES = (
    *("intent.json", "intent.json.new", "move.json", "move.json.new", "init.json"),
    *("errand.json", "call.json"),
    *("seen.json", "verified.json", "shared.json", "marks.json", "disputes.json", "lock"),
    *("aside", "textconv", "."),
)
"""Everything that the program keeps under ``.git/kvartal/``; the folder itself is the last one."""

COMMANDS = (
    ("list",),
    ("show", "1.1.2"),
    ("overdue",),
    ("validate",),
    ("log",),
    ("diff", "HEAD"),
    ("verify",),
    ("doctor",),
    ("textconv", "plan/2024.yaml"),
    ("sync", "--dry-run"),
    ("set", "1.1.2", "notes=Да"),
    ("undo",),
    ("sync",),
    ("init",),
)
WRONG = {
    "list": b"[[], {}, 1]",
    "number": b"1e999",
    "text": b'"\\u0000\\ud800"',
    "types": (
        b'{"branches": {"refs/heads/main": {"tips": 1, "marks": [], "shared": {}}}, "clone": 5, '
        b'"locks": 1, "remote": [], "started": "yesterday", "origin/main": {}, "origin": 7, '
        b'"refs/heads/main": {"plan/2024.yaml": 3}, "pid": {}, "host": [], "since": 1}'
    ),
    "started": b'{"started": 1e999, "locks": {"a": 1}, "remote": {"/": null}}',
    "digits": b'{"started": ' + b"9" * 5000 + b"}",
    "deep": b"[" * 200_000,
    "bytes": b"\xff\xfe\x00{",
    "empty": b"",
}
SHAPES = (*WRONG, "link", "dangling", "second name", "folder", "pipe", "huge")


def plant(place: Path, shape: str, victim: Path) -> None:
    """Put something into the place of a file.

    Args:
        place: The place; what is there goes.
        shape: One of `SHAPES`.
        victim: A file that is not to be written.
    """
    place.parent.mkdir(exist_ok=True)
    if place.is_dir() and not place.is_symlink():
        rmtree(place)
    place.unlink(missing_ok=True)
    if shape in {"link", "dangling"}:
        target = victim.parent if place.name in {"aside", "textconv", "kvartal"} else victim
        place.symlink_to(target if shape == "link" else victim.with_name("new"))
    elif shape == "second name":
        os.link(victim, place)
    elif shape == "folder":
        (place / "full").mkdir(parents=True)
    elif shape == "pipe":
        os.mkfifo(place)
    elif shape == "huge":
        place.touch()
        os.truncate(place, MOST_BYTES * 40)
    else:
        place.write_bytes(WRONG[shape])


def faults(folder: Path, name: str, shape: str, commands: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return what went wrong when commands met a shape in the place of a file.

    Args:
        folder: An empty folder.
        name: One of `FILES`.
        shape: One of `SHAPES`.
        commands: The commands.
    """
    repo, victim = folder / "repo", folder / "victims" / "victim"
    found = list[str]()
    for command in commands:
        victim.parent.mkdir(exist_ok=True)
        victim.write_text('{"mine": 1}')
        state = repo / ".git" / "kvartal"
        plant(state if name == "." else state / name, shape, victim)
        done = call((*command, "--plan", repo / "plan" / "2024.yaml", "--lang", "en"))
        about = f"{name} {shape} {' '.join(command)}"
        if done.exit_code not in {0, 1} or "Traceback" in done.output:
            found.append(f"{about}: {done.exit_code} {done.output[-300:]}")
        if victim.read_text() != '{"mine": 1}' or list(victim.parent.iterdir()) != [victim]:
            found.append(f"{about}: the victim was written")
            rmtree(victim.parent)
    return found


def new_repository(folder: Path) -> Path:
    """Return a new clone with the real plan, and the remote that it came from."""
    root = Path(__file__).resolve().parents[2]
    (folder / "repo" / "plan").mkdir(parents=True)
    copyfile(root / "plan" / "2024.yaml", folder / "repo" / "plan" / "2024.yaml")
    git(folder, "init", "--quiet", "-b", "main", "repo")
    git(folder / "repo", "add", ".")
    git(folder / "repo", "commit", "--quiet", "-m", "Программа на 2024 год")
    git(folder, "clone", "--quiet", "--bare", "repo", "remote.git")
    git(folder / "repo", "remote", "add", "origin", "../remote.git")
    return folder


def every_case(folder: Path, files: Sequence[str]) -> Iterator[str]:
    """Yield all faults of all shapes in the places of files."""
    base = new_repository(folder / "base")
    for name in files:
        for shape in SHAPES:
            case = copytree(base, folder / "case")
            yield from faults(case, name, shape, COMMANDS)
            rmtree(case)


def main(say: Callable[[str], object] = print) -> None:
    """Try every case; the exit code is 1 if anything went wrong."""
    found, files = 0, sys.argv[1:] or FILES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "home").mkdir()
        os.environ.update(environment(folder / "home", folder))
        for fault in every_case(folder, files):
            found += 1
            say(fault)
            sys.stdout.flush()
    say(f"{len(files) * len(SHAPES) * len(COMMANDS)} cases, {found} faults")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
