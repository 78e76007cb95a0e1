"""Columns of our own export that print declared fields: by their keys again, with their types.

A document that anybody made has texts in columns of its own. In a copy of our own export such a
column is a field that the programme has declared: what is edited there stays that field, and a
number or a date is stored as one.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.headings import plain_heading
from kvartal.exchange.tables.programme import SourceMeasure, SourceProgramme
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.model import ExtraField, FieldType, Plan

_DAY: Final = re.compile(r"([0-9]{2})[.]([0-9]{2})[.]([0-9]{4})")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:[.][0-9]{1,15})?")
_SPACES: Final = re.compile(r"\s")


def with_declared_fields(
    programme: SourceProgramme, plan: Plan, headings: Mapping[str, str]
) -> SourceProgramme:
    """Return what a copy reads as, with the declared fields under their keys.

    What is no value of its field is left out, with a remark.

    Args:
        programme: What the copy reads as.
        plan: The programme that was exported.
        headings: The field that each column of the export prints, by its plain heading.
    """
    declared = {one.key: one for one in plan.fields}
    known = {
        str(one["key"]): declared[name]
        for one in programme.fields
        if (name := headings.get(plain_heading(str(one["title"])), "").removeprefix("extra."))
        in declared
    }
    if not known:
        return programme
    remarks = list(programme.remarks)
    measures = tuple(_with_values(one, known, remarks) for one in programme.measures)
    fields = tuple(one for one in programme.fields if str(one["key"]) not in known)
    return replace(programme, measures=measures, fields=fields, remarks=tuple(remarks))


def _with_values(
    measure: SourceMeasure, known: Mapping[str, ExtraField], remarks: list[Remark]
) -> SourceMeasure:
    extra: dict[str, Plain] = {}
    for key, value in measure.extra.items():
        field = known.get(key)
        typed = value if field is None else _typed(str(value), field.type)
        if typed is not None:
            extra[key if field is None else field.key] = typed
        elif field is not None:
            template = N_("«{text}» — не значение поля «{field}»: не взято.")
            fields = {"text": value, "field": field.title}
            remarks.append(Remark("cell-left-out", measure.place, template, fields))
    return replace(measure, extra=extra)


def _typed(text: str, kind: FieldType) -> Plain | None:
    """Return the value that a text prints; None where it prints none of its type."""
    if kind is FieldType.NUMBER:
        plain = _SPACES.sub("", text).replace(",", ".")
        if not _NUMBER.fullmatch(plain):
            return None
        number = float(plain)
        return int(number) if number.is_integer() else number
    if kind is FieldType.DATE:
        printed = _DAY.fullmatch(text)
        plain = "-".join(reversed(printed.groups())) if printed else text
        try:
            return date.fromisoformat(plain).isoformat()
        except ValueError:
            return None
    return text
