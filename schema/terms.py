"""Terms: parsing a printed term, its days, and its text.

The published programme writes terms as «3 квартал 2024», «1-4 кварталы 2024»; people type «IV»,
«Q3», «2-3» or a date. Whatever names neither a quarter nor a date («постоянно») is an open term.
"""

import re
from datetime import date
from typing import Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Term
from kvartal.schema.quarters import (
    QUARTERS,
    ROMAN,
    first_day,
    last_day,
    quarter_of,
    runs,
)
from kvartal.schema.typed_text import normalised

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_RUSSIAN: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_DAY_WITHOUT_YEAR: Final = re.compile(r"(?<![0-9.])[0-9]{1,2}\.[0-9]{1,2}(?!\.?[0-9])")
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_QUARTER: Final = re.compile(r"(?:Q|К|K)?([1-4]|IV|I{1,3})")
_RANGE: Final = re.compile(r"-|–|—|\.\.|ПО")
_LIST: Final = re.compile(r",|И|AND|;")
_QUARTER_WORD: Final = re.compile(r"\b(?:КВАРТАЛ[А-Я]*|КВ\.?|QUARTERS?)(?![А-ЯA-Z])")
_NOISE_WORDS: Final = re.compile(r"\b(?:ГОДА?|ГГ?\.?|С)(?![А-Я])")
_ORDINAL: Final = re.compile(r"(?<=[1-4IV])-?(?:ЫЙ|ОЙ|ИЙ|Й|ГО|М)(?![А-Я])")
_IN_WORDS: Final = {
    "В ТЕЧЕНИЕ ГОДА": QUARTERS,
    "ЕЖЕКВАРТАЛЬНО": QUARTERS,
    "ВЕСЬ ГОД": QUARTERS,
    "I ПОЛУГОДИЕ": (1, 2),
    "1 ПОЛУГОДИЕ": (1, 2),
    "II ПОЛУГОДИЕ": (3, 4),
    "2 ПОЛУГОДИЕ": (3, 4),
}
# Roman numerals are typed with look-alike letters of either alphabet.
_LOOKALIKES: Final = str.maketrans({"І": "I", "Ӏ": "I", "|": "I"})


class UnreadableTerm(KvartalError):
    """A term typed by a user names neither a quarter nor a date."""

    template = N_(
        "Срок «{text}» не понят: напишите квартал («4», «III», «2-3», «4 квартал {year}») "
        "или дату («{year}-11-30», «30.11.{year}»)."
    )


class TermOutsideYear(KvartalError):
    """A term typed by a user lies outside the plan's year."""

    template = N_(
        "Срок «{text}» выходит за {year} год. На другой год мероприятие не переносят: "
        "его снимают с плана и включают в программу того года."
    )


def read_text(text: str, year: int) -> Term:
    """Return the term that a printed text means; an open term where it names no date.

    Args:
        text: As printed or typed.
        year: The plan's year.

    Raises:
        TermOutsideYear: The text names another year.
    """
    term = as_printed(text)
    if term.due is not None:
        years = {day.year for day in _days(text)}
    else:
        years = {int(found) for found in _YEAR.findall(text)} if term.quarters else set()
    if years - {year}:
        raise TermOutsideYear(text=text, year=year)
    return term


def as_printed(text: str) -> Term:
    """Return the term that a printed text means, whatever year it names."""
    days = _days(text)
    if days:
        return Term(text, (), min(days) if len(days) > 1 else None, max(days))
    return Term(text, _quarters(text))


def typed_term(text: str, year: int, language: str = "ru") -> Term:
    """Return the term that a user typed, its text reworded as the programme prints terms.

    Args:
        text: As typed; a day may lack its year.
        year: The plan's year.
        language: The plan's language, which the text is reworded in.

    Raises:
        UnreadableTerm: The text names neither a quarter nor a date.
        TermOutsideYear: The text names another year.
    """
    term = read_text(with_year(normalised(text).strip(), year), year)
    if term.is_open:
        raise UnreadableTerm(text=text, year=year)
    if term.quarters:
        return Term(quarters_text(term.quarters, year, language), term.quarters)
    return Term(dates_text(term.start, term.due, language), (), term.start, term.due)


def entered_term(text: str, year: int, language: str = "ru") -> Term:
    """Return the term that a user typed; one that names no date is open and stays as typed.

    Every way in goes by this, so that a text has one meaning; arguments as of `typed_term`.

    Raises:
        TermOutsideYear: The text names another year.
    """
    try:
        return typed_term(text, year, language)
    except UnreadableTerm:
        return read_text(normalised(text).strip(), year)


def with_year(text: str, year: int) -> str:
    """Return a typed term with the plan's year added to days that have none.

    >>> with_year("до 30.11", 2024)
    'до 30.11.2024'
    """
    return _DAY_WITHOUT_YEAR.sub(rf"\g<0>.{year}", text)


def quarters_text(quarters: tuple[int, ...], year: int, language: str = "ru") -> str:
    """Return quarters as the programme prints them: «3 квартал 2024», «1-4 кварталы 2024»."""
    if language == "en":
        spans = [f"Q{one}" if one == last else f"Q{one}-Q{last}" for one, last in runs(quarters)]
        return f"{', '.join(spans)} {year}"
    parts = [str(one) if one == last else f"{one}-{last}" for one, last in runs(quarters)]
    word = "квартал" if len(quarters) == 1 else "кварталы"
    return f"{', '.join(parts)} {word} {year}"


def dates_text(start: date | None, due: date | None, language: str = "ru") -> str:
    """Return a term by dates as it is printed: «до 30.11.2024», «01.03.2024-31.05.2024»."""
    if due is None:
        return ""
    if language == "en":  # Day and month change places there: only this form has one reading.
        return f"by {due}" if start is None else f"{start} to {due}"
    if start is None:
        return f"до {due:%d.%m.%Y}"
    return f"{start:%d.%m.%Y}-{due:%d.%m.%Y}"


def term_start(term: Term, year: int) -> date | None:
    """Return the first day of a term; None for an open term or one that names only its end."""
    if term.quarters:
        return first_day(year, term.quarters[0])
    return term.start


def term_due(term: Term, year: int) -> date | None:
    """Return the last day of a term; None for an open term."""
    if term.quarters:
        return last_day(year, term.quarters[-1])
    return term.due


def term_quarters(term: Term) -> tuple[int, ...]:
    """Return the quarters that a term covers: those it names, or those its dates fall in."""
    if term.quarters or term.due is None:
        return term.quarters
    first = quarter_of(term.start) if term.start else quarter_of(term.due)
    return tuple(quarter for quarter in QUARTERS if first <= quarter <= quarter_of(term.due))


def checkpoint_days(term: Term, year: int) -> tuple[tuple[int, date], ...]:
    """Return each checkpoint of a term: its quarter and its last day.

    A measure over several quarters is checked at the end of each one; the last checkpoint of a term
    by dates is its last day.
    """
    due = term_due(term, year)
    if due is None:
        return ()
    return tuple((quarter, min(last_day(year, quarter), due)) for quarter in term_quarters(term))


def _days(text: str) -> list[date]:
    found = [(int(y), int(m), int(d)) for y, m, d in _ISO.findall(text)]
    found += [(int(y), int(m), int(d)) for d, m, y in _RUSSIAN.findall(text)]
    try:
        return [date(*parts) for parts in found]
    except ValueError:
        return []


def _quarters(text: str) -> tuple[int, ...]:
    """Return the quarters that a text lists; none if it contains anything else."""
    rest = text.upper().translate(_LOOKALIKES)
    rest = _ORDINAL.sub("", _YEAR.sub(" ", rest))
    rest = _NOISE_WORDS.sub(" ", rest) if rest.strip() not in _IN_WORDS else rest
    if rest.strip() in _IN_WORDS:
        return _IN_WORDS[rest.strip()]
    rest = _QUARTER_WORD.sub(" ", rest)
    found: set[int] = set()
    for part in _LIST.split(rest.strip()):
        ends = [_QUARTER.fullmatch(end.strip()) for end in _RANGE.split(part.strip())]
        numbers = [_quarter_number(end.group(1)) for end in ends if end]
        if len(numbers) != len(ends) or not 1 <= len(numbers) <= 2:  # noqa: PLR2004 - a range has two ends
            return ()
        found.update(range(numbers[0], numbers[-1] + 1))
    return tuple(sorted(found))


def _quarter_number(text: str) -> int:
    return ROMAN.index(text) + 1 if text in ROMAN else int(text)
