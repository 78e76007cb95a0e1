"""What verifying looks at in a measure: its dated facts, its evidence, its completions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kvartal.history.diff.diff import Row
from kvartal.history.diff.lines import as_list, as_row
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import is_evidence_path


class FactKind(StrEnum):
    """What a dated fact is.

    Attributes:
        RECORD: That something was done.
        POSTPONEMENT: That the term was changed.
        CANCELLATION: That the measure was taken off the plan.
        DOCUMENT: A document given as evidence. It may be older than the fact, not younger.
    """

    RECORD = "record"
    POSTPONEMENT = "postponement"
    CANCELLATION = "cancellation"
    DOCUMENT = "document"


NAMES = {
    FactKind.RECORD: N_("дата исполнения"),
    FactKind.POSTPONEMENT: N_("дата переноса срока"),
    FactKind.CANCELLATION: N_("дата снятия с плана"),
    FactKind.DOCUMENT: N_("дата документа"),
}
"""How a sentence calls the date of each."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its date.

    Attributes:
        measure: Id of the measure.
        of: What it is.
        day: Its date.
    """

    measure: str
    of: FactKind
    day: date


@dataclass(frozen=True, slots=True)
class StatedFile:
    """An evidence file as the plan tells of it.

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


def facts(row: Row) -> Iterator[Fact]:
    """Yield the dated facts of a measure of any shape."""
    name = _name(row)
    for record in map(as_row, as_list(row.get("records"))):
        yield from _fact(name, FactKind.RECORD, record.get("date"))
        for document in map(as_row, as_list(as_row(record.get("evidence")).get("documents"))):
            yield from _fact(name, FactKind.DOCUMENT, document.get("date"))
    for postponement in map(as_row, as_list(row.get("postponements"))):
        yield from _fact(name, FactKind.POSTPONEMENT, postponement.get("date"))
    yield from _fact(name, FactKind.CANCELLATION, as_row(row.get("cancelled")).get("date"))


def told_files(row: Row) -> Iterator[StatedFile]:
    """Yield the evidence files that a measure of any shape tells of as it should."""
    for record in map(as_row, as_list(row.get("records"))):
        for file in map(as_row, as_list(as_row(record.get("evidence")).get("files"))):
            path, size, sha256 = file.get("path"), file.get("size"), file.get("sha256")
            if (
                isinstance(path, str)
                and isinstance(size, int)
                and isinstance(sha256, str)
                and is_evidence_path(path)
            ):
                yield StatedFile(_name(row), path, size, sha256)


def bare_completions(row: Row) -> Iterator[str]:
    """Yield the records of a measure that complete it and have no evidence, as they are."""
    for record in map(as_row, as_list(row.get("records"))):
        evidence = as_row(record.get("evidence"))
        if record.get("complete") is True and not any(map(evidence.get, _KINDS)):
            yield as_text(record)


def as_text(value: Plain) -> str:
    """Return a value as a text that is the same for the same fact: 1 and 1.0 are, 1 and true not.

    >>> as_text({"b": 1.0, "a": True})
    '{"a": true, "b": 1}'
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)


_KINDS = ("documents", "files", "links")


def _plain(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _name(row: Row) -> str:
    name = row.get("id", "")
    return name if isinstance(name, str) else ""


def _fact(measure: str, of: FactKind, day: Plain | None) -> Iterator[Fact]:
    try:
        yield Fact(measure, of, date.fromisoformat(day if isinstance(day, str) else ""))
    except ValueError:
        return
