"""The table of measures: what its cells say, and that nothing jumps."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.text import Text

from kvartal.schema.reading import read_plan
from kvartal.schema.structure import parts
from kvartal.tui.presentation.labels import ASCII_SIGNS, UNICODE_SIGNS, signs_for
from kvartal.tui.presentation.measure_numbers import name_text
from kvartal.tui.presentation.part_lines import not_empty, part_lines
from kvartal.tui.presentation.table import sheet
from kvartal.tui.widgets.measure_table import MeasureTable
from tests.schema.models import a_measure
from tests.support.plans import many, plan_file, rewrite
from tests.support.screens import DAY, LARGE, SMALL, Stage, opened


def cells(stage: Stage, measure: str) -> list[str]:
    """Return the texts of a measure's row."""
    row = next(one for one in stage.main.table._sheet.rows if one.measure == measure)
    return ["".join(part.text for part in cell).strip() for cell in row.cells]


async def test_the_real_programme(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        assert len(stage.ids()) == 20
        number, text, term, year, state = cells(stage, "1.1.2")
        assert (number, term, state) == ("1.1.2", "III", "Просрочено 1 дн.")
        assert text.startswith("Установка системы электронной очереди")
        assert year.split() == ["·", "·", "✗", "·"]
        assert cells(stage, "1.1.3-2")[0] == "-2"
        assert cells(stage, "2.2.1-2")[1].startswith("↑ как в 2.2.1: Обеспечение уровня сервиса")
        assert "Обеспечена установка" not in "".join(cells(stage, "1.1.2"))


async def test_a_continuation_without_its_first_row_shows_its_whole_number(
    real_plan: Path,
) -> None:
    async with opened(real_plan) as stage:
        await stage.press("3")
        assert cells(stage, "3.4.1-2")[0] == "3.4.1-2"
        assert cells(stage, "1.1.3-2")[0] == "-2"


@pytest.mark.parametrize("size", [SMALL, (100, 30), LARGE])
async def test_the_first_paint_needs_no_second(
    real_plan: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fills: list[int] = []
    clear = MeasureTable.clear

    def counted(table: MeasureTable, *, columns: bool = False) -> MeasureTable:
        fills.append(table._width)
        return clear(table, columns)

    monkeypatch.setattr(MeasureTable, "clear", counted)
    async with opened(real_plan, size=size) as stage:
        assert len(fills) == 1
        assert stage.main.table.scrollable_content_region.width == fills[0]


async def test_the_cursor_stays_on_its_measure(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        for _step in range(12):
            await stage.pilot.press("down")
        await stage.settle()
        assert stage.chosen == "2.2.1-3"
        at, scroll = stage.main.table.cursor_row, stage.main.table.scroll_y
        rewrite(real_plan, "id: 1.1.2\n", "id: 1.1.9\n")
        stage.app.snapshot = stage.app.programme.read()
        stage.app.as_of = DAY.replace(month=4)
        await stage.settle()
        assert (stage.chosen, stage.main.table.cursor_row) == ("2.2.1-3", at)
        assert stage.main.table.scroll_y == scroll
        await stage.press("3")
        assert stage.chosen == "2.2.1-3"
        await stage.press("0")
        assert stage.chosen == "2.2.1-3"
        assert "Показаны все кварталы." not in stage.text()
        await stage.press("0")
        assert "Показаны все кварталы." in stage.text()


async def test_an_edit_redraws_only_what_it_changes(
    real_plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(real_plan) as stage:
        updated: list[str] = []
        update = MeasureTable.update_cell

        def seen(table: MeasureTable, row: str, column: str, value: Text) -> None:
            updated.append(f"{row} {column}")
            update(table, row, column, value)

        monkeypatch.setattr(MeasureTable, "update_cell", seen)
        rewrite(real_plan, "- Установка системы", "- Монтаж системы")
        stage.app.snapshot = stage.app.programme.read()
        await stage.settle()
        assert updated == ["1.1.2 1"]
        assert "Монтаж системы" in stage.text()


async def test_marks(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        await stage.press("space", "down", "space")
        assert stage.main.marked.measures == {"1.1.1", "1.1.3"}
        assert "помечено 2" in stage.text()
        assert cells(stage, "1.1.3")[0] == "◆ 1.1.3"
        await stage.press("r")
        assert "мероприятий 2" in stage.text()
        await stage.press("escape", "escape")
        assert not stage.main.marked


async def test_mouse(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        await stage.pilot.click(offset=(60, 5))
        await stage.settle()
        assert stage.chosen == "1.1.3"
        assert not stage.main.has_class("-card")
        await stage.pilot.click(offset=(60, 5), times=2)
        await stage.settle()
        assert stage.main.has_class("-card")


async def test_five_hundred_measures(tmp_path: Path) -> None:
    async with opened(plan_file(tmp_path, many(500))) as stage:
        assert len(stage.ids()) == 500
        await stage.press("end")
        assert stage.chosen == "1.1.500"
        assert "1.1.500" in stage.text()


async def test_an_empty_plan(tmp_path: Path) -> None:
    async with opened(plan_file(tmp_path, []), size=SMALL) as stage:
        assert "ф — добавить мероприятие" in stage.text()
        assert "дисциплина –" in stage.text()
        await stage.press("щ", "щ", "у")
        assert "В таблице нет строк: выбирать не из чего." in stage.text()
        for key in ("space", "enter"):
            await stage.press("escape", key)
            assert "В таблице нет строк: выбирать не из чего." in stage.text()
        await stage.press("т")
        assert "Переносить нечего. F2 — создать программу без мероприятий." in stage.text()


async def test_what_is_cut_says_so(tmp_path: Path) -> None:
    rows = many(2)
    rows[0] |= {"number": "п. 1.1.2 приложения 3", "responsible": "Отдел " * 20}
    rows[1] |= {"number": "日本語の長い文字列"}
    async with opened(plan_file(tmp_path, rows), size=SMALL) as stage:
        assert " п. 1.1.2 прил… " in stage.text().splitlines()[4]
        assert " 日本語の長い… " in stage.text().splitlines()[5]
        await stage.press("ц")
        assert "Отдел Отд…  " in stage.line("Отдел Отдел")


async def test_an_id_given_twice_is_shown_twice(tmp_path: Path) -> None:
    async with opened(plan_file(tmp_path, [*many(2), *many(1)])) as stage:
        assert stage.ids() == ["1.1.1", "1.1.2", "1.1.1"]
        await stage.press("щ")


async def test_a_terminal_without_the_signs_gets_ascii_ones(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        view = stage.main.view
    assert view is not None
    plain = sheet(view, 100, ASCII_SIGNS)
    letters = "".join(part.text for row in plain.rows for part in row.cells[3])
    assert letters.isascii()
    assert signs_for("auto", {"TERM": "linux"}, "utf-8") is ASCII_SIGNS
    assert signs_for("auto", {"TERM": "xterm"}, "koi8-r") is ASCII_SIGNS
    assert signs_for("auto", {"TERM": "xterm"}, "UTF-8") is UNICODE_SIGNS
    assert signs_for("unicode", {"TERM": "linux"}, "") is UNICODE_SIGNS


async def test_no_figure_of_the_top_line_is_cut_off(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL, as_of=None) as stage:
        told = stage.line("сегодня").rstrip()
        assert told.endswith("· до конца IV кв. 91 дн. · дисциплина 0 %")


@pytest.mark.parametrize(
    ("number", "id_", "name"),
    [
        ("1.1.2", "1.1.2", "1.1.2"),
        ("1.1.2", "1.1.2-2", "1.1.2-2"),
        ("п. 3", "п-3", "п-3"),
        ("2.1.7", "1.1.2", "2.1.7 (1.1.2)"),
        ("1.1", "1.1.2", "1.1 (1.1.2)"),
    ],
)
def test_a_dialog_calls_a_measure_by_the_number_of_its_row(
    number: str, id_: str, name: str
) -> None:
    assert name_text(replace(a_measure(1, name=id_), number=number)) == name


def test_what_a_channel_holds_is_named_by_its_printed_numbers() -> None:
    measure = {"channel": "1.1", "actions": ["Опрос"], "term": {"text": "-"}}
    data: dict[str, Any] = {
        "year": 2026,
        "language": "ru",
        "document": {"organization": "О", "title": "П"},
        "sections": [{"number": "1", "title": "А", "channels": [{"number": "1.1", "title": "Б"}]}],
        "measures": [
            {"id": "1.1.1", "number": "1.1.1", **measure},
            {"id": "7.7", "number": "1.1.2", **measure},
        ],
    }
    section, channel = known = parts(data)
    sentence = not_empty(channel, known, read_plan(data))
    assert sentence.startswith("«1.1» не пуст: 1.1.1, 1.1.2 (7.7). Сначала переставьте это")
    assert not_empty(section, known, read_plan(data)).startswith("«1» не пуст: 1.1. ")


def test_what_is_cut_of_a_wide_title_says_so() -> None:
    known = parts({"sections": [{"number": "1\u200b", "title": "日本語の長い文字列" * 9}]})
    (line,) = part_lines(known, {part.path: 3 for part in known}, 60)
    assert line.plain.startswith(" 1‹U+200B›  日本")
    assert line.plain.endswith("日本…    3")
