"""Correcting a record: what was stated wrongly or came later, as a change of its own.

Each field that differs is an edit, so that the history says what was and what is.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kvartal.schema.changes import (
    MISSING,
    Change,
    ChangeKind,
    Edit,
    Missing,
    Plain,
    PlanData,
    measure_data,
)
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.measure import Document, EvidenceFile, IndicatorValue
from kvartal.schema.plan_data import year_of
from kvartal.schema.problems import DataPath
from kvartal.schema.record_index import Checkpoint, RecordDeleted, plain_checkpoint
from kvartal.schema.writing import plain_document, plain_file, plain_value


class EvidenceItemMissing(KvartalError):
    """The record has no such document or file."""

    template = N_("{measure}: в отметке нет «{name}». Что приложено, покажет `kvartal show`.")


class EvidenceDocumentMissing(EvidenceItemMissing):
    """The record has no document of this number."""

    template = N_(
        "{measure}: в отметке нет документа {number}. Что приложено, покажет `kvartal show`."
    )
    stable_code = "evidence-item-missing"


@dataclass(frozen=True, slots=True)
class DocumentCorrection:
    """What changes in a document given as evidence; None leaves it, an empty text removes it."""

    title: str | None = None
    number: str | None = None
    date: dt.date | str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What changes in a record. None leaves a field as it is; an empty text removes it.

    Attributes:
        date: Date of fact.
        checkpoint: What the record is for.
        complete: Whether it completes the measure as a whole.
        result: Actual result.
        reason: Why it was done, or recorded, late.
        values: Actual values: one for an indicator and a period takes the place of what was there.
        removed_values: Indicator (None where there is one) and period of values to take out.
        documents: Documents to add.
        changed_documents: What changes in those that are there, by index.
        removed_documents: Indexes of those to take out.
        files: Files to add.
        removed_files: Paths, or names, of files to take out.
        links: Links to add.
        removed_links: Links to take out.
    """

    date: dt.date | None = None
    checkpoint: Checkpoint | None = None
    complete: bool | None = None
    result: str | None = None
    reason: str | None = None
    values: tuple[IndicatorValue, ...] = ()
    removed_values: tuple[tuple[str | None, str], ...] = ()
    documents: tuple[Document, ...] = ()
    changed_documents: Mapping[int, DocumentCorrection] = field(default_factory=dict)
    removed_documents: tuple[int, ...] = ()
    files: tuple[EvidenceFile, ...] = ()
    removed_files: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    removed_links: tuple[str, ...] = ()


def correct(data: PlanData, measure: str, index: int, correction: Correction) -> Change:
    """Return the change that corrects one record of a measure.

    Args:
        data: The programme.
        measure: Id of the measure.
        index: Of the record, as `record_index` returns it.
        correction: What changes in it.

    Raises:
        UnknownMeasure: The measure is not in the programme.
        RecordMissing: It has no record of this index.
        EvidenceItemMissing: A document, file, link or value to take out is not there.
    """
    records = measure_data(data, measure).get("records", [])
    record = records[index] if isinstance(records, list) and index < len(records) else None
    if not isinstance(record, dict):
        raise RecordDeleted(measure=measure)
    new = _corrected(record, measure, correction, year_of(data))
    edits = _edits(measure, ("records", index), record, new)
    return Change(ChangeKind.CORRECT, tuple(edits))


def _corrected(
    record: Mapping[str, Plain], measure: str, correction: Correction, year: int | None
) -> dict[str, Plain]:
    new = dict(record)
    if correction.checkpoint is not None:
        new.pop("quarter", None)
        new.pop("point", None)
        new = {**plain_checkpoint(correction.checkpoint, year), **new}
    if correction.date is not None:
        new["date"] = correction.date.isoformat()
    if correction.complete is not None:
        _set(new, "complete", correction.complete or None)
    for name, text in (("result", correction.result), ("reason", correction.reason)):
        if text is not None:
            _set(new, name, text.strip() or None)
    _set(new, "values", _values(_list(record, "values"), measure, correction))
    before = record.get("evidence", {})
    evidence = dict(before) if isinstance(before, dict) else {}
    _set(evidence, "documents", _documents(_list(evidence, "documents"), measure, correction))
    _set(evidence, "files", _files(_list(evidence, "files"), measure, correction))
    _set(evidence, "links", _links(_list(evidence, "links"), measure, correction))
    _set(new, "evidence", evidence)
    return new


def _values(old: list[Plain], measure: str, correction: Correction) -> list[Plain]:
    values = list(old)
    for indicator, period in correction.removed_values:
        at = _index_of_value(values, indicator, period)
        if at is None:
            raise EvidenceItemMissing(measure=measure, name=period)
        del values[at]
    for value in correction.values:
        at = _index_of_value(values, value.indicator, value.period)
        plain = plain_value(value)
        if at is None:
            values.append(plain)
        else:
            values[at] = plain
    return values


def _index_of_value(values: Sequence[Plain], indicator: str | None, period: str) -> int | None:
    for index, value in enumerate(values):
        named = value if isinstance(value, dict) else {}
        if (named.get("indicator"), named.get("period")) == (indicator, period):
            return index
    return None


def _documents(old: list[Plain], measure: str, correction: Correction) -> list[Plain]:
    for index in (*correction.changed_documents, *correction.removed_documents):
        if not 0 <= index < len(old):
            raise EvidenceDocumentMissing(measure=measure, number=index + 1)
    changed = [
        _document(one, correction.changed_documents[index])
        if index in correction.changed_documents
        else one
        for index, one in enumerate(old)
        if index not in correction.removed_documents
    ]
    return [*changed, *map(plain_document, correction.documents)]


def _document(old: Plain, correction: DocumentCorrection) -> Plain:
    new = dict(old) if isinstance(old, dict) else {}
    for name in ("title", "number", "date"):
        value = getattr(correction, name)
        if value is not None:
            text = value.isoformat() if isinstance(value, dt.date) else value.strip()
            _set(new, name, text or None)
    return new


def _files(old: list[Plain], measure: str, correction: Correction) -> list[Plain]:
    kept = list(old)
    for name in correction.removed_files:
        at = next((at for at, one in enumerate(kept) if _is_file(one, name)), None)
        if at is None:
            raise EvidenceItemMissing(measure=measure, name=name)
        del kept[at]
    there = [one.get("path") for one in kept if isinstance(one, dict)]
    return [*kept, *(plain_file(one) for one in correction.files if one.path not in there)]


def _is_file(file: Plain, name: str) -> bool:
    if not isinstance(file, dict):
        return False
    path = str(file.get("path", ""))
    return name in {path, path.rpartition("/")[2], file.get("original_name")}


def _links(old: list[Plain], measure: str, correction: Correction) -> list[Plain]:
    for link in correction.removed_links:
        if link not in old:
            raise EvidenceItemMissing(measure=measure, name=link)
    kept = [link for link in old if link not in correction.removed_links]
    return [*kept, *(link for link in correction.links if link not in kept)]


def _edits(measure: str, path: DataPath, old: Plain | Missing, new: Plain) -> Iterator[Edit]:
    """Yield the edits between two records: one a field, and of a list one for the list."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            before, after = old.get(key, MISSING), new.get(key, MISSING)
            if isinstance(before, dict) and isinstance(after, dict):
                yield from _edits(measure, (*path, key), before, after)
            elif before != after:
                yield from _list_edits(measure, (*path, key), before, after)


def _list_edits(
    measure: str, path: DataPath, old: Plain | Missing, new: Plain | Missing
) -> Iterator[Edit]:
    """Yield an edit for each item where a list only grows or keeps its length."""
    if not (isinstance(old, list) and isinstance(new, list) and len(old) <= len(new)):
        yield Edit(measure, path, old, new)
        return
    for index, item in enumerate(new):
        before: Plain | Missing = old[index] if index < len(old) else MISSING
        if isinstance(before, dict) and isinstance(item, dict):
            yield from _edits(measure, (*path, index), before, item)
        elif before != item:
            yield Edit(measure, (*path, index), before, item)


def _set(row: dict[str, Plain], key: str, value: Plain | None) -> None:
    """Set a value; an empty one is never stored."""
    if value is None or value in ([], {}):
        row.pop(key, None)
    else:
        row[key] = value


def _list(row: Mapping[str, Plain], key: str) -> list[Plain]:
    value = row.get(key, [])
    return value if isinstance(value, list) else []
