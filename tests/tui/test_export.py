"""The quarter's report within five keys: what, in which format, a preview, the file."""

from pathlib import Path

import pytest
from docx import Document

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
        await stage.press("enter")
        assert "Записано: report-2024-Q3.docx" in stage.words()
        written = tmp_path / "report-2024-Q3.docx"
        assert Document(str(written)).tables
        # A file is replaced only when that is said twice.
        written.write_bytes(b"")
        await stage.press("D", "enter", "enter", "enter")
        assert "Файл уже есть" in stage.words()
        assert written.read_bytes() == b""
        await stage.press("enter")
        assert written.stat().st_size > 1000
