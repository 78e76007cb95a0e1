"""Copies of our own exports, read again: only what was edited in them comes back."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from kvartal.exchange import own_export as own_exports
from kvartal.exchange.grid import GridCell, SourceDocument
from kvartal.exchange.importing.choosing import programme_for
from kvartal.exchange.importing.copy_cells import cells_not_taken
from kvartal.exchange.importing.edited_copy import OwnExport, import_copy, restored
from kvartal.exchange.importing.importing import import_into
from kvartal.exchange.importing.severity import not_understood
from kvartal.exchange.readers.dispatch import read_source
from kvartal.exchange.readers.docx import read_docx
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.readers.xlsx import read_xlsx
from kvartal.exchange.tables.budgets import unrounded
from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme
from kvartal.exchange.writers.csv_writer import write_csv
from kvartal.exchange.writers.docx_writer import write_docx
from kvartal.exchange.writers.html_writer import write_html
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import untranslated
from kvartal.schema.plan_data import rows_of
from kvartal.schema.reading import read_plan
from kvartal.tui.i18n import translator
from tests.exchange.exported import (
    DAY,
    ROOT,
    SEED,
    SHAPES,
    as_docx,
    as_xlsx,
    data_of,
    report_of,
)
from tests.exchange.sources import programme, source


def read(name: str, content: bytes, **_options: object) -> SourceDocument:
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
    row[1].value = "Провести две проверки\n-\nСверить"
    sheet.append(["8.", "Сверка договоров", "декабрь 2026", "Отдел кадров"])
    stream = io.BytesIO()
    book.save(stream)
    copy = copy_of("plan.xlsx", stream.getvalue())
    result = import_copy(data, copy, day=DAY)
    assert [(one.id, one.field) for one in result.changed] == [("6", "actions")]
    assert result.changed[0].new == ["Провести две проверки", "-", "Сверить"]
    assert result.added == ("8",)
    # The programme has got another measure of that number meanwhile.
    other = {**rows_of(data)[-1], "id": "8", "number": "8."}
    result = import_copy({**data, "measures": [*rows_of(data), other]}, copy, day=DAY)
    assert result.added == ("8-2",)


def test_what_stands_in_the_hidden_part_must_be_a_plan() -> None:
    data: PlanData = {**data_of(SEED)}
    report = report_of(data)
    broken = replace(report, hidden={"plan": {"year": "2024", "x": []}})
    content, _warnings = write_docx(broken, untranslated)
    assert own_exports.own_export(read("plan.docx", content), {}, translator) is None


def edited_fields(content: bytes, name: str, data: PlanData) -> list[tuple[str, object, object]]:
    result = import_copy(data, copy_of(name, content), day=DAY)
    return [(one.field, one.old, one.new) for one in result.changed]


OF_DECLARED = [("extra.detected", "2025-11-18", "2025-12-01"), ("extra.hosts", 4, 7.5)]


def test_declared_fields_come_back_under_their_keys_with_their_types() -> None:
    data = data_of(ROOT / "examples" / "plan-of-action" / "plan" / "2026.yaml")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(data)))
    row = next(row for row in book.worksheets[0].iter_rows() if row[0].value == "V-0001")
    # Numbers and dates are such in a workbook, not texts that look like them.
    assert (row[9].value, row[8].value) == (4, datetime(2025, 11, 18))  # noqa: DTZ001 - a date
    row[9].value, row[8].value = 7.5, datetime(2025, 12, 1)  # noqa: DTZ001 - a date
    stream = io.BytesIO()
    book.save(stream)
    assert edited_fields(stream.getvalue(), "plan.xlsx", data) == OF_DECLARED


def test_long_numbers_are_spaced_and_an_edited_one_is_not_rounded() -> None:
    data = data_of(ROOT / "examples" / "plan-of-action" / "plan" / "2026.yaml")
    first, *others = rows_of(data)
    for value, shown in ((2026, "General"), (12345, "#,##0"), (1234567.25, "#,##0.00")):
        extra: PlanData = {"hosts": value}
        changed: PlanData = {**data, "measures": [{**first, "extra": extra}, *others]}
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(changed)))
        cell = next(row for row in book.worksheets[0].iter_rows() if row[0].value == "V-0001")[9]
        assert (cell.value, cell.number_format) == (value, shown)
        cell.value = 20000.125
        stream = io.BytesIO()
        book.save(stream)
        edited = edited_fields(stream.getvalue(), "plan.xlsx", changed)
        assert edited == [("extra.hosts", value, 20000.125)]


@pytest.mark.parametrize(
    ("shown", "stored", "taken"),
    [
        ("12,345", "12345", "12345"),
        ("-1,234,567.5", "-1234567.5", "-1234567.5"),
        ("20\u00a0001", "20000.5", "20000.5"),
        # What reads as what is stored stays as it is shown.
        *(("007", "7", "007"), ("12,50", "12.5", "12,50"), ("50%", "0.5", "50%")),
    ],
)
def test_a_number_counts_where_it_is_shown_as_another(shown: str, stored: str, taken: str) -> None:
    cell = GridCell(0, 0, value=Decimal(stored))
    assert unrounded(cell, shown) == taken


@pytest.mark.parametrize(("day", "hosts"), [("01.12.2025", "7,5"), ("2025-12-01", "7.5")])
def test_declared_fields_are_read_as_they_are_printed(day: str, hosts: str) -> None:
    data = data_of(ROOT / "examples" / "plan-of-action" / "plan" / "2026.yaml")
    document = Document(io.BytesIO(as_docx(data)))
    row = next(row for row in document.tables[-1].rows if row.cells[0].text == "V-0001")
    row.cells[8].paragraphs[0].runs[0].text = day
    row.cells[9].paragraphs[0].runs[0].text = hosts
    stream = io.BytesIO()
    document.save(stream)
    assert edited_fields(stream.getvalue(), "plan.docx", data) == OF_DECLARED


def test_what_is_no_value_of_a_declared_field_is_named() -> None:
    data = data_of(ROOT / "examples" / "plan-of-action" / "plan" / "2026.yaml")
    document = Document(io.BytesIO(as_docx(data)))
    row = next(row for row in document.tables[-1].rows if row.cells[0].text == "V-0001")
    row.cells[9].paragraphs[0].runs[0].text = "4 5"
    stream = io.BytesIO()
    document.save(stream)
    result = import_copy(data, copy_of("plan.docx", stream.getvalue()), day=DAY)
    assert (result.change.edits, result.added) == ((), ())
    assert [one.message() for one in result.remarks] == [
        "«4 5» — не значение поля «Hosts affected»: не взято."
    ]


SHOWN = ("budget", "indicator", "section", "channel", "id", "actions_from", "same_work")


def with_every_column() -> PlanData:
    """Return a programme whose document has a column for each field that one may name."""
    named = ("number", "actions", "term", *SHOWN)
    columns: list[Plain] = [
        {"heading": f"Графа {at}", "field": one} for at, one in enumerate(named)
    ]
    budget: list[Plain] = [
        {"year": 2024, "source": "Бюджет", "plan": 12500, "fact": 0},
        {"plan": 7},
    ]
    target: dict[str, Plain] = {"name": "Доля", "unit": "%", "direction": "not_less"}
    target |= {"target": 95, "period": "year"}
    term: dict[str, Plain] = {"text": "III квартал 2024", "quarters": [3]}
    first: dict[str, Plain] = {"id": "а", "number": "1", "section": "1", "actions": ["Дело"]}
    first |= {"term": term, "budget": budget, "indicator": target, "same_work": ["б"]}
    second: dict[str, Plain] = {"id": "б", "number": "2", "section": "1", "actions_from": "а"}
    return {
        "year": 2024,
        "language": "ru",
        "document": {
            "organization": "ООО «А»",
            "title": "Программа на 2024 год",
            "plan": {"number": "1", "heading": "План", "table": {"columns": columns}},
        },
        "sections": [{"number": "1", "title": "Раздел"}],
        "measures": [first, second | {"term": term}],
    }


@pytest.mark.parametrize("form", ["csv", "html"])
def test_every_field_that_a_column_may_name_is_printed_and_read_as_nothing_new(form: str) -> None:
    data = with_every_column()
    plan, report = read_plan(data), report_of(data)
    rows = {row.measure: row for row in report.tables[-1].rows}
    assert [cell.lines for cell in rows["а"].cells[3:]] == [
        ("2024, Бюджет: 12\u00a0500, факт: 0", "7"),
        ("Доля: не менее 95 %",),
        *(("1",), (), ("а",), (), ("б",)),
    ]
    assert rows["б"].cells[-2].lines == ("а",)
    content = write_csv(report) if form == "csv" else write_html(report)
    document = read_source(SourceFile(f"plan.{form}", content))
    into = own_exports.ImportTarget(data, plan, "2024.yaml")
    programme, result = own_exports.import_document(document, into, translator, day=DAY)
    assert (result.changed, result.added, programme.fields) == ((), (), ())
    named_columns = [one for one in result.remarks if one.code == "target-offered"]
    assert len(named_columns) == len(SHOWN)


def test_what_was_edited_where_a_copy_changes_nothing_is_named() -> None:
    data = with_every_column()
    document = Document(io.BytesIO(as_docx(data)))
    row = document.tables[-1].rows[2]
    row.cells[4].paragraphs[0].runs[0].text = "Доля: не менее 90 %"
    stream = io.BytesIO()
    document.save(stream)
    result = import_copy(data, copy_of("plan.docx", stream.getvalue()), day=DAY)
    assert result.change.edits == ()
    assert [one.message() for one in not_understood(result.remarks)] == [
        "«Доля: не менее 90 %» не берётся: меняйте это в самой программе."
    ]


@pytest.mark.parametrize("column", [4, 3])
def test_a_cell_that_was_cleared_in_a_copy_is_named(column: int) -> None:
    """Of a field that a copy may change, and of one that it may not: nothing is deleted."""
    data: Any = with_every_column()
    data["document"]["plan"]["table"]["columns"][3] = {"heading": "Итог", "field": "result"}
    data["measures"][0]["result"] = "Готово"
    document = Document(io.BytesIO(as_docx(data)))
    cell = document.tables[-1].rows[2].cells[column]
    heading, text = document.tables[-1].rows[0].cells[column].text, cell.text
    assert text
    for one in cell.paragraphs:
        one.clear()
    stream = io.BytesIO()
    document.save(stream)
    result = import_copy(data, copy_of("plan.docx", stream.getvalue()), day=DAY)
    assert result.change.edits == ()
    (said,) = (one.message() for one in not_understood(result.remarks))
    assert said == (
        f"1: «{heading}» в копии очищено, было «{text}». Импорт ничего не удаляет: уберите это в "
        "самой программе."
    )


@pytest.mark.parametrize(("old", "new"), [("-", ""), ("", "-"), ("х", "—")])
def test_a_cell_that_was_empty_before_was_not_cleared(old: str, new: str) -> None:
    original, edited = (
        programme(source("1", "а", mark="m", printed={"result": one}), columns={"Итог": "result"})
        for one in (old, new)
    )
    assert [*cells_not_taken(original, edited)] == []


@pytest.mark.parametrize(
    ("field", "is_named"),
    [("shown.state", True), ("indicator.target", True), ("segment", True), ("result", False)],
)
def test_an_edited_cell_is_named_where_no_measure_takes_it(field: str, *, is_named: bool) -> None:
    original, edited = (
        programme(source("1", "а", mark="m", printed={field: one}), columns={"Итог": field})
        for one in ("б", "в")
    )
    said = ["«в» не берётся: меняйте это в самой программе."] if is_named else []
    assert [one.message() for one in cells_not_taken(original, edited)] == said


def test_a_printed_document_has_the_line_of_each_page_that_its_programme_has() -> None:
    data: PlanData = {**data_of(SEED)}
    content, _warnings = write_docx(replace(report_of(data), hidden={}), untranslated)
    options = ReadingOptions(read_plan(data).period)
    programme = read_programme(read("plan.docx", content), options)
    known = data["document"]
    assert isinstance(known, dict)
    for name in ("page_header", "code", "contents_heading"):
        assert programme.document[name] == known[name]


@pytest.mark.parametrize("path", SHAPES, ids=lambda one: f"{one.parents[1].name}-{one.stem}")
@pytest.mark.parametrize("form", ["csv", "html"])
def test_what_carries_no_hidden_part_is_read_as_it_was_printed(path: Path, form: str) -> None:
    data = data_of(path)
    report = report_of(data)
    content = write_csv(report) if form == "csv" else write_html(report)
    document = read_source(SourceFile(f"plan.{form}", content))
    plan = read_plan(data)
    programme = programme_for(document, plan, path.name)
    result = import_into(data, programme, day=DAY)
    assert (result.added, result.left) == ((), ())
    assert "document-differs" not in {one.code for one in result.remarks}
    # Each column of a field is known; a declared one is printed under its own title.
    assert {one["title"] for one in programme.fields} <= {one.title for one in plan.fields}
    assert [one for one in result.changed if not one.field.startswith("extra")] == []
