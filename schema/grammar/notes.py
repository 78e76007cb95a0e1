"""What stands beside a term without being one: a document in brackets, an explanation."""

import re
from datetime import date
from typing import Final

from kvartal.schema.grammar.open_wordings import mentions_time
from kvartal.schema.grammar.parser import TermParser
from kvartal.schema.grammar.parts import ImpossibleDate, Unit
from kvartal.schema.grammar.tokens import plain_text, tokens
from kvartal.schema.grammar.wordings import DOCUMENTS
from kvartal.schema.period import ProgrammePeriod

BRACKET: Final = re.compile(r"\s*\(([^()]*)\)")
# A date with its year, with points or with the month in words.
_DATE: Final = re.compile(
    r"(?<!\d)\d{1,2}\.\d{1,2}\.\d{4}(?: ?г(?:ода)?\b\.?)?"
    r"|(?<!\d)\d{1,2} [а-яa-z]+ \d{4}(?: ?г(?:ода)?\b\.?)?"
)
_NUMERAL: Final = (
    r"\b(?:\d+(?:-?[а-яa-z]{1,3})?|[ivxі]+"
    r"|(?:перв|втор|трет|четверт)[а-я]+|first|second|third|fourth)"
)
_REFERENCE: Final = re.compile(
    r"(?:№|\bn(?:o|r)?\b\.?) ?[\w./-]+|\b(?:п|пункт|приложени|раздел|стр|ст|item|annex|section)"
    r"[а-я]*\.? ?№? ?[\d.]+"
    rf"|{_NUMERAL} (?:этап|тур|очеред|транш|stage|phase|round)[а-яa-z]*"
)


def is_note(bracket: str, first: date | None) -> bool:
    """Return whether a bracket only notes something beside a term.

    A date in it is that of a document where the bracket names one and the date lies before the
    term; any other date, number or word of time could change the term.

    Args:
        bracket: What stands between the brackets, made plain.
        first: The first day of the term; None where it has none.
    """
    dates = _DATE.findall(bracket)
    if dates and not (_names_document(bracket) and _all_before(dates, first)):
        return False
    return not mentions_time(_REFERENCE.sub("", _DATE.sub("", bracket)))


def _names_document(bracket: str) -> bool:
    return "№" in bracket or any(re.search(rf"\b{word}", bracket) for word in DOCUMENTS)


def _all_before(dates: list[str], first: date | None) -> bool:
    if first is None:
        return False
    period = ProgrammePeriod.of_year(first.year)
    for text in dates:
        parser = TermParser(tokens(plain_text(text)), period)
        part = parser.part()
        if part is None or part.unit is not Unit.DAY or not parser.is_at_end:
            return False
        try:
            is_before = part.first() < first
        except ImpossibleDate:
            return False
        if not is_before:
            return False
    return True
