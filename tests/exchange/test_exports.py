"""`kvartal export`: every kind in every format, re-read by others; what copies bring back."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import icalendar
import openpyxl
import pytest
from docx import Document
from jsonschema import Draft202012Validator

from kvartal.exchange import own_export as own_exports
from kvartal.exchange.calendar_events import remaining
from kvartal.exchange.export_request import FORMATS
from kvartal.exchange.grid import SourceDocument
from kvartal.exchange.importing.edited_copy import OwnExport, import_copy, restored
from kvartal.exchange.readers.docx import read_docx
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.readers.xlsx import read_xlsx
from kvartal.exchange.reports.blocks import Report
from kvartal.exchange.reports.plan_report import plan_report
from kvartal.exchange.reports.printable import printable
from kvartal.exchange.writers.calendar_writer import CalendarEvent, event_uid, write_calendar
from kvartal.exchange.writers.csv_writer import write_csv
from kvartal.exchange.writers.docx_writer import PLACEHOLDER, write_docx
from kvartal.exchange.writers.html_writer import write_html
from kvartal.exchange.writers.markdown import write_markdown
from kvartal.exchange.writers.xlsx_cells import LONGEST_TEXT, TextCut
from kvartal.exchange.writers.xlsx_writer import write_xlsx
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import untranslated
from kvartal.schema.reading import read_plan
from kvartal.tui.i18n import translator
from tests.support.cli import call

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
SEED = ROOT / "plan" / "2024.yaml"
SHAPES = [
    SEED,
    *sorted((ROOT / "tests" / "plans" / "whole").glob("*.yaml")),
    *sorted((ROOT / "examples").glob("*/plan/*.yaml")),
]
DAY = date(2024, 10, 1)
CYRILLIC = re.compile("[А-Яа-яЁё]")

EXPORT = Draft202012Validator(
    json.loads((ROOT / "docs" / "json" / "export.schema.json").read_text("utf-8"))
)

Run = Callable[..., Any]


def data_of(path: Path) -> PlanData:
    return load(path.read_bytes(), path.name).data


def report_of(data: PlanData) -> Report:
    plan = read_plan(data)
    return printable(plan_report(plan, data, translator(plan.language)))


def as_docx(data: PlanData) -> bytes:
    return write_docx(report_of(data), translator(read_plan(data).language))


def as_xlsx(data: PlanData) -> bytes:
    return write_xlsx(report_of(data), translator(read_plan(data).language))[0]


def read(name: str, content: bytes) -> SourceDocument:
    """Return a document, read in this process."""
    source = SourceFile(name, content)
    return read_docx(source) if name.endswith("docx") else read_xlsx(source)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_exports, "read_content", read)


def copy_of(name: str, content: bytes) -> OwnExport:
    copy = own_exports.own_export(read(name, content), {}, translator)
    assert copy is not None
    return copy


@pytest.fixture
def export(programme: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(programme.parent.parent)
    return lambda *words: call(["export", "--as-of", "2024-10-01", *words])


# ------------------------------------------------------------------------------------ command line


def test_every_pair_of_kind_and_format_twice_the_same(export: Run, programme: Path) -> None:
    before = sorted(programme.parent.parent.iterdir())
    for kind, forms in FORMATS.items():
        for form in FORMATS["report"]:
            words = ("--kind", kind, "--format", form, "-o", f"../{kind}.{form}", "--force")
            result = export(*words)
            assert result.exit_code == (0 if form in forms else 2), (kind, form, result.stderr)
            if form == "json":
                EXPORT.validate(json.loads(Path(f"../{kind}.{form}").read_text("utf-8")))
            if kind == "report" and form in {"docx", "xlsx"}:
                first = Path(f"../{kind}.{form}").read_bytes()
                members = ZipFile(io.BytesIO(first)).infolist()
                assert {one.date_time for one in members} == {(1980, 1, 1, 0, 0, 0)}
                export(*words)
                assert Path(f"../{kind}.{form}").read_bytes() == first
    assert sorted(programme.parent.parent.iterdir()) == before


@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_the_report_is_the_known_one_byte_for_byte(export: Run, form: str) -> None:
    result = export("--kind", "report", "--format", form, "--quarter", "3")
    assert result.exit_code == 0
    golden = GOLDEN / f"report-2024-Q3.{form}"
    assert result.stdout_bytes == golden.read_bytes()


def test_where_it_is_written(export: Run) -> None:
    assert (
        "report-2024-Q3.docx"
        in export("--kind", "report", "--format", "docx", "--quarter", "3").stdout
    )
    again = export("--kind", "report", "--format", "docx", "--quarter", "3")
    assert again.exit_code == 1
    assert "--force" in again.stderr
    refused = export("--kind", "plan", "--format", "html", "-o", "plan/2024.yaml", "--force")
    assert (refused.exit_code, Path("plan/2024.yaml").read_bytes()) == (1, SEED.read_bytes())
    assert export("--kind", "plan", "--format", "csv", "-o", "missing/x.csv").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--kind", "overdue", "--format", "md", "--quarter", "3"),
        ("--kind", "report", "--format", "md", "--quarter", "3", "--half", "1"),
        ("--kind", "plan", "--format", "md", "HEAD~1"),
        ("--kind", "plan", "--format", "html", "--template", "x.docx"),
        ("--kind", "plan", "--format", "md", "--excel"),
        ("--kind", "report", "--format", "md", "--half", "3"),
    ],
)
def test_options_that_mean_nothing_together(export: Run, words: tuple[str, ...]) -> None:
    assert export(*words).exit_code == 2


def test_periods(export: Run) -> None:
    def period(*words: str) -> dict[str, str]:
        result = export("--kind", "report", "--format", "json", *words)
        assert result.exit_code == 0
        found: dict[str, str] = json.loads(result.stdout)["data"]["period"]
        return found

    year = {"start": "2024-01-01", "due": "2024-12-31"}
    assert period() == period("--whole-year") == year
    assert period("--half", "2") == {"start": "2024-07-01", "due": "2024-12-31"}
    assert period("--to", "30.09.2024") == {"start": "2024-01-01", "due": "2024-09-30"}
    assert export("--kind", "report", "--format", "md", "--from", "2024-05-01", "--to",
                  "2024-04-01").exit_code == 1  # fmt: skip


def test_a_missing_library_is_a_sentence(export: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("xlsxwriter", "docx", "icalendar"):
        monkeypatch.setitem(sys.modules, module, None)
    for form in ("xlsx", "docx", "ics"):
        result = export("--kind", "report", "--format", form)
        assert result.exit_code == 1
        assert "pip install 'kvartal[office]'" in result.stderr


def test_a_review_stands_alone(export: Run, programme: Path) -> None:
    called = call(["set", "1.1.2", "responsible=Отдел <script>", "--plan", str(programme)])
    assert called.exit_code == 0
    result = export("--kind", "review", "--format", "html")
    assert result.exit_code == 0
    page = result.stdout
    assert "default-src 'none'" in page
    assert "<script>" not in page
    assert "Отдел &lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=", page)
    known = json.loads(export("--kind", "review", "--format", "json", "HEAD~1").stdout)["data"]
    (entry,) = known["entries"]
    assert [one["field"] for one in entry["changes"]] == ["responsible"]
    assert entry["email"]
    assert entry["date"][-6] in "+-"
    assert known["findings"] == []


def test_a_calendar_for_another_program(export: Run) -> None:
    def events() -> dict[str, Any]:
        result = export("--kind", "report", "--format", "ics")
        calendar = icalendar.Calendar.from_ical(result.stdout_bytes)
        return {str(one["uid"]): one for one in calendar.walk("VEVENT")}

    first = events()
    assert len(first) == 53
    assert {len(one.walk("VALARM")) for one in first.values()} == {2}
    assert {int(one["sequence"]) for one in first.values()} == {1}
    assert call(["set", "1.1.2", "responsible=Отдел"]).exit_code == 0
    second = events()
    assert second.keys() == first.keys()
    assert sorted({int(one["sequence"]) for one in second.values()}) == [1, 2]


def test_digest(export: Run) -> None:
    del export
    result = call(["digest", "--as-of", "2024-09-20"])
    assert "Просрочено: 26" in result.stdout
    assert "Срок в ближайшие 14 дней: 14" in result.stdout
    assert "Просрочено на 173 дн." in result.stdout
    rows = json.loads(call(["digest", "--json", "--as-of", "2024-09-20"]).stdout)
    schema = json.loads((ROOT / "docs" / "json" / "digest.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(rows)
    (row,) = rows
    assert (len(row["overdue"]), len(row["due_14"]), row["year"]) == (26, 14, 2024)
    nobody = call(["digest", "--as-of", "2024-09-20", "--responsible", "Иванова"])
    assert "Ничего срочного." in nobody.stdout
    page = call(["digest", "--as-of", "2024-09-20", "--format", "html"])
    assert page.stdout.startswith("<!DOCTYPE html>")


# --------------------------------------------------------------------------------------- documents


@pytest.mark.parametrize(
    ("path", "write"),
    [(path, write) for path in SHAPES for write in (as_docx, as_xlsx)][1:],
    ids=lambda one: one.stem if isinstance(one, Path) else one.__name__[3:],
)
def test_a_round_trip_changes_nothing(path: Path, write: Callable[[PlanData], bytes]) -> None:
    data = data_of(path)
    name = "plan.docx" if write is as_docx else "plan.xlsx"
    copy = copy_of(name, write(data))
    result = import_copy(data, copy, day=DAY)
    assert (result.change.edits, result.added, result.left) == ((), (), ())
    again, _result = restored(copy, DAY)
    assert again == data


def test_an_edited_word_copy_brings_what_was_edited() -> None:
    data = data_of(SEED)
    document = Document(io.BytesIO(as_docx(data)))
    table = document.tables[-1]
    cell = next(row.cells[4] for row in table.rows if row.cells[0].text == "3.1.1")
    cell.paragraphs[0].runs[0].text = "Внедрена новая версия"
    stream = io.BytesIO()
    document.save(stream)
    result = import_copy(data, copy_of("plan.docx", stream.getvalue()), day=DAY)
    assert [(one.id, one.field, one.new) for one in result.changed] == [
        ("3.1.1", "result", "Внедрена новая версия")
    ]
    assert (result.added, result.left) == ((), ())
    result = import_copy(data, copy_of("plan.docx", as_docx(data)), day=DAY)
    assert (result.change.edits, result.added, result.left) == ((), (), ())


def test_an_edited_excel_copy_brings_what_was_edited() -> None:
    data = data_of(ROOT / "tests" / "plans" / "whole" / "municipality-2026.yaml")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(data)))
    sheet = book.worksheets[0]
    mark = "kvartal_" + b"6".hex()
    row = next(row for row in sheet.iter_rows() if row[-1].value == mark)
    row[1].value = "Провести две проверки"
    stream = io.BytesIO()
    book.save(stream)
    result = import_copy(data, copy_of("plan.xlsx", stream.getvalue()), day=DAY)
    assert [(one.id, one.field) for one in result.changed] == [("6", "actions")]


def test_what_stands_in_the_hidden_part_must_be_a_plan() -> None:
    data: PlanData = {**data_of(SEED)}
    report = report_of(data)
    content = write_docx(replace(report, hidden={"plan": {"year": "2024", "x": []}}), untranslated)
    assert own_exports.own_export(read("plan.docx", content), {}, translator) is None


def _style(paragraph: Any) -> str:  # noqa: ANN401 - python-docx has no such type
    return str(paragraph.style.name)


def test_word_has_styles_and_repeated_headings() -> None:
    document = Document(io.BytesIO(as_docx(data_of(SEED))))
    headings = [one.text for one in document.paragraphs if _style(one) == "Heading 1"]
    assert headings[-1] == "6. ПЛАН МЕРОПРИЯТИЙ ПО ПОВЫШЕНИЮ КАЧЕСТВА ОБСЛУЖИВАНИЯ"
    table = document.tables[-1]
    xml = table._tbl.xml
    assert xml.count("<w:tblHeader/>") == 2
    assert '<w:tblLayout w:type="fixed"/>' in xml
    assert [cell.text for cell in table.rows[0].cells] == [
        *("№", "Предложения", "Мероприятия", "Срок", "Результат")
    ]
    empty = [row for row in table.rows if {cell.text for cell in row.cells} == {"-"}]
    assert len(empty) == 9


def test_a_template_of_the_company(tmp_path: Path) -> None:
    template = Document()
    template.styles["Normal"].font.name = "Arial"
    template.add_paragraph("Обложка {{organization}}")
    paragraph = template.add_paragraph("{{ti")
    paragraph.add_run("tle}}")
    template.add_paragraph(PLACEHOLDER)
    template.add_paragraph("Подпись")
    path = tmp_path / "template.docx"
    template.save(str(path))
    data = data_of(SEED)
    content = write_docx(report_of(data), untranslated, path)
    document = Document(io.BytesIO(content))
    texts = [one.text for one in document.paragraphs if one.text]
    assert texts[0] == "Обложка АО «Алтайэнергосбыт»"
    assert texts[1] == read_plan(data).header("title")
    assert texts[-1] == "Подпись"
    assert document.styles["Normal"].font.name == "Arial"


def test_an_english_plan_without_a_russian_word() -> None:
    data = data_of(ROOT / "examples" / "plan-of-action" / "plan" / "2026.yaml")
    report = report_of(data)
    for content in (write_markdown(report), write_csv(report), write_html(report)):
        assert not CYRILLIC.search(content.decode())
    document = Document(io.BytesIO(as_docx(data)))
    texts = [one.text for one in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not any(CYRILLIC.search(text) for text in texts)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(data)))
    assert not any(CYRILLIC.search(sheet.title) for sheet in book)


HOSTILE = "=1+1\x1b[31m<b>&amp;</b>|`*_\u202e \u0000\ud800"


def hostile_plan(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a measure
    measure: dict[str, Any] = {
        "id": "1",
        "number": "1",
        "actions": [HOSTILE],
        "proposal": "=HYPERLINK(1)",
        "result": "-",
        "term": {"text": "I квартал", "quarters": [1]},
        **more,
    }
    document = {"organization": "ООО <script>", "title": HOSTILE}
    return {"year": 2024, "language": "ru", "document": document, "measures": [measure]}


def test_hostile_texts_are_texts() -> None:
    data = hostile_plan(budget={"plan": 0})
    report = report_of(data)
    page = write_html(report).decode()
    assert "<b>" not in page
    assert "\u202e" not in page
    assert "‹U+202E›" in page
    markdown = write_markdown(report).decode()
    assert r"\|\`\*\_" in markdown
    rows = list(csv.reader(io.StringIO(write_csv(report, for_excel=True).decode("utf-8-sig")),
                           delimiter=";"))  # fmt: skip
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][-1] == "-"
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(data)))
    cells = [cell for cell in book.worksheets[0][2] if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert cells[1].value == "=HYPERLINK(1)"
    assert Document(io.BytesIO(as_docx(data))).tables[-1].rows[1].cells[1].text == "=HYPERLINK(1)"


def test_hostile_texts_in_a_calendar() -> None:
    plan = read_plan(hostile_plan())
    deadlines = [CalendarEvent(event_uid(plan, one), one) for one in remaining(plan, DAY)]
    content = write_calendar(plan, deadlines, untranslated)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == "1 =HYPERLINK(1)"
    assert "␛[31m" in str(event["description"])
    assert b"\x1b" not in content


def test_what_a_cell_cannot_hold_is_named() -> None:
    data = hostile_plan(actions=["слово " * 7000])
    report = report_of(data)
    content, warnings = write_xlsx(report, untranslated)
    assert [type(one) for one in warnings] == [TextCut]
    text = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["C2"].value
    assert (len(text), text[-1]) == (LONGEST_TEXT, "…")


def test_many_and_none() -> None:
    data = hostile_plan()
    (measure,) = data["measures"]
    rows: list[Any] = [{**measure, "id": f"{n}", "number": f"{n}"} for n in range(1, 501)]
    many: PlanData = {**data, "measures": [*rows]}
    assert len(Document(io.BytesIO(as_docx(many))).tables[-1]._tbl.tr_lst) == 501
    none: PlanData = {**data, "measures": []}
    assert as_docx(none)
    assert write_html(report_of(none))
