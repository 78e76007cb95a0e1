"""From plain data to the typed model.

Reading trusts the shape that ``plan.schema.json`` describes, so that the screen can open without
running a schema validator first. Data of another shape is refused with one error; the validator
gives the reasons.
"""

import re
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date
from typing import Any, Final

from kvartal.schema.calendar import ShiftRule, WorkingCalendar
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.measure import (
    Budget,
    Cancellation,
    Direction,
    Document,
    Evidence,
    EvidenceFile,
    Indicator,
    IndicatorValue,
    Measure,
    Origin,
    Period,
    Postponement,
    Record,
    Responsible,
    Term,
)
from kvartal.schema.model import Audit, Channel, ExtraField, FieldType, Plan, Section, Segment
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import QUARTERS, CalendarQuarter

# Plain data that is not yet known to have the right shape: read by name, and whatever is missing or
# of another type surfaces as one of SHAPE_ERRORS.
Shape = Mapping[str, Any]
_DATED_QUARTER: Final = re.compile("([0-9]{4})-Q([1-4])")
SHAPE_ERRORS = (KeyError, TypeError, ValueError, AttributeError)


class MalformedPlan(KvartalError):
    """The data does not have the shape of a programme."""

    template = N_(
        "Файл не похож на программу мероприятий. Что именно не так, покажет `kvartal validate`."
    )


def read_plan(data: Mapping[str, Plain]) -> Plan:
    """Return the typed model of a programme.

    Args:
        data: Plain data, as the YAML holds it.

    Raises:
        MalformedPlan: The data does not have the shape that the schema describes.
    """
    shape: Shape = data
    try:
        year = _within(shape["year"], MINYEAR, MAXYEAR) if "year" in shape else None
        return Plan(
            period=_period(shape),
            language=_text(shape["language"]),
            document=_mapping(shape["document"]),
            sections=tuple(read_section(item) for item in _items(shape, "sections")),
            measures=_measures(_items(shape, "measures"), year),
            year=year,
            levels=tuple(_text(item) for item in _items(shape, "levels")),
            fields=tuple(_extra_field(item) for item in _items(shape, "fields")),
            calendar=_calendar(shape.get("calendar", {})),
            audit=_audit(shape.get("audit", {})),
        )
    except SHAPE_ERRORS as error:
        raise MalformedPlan from error


def read_audit(data: Mapping[str, Plain]) -> Audit:
    """Return what a programme requires of its history; the defaults if that cannot be read.

    Args:
        data: Plain data of any shape.
    """
    try:
        return _audit(data.get("audit", {}))
    except SHAPE_ERRORS:
        return Audit()


def read_period(data: Mapping[str, Plain]) -> ProgrammePeriod | None:
    """Return the days that a programme is for; None if that cannot be read.

    Args:
        data: Plain data of any shape.
    """
    try:
        return _period(data)
    except SHAPE_ERRORS:
        return None


def read_term(shape: Shape, year: int | None) -> Term:
    """Return a term from its plain data; shape errors are not caught.

    Args:
        shape: The plain data.
        year: The programme's calendar year, which its quarters without a year are of.
    """
    return Term(
        text=_text(shape["text"]),
        quarters=tuple(sorted({read_quarter(item, year) for item in _items(shape, "quarters")})),
        start=_optional_day(shape, "start"),
        due=_optional_day(shape, "due"),
        points=tuple(sorted(_day(item) for item in _items(shape, "points"))),
    )


def read_quarter(value: object, year: int | None) -> CalendarQuarter:
    """Return a quarter as it is stored: ``3`` in a programme of one year, ``2026-Q3``.

    Args:
        value: Plain data.
        year: The programme's calendar year; None where it has none.

    Raises:
        TypeError, ValueError: The value is not a quarter, or lacks its year.
    """
    if isinstance(value, str):
        found = _DATED_QUARTER.fullmatch(value)
        if found is None:
            raise ValueError(value)
        return CalendarQuarter(_within(int(found[1]), MINYEAR, MAXYEAR), int(found[2]))
    number = _within(value, QUARTERS[0], QUARTERS[-1])
    if year is None:
        raise ValueError(value)
    return CalendarQuarter(year, number)


def read_section(shape: Shape) -> Section:
    """Return a section, with those below it, from its plain data; shape errors are not caught."""
    return Section(
        number=_text(shape["number"]),
        title=_text(shape["title"]),
        channels=tuple(
            Channel(
                number=_text(item["number"]),
                title=_text(item["title"]),
                segment=Segment(item["segment"]) if "segment" in item else None,
            )
            for item in _items(shape, "channels")
        ),
        sections=tuple(read_section(item) for item in _items(shape, "sections")),
    )


def _period(shape: Shape) -> ProgrammePeriod:
    if "year" in shape:
        return ProgrammePeriod.of_year(_within(shape["year"], MINYEAR, MAXYEAR))
    return ProgrammePeriod(_day(shape["period"]["start"]), _day(shape["period"]["due"]))


def _measures(rows: list[Any], year: int | None) -> tuple[Measure, ...]:
    own = {row["id"]: row["actions"] for row in rows if "actions" in row}
    return tuple(_measure(row, own, year) for row in rows)


def _measure(shape: Shape, own_actions: Mapping[str, Any], year: int | None) -> Measure:
    actions_from = _optional_text(shape, "actions_from")
    shared = [] if actions_from is None else own_actions.get(actions_from, [])
    return Measure(
        id=_text(shape["id"]),
        number=_text(shape["number"]),
        term=read_term(shape["term"], year),
        channel=_optional_text(shape, "channel"),
        section=_optional_text(shape, "section"),
        proposal=_optional_text(shape, "proposal") or "",
        actions=tuple(_text(step) for step in _list(shape.get("actions", shared))),
        result=_optional_text(shape, "result") or "",
        actions_from=actions_from,
        responsible=_responsible(shape.get("responsible", [])),
        notes=_optional_text(shape, "notes"),
        budget=tuple(_budget(item) for item in _one_or_several(shape, "budget")),
        indicators=tuple(_indicator(item) for item in _one_or_several(shape, "indicator")),
        same_work=tuple(_text(item) for item in _items(shape, "same_work")),
        extra=_extra(shape.get("extra", {})),
        carried_from=_origin(shape["carried_from"]) if "carried_from" in shape else None,
        postponements=tuple(_postponement(item, year) for item in _items(shape, "postponements")),
        records=tuple(_record(item, year) for item in _items(shape, "records")),
        cancelled=_cancellation(shape["cancelled"]) if "cancelled" in shape else None,
    )


def _record(shape: Shape, year: int | None) -> Record:
    return Record(
        quarter=read_quarter(shape["quarter"], year) if "quarter" in shape else None,
        date=_day(shape["date"]),
        point=None if "quarter" in shape else _day(shape["point"]),
        complete=shape.get("complete", False) is True,
        result=_optional_text(shape, "result"),
        reason=_optional_text(shape, "reason"),
        values=tuple(
            IndicatorValue(
                _text(item["period"]), _number(item["value"]), _optional_text(item, "indicator")
            )
            for item in _items(shape, "values")
        ),
        evidence=_evidence(shape.get("evidence", {})),
    )


def _evidence(shape: Shape) -> Evidence:
    return Evidence(
        documents=tuple(
            Document(
                _text(item["title"]), _optional_text(item, "number"), _optional_day(item, "date")
            )
            for item in _items(shape, "documents")
        ),
        files=tuple(
            EvidenceFile(
                _text(item["path"]),
                _whole(item["size"]),
                _text(item["sha256"]),
                _optional_text(item, "original_name"),
            )
            for item in _items(shape, "files")
        ),
        links=tuple(_text(item) for item in _items(shape, "links")),
    )


def _postponement(shape: Shape, year: int | None) -> Postponement:
    return Postponement(
        date=_day(shape["date"]),
        to=read_term(shape["to"], year),
        reason=_text(shape["reason"]),
        basis=_optional_text(shape, "basis"),
    )


def _cancellation(shape: Shape) -> Cancellation:
    return Cancellation(
        date=_day(shape["date"]),
        reason=_text(shape["reason"]),
        basis=_optional_text(shape, "basis"),
    )


def _responsible(value: object) -> tuple[Responsible, ...]:
    if isinstance(value, str):
        return (Responsible(value),)
    return tuple(
        Responsible(_text(item["name"]), _optional_text(item, "role")) for item in _list(value)
    )


def _indicator(shape: Shape) -> Indicator:
    return Indicator(
        name=_text(shape["name"]),
        unit=_text(shape["unit"]),
        direction=Direction(shape["direction"]),
        target=_number(shape["target"]),
        period=Period(shape["period"]),
    )


def _budget(shape: Shape) -> Budget:
    return Budget(
        plan=_number(shape["plan"]) if "plan" in shape else None,
        fact=_number(shape["fact"]) if "fact" in shape else None,
        source=_optional_text(shape, "source"),
        year=_whole(shape["year"]) if "year" in shape else None,
    )


def _origin(shape: Shape) -> Origin:
    return Origin(_text(shape["plan"]), _text(shape["id"]))


def _extra(value: object) -> dict[str, str | float]:
    return {
        key: item if isinstance(item, str) else _number(item)
        for key, item in _mapping(value).items()
    }


def _extra_field(shape: Shape) -> ExtraField:
    return ExtraField(
        key=_text(shape["key"]),
        title=_text(shape["title"]),
        type=FieldType(shape.get("type", FieldType.LINE)),
        choices=tuple(_text(item) for item in _items(shape, "choices")),
    )


def _calendar(shape: Any) -> WorkingCalendar:  # noqa: ANN401 - of a shape not yet known
    return WorkingCalendar(
        rule=ShiftRule(shape.get("rule", ShiftRule.KEEP)),
        days_off=frozenset(_day(item) for item in _items(shape, "days_off")),
        workdays=frozenset(_day(item) for item in _items(shape, "workdays")),
    )


def _audit(shape: Any) -> Audit:  # noqa: ANN401 - of a shape not yet known
    usual = Audit()
    days = _whole(shape.get("backdating_days", usual.backdating_days))
    rules = _mapping(shape.get("evidence", {}))
    evidence = {code: _text(severity) for code, severity in rules.items()}
    return Audit(days, signatures=shape.get("signatures") == "required", evidence=evidence)


def _one_or_several(shape: Shape, key: str) -> list[Any]:
    """Return the items of a field that holds one mapping or a list of them."""
    value = shape.get(key, [])
    return [value] if isinstance(value, dict) else _list(value)


def _items(shape: Shape, key: str) -> list[Any]:
    return _list(shape.get(key, []))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _mapping(value: object) -> dict[str, Plain]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _within(value: object, least: int, most: int) -> int:
    """Return a number within bounds, such as a year the calendar knows."""
    number = _whole(value)
    if not least <= number <= most:
        raise ValueError(value)
    return number


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _day(value: object) -> date:
    return date.fromisoformat(_text(value))


def _optional_text(shape: Shape, key: str) -> str | None:
    return _text(shape[key]) if key in shape else None


def _optional_day(shape: Shape, key: str) -> date | None:
    return _day(shape[key]) if key in shape else None
