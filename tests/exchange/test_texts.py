"""Texts: their encodings, separated values, and tables drawn with characters."""

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvartal.exchange.errors import DocumentTooLarge
from kvartal.exchange.grid import SourceDocument, SourceFormat
from kvartal.exchange.limits import Limits
from kvartal.exchange.readers.dispatch import read_source
from kvartal.exchange.readers.encoding import decoded
from kvartal.exchange.readers.plain_text import read_plain_text
from kvartal.exchange.readers.separated import (
    find_delimiter,
    is_separated,
    read_separated,
    records,
)
from kvartal.exchange.readers.source_file import SourceFile
from tests.exchange.office import texts

CASES = Path(__file__).parent / "cases"
TABLE = "№;Мероприятие;Срок\n1;Открытие офиса;до 01.06.2026\n2;Обучение, аттестация;май 2026\n"


def separated(text: str) -> SourceDocument:
    return read_separated(SourceFile("план.csv", text.encode()), text, "utf-8")


def plain(text: str) -> SourceDocument:
    return read_plain_text(SourceFile("план.txt", text.encode()), text, "utf-8")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TABLE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TABLE.encode(), "utf-8"),
        (TABLE.encode("cp1251"), "cp1251"),
        (TABLE.encode("cp866"), "cp866"),
        (TABLE.encode("koi8-r", "ignore"), "koi8-r"),
        (TABLE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "utf-16"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_the_encoding_of_a_russian_text_is_found(data: bytes, name: str) -> None:
    text, encoding = decoded(data) or ("", "")
    assert encoding == name
    assert text.replace("№", "") == TABLE.replace("№", "")


@pytest.mark.parametrize(
    ("text", "name"),
    [("План", "utf-16-le"), ("Plan", "utf-16-le"), ("План", "utf-16-be"), ("a ! ! !", "utf-8")],
)
def test_the_encoding_of_a_single_word_is_found(text: str, name: str) -> None:
    assert decoded(text.encode(name)) == (text, name)


def test_bytes_that_are_no_text_have_no_encoding() -> None:
    assert decoded(b"\x00\x01\x02PNG") is None


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_by_the_content(delimiter: str) -> None:
    stream = io.StringIO()
    rows = [line.split(";") for line in TABLE.splitlines()]
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    assert find_delimiter(stream.getvalue()) == (delimiter, 1.0)
    document = separated(stream.getvalue())
    assert texts(document.grids[0])[2] == ("2", "Обучение, аттестация", "май 2026")
    assert str(document.grids[0].cells[4].place) == "строка 2, столбец 2"


def test_lines_inside_quotes_belong_to_a_cell_and_other_quotes_are_text() -> None:
    document = separated('а;б\n"один\nдва;три";"он ""там"""\n"Сайт" и чат;12" труба\n"не;закрыта\n')
    grid = document.grids[0]
    assert texts(grid) == [
        ("а", "б"),
        ("один\nдва;три", 'он "там"'),
        ('"Сайт" и чат', '12" труба'),
        ('"не', "закрыта"),
    ]
    assert [grid.row(row)[0].place.line for row in range(4)] == [1, 2, 4, 5]


def test_the_first_line_may_name_the_delimiter() -> None:
    document = separated("sep=;\r\nа,б;в,г\r\nд,е;ё,ж\r\n")
    assert texts(document.grids[0]) == [("а,б", "в,г"), ("д,е", "ё,ж")]
    assert document.grids[0].cells[0].place.line == 2


FIELD = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.just("\n"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), max_size=5), st.sampled_from(";,\t|"))
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    found = [list(record.fields) for record in records(stream.getvalue(), delimiter)]
    assert found == rows


@settings(max_examples=60, deadline=None)
@given(st.text('аб";\t\r\n, '), st.sampled_from(";,\t|"))
def test_no_text_loses_a_character_that_is_no_delimiter(text: str, delimiter: str) -> None:
    kept = "".join("".join(record.fields) for record in records(text, delimiter))
    for letter in "аб":
        assert kept.count(letter) == text.count(letter)


def test_an_export_with_paragraphs_is_no_table_of_separated_values() -> None:
    text = (CASES / "14-vypiska.txt").read_text(encoding="utf-8")
    assert not is_separated(text, likely=False)
    assert is_separated((CASES / "12-vygruzka.tsv").read_text(encoding="utf-8-sig"), likely=False)


def test_the_export_of_a_document_system() -> None:
    document = plain((CASES / "14-vypiska.txt").read_text(encoding="utf-8"))
    assert [(grid.rows, grid.columns, str(grid.place)) for grid in document.grids] == [
        (2, 3, "строка 1"),
        (2, 2, "строка 12"),
        (11, 5, "строка 19"),
        (2, 3, "строка 31"),
        (7, 5, "строка 34"),
    ]
    assert document.grids[4].row_text(6)[2] == "Авто- матический перенос показаний"
    assert str(document.paragraphs[-1].place) == "строка 17"


def test_a_row_broken_inside_a_cell_is_joined() -> None:
    document = plain("№\tДело\tСрок\tИтог\n1\tОткрыть\nофис\tмай\tоткрыт\n2\tЕщё\tиюнь\tда\n")
    assert texts(document.grids[0]) == [
        ("№", "Дело", "Срок", "Итог"),
        ("1", "Открыть\nофис", "май", "открыт"),
        ("2", "Ещё", "июнь", "да"),
    ]


def test_a_line_of_dashes_below_headings_is_no_row() -> None:
    assert texts(plain("№\tДело\n--\t---\n1\t-\n").grids[0]) == [("№", "Дело"), ("1", "-")]


def test_a_text_has_a_limit_of_lines() -> None:
    with pytest.raises(DocumentTooLarge):
        read_plain_text(SourceFile("x.txt", b"", Limits(rows=10)), "а\n" * 20, "utf-8")


def test_a_table_of_pipes() -> None:
    document = plain("План\n\n| № | Дело |\n|---|:---|\n| 1 | Офис |\n| 2 | Сайт |\nИтого 2\n")
    assert texts(document.grids[0]) == [("№", "Дело"), ("1", "Офис"), ("2", "Сайт")]
    assert [paragraph.text for paragraph in document.paragraphs] == ["План", "Итого 2"]


MARKDOWN = r"""
# План \*мероприятий\*

| № | Мероприятия | Срок | Ответственный |
| --: | :-- | --- | --- |
| 1 | Проверить **узлы** \| связи<br>Составить отчёт | 2 квартал | Отдел\_1 |
| 2 | Обучить | май | Кадры |
"""


@pytest.mark.parametrize("start", [0, MARKDOWN.index("| №")])
def test_a_table_in_markdown(start: int) -> None:
    document = read_source(SourceFile("plan.md", MARKDOWN[start:].encode()))
    assert document.format is SourceFormat.PLAIN_TEXT
    assert texts(document.grids[0]) == [
        ("№", "Мероприятия", "Срок", "Ответственный"),
        ("1", "Проверить узлы | связи\nСоставить отчёт", "2 квартал", "Отдел_1"),
        ("2", "Обучить", "май", "Кадры"),
    ]
    assert [(one.text, one.outline) for one in document.paragraphs] == [
        ("План *мероприятий*", 1)
    ] * (not start)


def test_the_marks_of_markdown_are_no_part_of_the_text() -> None:
    rows = "| № | Дело |\n|---|---|\n| *1* | ~~Телефон~~ [Робот](http://x.ru)<br>`код` _a b_ |"
    document = plain(f"{rows}\n")
    cell = document.grids[0].cells[3]
    assert cell.text == "Телефон Робот\nкод a b"
    assert [run.text for run in cell.runs if run.struck] == ["Телефон"]
    assert document.grids[0].cells[2].text == "1"
    # A heading begins its line; within one the sign is a letter, escaped or not.
    within = plain("| № | Дело |\n|---|---|\n| 1 | Кабинет # 5, \\# 6 |\n")
    assert within.grids[0].cells[3].text == "Кабинет # 5, # 6"


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7])
def test_where_rules_surround_heading_and_table_each_line_is_a_row(rows: int) -> None:
    rule, body = "+----+-------+", [f"| {number}  | Опрос |" for number in range(1, rows + 1)]
    lines = [rule, "| №  | Мера  |", rule, *body, "|    | людей |", rule]
    found = texts(plain("\n".join(lines)).grids[0])
    expected = [(str(number), "Опрос") for number in range(1, rows)]
    assert found == [("№", "Мера"), *expected, (str(rows), "Опрос\nлюдей")]


def test_a_title_wrapped_in_a_ruled_table_without_numbers_is_one_row() -> None:
    def rows(*body: str) -> list[tuple[str, ...]]:
        rule = "+--------+-------+"
        return texts(plain("\n".join([rule, "| Мера   | Срок  |", rule, *body, rule])).grids[0])

    one = ("| Опрос  | март  |", "| людей  |       |", "| города |       |")
    assert rows(*one)[1:] == [("Опрос\nлюдей\nгорода", "март")]
    assert len(rows(*one, one[0])) == 3
    # Titles in small letters, and a row that has every cell, are rows of their own.
    assert len(rows("| опрос  | март  |", "| ямы    |       |")) == 3
    assert len(rows("| Опрос  | март  |", "| ямы    | май   |")) == 3


def test_a_table_of_box_characters_with_wrapped_and_spanning_cells() -> None:
    document = plain(
        "┌─────┬─────────────┬──────────┐\n"
        "│ №   │ Мероприятие │ Срок     │\n"
        "├─────┼─────────────┼──────────┤\n"
        "│ 1. ОЧНОЕ ОБСЛУЖИВАНИЕ        │\n"
        "├─────┼─────────────┼──────────┤\n"
        "│ 1.1 │ Открытие    │ до       │\n"
        "│     │ офиса       │ мая 2026 │\n"
        "└─────┴─────────────┴──────────┘\n"
    )
    (grid,) = document.grids
    section = grid.at(1, 2)
    assert section is not None
    assert (section.column, section.column_span) == (0, 3)
    assert grid.row_text(2) == ("1.1", "Открытие\nофиса", "до\nмая 2026")


def test_a_table_of_spaces_with_wrapped_cells() -> None:
    document = plain(
        "План мероприятий\n\n"
        "№      Мероприятие        Срок\n"
        "1. ОЧНОЕ ОБСЛУЖИВАНИЕ КЛИЕНТОВ\n"
        "1.1    Открытие офиса     до мая\n"
        "       в городе           2026\n"
        "1.2    Обучение           июнь\n\n\n"
        "Директор                  А. Б. Иванов\n"
    )
    (grid,) = document.grids
    assert texts(grid) == [
        ("№", "Мероприятие", "Срок"),
        ("1. ОЧНОЕ ОБСЛУЖИВАНИЕ КЛИЕНТОВ",) * 3,
        ("1.1", "Открытие офиса\nв городе", "до мая\n2026"),
        ("1.2", "Обучение", "июнь"),
    ]
    assert document.paragraphs[-1].text.startswith("Директор")


def test_a_table_with_each_cell_on_a_line() -> None:
    document = plain(
        "План\n№\nДело\nСрок\nИтог\n1\n2\n3\n4\n1. ОЧНОЕ ОБСЛУЖИВАНИЕ\n1.1.\nОфисы В2В\n"
        "1.1.1\nОткрыть\n2 квартал 2026\nОткрыт\nОбучить\nмай\nОбучены\n1.2.\nСайт\n-\n-\n-\n-\n"
        "1.3.1\nЕщё\nиюнь\nодин\nлишняя строка\n1.3.2\nВсё\nиюль\nвсё\nДиректор\nА. Б. Иванов\n"
    )
    (grid,) = document.grids
    assert texts(grid) == [
        ("№", "Дело", "Срок", "Итог"),
        ("1", "2", "3", "4"),
        ("1. ОЧНОЕ ОБСЛУЖИВАНИЕ",) * 4,
        ("1.1.", *("Офисы В2В",) * 3),
        ("1.1.1", "Открыть", "2 квартал 2026", "Открыт"),
        ("", "Обучить", "май", "Обучены"),
        ("1.2.", *("Сайт",) * 3),
        ("-",) * 4,
        ("1.3.1", *("Ещё\nиюнь\nодин\nлишняя строка",) * 3),
        ("1.3.2", "Всё", "июль", "всё"),
    ]
    assert [(one.code, str(one.place)) for one in document.remarks] == [
        ("row-not-divided", "строка 26")
    ]
    assert [one.text for one in document.paragraphs] == ["План", "Директор", "А. Б. Иванов"]


DRAWN = st.lists(st.sampled_from(["а", "1.1", "1\n2\n3\n", "\t", "\n", "  ", "|", "─", "--", "\f"]))


@settings(max_examples=80, deadline=None)
@given(DRAWN)
def test_no_drawing_loses_a_letter_or_a_digit(pieces: list[str]) -> None:
    text = "".join(pieces)
    document = plain(text)
    kept = [paragraph.text for paragraph in document.paragraphs]
    kept += [cell.text for grid in document.grids for cell in grid.cells]
    assert sorted(filter(str.isalnum, "".join(kept))) == sorted(filter(str.isalnum, text))
