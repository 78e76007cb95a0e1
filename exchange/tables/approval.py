"""Who approved a document, when and by what: lines above its table."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from kvartal.exchange.tables.organization_name import is_organization
from kvartal.exchange.tables.texts import clean
from kvartal.schema.changes import Plain

_APPROVED: Final = re.compile(
    r"(?P<caption>(?:приложение(?: №? ?\d+)? (?:к|№)|утвержд[её]н[аоы]?\b|утверждаю|approved\b).*)",
    re.IGNORECASE,
)
_ANNEX: Final = re.compile(r"приложение(?: №? ?\d+)?", re.IGNORECASE)
_OF_WHAT: Final = re.compile(r"к\s.*")
"""What an annex belongs to, in a line below it: «к постановлению администрации»."""
_DATED: Final = re.compile(
    r"(?:(?:от|\bon|\bdated)\s+[«\"]?|,\s+(?=\d)|[«\"](?=\d{1,2}[»\"]))(?P<day>\d{1,2})[»\"]?[.\s]\s?"
    r"(?P<month>\d{1,2}|[а-яa-z]+)[.\s]\s?(?P<year>\d{4})"
    r"(?:\s*(?:года|г\.?))?(?:\s*(?P<number>(?:№|N(?:[or]\b\.?)?)\s?[^\s,;]+))?",
    re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(r"_{2,}")
_MONTHS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_ENGLISH_MONTHS: Final = tuple(
    "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - read as a list
)
_LONGEST_APPROVAL: Final = 8


def is_dated(text: str) -> bool:
    """Return whether a line is the date, and perhaps the number, of an approval."""
    return _DATED.fullmatch(text) is not None


def undated(text: str) -> str:
    """Return a line of an approval without its date, its number and the line for a signature."""
    return clean(_SIGNATURE.sub(" ", _DATED.sub(" ", text))).strip(" ,")


def is_caption(line: str) -> bool:
    """Return whether a line begins an approval: «Утверждено …», «Приложение к …»."""
    return _APPROVED.match(line) is not None


def is_of_approval(line: str) -> bool:
    """Return whether a line may belong to an approval: its caption, date or signature."""
    return is_caption(line) or bool(_DATED.search(line) or _SIGNATURE.search(line))


def approval_of(lines: Sequence[str]) -> dict[str, Plain]:
    """Return caption, date and number of the approval that lines tell; empty for none."""
    for index in range(len(lines)):
        if not _begins_approval(lines[index : index + 2]):
            continue
        caption: list[str] = []
        for below in lines[index : index + _LONGEST_APPROVAL]:
            found = _DATED.search(below)
            day = _day(found) if found is not None else None
            before = below[: found.start()].strip(" ,") if found is not None else below
            before = clean(_SIGNATURE.sub(" ", before))
            if before and not is_organization(before):
                caption.append(before)
            if found is None or day is None:
                continue
            number = found["number"]
            whole, number = " ".join(caption), clean(number or "").rstrip(".")
            if whole.count("(") > whole.count(")"):
                # «(протокол от 12.12.2025 № 45)»: the date and the number are fields of their own.
                whole, number = f"{whole})", number.removesuffix(")")
            named: dict[str, Plain] = {"number": number} if number else {}
            return {"caption": whole, "date": day.isoformat(), **named}
    return {}


def _begins_approval(lines: Sequence[str]) -> bool:
    if _APPROVED.fullmatch(lines[0]) is not None:
        return True
    is_annex = _ANNEX.fullmatch(lines[0]) is not None
    return is_annex and any(map(_OF_WHAT.fullmatch, lines[1:]))


def _day(found: re.Match[str]) -> date | None:
    name = found["month"].casefold()
    month = int(name) if name.isdecimal() else month_number(name)
    try:
        return date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None


def month_number(name: str) -> int:
    """Return which month a word begins the name of, 1–12; 0 for none. Small letters."""
    stems = _MONTHS if name[:1] > "z" else _ENGLISH_MONTHS
    return next((at for at, stem in enumerate(stems, 1) if name.startswith(stem)), 0)
