"""The overdue view: what is late and by how much, then what is due in this quarter."""

from datetime import date
from pathlib import Path

from tests.support.screens import SMALL, opened


async def test_most_urgent_first_then_what_is_due(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("down", "down", "щ")
        assert stage.chosen == "1.1.1"
        rows = stage.main.table._sheet.rows
        told = [row.cells[4][0].text for row in rows]
        assert told[0] == "просрочено на 184 дн."
        assert told[12:14] == ["просрочено на 184 дн.", "просрочено на 93 дн."]
        assert told[39:41] == ["просрочено на 1 дн.", "осталось 91 дн."]
        assert len(rows) == 53
        assert "31.03.2024" in stage.text()
        await stage.press("end")
        assert "IV" in stage.line("осталось 91 дн.")
        await stage.press("щ")
        assert len(stage.ids()) == 20


async def test_it_goes_through_the_filter(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("щ", "2", "f")
        await stage.type("3.1")
        await stage.press("enter")
        assert stage.ids() == ["3.1.2"]
        assert "Просроченные и срок в этом квартале · Отбор: II квартал · «3.1»" in stage.text()
        await stage.press("escape")
        assert len(stage.ids()) == 53
        await stage.press("escape")
        assert len(stage.ids()) == 20


async def test_a_record_is_about_the_quarter_under_the_cursor(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("щ", "2", "к")
        assert "(•) II" in stage.text()


KNOWN = {
    date(2024, 3, 31): 0,
    date(2024, 4, 1): 13,
    date(2024, 7, 1): 26,
    date(2024, 10, 1): 40,
    date(2025, 1, 1): 53,
}


async def test_known_answers_stand_at_the_top(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        for day, overdue in KNOWN.items():
            stage.app.show_date(day)
            await stage.settle()
            assert f"просрочено {overdue} ·" in stage.line("просрочено")
            assert f"{day:%d.%m.%Y}" in stage.text()


async def test_the_date_can_be_changed_on_the_spot(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL, as_of=None) as stage:
        assert "сегодня 01.10.2024" in stage.text()
        await stage.press("в")
        await stage.type("01.07")
        await stage.press("enter")
        assert "на 01.07.2024 · просрочено 26" in stage.text()
        assert stage.app.pinned
        await stage.press("в", "1", "escape")  # A date is no loss to be asked about.
        await stage.press("в", "down", "enter")
        assert "сегодня 01.10.2024" in stage.text()
        assert not stage.app.pinned


async def test_the_day_turns_at_midnight_unless_it_was_chosen(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL, as_of=None) as stage:
        stage.app.today = lambda: date(2024, 10, 2)
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        assert "сегодня 02.10.2024" in stage.text()
        stage.app.show_date(date(2024, 5, 1))
        stage.app.today = lambda: date(2024, 10, 3)
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        assert "на 01.05.2024" in stage.text()


async def test_outside_its_year_no_quarter_is_running(real_plan: Path) -> None:
    async with opened(real_plan, as_of=date(2023, 12, 1), size=SMALL) as stage:
        assert "до конца" not in stage.text()
        await stage.press("щ")
        assert "Ничего не просрочено, в этом квартале сроков нет" in stage.text()
