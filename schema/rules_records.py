"""Rules about facts: records, indicator values, evidence."""

from collections.abc import Iterator
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.evidence_paths import is_evidence_path, same_file_key
from kvartal.schema.model import EvidenceFile, Period
from kvartal.schema.quarters import MONTHS_IN_QUARTER, roman_runs
from kvartal.schema.rule import YEARS_OF_FACTS, Rule, Subject, Violation, is_within, repeated
from kvartal.schema.terms import term_quarters


def _record_quarter_not_in_term(subject: Subject) -> Iterator[Violation]:
    """A record is for a quarter of the original term or of one it was postponed to."""
    for path, measure, record in subject.records():
        terms = (measure.term, *(one.to for one in measure.postponements))
        quarters = {quarter for term in terms for quarter in term_quarters(term)}
        if not any(term.is_open for term in terms) and record.quarter not in quarters:
            fields = {"id": measure.id, "quarter": record.quarter, "term": roman_runs(quarters)}
            yield (*path, "quarter"), fields


def _record_date_outside_year(subject: Subject) -> Iterator[Violation]:
    """A date of fact lies in the plan's year or, for what was done late, in the years after."""
    year = subject.plan.year
    for path, measure, record in subject.records():
        if not is_within(record.date, year, year + YEARS_OF_FACTS):
            fields = {"id": measure.id, "date": record.date.isoformat(), "year": year}
            yield (*path, "date"), fields | {"last": year + YEARS_OF_FACTS}


def _record_after_cancellation(subject: Subject) -> Iterator[Violation]:
    """Nothing is done after the measure was taken off the plan."""
    for path, measure, record in subject.records():
        cancelled = measure.cancelled
        if cancelled is not None and record.date > cancelled.date:
            fields = {"id": measure.id, "date": record.date.isoformat()}
            yield (*path, "date"), fields | {"cancelled": cancelled.date.isoformat()}


def _completion_twice(subject: Subject) -> Iterator[Violation]:
    """A measure is completed by one record."""
    for path, measure in subject.measures():
        completions = [at for at, record in enumerate(measure.records) if record.complete]
        for index in completions[1:]:
            yield (*path, "records", index, "complete"), {"id": measure.id}


def _value_without_indicator(subject: Subject) -> Iterator[Violation]:
    """Values are those of the measure's indicator."""
    for path, measure, record in subject.records():
        if record.values and measure.indicator is None:
            yield (*path, "values"), {"id": measure.id}


def _periods(kind: Period, year: int, quarter: int) -> tuple[str, ...]:
    """Return the periods whose values belong to a record of a quarter."""
    if kind is Period.MONTH:
        last = quarter * MONTHS_IN_QUARTER
        return tuple(
            f"{year}-{month:02}" for month in range(last - MONTHS_IN_QUARTER + 1, last + 1)
        )
    return (f"{year}-Q{quarter}",) if kind is Period.QUARTER else (str(year),)


def _value_period_mismatch(subject: Subject) -> Iterator[Violation]:
    """A value is for a period of the indicator's kind, within the record's quarter."""
    for path, measure, record in subject.records():
        if measure.indicator is None:
            continue
        expected = _periods(measure.indicator.period, subject.plan.year, record.quarter)
        for index, value in enumerate(record.values):
            if value.period not in expected:
                fields = {"id": measure.id, "period": value.period, "quarter": record.quarter}
                where = (*path, "values", index, "period")
                yield where, fields | {"expected": ", ".join(expected)}


def _value_period_duplicate(subject: Subject) -> Iterator[Violation]:
    """A record gives one value for a period."""
    for path, _, record in subject.records():
        yield from repeated(
            [
                ((*path, "values", index, "period"), value.period)
                for index, value in enumerate(record.values)
            ]
        )


def _evidence_path_outside(subject: Subject) -> Iterator[Violation]:
    """An evidence file is under ``evidence/`` beside the plan, on every system."""
    for path, _, file in subject.files():
        if not is_evidence_path(file.path):
            yield (*path, "path"), {"path": file.path}


def _evidence_path_duplicate(subject: Subject) -> Iterator[Violation]:
    """A file is given once in a record, and everywhere with the same content."""
    seen: dict[str, EvidenceFile] = {}
    in_record = set()
    for path, _, file in subject.files():
        key = same_file_key(file.path)
        first = seen.setdefault(key, file)
        altered = (first.size, first.sha256) != (file.size, file.sha256)
        if altered or (path[:-1], key) in in_record:
            yield (*path, "path"), {"path": file.path}
        in_record.add((path[:-1], key))


RECORD_RULES: Final = (
    Rule(
        code="record-quarter-not-in-term",
        template=N_(
            "{id}: отметка за {quarter} квартал, а в сроке мероприятия только {term}. Исправьте "
            "квартал или перенесите срок."
        ),
        source="design 4: a record for a quarter the term does not have",
        check=_record_quarter_not_in_term,
    ),
    Rule(
        code="record-date-outside-year",
        template=N_(
            "{id}: дата исполнения {date} не попадает в годы с {year} по {last}. Исправьте дату."
        ),
        source="design 4: dates within the year",
        check=_record_date_outside_year,
    ),
    Rule(
        code="record-after-cancellation",
        template=N_(
            "{id}: дата исполнения {date} позже снятия с плана {cancelled}. Исправьте одну из дат."
        ),
        source="design 4: cancelling is a fact with a date",
        check=_record_after_cancellation,
    ),
    Rule(
        code="completion-twice",
        template=N_(
            "{id}: мероприятие уже исполнено другой отметкой. Оставьте complete только в одной."
        ),
        source="design 4: a measure is done from the date of its completion",
        check=_completion_twice,
    ),
    Rule(
        code="value-without-indicator",
        template=N_(
            "{id}: у мероприятия нет показателя, значения записать не к чему. Опишите показатель "
            "в indicator или уберите values."
        ),
        source="design 4: an indicator and its actual values",
        check=_value_without_indicator,
    ),
    Rule(
        code="value-period-mismatch",
        template=N_(
            "{id}: период «{period}» не подходит к показателю и к отметке за {quarter} квартал. "
            "Подходят: {expected}."
        ),
        source="design 4: an indicator has a period",
        check=_value_period_mismatch,
    ),
    Rule(
        code="value-period-duplicate",
        template=N_("Значение за период «{name}» в этой отметке уже есть. Оставьте одно."),
        source="design 4: an indicator and its actual values",
        check=_value_period_duplicate,
    ),
    Rule(
        code="evidence-path-outside",
        template=N_(
            "Путь «{path}» ведёт за пределы папки evidence. Положите файл в evidence рядом с "
            "файлом программы и напишите путь от неё: evidence/…"
        ),
        source="design 2.6: no paths that leave the programme's folder",
        check=_evidence_path_outside,
    ),
    Rule(
        code="evidence-path-duplicate",
        template=N_(
            "Файл «{path}» уже приложен, к этой же отметке или с другим содержимым. Оставьте "
            "одно упоминание или сохраните другой файл под своим именем."
        ),
        source="design 4: files with path, size and SHA-256",
        check=_evidence_path_duplicate,
    ),
)
