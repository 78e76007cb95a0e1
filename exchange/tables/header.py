"""What a document says of itself around the table: organization, title, code, approval."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from kvartal.exchange.grid import Paragraph, SourceDocument
from kvartal.exchange.tables.approval import approval_of, is_caption, is_of_approval
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.organization_name import (
    administration_in,
    begins_with_organization,
    organization_in,
)
from kvartal.exchange.tables.programme_title import (
    ends_with_years,
    is_bare_years,
    is_beginning,
    is_chapter,
    is_only_years,
    is_title,
    period_of_title,
)
from kvartal.exchange.tables.texts import clean
from kvartal.schema.changes import Plain
from kvartal.schema.period import ProgrammePeriod

_CODE: Final = re.compile(r"\b[А-ЯA-Z]{1,6}-\d{1,4}(?:[-/.]\d{1,4}){0,3}\b")
_LONGEST_NAME: Final = 80
_SENTENCE: Final = re.compile(r"(?i)(?:настоящ|данн|указанн|основани|в соответствии|во исполнение)")
"""How a line below a title begins that says something of it."""
_TOWN: Final = re.compile(
    r"(?:г|гор|с|п|пос|пгт|д)\. ?[А-ЯЁ][\w-]*(?: [А-ЯЁ][\w-]*)*(?:,? 20\d\d)?"
)
"""The town that a cover names below the title: nothing else stands in its line but a year."""
_REPORT: Final = re.compile(
    r"(?:отч[её]т|сведения|информация|итоги|результаты|report|results)\b|"
    r"мероприятия\b.*\b(?:на|за|в) 20\d\d\b",
    re.IGNORECASE,
)
"""What begins the title of a table that is no programme, but of years as well."""
_LONGEST_HEAD: Final = 60
_LONGEST_TITLE: Final = 400


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
    approval = approval_of(lines)
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
            if ends_with_years(whole) and period_of_title(whole) is not None:
                return whole
    return ""


def _title(lines: Sequence[str], period: ProgrammePeriod | None) -> str:
    found = [_with_rest(lines, index) for index, line in enumerate(lines) if is_title(line)]
    dated = [line for line in found if period_of_title(line) is not None]
    meant = [line for line in dated if period is not None and period_of_title(line) == period]
    return (meant or dated or found or [_broken_title(lines)])[0]


def _broken_title(lines: Sequence[str]) -> str:
    """Return a title that stands in several lines, the first of which is «ПЛАН МЕРОПРИЯТИЙ»."""
    for index, line in enumerate(lines):
        if is_beginning(line):
            whole = _with_rest(lines, index)
            return whole if whole != line else ""
    return ""


def _with_rest(lines: Sequence[str], index: int) -> str:
    """Return a line with those that go on with it: they begin with a small letter."""
    following = lines[index + 1 : index + 6]
    rest = [*takewhile(_goes_on, following)]
    # «ПЕРЕЧЕНЬ МЕРОПРИЯТИЙ» / «муниципальной программы … на 2026 год»: this line goes on itself.
    is_rest = index > 0 and _goes_on(lines[index]) and is_beginning(lines[index - 1])
    whole = " ".join((*lines[index - is_rest : index + 1], *rest))
    if period_of_title(whole) is None:
        # «… потребителей» / «АО «Сбыт» на 2026 год»: the name of whose programme it is.
        after = following[len(rest) : len(rest) + 2]
        for count in range(1, len(after) + 1):
            longer = " ".join((whole, *after[:count]))
            if begins_with_organization(after[0]) and ends_with_years(longer):
                return longer
        # «… на территории» / «Лугового района» / «на 2026 год»: the years end what they belong to.
        for count, line in enumerate(following[len(rest) :], 1):
            longer = " ".join((whole, *following[len(rest) : len(rest) + count]))
            is_right_below = count == 1 and not rest
            if is_only_years(line) or (is_right_below and _is_year_of(line, longer)):
                return longer
            if not _may_go_on(line):
                break
    return whole


def _is_year_of(line: str, title: str) -> bool:
    return is_bare_years(line) and period_of_title(title) is not None


def _may_go_on(line: str) -> bool:
    """Return whether a line may stand between the first words of a title and its years."""
    is_other = is_of_approval(line) or is_title(line) or is_chapter(line)
    is_sentence = ":" in line or _SENTENCE.match(line)
    return len(line) <= _LONGEST_NAME and not (is_other or is_sentence)


def _goes_on(line: str) -> bool:
    return line[0].islower() and not is_caption(line) and not _TOWN.fullmatch(line)


def _organization(title: str, lines: Sequence[str], caption: str) -> str:
    texts = (title, *lines[:_LONGEST_HEAD], caption)
    found = next(filter(None, map(organization_in, texts)), "")
    return found or administration_in(caption)


def _code(title: str, lines: Sequence[str]) -> str:
    for line in lines:
        if title and line.startswith(title[:40]):
            found = _CODE.search(line[len(title) - 30 :])
            if found is not None:
                return found[0]
    short = [line for line in lines if _CODE.fullmatch(line)]
    return short[0] if short else ""
