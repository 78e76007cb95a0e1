from datetime import date

import pytest

from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.dialogs.as_of import AsOfDialog
from tests.tui.dialogs.stage import AS_OF, TODAY, Stage, type_text


def dialog() -> AsOfDialog:
    return AsOfDialog(ProgrammePeriod.of_year(2024), AS_OF, TODAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2024-04-01", date(2024, 4, 1)),
        ("01.04.2024", date(2024, 4, 1)),
        ("1.4", date(2024, 4, 1)),
        ("сегодня", TODAY),
        ("вчера", date(2024, 10, 4)),
    ],
)
async def test_a_date_is_typed_over_the_one_in_force(typed: str, expected: date) -> None:
    app = Stage(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, typed)
        await pilot.press("enter")
        await app.workers.wait_for_complete()
    assert app.results == [expected]


async def test_the_end_of_a_quarter_is_chosen_from_the_list() -> None:
    app = Stage(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "down", "enter")
        await pilot.pause()
    assert app.results == [date(2024, 6, 30)]


async def test_the_list_works_with_the_mouse() -> None:
    app = Stage(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click("OptionList", offset=(5, 0))
        await pilot.pause()
    assert app.results == [TODAY]


async def test_what_is_no_date_is_refused_and_stays() -> None:
    app = Stage(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.dialog, AsOfDialog)
        await type_text(pilot, "скоро")
        await pilot.press("enter")
        await pilot.pause()
        assert "не понята" in app.dialog.fields["date"].error
        # Nothing is lost with a date: leaving asks nothing.
        await pilot.press("escape")
        await pilot.pause()
        assert not app.is_open
    assert app.results == [None]
