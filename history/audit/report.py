"""What `verify` is asked, and what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kvartal.history.audit.acceptances import Acceptance
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.timestamp_checks import MarkTimestamp
from kvartal.history.audit.verified_tags import VerifiedTag
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Audit

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class NothingToVerify(KvartalError):
    """The history does not hold the plan."""

    template = N_(
        "Файла «{plan}» в истории нет: проверять нечего. Внесите его: `git add` и `git commit`."
    )


class BrokenWalk(KvartalError):
    """A mark was asked for after a run that leaves changes out."""

    template = N_(
        "Метка не поставлена: изменения до {since} никто не проверил, а метка говорит обо всех. "
        "Уберите --since. Замечания, с которыми уже разобрались, принимают, и метка тогда "
        "ставится: `kvartal accept <замечание> --reason …`."
    )


class ShallowMark(KvartalError):
    """A mark was asked for in a shallow clone, which does not know how much it would cover."""

    template = N_(
        "Метка не поставлена: эта копия неполная (shallow), и сколько изменений метка охватила бы, "
        "по ней не узнать. Получите историю целиком: `git fetch --unshallow`."
    )


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """How far back to verify, and by which rules.

    Attributes:
        since: Any name of a commit after which to begin; None for where it was verified last.
        full: Begin at the beginning, whatever was verified before.
        days: By how many days a fact may be earlier than its commit; None for what the plan says.
        tags_only: Begin after a verified tag and not where only this clone was verified: for a run
            after which a new tag is to be created, which must not rest on what proves nothing.
        expect: An anchor, or its beginning, to hold the history against; None for none.
        day: The day on which findings have to be accepted; None for today.
        tsa_certificates: The root certificates that timestamps have to lead to; none where their
            signatures are not to be checked.
        now: What commits may not be later than; None for the clock. What a run with any other
            moment has verified is not remembered.
    """

    since: str | None = None
    full: bool = False
    days: int | None = None
    tags_only: bool = False
    expect: str | None = None
    day: date | None = None
    tsa_certificates: "tuple[Certificate, ...]" = ()
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What verifying came to.

    Attributes:
        repository: As seen from the plan's folder.
        plan: The plan's path in the repository.
        findings: What was found, oldest first; what is about the working files at the end.
        accepted: The acceptances of those that are accepted, by id.
        head: Hash of the commit at HEAD.
        committed: When it was committed.
        subject: Its first line.
        count: How many commits that touched the programme were checked.
        since: The verified tag or the commit up to which nothing was checked again; None for none.
        is_cut_off: Whether the clone is shallow, so that the history does not begin in it.
        version: The plan at HEAD; None where it was removed.
        audit: The settings that it was verified by.
        after: Hashes of the commits that it began after; none for the beginning.
        covered: How many commits up to HEAD touched the programme, checked now or before; counted
            where a tag is to be created.
        anchor: The anchor of the history.
        met: The commit that has the anchor that was expected; None where none was, or none has it.
        timestamps: The trusted timestamps of the marks.
    """

    repository: Repository
    plan: str
    findings: tuple[Finding, ...]
    accepted: Mapping[str, Acceptance]
    head: str
    committed: datetime
    subject: str
    count: int
    since: VerifiedTag | str | None
    is_cut_off: bool
    version: CachedVersion | None
    audit: Audit
    after: tuple[str, ...]
    covered: int
    anchor: str
    met: Commit | None = None
    timestamps: tuple[MarkTimestamp, ...] = ()

    @property
    def branch(self) -> str:
        """Full name of the branch that is checked out; empty where none is."""
        return self.repository.run("symbolic-ref", "--quiet", "HEAD").text.strip()

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """The findings that nobody has accepted."""
        return tuple(finding for finding in self.findings if finding.id not in self.accepted)

    @property
    def evidence_count(self) -> int:
        """How many evidence files the plan at HEAD names."""
        return len({file.path for file in self.version.files}) if self.version else 0
