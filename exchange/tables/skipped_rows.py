"""The rows of a table of measures that are no measure and no title: each is named, not taken."""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.headings import NUMBER, OF_TERM, WORK, meaning, plain_heading
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.numbered_titles import numbered_title
from kvartal.exchange.tables.texts import (
    ORDINAL,
    cell_text,
    clean,
    hidden_text,
    is_continuation,
    is_dash,
    is_page_number,
)
from kvartal.schema.errors import N_

_LONGEST_POST: Final = 60
_COLUMN: Final = re.compile(r"(\d{1,3})(?:\s*=[\d\s+-]+)?")
_ALPHABETS: Final = ("АБВГДЕЖЗИК", "ABCDEFGHIJ")
_FEWEST_LETTERS: Final = 3
_NUMBER_AND_WORK: Final = 2
"""How many letters in a row number columns by themselves."""
BARE_NUMBER: Final = re.compile(rf"({ORDINAL})[.)]?")
_TOTAL: Final = re.compile(r"(?:итого|всего|итог|total|sum)\b.*", re.IGNORECASE)
_OF_TOTAL: Final = re.compile(r"(?:в том числе|из них|including|of which)\b.{0,40}", re.IGNORECASE)
"""What stands between a total and its parts."""
TOTAL_CODE: Final = "total"
_EXCLUDED: Final = re.compile(
    r"\(?(?:(?:под)?(?:пункт|мероприятие|позиция|строка) (?:[\d.]+ )?)?"
    r"(?:исключ[её]н[аоы]?|исключить(?=\W*$| из (?:плана|программы|перечня))|"
    r"снят[аоы]?(?: с плана)?|отмен[её]н[аоы]?|утратил[аои]? силу|excluded|removed|"
    r"deleted)\b.{0,80}",
    re.IGNORECASE,
)
_NEVER_DUE: Final = re.compile(
    r"\(?(?:исключ[её]н[аоы]?|снят[аоы]? с плана|утратил[аои]? силу|excluded)\b"
    r".{0,80}",
    re.IGNORECASE,
)
"""What stands in place of the term of a measure that was taken out, whatever else is said of it."""
_SIGNED: Final = re.compile(
    r"_{3,}|/\s*[А-ЯЁ]\.\s?[А-ЯЁ]\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s+[А-ЯЁ][а-яё]+|"
    r"(?:генеральный |исполнительный |технический )?директор\b|согласовано|разработал|"
    r"(?:исполнил|исполнитель|составил|подготовил)[аи]?\s*:|"
    r"подпись|м\.\s?п\.|signature|approved by",
    re.IGNORECASE,
)
_TO_BE_SIGNED: Final = re.compile(r"[_ ]+|\(?подпись\)?|м\. ?п\.|\(?signature\)?", re.IGNORECASE)
"""What stands where somebody signs, and is no term."""
_NAME: Final = re.compile(
    r"(?:[А-ЯЁA-Z]\. ?){1,2}[А-ЯЁA-Z][\w-]+|[А-ЯЁA-Z][\w-]+ (?:[А-ЯЁA-Z]\. ?){1,2}|"
    r"[А-ЯЁA-Z][\w-]+(?: [А-ЯЁA-Z][\w-]+){0,2}"
)
"""Whose post it is: «П.П. Петров», «Петров П.П.», «Петров»."""
_NO_TITLE: Final = re.compile(
    r"примечани[ея]\b|notes?\b ?(?:[:.\d*]|$)|"
    r"(?:куратор|координатор)\w*[^:]{0,60}:|"
    r"ответственн(?:ый|ая|ое|ые)(?: (?:исполнител|лиц|подразделени|орган|за )[^:]{0,60})? ?:",
    re.IGNORECASE,
)
"""What begins a line that is no title: a note, or who leads the part that it stands in."""
_POST: Final = re.compile(
    r"(?:зам\w*\.? ?|и\. ?о\.? ?|врио ?)?(?:глав(?:[аы]\b|н\w+ (?:бухгалтер|врач|инженер|"
    r"механик|специалист|экономист|энергетик))|начальник|директор|руководител|председател|"
    r"ректор|проректор|заведующ|бухгалтер|управляющ|исполнител|head|chief|director|manager)",
    re.IGNORECASE,
)
"""What the work of a row begins with where it is the post of who signs."""


def hidden_row(table: SourceTable, row: int) -> Remark:
    """Return the remark that names a row which is not shown."""
    cells = table.grid.row(row)
    shown = map(clean, table.grid.row_text(row))
    texts = dict.fromkeys(filter(None, (*shown, *map(hidden_text, cells))))
    template = N_("Скрытая строка «{text}»: не взята.")
    place = cells[0].place if cells else table.grid.place
    return Remark("row-hidden", place, template, {"text": " | ".join(texts)})


def skipped(table: SourceTable, row: int, texts: Sequence[str]) -> tuple[str, str] | None:
    """Return the code and the sentence for a row that is no measure and no title."""
    work = [text for text in texts if not BARE_NUMBER.fullmatch(text)]
    stated = [text for text in work if not is_dash(text)]
    without_term = _has_no_term(table, row)
    is_numbered = _is_numbered(table, row) or _is_numbered_title(texts)
    has_signature = not is_numbered and (
        _has_signature(table, row, texts) or _is_of_post(table, row, texts)
    )
    kinds: tuple[tuple[bool, str, str], ...] = (
        (
            _is_heading(table, row),
            "heading-repeated",
            N_("Повтор заголовка таблицы: пропущен."),
        ),
        (
            len(texts) == 1 and is_continuation(texts[0]),
            "heading-repeated",
            N_("«{text}»: пропущено."),
        ),
        (
            _is_page_header(table, row, texts),
            "page-header",
            N_("Колонтитул «{text}»: пропущен."),
        ),
        (
            are_column_numbers(_with_hidden(table, row, texts)),
            "column-numbers",
            N_("Номера столбцов: пропущены."),
        ),
        (
            all(map(is_dash, texts)) or (len(work) > 1 and all(map(is_dash, work))),
            "empty-mark",
            N_("Прочерки: в этой части ничего не запланировано."),
        ),
        (
            without_term and _TOTAL.fullmatch(texts[0]) is not None,
            TOTAL_CODE,
            "",
        ),
        (
            without_term and _OF_TOTAL.fullmatch(texts[0]) is not None,
            "total-skipped",
            N_("Итоговая строка «{text}»: пропущена."),
        ),
        (
            (bool(stated) and all(map(_is_excluded, stated)))
            or (table.printed is None and any(map(_NEVER_DUE.fullmatch, _terms(table, row)))),
            "row-excluded",
            N_("Строка «{text}»: мероприятие исключено, пропущена."),
        ),
        (without_term and has_signature, "sign-off", N_("Подписи «{text}»: пропущены.")),
        (
            table.printed is None and len(texts) == 1 and _NO_TITLE.match(texts[0]) is not None,
            "text-left-out",
            N_("Текст «{text}» стоит между мероприятиями: не взят."),
        ),
    )
    return next(((code, template) for applies, code, template in kinds if applies), None)


def _with_hidden(table: SourceTable, row: int, texts: Sequence[str]) -> Sequence[str]:
    """Return the texts of a row with those of hidden columns, which are counted too."""
    if not table.grid.hidden_columns:
        return texts
    return [text for cell in table.grid.row(row) if (text := cell_text(cell))]


def _is_heading(table: SourceTable, row: int) -> bool:
    texts = [plain_heading(text) for text in dict.fromkeys(table.grid.row_text(row)) if clean(text)]
    if len(texts) > 1 and sum(one in table.plain_headings for one in texts) * 2 > len(texts):
        return True
    if table.first_row - table.heading_row > 1 and repeats_heading(table, row):
        return True
    return _is_reworded_heading(table, row)


def _is_reworded_heading(table: SourceTable, row: int) -> bool:
    """Return whether each cell of a row names the field of its column, in whatever words.

    That of the number among them: «Работы по ремонту», «Исполнитель по договору» are a measure.
    """
    fields = {column.index: column.field for column in table.columns}
    own = [cell for cell in table.grid.row(row) if clean(cell.text)]
    named = {fields.get(cell.column): meaning(cell.text) for cell in own}
    is_named = all(field and field == name for field, name in named.items())
    return NUMBER in named and len(own) > _NUMBER_AND_WORK and is_named


def repeats_heading(table: SourceTable, row: int) -> bool:
    """Return whether a row says just what a line of the table's heading says.

    Args:
        table: The table.
        row: From 0.
    """
    lines = range(table.heading_row, table.first_row)
    return any(_repeats(table, row, line) for line in lines)


def _repeats(table: SourceTable, row: int, line: int) -> bool:
    """Return whether a row says just what a line of the heading says in the same columns."""
    own = [cell for cell in table.grid.row(row) if clean(cell.text)]
    above = [table.grid.at(line, cell.column) for cell in own]
    return len(own) > 1 and all(
        there is not None and plain_heading(there.text) == plain_heading(cell.text)
        for cell, there in zip(own, above, strict=True)
    )


def _is_page_header(table: SourceTable, row: int, texts: Sequence[str]) -> bool:
    """Return whether a row only repeats the top of the page, with the number of the page."""
    return any(map(is_page_number, texts)) and not _is_numbered(table, row)


def is_signed(text: str) -> bool:
    """Return whether a text is part of the signatures below a document."""
    return _SIGNED.search(text) is not None


def _has_signature(table: SourceTable, row: int, texts: Sequence[str]) -> bool:
    """Return whether a row is signed: a director who is responsible for a work signs nothing."""
    stated: dict[str, str] = {}
    for column in table.columns:
        cell = table.grid.at(row, column.index)
        if cell is not None and cell.column_span == 1:
            stated.setdefault("work" if column.field in WORK else column.field, cell_text(cell))
    work, responsible = stated.get("work", ""), stated.get("responsible", "")
    is_work = work and not is_signed(work) and _POST.match(work) is None
    return any(is_signed(text) for text in texts if not is_work or text != responsible)


def _is_excluded(text: str) -> bool:
    """Return whether a text, perhaps after its number, only says that something was taken out."""
    numbered = numbered_title(text)
    return _EXCLUDED.fullmatch(text if numbered is None else numbered[1]) is not None


def _is_numbered_title(texts: Sequence[str]) -> bool:
    """Return whether a row is a title with a number, whoever it names: «2. Склад (И.И. …)»."""
    named = numbered_title(texts[0], is_sure=True) if len(texts) == 1 else None
    return named is not None and (named[0][0].isdecimal() or bool(named[2]))


def _is_of_post(table: SourceTable, row: int, texts: Sequence[str]) -> bool:
    """Return whether a row has a post over the columns of work and term, and a name beside it."""
    if len(texts) != 2 or len(texts[0]) > _LONGEST_POST or _POST.match(texts[0]) is None:  # noqa: PLR2004
        return False
    if not (_NAME.fullmatch(texts[1]) or _TO_BE_SIGNED.fullmatch(texts[1])):
        return False
    index = next((one.index for one in table.columns if one.field in WORK), None)
    cell = None if index is None else table.grid.at(row, index)
    return cell is not None and any(
        table.grid.at(row, one.index) is cell for one in table.columns if one.field in OF_TERM
    )


def are_column_numbers(texts: Sequence[str]) -> bool:
    """Return whether the texts of a row number the columns: «1 2 3», «А Б 1 2 3=1+2», «А Б В»."""
    letters = list(takewhile(str.isalpha, texts))
    numbers = [found[1] for text in texts[len(letters) :] if (found := _COLUMN.fullmatch(text))]
    if len(letters) + len(numbers) != len(texts) or len(texts) == 1:
        return False
    if not any("".join(letters) == one[: len(letters)] for one in _ALPHABETS):
        return False
    if not numbers:
        return len(letters) >= _FEWEST_LETTERS
    first = int(numbers[0])
    is_counted = [*map(int, numbers)] == [*range(first, first + len(numbers))]
    return is_counted and (first == 1 or not letters)


def _has_no_term(table: SourceTable, row: int) -> bool:
    return all(
        _TO_BE_SIGNED.fullmatch(text) or _TOTAL.fullmatch(text) for text in _terms(table, row)
    )


def _terms(table: SourceTable, row: int) -> list[str]:
    """Return what the columns of the term say in a row, but for a cell that began before them."""
    of_term = {one.index for one in table.columns if one.field in OF_TERM}
    cells = (table.grid.at(row, index) for index in of_term)
    return [text for cell in cells if cell and cell.column in of_term and (text := cell_text(cell))]


def _is_numbered(table: SourceTable, row: int) -> bool:
    index = next((one.index for one in table.columns if one.field == NUMBER), None)
    return (
        index is not None
        and BARE_NUMBER.fullmatch(cell_text(table.grid.at(row, index))) is not None
    )
