"""The quarter's report within five keys: what, in which format, a preview, the file."""

import os
import sys
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from textual.widgets import Input

from kvartal.schema.reading import read_plan
from kvartal.tui.screens import export
from tests.exchange.exported import ROOT, data_of
from tests.support.screens import SMALL, opened, programme_at


async def test_the_report_of_the_quarter_in_four_keys(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    known = programme_at(programme, "plan/2024.yaml")
    async with opened(programme, size=SMALL, programme=known) as stage:
        await stage.press("В")
        assert "Отчёт за III квартал 2024" in stage.text()
        await stage.press("enter", "enter")
        assert "report-2024-Q3.docx" in stage.text()
        assert "ОТЧЁТ ОБ ИСПОЛНЕНИИ ЗА III КВАРТАЛ 2024 ГОДА" in stage.text()
        # A figure is never without its name.
        assert stage.line("ОЧНОЕ ОБСЛУЖИВАНИЕ").strip("│ ") == "• 1. ОЧНОЕ ОБСЛУЖИВАНИЕ"
        assert "Контрольных точек: 10" in stage.text()
        await stage.press("f2")
        assert "Записано: report-2024-Q3.docx" in stage.words()
        written = tmp_path / "report-2024-Q3.docx"
        assert Document(str(written)).tables
        # A file is replaced only when that is said twice.
        written.write_bytes(b"")
        await stage.press("D", "enter", "enter")
        # A long path hides neither what is wrong with it nor the keys.
        stage.app.screen.query_one(Input).value = f"/nope/{'п' * 90}/report.docx"
        await stage.press("enter")
        assert "Создайте её или укажите другой файл." in stage.words()
        assert "F4 — записать и открыть" in stage.text()
        stage.app.screen.query_one(Input).value = "report-2024-Q3.docx"
        await stage.press("enter")
        assert "Файл уже есть" in stage.words()
        assert written.read_bytes() == b""
        await stage.press("enter")
        assert written.stat().st_size > 1000
        # For others' eyes: the document without what is not printed.
        await stage.press("В", "up", "up", "enter", "down", "down")
        assert "Word (docx), только напечатанное" in stage.text()
        await stage.press("up", "enter", "f2")
        assert "скрытая часть" not in stage.words()
        with ZipFile(tmp_path / "plan-2024.docx") as package:
            assert not any(b"urn:kvartal" in package.read(one) for one in package.namelist())


def test_a_long_programme_has_a_report_of_each_year() -> None:
    plan = read_plan(data_of(ROOT / "tests" / "plans" / "whole" / "road-map-2026-2028.yaml"))
    offered = [text for text, _choice in export._kinds(plan, date(2027, 6, 1))]
    assert offered[:4] == [
        "Отчёт за II квартал 2027",
        "Отчёт за I полугодие 2027",
        "Отчёт за 2027 год",
        "Отчёт за всю программу",
    ]


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop whose opener writes down what it is asked to open."""
    programs = tmp_path / "bin"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text('#!/bin/sh\necho "$1" > "$KVARTAL_TEST_OPENED"\nexit $KVARTAL_TEST_CODE\n')
    opener.chmod(0o755)
    opened_file = tmp_path / "opened"
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setenv("KVARTAL_TEST_OPENED", str(opened_file))
    monkeypatch.setenv("KVARTAL_TEST_CODE", "0")
    monkeypatch.chdir(tmp_path)
    return opened_file


def what_was_opened(desktop: Path) -> str | None:
    """Return the file that the desktop was asked to open since the last time."""
    if not desktop.exists():
        return None
    text = desktop.read_text(encoding="utf-8").strip()
    desktop.unlink()
    return text


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in is xdg-open")
async def test_a_report_is_written_and_opened(
    programme: Path, desktop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = Path.cwd() / "report-2024-Q3.docx"
    known = programme_at(programme, "plan/2024.yaml")
    async with opened(programme, size=SMALL, programme=known) as stage:
        await stage.press("В", "enter", "enter")
        assert "F4 — записать и открыть" in stage.text()
        await stage.press("f4")
        assert "Записано: report-2024-Q3.docx" in stage.words()
        assert what_was_opened(desktop) == str(report)
        # Replacing is asked about, whichever key writes.
        await stage.press("В", "enter", "enter", "f4")
        assert "F4 ещё раз — заменить его" in stage.words()
        assert what_was_opened(desktop) is None
        monkeypatch.setenv("KVARTAL_TEST_CODE", "3")
        await stage.press("f4")
        assert "Файл записан, но не открылся (xdg-open: 3)" in stage.words()
        # A terminal without a desktop says where the file is.
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        await stage.press("В", "enter", "enter", "f4", "f4")
        assert "открыть его здесь нечем" in stage.words()
