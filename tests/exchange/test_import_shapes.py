"""Documents of many shapes become programmes: nothing invented, nothing dropped in silence."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kvartal.exchange.child_process import check_stopped
from kvartal.exchange.errors import DocumentReadingStopped
from kvartal.exchange.grid import SourceDocument
from kvartal.exchange.importing.importing import Import, import_into, new_programme
from kvartal.exchange.importing.matching import matched
from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.readers.dispatch import read_source
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.tables.programme import SourceMeasure, SourceProgramme
from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme
from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.document import plan_text
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import MISSING, Edit, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.measure import Term
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.reading import read_plan
from tests.exchange.accounting import strings, unaccounted, words
from tests.exchange.office import p, tbl, tr
from tests.exchange.office import read as docx_read
from tests.exchange.readings import DRAWINGS, golden_readings, reading
from tests.exchange.rebuilt import HEADINGS, rebuilt
from tests.exchange.shapes import SHAPES, drawn

CASES = Path(__file__).parent / "cases"
ROOT = Path(__file__).resolve().parents[2]
PLANS = (ROOT / "plan" / "2024.yaml", *sorted((ROOT / "tests" / "plans" / "whole").glob("*.yaml")))
DAY = date(2026, 2, 1)
YEAR = ProgrammePeriod.of_year(2026)


def opened(path: Path) -> SourceDocument:
    return read_source(SourceFile(path.name, path.read_bytes()))


def read(document: SourceDocument) -> SourceProgramme:
    return read_programme(document, ReadingOptions(fallback=YEAR))


def begun(programme: SourceProgramme) -> tuple[PlanData, Import]:
    """Return a new plan that holds a programme; it is valid and survives its file."""
    data, result = new_programme(programme, organization="О", title="Т", day=DAY)
    source = load(plan_text(data, schema="x").encode(), "plan.yaml")
    assert not check(source)
    assert source.data == data
    return data, result


def read_drawing(text: str) -> tuple[SourceProgramme, PlanData, Import]:
    programme = read(drawn(text))
    return (programme, *begun(programme))


def shape(name: str) -> tuple[SourceProgramme, PlanData, Import]:
    return read_drawing(SHAPES[name])


def codes(result: Import) -> set[str]:
    return {one.code for one in result.remarks}


def brief(measure: SourceMeasure) -> tuple[Any, ...]:
    return (measure.number, measure.part, measure.proposal, measure.actions, measure.term.text)


@pytest.mark.parametrize("name", SHAPES)
def test_nothing_is_dropped_in_silence_and_nothing_is_invented(name: str) -> None:
    document = drawn(SHAPES[name])
    programme = read(document)
    data, result = begun(programme)
    headings = set(programme.columns)
    assert unaccounted(document, data, result.remarks, headings) == []
    source = {word for part in SHAPES[name].split("\n") for word in words(part)}
    own = {key: value for key, value in data.items() if key in {"sections", "measures"}}
    given = {
        "true",
        "false",
        "b2b",
        "b2c",
        "январь",
        "февраль",
        "март",
        "апрель",
        *map(str, range(100)),
    }
    for text in strings(own):
        numbers = {word for word in words(text) if re.fullmatch(r"[\d.qk]+", word)}
        assert set(words(text)) - numbers <= source | given | {"квартал", "кварталы"}, text


@pytest.mark.parametrize(
    ("file", "name"), [(file, name) for file, drawings in DRAWINGS.items() for name in drawings]
)
def test_a_document_is_read_as_the_golden_file_says_and_changes_nothing_again(
    file: str, name: str
) -> None:
    programme, data, first = read_drawing(DRAWINGS[file][name])
    assert reading(programme, data, first) == golden_readings(file)[name]
    again = import_into(data, programme, day=DAY)
    assert (again.change.edits, again.added, again.changed, again.left) == ((), (), (), ())
    assert len(first.added) == len(programme.measures)


def expected_files() -> list[Path]:
    return sorted(CASES.glob("*.expected.json"))


@pytest.mark.parametrize("file", expected_files(), ids=lambda file: file.name.split(".")[0])
def test_the_documents_at_hand_give_what_stands_beside_them(file: Path) -> None:
    expected = json.loads(file.read_text(encoding="utf-8"))
    document = opened(CASES / expected["file"])
    programme = read(document)
    data, result = begun(programme)
    assert unaccounted(document, data, result.remarks, set(programme.columns)) == []
    assert period_year(programme) == (expected["year"] or 2026)
    assert data["language"] == expected["language"]
    for key, value in expected["document"].items():
        found: Any = programme.document[key]
        # What stands before the date is kept, where the file at hand names only date and number.
        is_part = isinstance(found, dict) and isinstance(value, dict)
        assert ({**found, **value} if is_part else value) == found
    columns = {re.sub(r"\s", " ", key): value for key, value in expected["columns"].items()}
    assert {key: programme.columns.get(key) for key in columns} == columns
    sections = [without(section, "segment") for section in rows(data, "sections")]
    assert sections == expected["sections"]
    assert [measure(row) for row in rows(data, "measures")] == [
        wanted(row) for row in expected["measures"]
    ]
    told = " ".join(f"{one.place} {one.message()}" for one in result.remarks)
    for one in MUST_REPORT[expected["file"]]:
        assert one in told


MUST_REPORT = {
    "01-severopolsk.docx": ("Номер 2.2.10 после 2.2.1", "Срок «постоянно» без даты", "Примеров"),
    "07-programma.xlsx": (
        *("A11 Скрытая строка «1.1.3", "Скрытый столбец «Внутренний комментарий»"),
        *("Скрытый лист «2025 (архив)»", "лист «Справочник» Это не таблица"),
    ),
    "12-vygruzka.tsv": ("Года в документе нет", "организация, название"),
    "14-vypiska.txt": ("«Авто- матический»: похоже на перенос", "Глава «ОБЩИЕ СВЕДЕНИЯ»"),
    "15-prostoy-plan.docx": (
        "стоит «-»: поле пусто",
        "«Предложения» нет",
        "Разделов в таблице нет",
    ),
}


def rows(data: PlanData, key: str) -> list[dict[str, Any]]:
    found: Any = data.get(key, [])
    return list(found)


def period_year(programme: SourceProgramme) -> int:
    assert programme.period.year is not None
    return programme.period.year


def without(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    nested = {
        name: [without(one, key) for one in row[name]] for name in ("channels",) if name in row
    }
    return {name: value for name, value in {**row, **nested}.items() if name != key}


def measure(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a measure of a plan as the files at hand describe one."""
    term = row["term"]
    return {
        "number": row["number"],
        "place": row.get("channel") or row.get("section"),
        "proposal": row.get("proposal"),
        "shared": "actions_from" in row,
        "actions": row.get("actions"),
        "text": term["text"],
        "quarters": term.get("quarters"),
        "due": term.get("due"),
        "points": term.get("points"),
        "result": row.get("result"),
        "responsible": row.get("responsible"),
    }


def wanted(row: Mapping[str, Any]) -> dict[str, Any]:
    term = row["term"]
    is_shared = row.get("actions_shared", False)
    # A plan stores either quarters or dates: the other follows.
    is_dated = not term["quarters"] and not term.get("points")
    return {
        "number": row["number"],
        "place": row["channel"] or row["section"],
        "proposal": row["proposal"],
        "shared": is_shared,
        "actions": None if is_shared else row["actions"],
        "text": term["text"],
        "quarters": term["quarters"],
        "due": term["due"] if is_dated else None,
        "points": term.get("points"),
        "result": row["result"],
        "responsible": row["responsible"],
    }


def test_totals_are_a_check_and_money_is_in_roubles() -> None:
    _, data, result = shape("муниципальный план")
    first = rows(data, "measures")[0]
    assert first["budget"] == [{"source": "Местный бюджет", "plan": 1500500}]
    assert "total-differs" not in codes(result)
    assert "total-differs" in codes(shape("итог не сходится")[2])


def test_money_keeps_its_sources_and_a_total_is_a_check() -> None:
    _, data, result = shape("деньги по источникам")
    assert [row["budget"] for row in rows(data, "measures")] == [
        [
            {"source": "Федеральный бюджет", "plan": 100000},
            {"source": "Местный бюджет", "plan": 50000},
        ],
        [{"source": "Местный бюджет", "plan": 20500}],
        {"plan": 7000},
    ]
    (said,) = [one.message() for one in result.remarks if one.code == "total-differs"]
    assert "Всего 21000, а по частям 20500" in said
    # The document of a plan is a mapping, which the type of plain data does not say.
    assert data["document"]["title"].startswith("Муниципальная программа")  # type: ignore[index, call-overload, union-attr]


def test_an_empty_column_of_numbers_and_a_gap_in_it_are_two_things() -> None:
    programme, *_ = shape("пустой столбец номеров")
    assert [one.number for one in programme.measures] == ["1", "2"]
    gap = tr("Осмотр", "3 квартал", "ОК", properties='<w:gridBefore w:val="1"/>')
    head = tr("№", "Мероприятие", "Срок", "Ответственный")
    table = tbl(head, tr("7", "Опрос", "1 квартал", "ОК"), gap)
    programme = read(docx_read(p("План мероприятий по качеству на 2026 год") + table))
    assert [one.number for one in programme.measures] == ["7", "7"]


def test_what_an_english_document_says_of_itself() -> None:
    programme, *_ = shape("английское утверждение")
    assert programme.document["organization"] == "Northland Water Ltd"
    assert programme.document["approval"] == {
        "caption": "Approved by the Board",
        "date": "2025-12-12",
    }
    assert all(not one.extra for one in programme.measures)


def test_a_column_called_as_a_field_of_a_measure_gets_another_key() -> None:
    table = """
План мероприятий на 2026 год
№ | Мероприятие | Срок | Records | Extra
1 | Ремонт | 2 квартал | Журнал | Да
"""
    programme = read(drawn(table))
    assert [one["key"] for one in programme.fields] == ["records-2", "extra-2"]
    data, _ = begun(programme)
    (row,) = rows(data, "measures")
    assert row["extra"] == {"records-2": "Журнал", "extra-2": "Да"}


def test_column_numbers_are_known_beside_a_hidden_column() -> None:
    document = drawn(SHAPES["повтор заголовка"])
    (grid,) = document.grids
    hidden = replace(grid, hidden_columns=frozenset({2}))
    programme = read(replace(document, parts=(document.parts[0], hidden)))
    assert [one.number for one in programme.measures] == ["1", "2"]


def test_periods_of_other_lengths() -> None:
    programme, data, _ = shape("учебный год")
    assert data["period"] == {"start": "2026-09-01", "due": "2027-08-31"}
    programme, data, _ = shape("три года с деньгами по годам")
    assert programme.period.year is None
    budgets = [row["budget"] for row in rows(data, "measures")]
    assert budgets[0] == [{"year": 2026, "plan": 100000}, {"year": 2027, "plan": 50000}]


def test_an_english_document_gives_an_english_plan() -> None:
    programme, data, result = shape("POA&M")
    assert data["language"] == "en"
    assert [one.number for one in programme.measures] == ["V-0001", "V-0002", "V-0007"]
    assert "state-differs" in codes(result)
    assert not any("records" in row for row in rows(data, "measures"))


def test_parts_by_indentation_numbers_and_columns() -> None:
    programme, *_ = shape("разделы отступом")
    assert [(one.number, one.title) for one in programme.parts][:3] == [
        *(("1", "Фонд"), ("1.1", "Детский фонд"), ("1.2", "Взрослый фонд")),
    ]
    programme, *_ = shape("уровни номерами")
    assert [(one.number, one.level, one.is_channel) for one in programme.parts] == [
        *(("1", 0, False), ("1.1", 1, False), ("1.1.1", 2, True), ("1.2", 1, True)),
    ]
    programme, *_ = shape("римские разделы")
    assert [one.part for one in programme.measures] == ["I", "I", "II"]
    programme, *_ = shape("разделы столбцами")
    assert [one.part for one in programme.measures] == ["1.1", "1.1", "2.1"]


def test_steps_and_shared_cells() -> None:
    programme, *_ = shape("шаги абзацами")
    assert programme.measures[0].actions == (
        "Создать комиссию",
        "Провести замеры",
        "Оформить карты",
    )
    programme, *_ = shape("продолжение шагов строками")
    assert [len(one.actions) for one in programme.measures] == [3, 1]
    programme, *_ = shape("слито всё")
    assert [one.responsible for one in programme.measures] == [
        *(("Отдел продаж",), ("Отдел продаж",), ("Кадры",)),
    ]


def test_tracked_and_struck_text() -> None:
    programme, _, result = shape("правка с пометками")
    assert [one.actions for one in programme.measures] == [("Ремонт фасада",), ("Покраска ворот",)]
    assert programme.measures[0].term.text == "II квартал"
    assert {"term-moved", "text-struck"} <= codes(result)


def test_terms_that_are_not_sure_are_kept_without_a_date() -> None:
    programme, data, result = shape("неясные сроки")
    assert [list(row["term"]) for row in rows(data, "measures")] == [["text"]] * 4
    assert {"term-unclear", "term-impossible"} <= codes(result)
    programme, *_ = shape("кварталы плюсами")
    assert [one.term.text for one in programme.measures][:2] == ["1, 3 кварталы", "2, 4 кварталы"]
    text = SHAPES["кварталы плюсами"].replace("+ |  | + |  |", "|  | + |  |")
    assert read(drawn(text)).measures[0].term.text == "3 квартал"
    _, result = begun(read(drawn(text.replace("+", "да"))))
    left = [str(one.fields["text"]) for one in result.remarks if one.code == "cell-left-out"]
    assert left == ["5 человек", "10 человек"]


def test_marks_are_offered_and_taken_when_asked_for() -> None:
    programme, data, result = shape("факт и состояние")
    assert {"fact-offered", "state-differs", "percent-differs"} <= codes(result)
    day = date(2026, 4, 1)
    taken = import_into(data, programme, day=day, records=True)
    (edit,) = taken.change.edits
    assert isinstance(edit.new, dict)
    assert (edit.new["quarter"], edit.new["date"]) == (1, "2026-03-20")
    assert "Взято из файла «план.docx»" in str(edit.new["evidence"])
    # A cell of a spreadsheet may hold 100 % as 1.
    first = programme.measures[0]
    whole = replace(first, fact=replace(first.fact, percents=("1",)))
    cancelled = Edit("1", ("cancelled",), MISSING, {"date": "2026-03-20", "reason": "а"})
    closed = apply_edits(data, (cancelled,))
    again = import_into(closed, replace(programme, measures=(whole,)), day=day)
    assert "percent-differs" not in codes(again)


def test_a_recognised_skip_is_no_fault_and_a_doubt_is_one() -> None:
    from kvartal.exchange.importing.severity import not_understood

    programme, data, quiet = shape("повтор заголовка")
    assert {one.code for one in not_understood(quiet.remarks)} == {"document-unknown"}
    # A plan that it goes into has a name of its own, and no option to give another.
    into = import_into(data, programme, day=date(2026, 4, 1))
    assert list(not_understood(into.remarks)) == []
    # So has it years: a document that names none is for these.
    unstated = shape("без заголовка года")[2].remarks
    assert "year-unknown" in {one.code for one in unstated}
    assert {one.code for one in not_understood(unstated)} == {"document-unknown"}
    assert {"term-unclear", "term-impossible"} <= {
        one.code for one in not_understood(shape("неясные сроки")[2].remarks)
    }
    remarks = shape("две таблицы")[2].remarks
    assert {"chapter-kept", "sign-off", "text-left-out"} <= {one.code for one in remarks}
    assert not_understood(remarks) == ()


def test_the_shipped_programme_comes_back_from_its_text() -> None:
    document = opened(ROOT / "tests" / "fixtures" / "programme-2024.txt")
    programme = read(document)
    data, result = begun(programme)
    shipped = load((ROOT / "plan" / "2024.yaml").read_bytes(), "2024.yaml").data
    assert data["document"] == shipped["document"]
    assert data["sections"] == shipped["sections"]
    offered = {"same_work", "indicator"}
    assert rows(data, "measures") == [
        {key: value for key, value in row.items() if key not in offered}
        for row in rows(shipped, "measures")
    ]
    twins = [one for one in result.remarks if one.code == "same-work"]
    assert len(twins) == sum("same_work" in row for row in rows(shipped, "measures"))
    assert {(str(one.fields["id"]), str(one.fields["other"])) for one in twins} == {
        (row["id"], row["same_work"][0]) for row in rows(shipped, "measures") if "same_work" in row
    }
    into = import_into(shipped, programme, day=DAY)
    assert into.change.edits == ()


def test_a_row_that_bears_its_mark_is_known_anywhere() -> None:
    programme, data, _ = shape("римские разделы")
    moved = [replace(one, mark=mark_of(str(at))) for at, one in enumerate(programme.measures, 1)]
    moved[0] = replace(moved[0], part="II", number="9", actions=("Совсем другое",))
    result = import_into(data, replace(programme, measures=tuple(moved)), day=DAY)
    assert (result.added, result.left) == ((), ())
    assert [(one.id, one.field, one.new) for one in result.changed] == [
        *(("1", "section", "II"), ("1", "actions", ["Совсем другое"]), ("1", "number", "9")),
    ]


@pytest.mark.parametrize(
    ("approval", "said"), [(None, set()), ({"date": "2026-01-12"}, {"term-differs"})]
)
def test_a_term_is_taken_until_the_plan_is_approved(approval: Plain, said: set[str]) -> None:
    programme, data, _ = shape("римские разделы")
    document = data["document"]
    assert isinstance(document, dict)
    data = {**data, "document": {**document, **({"approval": approval} if approval else {})}}
    first, *others = programme.measures
    moved = replace(programme, measures=(replace(first, term=Term("декабрь 2026")), *others))
    result = import_into(data, moved, day=DAY)
    changed = [(one.id, one.field) for one in result.changed]
    assert changed == ([] if approval else [(rows(data, "measures")[0]["id"], "term")])
    assert codes(result) & {"term-differs"} == said


def test_importing_into_an_empty_plan_is_beginning_with_the_document() -> None:
    programme, begun_with, _ = shape("раздел подразделы смешанные")
    empty: PlanData = {key: begun_with[key] for key in ("year", "language", "document")}
    result = import_into(empty, programme, day=DAY)
    assert apply_edits(empty, result.change.edits) == begun_with
    first, *others = programme.parts
    partly = import_into(empty, replace(programme, parts=(first,), measures=()), day=DAY)
    rest = import_into(apply_edits(empty, partly.change.edits), programme, day=DAY)
    assert len(rest.added) == len(programme.measures)
    assert len(others) == len(rest.change.edits) - len(rest.added)


def test_comparing_the_rows_of_a_document_with_those_of_a_plan_ends_on_request() -> None:
    programme, data, _ = shape("римские разделы")
    ours = rows(data, "measures")
    assert matched(programme.measures, ours, lambda: None) == (0, 1, 2)
    with pytest.raises(DocumentReadingStopped):
        matched(programme.measures, ours, partial(check_stopped, lambda: True, "план.docx"))


@pytest.mark.parametrize("file", PLANS, ids=lambda file: file.stem)
@pytest.mark.parametrize("order", [tuple(HEADINGS), tuple(reversed(HEADINGS))], ids=["", "back"])
def test_the_table_of_a_plan_brings_nothing_new_into_it(file: Path, order: tuple[str, ...]) -> None:
    data = load(file.read_bytes(), file.name).data
    plan = read_plan(data)
    programme = read_programme(rebuilt(plan, order), ReadingOptions(plan.period))
    result = import_into(data, programme, day=DAY)
    assert (result.added, result.left, result.changed, result.change.edits) == ((), (), (), ())
