"""Validation: everything that is wrong with the plain data of a programme, in one call.

First the JSON Schema, then the rules, which check only the parts whose shape is right: a fault in
one measure does not hide the problems of the others.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeGuard

from kvartal.schema.changes import Plain
from kvartal.schema.conformance import Violations, violations
from kvartal.schema.problems import Problem, Problems, counted
from kvartal.schema.reading import read_plan
from kvartal.schema.rule import Subject
from kvartal.schema.rules import rule_problems
from kvartal.schema.rules_quarters import quarters_without_year

# What the rules look at besides the measures.
_OPTIONAL: Final = ("document", "sections", "fields", "calendar")


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
    dateless, subject = _rules_apart(data, faults)
    broken = Problems() if subject is None else rule_problems(subject)
    kept = (*found, *dateless, *broken)
    return Problems(kept, found.total + dateless.total + broken.total)


def warnings(data: object) -> Problems:
    """Return what is worth a look in a programme that is valid all the same.

    Args:
        data: Plain data of any shape; of one that is not valid, nothing is returned.
    """
    if not isinstance(data, dict) or violations(data).total:
        return Problems()
    dateless, subject = _rules_apart(data, Violations())
    if dateless or subject is None:
        return Problems()
    return rule_problems(subject, warnings=True)


def rules_broken(data: dict[str, Plain]) -> Problems:
    """Return the broken rules of data that the JSON Schema is known to accept."""
    dateless, subject = _rules_apart(data, Violations())
    broken = Problems() if subject is None else rule_problems(subject)
    return Problems((*dateless, *broken), dateless.total + broken.total)


def _rules_apart(data: dict[str, Plain], faults: Violations) -> tuple[Problems, Subject | None]:
    """Return the quarters without a year, and what the other rules look at: all but those."""
    dateless = counted(_noted(quarters_without_year(data), faults))
    return dateless, _subject(data, faults)


def _noted(problems: Iterable[Problem], faults: Violations) -> Iterator[Problem]:
    for problem in problems:
        faults.note(problem.path)
        yield problem


def _subject(data: dict[str, Plain], faults: Violations) -> Subject | None:
    """Return the part of the data without faults; None if not even the period is known."""
    rows = data.get("measures")
    when = "year" if "year" in data else "period"
    if when not in data or when in faults.roots or not isinstance(rows, list):
        return None
    # A programme without sections has none to refer to; one whose sections are faulty may.
    has_sections = "sections" not in faults.roots
    indexes = tuple(at for at in range(len(rows)) if at not in faults.rows)
    right: dict[str, Plain] = {
        key: data[key] for key in _OPTIONAL if key in data and key not in faults.roots
    }
    right.setdefault("document", {})
    plan = read_plan(
        {
            **right,
            when: data[when],
            "language": "",
            "measures": [rows[at] for at in indexes],
        }
    )
    ids = tuple((at, str(row["id"])) for at, row in enumerate(rows) if _has_id(row))
    doubtful = len(ids) < len(rows) or any(at in faults.ids for at, _ in ids)
    known = None if doubtful else frozenset(name for _, name in ids)
    return Subject(plan, indexes, ids, has_sections=has_sections, known=known)


def _has_id(row: Plain) -> TypeGuard[dict[str, Plain]]:
    return isinstance(row, dict) and isinstance(row.get("id"), str)
