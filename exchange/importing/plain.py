"""Parts and measures of a document as the plain data of a plan."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kvartal.exchange.tables.programme import SourceMeasure, SourcePart, SourceProgramme
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.numbering import FreeIds
from kvartal.schema.writing import plain_term

_CYRILLIC: Final = re.compile("[А-Яа-яЁё]")
_LATIN: Final = re.compile("[A-Za-z]")


def new_plan(programme: SourceProgramme, *, organization: str, title: str) -> PlanData:
    """Return the plain data of a new plan that holds a programme.

    Args:
        programme: As read; its period is known.
        organization: Its organization, where the document does not say.
        title: Its title, where the document does not say.
    """
    period = programme.period
    year = period.year
    when: PlanData = (
        {"year": year}
        if year is not None
        else {"period": {"start": period.start.isoformat(), "due": period.due.isoformat()}}
    )
    document = {"organization": organization, "title": title, **programme.document}
    data: PlanData = {**when, "language": _language(programme), "document": document}
    if programme.levels:
        data["levels"] = list(programme.levels)
    if programme.fields:
        data["fields"] = [dict(one) for one in programme.fields]
    sections = plain_sections(programme.parts)
    if sections:
        data["sections"] = sections
    data["measures"] = plain_measures(programme.measures, year)
    return data


def _language(programme: SourceProgramme) -> str:
    """Return the language that most of the measures are in."""
    texts = " ".join(" ".join((one.proposal, *one.actions)) for one in programme.measures)
    is_english = len(_LATIN.findall(texts)) > len(_CYRILLIC.findall(texts))
    return "en" if is_english else "ru"


def plain_sections(parts: Sequence[SourcePart], under: str = "", level: int = 0) -> list[Plain]:
    """Return the sections below a section, with their channels, as plain data."""
    rows: list[Plain] = []
    for part in parts:
        if part.is_channel or part.under != under or part.level != level:
            continue
        row: dict[str, Plain] = {"number": part.number, "title": part.title}
        inside = [one for one in parts if one.under == part.number and one.level == level + 1]
        channels: list[Plain] = [plain_channel(one) for one in inside if one.is_channel]
        sections = plain_sections(parts, part.number, level + 1)
        if channels:
            row["channels"] = channels
        if sections:
            row["sections"] = sections
        rows.append(row)
    return rows


def plain_channel(part: SourcePart) -> dict[str, Plain]:
    """Return a channel as plain data."""
    segment: dict[str, Plain] = {"segment": part.segment} if part.segment else {}
    return {"number": part.number, "title": part.title, **segment}


def plain_measures(measures: Iterable[SourceMeasure], year: int | None) -> list[Plain]:
    """Return measures as plain data, each with an id of its own."""
    rows: list[Plain] = []
    ids = FreeIds(())
    above = ""
    for measure in measures:
        name = ids.take(measure.number)
        rows.append(plain_measure(measure, name, above if measure.shares_actions else "", year))
        if not measure.shares_actions:
            above = name
    return rows


def plain_measure(
    measure: SourceMeasure, name: str, actions_from: str, year: int | None
) -> dict[str, Plain]:
    """Return a measure as plain data, its fields in the order of the schema.

    Args:
        measure: As read.
        name: Its id.
        actions_from: Id of the measure whose actions it shares; empty for actions of its own.
        year: The programme's calendar year; None where it has none.
    """
    place: dict[str, Plain] = {}
    if measure.part:
        place = {("channel" if measure.in_channel else "section"): measure.part}
    return {"id": name, **place, "number": measure.number, **values_of(measure, actions_from, year)}


def values_of(measure: SourceMeasure, actions_from: str, year: int | None) -> dict[str, Plain]:
    """Return what a document says of a measure, by field; nothing for what it does not say."""
    values: dict[str, Plain] = {
        "proposal": measure.proposal,
        "actions": [] if actions_from else list(measure.actions),
        "actions_from": actions_from,
        "term": plain_term(measure.term, year),
        "result": measure.result,
        "responsible": _people(measure.responsible),
        "notes": measure.notes,
        "budget": _budget(measure.budget),
        "extra": dict(measure.extra),
    }
    return {name: value for name, value in values.items() if value not in ("", [], {})}


def _people(people: Sequence[str]) -> Plain:
    if len(people) > 1:
        return [{"name": one} for one in people]
    return people[0] if people else ""


def _budget(budget: Sequence[Mapping[str, Plain]]) -> Plain:
    is_plain = len(budget) == 1 and not {"source", "year"} & set(budget[0])
    return dict(budget[0]) if is_plain else [dict(one) for one in budget]
