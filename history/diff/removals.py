"""Which facts a change takes back: records, postponements, cancellations that were there."""

from collections.abc import Iterator

from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.matching import aligned, same
from kvartal.schema.changes import Change, Plain, PlanData
from kvartal.schema.edited_data import apply_edits

_LISTS = ("records", "postponements")
_CANCELLED = "cancelled"


def measures_without_facts(before: PlanData, after: PlanData) -> tuple[str, ...]:
    """Return the ids of the measures that lose a record, a postponement or the cancellation.

    A fact that is corrected is not lost, nor one whose measure only got another id.

    Args:
        before: The programme before a change.
        after: The programme after it.
    """
    rows = _by_id(after)
    new_ids = [row for name, row in rows.items() if name not in _by_id(before)]
    lost = []
    for name, row in _by_id(before).items():
        facts = _lost_facts(row, rows.get(name, {}))
        if any(not any(_has(other, key, fact) for other in new_ids) for key, fact in facts):
            lost.append(name)
    return tuple(lost)


def facts_lost(data: PlanData, change: Change) -> tuple[str, ...]:
    """Return the ids of the measures that lose a fact by a change.

    Args:
        data: The programme before it.
        change: The change.
    """
    return measures_without_facts(data, apply_edits(data, change.edits))


def _lost_facts(before: Row, after: Row) -> Iterator[tuple[str, Plain]]:
    for key in _LISTS:
        old, new = as_list(before.get(key)), as_list(after.get(key))
        kept = {at for at, _ in aligned(old, new)}
        yield from ((key, item) for at, item in enumerate(old) if at not in kept)
    if _CANCELLED in before and _CANCELLED not in after:
        yield _CANCELLED, before[_CANCELLED]


def _has(row: Row, key: str, fact: Plain) -> bool:
    value = row.get(key)
    facts = value if isinstance(value, list) else [] if value is None else [value]
    return any(same(one, fact) for one in facts)


def _by_id(data: PlanData) -> dict[str, Row]:
    return {str(row.get("id", "")): row for row in map(as_row, as_list(data.get(MEASURES)))}
