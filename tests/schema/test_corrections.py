"""Corrections of a record: what differs is edited, and nothing else."""

from datetime import date
from typing import Any

import pytest

from kvartal.schema.changes import MISSING, ChangeKind, PlanData, measure_data
from kvartal.schema.corrections import (
    Correction,
    DocumentCorrection,
    EvidenceItemMissing,
    correct,
)
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.measure import Document, EvidenceFile, IndicatorValue
from kvartal.schema.record_index import RecordDeleted, RecordMissing, SeveralRecords, record_index
from kvartal.tui.i18n import translator
from tests.schema.models import quarter

SHA = "0" * 64
RECORD: dict[str, Any] = {
    "quarter": 3,
    "date": "2024-09-27",
    "result": "Установлено",
    "values": [{"period": "2024-Q3", "value": 81}],
    "evidence": {
        "documents": [{"title": "Акт", "number": "12"}, {"title": "Справка"}],
        "files": [{"path": "evidence/2024/1.1.1/a.pdf", "size": 5, "sha256": SHA}],
        "links": ["https://example.com/"],
    },
}
DATA: PlanData = {
    "year": 2024,
    "measures": [
        {"id": "1.1.1", "records": [RECORD, {"quarter": 4, "date": "2024-12-27"}]},
        {"id": "1.1.2", "records": [{"point": "2024-03-31", "date": "2024-03-30"}] * 2},
    ],
}


def corrected(correction: Correction) -> tuple[dict[str, Any], list[str]]:
    """Return the first record of 1.1.1 after a correction, and the fields that were edited."""
    change = correct(DATA, "1.1.1", 0, correction)
    assert change.kind is ChangeKind.CORRECT
    records: Any = measure_data(apply_edits(DATA, change.edits), "1.1.1")["records"]
    assert records[1] == {"quarter": 4, "date": "2024-12-27"}
    back = apply_edits(apply_edits(DATA, change.edits), change.inverse().edits)
    assert back == DATA
    return records[0], [edit.field.removeprefix("records.0.") for edit in change.edits]


@pytest.mark.parametrize(
    ("correction", "fields", "expected"),
    [
        (Correction(), [], {}),
        (Correction(date=date(2024, 9, 27)), [], {}),
        (Correction(date=date(2024, 9, 26)), ["date"], {"date": "2024-09-26"}),
        (Correction(reason="Поставка "), ["reason"], {"reason": "Поставка"}),
        (Correction(result=""), ["result"], {"result": None}),
        (Correction(complete=True), ["complete"], {"complete": True}),
        (Correction(complete=False), [], {}),
        (Correction(checkpoint=quarter(2)), ["quarter"], {"quarter": 2}),
        (
            Correction(checkpoint=date(2024, 6, 30)),
            ["quarter", "point"],
            {"quarter": None, "point": "2024-06-30"},
        ),
        (
            Correction(values=(IndicatorValue("2024-Q3", 82), IndicatorValue("2024-Q2", 80))),
            ["values.0.value", "values.1"],
            {"values": [{"period": "2024-Q3", "value": 82}, {"period": "2024-Q2", "value": 80}]},
        ),
        (Correction(removed_values=((None, "2024-Q3"),)), ["values"], {"values": None}),
    ],
)
def test_a_field_of_a_record(
    correction: Correction, fields: list[str], expected: dict[str, Any]
) -> None:
    record, edited = corrected(correction)
    assert sorted(edited) == sorted(fields)
    assert {key: record.get(key) for key in expected} == expected
    assert {k: v for k, v in record.items() if k not in expected} == {
        k: v for k, v in RECORD.items() if k not in expected
    }


def test_documents_files_and_links() -> None:
    file = EvidenceFile("evidence/2024/1.1.1/b.pdf", 7, SHA)
    record, edited = corrected(
        Correction(
            changed_documents={0: DocumentCorrection(number="13", date=date(2024, 9, 26))},
            removed_documents=(1,),
            documents=(Document("Отчёт"),),
            files=(file,),
            links=("https://example.com/", "https://example.org/"),
        )
    )
    evidence = record["evidence"]
    assert evidence["documents"] == [
        {"title": "Акт", "number": "13", "date": "2024-09-26"},
        {"title": "Отчёт"},
    ]
    assert [one["path"] for one in evidence["files"]] == [
        "evidence/2024/1.1.1/a.pdf",
        "evidence/2024/1.1.1/b.pdf",
    ]
    assert evidence["links"] == ["https://example.com/", "https://example.org/"]
    assert "evidence.files.1" in edited
    assert "evidence.documents.0.number" in edited


def test_a_record_for_a_day_becomes_one_for_a_quarter() -> None:
    change = correct(DATA, "1.1.2", 0, Correction(checkpoint=quarter(1)))
    records: Any = measure_data(apply_edits(DATA, change.edits), "1.1.2")["records"]
    assert records[0] == {"quarter": 1, "date": "2024-03-30"}


def test_the_last_evidence_taken_out_leaves_no_empty_mapping() -> None:
    record, _ = corrected(
        Correction(
            removed_documents=(0, 1),
            removed_files=("a.pdf",),
            removed_links=("https://example.com/",),
        )
    )
    assert "evidence" not in record


@pytest.mark.parametrize(
    "correction",
    [
        Correction(removed_files=("b.pdf",)),
        Correction(removed_documents=(2,)),
        Correction(changed_documents={2: DocumentCorrection(title="Акт")}),
        Correction(removed_links=("https://example.org/",)),
        Correction(removed_values=((None, "2024-Q4"),)),
    ],
)
def test_what_is_not_there_cannot_be_taken_out(correction: Correction) -> None:
    with pytest.raises(EvidenceItemMissing, match=r"^1\.1\.1: в отметке нет («|документа 3\.)"):
        correct(DATA, "1.1.1", 0, correction)


def test_a_record_that_is_gone_is_not_corrected() -> None:
    with pytest.raises(RecordDeleted):
        correct(DATA, "1.1.1", 2, Correction(reason="Поставка"))


def test_which_record_is_meant() -> None:
    assert record_index(DATA, "1.1.1", quarter(4)) == 1
    assert record_index(DATA, "1.1.2", date(2024, 3, 31), 2) == 1
    with pytest.raises(SeveralRecords, match=r"отметок за 31\.03\.2024 несколько"):
        record_index(DATA, "1.1.2", date(2024, 3, 31))
    for number in (0, 3):
        with pytest.raises(RecordMissing):
            record_index(DATA, "1.1.2", date(2024, 3, 31), number)
    with pytest.raises(RecordMissing, match="отметки за I квартал 2024 нет"):
        record_index(DATA, "1.1.1", quarter(1))


def test_a_missing_value_is_told_apart_from_an_empty_one() -> None:
    change = correct(DATA, "1.1.1", 1, Correction(result="Готово"))
    assert [(edit.old, edit.new) for edit in change.edits] == [(MISSING, "Готово")]


def test_a_refusal_says_which_in_the_words_of_its_language() -> None:
    english = translator("en")
    with pytest.raises(RecordMissing) as missing:
        record_index(DATA, "1.1.1", quarter(1))
    assert "no record for Q1 2024" in missing.value.message(english)
    with pytest.raises(SeveralRecords) as several:
        record_index(DATA, "1.1.2", date(2024, 3, 31))
    assert "for 2024-03-31" in several.value.message(english)
    with pytest.raises(EvidenceItemMissing) as item:
        correct(DATA, "1.1.1", 0, Correction(removed_documents=(2,)))
    assert item.value.message(english).startswith("1.1.1: the record has no document 3.")
