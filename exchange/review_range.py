"""What a review looks at: a range of the history, and what verifying it finds."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from kvartal.exchange.export_progress import UNWATCHED, ExportStep, ExportWatch
from kvartal.exchange.export_request import ExportRequest
from kvartal.exchange.reports.review_report import ReviewedRange
from kvartal.history.programme import Programme
from kvartal.schema.errors import Translate

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry


def reviewed_range(
    programme: Programme,
    request: ExportRequest,
    translate: Translate,
    watch: ExportWatch = UNWATCHED,
) -> ReviewedRange:
    """Return the entries of a range, and the findings that are about it.

    Args:
        programme: The programme.
        request: Which range, and the day of the review.
        translate: Turns Russian texts into the programme's language.
        watch: Who follows it.

    Raises:
        ExportStopped: The user stopped it.
        KvartalError: There is no such version, or the history cannot be read.
    """
    from kvartal.history.audit.report import VerifyRequest
    from kvartal.history.audit.verify import verify
    from kvartal.history.log.revision import commit_at

    repository = programme.repository()
    first = commit_at(repository, request.first) if request.first else None
    last = commit_at(repository, request.last) if request.last else "HEAD"
    # Messages of the history are in the language of the programme here, not in the reader's.
    own = replace(programme, translate=translate)
    advance = watch.counting(ExportStep.HISTORY)
    entries: list[CommitEntry] = []
    with closing(own.log(revision=last, excluding=first)) as log:
        for entry in log:
            entries.append(entry)
            advance()
    languages = [programme.translator(language) for language in ("ru", "en")]
    verified = verify(
        programme.path,
        VerifyRequest(since=first, day=request.as_of, now=_latest(request)),
        languages=languages,
        translate=translate,
        progress=lambda done, count: watch.at(ExportStep.VERIFYING, done, count),
    )
    commits = {entry.commit for entry in entries}
    findings = [
        one
        for one in verified.findings
        if (one.commit is None and not request.last)
        or (one.commit is not None and one.commit.id in commits)
    ]
    return ReviewedRange(request.first, request.last, tuple(entries), verified, findings)


def _latest(request: ExportRequest) -> datetime:
    """Return what commits may not be later than: the same request gives the same review."""
    day = request.as_of if request.is_of_today else date.max
    return datetime.combine(day, time.max, UTC)
