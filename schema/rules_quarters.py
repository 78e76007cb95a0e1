"""The rule that cannot wait for the model: a quarter needs a year where the programme has none."""

from collections.abc import Iterator, Mapping
from typing import Final

from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath, Problem
from kvartal.schema.quarters import QUARTERS

CODE: Final = "quarter-without-year"
_TEMPLATE: Final = N_(
    "Квартал {quarter}: не сказано, какого года, а программа не на один год. Напишите с годом, "
    'например "2026-Q{quarter}".'
)


def quarters_without_year(data: Mapping[str, Plain]) -> Iterator[Problem]:
    """Yield the quarters that lack their year in a programme that is not for a calendar year.

    Args:
        data: Plain data of any shape.
    """
    rows = data.get("measures")
    if "year" in data or "period" not in data or not isinstance(rows, list):
        return
    for index, row in _mappings(rows):
        for path, quarter in _quarters(row, ("measures", index)):
            if type(quarter) is int and quarter in QUARTERS:  # The schema reports any other.
                yield Problem(CODE, _TEMPLATE, path, {"quarter": quarter})


def _quarters(row: Mapping[str, Plain], path: DataPath) -> Iterator[tuple[DataPath, Plain]]:
    yield from _of_term(row.get("term"), (*path, "term"))
    for index, moved in _mappings(row.get("postponements")):
        yield from _of_term(moved.get("to"), (*path, "postponements", index, "to"))
    for index, record in _mappings(row.get("records")):
        if "quarter" in record:
            yield (*path, "records", index, "quarter"), record["quarter"]


def _of_term(term: Plain | None, path: DataPath) -> Iterator[tuple[DataPath, Plain]]:
    quarters = term.get("quarters") if isinstance(term, dict) else None
    for index, quarter in enumerate(quarters if isinstance(quarters, list) else ()):
        yield (*path, "quarters", index), quarter


def _mappings(value: Plain | None) -> Iterator[tuple[int, Mapping[str, Plain]]]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield index, item
