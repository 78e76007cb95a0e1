"""Programmes as a document tells them and plans to import them into, made without any document."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kvartal.exchange.importing.importing import Import, import_into
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.programme import SourceMeasure, SourcePart, SourceProgramme
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.measure import Term
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter

DAY = date(2026, 4, 1)
YEAR = ProgrammePeriod.of_year(2026)
HERE = SourcePlace(table=1, row=7)
_FIRST_QUARTER = Term("1 квартал", quarters=(CalendarQuarter(2026, 1),))


def source(number: str, action: str = "", **values: object) -> SourceMeasure:
    """Return a measure of a document: in no section, due in the first quarter."""
    given: dict[str, Any] = {
        "part": "",
        "in_channel": False,
        "term": _FIRST_QUARTER,
        "place": HERE,
        **values,
    }
    return SourceMeasure(number, actions=(action,) if action else (), **given)


def part(number: str, title: str, level: int = 0, **values: object) -> SourcePart:
    """Return a section of a document, at the top."""
    given: dict[str, Any] = {"is_channel": False, "under": "", "place": HERE, **values}
    return SourcePart(number, title, level, **given)


def programme(*measures: SourceMeasure, **values: object) -> SourceProgramme:
    """Return what a document of 2026 is read as."""
    bare: dict[str, object] = {
        "parts": (),
        "fields": (),
        "columns": {},
        "remarks": (),
        "name": "п.docx",
    }
    given: dict[str, Any] = {"period": YEAR, "document": {}, **bare, **values}
    return SourceProgramme(measures=measures, **given)


def row(name: str, action: str = "", **values: Plain) -> dict[str, Plain]:
    """Return a measure of a plan."""
    own: dict[str, Plain] = {"actions": [action]} if action else {}
    term: Plain = {"text": "1 квартал", "quarters": [1]}
    return {"id": name, "number": name, **own, "term": term, **values}


def plan(*rows: Mapping[str, Plain], **values: Plain) -> PlanData:
    """Return a plan of 2026."""
    document: Plain = {"organization": "О", "title": "План на 2026 год"}
    base: PlanData = {"year": 2026, "language": "ru", "document": document}
    return {**base, **values, "measures": [dict(one) for one in rows]}


def imported(data: PlanData, *measures: SourceMeasure, **values: object) -> Import:
    """Return what importing a programme into a plan does."""
    return import_into(data, programme(*measures, **values), day=DAY)


def said(result: Import) -> list[str]:
    """Return the sentences of the remarks."""
    return [one.message() for one in result.remarks]


def changed(result: Import) -> list[tuple[str, str, Any, Any]]:
    """Return what is changed in the measures that the plan has: id, field, old and new value."""
    return [(one.id, one.field, one.old, one.new) for one in result.changed]
