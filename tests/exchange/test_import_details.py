"""Single points of documents that are easy to read wrong: shown dates, second columns, titles."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from kvartal.exchange.grid import GridCell, Paragraph, Run, ValueKind
from kvartal.exchange.importing.choosing import ImportForOtherYears, programme_for
from kvartal.exchange.importing.importing import import_into
from kvartal.exchange.readers.dispatch import read_source
from kvartal.exchange.readers.number_format import formatted
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.budgets import amount_of, settled
from kvartal.exchange.tables.headings import is_field, meaning
from kvartal.exchange.tables.layout import measure_tables
from kvartal.exchange.tables.printed_table import PrintedTable
from kvartal.exchange.tables.programme_title import period_of_title
from kvartal.exchange.tables.skipped_rows import are_column_numbers
from kvartal.exchange.tables.table_reader import ReadingOptions, YearUnknown, read_programme
from kvartal.exchange.tables.texts import cell_text, clean, steps
from kvartal.exchange.tables.unclear import unclear_columns
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.reading import read_plan
from tests.exchange.office import p, tbl, tc, tr
from tests.exchange.office import read as docx_read
from tests.exchange.shapes import SHAPES, drawn
from tests.exchange.test_import_shapes import begun, codes, rows
from tests.exchange.test_import_shapes import read as table_read

if TYPE_CHECKING:
    from kvartal.schema.changes import PlanData

HIDDEN = "<w:hidden/>"


@pytest.mark.parametrize(
    ("number_format", "shown", "start", "due"),
    [
        ("mmm.yy", "сен.26", date(2026, 9, 1), date(2026, 9, 30)),
        ("[$-409]mmm-yy", "Sep-26", date(2026, 9, 1), date(2026, 9, 30)),
        ("dd.mmm.yy", "26.сен.26", None, date(2026, 9, 26)),
        ("dd.mmm", "26.сен", None, date(2026, 9, 26)),
        ("dd.mm.yyyy", "26.09.2026", None, date(2026, 9, 26)),
        ("[$-F800]dddd\\, mmmm dd\\, yyyy", "26 сентября 2026 г.", None, date(2026, 9, 26)),
    ],
)
def test_a_date_is_read_as_its_format_shows_it(
    number_format: str, shown: str, start: date | None, due: date
) -> None:
    value = formatted("46291", number_format)
    assert value.text == shown
    document = drawn(
        "План мероприятий по качеству на 2026 год\n"
        f"№ | Дела | Мероприятия | Срок\n1 | а | б | {shown}"
    )
    (grid,) = document.grids
    cells = tuple(
        replace(one, kind=value.kind, value=value.value) if one.text == shown else one
        for one in grid.cells
    )
    programme = table_read(replace(document, parts=(document.parts[0], replace(grid, cells=cells))))
    term = programme.measures[0].term
    assert (term.text, term.start, term.due) == (shown, start, due)
    assert value.kind is ValueKind.DATE


def test_both_ends_of_a_term_are_read_behind_what_their_cells_show() -> None:
    (grid,) = drawn("№ | Мероприятие | Начало | Окончание\n1 | а | 12.янв | фев.26").grids
    days = {"12.янв": date(2026, 1, 12), "фев.26": date(2026, 2, 1)}
    cells = tuple(
        replace(one, kind=ValueKind.DATE, value=days[one.text]) if one.text in days else one
        for one in grid.cells
    )
    document = drawn("План мероприятий по качеству на 2026 год")
    (measure,) = table_read(
        replace(document, parts=(*document.parts, replace(grid, cells=cells)))
    ).measures
    assert (measure.term.text, measure.term.start, measure.term.due) == (
        *("12.янв – фев.26", date(2026, 1, 12), date(2026, 2, 28)),
    )


def test_a_second_column_with_a_state_or_a_percentage_becomes_no_field() -> None:
    programme = table_read(
        drawn(
            "План мероприятий по качеству на 2026 год\n"
            "ID | Task | Due date | Status | RAG | % complete | % done\n"
            "1 | Hire | 30.06.2026 | Planned | Red | 0% | 50%"
        )
    )
    data, result = begun(programme)
    assert "fields" not in data
    (said,) = [one.message() for one in result.remarks if one.code == "state-differs"]
    assert "«Red»" in said
    assert programme.columns["RAG"] == "state"
    (said,) = [one.message() for one in result.remarks if one.code == "percent-differs"]
    assert "50%" in said


@pytest.mark.parametrize(
    "title",
    [
        "Программа мероприятий по качеству / обслуживания на 2026 год",
        "ПЛАН МЕРОПРИЯТИЙ / по качеству обслуживания / на 2026 год",
        "План мероприятий по качеству жителей / г. Барнаула на 2026 год",
    ],
)
def test_a_title_in_several_lines_is_one_title(title: str) -> None:
    lines = title.split(" / ")
    programme = table_read(
        drawn("\n".join((*lines, "№ | Мероприятия | Срок | Результат", "1 | а | 1 квартал | б")))
    )
    assert programme.document["title"] == " ".join(lines)
    assert "text-left-out" not in codes(begun(programme)[1])


@pytest.mark.parametrize("above", ["АО «Сбыт»", "Директор И.И. Иванов", "Лист 1"])
def test_a_title_in_small_letters_begins_in_its_own_line(above: str) -> None:
    title = "план мероприятий по качеству на 2026 год"
    programme = table_read(drawn(f"{above}\n{title}\n№ | Мероприятия | Срок\n1 | а | март"))
    assert programme.document["title"] == title


@pytest.mark.parametrize(
    ("heading", "below", "columns"),
    [
        (
            *("№ | Мероприятие | Финансирование, руб. | <", "п/п | | 2026 | 2027"),
            ["№ п/п", "Мероприятие", "Финансирование, руб. 2026", "Финансирование, руб. 2027"],
        ),
        (
            *("№ | Мероприятие | Срок | < | Исполнитель", "п/п | (работы) | начало | конец | ФИО"),
            ["№ п/п", "Мероприятие (работы)", "Срок начало", "Срок конец", "Исполнитель ФИО"],
        ),
        # The first measure.
        ("№ | Мероприятие | Срок | <", "1 | Опрос | март | 2026", ["№", "Мероприятие", "Срок"]),
        ("Мероприятие | Срок | <", "Опрос | март | 2026", ["Мероприятие", "Срок"]),
    ],
)
def test_a_heading_has_a_second_row_where_that_is_no_measure(
    heading: str, below: str, columns: list[str]
) -> None:
    title = "План мероприятий по качеству на 2026-2027 годы"
    last = " | ".join("2" for _ in heading.split(" | "))
    programme = table_read(drawn(f"{title}\n{heading}\n{below}\n{last}"))
    assert sorted(programme.columns) == sorted(columns)


def test_a_measure_in_words_like_those_of_headings_is_no_heading() -> None:
    measure = "Работы по ремонту | Срок определяется приказом | Исполнитель по договору"
    rows_of = {
        "": f"Мероприятие | Срок | Ответственный\nОпрос | март | ИТ\n{measure}",
        "№": f"№ | Мероприятие | Срок | Ответственный\n1 | Опрос | март | ИТ\n | {measure}",
    }
    for table in rows_of.values():
        programme = table_read(drawn(f"План мероприятий по качеству на 2026 год\n{table}"))
        assert [one.actions for one in programme.measures] == [("Опрос",), ("Работы по ремонту",)]


def budgets(name: str) -> list[Any]:
    data, _ = begun(table_read(drawn(SHAPES[name])))
    return [row.get("budget") for row in rows(data, "measures")]


def test_rows_of_sources_are_money_of_the_measure_above() -> None:
    assert budgets("источники строками") == [
        [
            {"source": "Местный бюджет", "year": 2026, "plan": 50000},
            {"source": "Местный бюджет", "year": 2027, "plan": 50000},
            {"source": "Местный бюджет", "year": 2028, "plan": 0},
            {"source": "Краевой бюджет", "year": 2026, "plan": 50000},
            {"source": "Краевой бюджет", "year": 2027, "plan": 150000},
            {"source": "Краевой бюджет", "year": 2028, "plan": 0},
        ],
        [{"source": "Местный бюджет", "year": 2028, "plan": 20000}],
    ]
    _, result = begun(table_read(drawn(SHAPES["источники строками"])))
    assert "total-differs" not in codes(result)
    _, result = begun(table_read(drawn(SHAPES["источники не сходятся"])))
    (said,) = [one.message() for one in result.remarks if one.code == "total-differs"]
    assert said == "Всего 300, а по источникам 250: взято по источникам, проверьте."


def test_a_title_left_from_last_year_lets_no_document_of_that_year_in() -> None:
    document = drawn(
        "План мероприятий по качеству на 2025 год\n№ | Мероприятия | Срок\n1 | а | 1 квартал"
    )
    data, _ = begun(table_read(document))
    assert data["year"] == 2025
    programme_for(document, read_plan(data), "plan.yaml")
    with pytest.raises(ImportForOtherYears):
        programme_for(document, read_plan({**data, "year": 2026}), "plan.yaml")


def test_a_total_without_its_sources_is_the_money() -> None:
    (measure, *_) = table_read(drawn(SHAPES["план и факт рядом"])).measures
    total, remarks = settled(replace(measure, budget=({"source": "Всего", "plan": 100},)))
    assert (total.budget, remarks) == (({"plan": 100},), ())


def test_planned_and_actual_columns_are_told_apart() -> None:
    programme = table_read(drawn(SHAPES["план и факт рядом"]))
    (measure,) = programme.measures
    assert (measure.term.start, measure.term.due) == (date(2026, 2, 1), date(2026, 4, 30))
    assert programme.fields == ()
    assert programme.columns["Факт окончания"] == "fact.date"
    assert budgets("план и факт рядом") == [{"plan": 100000, "fact": 50000}]


def test_a_number_before_a_work_that_goes_on_in_the_next_line_repeats_none_of_it() -> None:
    text = 'Мероприятие;Срок\n"1. Опрос\nлюдей";15.03.2026\n2. Ямы;16.03.2026\n'
    document = read_source(SourceFile("план.csv", text.encode()))
    found = [
        (one.number, one.actions) for one in read_programme(document, ReadingOptions()).measures
    ]
    assert found == [("1", ("Опрос людей",)), ("2", ("Ямы",))]


def test_the_top_of_a_page_inside_a_table_is_skipped_and_the_table_goes_on() -> None:
    programme = table_read(drawn(SHAPES["колонтитул внутри"]))
    assert [one.number for one in programme.measures] == ["1", "2", "3"]
    assert [one.code for one in programme.remarks].count("page-header") == 2


def test_levels_have_the_words_of_the_document() -> None:
    data, _ = begun(table_read(drawn(SHAPES["уровни словами"])))
    assert data["levels"] == ["Цель", "Задача"]
    numbers = [one.number for one in table_read(drawn(SHAPES["уровни словами"])).parts]
    assert numbers == ["1", "1.1", "1.2", "2", "2.1"]
    programme = table_read(drawn(SHAPES["направления в двух ячейках"]))
    assert (programme.levels, [one.part for one in programme.measures]) == (
        ("Направление",),
        ["1", "2"],
    )
    other: PlanData = {**data, "levels": ["Раздел"]}
    again = import_into(other, table_read(drawn(SHAPES["уровни словами"])), day=date(2026, 2, 1))
    assert again.change.edits == ()
    (said,) = [one.message() for one in again.remarks if one.code == "document-differs"]
    assert "«Цель, Задача», в программе — «Раздел»" in said


def test_what_was_deleted_or_taken_off_is_named() -> None:
    programme = table_read(
        drawn(
            "План мероприятий по качеству на 2026 год\n"
            "№ | Мероприятие | Срок | Ответственный | Риск\n"
            "1 | -Старое-+Новое+ дело | -I квартал-+II квартал+ | ИТ | ~высокий~ низкий\n"
            "-2- | -Удалённое- | -июнь- | -ИТ- |\n"
            "3 | Снято с контроля | - | - |"
        )
    )
    assert [(one.actions, one.term.text) for one in programme.measures] == [
        (("Новое дело",), "II квартал")
    ]
    said = [f"{one.code} {one.fields.get('text')}" for one in programme.remarks]
    for one in (
        *("text-deleted Старое", "text-deleted I квартал", "text-struck высокий"),
        *("row-deleted 2 | Удалённое | июнь | ИТ", "row-excluded 3 | Снято с контроля | - | -"),
    ):
        assert one in said


def test_what_stands_on_a_sheet_above_the_headings_is_named() -> None:
    programme = table_read(
        drawn(
            "План мероприятий по качеству на 2026 год | < | <\n"
            "Основание: приказ о качестве | < | <\n"
            "№ | Мероприятие | Срок\n"
            "1 | Дело | май\n"
            "Продолжение таблицы 1 | < | <\n"
            "2 | ~Прежнее~ | ~июнь~\n"
            "3 | Второе дело | июль"
        )
    )
    assert programme.document["title"] == "План мероприятий по качеству на 2026 год"
    assert programme.parts == ()
    said = {f"{one.code} {one.fields.get('text', '')}" for one in programme.remarks}
    assert "text-left-out Основание: приказ о качестве" in said
    assert "heading-repeated Продолжение таблицы 1" in said
    assert not any("План мероприятий" in one for one in said)
    signed = (
        "№ | Мероприятие | Срок | Исполнитель\n1 | Дело | май | ИТ\n | Инженер | ____ | А.А. Громов"
    )
    programme = table_read(drawn(f"План мероприятий на 2026 год\n{signed}"))
    assert [one.code for one in programme.remarks][-1] == "sign-off"


def test_what_stands_between_a_total_and_its_parts_is_no_section() -> None:
    programme = table_read(drawn(SHAPES["итог с частями"]))
    assert [one.number for one in programme.parts] == ["I", "II"]
    assert "total-differs" not in {one.code for one in programme.remarks}


def test_other_wordings_of_headings() -> None:
    programme = table_read(drawn(SHAPES["раздел и подраздел столбцами"]))
    assert [(one.title, one.level) for one in programme.parts] == [
        *(("Кадры", 0), ("Обучение", 1), ("Найм", 1), ("Офис", 0)),
    ]
    assert programme.measures[0].responsible == ("Иванов И.И., начальник ОК",)
    programme = table_read(drawn(SHAPES["road map"]))
    assert [(one.proposal, one.actions, one.result) for one in programme.measures] == [
        ("Faster answers", ("Hire two agents",), "Wait below 2 min"),
        ("", ("Train them",), "2 trained"),
        ("Fewer errors", ("Audit bills",), "Below 1 %"),
    ]
    assert [one.fact.result for one in programme.measures] == ["Started", "", ""]


def test_hidden_text_and_a_table_inside_a_cell_are_named() -> None:
    vanish = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>тайно</w:t></w:r>"
    hidden = f"<w:p>{vanish}<w:r><w:t>Дело</w:t></w:r></w:p>"
    nested = p("Готово") + tbl(tr("а", "б"), tr("в", ""))
    head = tr("№", "Мероприятия", "Срок", "Результат")
    row, unseen = f"<w:p>{vanish}</w:p>", f"<w:p>{vanish.replace('тайно', 'незримо')}</w:p>"
    rows = tr("1", tc(hidden), "май", tc(nested)), tr(tc(unseen)), tr(tc(row), properties=HIDDEN)
    programme = table_read(docx_read(p("План мероприятий на 2026 год") + tbl(head, *rows)))
    (measure,) = programme.measures
    assert (measure.actions, measure.result) == (("Дело",), "Готово")
    said = {f"{one.code} {one.fields.get('text', '')}" for one in programme.remarks}
    assert {"text-hidden тайно", "text-hidden незримо", "row-hidden тайно"} <= said
    assert "table-nested а | б; в" in said


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("5 000 руб.", 1, 5000),
        ("1,2 млн руб.", 1, 1_200_000),
        ("1,2 млн руб.", 1000, 1_200_000),
        ("12,5 тыс. рублей", 1, 12_500),
        ("2 млн. 300 тыс. руб.", 1000, 2_300_000),
        ("1 тыс. 500 рублей", 1000, 1500),
        ("10 тысяч рублей", 1, 10_000),
        ("12,5\nтыс. руб.", 1, 12_500),
        ("100\n200", 1, None),
        ("10 20", 1, None),
        ("2026 100", 1, None),
        ("1200 руб. 50", 1, None),
        ("300 тыс. 2 млн", 1, None),
        ("2,5 млн 300 тыс.", 1, None),
        ("$5,000", 1, 5000),
        ("$5,000.50", 1, Decimal("5000.5")),
        ("123,456", 1000, 123_456),
        ("$5,00", 1, None),
        ("около 5 000 руб.", 1, None),
        ("100,5 200", 1, None),
        ("5 000 - 6 000 руб.", 1, None),
    ],
)
def test_money_is_read_where_it_is_certain(text: str, unit: int, amount: Decimal | None) -> None:
    cell = GridCell(0, 0, blocks=(Paragraph((Run(text),)),))
    assert amount_of(cell, unit) == amount


@pytest.mark.parametrize(
    ("text", "value", "unit", "amount"),
    [
        ("1,234.50", "1234.5", 1000, 1_234_500),
        ("1,250", "1250", 1, 1250),
        ("2 000.00", "1999.9990000000001", 1000, 1_999_999),
        ("2 000", "1999999", 1000, 2_000_000),
        ("12 500.50", "12500.5", 1, Decimal("12500.5")),
        # Of one that is shown in a unit of its own only what is shown is sure.
        ("5 тыс.", "5", 1, 5000),
        ("-", "0", 1, None),
    ],
)
def test_money_that_is_shown_rounded_is_the_amount_behind_it(
    text: str, value: str, unit: int, amount: Decimal | None
) -> None:
    blocks = (Paragraph((Run(text),)),)
    cell = GridCell(0, 0, blocks=blocks, kind=ValueKind.NUMBER, value=Decimal(value))
    assert amount_of(cell, unit) == amount


def test_the_lines_of_a_spreadsheet_cell_are_steps_where_one_begins() -> None:
    place = SourcePlace(sheet="Лист1", row=2, column=2)
    lines = ("Замена светильников", "в коридорах", "(1) Опись", "Сдача\nотделу\nУборка")
    cell = GridCell(1, 1, blocks=tuple(Paragraph((Run(line),), place) for line in lines))
    assert steps(cell) == ("Замена светильников в коридорах", "Опись", "Сдача отделу", "Уборка")


@pytest.mark.parametrize(("number", "shown"), [("2)", "2) Опись"), ("•", "Опись"), ("", "Опись")])
def test_an_automatic_number_is_text_and_a_bullet_is_none(number: str, shown: str) -> None:
    cell = GridCell(1, 1, blocks=(Paragraph((Run("Опись"),), number=number),))
    assert cell_text(cell) == shown
    assert steps(cell) == ("Опись",)


@pytest.mark.parametrize(
    ("typed", "kept", "points"),
    [
        ("1) 01.03.2026 2) 01.06.2026", "", (date(2026, 3, 1), date(2026, 6, 1))),
        ("1. 01.03.2026 / 2. 01.06.2026", "", (date(2026, 3, 1), date(2026, 6, 1))),
        ("31.12.2026 0:00", "", ()),
        ("1 сентября 2026 г., 9.00", "", ()),
        ("май*", "", ()),
        ("до 1 мая ¹)", "", ()),
        ("30.06.2026 в 18:30 ч.", "", ()),
        ("апрель - ок- тябрь", "апрель - октябрь", ()),
        ("c 1 марта по 1 июня", "", ()),
    ],
)
def test_a_term_is_read_behind_its_form(typed: str, kept: str, points: tuple[date, ...]) -> None:
    table = f"План мероприятий на 2026 год\n№ | Мероприятие | Срок\n1 | Дело | {typed}"
    (measure,) = table_read(drawn(table)).measures
    assert measure.term.text == (kept or typed.replace(" / ", " "))
    assert measure.term.points == points
    assert points or measure.term.due is not None


def test_a_row_without_work_does_not_swallow_what_is_struck_out_in_it() -> None:
    programme = table_read(
        drawn("План на 2026 год\n№ | Мероприятие | Срок\n1 | Дело | май\n2 | ~Снято~ | июнь")
    )
    said = [(one.code, one.fields.get("text")) for one in programme.remarks[-2:]]
    assert said == [("row-without-work", "2 | июнь"), ("text-struck", "Снято")]


def test_amounts_in_lines_belong_to_the_sources_beside_them() -> None:
    head = "План на 2026 год\n№ | Мероприятие | Срок | Сумма, руб. | Источник\n"
    both = "1 | Дело | май | 100,5 / 200 | Город / Край\n2 | Дело два | май | 1 / 2 | Город"
    programme = table_read(drawn(head + both))
    assert [one.budget for one in programme.measures] == [
        ({"source": "Город", "plan": 100.5}, {"source": "Край", "plan": 200}),
        (),
    ]
    assert "money-unclear" in {one.code for one in programme.remarks}
    # A column of one source holds nothing of the others.
    head = head.replace("Сумма", "Местный бюджет, руб. | Краевой бюджет")
    one_source = table_read(drawn(f"{head}1 | Дело | май | 100,5 / 200 | 3 | Город / Край"))
    assert {one.get("plan") for one in one_source.measures[0].budget} == {3}


def test_letters_that_were_lost_before_are_named() -> None:
    head = tr(*(tc(p(text)) for text in ("№", "Мероприятие", "Срок")))
    row = tr(*(tc(p(text)) for text in ("1", "Пров\ufffdрить узлы", "2 квартал")))
    remarks = table_read(docx_read(tbl(head, row))).remarks
    assert [one.message() for one in remarks if one.code == "characters-lost"] == [
        "В тексте «Пров\ufffdрить узлы» есть потерянные буквы (\ufffd): проверьте по оригиналу."
    ]


def test_an_annex_in_lines_letters_over_columns_and_a_term_over_both_of_them() -> None:
    programme = table_read(drawn(SHAPES["приложение и подготовка к зиме"]))
    assert programme.period == ProgrammePeriod.of_year(2026)
    assert programme.document["organization"] == "Администрация Приозёрного района"
    assert programme.document["approval"] == {
        "caption": "Приложение к постановлению администрации Приозёрного района",
        "date": "2026-04-22",
        "number": "№ 1457-па",
    }
    assert [(one.number, one.term.text) for one in programme.measures] == [
        *(("1", "15.05.2026 – 31.08.2026"), ("2", "до 15 сентября")),
    ]
    assert {one.code for one in programme.remarks} == {
        *("column-numbers", "no-proposals", "no-sections"),
    }


@pytest.mark.parametrize(
    ("field", "headings"),
    [
        ("actions", "Planned Milestones|Поручение|Контрольное событие|Веха|Виды работ"),
        ("actions", "Основные мероприятия|Наименование планируемого мероприятия|Task Name"),
        ("actions", "Наименование задачи, мероприятия|Remediation Plan|Recommended Action"),
        ("responsible", "Структурное подразделение|Подразделение|By whom|Кто исполняет|Владелец"),
        ("", "Milestone Changes|Вид документа|Место проведения|Root cause|Кто контролирует"),
        ("", "Направление расходования средств"),
        ("budget.plan", "Сумма, руб.|Местный бюджет, тыс. руб.|Всего в ценах 2025 года, тыс. руб."),
        ("", "Цена, руб.|Экономия, тыс. руб.|Экономический эффект, руб.|Стоимость единицы, руб."),
        ("proposal", "Содержание нарушения|Выявленные замечания|Non-conformity|Observation"),
        ("", "Замечания"),
        ("percent", "Процент выполнения, %|Готовность, %|Степень исполнения плана|% готовности"),
        ("percent", "Percentage completed|Исполнение (%)"),
        ("", "Процент реализации продукции|Степень риска, %|Management response"),
        ("actions", "Наименование муниципальной программы, основного мероприятия|Тема проверки"),
        ("state", "Выполнено (да/нет)"),
        ("result", "How we will measure success"),
        ("actions", "Agreed action|Agreed management actions"),
        ("fact.date", "Срок исполнения (факт)|Срок факт|Actual completion|Факт (дата)"),
        ("fact.result", "Достигнутый результат|Отметка|Ход реализации|Отметка о проведении"),
        ("fact.result", "Отметка об устранении"),
        ("fact.result", "Фактически выполнено|Проведённые мероприятия"),
        ("term", "Срок исполнения (план)|Сроки начала и окончания работ|Completion date"),
        ("term", "Месяц проведения|Годы реализации|By when"),
        ("due", "Окончание реализации|Дата окончания работ|Конец|Конец работ"),
        ("start", "Начало реализации|Дата начала работ"),
        ("result", "Ожидаемый социально-экономический эффект|Результат исполнения"),
        ("proposal", "Цели|Цель программы|Recommendations|Выявленные нарушения"),
        ("number", "№№ п.п.|№ п\\п|№п/п|п.п."),
    ],
)
def test_what_headings_mean(field: str, headings: str) -> None:
    assert {one: meaning(one) for one in headings.split("|")} == dict.fromkeys(
        headings.split("|"), field
    )


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (
            "№ | Дела | Дата начала | < | Дата окончания | <\n^ | ^ | План | Факт | План | Факт",
            ["number", "actions", "start", "", "due", "fact.date"],
        ),
        ("№ | Дела | Срок | <\n^ | ^ | план | факт", ["number", "actions", "term", "fact.date"]),
        (
            "№ | Дела | Срок | Затраты, руб. | <\n^ | ^ | ^ | 2026 | <\n^ | ^ | ^ | план | факт",
            ["number", "actions", "term", "budget.plan.2026", "budget.fact.2026"],
        ),
        (
            "№ | Дела | Срок | 2026 год, руб. | < | <\n^ | ^ | ^ | Всего | МБ | Средства края",
            [
                *("number", "actions", "term", "budget.plan_total.2026", "budget.plan.2026.МБ"),
                "budget.plan.2026.Средства края",
            ],
        ),
        (
            "№ | Дела | Срок | Отметка об исполнении | Дата исполнения",
            ["number", "actions", "term", "fact.result", "fact.date"],
        ),
        # A day of its own beside a term is none of the fact, nor is one with no other term.
        (
            "№ | Дела | Квартал | Дата исполнения | Отметка об исполнении",
            ["number", "actions", "term", "", "fact.result"],
        ),
        (
            "№ | Дела | Отметка об исполнении | Дата исполнения",
            ["number", "actions", "fact.result", "term"],
        ),
    ],
)
def test_which_days_and_which_money_are_of_the_fact(head: str, fields: list[str]) -> None:
    head = head.replace("Дела", "Мероприятия")
    ((table, *_), _remarks) = measure_tables(drawn(f"{head}\n1 | Дело | май"), {})
    assert [one.field for one in table.columns] == fields


def test_the_cost_is_the_money_where_resources_stand_beside_it() -> None:
    head = (
        "Item Identifier | Action | Due | Resources Required | Estimated Cost\n1 | a | May | x | 5"
    )
    ((table, *_), _remarks) = measure_tables(drawn(head), {})
    assert [one.field for one in table.columns] == ["number", "actions", "term", "", "budget.plan"]
    assert meaning("Resources Required") == "budget.plan"


def test_a_heading_means_less_where_another_one_says_it_plainly() -> None:
    head = "План на 2026 год\nTitle | Department | Year | Action | Owner | By when"
    (table,), _remarks = measure_tables(drawn(f"{head}\nA | B | C | D | E | May 2026"), {})
    assert [one.field for one in table.columns] == ["", "", "", "actions", "responsible", "term"]
    programme = table_read(drawn(SHAPES["месяц и подразделение"]))
    assert programme.document["organization"] == "МБОУ ДО «Школа искусств»"
    assert [(one.number, one.title) for one in programme.parts] == [("1", "Учёба"), ("2.1", "Быт")]
    assert [(one.responsible, one.term.due) for one in programme.measures] == [
        *((("Учебная часть",), date(2026, 1, 31)), (("Директор",), date(2026, 1, 31))),
        *((("Директор",), None), (("И.И. Сидоров",), None)),
    ]
    (signed,) = (one for one in programme.remarks if one.code == "sign-off")
    assert "П.П. Петров" in signed.message()


def test_years_that_are_marked_are_the_term() -> None:
    programme = table_read(drawn(SHAPES["годы столбцами"]))
    assert [(one.term.text, one.term.due) for one in programme.measures] == [
        *(("2026 год", date(2026, 12, 31)), ("2026-2028 годы", date(2028, 12, 31))),
        *(("2027 год", date(2027, 12, 31)), ("2026, 2028 годы", None)),
    ]
    left = [one.fields["text"] for one in programme.remarks if one.code == "cell-left-out"]
    assert left == ["20 тыс."]
    assert is_field(programme.columns["Годы реализации 2027 г."])
    assert is_field("term")
    assert not is_field("срок")


def test_tables_of_other_years_are_no_part_of_the_programme() -> None:
    document = drawn(SHAPES["две программы"])
    for year, works in ((2026, ["Обновить стенд"]), (2027, ["Внедрить портал", "Обучить кафедры"])):
        options = ReadingOptions(ProgrammePeriod.of_year(year))
        programme = read_programme(document, options)
        assert [one.actions for one in programme.measures] == [(work,) for work in works]
        assert str(programme.document["title"]).endswith(f"на {year} год")
        assert programme.document["organization"] == "ФГБОУ ВО «Энский университет»"
        (other,) = (one for one in programme.remarks if one.code == "table-other-years")
        assert str(other.fields["title"]).endswith(f"на {4053 - year} год")
        again = read_programme(document, ReadingOptions(fallback=ProgrammePeriod.of_year(year)))
        assert (again.period, again.measures) == (programme.period, programme.measures)


def test_what_goes_on_from_another_year_is_of_the_programme() -> None:
    table = "№ | Мероприятие | Срок\n{} | Дело | май"
    for title, count in {
        "Мероприятия, переходящие с 2025 года": 2,
        "Мероприятия по итогам проверки 2025 года": 2,
        "Мероприятия, выполненные в 2025 году": 1,
    }.items():
        text = f"План на 2026 год\n{table.format(1)}\n{title}\n{table.format(2)}"
        assert len(table_read(drawn(text)).measures) == count


def test_a_cell_that_a_spreadsheet_does_not_have_names_no_other_section() -> None:
    rows = "№ | Раздел | Мероприятие | Срок\n1 | Кадры | Раз | май\n2 | | Два | май"
    (grid,) = drawn(
        f"{rows}\n3 | - | Три | май\n | | Шаг |\n4 | Кадры | Ещё | май\n | | Шаг |"
    ).grids
    cells = tuple(one for one in grid.cells if one.text)
    programme = table_read(replace(drawn(rows), parts=(replace(grid, cells=cells),)))
    assert [one.part for one in programme.measures] == ["1", "1", "", "1"]
    assert [one.place.row for one in programme.remarks if one.code == "section-above"] == [3]


def test_a_table_in_a_cell_of_several_rows_is_said_once() -> None:
    nested = tc(tbl(tr("а", "б")) + p(""), '<w:vMerge w:val="restart"/>')
    table = tbl(
        tr("№", "Мероприятие", "Срок", "Примечание"),
        tr("1", "Раз", "март", nested),
        tr("2", "Два", "май", tc("", "<w:vMerge/>")),
    )
    programme = table_read(docx_read(p("План мероприятий на 2026 год") + table))
    said = [one.message() for one in programme.remarks if one.code == "table-nested"]
    assert said == ["В ячейке стоит таблица, её строки в поле не взяты: «а | б»."]
    assert len(programme.measures) == 2


def test_the_years_that_are_assumed_are_said() -> None:
    document = drawn("№ | Мероприятие | Срок\n1 | Дело | май")
    academic = ProgrammePeriod(date(2026, 9, 1), date(2027, 5, 31))
    for period, years in ((ProgrammePeriod.of_year(2026), "2026"), (academic, "2026-2027")):
        programme = read_programme(document, ReadingOptions(fallback=period))
        (said,) = (one.message() for one in programme.remarks if one.code == "year-unknown")
        assert said == (f"Года в документе нет: сроки прочитаны на {years}. Иной год: --year.")


def test_of_what_stands_on_every_page_one_brand_and_one_marking_are_taken() -> None:
    document = drawn("План мероприятий на 2026 год\n№ | Мероприятие | Срок\n1 | Дело | май")
    headers = ("РОМАШКА", "План мероприятий на 2026 год", "стр. 2", "Экз. № 1", "Экз. № 2", "")
    programme = table_read(replace(document, headers=headers))
    assert programme.document["page_header"] == {"brand": "РОМАШКА", "marking": "Экз. № 1"}
    said = [one.message() for one in programme.remarks if one.code == "page-header"]
    assert said == ["В колонтитуле «Экз. № 2»: не взято."]


def test_a_column_that_a_user_names_is_taken_by_its_paragraphs() -> None:
    document = drawn(
        "План мероприятий на 2026 год\n№ | Мероприятие | Срок | Кому\n1 | Дело | май | А / Б"
    )
    options = ReadingOptions(fallback=ProgrammePeriod.of_year(2026), columns={"Кому": "extra.кому"})
    (measure,) = read_programme(document, options).measures
    assert measure.extra == {"кому": "А\nБ"}


def test_the_name_of_a_sheet_says_its_year_where_nothing_else_does() -> None:
    rows = "№ | Мероприятие | Срок\n1 | Дело | май"
    (grid,) = drawn(rows).grids
    sheets = tuple(
        replace(grid, name=name, place=SourcePlace(sheet=name)) for name in ("План 2025", "2026")
    )
    document = replace(drawn(rows), parts=sheets)
    with pytest.raises(YearUnknown):
        read_programme(document, ReadingOptions())
    programme = read_programme(document, ReadingOptions(fallback=ProgrammePeriod.of_year(2026)))
    left = [one.place.sheet for one in programme.remarks if one.code == "table-other-years"]
    assert (left, len(programme.measures)) == (["План 2025"], 1)
    (alone,) = read_programme(replace(document, parts=sheets[:1]), ReadingOptions()).measures
    assert alone.term.due == date(2025, 5, 31)
    moved = replace(grid, name="Перенос с 2025", place=SourcePlace(sheet="Перенос с 2025"))
    (other,) = table_read(replace(document, parts=(moved,))).measures
    assert other.term.due == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("head", "organization", "title"),
    [
        (
            "Приказ Администрации Каменского района от 11.02.2026 № 77 / План дел на 2026 год",
            *("Администрация Каменского района", "План дел на 2026 год"),
        ),
        (
            "ПРОГРАММА / мероприятий для потребителей / АО «Сбыт» на 2026 год",
            *("АО «Сбыт»", "ПРОГРАММА мероприятий для потребителей АО «Сбыт» на 2026 год"),
        ),
        (
            "Комплексный план / мероприятий по качеству / Лугового края / НА 2026 ГОД",
            *("", "Комплексный план мероприятий по качеству Лугового края НА 2026 ГОД"),
        ),
        (
            "План мероприятий по качеству / Директор ______ И.И. Петров / на 2026 год",
            *("", "План мероприятий по качеству"),
        ),
        (
            "План мероприятий по качеству услуг / Управления связи города Энска / на 2026 год",
            "Управление связи города Энска",
            "План мероприятий по качеству услуг Управления связи города Энска на 2026 год",
        ),
    ],
)
def test_whose_programme_it_is_stands_in_its_title(
    head: str, organization: str, title: str
) -> None:
    table = "№ | Мероприятие | Срок\n1 | Дело | май"
    document = table_read(drawn(f"{head.replace(' / ', chr(10))}\n{table}")).document
    assert (document.get("organization", ""), document["title"]) == (organization, title)


@pytest.mark.parametrize(
    ("lines", "people"),
    [
        (("Иванов И.И.,", "Петров П. П."), ("Иванов И.И.", "Петров П. П.")),
        (("И.И. Иванов", "J. Smith"), ("И.И. Иванов", "J. Smith")),
        (("Отдел", "кадров"), ("Отдел кадров",)),
        (("Иванов И.И.", "начальник отдела"), ("Иванов И.И. начальник отдела",)),
    ],
)
def test_names_in_the_lines_of_a_cell_are_people(
    lines: tuple[str, ...], people: tuple[str, ...]
) -> None:
    broken = "<w:r><w:br/></w:r>".join(f"<w:r><w:t>{one}</w:t></w:r>" for one in lines)
    head = tr("№", "Мероприятие", "Срок", "Ответственные")
    row = tr("1", "Дело", "май", tc(f"<w:p>{broken}</w:p>"))
    (measure,) = table_read(docx_read(p("План на 2026 год") + tbl(head, row))).measures
    assert measure.responsible == people


@pytest.mark.parametrize(
    ("line", "approval"),
    [
        (
            "Утверждён решением Правления (протокол от 12.12.2025 № 45)",
            ("Утверждён решением Правления (протокол)", "2025-12-12", "№ 45"),
        ),
        (
            "Утверждён приказом от 11 января 2026 года № 7-р",
            ("Утверждён приказом", "2026-01-11", "№ 7-р"),
        ),
        (
            "Approved: Board of Trustees, 14 January 2026",
            ("Approved: Board of Trustees", "2026-01-14"),
        ),
    ],
)
def test_how_a_document_says_by_what_it_is_approved(line: str, approval: tuple[str, ...]) -> None:
    programme = table_read(
        drawn(f"{line}\nПлан дел на 2026 год\n№ | Мероприятие | Срок\n1 | Дело | май")
    )
    found = programme.document["approval"]
    assert isinstance(found, dict)
    assert tuple(found.values()) == approval
    assert all(str(one.fields.get("text", "")) != line for one in programme.remarks)


def test_letters_alone_may_number_the_columns() -> None:
    assert are_column_numbers(["А", "Б", "В", "Г", "Д", "Е"])
    assert not any(map(are_column_numbers, (["А", "Б"], ["А", "В", "Г"], ["А", "Б", "в"])))


def test_years_of_a_title_stand_after_its_first_words_too() -> None:
    named = (
        *("Quality Improvement Action Plan 2026", "Road map for digital services 2026"),
        *("План мероприятий 2026", "План на 2026 ГОД", "Annual Delivery Plan 2026"),
    )
    assert {period_of_title(one) for one in named} == {ProgrammePeriod.of_year(2026)}
    assert {
        period_of_title(one)
        for one in (
            *("Action Plan 2026/27", "Приказ 2026", "План мер от 12 мая 2026"),
            "План устранения недостатков, выявленных при проверке в 2025 году",
        )
    } == {None}
    both = "План устранения нарушений, отмеченных в акте за 2025 год, на 2026 год"
    assert period_of_title(both) == ProgrammePeriod.of_year(2026)
    assert period_of_title("План в 2025 г. на 2026 год") == ProgrammePeriod.of_year(2026)


def test_headings_above_tables_are_parts_and_so_are_sheets() -> None:
    def heading(text: str, level: int) -> str:
        return p(text, f'<w:outlineLvl w:val="{level}"/>')

    rows = "№ | Мероприятие | Срок\n{} | Дело | май"
    head = tr(*(tc(text) for text in ("№", "Мероприятие", "Срок")))
    table = tbl(head, tr(*(tc(text) for text in ("1", "Дело", "май"))))
    body = (
        *(p("План работ на 2026 год"), heading("Кадры", 0), heading("Учёба", 1), table),
        *(heading("Наём", 1), table, heading("Хозяйство", 0), heading("Ремонт", 1), table),
        *(heading("Продолжение", 1), table),
    )
    programme = table_read(docx_read("".join(body)))
    assert [(one.number, one.title) for one in programme.parts] == [
        *(("1", "Кадры"), ("1.1", "Учёба"), ("1.2", "Наём"), ("2", "Хозяйство"), ("2.1", "Ремонт")),
    ]
    assert [one.part for one in programme.measures] == ["1.1", "1.2", "2.1", "2.1"]
    years = heading("2026 год", 1), table, heading("На 2027 год", 1), table
    of_years = table_read(docx_read("".join((body[0], *years))))
    assert (of_years.parts, len(of_years.measures)) == ((), 1)
    assert [one.fields["title"] for one in of_years.remarks if one.code == "table-other-years"] == [
        "На 2027 год"
    ]
    longer = table_read(docx_read("".join((p("Программа работ на 2026-2027 годы"), *years))))
    assert [one.term.due for one in longer.measures] == [date(2026, 5, 31), date(2027, 5, 31)]
    # «Мероприятия» above a table only says what it is.
    plain_titles = heading("Кадры", 0), table, heading("2. Мероприятия", 0), table
    assert table_read(docx_read("".join((body[0], *plain_titles)))).parts == ()
    others = heading("1. Общее", 0), heading("2. План", 0), table, heading("3. Итоги", 0), table
    assert table_read(docx_read("".join((body[0], *others)))).parts == ()
    # Titles that go on with the numbers of chapters leave the tables none of their own.
    chapters = (body[0], heading("1. Общее", 0), p("Порядок."), heading("2. Кадры", 0), table)
    whole = table_read(docx_read("".join((*chapters, heading("3. Склад", 0), table))))
    assert "plan" not in whole.document
    assert whole.document["chapters"] == [
        {"number": "1", "heading": "Общее", "blocks": [{"paragraph": "Порядок."}]}
    ]
    # One table below headings is the programme; its headings are chapters.
    assert table_read(docx_read("".join(body[:4]))).parts == ()
    sheets = tuple(
        replace(drawn(rows.format(at)).grids[0], name=name, place=SourcePlace(sheet=name))
        for at, name in enumerate(("Офисы", "Сайт"), 1)
    )
    of_sheets = table_read(replace(drawn(rows), parts=sheets))
    assert [(one.number, one.title) for one in of_sheets.parts] == [("1", "Офисы"), ("2", "Сайт")]
    (other, _) = sheets
    numbered = "1. Офисы", "Раздел 2. Сайт"
    for names, wanted in {
        numbered: [("1", "Офисы"), ("2", "Сайт")],
        ("1. Офисы", "1. Сайт"): [("1", "1. Офисы"), ("2", "1. Сайт")],
        ("2 этаж", "3. Двор"): [("1", "2 этаж"), ("2", "3. Двор")],
    }.items():
        renamed = (replace(other, place=SourcePlace(sheet=name)) for name in names)
        parts = table_read(replace(drawn(rows), parts=tuple(renamed))).parts
        assert [(one.number, one.title) for one in parts] == wanted
    # Two tables of one sheet are in one part.
    again = (replace(other, place=SourcePlace(sheet=name)) for name in ("А", "А", "Б"))
    of_two = table_read(replace(drawn(rows), parts=tuple(again)))
    assert [one.title for one in of_two.parts] == ["А", "Б"]
    assert [one.part for one in of_two.measures] == ["1", "1", "2"]
    # The numbers of parts on a sheet count within it.
    inner = drawn("№ | Мероприятие | Срок\n1. Зал | < | <\n1 | Дело | май").grids[0]
    with_parts = (replace(inner, place=SourcePlace(sheet=name)) for name in numbered)
    parts = table_read(replace(drawn(rows), parts=tuple(with_parts))).parts
    assert [one.number for one in parts] == ["1", "1.1", "2", "2.1"]
    for name in ("Лист1", "1 квартал", "II кв.", "Май", "Копия (2)", "Q1", "03"):
        plain = replace(other, place=SourcePlace(sheet=name))
        assert table_read(replace(drawn(rows), parts=(plain, sheets[1]))).parts == ()
    for name in ("Marketing", "Итоговая аттестация", "Маяк", "Копия фонда"):
        named = replace(other, place=SourcePlace(sheet=name))
        assert len(table_read(replace(drawn(rows), parts=(named, sheets[1]))).parts) == len(sheets)


def test_raised_digits_are_marks_of_footnotes_and_no_part_of_a_number() -> None:
    def raised(text: str, mark: str) -> str:
        plain = f"<w:r><w:t>{text}</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>!</w:t></w:r>"
        return (
            f'<w:p>{plain}<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            f"<w:t>{mark}</w:t></w:r></w:p>"
        )

    head = tr(*(tc(text) for text in ("№", "Мероприятие", "Срок", "Сумма, руб.")))
    cells = ("1.2", "3"), ("Очередь", "1"), ("до 01.09.2026", "1"), ("100", "5")
    row = tr(*(tc(raised(*cell)) for cell in cells))
    other = tr(*(tc(one) for one in ("1.3", raised("Убрать 5 м", "2"), "май", "7")))
    power = tr(*(tc(one) for one in ("1.4", raised("Не менее 10", "6"), "май", "7")))
    table = tbl(head, row, other, power)
    # What a raised digit belongs to is no mark, even where a text below begins with the digit.
    below = p("1 По согласованию.") + p("2 экземпляра") + p("6 раз в год")
    body = p("План работ на 2026 год") + table + below
    programme = table_read(docx_read(body))
    first, second, third = programme.measures
    assert third.actions == ("Не менее 10⁶",)
    assert (first.number, first.actions, first.term.due) == (
        *("1.2", ("Очередь",), date(2026, 9, 1)),
    )
    assert (first.budget, second.actions) == (({"plan": 100},), ("Убрать 5 м2",))
    assert [one.message() for one in programme.remarks if one.code == "footnote"] == [
        "Знак сноски «3» не взят: самой сноски под таблицей нет.",
        "Знак сноски «5» не взят: самой сноски под таблицей нет.",
        "Сноска «По согласованию.» не взята.",
    ]


def test_the_numbers_of_the_columns_are_no_sample_of_what_they_hold() -> None:
    rows = "№ | Мероприятие | Срок | Риск\n1 | 2 | 3 | 4\n1 | Дело | май | Обрыв"
    (unclear,) = unclear_columns(drawn(f"План на 2026 год\n{rows}"), {})
    assert (unclear.heading, unclear.samples) == ("Риск", ("Обрыв",))
    printed = PrintedTable(declared={"риск": "extra.risk"})
    assert unclear_columns(drawn(f"План на 2026 год\n{rows}"), {}, printed) == ()
    # What was said of a column is asked again, with the answer.
    (answered,) = unclear_columns(drawn(f"План на 2026 год\n{rows}"), {"Риск": "notes"})
    assert answered == replace(unclear, field="notes")


def test_a_title_over_all_columns_is_no_sample_either() -> None:
    rows = (
        "№ | Мероприятие | Срок | Риск\nРаздел | < | < | <\n1 | Дело | май | Обрыв\n2 | Ещё | май |"
    )
    (unclear,) = unclear_columns(drawn(f"План на 2026 год\n{rows}"), {})
    assert unclear.samples == ("Обрыв",)


def test_where_no_table_is_one_of_measures_all_columns_of_the_largest_are_asked_about() -> None:
    small = "Отдел | Телефон\nИТ | 12"
    large = "Кто | Куда | Зачем\nИТ | В архив | Сверка\nОК | | Учёт"
    asked = unclear_columns(drawn(f"План на 2026 год\n{small}\n\n{large}"), {})
    assert [(one.heading, one.samples) for one in asked] == [
        ("Кто", ("ИТ", "ОК")),
        ("Куда", ("В архив",)),
        ("Зачем", ("Сверка", "Учёт")),
    ]
    for nothing in ("", "Кто\nКуда", "Кто | <\nИТ | <"):
        assert unclear_columns(drawn(f"План на 2026 год\n{nothing}"), {}) == ()


@pytest.mark.parametrize(
    ("texts", "are_numbers"),
    [
        ("1 2 3", True),
        ("1 2", True),
        ("1", False),
        ("", False),
        ("2 3 4", True),
        ("1 3", False),
        ("1 2 x", False),
        ("А Б 1 2", True),
        ("A B 1 2", True),
        ("А В 1 2", False),
        ("А Б 2 3", False),
        ("А Б", False),
        ("1 2 3=1+2", True),
    ],
)
def test_which_texts_number_the_columns(texts: str, *, are_numbers: bool) -> None:
    assert are_column_numbers(texts.split()) is are_numbers


def test_what_was_done_stands_in_columns_under_one_heading() -> None:
    (measure,) = table_read(drawn(SHAPES["независимая оценка"])).measures
    assert measure.proposal == "Нет сведений о лицензии"
    assert (measure.fact.result, measure.fact.date) == ("Размещено", "10.05.2026")


@pytest.mark.parametrize(
    ("heading", "text", "quarters"),
    [
        ("Квартал", "1", (1,)),
        ("Срок (квартал)", "1-4", (1, 2, 3, 4)),
        ("Quarter", "1, 3", (1, 3)),
        ("Срок (месяц или квартал)", "1", ()),
        ("Срок", "1", ()),
        ("Квартал", "5", ()),
    ],
)
def test_numbers_are_of_quarters_where_the_heading_says_so(
    heading: str, text: str, quarters: tuple[int, ...]
) -> None:
    table = f"План на 2026 год\n№ | Мероприятие | {heading}\n1 | Дело | {text}\n2 | Два | II"
    programme = table_read(drawn(table))
    first, second = (one.term for one in programme.measures)
    assert (first.text, [one.number for one in first.quarters]) == (text, [*quarters])
    assert [one.number for one in second.quarters] == [2]
    said = [one.code for one in programme.remarks if one.code == "term-unclear"]
    assert len(said) == (not quarters)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("а\x01б", "аб"),
        ("\x7fаб", "аб"),
        ("а\ufffe\uffffб\ufdd0", "аб"),
        ("а\ud800б", "аб"),
        ("X\u00adХ\u200b\ufeff", "XХ"),
        ("  а   б ", "а б"),
        ("а\x0b\u00a0б\x85", "а б"),
    ],
)
def test_what_no_plan_can_hold_and_nobody_sees_goes_out_of_a_text(text: str, kept: str) -> None:
    assert clean(text) == kept
