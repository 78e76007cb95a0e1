"""A repository that people change step by step, each under their name and at a given moment."""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from kvartal.history.git.discovery import find_repository
from kvartal.history.log.undo import redo_last, undo_last
from kvartal.history.messages.message import EarlierCommit
from kvartal.history.store.attachments import Attachment, prepare_attachments
from kvartal.history.store.files import file_digest
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.prepare import Attached
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Change, PlanData

NAME = "2024.yaml"
ZONE = "+07:00"
"""The time zone in which the programme is carried out."""


@dataclass(frozen=True, slots=True)
class Person:
    """The author of a commit."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario: what a person did at one moment.

    Attributes:
        moment: Local time, such as ``2024-03-28 11:30``.
        person: Who did it.
        action: What they did to a working copy.
        in_clone: Whether they did it in their own clone, to be fetched later.
        outside_program: Whether they committed with git alone; such steps can be left out.
    """

    moment: str
    person: Person
    action: Callable[["WorkingCopy"], None]
    in_clone: bool = False
    outside_program: bool = False


@dataclass(slots=True)
class WorkingCopy:
    """A repository with a plan that people work in.

    Attributes:
        repo: Its folder.
        other: The folder of the colleague's clone, which need not exist yet.
    """

    repo: Path
    other: Path
    _seen: Snapshot | None = None

    @property
    def plan(self) -> Path:
        """The plan file."""
        return self.repo / "plan" / NAME

    def git(self, *arguments: str) -> str:
        """Run git in the repository and return its output."""
        command = ["git", "-C", str(self.repo), *arguments]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    def save(self, make: Callable[[PlanData], Change]) -> None:
        """Apply a change made from the current programme."""
        self._apply(make(self._snapshot().data))

    def save_with_files(
        self,
        measures: tuple[str, ...],
        names: tuple[str, ...],
        make: Callable[[PlanData, dict[str, tuple[Attachment, ...]]], Change],
    ) -> None:
        """Apply a change that attaches files with these names to each of the measures."""
        snapshot = self._snapshot()
        with TemporaryDirectory() as folder:
            sources = [Path(folder, name) for name in names]
            for source in sources:
                source.write_bytes(pdf_page(source.stem))
            files = {
                name: prepare_attachments(
                    sources, name, "2024", self.plan.parent, snapshot.evidence
                )
                for name in measures
            }
            attached = [file for found in files.values() for file in found]
            self._apply(make(snapshot.data, files), attached)

    def undo(self, *, redo: bool = False) -> None:
        """Undo the last change, or redo what was undone last."""
        repository = find_repository(self.plan.parent)
        found = (redo_last if redo else undo_last)(repository, self._snapshot())
        self._apply(
            found.change, found.attachments, reverts=found.reverts, exact_bytes=found.exact_bytes
        )

    def adopt(self) -> None:
        """Commit what the file contains, through the program."""
        ledger = Ledger(self.plan)
        outcome = ledger.adopt(ledger.read())
        assert outcome.commit
        self._seen = outcome.snapshot

    def edit_file(self, old: str, new: str) -> None:
        """Change the file in an editor."""
        text = self.plan.read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.plan.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def _apply(
        self,
        change: Change,
        files: Sequence[Attached] = (),
        reverts: EarlierCommit | None = None,
        exact_bytes: bytes | None = None,
    ) -> None:
        outcome = Ledger(self.plan).apply(
            self._snapshot(), change, files, reverts=reverts, exact_bytes=exact_bytes
        )
        assert outcome.commit
        self._seen = outcome.snapshot

    def _snapshot(self) -> Snapshot:
        """Return the current programme, reread if somebody else has changed the file."""
        if self._seen is None or self._seen.digest != file_digest(self.plan):
            self._seen = Ledger(self.plan).read()
        return self._seen


@contextmanager
def identity(person: Person, moment: str) -> Iterator[None]:
    """Let git commit as a person at a moment, without settings of the machine."""
    when = f"{moment.replace(' ', 'T')}:00{ZONE}"
    variables = {
        "GIT_AUTHOR_NAME": person.name,
        "GIT_AUTHOR_EMAIL": person.email,
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_NAME": person.name,
        "GIT_COMMITTER_EMAIL": person.email,
        "GIT_COMMITTER_DATE": when,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    with patch.dict(os.environ, others | variables, clear=True):
        yield


def pdf_page(title: str) -> bytes:
    """Return a small PDF file: one empty page with a title."""
    encoded = title.encode("utf-16-be").hex().upper()
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        f"<< /Title <FEFF{encoded}> >>",
    )
    text, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(text)}\n"
    return f"{text}xref\n0 {size}\n0000000000 65535 f \n{table}{end}%%EOF\n".encode()
