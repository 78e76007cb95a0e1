"""The figures of a report: drawn, coloured by what a cell says, and the same everywhere."""

import io
import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kvartal.exchange.reports.blocks import ChartBlock, FigureBlock, Report, TextBlock
from kvartal.exchange.reports.digest_report import digest_report
from kvartal.exchange.reports.overdue_report import overdue_report
from kvartal.exchange.reports.period_report import period_report
from kvartal.exchange.reports.printed_words import PrintedWords
from kvartal.exchange.reports.report_period import ReportPeriod, of_programme, of_quarter
from kvartal.exchange.writers.csv_writer import write_csv
from kvartal.exchange.writers.docx_writer import write_docx
from kvartal.exchange.writers.html_writer import write_html
from kvartal.exchange.writers.xlsx_writer import write_xlsx
from kvartal.history.store.facts_cache import FactsCache
from kvartal.schema.calendar import WorkingCalendar
from kvartal.schema.errors import untranslated
from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.reading import read_plan
from kvartal.schema.states import statuses
from kvartal.schema.summaries import overdue_among, progress, share_text
from kvartal.tui.commands.json_rows import measure_row
from kvartal.tui.i18n import translator
from kvartal.tui.plans.portfolio import summary_of
from kvartal.tui.view import Overview, View
from tests.exchange.exported import SEED, SHAPES, data_of
from tests.schema.models import DAYS, a_plan, calendars, measures
from tests.support.cli import call

INDICATORS = Path(__file__).with_name("plans") / "indicators-2024.yaml"
DAY = date(2024, 12, 1)
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
PLANS = [*SHAPES, INDICATORS]


def report_at(plan: Plan, day: date) -> Report:
    whole = ReportPeriod(date.min, date.max, "all")
    return period_report(plan, whole, day, untranslated)


def chart_report() -> Report:
    return report_at(read_plan(data_of(INDICATORS)), DAY)


def test_word_has_a_chart_of_its_own_for_each_indicator() -> None:
    content = write_docx(chart_report(), untranslated)[0]
    assert content == write_docx(chart_report(), untranslated)[0]
    with ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        chart = etree.fromstring(package.read("word/charts/chart1.xml"))
        book = openpyxl.load_workbook(io.BytesIO(package.read("word/embeddings/chart1.xlsx")))
        document = etree.fromstring(package.read("word/document.xml"))
    assert [one for one in names if "/charts/chart" in one] == [
        "word/charts/chart1.xml",
        "word/charts/chart2.xml",
    ]
    cached = [
        [value.text for value in one.iter(f"{CHART}v")] for one in chart.iter(f"{CHART}numCache")
    ]
    assert cached == [["93.5", "96.2", "97.1"], ["95", "95", "95"]]
    # The values can be edited in the word processor: they stand in a workbook of the document.
    assert chart[-1].tag == f"{CHART}externalData"
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == [93.5, 96.2, 97.1]
    said = [one.get("descr") for one in document.iter("{*}docPr")]
    assert said[0] == (
        "Доля обслуженных за 15 минут, % — План: 95. Факт: I квартал 2024: 93,5; "
        "II квартал 2024: 96,2; III квартал 2024: 97,1."
    )
    texts = [one.text for one in Document(io.BytesIO(content)).paragraphs]
    assert set(said) <= set(texts)
    assert len({one.get("id") for one in document.iter("{*}docPr")}) == 2


def test_a_template_with_a_chart_keeps_it(tmp_path: Path) -> None:
    template = Document(io.BytesIO(write_docx(chart_report(), untranslated)[0]))
    template.add_paragraph("{{kvartal}}")
    template.styles["Kvartal Table"].font.name = "Verdana"
    path = tmp_path / "template.docx"
    template.save(str(path))
    with ZipFile(io.BytesIO(write_docx(chart_report(), untranslated, path)[0])) as package:
        document = etree.fromstring(package.read("word/document.xml"))
        charts = [one for one in package.namelist() if "/charts/chart" in one]
    assert len(charts) == len(set(charts)) == 4
    # Nine columns of broad letters do not fit: the letters of that table are smaller.
    sizes = [
        {one.get(f"{{{one.nsmap['w']}}}val") for one in table.iter("{*}sz")}
        for table in document.iter("{*}tbl")
    ]
    assert sizes == [*[set()] * 4, set(), {"18"}, set(), set()]
    assert len({one.get("id") for one in document.iter("{*}docPr")}) == 4


def test_colours_of_a_workbook_follow_what_a_cell_says() -> None:
    content, _left = write_xlsx(chart_report(), untranslated)
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet = workbook["Исполнение"]
    (found,) = [one for one in sheet.conditional_formatting if str(one.sqref).startswith("G2")]
    begins = [rule.text for rule in found.rules]
    assert begins.index("Исполнено с нарушением срока") < begins.index("Исполнено в срок")
    assert {"Просрочено", "Не завершено к сроку", "Снято с плана"} <= set(begins)
    assert all(rule.dxf.font.color is not None for rule in found.rules)
    states = [row[0] for row in sheet["G2:G10"]]
    # A colour of the cell itself would stay when the state is corrected.
    assert len({(one.font.b, repr(one.font.color)) for one in states}) == 1
    assert all(one.value for one in states)
    assert sheet["D2"].is_date
    assert sheet.column_dimensions["J"].hidden
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I10"
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.left is not None
    assert (footer.left.text, footer.right.text if footer.right else "") == ("&A", "&P / &N")
    title = chart_report().title
    header = sheet.oddHeader
    assert header is not None
    assert header.left is not None
    assert str(header.left.text).startswith(f"{title} · ")
    # The title and the names of sheets are not said again among the texts.
    texts = [row[0].value for row in workbook["О документе"].iter_rows()]
    assert texts.count(title) == 1
    # Counts are numbers, and numbers of measures no mistakes.
    assert [row[1].value for row in workbook["О документе"].iter_rows(min_row=4, max_row=5)] == [
        *(9, 4)
    ]
    with ZipFile(io.BytesIO(content)) as package:
        assert b'<ignoredError sqref="A1:J10" numberStoredAsText="1"' in package.read(
            "xl/worksheets/sheet2.xml"
        )
    assert "Показатели" not in texts


def test_a_workbook_does_not_round_what_was_missed() -> None:
    content, _left = write_xlsx(chart_report(), untranslated)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Сводка"]
    assert [row[-1].value for row in sheet.iter_rows(min_row=2, max_row=3)] == [0.66, 0.66]


def test_rows_that_would_look_the_same_say_what_they_are_about() -> None:
    plan = read_plan(data_of(SEED))
    one, two, *_ = (measure for measure in plan.measures if measure.number == "2.2.1")
    assert one.actions == two.actions
    agenda = overdue_report(plan, DAY, untranslated)
    for table in (report_at(plan, DAY).tables[1], agenda.tables[0]):
        cells = {row.measure: row.cells[1] for row in table.rows}
        assert cells[one.id].lines == (one.proposal, *one.actions)
        assert cells[two.id].lines == (two.proposal, *two.actions)
        # Others are called by their work alone.
        (other,) = (measure for measure in plan.measures if measure.id == "1.1.4")
        assert cells["1.1.4"].lines == other.actions
    # What nothing tells apart is left as it is.
    same = replace(two, proposal=one.proposal, result=one.result)
    alike = replace(plan, measures=(one, same))
    assert report_at(alike, DAY).tables[1].rows[0].cells[1].lines == one.actions
    other = replace(same, result="Другое")
    rows = report_at(replace(plan, measures=(one, other)), DAY).tables[1].rows
    assert {row.cells[1].lines[0] for row in rows} == {one.result, "Другое"}


def test_a_page_names_the_line_of_a_target_and_has_room_for_long_figures() -> None:
    chart = next(one for one in chart_report().blocks if isinstance(one, ChartBlock))
    long = replace(chart, points=(("I квартал 2026", 1234567.5, "1 234 567,5"),), target=-5)
    report = chart_report()
    page: Any = etree.HTML(write_html(replace(report, blocks=(chart, long))).decode())
    assert page.xpath("//figcaption/span[@class='target']/text()") == ["План: 95"] * 2
    drawn, other = page.xpath("//svg")
    assert len(drawn.xpath("line")) == 1
    # A target below zero has no place on the drawing.
    assert not other.xpath("line")
    (bar,) = other.xpath("rect")
    assert float(bar.get("x")) + float(bar.get("width")) <= 480 - 8 * len("1 234 567,5")


def test_a_figure_is_not_torn_from_its_days() -> None:
    plan = read_plan(data_of(SEED))
    for day, text in (("2024-04-01", "Overdue by 1\u00a0day"), ("2024-04-02", "by 2\u00a0days")):
        report = period_report(plan, of_programme(plan), date.fromisoformat(day), translator("en"))
        assert any(text in one.text for row in report.tables[1].rows for one in row.cells)


def test_a_number_and_a_size_are_not_torn_and_a_title_stays_as_typed() -> None:
    words = PrintedWords(untranslated)
    document: dict[str, Any] = {"title": "Акт вво\u00adда", "number": "№ 12", "date": "2024-09-27"}
    assert words.document(document) == "Акт вво\u00adда №\u00a012 от 27.09.2024"
    assert words.document({"title": "Приказ"}) == "Приказ"
    file: dict[str, Any] = {"path": "evidence/2024/Акт\u00ad 1.pdf", "size": 4096}
    assert words.file(file) == "«Акт\u00ad 1.pdf», 4\u00a0КБ"
    assert words.file({"path": "a"}) == "«a»"
    assert (words.file("a"), words.document("a")) == ("a", "a")


@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        # Decided after the quarter has ended, it takes away what was due in it.
        (
            {"postponements": [("2024-10-10", {"text": "IV квартал", "quarters": [4]})]},
            ["10.10.2024"],
        ),
        # Before it has begun: the plan as printed still says the third quarter.
        (
            {"postponements": [("2024-05-10", {"text": "IV квартал", "quarters": [4]})]},
            ["10.05.2024"],
        ),
        # Not known yet on that day; moved within the day; done all the same.
        ({"postponements": [("2024-10-13", {"text": "IV квартал", "quarters": [4]})]}, []),
        ({"postponements": [("2024-10-10", {"text": "до 30.09.2024", "due": "2024-09-30"})]}, []),
        (
            {
                "postponements": [("2024-10-10", {"text": "IV квартал", "quarters": [4]})],
                "records": [{"quarter": 3, "date": "2024-09-27"}],
            },
            [],
        ),
        ({"cancelled": {"date": "2024-10-10", "reason": "Нет средств"}}, ["10.10.2024"]),
        (
            {
                "cancelled": {"date": "2024-10-10", "reason": "Нет средств"},
                "records": [{"quarter": 3, "date": "2024-09-27"}],
            },
            [],
        ),
    ],
)
def test_a_decision_that_takes_a_deadline_out_of_a_quarter_is_in_its_report(
    changes: dict[str, Any], listed: list[str]
) -> None:
    data: dict[str, Any] = {**data_of(SEED)}
    (measure,) = (one for one in data["measures"] if one["id"] == "1.1.2")
    moves = [
        {"date": day, "to": term, "reason": "Задержка"}
        for day, term in changes.get("postponements", ())
    ]
    facts = {**changes, **({"postponements": moves} if moves else {})}
    plan = read_plan(data | {"measures": [{**measure, **facts}]})
    period = of_quarter(CalendarQuarter(2024, 3))
    report = period_report(plan, period, date(2024, 10, 12), untranslated)
    tables = [one for one in report.tables if one.name == "Переносы и снятия"]
    assert [row.cells[2].text for one in tables for row in one.rows] == listed
    assert all(row.cells[1].text for one in tables for row in one.rows)


def test_a_period_without_deadlines_says_so_and_has_no_empty_table() -> None:
    plan = read_plan(data_of(SEED))
    nothing = period_report(plan, ReportPeriod(DAY, DAY, "day"), DAY, translator("en"))
    assert [one.name for one in nothing.tables] == ["Summary", "Overdue from earlier periods"]
    assert TextBlock("Nothing is due in this period.") in nothing.blocks


def test_a_digest_says_days_and_quarters_as_its_reader_does() -> None:
    data: dict[str, Any] = {**data_of(SEED)}
    record = {"quarter": 1, "date": "2024-03-29", "result": "Есть"}
    proof = {"documents": [{"title": "Акт", "date": "2023-12-28"}]}
    measures: list[Any] = [{**data["measures"][0], "records": [{**record, "evidence": proof}]}]
    plan = read_plan(data | {"measures": measures})
    for end, day in ((date.min, "01.01.0001"), (date.max, "31.12.9999")):
        assert digest_report(plan, end, untranslated).title == f"Сводка на {day}"
    report = digest_report(plan, date(2024, 6, 1), untranslated)
    text = write_csv(report).decode()
    late = "Документ «Акт» от 28.12.2023: время контрольной точки I квартал 2024 началось позже."
    assert late in text
    # What is thin is said by its number and name, not by an id that no document prints.
    rows = report.tables[-1].rows
    assert {row.cells[0].text for row in rows} == {"1.1.1"}
    assert {row.cells[1].lines for row in rows} == {plan.measures[0].actions}


def figures(report: Report) -> dict[str, str]:
    return {
        name: value
        for block in report.blocks
        if isinstance(block, FigureBlock)
        for name, value in block.figures
    }


def days(plan: Plan) -> list[date]:
    start, length = plan.period.start, plan.period.due - plan.period.start
    return [start + length * part // 4 for part in range(-1, 5)]


def assert_same_figures(plan: Plan, day: date) -> None:
    """Check that reports, the digest, the screen and the summaries count alike."""
    known = statuses(plan, day)
    numbers, late = progress(known), overdue_among(known)
    report = report_at(plan, day)
    said, data = figures(report), report.data
    assert isinstance(data, dict)
    due = numbers.checkpoints + sum(one.is_unfinished for one in known)
    assert (data["checkpoints"], data["overdue"]) == (due, numbers.overdue)
    assert int(said["Исполнено"]) == numbers.recorded
    assert numbers.overdue == len(late) == int(said["Просрочено"])
    for row in report.tables[0].rows:
        whole, *parts = [int(cell.text) for cell in row.cells[1:-1]]
        assert whole == sum(parts)
    if due:
        assert said["Исполнительская дисциплина"] == share_text(numbers.discipline)
    agenda = overdue_report(plan, day, untranslated)
    assert isinstance(agenda.data, list)
    assert len(agenda.data) == len(late) == len(agenda.tables[0].rows)
    assert figures(digest_report(plan, day, untranslated))["Просрочено"] == str(len(late))
    overview = Overview(plan, day)
    assert overview.progress[None] == numbers
    shown = [one for one in View(overview, urgent=True).open_checkpoints if one.days_overdue]
    assert len(shown) == len(late)
    rows = [measure_row(one, plan) for one in known]
    assert [row["state"] == "overdue" for row in rows] == [bool(one.days_overdue) for one in known]


@pytest.mark.parametrize("path", PLANS, ids=lambda one: f"{one.parents[1].name}-{one.stem}")
def test_reports_screen_and_summaries_have_the_same_figures(path: Path) -> None:
    plan = read_plan(data_of(path))
    for day in days(plan):
        assert_same_figures(plan, day)


@settings(max_examples=30)
@given(st.lists(measures(), max_size=3), calendars(), DAYS)
def test_generated_programmes_have_the_same_figures(
    rows: list[Measure], calendar: WorkingCalendar, day: date
) -> None:
    """Also on the last day of a checkpoint, as the working calendar moves it, and the day after."""
    plan = replace(a_plan(*rows), calendar=calendar)
    turns = [point.due for one in statuses(plan, day) for point in one.checkpoints[:1]]
    for on in (day, *turns, *(one + timedelta(1) for one in turns)):
        assert_same_figures(plan, on)


def printed(words: list[str], day: date) -> Any:  # noqa: ANN401 - what a command prints
    return json.loads(call([*words, "--as-of", day.isoformat()]).stdout)


def around_a_quarter(plan: Plan) -> list[date]:
    """Return the last day of a quarter and the first of the next, where a state turns."""
    middle = plan.period.start + (plan.period.due - plan.period.start) // 2
    first = date(middle.year, (middle.month - 1) // 3 * 3 + 1, 1)
    return [first - timedelta(1), first]


def test_the_commands_have_the_same_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = FactsCache(tmp_path / "facts")
    for at, path in enumerate(PLANS):
        plan = read_plan(data_of(path))
        whole = of_programme(plan)
        target = tmp_path / str(at) / "plan" / path.name
        target.parent.mkdir(parents=True)
        shutil.copyfile(path, target)
        monkeypatch.chdir(target.parent.parent)
        for day in (*days(plan)[2:], *around_a_quarter(plan)):
            late = printed(["overdue", "--json"], day)
            wanted = [(one["id"], one["due"], one["days_overdue"]) for one in late]
            agenda = printed(["export", "--kind", "overdue", "--format", "json"], day)["data"]
            assert [(one["id"], one["due"], one["days_overdue"]) for one in agenda] == wanted
            report = printed(["export", "--kind", "report", "--format", "json"], day)["data"]
            assert report["overdue"] == len(late)
            rows = [one for one in report["rows"] if one["state"] in {"overdue", "unfinished"}]
            assert sorted((one["id"], one["due"]) for one in rows) == sorted(
                (one["id"], one["due"]) for one in late
            )
            (digest,) = printed(["digest", "--json"], day)
            assert [one["id"] for one in digest["overdue"]] == [one["id"] for one in late]
            thin = printed(["gaps", "--json"], day)
            assert [(one["id"], one["code"]) for one in digest["missing"]] == [
                (one["id"], one["code"]) for one in thin
            ]
            measures = printed(["list", "--json"], day)
            in_list = Counter(point["state"] for one in measures for point in one["checkpoints"])
            assert in_list["recorded"] == report["on_time"]
            assert in_list["recorded_late"] == report["late"]
            assert in_list["cancelled"] == report["cancelled"]
            counts = ("on_time", "late", "overdue", "upcoming", "cancelled")
            assert sum(report[name] for name in counts) == report["checkpoints"]
            decided = [one for measure in plan.measures for one in measure.postponements]
            moved = [one for one in report["decisions"] if one["kind"] == "postpone"]
            assert len(moved) == sum(one.date <= day and one.date in whole for one in decided)
            assert {one["id"] for one in measures if one["state"] == "overdue"} == {
                one["id"] for one in late
            }
            # The line of the programme in the list of programmes on the screen.
            line = summary_of(target, day, facts)
            assert (line.measures, line.overdue) == (len(measures), len(late))
            assert line.done == sum(one["state"] in {"done", "done_late"} for one in measures)
            assert line.discipline == (report["discipline"] if measures else None)
            assert sum(count for _name, count in line.responsible) == len(late)
            listed = call(["list", "--lang", "ru", "--as-of", day.isoformat()]).stdout
            match = re.search(r"Просрочено контрольных точек: (\d+)", listed)
            assert match is not None
            assert int(match[1]) == len(late)


def test_several_programmes_are_counted_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = tmp_path / "plan"
    plans.mkdir()
    files = [Path(shutil.copyfile(path, plans / f"{at}-{path.name}")) for at, path in
             enumerate(PLANS)]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    facts = FactsCache(tmp_path / "facts")
    for day in (date(2024, 7, 1), date(2026, 10, 1)):
        late = printed(["overdue", "--json", "--plan", "plan/*.yaml"], day)
        count = Counter(one["plan"] for one in late)
        lines = {f"plan/{one.name}": summary_of(one, day, facts).overdue for one in files}
        assert count == Counter(lines)
        assert count.total() > 0
        digests = printed(["digest", "--json", "--plan", "plan/*.yaml"], day)
        assert {one["plan"]: len(one["overdue"]) for one in digests} == lines


def test_a_report_of_a_quarter_lists_what_is_overdue_from_earlier_ones() -> None:
    plan = read_plan(data_of(SEED))
    first, third = (of_quarter(CalendarQuarter(2024, one)) for one in (1, 3))
    report = period_report(plan, third, date(2024, 10, 1), untranslated)
    (table,) = (one for one in report.tables if one.name == "Просрочено с прежних периодов")
    late = list(overdue_among(statuses(plan, date(2024, 10, 1))))
    ids = [one.measure_id for one in late if one.due < date(2024, 7, 1)]
    assert [row.measure for row in table.rows] == ids
    assert isinstance(report.data, dict)
    assert [one["id"] for one in report.data["earlier"]] == ids
    assert 0 < len(ids) == len(late) - int(figures(report)["Просрочено"])
    assert table.columns[-1].heading == "Ответственный исполнитель"
    before = period_report(plan, first, date(2024, 4, 1), untranslated)
    assert table.name not in [one.name for one in before.tables]


@pytest.mark.parametrize(
    ("changes", "quarter", "listed"),
    [
        ({}, 2, [("обращения", "нет данных")]),
        ({}, 4, [("обращения", "нет данных"), ("за год", "нет данных")]),
        ({"records": [{"quarter": 1, "date": "2024-03-01", "complete": True}]}, 2, []),
        ({"term": {"text": "до 31.03.2024", "due": "2024-03-31", "quarters": []}}, 2, []),
        ({"cancelled": {"date": "2024-04-10", "reason": "Нет средств"}}, 2, []),
    ],
)
def test_an_indicator_that_wants_a_value_is_reported_without_one(
    changes: dict[str, Any], quarter: int, listed: list[tuple[str, str]]
) -> None:
    data: dict[str, Any] = {**data_of(SEED)}
    common = {"unit": "%", "direction": "not_less", "target": 95}
    indicators = [
        {**common, "name": "обращения", "period": "quarter"},
        {**common, "name": "за год", "period": "year"},
    ]
    measure = {**data["measures"][0], "indicator": indicators, **changes}
    plan = read_plan(data | {"measures": [measure]})
    period = of_quarter(CalendarQuarter(2024, quarter))
    report = period_report(plan, period, date(2024, 12, 31), untranslated)
    rows = [row for one in report.tables if one.name == "Показатели" for row in one.rows]
    assert [(one.cells[1].text.split(",")[0], one.cells[4].text) for one in rows] == listed
    assert not [one for one in report.blocks if isinstance(one, ChartBlock)]
    # Before the last day of its period no value is missing.
    before = period_report(plan, period, period.last - timedelta(days=1), untranslated)
    assert "Показатели" not in [one.name for one in before.tables]
