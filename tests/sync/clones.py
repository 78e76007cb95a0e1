"""A bare repository and its clones, in which changes are saved through the ledger."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree

from kvartal.history.store.attachments import prepare_attachments
from kvartal.history.store.ledger import Ledger
from kvartal.history.sync.divergence import Choices, Divergence, Side
from kvartal.history.sync.progress import SyncResult
from kvartal.history.sync.sync import find_divergence, synchronise
from kvartal.history.yaml_text.loader import read
from kvartal.history.yaml_text.splice import splice
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, PlanData, measure_data
from kvartal.schema.operations import add, record, remove, set_fields
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from tests.support.repository import git

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2024, 9, 27)
NAMES = ("Иванова Анна", "Петров Пётр", "Сидорова Вера")
BARE = "общий.git"


@dataclass(frozen=True)
class Clone:
    """A clone."""

    folder: Path
    name: str = "2024.yaml"

    @property
    def plan(self) -> Path:
        return self.folder / "plan" / self.name

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.plan)

    @property
    def data(self) -> PlanData:
        return self.ledger.read().data

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *arguments: str | Path, check: bool = True) -> str:
        return git(self.folder, *arguments, check=check)

    def apply(self, change: Change) -> str:
        """Save a change; return its commit."""
        commit = self.ledger.apply(self.ledger.read(), change).commit
        assert commit is not None
        return commit

    def set(self, measure: str, **values: str) -> str:
        """Set fields of a measure with plain git, which is faster; return the commit."""
        source = read(self.plan)
        change = set_fields(source.data, measure, values)
        self.plan.write_bytes(splice(source, change.edits).encoded)
        return self.commit(f"{measure}: {', '.join(values)}")

    def save(self, measure: str, **values: str) -> str:
        """Set fields of a measure through the ledger; return the commit."""
        return self.apply(set_fields(self.data, measure, values))

    def commit(self, message: str) -> str:
        """Commit the whole folder with plain git; return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)
        return self.head

    def write(self, path: str, text: str) -> Path:
        """Write a file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def value(self, measure: str, field: str) -> object:
        return measure_data(self.data, measure).get(field)

    def attach(
        self, measure: str, name: str, content: bytes, quarter: int = 3, day: date = DAY
    ) -> str:
        """Add a record with an evidence file; return the commit."""
        source = self.folder.parent / "files" / f"{self.folder.name}-{os.getpid()}" / name
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(content)
        snapshot = self.ledger.read()
        attachments = prepare_attachments(
            [source], measure, "2024", self.plan.parent, snapshot.evidence
        )
        files = {measure: [attachment.file for attachment in attachments]}
        draft = RecordDraft(quarter=CalendarQuarter(2024, quarter), date=day, files=files)
        change = record(snapshot.data, [measure], draft)
        commit = self.ledger.apply(snapshot, change, attachments).commit
        assert commit is not None
        return commit

    def add(self, proposal: str) -> str:
        """Add a measure to channel 1.1, with the next free id; return the commit."""
        like = measure_data(self.data, "1.1.4")
        row = {key: like[key] for key in ("channel", "term", "result")}
        number = 1 + max(
            int(name.rpartition(".")[2])
            for name in self.ids()
            if name.startswith("1.1.") and "-" not in name
        )
        row |= {"number": f"1.1.{number}", "proposal": proposal, "actions": [proposal]}
        return self.apply(add(self.data, row))

    def remove_record(self, measure: str) -> str:
        """Remove the first record of a measure with its evidence; return the commit."""
        records = measure_data(self.data, measure)["records"]
        assert isinstance(records, list)
        edit = Edit(measure, ("records", 0), records[0], MISSING)
        return self.apply(Change(ChangeKind.SET, (edit,)))

    def remove(self, measure: str) -> str:
        return self.apply(remove(self.data, measure))

    def ids(self) -> list[str]:
        return [measure.id for measure in self.ledger.read().plan.measures]

    def push(self) -> None:
        """Push with plain git: faster where nothing has to be merged."""
        self.git("push", "--quiet")

    def find_divergence(self, *, accept_rewritten: bool = False) -> Divergence:
        return find_divergence(self.plan, accept_rewritten=accept_rewritten)

    def sync(
        self,
        choices: Choices | Side | None = None,
        *,
        remote: str | None = None,
        accept_rewritten: bool = False,
    ) -> SyncResult:
        return synchronise(
            self.plan, remote=remote, choices=choices, accept_rewritten=accept_rewritten
        )

    def hook(self, name: str, script: str) -> None:
        install_hook(self.folder / ".git", name, script)


@dataclass(frozen=True)
class SharedRepository:
    """A bare repository and its clones."""

    bare: Path
    clones: tuple[Clone, ...]

    def hook(self, name: str, script: str) -> None:
        install_hook(self.bare, name, script)

    def head(self) -> str:
        return git(self.bare, "rev-parse", "refs/heads/main").strip()


def install_hook(git_dir: Path, name: str, script: str) -> None:
    path = git_dir / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def create_shared_repository(folder: Path, count: int = 2) -> SharedRepository:
    """Create a bare repository with a plan, and clones of it.

    Args:
        folder: Where to create them.
        count: How many clones.
    """
    bare, seed = folder / BARE, folder / "seed"
    plan = seed / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_text(first_measures(), encoding="utf-8")
    attributes = "plan/*.yaml merge=kvartal diff=kvartal\n"
    (seed / ".gitattributes").write_text(attributes, encoding="ascii")
    git(folder, "init", "--quiet", "-b", "main", seed)
    git(seed, "add", ".")
    git(seed, "commit", "--quiet", "-m", "Программа на 2024 год")
    git(folder, "clone", "--quiet", "--bare", seed, bare)
    clones = []
    for number in range(count):
        clone = folder / f"clone-{number}"
        git(folder, "clone", "--quiet", bare, clone)
        git(clone, "config", "user.name", NAMES[number % len(NAMES)])
        clones.append(Clone(clone))
    return SharedRepository(bare, tuple(clones))


def first_measures() -> str:
    """Return the real plan with its first five measures only, which is read faster."""
    text = (ROOT / "plan" / "2024.yaml").read_text(encoding="utf-8")
    return text[: text.index("  - id: 1.2.1\n")].rstrip() + "\n"


def copy_shared_repository(template: Path, folder: Path) -> SharedRepository:
    """Copy what `create_shared_repository` created: faster than creating it again."""
    copytree(template, folder, dirs_exist_ok=True, symlinks=True)
    clones = tuple(Clone(path) for path in sorted(folder.glob("clone-*")))
    for clone in clones:
        config = clone.folder / ".git" / "config"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace(str(template), str(folder)), encoding="utf-8")
    return SharedRepository(folder / BARE, clones)
