"""Rules about facts: records, indicator values, evidence."""

from collections.abc import Iterator
from typing import Final

from kvartal.schema.calendar import WorkingCalendar
from kvartal.schema.checkpoints import (
    CheckpointDay,
    checkpoint_days,
    checkpoint_name,
    record_quarters,
)
from kvartal.schema.errors import N_, Listed
from kvartal.schema.evidence_paths import is_evidence_path, same_file_key
from kvartal.schema.measure import EvidenceFile, Record, Term
from kvartal.schema.rule import YEARS_OF_FACTS, Rule, Subject, Violation


def _record_quarter_not_in_term(subject: Subject) -> Iterator[Violation]:
    """A record is for a checkpoint of the original term or of one it was postponed to."""
    for path, measure, record in subject.records():
        terms = (measure.term, *(one.to for one in measure.postponements))
        if any(term.is_open for term in terms) or any(_takes(term, record) for term in terms):
            continue
        quarters = {quarter for term in terms for quarter in record_quarters(term)}
        points = {day.printed for term in terms for day in _points(term)}
        # Days as the file has them; a quarter's bare number would say nothing.
        days = [day.isoformat() for day in sorted(points)]
        known = Listed((*map(checkpoint_name, sorted(quarters)), *days))
        name = "quarter" if record.point is None else "point"
        given = "" if record.quarter is None else checkpoint_name(record.quarter)
        checkpoint = given if record.point is None else record.point.isoformat()
        yield (*path, name), {"id": measure.id, "checkpoint": checkpoint, "term": known}


def _takes(term: Term, record: Record) -> bool:
    if record.quarter is not None:
        return record.quarter in record_quarters(term)
    return record.point in {day.printed for day in _points(term)}


def _points(term: Term) -> Iterator[CheckpointDay]:
    return (day for day in checkpoint_days(term, WorkingCalendar()) if day.quarter is None)


def _record_date_outside_year(subject: Subject) -> Iterator[Violation]:
    """A date of fact lies in the plan's years or, for what was done late, in the years after."""
    period = subject.plan.period
    last = period.due.year + YEARS_OF_FACTS
    for path, measure, record in subject.records():
        if record.date < period.start or record.date.year > last:
            fields = {"id": measure.id, "date": record.date.isoformat(), "last": last}
            yield (*path, "date"), fields | {"start": period.start.isoformat()}


def _record_after_cancellation(subject: Subject) -> Iterator[Violation]:
    """Nothing is done after the measure was taken off the plan."""
    for path, measure, record in subject.records():
        cancelled = measure.cancelled
        if cancelled is not None and record.date > cancelled.date:
            fields = {"id": measure.id, "date": record.date.isoformat()}
            yield (*path, "date"), fields | {"cancelled": cancelled.date.isoformat()}


def _completion_twice(subject: Subject) -> Iterator[Violation]:
    """A measure is completed by one record."""
    for path, measure in subject.measures():
        completions = [at for at, record in enumerate(measure.records) if record.complete]
        for index in completions[1:]:
            yield (*path, "records", index, "complete"), {"id": measure.id}


def _evidence_path_outside(subject: Subject) -> Iterator[Violation]:
    """An evidence file is under ``evidence/`` beside the plan, on every system."""
    for path, _, file in subject.files():
        if not is_evidence_path(file.path):
            yield (*path, "path"), {"path": file.path}


def _evidence_path_duplicate(subject: Subject) -> Iterator[Violation]:
    """A file is given once in a record, and everywhere with the same content."""
    seen: dict[str, EvidenceFile] = {}
    in_record = set()
    for path, _, file in subject.files():
        key = same_file_key(file.path)
        first = seen.setdefault(key, file)
        altered = (first.size, first.sha256) != (file.size, file.sha256)
        if altered or (path[:-1], key) in in_record:
            yield (*path, "path"), {"path": file.path}
        in_record.add((path[:-1], key))


RECORD_RULES: Final = (
    Rule(
        code="record-quarter-not-in-term",
        template=N_(
            "{id}: отметка за {checkpoint}, а контрольные точки мероприятия: {term}. Исправьте "
            "отметку или перенесите срок."
        ),
        source="design 4: a record for a quarter the term does not have",
        check=_record_quarter_not_in_term,
    ),
    Rule(
        code="record-date-outside-year",
        template=N_(
            "{id}: дата исполнения {date} раньше начала программы, {start}, или позже {last} "
            "года. Исправьте дату."
        ),
        source="design 4: dates within the year",
        check=_record_date_outside_year,
    ),
    Rule(
        code="record-after-cancellation",
        template=N_(
            "{id}: дата исполнения {date} позже снятия с плана {cancelled}. Исправьте одну из дат."
        ),
        source="design 4: cancelling is a fact with a date",
        check=_record_after_cancellation,
    ),
    Rule(
        code="completion-twice",
        template=N_(
            "{id}: мероприятие уже исполнено другой отметкой. Оставьте complete только в одной."
        ),
        source="design 4: a measure is done from the date of its completion",
        check=_completion_twice,
    ),
    Rule(
        code="evidence-path-outside",
        template=N_(
            "Путь «{path}» ведёт за пределы папки evidence. Положите файл в evidence рядом с "
            "файлом программы и напишите путь от неё: evidence/…"
        ),
        source="design 2.6: no paths that leave the programme's folder",
        check=_evidence_path_outside,
    ),
    Rule(
        code="evidence-path-duplicate",
        template=N_(
            "Файл «{path}» уже приложен, к этой же отметке или с другим содержимым. Оставьте "
            "одно упоминание или сохраните другой файл под своим именем."
        ),
        source="design 4: files with path, size and SHA-256",
        check=_evidence_path_duplicate,
    ),
)
