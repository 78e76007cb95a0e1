"""The title of a programme: what a line of a document needs to be one, and the years it names."""

import re
from datetime import date
from typing import Final

from kvartal.exchange.tables.approval import month_number
from kvartal.schema.period import ProgrammePeriod

# «Настоящая программа …» begins a sentence about a programme, not its title.
_ADJECTIVES: Final = r"(?!настоящ|данн|указанн|утвержд)(?:[а-яё-]+(?:ая|яя|ый|ий|ой)\s+){0,3}"
_TITLE: Final = re.compile(
    rf"{_ADJECTIVES}"
    r"(?:программ|план|дорожн\w+ карт|перечень мероприят)\w*\b.{12,}|"
    r".{0,80}\b(?:plan of action|(?:action|improvement|delivery|implementation|work) ?plan|"
    r"road ?map|programme of|poa&m)\b.{0,200}",
    re.IGNORECASE,
)
_SHORT_TITLE: Final = re.compile(
    rf"{_ADJECTIVES}(?:(?:программ|план|дорожн\w+ карт)\w*(?: мероприятий)?|перечень мероприятий)",
    re.IGNORECASE,
)
_NO_TITLE: Final = re.compile(
    r"(?:таблица|приложение|table|annex|this|these|the\b.*\b(?:is|are|was|has|sets|will))\b",
    re.IGNORECASE,
)
"""How a line begins that only speaks of a programme: «This action plan sets out …»."""
_CHAPTER: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s")
_YEAR: Final = re.compile(
    r"(?:на|в|за|for|,|план(?: работы)?|мероприятий|программа|plan|programme|road ?map)\s+"
    r"(20\d{2})\s*(?:г\b\.?|год\w*)?(?![\d/-])|"
    r"\b(20\d{2})\s*(?:г\.|год)",
    re.IGNORECASE,
)
_FOR_YEAR: Final = re.compile(r"(?:на|for)\s+(20\d{2})(?![\d/-])", re.IGNORECASE)
_FOUND_THEN: Final = re.compile(
    r"(?i)(?:выявленн|установленн|отмеченн|допущенн|identified|found)\w*\b[^,;]{0,120}?"
    r"\b(?:в|за|in)\s+20\d{2}(?:\s*(?:г\b\.?|год\w*))?"
)
"""When what a programme mends was found: no year of its own."""
_LAST_WORDS: Final = re.compile(r"(?P<before>[^\W\d_]{2,})[»”\"]? (?P<year>20\d{2})$")
"""What ends a title that names its year without a word for it: «… services 2026»."""
_YEARS: Final = re.compile(r"(20\d{2})\s*[-–—/]\s*(20\d{2})\s*(?:г|уч|year)?")
_ACADEMIC: Final = re.compile(r"учебн|academic|school year", re.IGNORECASE)
_BEFORE_WINTER: Final = re.compile(r"(?i)подготовк\w*\b.*\b(?:отопительн|осенне-зимн|зимн)\w*")
"""What is done before the season that the years name: in the first of them."""
_ENDS_WITH_YEARS: Final = re.compile(
    r"(?i)20\d{2}\s*(?:учебн\w+ |academic |school )?(?:г\.?|гг\.?|год\w*|years?)?\s*[)»]?$"
)
_ONLY_YEARS: Final = re.compile(
    r"(?i)(?:на|for) (?:период )?20\d{2}(?:\s*[-–—/]\s*20\d{2})?(?:\s*(?:г\.?|гг\.?|год\w*))?[)»]?"
)
_BARE_YEARS: Final = re.compile(r"(?i)20\d{2}(?:\s*[-–—/]\s*20\d{2})?(?:\s*(?:г\.?|гг\.?|год\w*))?")


def is_title(line: str) -> bool:
    """Return whether a line is the title of a programme."""
    return (
        _TITLE.fullmatch(line) is not None
        and _NO_TITLE.match(line) is None
        and _CHAPTER.match(line) is None
    )


def is_beginning(line: str) -> bool:
    """Return whether a line is the beginning of a title only: «ПЛАН МЕРОПРИЯТИЙ»."""
    return _SHORT_TITLE.fullmatch(line) is not None


def is_chapter(line: str) -> bool:
    """Return whether a line begins with the number of a chapter."""
    return _CHAPTER.match(line) is not None


def ends_with_years(title: str) -> bool:
    """Return whether years are the last that a title says."""
    return _ENDS_WITH_YEARS.search(title) is not None


def is_only_years(line: str) -> bool:
    """Return whether a line is the years of a title above it: «на 2026 год»."""
    return _ONLY_YEARS.fullmatch(line) is not None


def is_bare_years(line: str) -> bool:
    """Return whether a line is years without a word: those of a title right above it, if any."""
    return _BARE_YEARS.fullmatch(line) is not None


def period_of_title(title: str) -> ProgrammePeriod | None:
    """Return the years that a title names; None where it names none."""
    years = _YEARS.search(title)
    if years is not None and int(years[1]) < int(years[2]):
        if _ACADEMIC.search(title) and int(years[1]) + 1 == int(years[2]):
            return ProgrammePeriod(date(int(years[1]), 9, 1), date(int(years[2]), 8, 31))
        if _BEFORE_WINTER.search(title) and int(years[1]) + 1 == int(years[2]):
            return ProgrammePeriod.of_year(int(years[1]))
        return ProgrammePeriod(date(int(years[1]), 1, 1), date(int(years[2]), 12, 31))
    title = _FOUND_THEN.sub(" ", title)
    found = {int(match[1] or match[2]) for match in _YEAR.finditer(title)}
    if len(found) > 1:
        found = set(map(int, _FOR_YEAR.findall(title)))
    last = _LAST_WORDS.search(title) if not found and is_title(title) else None
    if last is not None and not month_number(last["before"].casefold()):
        found = {int(last["year"])}
    return ProgrammePeriod.of_year(found.pop()) if len(found) == 1 else None
