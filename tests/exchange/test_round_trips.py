"""Our own export, imported into the programme it was made from: nothing changes, in any format."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kvartal.exchange import own_export as own_exports
from kvartal.exchange.importing.importing import Import
from kvartal.exchange.importing.severity import not_understood
from kvartal.exchange.own_export import ImportTarget, import_document
from kvartal.exchange.readers.dispatch import read_source
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.writers.csv_writer import write_csv
from kvartal.exchange.writers.html_writer import write_html
from kvartal.exchange.writers.markdown import write_markdown
from kvartal.schema.changes import PlanData
from kvartal.schema.reading import read_plan
from kvartal.tui.i18n import translator
from tests.exchange.exported import DAY, ROOT, SHAPES, as_docx, as_xlsx, data_of, report_of

OWN = Path(__file__).with_name("plans")
DEEP, DECLARED = OWN / "deep-2025-2027.yaml", OWN / "declared-fields-2026.yaml"
PLANS = [*SHAPES, *sorted((ROOT / "tests/plans/valid").glob("*.yaml")), *sorted(OWN.glob("*.yaml"))]
FORMS: dict[str, Callable[[PlanData], bytes]] = {
    "docx": as_docx,
    "xlsx": as_xlsx,
    "html": lambda data: write_html(report_of(data)),
    "csv": lambda data: write_csv(report_of(data)),
    "md": lambda data: write_markdown(report_of(data)),
    "excel.csv": lambda data: write_csv(report_of(data), for_excel=True),
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        own_exports,
        "read_content",
        lambda name, content, **_: read_source(SourceFile(name, content)),
    )


def imported(content: bytes, form: str, data: PlanData) -> Import:
    document = read_source(SourceFile(f"plan.{form}", content))
    into = ImportTarget(data, read_plan(data), "plan.yaml")
    return import_document(document, into, translator, day=DAY)[1]


# A Word document takes longest, and the plans of SHAPES go through it in `test_edited_copies`.
IN_WORD = {
    *(DEEP.stem, DECLARED.stem, "academic-year", "block-texts", "channel-unlike-section"),
    *("nested-sections", "no-measures", "number-of-other-digits", "optional-fields"),
}


@pytest.mark.parametrize(
    ("form", "path"),
    [(form, path) for path in PLANS for form in FORMS if form != "docx" or path.stem in IN_WORD],
    ids=lambda one: f"{one.parents[1].name}-{one.stem}" if isinstance(one, Path) else one,
)
def test_its_own_export_changes_nothing(form: str, path: Path) -> None:
    data = data_of(path)
    result = imported(FORMS[form](data), form, data)
    assert (result.change.edits, result.added, result.left) == ((), (), ())
    assert path != DECLARED or not not_understood(result.remarks)


def edited(path: Path, form: str, *pairs: tuple[str, str]) -> list[tuple[str, str, object]]:
    """Return what an edited copy changes: the measure, the field and the new value."""
    data = data_of(path)
    text = FORMS[form](data).decode()
    for old, new in pairs:
        assert text.count(old) >= 1
        text = text.replace(old, new)
    result = imported(text.encode(), form, data)
    assert (result.added, result.left) == ((), ())
    return [(one.measure, one.field, one.new) for one in result.change.edits]


@pytest.mark.parametrize("form", ["html", "csv", "md", "excel.csv"])
def test_sections_of_any_number_and_depth_are_known_by_it(form: str) -> None:
    pairs = (
        ("Подзадача с буквой", "Подзадача с литерой"),
        ("проверка узлов", "проверка всех узлов"),
    )
    changes = edited(DEEP, form, *pairs)
    assert [(one[0], one[1]) for one in changes] == [
        ("", "sections.0.sections.0.sections.0.title"),
        ("1", "actions"),
    ]
    assert changes[0][2] == "Подзадача с литерой"


@pytest.mark.parametrize("form", ["html", "csv", "md", "excel.csv"])
def test_declared_fields_are_known_by_their_titles(form: str) -> None:
    pairs = (("any day", "any week"), ("Board", "Council"), ("1 February 2026", "1 March 2026"))
    assert edited(DECLARED, form, *pairs) == [
        ("A-1", "extra.when", "any week"),
        ("A-1", "extra.owner", "Council"),
        ("A-1", "extra.none", "2026-03-01"),
    ]


def test_the_apostrophe_before_a_formula_does_not_come_back() -> None:
    data: Any = data_of(DEEP)
    first, *others = data["measures"]
    # Steps that are divided anew in a cell: the guard is before the first of them.
    steps = ["- опрос; - отчёт", "Сверка;"]
    data = {**data, "measures": [{**first, "actions": steps}, *others]}
    content = FORMS["excel.csv"](data)
    assert "'- опрос".encode() in content
    assert imported(content, "excel.csv", data).change.edits == ()


def test_what_a_format_cannot_hold_is_named() -> None:
    data = data_of(DECLARED)
    result = imported(FORMS["html"](data).replace(b"95.5", b"97"), "html", data)
    assert result.change.edits == ()
    assert [one.message() for one in result.remarks if one.code == "target-offered"] == [
        "Столбец «Target» не берётся: показатели меняет `kvartal set`."
    ]


def test_a_document_without_terms_keeps_those_of_the_programme() -> None:
    data = data_of(DECLARED)
    text = "Ref,Action,Hosts affected,Owner,Lead\r\nA-2,Total review of costs,7,Council,K. Roe\r\n"
    result = imported(text.encode(), "csv", data)
    assert [(one.field, one.new) for one in result.change.edits] == [
        ("responsible", "K. Roe"),
        ("extra.hosts", 7),
        ("extra.owner", "Council"),
    ]
