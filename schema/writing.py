"""From typed values that a user entered to the plain data that the YAML holds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kvartal.schema.changes import Plain
from kvartal.schema.measure import Document, EvidenceFile, IndicatorValue, Term
from kvartal.schema.quarters import CalendarQuarter


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """What a user enters about something done, for one measure or several.

    Attributes:
        quarter: The checkpoint, where it is the end of a quarter.
        date: Date of fact.
        point: The checkpoint, where it is a day.
        complete: Whether this completes the measure as a whole.
        result: Actual result; empty for none.
        reason: Why it was done, or recorded, late; empty for none.
        values: Actual values of the indicators.
        documents: Documents given as evidence.
        files: Evidence files of each measure, by id.
        links: URLs given as evidence.
    """

    quarter: CalendarQuarter | None
    date: dt.date
    point: dt.date | None = None
    complete: bool = False
    result: str = ""
    reason: str = ""
    values: tuple[IndicatorValue, ...] = ()
    documents: tuple[Document, ...] = ()
    files: Mapping[str, Sequence[EvidenceFile]] = field(default_factory=dict)
    links: tuple[str, ...] = ()


def plain_term(term: Term, year: int | None) -> dict[str, Plain]:
    """Return a term as plain data.

    Args:
        term: The term.
        year: The programme's calendar year; None where it has none.
    """
    plain: dict[str, Plain] = {"text": term.text}
    if term.quarters:
        plain["quarters"] = [quarter.stored(year) for quarter in term.quarters]
    if term.start:
        plain["start"] = term.start.isoformat()
    if term.due:
        plain["due"] = term.due.isoformat()
    if term.points:
        plain["points"] = [point.isoformat() for point in term.points]
    return plain


def plain_record(draft: RecordDraft, measure: str, year: int | None) -> dict[str, Plain]:
    """Return the record of one of the measures of a draft.

    Args:
        draft: What was entered.
        measure: Id of the measure.
        year: The programme's calendar year; None where it has none.
    """
    plain: dict[str, Plain] = {}
    if draft.quarter is not None:
        plain["quarter"] = draft.quarter.stored(year)
    elif draft.point is not None:
        plain["point"] = draft.point.isoformat()
    plain["date"] = draft.date.isoformat()
    if draft.complete:
        plain["complete"] = True
    if draft.result.strip():
        plain["result"] = draft.result.strip()
    if draft.reason.strip():
        plain["reason"] = draft.reason.strip()
    if draft.values:
        plain["values"] = [plain_value(one) for one in draft.values]
    evidence = _plain_evidence(draft, measure)
    if evidence:
        plain["evidence"] = evidence
    return plain


def _plain_evidence(draft: RecordDraft, measure: str) -> dict[str, Plain]:
    plain: dict[str, Plain] = {}
    if draft.documents:
        plain["documents"] = [plain_document(one) for one in draft.documents]
    files = draft.files.get(measure, ())
    if files:
        plain["files"] = [plain_file(one) for one in files]
    if draft.links:
        plain["links"] = list(draft.links)
    return plain


def plain_file(file: EvidenceFile) -> dict[str, Plain]:
    """Return an evidence file as plain data."""
    plain: dict[str, Plain] = {"path": file.path, "size": file.size, "sha256": file.sha256}
    if file.original_name:
        plain["original_name"] = file.original_name
    return plain


def plain_value(value: IndicatorValue) -> dict[str, Plain]:
    """Return an actual value of an indicator as plain data."""
    named: dict[str, Plain] = {"indicator": value.indicator} if value.indicator else {}
    return {**named, "period": value.period, "value": value.value}


def plain_document(document: Document) -> dict[str, Plain]:
    """Return a document given as evidence as plain data."""
    plain: dict[str, Plain] = {"title": document.title}
    if document.number:
        plain["number"] = document.number
    if document.date:
        plain["date"] = document.date.isoformat()
    return plain
