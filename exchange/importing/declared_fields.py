"""Columns of a document that are fields which the programme has declared: with their types.

A document that anybody made has texts in columns of its own. Where such a column is a declared
field of the programme, a number or a date is stored as one.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from kvartal.exchange.readers.date_format import ENGLISH_MONTHS
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.programme import SourceMeasure, SourceProgramme
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.model import ExtraField, FieldType, Plan
from kvartal.schema.typed_text import ungrouped

_DAY: Final = re.compile(r"([0-9]{2})[.]([0-9]{2})[.]([0-9]{4})")
_ENGLISH_DAY: Final = re.compile(r"([0-9]{1,2}) ([A-Za-z]+) ([0-9]{4})")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:[.][0-9]{1,15})?")


def with_declared_fields(programme: SourceProgramme, plan: Plan) -> SourceProgramme:
    """Return what a document reads as, with values of the declared fields of a plan.

    What is no value of its field is left out, with a remark.

    Args:
        programme: What the document reads as.
        plan: The plan that it goes into.
    """
    declared = {one.key: one for one in plan.fields}
    if not declared:
        return programme
    remarks = list(programme.remarks)
    measures = tuple(_with_values(one, declared, remarks) for one in programme.measures)
    return replace(programme, measures=measures, remarks=tuple(remarks))


def _with_values(
    measure: SourceMeasure, known: Mapping[str, ExtraField], remarks: list[Remark]
) -> SourceMeasure:
    extra: dict[str, Plain] = {}
    for key, value in measure.extra.items():
        field = known.get(key)
        if field is None:
            extra[key] = value
        elif (typed := _typed(str(value), field)) is not None:
            extra[key] = typed
        else:
            template = N_("«{text}» — не значение поля «{field}»: не взято.")
            fields = {"text": value, "field": field.title}
            remarks.append(Remark("cell-left-out", measure.place, template, fields))
    return replace(measure, extra=extra)


def _typed(text: str, field: ExtraField) -> Plain | None:
    """Return the value that a text prints; None where it prints none of its type."""
    kind = field.type
    if kind is FieldType.CHOICE:
        return text if text in field.choices else None
    if kind is FieldType.NUMBER:
        plain = ungrouped(text.strip()).replace(",", ".")
        if not _NUMBER.fullmatch(plain):
            return None
        number = float(plain)
        return int(number) if number.is_integer() else number
    if kind is FieldType.DATE:
        try:
            return date.fromisoformat(_iso(text)).isoformat()
        except ValueError:
            return None
    return text


def _iso(text: str) -> str:
    """Return a printed day, «31.03.2026» or "31 March 2026", as ISO; any other text unchanged.

    Raises:
        ValueError: There is no such month.
    """
    if printed := _DAY.fullmatch(text):
        return "-".join(reversed(printed.groups()))
    if printed := _ENGLISH_DAY.fullmatch(text):
        month = ENGLISH_MONTHS.index(printed[2].capitalize()) + 1
        return f"{printed[3]}-{month:02}-{printed[1]:0>2}"
    return text
