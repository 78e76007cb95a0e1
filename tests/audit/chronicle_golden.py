"""What is said of the history of `chronicle_story.py`: the golden files of `log`, `diff`, `verify`.

Hashes stand there as the number of their commit: ``#07``.

After a change of what is said: ``python -m tests.audit.chronicle_golden`` from the root writes the
golden files again, to be reviewed with ``git diff``.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.audit.chronicle import Chronicle
from tests.audit.chronicle_story import tell
from tests.support.cli import call
from tests.support.git_objects import GitObjects
from tests.support.isolation import environment

GOLDEN = Path(__file__).parent / "golden"
COMMANDS: dict[str, tuple[str, ...]] = {
    "log.txt": ("log",),
    "log.en.txt": ("--lang", "en", "log"),
    "log-1.1.2.txt": ("log", "1.1.2"),
    "log-V-1.json": ("log", "V-1", "--json"),
    "diff.txt": ("diff", "#00..#13"),
    "diff.en.txt": ("--lang", "en", "diff", "#13..#-1"),
    "verify.txt": ("verify", "--full"),
    "verify.en.json": ("--lang", "en", "verify", "--full", "--json"),
}
"""What is run, by the name of the golden file; «#07» stands for a commit."""
PARTS = "parts.txt"
"""The golden file of what is said of parts of the history, where it differs from the whole."""
_PARTS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("", ("verify", "--since", "#-2")),
    ("#14 #54", ("verify", "--full")),
    ("#14 #54", ("log",)),
)
"""Where a shallow clone ends, on each line of work, and what is run in it."""
UNDONE = "undone.txt"
"""The golden file of what undoing each of some commits would come to."""
_UNDONE = (0, 1, 4, 5, 6, 9, 15, 20, 21, 23, 37, 51, 56, 75)
_HASH = re.compile(r"\b[0-9a-f]{7,40}\b")


def begin(repo: Path) -> tuple[str, ...]:
    """Write the history into a new repository; return the hashes of its commits, in order."""
    git = ("git", "-C", str(repo))
    repo.mkdir(parents=True)
    subprocess.run([*git, "init", "--quiet", "-b", "main"], check=True)
    told = Chronicle(GitObjects(repo))
    tell(told)
    subprocess.run([*git, "reset", "--quiet", "--hard"], check=True)
    return tuple(one.id for one in told.commits)


def said(words: Sequence[str], commits: Sequence[str]) -> str:
    """Return what a command says in the current folder, and its exit code."""
    named = [re.sub(r"#(-?[0-9]+)", lambda one: commits[int(one[1])], word) for word in words]
    result = call(named)
    text = _HASH.sub(lambda found: _name(found[0], commits), result.stdout + result.stderr)
    return f"{text}exit {result.exit_code}\n"


def said_of_parts(repo: Path, commits: Sequence[str]) -> Iterator[str]:
    """Yield the lines that are said of parts of the history, and how many of the whole are not."""
    for end, words in _PARTS:
        whole = (GOLDEN / f"{words[0]}.txt").read_text(encoding="utf-8").splitlines()
        if end:
            names = (f"{commits[int(name.removeprefix('#'))]}\n" for name in end.split())
            (repo / ".git" / "shallow").write_text("".join(names), encoding="ascii")
        lines = said(words, commits).splitlines()
        yield f"== {' '.join(words)}" + (f", in a clone that ends at {end}" if end else "")
        yield from (f"+ {line}" for line in lines if line not in whole)
        yield f"- {sum(line not in lines for line in whole)}"


def said_of_undoing(commits: Sequence[str]) -> Iterator[str]:
    """Yield what is said of undoing commits of every kind, one by one; nothing is written."""
    for at in _UNDONE:
        yield f"== undo #{at:02}"
        yield from said(("undo", f"#{at}", "--dry-run"), commits).splitlines()


def _name(text: str, commits: Sequence[str]) -> str:
    at = next((at for at, one in enumerate(commits) if one.startswith(text)), None)
    return text if at is None else f"#{at:02}"


def main() -> None:
    """Write the golden files."""
    with TemporaryDirectory() as temporary:
        home = Path(temporary, "home")
        home.mkdir()
        os.environ.update(environment(home, Path(temporary)), COLUMNS="100")
        repo = Path(temporary, "repo")
        commits = begin(repo)
        os.chdir(repo)
        for name, words in COMMANDS.items():
            (GOLDEN / name).write_text(said(words, commits), encoding="utf-8")
        text = "\n".join(said_of_undoing(commits)) + "\n"
        (GOLDEN / UNDONE).write_text(text, encoding="utf-8")
        text = "\n".join(said_of_parts(repo, commits)) + "\n"
        (GOLDEN / PARTS).write_text(text, encoding="utf-8")
        os.chdir(GOLDEN)


if __name__ == "__main__":
    main()
