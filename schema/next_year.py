"""The programme of the next year, made from the one before: what is carried over and how.

Structure and fields come along; measures that go on or were not finished too, each with
``carried_from``. What happened to them stays in the programme where it happened.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.reader import read_term
from kvartal.schema.measure import Measure, Term
from kvartal.schema.model import Plan
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.plan_data import period_of, rows_of
from kvartal.schema.states import CLOSED, current_term, status
from kvartal.schema.terms import UnsureTerm, term_of, typed_term
from kvartal.schema.writing import plain_term

_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
# A year of a title, «2026» or «2026/27»; not that of a day, such as an order's.
_TITLE_YEAR: Final = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?P<year>20[0-9]{2})(?:(?P<dash>[/\u2013-])(?P<short>[0-9]{2}))?(?![0-9])"
)
_KEPT: Final = ("language", "audit", "levels", "fields", "sections")
# What happened to a measure, and what the new row gets anew.
_LEFT_BEHIND: Final = frozenset(
    {"id", "number", "term", "records", "postponements", "cancelled", "carried_from"}
)
_SEVERAL_POINTS: Final = 4


class NotANextYear(KvartalError):
    """The new year does not follow the programme's own."""

    template = N_("Год {year} не следует за программой: она на {years}. Укажите {next}.")


class TermNotCarried(KvartalError):
    """The term of a carried measure has no sure reading in the new year."""

    template = N_(
        "{measures}: срок в программе {years} не ясен. Укажите новый: --term НОМЕР=СРОК, или не "
        "переносите: --drop НОМЕР=ПРИЧИНА."
    )


class NewTermUnsure(KvartalError):
    """The new term that was given for a carried measure has no sure reading."""

    template = N_(
        "{measure}: как понимать срок «{text}» в новой программе, не ясно. Напишите день или "
        "кварталы, например «{day}»."
    )
    stable_code = "unsure-term"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A measure that may be carried over.

    Attributes:
        measure: The measure.
        is_year_long: Whether its term takes the whole period, comes again, or is open.
        is_unfinished: Whether it was not finished as of the date.
        term: Its term in the new year; None where that is not clear.
    """

    measure: Measure
    is_year_long: bool
    is_unfinished: bool
    term: Term | None

    @property
    def is_carried(self) -> bool:
        """Whether it is carried over unless the user says otherwise."""
        return self.is_year_long or self.is_unfinished


def candidates(plan: Plan, period: ProgrammePeriod, as_of: date) -> tuple[Candidate, ...]:
    """Return the measures of a programme with what the next one would do with each.

    Args:
        plan: The programme of the year before.
        period: The days that the new one is for.
        as_of: What is known of the old one.
    """
    found = []
    for measure in plan.measures:
        now = status(measure, plan.calendar, as_of)
        is_open = now.state not in CLOSED
        found.append(
            Candidate(
                measure,
                _is_year_long(measure, plan.period) and now.cancelled is None,
                is_open,
                _carried_term(measure, plan.period, period),
            )
        )
    return tuple(found)


def next_programme(  # noqa: PLR0913 - the old programme and five choices
    data: PlanData,
    carried: Sequence[Candidate],
    *,
    period: ProgrammePeriod,
    source: str,
    terms: Mapping[str, str | Term],
    renumbered: bool = False,
) -> PlanData:
    """Return the plain data of the next programme.

    Args:
        data: The programme of the year before.
        carried: The measures to carry over, in printed order.
        period: The days that the new one is for.
        source: Path of the old plan from the root of the repository.
        terms: New terms, or their texts as typed, by the id of the measure.
        renumbered: Whether printed numbers begin anew; else they stay.

    Raises:
        TermNotCarried: A term is not clear in the new period.
        NewTermUnsure, ImpossibleTerm: A new term cannot be stored.
    """
    year = period.year
    new_terms = {one.measure.id: _new_term(one, terms, period) for one in carried}
    unclear = [measure for measure, term in new_terms.items() if term is None]
    if unclear:
        raise TermNotCarried(measures=", ".join(unclear), years=period.years_text)
    when: PlanData = (
        {"year": year}
        if year is not None
        else {"period": {"start": period.start.isoformat(), "due": period.due.isoformat()}}
    )
    new: PlanData = {**when, **{key: data[key] for key in _KEPT if key in data}}
    new["document"] = _document(data.get("document", {}), period_of(data), period)
    calendar = data.get("calendar")
    if isinstance(calendar, dict) and "rule" in calendar:
        new["calendar"] = {"rule": calendar["rule"]}
    rows = {str(row["id"]): row for row in rows_of(data)}
    kept = set(new_terms)
    measures = [
        _row(rows[name], term, kept, source=source, year=year, rows=rows)
        for name, term in new_terms.items()
        if term is not None
    ]
    numbers = numbers_anew(measures) if renumbered else {}
    new["measures"] = [
        {**row, "number": numbers[name]} if (name := str(row["id"])) in numbers else row
        for row in measures
    ]
    return new


def _row(  # noqa: PLR0913 - a row and what it comes from
    row: Mapping[str, Plain],
    term: Term,
    kept: set[str],
    *,
    source: str,
    year: int | None,
    rows: Mapping[str, Mapping[str, Plain]],
) -> dict[str, Plain]:
    name = str(row["id"])
    new: dict[str, Plain] = {"id": name}
    for key, value in row.items():
        if key == "number":
            new[key] = value
        elif key == "term":
            new[key] = plain_term(term, year)
        elif key not in _LEFT_BEHIND:
            new[key] = value
    shared = str(new.get("actions_from", ""))
    if shared and shared not in kept:
        del new["actions_from"]
        new["actions"] = rows.get(shared, {}).get("actions", [])
    same = new.get("same_work")
    if isinstance(same, list):
        new["same_work"] = [one for one in same if one in kept]
        if not new["same_work"]:
            del new["same_work"]
    new["carried_from"] = {"plan": source, "id": name}
    return new


def _document(document: Plain, before: ProgrammePeriod, period: ProgrammePeriod) -> Plain:
    """Return the document of the new year: not yet approved, its own years renewed in the title."""
    if not isinstance(document, dict):
        return {}
    new = {key: value for key, value in document.items() if key != "approval"}
    title = new.get("title")
    if isinstance(title, str):
        new["title"] = _TITLE_YEAR.sub(lambda year: _renewed(year, before, period), title)
    return new


def _renewed(found: re.Match[str], before: ProgrammePeriod, period: ProgrammePeriod) -> str:
    """Return years of a title as far from the new period's as they were from the old one's."""
    later = period.start.year - before.start.year
    year, short = int(found["year"]), found["short"]
    if year not in before.years:
        return found[0]
    if short is None:
        return str(year + later)
    last = year - year % 100 + int(short)
    is_own = last in before.years or last == year + 1
    return f"{year + later}{found['dash']}{(last + later) % 100:02}" if is_own else found[0]


def numbers_anew(measures: Iterable[Mapping[str, Plain]]) -> dict[str, str]:
    """Return numbers that begin anew in each place, by id; rows that go on keep one number.

    Args:
        measures: Their plain data, or as much of it as says where each stands, in printed order.
    """
    counts: dict[tuple[Plain, Plain], int] = {}
    last: tuple[Plain, ...] = ()
    numbers: dict[str, str] = {}
    for row in measures:
        place = (row.get("channel", ""), row.get("section", ""))
        here = (*place, row.get("number", ""))
        counts[place] = counts.get(place, 0) + (here != last)
        last = here
        above = row.get("channel") or row.get("section")
        numbers[str(row["id"])] = f"{above}.{counts[place]}" if above else str(counts[place])
    return numbers


def _new_term(
    candidate: Candidate, terms: Mapping[str, str | Term], period: ProgrammePeriod
) -> Term | None:
    new = terms.get(candidate.measure.id, candidate.term)
    if not isinstance(new, str):
        return new
    try:
        return typed_term(new, period)
    except UnsureTerm as error:  # Its ways out are options that other commands have.
        name, day = candidate.measure.id, day_text(period.due)
        raise NewTermUnsure(measure=name, text=error.reading.text, day=day) from None


def _carried_term(
    measure: Measure, before: ProgrammePeriod, period: ProgrammePeriod
) -> Term | None:
    """Return the term of a measure in the new period; None where it is not clear.

    Its years are as far from the beginning of the new period as they were from that of the old; of
    a term that was of an earlier programme, as late as it takes to end in the new one.
    """
    now = current_term(measure)
    if now.is_open:
        return now
    last = now.last_day
    if last is not None and last >= period.start:
        return _reread(now.text, period)
    ended = measure.term.last_day or last
    shifts = [period.start.year - before.start.year]
    shifts += [period.start.year - ended.year] if ended is not None else []
    texts = (_later(measure.term.text, shift) for shift in shifts)
    return next((term for text in texts if (term := _reread(text, period)) is not None), None)


def _later(text: str, years: int) -> str:
    """Return a text with each year in it so many later."""
    return _YEAR.sub(lambda found: str(int(found[0]) + years), text)


def _reread(text: str, period: ProgrammePeriod) -> Term | None:
    reading = read_term(text, period)
    if reading.certainty is not Certainty.SURE:
        return None
    term = term_of(text, reading.span)
    # What is due before the period begins would be overdue in it from the first day on.
    ends = (*(quarter.last for quarter in term.quarters), *term.points) or (term.last_day,)
    return term if all(day is not None and day >= period.start for day in ends) else None


def _is_year_long(measure: Measure, period: ProgrammePeriod) -> bool:
    term = current_term(measure)
    if term.is_open or len(term.points) >= _SEVERAL_POINTS:
        return True
    first, last = term.first_day, term.last_day
    return first is not None and last is not None and first <= period.start and last >= period.due
