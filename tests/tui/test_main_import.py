"""The import on the screen: a path, what would change, and one commit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import pytest
from textual.widgets import Input, Select

from kvartal.exchange import reading
from kvartal.exchange.errors import DocumentReadingStopped
from kvartal.exchange.tables import programme_builder
from kvartal.exchange.tables.layout import SourceTable
from kvartal.exchange.tables.row_kinds import Row
from kvartal.exchange.tables.rows import rows
from kvartal.tui.dialogs import document_source
from tests.support.screens import SMALL, Stage, opened, programme_at

EXPORT = Path(__file__).resolve().parents[1] / "fixtures" / "programme-2024.txt"
Git = Callable[..., str]


async def test_a_document_is_shown_and_then_taken_in_one_commit(
    programme: Path, git: Git, tmp_path: Path
) -> None:
    text = EXPORT.read_text(encoding="utf-8")
    path = tmp_path / "правка.txt"
    path.write_text(text.replace("терминала электронной", "двух терминалов", 1), encoding="utf-8")
    binary = tmp_path / "x.bin"
    binary.write_bytes(b"\0\1\2")
    before = git("rev-parse", "HEAD")
    async with opened(programme, programme=programme_at(programme, "plan/2024.yaml")) as stage:
        await stage.press("и")
        await stage.type(str(binary))
        await stage.press("f2")
        assert "Формат файла «x.bin» не распознан" in stage.text()
        await stage.press("end", *["backspace"] * len(binary.name))
        await stage.type(path.name)
        await stage.press("f2")
        shown = stage.text()
        assert "Взять из «правка.txt» то, что ниже?" in shown
        assert "двух терминалов" in shown
        assert git("rev-parse", "HEAD") == before
        await stage.press("enter")
        assert "импорт из «правка.txt»" in stage.text()
    assert "импорт из «правка.txt»" in git("log", "-1", "--format=%s")
    assert "Kvartal-Source: sha256:" in git("log", "-1", "--format=%B")


TABLE = "Пункт;Дело;Когда;Риск\n9;Новое;3 квартал 2024;Обрыв линии\n10;Ещё одно;4 квартал 2024;\n"


async def test_unclear_columns_are_asked_for_and_the_answers_kept(
    programme: Path, git: Git, tmp_path: Path
) -> None:
    path, kept = tmp_path / "план.csv", tmp_path / "столбцы.toml"
    path.write_text(f"План на 2024 год;;;\n{TABLE}", encoding="cp1251")
    head = git("rev-parse", "HEAD")
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("и")
        await stage.paste(str(path))
        await stage.press("enter")
        assert "по заголовкам таблица мероприятий не найдена" in stage.text()
        assert "Взять" not in stage.text().splitlines()[-3]
        await stage.press("с")
        assert "в ячейках: Новое · Ещё одно" in stage.text()
        # The button of the dialog, which is drawn anew with the answers, asks the same.
        await stage.press("escape", "enter")
        assert "Обрыв линии" in stage.text()
        await stage.press("f2")
        assert "не найдена таблица мероприятий" in stage.text()
        await choose(stage, 1, "действ")
        await choose(stage, 2, "действ")
        await stage.press("f2")
        assert "Столбцы «Дело» и «Когда» — одно и то же поле: Действия" in stage.text()
        await choose(stage, 2, "срок")
        stage.app.screen.query(Input).last().focus()
        await stage.paste(str(programme.parent / "x.toml"))
        await stage.press("f2")
        assert "в папке программ" in stage.text()
        await stage.press("ctrl+u")
        await stage.paste(str(kept))
        await stage.press("f2")
        assert "Взять из «план.csv» то, что ниже?" in stage.text()
        assert git("rev-parse", "HEAD") == head
        await stage.press("enter")
    assert "«план.csv»" in git("log", "-1", "--format=%s")
    assert "риск: Обрыв линии" in git("show", "HEAD:plan/2024.yaml")
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("и")
        await stage.paste(str(path))
        await stage.press("tab")
        await stage.paste(str(kept))
        await stage.press("enter")
        assert "всё и так записано, брать нечего" in stage.text()


async def choose(stage: Stage, at: int, words: str) -> None:
    """Choose the field of a column by the first letters of its name."""
    stage.app.screen.query(Select)[at].focus()
    await stage.press("enter")
    await stage.type(words)
    await stage.press("enter")


async def test_esc_ends_the_reading_of_a_table_at_the_next_row(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "длинный.csv"
    path.write_text("№;Мероприятие;Срок\n1;Новое;3 квартал 2024\n", encoding="utf-8")
    asked: list[bool] = []

    def endless(table: SourceTable) -> Iterator[Row]:
        while True:
            asked.append(True)
            sleep(0.01)
            yield from rows(table)

    monkeypatch.setattr(programme_builder, "rows", endless)
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("и")
        await stage.paste(str(path))
        stage.app.simulate_key("enter")
        while not asked:
            await stage.pilot.pause(0.01)
        await stage.press("escape")
        assert "Чтение файла «длинный.csv» остановлено" in stage.text()
        count = len(asked)
        await stage.pilot.pause(0.1)
        # A thread that went on would hold the program when it is left, too.
        assert len(asked) <= count + 1
        await stage.press("escape")


async def test_a_slow_reading_says_so_and_esc_stops_it(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "долгий.csv"
    path.write_text(TABLE, encoding="utf-8")
    ended: list[str] = []

    def read_slowly(path: Path, *, stopped: Callable[[], bool]) -> None:
        while not stopped():
            sleep(0.01)
        ended.append(path.name)
        raise DocumentReadingStopped(name=path.name)

    monkeypatch.setattr(reading, "read_document", read_slowly)
    monkeypatch.setattr(document_source, "_SLOW", 0.0)
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("и")
        await stage.paste(str(path))
        stage.app.simulate_key("enter")
        while "Esc — остановить" not in stage.text():
            await stage.pilot.pause(0.01)
        await stage.press("escape")
        assert "Чтение файла «долгий.csv» остановлено" in stage.text()
        while not ended:
            await stage.pilot.pause(0.01)
        await stage.press("escape")
