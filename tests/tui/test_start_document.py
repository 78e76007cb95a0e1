"""A programme that begins with a document, on the start screen."""

from datetime import date
from pathlib import Path

from textual.events import Key, Paste

from kvartal.tui.settings import Settings
from kvartal.tui.start import StartApp
from kvartal.tui.terminal.messages import UnbracketedPaste
from tests.support.repository import git, subjects
from tests.support.screens import SMALL
from tests.tui.test_programmes import key_that_ends, keys, seen, settle

CASES = Path(__file__).resolve().parents[1] / "exchange" / "cases"
TODAY = date(2026, 2, 3)


async def test_a_programme_begins_with_a_document(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    app = StartApp(folder, Settings(), TODAY)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await keys(pilot, "down", "enter")
        assert "До согласия ничего не создаётся" in seen(app)
        assert app.focused is not None
        app.focused.post_message(Paste(str(CASES / "15-prostoy-plan.docx")))
        await keys(pilot, "enter")
        shown = seen(app)
        assert "Будет создан файл" in shown
        assert "Администрация Верхнелесного" in shown
        assert "Размещение на сайте графика" in shown
        assert list(folder.iterdir()) == []
        await key_that_ends(pilot, "f2")
    assert app.return_value == folder / "plan" / "2026.yaml"
    assert app.is_new
    assert "взято из «15-prostoy-plan.docx»" in git(folder, "log", "--format=%B")
    assert "Kvartal-Source: sha256:" in git(folder, "log", "--format=%B")
    assert subjects(folder)


async def test_a_document_without_a_year_and_with_a_programme_there_says_so(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    path = tmp_path / "план.csv"
    path.write_text("№;Мероприятие;Срок\n1;Дело;III квартал\n", encoding="utf-8")
    app = StartApp(folder, Settings(), TODAY)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await keys(pilot, "down", "enter")
        assert app.focused is not None
        app.focused.post_message(Paste(str(path)))
        await keys(pilot, "enter")
        assert "Впишите год или период" in seen(app)
        await keys(pilot, *"2026", "f2")
        assert "Организация: Организация" in seen(app)
        assert "не найдено: организация, название. Впишите в форму" in " ".join(seen(app).split())
        # A no leads back to what was typed: more can be said, and leaving then loses nothing.
        await keys(pilot, "escape", "shift+tab", "shift+tab", *"Школа", "f2")
        assert "Организация: Школа" in seen(app)
        await keys(pilot, "escape", "escape")
        assert "С чего начать?" in seen(app)
        # The list is the menu here; F1 pressed twice opens one page.
        await keys(pilot, "f10", "f1", "f1")
        assert "Это клавиши открытой программы." in seen(app)
        await keys(pilot, "escape", "ctrl+c")
        assert "Выход — Esc." in seen(app)
        app.post_message(UnbracketedPaste([Key(one, one) for one in "йq"]))
        await settle(pilot)
        assert "Текст вставлен мимо поля" in seen(app)
        assert "F1 — помощь" in seen(app)
        await key_that_ends(pilot, "й")
    assert app.return_value is None
    assert list(folder.iterdir()) == []
