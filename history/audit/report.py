"""What is asked of verifying, and what it came to; of a clean history, the mark that says so."""

from dataclasses import dataclass
from datetime import date

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.verified_cache import VerifiedCache
from kvartal.history.audit.verified_tags import TagContent, VerifiedTag, put
from kvartal.history.audit.version_cache import CachedVersion
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError, Translate
from kvartal.schema.model import Audit


class NothingToVerify(KvartalError):
    """The history does not hold the plan."""

    template = N_(
        "Файла «{plan}» в истории нет: проверять нечего. Внесите его: `git add` и `git commit`."
    )


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What is asked of verifying.

    Attributes:
        since: Any name of a commit after which to begin; None for where it was verified last.
        full: Begin at the beginning, whatever was verified before.
        days: By how many days a date of fact may be earlier; None for what the programme says.
        to_mark: A mark is to be put, so that nothing counts but marks.
    """

    since: str | None = None
    full: bool = False
    days: int | None = None
    to_mark: bool = False


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What verifying came to.

    Attributes:
        repository: As seen from the plan's folder.
        plan: The plan's path in the repository.
        findings: What was found, oldest first; what is about the working files at the end.
        head: Hash of the commit at HEAD.
        subject: Its first line.
        count: How many commits that touched the programme were looked at.
        since: What was not looked at again: a mark, or a commit; None for nothing.
        version: The plan as HEAD has it; None where it was removed.
        audit: What it was verified by.
        memory: What this clone remembers; None where no branch is checked out.
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
    memory: VerifiedCache | None = None


def mark(report: VerifyReport, day: date, translate: Translate, *, sign: bool) -> str:
    """Put a mark where a history was verified without a finding; return its name.

    Args:
        report: What verifying came to.
        day: The day for the mark's name.
        translate: What turns templates into the plan's language.
        sign: Whether it is signed even where neither the programme nor git's settings ask for it.

    Raises:
        NothingToVerify: HEAD has no plan.
        KvartalError: Git could not put it.
    """
    version = report.version
    year = None if version is None or version.data is None else version.data.get("year")
    if version is None or not isinstance(year, int):
        raise NothingToVerify(plan=report.plan)
    verified = TagContent(
        year=year,
        day=day,
        plan=report.plan,
        commit=report.head,
        subject=report.subject,
        content=version.content,
        count=report.count,
        days=report.audit.backdating_days,
        since=report.since,
    )
    name = put(report.repository, verified, translate, sign=sign or report.audit.signatures)
    tag = report.repository.object_id(f"refs/tags/{name}")
    if report.memory is not None and tag is not None:
        report.memory.add_mark(name, tag)
    return name
