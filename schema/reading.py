"""From plain data to the typed model.

Reading trusts the shape that ``plan.schema.json`` describes, so that the screen can open without
running a schema validator first. Data of another shape is refused with one error; the validator
gives the reasons.
"""

import re
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR
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
from kvartal.schema.shapes import (
    SHAPE_ERRORS,
    Shape,
    as_day,
    as_list,
    as_mapping,
    as_number,
    as_text,
    as_whole,
    as_whole_within,
    day_at,
    items_at,
    one_or_several,
    text_at,
)

_DATED_QUARTER: Final = re.compile("([0-9]{4})-Q([1-4])")


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
        year = as_whole_within(shape["year"], MINYEAR, MAXYEAR) if "year" in shape else None
        return Plan(
            period=_period(shape),
            language=as_text(shape["language"]),
            document=as_mapping(shape["document"]),
            sections=tuple(read_section(item) for item in items_at(shape, "sections")),
            measures=_measures(as_list(shape["measures"]), year),
            year=year,
            levels=tuple(as_text(item) for item in items_at(shape, "levels")),
            fields=tuple(_extra_field(item) for item in items_at(shape, "fields")),
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
        text=as_text(shape["text"]),
        quarters=tuple(sorted({read_quarter(item, year) for item in items_at(shape, "quarters")})),
        start=day_at(shape, "start"),
        due=day_at(shape, "due"),
        points=tuple(sorted(as_day(item) for item in items_at(shape, "points"))),
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
        return CalendarQuarter(as_whole_within(int(found[1]), MINYEAR, MAXYEAR), int(found[2]))
    number = as_whole_within(value, QUARTERS[0], QUARTERS[-1])
    if year is None:
        raise ValueError(value)
    return CalendarQuarter(year, number)


def read_section(shape: Shape) -> Section:
    """Return a section, with those below it, from its plain data; shape errors are not caught."""
    return Section(
        number=as_text(shape["number"]),
        title=as_text(shape["title"]),
        channels=tuple(
            Channel(
                number=as_text(item["number"]),
                title=as_text(item["title"]),
                segment=Segment(item["segment"]) if "segment" in item else None,
            )
            for item in items_at(shape, "channels")
        ),
        sections=tuple(read_section(item) for item in items_at(shape, "sections")),
    )


def _period(shape: Shape) -> ProgrammePeriod:
    if "year" in shape:
        return ProgrammePeriod.of_year(as_whole_within(shape["year"], MINYEAR, MAXYEAR))
    return ProgrammePeriod(as_day(shape["period"]["start"]), as_day(shape["period"]["due"]))


def _measures(rows: list[Any], year: int | None) -> tuple[Measure, ...]:
    own = {row["id"]: row["actions"] for row in rows if "actions" in row}
    return tuple(_measure(row, own, year) for row in rows)


def _measure(shape: Shape, own_actions: Mapping[str, Any], year: int | None) -> Measure:
    actions_from = text_at(shape, "actions_from")
    shared = [] if actions_from is None else own_actions.get(actions_from, [])
    return Measure(
        id=as_text(shape["id"]),
        number=as_text(shape["number"]),
        term=read_term(shape["term"], year),
        channel=text_at(shape, "channel"),
        section=text_at(shape, "section"),
        proposal=text_at(shape, "proposal") or "",
        actions=tuple(as_text(step) for step in as_list(shape.get("actions", shared))),
        result=text_at(shape, "result") or "",
        actions_from=actions_from,
        responsible=_responsible(shape.get("responsible", [])),
        notes=text_at(shape, "notes"),
        budget=tuple(_budget(item) for item in one_or_several(shape, "budget")),
        indicators=tuple(_indicator(item) for item in one_or_several(shape, "indicator")),
        same_work=tuple(as_text(item) for item in items_at(shape, "same_work")),
        extra=_extra(shape.get("extra", {})),
        carried_from=_origin(shape["carried_from"]) if "carried_from" in shape else None,
        postponements=tuple(_postponement(item, year) for item in items_at(shape, "postponements")),
        records=tuple(_record(item, year) for item in items_at(shape, "records")),
        cancelled=_cancellation(shape["cancelled"]) if "cancelled" in shape else None,
    )


def _record(shape: Shape, year: int | None) -> Record:
    return Record(
        quarter=read_quarter(shape["quarter"], year) if "quarter" in shape else None,
        date=as_day(shape["date"]),
        point=None if "quarter" in shape else as_day(shape["point"]),
        complete=shape.get("complete", False) is True,
        result=text_at(shape, "result"),
        reason=text_at(shape, "reason"),
        values=tuple(
            IndicatorValue(
                as_text(item["period"]), as_number(item["value"]), text_at(item, "indicator")
            )
            for item in items_at(shape, "values")
        ),
        evidence=_evidence(shape.get("evidence", {})),
    )


def _evidence(shape: Shape) -> Evidence:
    return Evidence(
        documents=tuple(
            Document(as_text(item["title"]), text_at(item, "number"), day_at(item, "date"))
            for item in items_at(shape, "documents")
        ),
        files=tuple(
            EvidenceFile(
                as_text(item["path"]),
                as_whole(item["size"]),
                as_text(item["sha256"]),
                text_at(item, "original_name"),
            )
            for item in items_at(shape, "files")
        ),
        links=tuple(as_text(item) for item in items_at(shape, "links")),
    )


def _postponement(shape: Shape, year: int | None) -> Postponement:
    return Postponement(
        date=as_day(shape["date"]),
        to=read_term(shape["to"], year),
        reason=as_text(shape["reason"]),
        basis=text_at(shape, "basis"),
    )


def _cancellation(shape: Shape) -> Cancellation:
    return Cancellation(
        date=as_day(shape["date"]),
        reason=as_text(shape["reason"]),
        basis=text_at(shape, "basis"),
    )


def _responsible(value: object) -> tuple[Responsible, ...]:
    if isinstance(value, str):
        return (Responsible(value),)
    return tuple(
        Responsible(as_text(item["name"]), text_at(item, "role")) for item in as_list(value)
    )


def _indicator(shape: Shape) -> Indicator:
    return Indicator(
        name=as_text(shape["name"]),
        unit=as_text(shape["unit"]),
        direction=Direction(shape["direction"]),
        target=as_number(shape["target"]),
        period=Period(shape["period"]),
    )


def _budget(shape: Shape) -> Budget:
    return Budget(
        plan=as_number(shape["plan"]) if "plan" in shape else None,
        fact=as_number(shape["fact"]) if "fact" in shape else None,
        source=text_at(shape, "source"),
        year=as_whole(shape["year"]) if "year" in shape else None,
    )


def _origin(shape: Shape) -> Origin:
    return Origin(as_text(shape["plan"]), as_text(shape["id"]))


def _extra(value: object) -> dict[str, str | float]:
    return {
        key: item if isinstance(item, str) else as_number(item)
        for key, item in as_mapping(value).items()
    }


def _extra_field(shape: Shape) -> ExtraField:
    return ExtraField(
        key=as_text(shape["key"]),
        title=as_text(shape["title"]),
        type=FieldType(shape.get("type", FieldType.LINE)),
        choices=tuple(as_text(item) for item in items_at(shape, "choices")),
    )


def _calendar(shape: Any) -> WorkingCalendar:  # noqa: ANN401 - of a shape not yet known
    return WorkingCalendar(
        rule=ShiftRule(shape.get("rule", ShiftRule.KEEP)),
        days_off=frozenset(as_day(item) for item in items_at(shape, "days_off")),
        workdays=frozenset(as_day(item) for item in items_at(shape, "workdays")),
    )


def _audit(shape: Any) -> Audit:  # noqa: ANN401 - of a shape not yet known
    usual = Audit()
    days = as_whole(shape.get("backdating_days", usual.backdating_days))
    rules = as_mapping(shape.get("evidence", {}))
    evidence = {code: as_text(severity) for code, severity in rules.items()}
    return Audit(days, signatures=shape.get("signatures") == "required", evidence=evidence)
