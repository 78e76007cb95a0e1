"""What `verify` is asked, and what it came to."""

from dataclasses import dataclass

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.verified_cache import VerifiedCache
from kvartal.history.audit.verified_tags import VerifiedTag
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Audit


class NothingToVerify(KvartalError):
    """The history does not hold the plan."""

    template = N_(
        "Файла «{plan}» в истории нет: проверять нечего. Внесите его: `git add` и `git commit`."
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
    """

    since: str | None = None
    full: bool = False
    days: int | None = None
    tags_only: bool = False


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What verifying came to.

    Attributes:
        repository: As seen from the plan's folder.
        plan: The plan's path in the repository.
        findings: What was found, oldest first; what is about the working files at the end.
        head: Hash of the commit at HEAD.
        subject: Its first line.
        count: How many commits that touched the programme were checked.
        since: The verified tag or the commit up to which nothing was checked again; None for none.
        version: The plan at HEAD; None where it was removed.
        audit: The settings that it was verified by.
        cache: What this clone has verified; None where no branch is checked out.
    """

    repository: Repository
    plan: str
    findings: tuple[Finding, ...]
    head: str
    subject: str
    count: int
    since: VerifiedTag | str | None
    version: CachedVersion | None
    audit: Audit
    cache: VerifiedCache | None = None
