"""A history to be verified: honest work through the ledger, everything else through plain git."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kvartal.history.audit.accept import accept, find_acceptable
from kvartal.history.audit.create_tag import create_tag
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.report import VerifyReport, VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.driver_setup import Program, install
from kvartal.history.log.restore import restoration
from kvartal.history.log.revision import version_at
from kvartal.history.log.undo import Reversal, redo_last, undo_last
from kvartal.history.log.undo_named import undo_named
from kvartal.history.store.attachments import Attachment, prepare_attachments
from kvartal.history.store.ledger import Ledger
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.errors import untranslated
from kvartal.schema.measure import Document
from kvartal.schema.operations import record, set_fields
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from kvartal.tui.i18n import translator

VERIFIED = "kvartal/verified/2024-12-31"
DAY = "2024-09-28T10:00:00+03:00"
RUNNING = Program(sys.executable, ("-P", "-c", "from kvartal.tui.main import main; main()"))
LANGUAGES = (translator("ru"), translator("en"))


class NothingChanged(Exception):
    """The change would have changed nothing."""


@dataclass
class Story:
    """A clone, its plan, and the time by its clock."""

    plan: Path
    now: str = DAY

    @property
    def repo(self) -> Path:
        return self.plan.parents[1]

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.plan)

    # ------------------------------------------------------------------ honest work

    def do(
        self,
        make: Callable[..., Change],
        *arguments: object,
        files: Sequence[Attachment] = (),
        **more: object,
    ) -> str:
        """Do what the program does, now; return the commit."""
        ledger = self.ledger
        snapshot = ledger.read()
        with self.clock():
            commit = ledger.apply(snapshot, make(snapshot.data, *arguments, **more), files).commit
        if commit is None:
            raise NothingChanged
        return commit

    def set(self, measure: str = "1.1.2", **texts: str) -> str:
        return self.do(set_fields, measure, {k.replace("__", "."): v for k, v in texts.items()})

    def record(
        self,
        measure: str = "1.1.2",
        *,
        quarter: int = 3,
        day: str = "2024-09-27",
        complete: bool = True,
        sources: Sequence[Path] = (),
        documents: Sequence[Document] = (Document("Акт ввода", "12"),),
    ) -> str:
        """Record something done, with evidence."""
        files = prepare_attachments(sources, measure, "2024", self.plan.parent)
        draft = RecordDraft(
            CalendarQuarter(2024, quarter),
            date.fromisoformat(day),
            complete=complete,
            documents=tuple(documents),
            files={measure: [one.file for one in files]},
        )
        return self.do(record, [measure], draft, files=files)

    def undo(self, name: str = "") -> str:
        """Undo the last change, or the one of a commit."""
        repository, now = find_repository(self.plan.parent), self.ledger.read()
        found = undo_named(repository, now, name) if name else undo_last(repository, now)
        return self._take(found)

    def redo(self) -> str:
        return self._take(redo_last(find_repository(self.plan.parent), self.ledger.read()))

    def adopt(self, reason: str = "") -> str:
        with self.clock():
            commit = self.ledger.adopt(self.ledger.read(), reason=reason).commit
        assert commit
        return commit

    def restore(self, revision: str, measure: str = "1.1.2") -> str:
        """Restore a measure from a version."""
        repository, now = find_repository(self.plan.parent), self.ledger.read()
        version = version_at(repository, now, revision)
        return self._take(restoration(repository, now, version, measure))

    def _take(self, found: Reversal) -> str:
        ledger = self.ledger
        with self.clock():
            commit = ledger.apply(
                ledger.read(),
                found.change,
                found.attachments,
                reverts=found.reverts,
                exact_bytes=found.exact_bytes,
            ).commit
        assert commit
        return commit

    def set_up(self) -> None:
        """Let git merge plans by measure and field."""
        install(find_repository(self.plan.parent), self.plan.name, RUNNING)

    # ------------------------------------------------------------------ whatever else

    def clock(self) -> "Clock":
        return Clock(self.now)

    def git(self, *arguments: str | Path, given: str | None = None, check: bool = True) -> str:
        with self.clock():
            done = subprocess.run(
                ["git", "-C", str(self.repo), *map(str, arguments)],
                input=given,
                check=check,
                capture_output=True,
                encoding="utf-8",
            )
        return done.stdout

    def rewrite(self, old: str, new: str, count: int = 1) -> None:
        """Replace a text in the plan, as an editor would."""
        text = self.plan.read_text(encoding="utf-8")
        assert old in text, old
        self.plan.write_text(text.replace(old, new, count), encoding="utf-8")

    def commit(self, message: str = "Правка", *options: str) -> str:
        """Commit all there is with plain git; return the commit."""
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty-message", *options, "-F", "-", given=message)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD").strip()

    def message(self, commit: str = "HEAD") -> str:
        return self.git("log", "-1", "--format=%B", commit)

    @property
    def data(self) -> PlanData:
        return self.ledger.read().data

    def clone(self, folder: Path, name: str = "Петров Иван") -> "Story":
        """Return the clone of a colleague."""
        source = self.git("config", "--default", str(self.repo), "remote.origin.url").strip()
        self.git("clone", "--quiet", source, folder)
        other = Story(folder / self.plan.relative_to(self.repo), self.now)
        other.git("config", "user.name", name)
        other.git("config", "user.email", "petrov@tests.example")
        return other

    # ------------------------------------------------------------------ verifying

    def tag(self) -> str:
        """Verify, and create a verified tag; return its name."""
        report = self.report(tags_only=True)
        assert report.findings == ()
        return create_tag(report, date(2024, 12, 31), untranslated, sign=False)

    def forget(self) -> None:
        """Forget what this clone has seen: a test goes back to an earlier state."""
        for name in ("seen.json", "verified.json"):
            (self.repo / ".git" / "kvartal" / name).unlink(missing_ok=True)

    def report(self, **request: object) -> VerifyReport:
        # The keywords are those of the request; mypy cannot match them one by one.
        return verify(self.plan, VerifyRequest(**request), languages=LANGUAGES)  # type: ignore[arg-type]

    def findings(self, **request: object) -> tuple[Finding, ...]:
        return self.report(**request).findings

    def found(self, **request: object) -> list[tuple[str, str | None]]:
        """Return code and commit of each finding; by default of the whole history."""
        request.setdefault("full", True)
        return [
            (one.code, one.commit.id if one.commit else None) for one in self.findings(**request)
        ]

    def open_codes(self, **request: object) -> list[str]:
        """Return the codes of the findings that nobody has accepted."""
        return [finding.code for finding in self.report(**request).open_findings]

    def codes(self, **request: object) -> list[str]:
        return [code for code, _ in self.found(**request)]


def accept_all(story: Story, reason: str = "Так решили на совещании") -> str:
    """Accept all that is found; return the commit."""
    ids = [finding.id for finding in story.report().open_findings]
    with story.clock():
        return accept(story.plan, find_acceptable(story.plan, ids), reason=reason)


class Clock:
    """Sets git's clock to a moment."""

    NAMES = ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")

    def __init__(self, now: str) -> None:
        self._now = now

    def __enter__(self) -> None:
        for name in self.NAMES:
            os.environ[name] = self._now

    def __exit__(self, *_: object) -> None:
        for name in self.NAMES:
            del os.environ[name]
