"""The tree of sections and channels."""

from pathlib import Path

import pytest

from kvartal.tui.widgets.section_tree import shortened_middle
from tests.support.plans import plan_file, rewrite
from tests.support.screens import LARGE, SMALL, opened

RESULT = "result: Обеспечена установка терминала электронной очереди"
RECORD = '\n    records:\n      - {quarter: 3, date: "2024-09-27", complete: true}'


async def test_counts_and_progress(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        assert stage.line("Все мероприятия").startswith("Все мероприятия              0 / 20")
        assert stage.line("1 ОЧНОЕ").split("│")[0].endswith("0 / 10")
        assert stage.line("1.3 Выездное").split("│")[0].endswith("–")
        rewrite(real_plan, RESULT, RESULT + RECORD)
        stage.app.snapshot = stage.app.programme.read()
        await stage.settle()
        assert stage.line("1.1 Офис").split("│")[0].endswith("1 / 5")
        assert stage.line("Все мероприятия").startswith("Все мероприятия              1 / 20")


async def test_the_tree_filters_as_the_cursor_moves(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        await stage.press("е", "down", "down", "down")
        assert stage.ids() == ["1.2.1", "1.2.2", "1.2.3", "1.2.3-2", "1.2.4"]
        assert "Отбор: 1.2 Офис обслуживания клиентов В2С" in stage.text()
        await stage.press("down")
        assert "Мероприятий не запланировано. ф — добавить мероприятие" in stage.text()
        await stage.press("enter")
        assert stage.main.focused is stage.main.table
        await stage.press("escape")
        assert len(stage.ids()) == 20
        assert stage.main.widgets is not None
        node = stage.main.widgets.tree.cursor_node
        assert node is not None
        assert node.data is None


async def test_a_small_terminal_folds_the_tree_away(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        assert "ОЧНОЕ ОБСЛУЖИВАНИЕ" not in stage.text()
        await stage.press("t")
        assert "1 ОЧНОЕ ОБСЛУЖИВАНИЕ" in stage.text()
        await stage.press("down", "down", "down", "enter")
        assert "ОЧНОЕ ОБСЛУЖИВАНИЕ" not in stage.text()
        assert "Отбор: 1.2 Офис обслуживания клиентов В2С" in stage.text()
        await stage.press("t")
        stage.app.say("Что-то случилось.", trouble=True)
        await stage.press("escape")  # The sentence goes first.
        assert "случилось" not in stage.text()
        assert stage.main.focused is stage.main.query_one("#tree")
        await stage.press("escape")
        assert "ОЧНОЕ ОБСЛУЖИВАНИЕ" not in stage.text()
        assert stage.main.focused is stage.main.table
        assert len(stage.ids()) == 5


async def test_the_keys_go_to_the_table_when_the_tree_goes_away(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        await stage.press("t")
        await stage.pilot.resize_terminal(*SMALL)
        await stage.settle()
        assert stage.main.focused is stage.main.table
        await stage.press("down")
        assert stage.chosen == "1.1.2"
        await stage.press("t", "down")
        await stage.pilot.resize_terminal(*LARGE)
        await stage.press("escape")
        assert len(stage.ids()) == 20


async def test_a_click_chooses_a_channel(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        stage.text()  # A click falls on what was drawn.
        await stage.pilot.click(offset=(10, 3))
        await stage.settle()
        assert stage.ids() == ["1.1.1", "1.1.2", "1.1.3", "1.1.3-2", "1.1.4"]


async def test_a_section_may_be_named_anything(tmp_path: Path) -> None:
    async with opened(plan_file(tmp_path, [], title="[b]x[/b] [@click=app.quit]y[/]")) as stage:
        assert "1 [b]x[/b] [@click" in stage.text()


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("Обслуживание по телефону В2В", 40, "Обслуживание по телефону В2В"),
        ("Обслуживание по телефону В2В", 20, "Обслуживание по… В2В"),
        ("Обслуживание по телефону В2С", 20, "Обслуживание по… В2С"),
        ("Обращения в социальных сетях и мессенджерах", 20, "Обращения в с…джерах"),
    ],
)
def test_titles_are_cut_where_they_do_not_differ(text: str, width: int, cut: str) -> None:
    assert shortened_middle(text, width) == cut
