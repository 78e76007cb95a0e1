"""Validation: everything that is wrong with the plain data of a programme, in one call.

First the JSON Schema, then the rules, which check only the parts whose shape is right: a fault in
one measure does not hide the problems of the others.
"""

from typing import TypeGuard

from kvartal.schema.changes import Plain
from kvartal.schema.conformance import Violations, violations
from kvartal.schema.problems import Problems
from kvartal.schema.reading import read_plan
from kvartal.schema.rule import Subject
from kvartal.schema.rules import rule_problems


def validate(data: object) -> Problems:
    """Return all that is wrong with a programme: nothing for a valid one.

    Args:
        data: Plain data of any shape, as read from a YAML file.

    Returns:
        Problems with their data paths, without file and line. A missing field is reported at the
        mapping that lacks it, an unknown one at its own path. Of very many, the first of the
        schema and of each rule.
    """
    faults = violations(data)
    found = faults.problems
    # Where not all faults were looked for, which parts are right is not known.
    if not isinstance(data, dict) or faults.is_cut:
        return found
    subject = _subject(data, faults)
    if subject is None:
        return found
    broken = rule_problems(subject)
    return Problems((*found, *broken), found.total + broken.total)


def rules_broken(data: dict[str, Plain]) -> Problems:
    """Return the broken rules of data that the JSON Schema is known to accept."""
    subject = _subject(data, Violations())
    return Problems() if subject is None else rule_problems(subject)


def _subject(data: dict[str, Plain], faults: Violations) -> Subject | None:
    """Return the part of the data without faults; None if not even the year is known."""
    rows = data.get("measures")
    if "year" not in data or "year" in faults.roots or not isinstance(rows, list):
        return None
    has_sections = "sections" in data and "sections" not in faults.roots
    indexes = tuple(at for at in range(len(rows)) if at not in faults.rows)
    plan = read_plan(
        {
            "year": data["year"],
            "language": "",
            "document": {},
            "sections": data["sections"] if has_sections else [],
            "measures": [rows[at] for at in indexes],
        }
    )
    ids = tuple((at, str(row["id"])) for at, row in enumerate(rows) if _has_id(row))
    doubtful = len(ids) < len(rows) or any(at in faults.ids for at, _ in ids)
    known = None if doubtful else frozenset(name for _, name in ids)
    return Subject(plan, indexes, ids, has_sections=has_sections, known=known)


def _has_id(row: Plain) -> TypeGuard[dict[str, Plain]]:
    return isinstance(row, dict) and isinstance(row.get("id"), str)
