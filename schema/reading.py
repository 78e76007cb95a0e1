"""From plain data to the typed model.

Reading trusts the shape that ``plan.schema.json`` describes, so that the screen can open without
running a schema validator first. Data of another shape is refused with one error; the validator
gives the reasons.
"""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import (
    Audit,
    Budget,
    Cancellation,
    Channel,
    Direction,
    Document,
    Evidence,
    EvidenceFile,
    Indicator,
    IndicatorValue,
    Measure,
    Period,
    Plan,
    Postponement,
    Record,
    Section,
    Segment,
    Term,
)
from kvartal.schema.quarters import QUARTERS

# Plain data that is not yet known to have the right shape: read by name, and whatever is missing or
# of another type surfaces as one of SHAPE_ERRORS.
Shape = Mapping[str, Any]
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
        return Plan(
            year=_within(shape["year"], MINYEAR, MAXYEAR),
            language=_text(shape["language"]),
            document=_mapping(shape["document"]),
            sections=tuple(_section(item) for item in _items(shape, "sections")),
            measures=_measures(_items(shape, "measures")),
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


def read_term(shape: Shape) -> Term:
    """Return a term from its plain data; shape errors are not caught."""
    return Term(
        text=_text(shape["text"]),
        quarters=tuple(sorted(_quarter(quarter) for quarter in _items(shape, "quarters"))),
        start=_optional_day(shape, "start"),
        due=_optional_day(shape, "due"),
    )


def _measures(rows: list[Any]) -> tuple[Measure, ...]:
    own = {row["id"]: row["actions"] for row in rows if "actions" in row}
    return tuple(_measure(row, own) for row in rows)


def _measure(shape: Shape, own_actions: Mapping[str, Any]) -> Measure:
    actions_from = _optional_text(shape, "actions_from")
    actions = shape["actions"] if actions_from is None else own_actions.get(actions_from, [])
    return Measure(
        id=_text(shape["id"]),
        channel=_text(shape["channel"]),
        number=_text(shape["number"]),
        proposal=_text(shape["proposal"]),
        actions=tuple(_text(step) for step in _list(actions)),
        term=read_term(shape["term"]),
        result=_text(shape["result"]),
        actions_from=actions_from,
        responsible=_optional_text(shape, "responsible"),
        notes=_optional_text(shape, "notes"),
        budget=_budget(shape["budget"]) if "budget" in shape else None,
        indicator=_indicator(shape["indicator"]) if "indicator" in shape else None,
        same_work=tuple(_text(item) for item in _items(shape, "same_work")),
        postponements=tuple(_postponement(item) for item in _items(shape, "postponements")),
        records=tuple(_record(item) for item in _items(shape, "records")),
        cancelled=_cancellation(shape["cancelled"]) if "cancelled" in shape else None,
    )


def _record(shape: Shape) -> Record:
    return Record(
        quarter=_quarter(shape["quarter"]),
        date=_day(shape["date"]),
        complete=shape.get("complete", False) is True,
        result=_optional_text(shape, "result"),
        values=tuple(
            IndicatorValue(_text(item["period"]), _number(item["value"]))
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


def _postponement(shape: Shape) -> Postponement:
    return Postponement(
        date=_day(shape["date"]),
        to=read_term(shape["to"]),
        reason=_text(shape["reason"]),
        basis=_optional_text(shape, "basis"),
    )


def _cancellation(shape: Shape) -> Cancellation:
    return Cancellation(
        date=_day(shape["date"]),
        reason=_text(shape["reason"]),
        basis=_optional_text(shape, "basis"),
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
    )


def _section(shape: Shape) -> Section:
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
    )


def _audit(shape: Any) -> Audit:  # noqa: ANN401 - of a shape not yet known
    usual = Audit()
    days = _whole(shape.get("backdating_days", usual.backdating_days))
    return Audit(days, signatures=shape.get("signatures") == "required")


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


def _quarter(value: object) -> int:
    return _within(value, QUARTERS[0], QUARTERS[-1])


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
