"""Filters: by quarter, state and words; always in sight, cleared with one key."""

from datetime import date
from pathlib import Path

import pytest

from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.reading import read_plan
from kvartal.schema.states import MeasureState
from kvartal.tui.filters import Filter, FilterPeriod
from kvartal.tui.places import Place
from kvartal.tui.view import Overview, View
from kvartal.tui.widgets.filter_line import FindInput
from tests.support.plans import many, measure, plan_file
from tests.support.screens import DAY, SMALL, StillProgramme, opened


def quarter(number: int) -> FilterPeriod:
    return FilterPeriod.of_quarter(CalendarQuarter(2024, number))


@pytest.fixture
def overview(real_plan: Path) -> Overview:
    return Overview(StillProgramme(real_plan, "2024.yaml").read().plan, DAY)


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (Filter(), 20),
        (Filter(period=quarter(3)), 14),
        (Filter(period=quarter(1), place=Place(section="3")), 2),
        (Filter(state=MeasureState.OVERDUE), 18),
        (Filter(state=MeasureState.PLANNED), 2),
        (Filter(text="B2B"), 8),
        (Filter(text="в2в"), 8),
        (Filter(text="автоплатеж"), 1),
        (Filter(text="АВТОПЛАТЁЖ"), 1),
        (Filter(text="обучения клиентоориентированности"), 2),
        (Filter(text="нет такого"), 0),
        (Filter(place=Place(channel="1.3")), 0),
        (Filter(place=Place(channel="2.2"), period=quarter(4), text="сервиса"), 1),
    ],
)
def test_what_a_filter_leaves(overview: Overview, chosen: Filter, count: int) -> None:
    view = View(overview, chosen)
    assert len(view.shown) == count
    assert bool(chosen) == (chosen != Filter())


def test_open_checkpoints_through_a_filter(overview: Overview) -> None:
    view = View(overview, Filter(period=quarter(4)), urgent=True)
    checkpoints = [one.checkpoint for one in view.open_checkpoints]
    assert {one and one.quarter for one in checkpoints} == {CalendarQuarter(2024, 4)}
    assert (
        len(View(overview, Filter(place=Place(channel="1.1")), urgent=True).open_checkpoints) == 17
    )


def test_places(overview: Overview) -> None:
    section, channel = Place(section="1"), Place(channel="1.5")
    assert View(overview, Filter(place=section)).place_title == "1 ОЧНОЕ ОБСЛУЖИВАНИЕ"
    assert View(overview, Filter(place=channel)).place_title == "1.5 Мобильный офис"
    assert View(overview, Filter(place=channel)).is_empty_place
    assert not View(overview, Filter(place=section, text="нет такого")).is_empty_place
    assert View(overview).place_title == ""


async def test_words_are_found_while_they_are_typed(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("f")
        await stage.type("об")
        await stage.type("учения прин")
        assert stage.ids() == ["1.1.3-2", "1.2.3-2"]
        await stage.press("enter")
        assert "Отбор: «обучения прин»" in stage.line("Отбор")
        assert "2 из 20" in stage.line("Отбор")
        assert stage.main.focused is stage.main.table
        await stage.press("а")
        await stage.type("ципы")
        await stage.press("down", "down")
        assert stage.chosen == "1.2.3-2"
        await stage.press("f", "escape")
        assert len(stage.ids()) == 20
        assert stage.chosen == "1.2.3-2"


async def test_letters_that_wait_are_searched_for_at_once(real_plan: Path) -> None:
    searched = list[str]()
    async with opened(real_plan, size=SMALL) as stage:
        main = stage.main
        await stage.press("f")
        main.watch(main, "view", lambda view: searched.append(view.filter.text), init=False)
        for text in ("о", "об", "обу", "обуч"):  # None is drawn before the last is there.
            main.query_one(FindInput).value = text
        await stage.settle()
    assert searched == ["обуч"]


async def test_one_key_clears_the_whole_filter(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("3", "ы", "down", "down", "down", "enter", "f")
        await stage.type("уст")
        await stage.press("enter")
        line = stage.line("Отбор")
        assert "III квартал · Просрочено · «уст»" in line
        assert "Esc сбросить" in line
        assert stage.ids() == ["1.1.2", "1.2.2"]
        await stage.press("escape")
        assert "Все мероприятия" in stage.text()
        assert len(stage.ids()) == 20
        await stage.press("1", "backspace")
        assert len(stage.ids()) == 20


async def test_a_filter_that_leaves_nothing_says_how_to_go_on(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("f")
        await stage.type("жираф")
        assert "Под отбор ничего не подходит. Esc — сбросить отбор" in stage.text()
        await stage.press("enter", "к")
        assert stage.text().count("Под отбор ничего не подходит. Esc — сбросить отбор") == 2
        await stage.press("escape", "escape")
        assert "Под отбор" not in stage.text()


async def test_a_click_clears_the_filter(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("2")
        await stage.pilot.click(offset=(5, 2))
        await stage.settle()
        assert len(stage.ids()) == 20


async def test_the_states_are_counted(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("s")
        assert "Просрочено                        18" in stage.line("Просрочено      ")
        assert "Исполнено                          –" in stage.line("Исполнено      ")
        await stage.press("escape")
        assert len(stage.ids()) == 20


def test_states_as_of_another_day() -> None:
    row = measure(1, records=[{"quarter": 4, "date": "2024-11-02", "complete": True}])
    plan = read_plan(
        {
            "year": 2024,
            "language": "ru",
            "document": {},
            "sections": [],
            "measures": [row],
        }
    )
    before, after = (Overview(plan, date(2024, 11, day)) for day in (1, 2))
    assert View(before, Filter(state=MeasureState.OVERDUE)).shown
    assert View(after, Filter(state=MeasureState.DONE)).shown


async def test_a_filter_goes_with_its_section(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, many(2))
    async with opened(plan) as stage:
        await stage.press("t", "down", "down", "down")
        assert stage.main.view is not None
        chosen = stage.main.view.filter.place
        assert chosen == Place(channel="1.2")
        text = plan.read_text(encoding="utf-8")
        plan.write_text(text.replace('"1.2"', '"1.3"'), encoding="utf-8")
        stage.app.snapshot = stage.app.programme.read()
        await stage.settle()
        assert stage.line("Все мероприятия").count("Все мероприятия") == 2
        assert len(stage.ids()) == 2
