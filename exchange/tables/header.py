"""What a document says of itself around the table: organization, title, code, approval, year."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import takewhile
from typing import Final

from kvartal.exchange.grid import Paragraph, SourceDocument
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.texts import clean
from kvartal.schema.changes import Plain
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
    rf"{_ADJECTIVES}(?:программ|план|дорожн\w+ карт)\w*(?: мероприятий)?",
    re.IGNORECASE,
)
_NO_TITLE: Final = re.compile(r"(?:таблица|приложение|table|annex)\b", re.IGNORECASE)
_CHAPTER: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s")
_LEGAL_FORM: Final = (
    r"(?:АО|ПАО|ОАО|ЗАО|НАО|ООО|ТОО|АНО|НКО|МУП|ГУП|ФГУП|МП|ГП|МОУ|ГУЗ|ФКУ|СПб ГБУ|"
    r"[А-Я]{1,4}[БКА](?:ДО|ПО|О)?У[КЗСНП]?|[А-Я][а-яё]+\s(?:[а-яё]+\s){0,6}учреждение"
    r"(?:\s[а-яё]+){0,6}|"
    r"[Оо]бщество с ограниченной ответственностью|(?:[Пп]убличное )?[Аа]кционерное общество)"
)
_AUTHORITIES: Final = {
    "Администраци": "я",
    "Министерств": "о",
    "Департамент": "",
    "Управлени": "е",
    "Комитет": "",
}
"""How the name of an authority begins, and how its first word ends by itself."""
_LEADS_ON: Final = re.compile(r"(?:\s+(?:от|на|по|за|об?|в|к))+\s*$")
_ORGANIZATION: Final = re.compile(
    rf"\b{_LEGAL_FORM}(?:\s(?:ВО|ДО|ДПО|СПО))?\s+(?:«[^«»]{{2,80}}»|[\"“„][^\"“”„«»]{{2,80}}[\"”“])|"
    rf"(?:{'|'.join(_AUTHORITIES)})\w*\s[^,.;()«»\d]{{3,80}}|"
    r"(?:АДМИНИСТРАЦИЯ|МИНИСТЕРСТВО|ДЕПАРТАМЕНТ|УПРАВЛЕНИЕ|КОМИТЕТ)\s[^,.;()«»\d]{3,80}|"
    r"(?:[A-Z][\w&'’-]*\s){1,6}(?:Ltd|Limited|LLC|LLP|Inc|PLC|plc|Corporation|Council|Trust)\b\.?"
)
_CODE: Final = re.compile(r"\b[А-ЯA-Z]{1,6}-\d{1,4}(?:[-/.]\d{1,4}){0,3}\b")
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
    r"(?:\s*(?:года|г\.?))?(?:\s*(?P<number>(?:№|N)\s?[^\s,;]+))?",
    re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(r"_{2,}")
_MONTHS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_ENGLISH_MONTHS: Final = tuple(
    "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - read as a list
)
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
_LAST_WORDS: Final = re.compile(r"(?P<before>[^\W\d_]{2,}) (?P<year>20\d{2})$")
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
_LONGEST_NAME: Final = 80
_REPORT: Final = re.compile(
    r"(?:отч[её]т|сведения|информация|итоги|результаты|report|results)\b|"
    r"мероприятия\b.*\b(?:на|за|в) 20\d\d\b",
    re.IGNORECASE,
)
"""What begins the title of a table that is no programme, but of years as well."""
_LONGEST_HEAD: Final = 60
_LONGEST_TITLE: Final = 400
_LONGEST_APPROVAL: Final = 8
_OF_ADMINISTRATION: Final = re.compile(
    r"\bадминистрации\s+((?:[а-яё]+\s+){0,3}[А-ЯЁ][^,.;()«»\d]{3,80}?)(?=\s+от\b|\s*$|[,.;(])"
)


def header_lines(document: SourceDocument, first: SourceTable) -> tuple[str, ...]:
    """Return the lines above the first table of measures, in order, each in one line."""
    return tuple(_lines(document, first))


def document_fields(
    lines: Sequence[str], period: ProgrammePeriod | None = None
) -> dict[str, Plain]:
    """Return the fields of the document that its lines tell: only what is surely there.

    Args:
        lines: What stands above its table of measures.
        period: The years whose title is meant, where there are several.
    """
    found: dict[str, Plain] = {}
    title = _title(lines, period)
    approval = _approval(lines)
    organization = _organization(title, lines, str(approval.get("caption", "")))
    code = _code(title, lines)
    if organization:
        found["organization"] = organization
    if title:
        found["title"] = title.removesuffix(code).strip() if code else title
    if code:
        found["code"] = code
    if approval:
        found["approval"] = approval
    return found


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
    if last is not None and not _month(last["before"].casefold()):
        found = {int(last["year"])}
    return ProgrammePeriod.of_year(found.pop()) if len(found) == 1 else None


def is_dated(text: str) -> bool:
    """Return whether a line is the date, and perhaps the number, of an approval."""
    return _DATED.fullmatch(text) is not None


def undated(text: str) -> str:
    """Return a line of an approval without its date, its number and the line for a signature."""
    return clean(_SIGNATURE.sub(" ", _DATED.sub(" ", text))).strip(" ,")


def _lines(document: SourceDocument, first: SourceTable) -> Iterator[str]:
    for part in document.parts:
        if isinstance(part, Paragraph):
            yield from filter(None, map(clean, part.text.splitlines()))
            continue
        if not part.hidden:
            count = first.heading_row if part is first.grid else min(part.rows, _LONGEST_HEAD)
            for row in range(count):
                texts = dict.fromkeys(part.row_text(row))
                lines = (line for text in texts for line in text.split("\n"))
                yield from dict.fromkeys(filter(None, map(clean, lines)))
        if part is first.grid:
            return


def last_dated_title(lines: Sequence[str]) -> str:
    """Return the last title among lines that ends with years; empty for none.

    A sentence about the programme of another year is no title.
    """
    for index in reversed(range(len(lines))):
        line = lines[index]
        if len(line) <= _LONGEST_TITLE and (is_title(line) or _REPORT.match(line)):
            whole = _with_rest(lines, index)
            if _ENDS_WITH_YEARS.search(whole) and period_of_title(whole) is not None:
                return whole
    return ""


def _title(lines: Sequence[str], period: ProgrammePeriod | None) -> str:
    found = [_with_rest(lines, index) for index, line in enumerate(lines) if is_title(line)]
    dated = [line for line in found if period_of_title(line) is not None]
    meant = [line for line in dated if period is not None and period_of_title(line) == period]
    return (meant or dated or found or [_broken_title(lines)])[0]


def is_title(line: str) -> bool:
    """Return whether a line is the title of a programme."""
    return (
        _TITLE.fullmatch(line) is not None
        and _NO_TITLE.match(line) is None
        and _CHAPTER.match(line) is None
    )


def _broken_title(lines: Sequence[str]) -> str:
    """Return a title that stands in several lines, the first of which is «ПЛАН МЕРОПРИЯТИЙ»."""
    for index, line in enumerate(lines):
        if _SHORT_TITLE.fullmatch(line) is not None:
            whole = _with_rest(lines, index)
            return whole if whole != line else ""
    return ""


def _with_rest(lines: Sequence[str], index: int) -> str:
    """Return a line with those that go on with it: they begin with a small letter."""
    following = lines[index + 1 : index + 6]
    rest = [*takewhile(_goes_on, following)]
    whole = " ".join((lines[index], *rest))
    if period_of_title(whole) is None:
        # «… потребителей» / «АО «Сбыт» на 2026 год»: the name of whose programme it is.
        after = following[len(rest) : len(rest) + 2]
        for count in range(1, len(after) + 1):
            longer = " ".join((whole, *after[:count]))
            if _ORGANIZATION.match(after[0]) and _ENDS_WITH_YEARS.search(longer):
                return longer
        # «… на территории» / «Лугового района» / «на 2026 год»: the years end what they belong to.
        for count, line in enumerate(following[len(rest) :], 1):
            if _ONLY_YEARS.fullmatch(line):
                return " ".join((whole, *following[len(rest) : len(rest) + count]))
            if not _may_go_on(line):
                break
    return whole


def _may_go_on(line: str) -> bool:
    """Return whether a line may stand between the first words of a title and its years."""
    is_other = _APPROVED.match(line) or _DATED.search(line) or _SIGNATURE.search(line)
    return len(line) <= _LONGEST_NAME and not (is_other or is_title(line) or _CHAPTER.match(line))


def _goes_on(line: str) -> bool:
    return line[0].islower() and _APPROVED.match(line) is None


def _organization(title: str, lines: Sequence[str], caption: str) -> str:
    for text in (title, *lines[:_LONGEST_HEAD], caption):
        found = _ORGANIZATION.search(text)
        if found is not None:
            return _by_itself(_LEADS_ON.sub("", found[0]).strip())
    approved_by = _OF_ADMINISTRATION.search(caption)
    return f"Администрация {approved_by[1].strip()}" if approved_by is not None else ""


def _by_itself(name: str) -> str:
    """Return the name of an organization as it stands by itself: «Администрация», not «-и»."""
    first, space, rest = name.partition(" ")
    stem = next((one for one in _AUTHORITIES if first.startswith(one)), None)
    return name if stem is None else f"{stem}{_AUTHORITIES[stem]}{space}{rest}"


def _code(title: str, lines: Sequence[str]) -> str:
    for line in lines:
        if title and line.startswith(title[:40]):
            found = _CODE.search(line[len(title) - 30 :])
            if found is not None:
                return found[0]
    short = [line for line in lines if _CODE.fullmatch(line)]
    return short[0] if short else ""


def _approval(lines: Sequence[str]) -> dict[str, Plain]:
    for index in range(len(lines)):
        if not _begins_approval(lines[index : index + 2]):
            continue
        caption: list[str] = []
        for below in lines[index : index + _LONGEST_APPROVAL]:
            found = _DATED.search(below)
            day = _day(found) if found is not None else None
            before = below[: found.start()].strip(" ,") if found is not None else below
            before = clean(_SIGNATURE.sub(" ", before))
            if before and not _ORGANIZATION.fullmatch(before):
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
    month = int(name) if name.isdecimal() else _month(name)
    try:
        return date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None


def _month(name: str) -> int:
    stems = _MONTHS if name[:1] > "z" else _ENGLISH_MONTHS
    return next((at for at, stem in enumerate(stems, 1) if name.startswith(stem)), 0)
