"""Changes to make to a repository under test, and its full visible state for comparison."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kvartal.history.store.attachments import Attachment, prepare_attachments
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.recovery import Recovery
from kvartal.history.store.write_ahead import read_intent
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.errors import KvartalError
from kvartal.schema.operations import record, set_values
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft

MEASURE = "1.1.2"
RECORDED = date(2024, 9, 27)


@dataclass(frozen=True)
class VisibleState:
    """The visible state of a repository: after a refusal it must be the same as before."""

    files: dict[str, bytes]
    folders: set[str]
    index: str
    head: str
    leftovers: list[str]


def git(folder: Path, *arguments: str | Path, check: bool = True) -> str:
    """Run git and return its output, whatever bytes its paths consist of."""
    command = ["git", "-C", str(folder), *map(str, arguments)]
    done = subprocess.run(command, check=check, capture_output=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def visible_state(repo: Path) -> VisibleState:
    """Return the visible state of a repository."""
    found = [path for path in repo.rglob("*") if ".git" not in path.relative_to(repo).parts]
    return VisibleState(
        files={
            path.relative_to(repo).as_posix(): path.read_bytes()
            for path in found
            if path.is_file() and not path.is_symlink()
        },
        folders={path.relative_to(repo).as_posix() for path in found if path.is_dir()},
        index=git(repo, "ls-files", "--stage", "-v"),
        head=git(repo, "rev-parse", "--verify", "--quiet", "HEAD", check=False),
        leftovers=sorted(leftovers(repo)),
    )


def leftovers(repo: Path) -> Iterator[str]:
    """Yield the paths of temporary files and locks that a change failed to remove."""
    git_dir = Path(git(repo, "rev-parse", "--absolute-git-dir").strip())
    for path in repo.rglob("*"):
        if path.name.endswith((".kvartal-tmp", ".kvartal-tmp-2")) or ".spared-" in path.name:
            yield path.relative_to(repo).as_posix()
    for path in git_dir.rglob("*"):
        inside = path.relative_to(git_dir)
        is_left = path.name.endswith(".lock") and inside.parts[0] != "kvartal"
        if is_left or inside.as_posix() in {"kvartal/intent.json", "kvartal/intent.json.new"}:
            yield f".git/{inside.as_posix()}"


def set_responsible(data: PlanData, value: str, measure: str = MEASURE) -> Change:
    """Return a change of a single line of the file."""
    return set_values(data, measure, {"responsible": value})


def record_with_file(
    data: PlanData, plan: Path, source: Path, measure: str = MEASURE
) -> tuple[Change, tuple[Attachment, ...]]:
    """Return a record with a file as evidence, and that file as an attachment."""
    files = prepare_attachments([source], measure, "2024", plan.parent)
    draft = RecordDraft(
        quarter=CalendarQuarter(2024, 3),
        date=RECORDED,
        complete=True,
        files={measure: [file.file for file in files]},
    )
    return record(data, [measure], draft), files


def subjects(repo: Path, count: int = 5) -> list[str]:
    """Return the subjects of the last commits, newest first."""
    return git(repo, "log", f"-{count}", "--format=%s").splitlines()


def changed_paths(repo: Path, commit: str = "HEAD") -> list[str]:
    """Return the paths that a commit changes."""
    names = git(repo, "show", "--format=", "--name-only", "-z", "--no-renames", commit)
    return sorted(filter(None, names.split("\0")))


def install_hook(repo: Path, name: str, script: str) -> None:
    """Install a hook."""
    path = repo / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def refused_record(ledger: Ledger, repo: Path, act: Path, kind: type[KvartalError]) -> KvartalError:
    """Try to record with evidence; return the refusal after checking that nothing changed."""
    (repo / "чужой.txt").write_text("подготовлен", encoding="utf-8")
    git(repo, "add", "чужой.txt")
    before = ledger.read()
    unchanged = visible_state(repo)
    with pytest.raises(kind) as caught:
        ledger.apply(before, *record_with_file(before.data, ledger.path, act))
    assert visible_state(repo) == unchanged
    assert ledger.read().digest == before.digest
    return caught.value


class Crash(BaseException):
    """Simulates the end of the process: no cleanup runs after it."""


def recovered_from_crash(ledger: Ledger, repo: Path) -> Recovery:
    """Recover after a crash; return what was recovered after checking that nothing is left over."""
    recovered = ledger.recover()
    assert recovered is not None
    assert ledger.recover() is None
    assert read_intent(repo / ".git") is None
    assert visible_state(repo).leftovers == []
    return recovered
