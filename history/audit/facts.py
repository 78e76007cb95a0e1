"""What `verify` reads from a measure: its dated facts, its evidence files, its completions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.items import as_list, as_row
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import is_evidence_path


class FactKind(StrEnum):
    """What a dated fact is.

    Attributes:
        RECORD: Something was done.
        POSTPONEMENT: The term was changed.
        CANCELLATION: The measure was taken off the plan.
        DOCUMENT: A document given as evidence. It may be older than the record, not younger.
    """

    RECORD = "record"
    POSTPONEMENT = "postponement"
    CANCELLATION = "cancellation"
    DOCUMENT = "document"


DATE_LABELS: Final = {
    FactKind.RECORD: N_("дата исполнения"),
    FactKind.POSTPONEMENT: N_("дата переноса срока"),
    FactKind.CANCELLATION: N_("дата снятия с плана"),
    FactKind.DOCUMENT: N_("дата документа"),
}
"""What a sentence calls the date of each kind."""

_EVIDENCE_KEYS: Final = ("documents", "files", "links")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its date.

    Attributes:
        measure: Id of the measure.
        kind: What it is.
        day: Its date.
    """

    measure: str
    kind: FactKind
    day: date


@dataclass(frozen=True, slots=True)
class StatedFile:
    """An evidence file as the plan states it.

    Attributes:
        measure: Id of the measure.
        path: From the plan's folder.
        size: In bytes.
        sha256: Of its content.
    """

    measure: str
    path: str
    size: int
    sha256: str


def dated_facts(row: Row) -> Iterator[Fact]:
    """Yield the dated facts of a measure of any shape."""
    measure = _id(row)
    for record in map(as_row, as_list(row.get("records"))):
        yield from _fact(measure, FactKind.RECORD, record.get("date"))
        for document in map(as_row, as_list(as_row(record.get("evidence")).get("documents"))):
            yield from _fact(measure, FactKind.DOCUMENT, document.get("date"))
    for postponement in map(as_row, as_list(row.get("postponements"))):
        yield from _fact(measure, FactKind.POSTPONEMENT, postponement.get("date"))
    yield from _fact(measure, FactKind.CANCELLATION, as_row(row.get("cancelled")).get("date"))


def stated_files(row: Row) -> Iterator[StatedFile]:
    """Yield the evidence files of a measure of any shape, those that are stated as they should."""
    for record in map(as_row, as_list(row.get("records"))):
        for file in map(as_row, as_list(as_row(record.get("evidence")).get("files"))):
            path, size, sha256 = file.get("path"), file.get("size"), file.get("sha256")
            if (
                isinstance(path, str)
                and isinstance(size, int)
                and isinstance(sha256, str)
                and is_evidence_path(path)
            ):
                yield StatedFile(_id(row), path, size, sha256)


def bare_completions(row: Row) -> Iterator[str]:
    """Yield the records that complete a measure without any evidence, as canonical text."""
    for record in map(as_row, as_list(row.get("records"))):
        evidence = as_row(record.get("evidence"))
        if record.get("complete") is True and not any(map(evidence.get, _EVIDENCE_KEYS)):
            yield canonical_text(record)


def canonical_text(value: Plain) -> str:
    """Return a value as a text that is equal for equal facts: 1 and 1.0 are, 1 and true are not.

    >>> canonical_text({"b": 1.0, "a": True})
    '{"a": true, "b": 1}'
    """
    return json.dumps(_with_whole_numbers(value), ensure_ascii=False, sort_keys=True)


def _with_whole_numbers(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {key: _with_whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _id(row: Row) -> str:
    measure = row.get("id", "")
    return measure if isinstance(measure, str) else ""


def _fact(measure: str, kind: FactKind, day: Plain | None) -> Iterator[Fact]:
    try:
        yield Fact(measure, kind, date.fromisoformat(day if isinstance(day, str) else ""))
    except ValueError:
        return
