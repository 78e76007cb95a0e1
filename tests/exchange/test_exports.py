"""`kvartal export` and `kvartal digest` on the command line: every kind in every format."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import icalendar
import pytest
from jsonschema import Draft202012Validator

from kvartal.exchange.export_request import FORMATS
from tests.exchange.exported import (
    ROOT,
    SEED,
)
from tests.support.cli import call
from tests.support.repository import git

GOLDEN = Path(__file__).with_name("golden")
EXPORT = Draft202012Validator(
    json.loads((ROOT / "docs" / "json" / "export.schema.json").read_text("utf-8"))
)

Run = Callable[..., Any]


@pytest.fixture
def export(programme: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(programme.parent.parent)
    return lambda *words: call(["export", "--as-of", "2024-10-01", *words])


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


def test_a_dash_is_stdout_for_texts_and_files_alike(
    export: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    csv = export("--kind", "plan", "--format", "csv", "-o", "-")
    assert csv.stdout_bytes == export("--kind", "plan", "--format", "csv").stdout_bytes
    words = ("--kind", "plan", "--format", "docx", "-o")
    assert export(*words, "plan.docx").exit_code == 0
    assert export(*words, "-").stdout_bytes == Path("plan.docx").read_bytes()
    page = ["diff", "--format", "html", "-o"]
    assert call([*page, "-"]).stdout_bytes == call(page[:-1]).stdout_bytes
    monkeypatch.setattr("kvartal.tui.commands.output.is_terminal", lambda: True)
    refused = export(*words, "-")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "«docx» — не текст, на экран его не вывести. Укажите файл: -o ФАЙЛ." in refused.stderr
    assert not Path("-").exists()


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
    backward = export("--kind", "report", "--format", "md", "--from", "2024-05-01", "--to",
                      "2024-04-01")  # fmt: skip
    assert backward.exit_code == 1
    assert "с 01.05.2024 по 01.04.2024" in backward.stderr


@pytest.mark.parametrize(
    ("option", "example"),
    [("--quarter=1", "2027-Q1"), ("--quarter=3", "2026-Q3"), ("--half=1", "2027-H1")],
)
def test_a_year_that_is_asked_for_is_one_of_the_programme(option: str, example: str) -> None:
    season = ROOT / "tests" / "plans" / "whole" / "heating-season-2026-2027.yaml"
    words = ["export", "--kind", "report", "--format", "md", "--plan", str(season), option]
    refused = call(words)
    assert refused.exit_code == 1
    assert f"например {example}" in refused.stderr


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
    subject, _, rest = git(programme.parent, "log", "-1", "--format=%B").partition("\n\n")
    message = f"{subject}\n\nСогласовано.\n\n{rest}"
    git(programme.parent, "commit", "--quiet", "--amend", "-m", message)
    result = export("--kind", "review", "--format", "html")
    assert result.exit_code == 0
    page = result.stdout
    assert "Слова автора: Согласовано." in page
    assert "default-src 'none'" in page
    assert "<script>" not in page
    assert "Отдел &lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=", page)
    # Nothing stood there before: a column without a value takes no room from the others.
    _measure, _field, old, new = map(int, re.findall(r'<col class="w(\d+)">', page))
    assert 5 * old < new
    assert "вся история" in page
    report = json.loads(export("--kind", "review", "--format", "json", "HEAD~1").stdout)
    assert report["title"].endswith("HEAD~1 … последнее")
    known = report["data"]
    (entry,) = known["entries"]
    assert [one["field"] for one in entry["changes"]] == ["responsible"]
    assert entry["email"]
    assert entry["date"][-6] in "+-"
    assert known["findings"] == []


def test_what_a_document_has_no_column_for_is_named(export: Run) -> None:
    assert call(["set", "1.1.2", "responsible=Отдел"]).exit_code == 0
    for form, is_named in (("md", True), ("json", False)):
        result = export("--kind", "plan", "--format", form)
        assert ("есть: Ответственный исполнитель, " in result.stderr) is is_named


def test_a_review_of_a_named_day_asks_no_clock(
    export: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for whose in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{whose}_DATE", "2099-01-01T00:00:00+00:00")
    assert call(["set", "1.1.2", "responsible=Отдел"]).exit_code == 0
    words = ("--kind", "review", "--format", "json")
    assert json.loads(export(*words).stdout)["data"]["findings"] == []
    # What such a review has verified is not remembered as verified.
    for found in (call(["export", *words]), call(["verify", "--json"])):
        assert "commit-in-future" in found.stdout


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
    assert "Просрочено на 173\u00a0дн." in result.stdout
    rows = json.loads(call(["digest", "--json", "--as-of", "2024-09-20"]).stdout)
    schema = json.loads((ROOT / "docs" / "json" / "digest.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(rows)
    (row,) = rows
    assert (len(row["overdue"]), len(row["due_14"]), row["year"]) == (26, 14, 2024)
    assert "    Состояние: Просрочено на 173\u00a0дн." in result.stdout
    for words in ((), ("--format", "html")):
        given = ["digest", "--as-of", "2024-09-20", "--responsible", "Иванова", *words]
        nobody = call(given)
        assert "Ответственного «Иванова» в этой программе нет: проверьте имя." in nobody.stdout
        assert "Ничего срочного" not in nobody.stdout
    page = call(["digest", "--as-of", "2024-09-20", "--format", "html"])
    assert page.stdout.startswith("<!DOCTYPE html>")
