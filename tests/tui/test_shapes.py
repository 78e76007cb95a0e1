"""Programmes of other shapes on the screen: deep sections, none, months, several years."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.schema.calendar import WorkingCalendar
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.measure import Measure, Term
from kvartal.schema.model import Plan
from kvartal.schema.operations import set_fields
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import status
from kvartal.schema.summaries import overdue
from kvartal.tui.app import KvartalApp
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.filters import Filter, FilterPeriod
from kvartal.tui.i18n import RUSSIAN, _, use_language
from kvartal.tui.places import Place
from kvartal.tui.presentation.card import card_items
from kvartal.tui.presentation.compared_version import ComparedVersion
from kvartal.tui.presentation.html.comparison import comparison_page
from kvartal.tui.presentation.labels import UNICODE_SIGNS
from kvartal.tui.presentation.table import Sheet, sheet
from kvartal.tui.view import Overview, View
from tests.schema.models import DAYS, a_plan, calendars, measures
from tests.support.plans import many, measure, plan_file
from tests.support.screens import LARGE, SMALL, Stage, StillProgramme, opened
from tests.tui.test_main_pictures import pressed

ROOT: Final = Path(__file__).parents[2]
WHOLE: Final = ROOT / "tests" / "plans" / "whole"
VALID: Final = ROOT / "tests" / "plans" / "valid"
MUNICIPALITY: Final = WHOLE / "municipality-2026.yaml"
SEASON: Final = WHOLE / "heating-season-2026-2027.yaml"
ROAD_MAP: Final = WHOLE / "road-map-2026-2028.yaml"
ENGLISH: Final = ROOT / "examples" / "plan-of-action" / "plan" / "2026.yaml"
NARROW: Final = 78
"""The width of the table in a terminal of 80 columns."""


def plan_of(path: Path) -> Plan:
    return StillProgramme(path, path.name).read().plan


def table(path: Path, day: date, width: int, *, urgent: bool = False) -> Sheet:
    return sheet(View(Overview(plan_of(path), day), urgent=urgent), width, UNICODE_SIGNS)


def lines(drawn: Sheet) -> list[str]:
    """Return heading and rows of a table, with single spaces."""
    rows = [
        " ".join("".join(part.text for part in cell) for cell in row.cells) for row in drawn.rows
    ]
    heading = " ".join(column.title for column in drawn.columns)
    return [" ".join(line.split()) for line in (heading, *rows)]


def card(path: Path, measure: str, day: date) -> dict[str, list[str]]:
    """Return what the card says, by label."""
    plan = plan_of(path)
    items = card_items(status(plan.measure(measure), plan.calendar, day), plan, UNICODE_SIGNS)
    return {
        item.label: ["".join(part.text for part in line) for line in item.lines] for item in items
    }


def tree(stage: Stage) -> list[str]:
    """Return the lines of the tree, without its figures."""
    left = (line.split("│")[0] for line in stage.text().splitlines() if "│" in line)
    return [line.rstrip() for line in left if line.strip()]


def test_months_fit_at_eighty_columns() -> None:
    drawn = table(MUNICIPALITY, date(2026, 7, 10), NARROW)
    assert sum(column.width for column in drawn.columns) == NARROW
    heading, *rows = lines(drawn)
    assert heading.endswith("1 2 3 4 5 6 7 8 9 10 11 12 Состояние")
    assert rows[4].endswith("✗ ✗ ✗ ✗ ✗ ✗ ✗ ● ● ○ ○ ○ Проср. 182 дн.")
    wide = table(MUNICIPALITY, date(2026, 7, 10), 138)
    assert "янв фев мар апр май июн июл авг сен окт ноя дек" in lines(wide)[0]
    assert sum(column.width for column in wide.columns) == 138


def test_years_have_their_quarters() -> None:
    heading, first, *_others = lines(table(ROAD_MAP, date(2027, 5, 10), NARROW))
    assert heading.endswith("2026 2027 2028 Состояние")
    assert first.endswith("III’26–II’28 ··✗✗ ✗●○○ ○○·· Проср. 222 дн.")
    roomy = lines(table(ROAD_MAP, date(2027, 5, 10), 102))
    assert "· · ✗ ✗ ✗ ● ○ ○ ○ ○ · ·" in roomy[1]
    assert "сроков: 3" in roomy[-1]


def test_a_quarter_of_every_year_is_not_cut_in_the_middle() -> None:
    plan = plan_of(ROAD_MAP)
    term = Term(
        "ежегодно в I квартале", tuple(CalendarQuarter(year, 1) for year in (2026, 2027, 2028))
    )
    first = replace(plan.measures[0], term=term)
    view = View(Overview(replace(plan, measures=(first,)), date(2027, 5, 10)))
    assert "кварталов: 3 " in lines(sheet(view, NARROW, UNICODE_SIGNS))[1]


@pytest.mark.parametrize("width", [NARROW, 102, 138])
@pytest.mark.parametrize("due", [2027, 2029, 2031, 2035, 2039])
def test_years_fit_however_many_they_are(due: int, width: int) -> None:
    plan = plan_of(ROAD_MAP)
    period = replace(plan.period, due=date(due, 12, 31))
    view = View(Overview(replace(plan, period=period), date(2027, 5, 10)))
    drawn = sheet(view, width, UNICODE_SIGNS)
    assert sum(column.width for column in drawn.columns) == width
    assert drawn.columns[1].width > 10


@pytest.mark.parametrize(
    ("points", "has_months"),
    [(["2024-01-05", "2024-02-05"], True), (["2024-03-31", "2024-06-30"], False)],
)
def test_one_measure_by_months_is_enough(
    tmp_path: Path, points: list[str], *, has_months: bool
) -> None:
    row = measure(4, term={"text": "ежемесячно", "points": points})
    heading, *_rows = lines(table(plan_file(tmp_path, [*many(3), row]), date(2024, 2, 1), NARROW))
    assert ("10 11 12" in heading) == has_months


@given(st.lists(measures(), max_size=4), calendars(), DAYS, st.integers(0, 40), st.data())
def test_any_programme_is_shown_whole(
    rows: list[Measure], calendar: WorkingCalendar, day: date, months: int, data: st.DataObject
) -> None:
    start = date(2024, data.draw(st.sampled_from((1, 9, 11))), 1)
    period = ProgrammePeriod(start, start + timedelta(days=30 * months + 27))
    plan = replace(a_plan(*rows), period=period, year=period.year, calendar=calendar)
    overview = Overview(plan, day)
    for width in (NARROW, 102, 138):
        drawn = sheet(View(overview), width, UNICODE_SIGNS)
        assert sum(column.width for column in drawn.columns) == width
        assert len(drawn.rows) == len(rows)
    late = [one for one in View(overview, urgent=True).open_checkpoints if one.days_overdue]
    assert len(late) == len(overdue(plan, day)) == overview.progress[None].overdue
    for status_ in overview.statuses:
        labels = [item.label for item in card_items(status_, plan, UNICODE_SIGNS)]
        assert {"Состояние", "Срок"} <= set(labels)
        assert len(labels) >= len(status_.checkpoints)


def test_a_season_goes_over_new_year() -> None:
    heading, *rows = lines(table(SEASON, date(2026, 12, 10), NARROW))
    assert heading.endswith("9 10 11 12 1 2 3 4 5 Состояние")
    assert rows[1].startswith("А/2")
    assert " IV–I · · · ● · · ○ · ·" in rows[1]
    assert rows[2].startswith("-2 ↑ как в А/2")
    academic = lines(table(VALID / "academic-year.yaml", date(2025, 1, 10), NARROW))
    assert "III IV I’25 II Состояние" in academic[0]
    assert "25.04 · · · ○" in academic[2]


def test_what_reaches_beyond_the_period_has_a_column() -> None:
    heading, first, second = lines(
        table(VALID / "term-outside-year.yaml", date(2024, 5, 1), NARROW)
    )
    assert "I II III IV » Состояние" in heading
    assert "I–IV ✗ ● ○ ○ ·" in first
    assert "31.03.25 · · · · ○" in second


@pytest.mark.parametrize(
    ("path", "day"),
    [
        (MUNICIPALITY, date(2026, 7, 10)),
        (SEASON, date(2027, 6, 20)),
        (ROAD_MAP, date(2027, 5, 10)),
        (ENGLISH, date(2026, 12, 31)),
        (VALID / "nested-sections.yaml", date(2026, 8, 1)),
    ],
)
def test_every_count_of_what_is_overdue_agrees(path: Path, day: date) -> None:
    overview = Overview(plan_of(path), day)
    late = overdue(overview.plan, day)
    shown = [one for one in View(overview, urgent=True).open_checkpoints if one.days_overdue]
    assert len(shown) == len(late) == overview.progress[None].overdue
    assert {one.measure_id for one in late} == {
        one.measure.id for one in overview.statuses if one.days_overdue
    }
    tops = [Place(section=one.number) for one in overview.plan.sections]
    if tops:
        assert sum(overview.progress[one].overdue for one in tops) == len(late)


def test_a_term_that_was_recorded_and_not_finished_is_owed() -> None:
    path, day = VALID / "nested-sections.yaml", date(2026, 8, 1)
    urgent = lines(table(path, day, NARROW, urgent=True))
    row, thin = [line for line in urgent if "V-0002" in line]
    assert row.endswith("II’26 ✗ 30.06.2026 не завершено 32 дн.")
    assert thin.endswith("II’26 30.06.2026 без подтверждения")
    assert card(path, "V-0002", day)["Состояние"] == [
        "Просрочено на 32 дн. · срок вышел, исполнение не завершено"
    ]


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        (Filter(place=Place(section="I")), ["V-0001", "V-0002", "V-0003"]),
        (Filter(place=Place(section="I.1")), ["V-0002", "V-0003"]),
        (Filter(place=Place(channel="а")), ["V-0003"]),
        (Filter(period=FilterPeriod.of_year(2024)), ["V-0001"]),
        (Filter(period=FilterPeriod.of_month(2026, 6)), ["V-0002"]),
        (Filter(period=FilterPeriod.of_month(2026, 5)), []),
    ],
)
def test_filters_of_any_place_and_period(chosen: Filter, ids: list[str]) -> None:
    view = View(Overview(plan_of(VALID / "nested-sections.yaml"), date(2025, 2, 1)), chosen)
    assert [one.measure.id for one in view.shown] == ids


def test_the_card_says_all_that_the_format_knows() -> None:
    first = card(VALID / "nested-sections.yaml", "V-0001", date(2025, 1, 10))
    assert first["Направление"] == ["I Первое направление"]
    assert first["Бюджет, руб."] == ["тариф, 2024: план 1000", "бюджет: факт 5"]
    assert first["Перешло из"] == ["plan/2023.yaml: 1.1.1"]
    assert (first["Риск"], first["Охват"], first["прочее"]) == (["низкий"], ["95,5"], ["как есть"])
    assert first["IV квартал 2024"] == ["✗ просрочено на 10 дн.  срок 31.12.2024"]
    assert "Ожидаемый результат" not in first
    second = card(VALID / "nested-sections.yaml", "V-0002", date(2026, 7, 1))
    assert second["Подзадача"] == ["I Первое направление › I.1 Первая задача › I.1.1 Вложенная"]
    assert second["Показатель"] == [
        "Доля: план не менее 95 % за полугодие",
        "Число: план равно 3 шт. за год",
    ]
    assert second["К 30.06.2026"][1:] == [
        "30.06.2026",
        "  факт Доля, 2026-H1: 96 % — план выполнен",
        "  факт Число, 2025: 3 шт. — план выполнен",
    ]
    third = card(VALID / "nested-sections.yaml", "V-0003", date(2025, 1, 10))
    assert third["Срок"][1] == "→ с 01.07.2025, без последнего дня: само не станет просроченным"


def test_the_card_of_a_flat_programme() -> None:
    monthly = card(VALID / "flat.yaml", "1", date(2024, 2, 10))
    assert monthly["Номер"] == ["1."]
    assert "Мероприятие" not in monthly
    assert monthly["Ответственный"] == ["Отдел кадров (ответственный)", "Юридический отдел"]
    assert monthly["Срок"][1] == "→ контрольных точек 3: первая 05.01.2024, последняя 05.03.2024"
    assert monthly["К 05.02.2024"] == ["✗ просрочено на 5 дн."]
    shifted = card(MUNICIPALITY, "п-5", date(2026, 7, 10))
    assert shifted["К 05.07.2026"][0].endswith("срок 06.07.2026: 05.07.2026 — нерабочий день")


async def test_deep_sections_in_the_words_of_the_organisation() -> None:
    async with opened(MUNICIPALITY, as_of=date(2026, 7, 10)) as stage:
        assert [line.split("  ")[0] for line in map(str.strip, tree(stage))][:4] == [
            "Все мероприятия",
            "▾ I Организация работы",
            "1.1 Правовые акты",
            "▾ 1.2 Комиссия по ур…ересов 0 / 2",
        ]
        await stage.press("t", "down", "down", "down")
        assert stage.ids() == ["1.2.1-а", "п-5"]
        assert "Отбор: Задача 1.2 Комиссия по урегулированию" in stage.text()
        await stage.press("enter", "down", "л", "down", "down", "down", "enter")
        assert "февраль" in stage.line("Отбор")
        assert stage.ids() == ["п-5"]
        await stage.press("к")
        assert isinstance(stage.app.screen, RecordDialog)
        assert "05.02.2026" in stage.text()


async def test_a_flat_programme_has_no_tree() -> None:
    async with opened(ENGLISH, as_of=date(2026, 8, 10)) as stage:
        assert stage.main.table.region.width == LARGE[0]
        await stage.press("t")
        assert "В программе нет разделов" in stage.text()
        await stage.press("escape", "ц", "down", "enter")
        assert stage.main.view is not None
        assert stage.main.view.filter.responsible
        assert 0 < len(stage.ids()) < 6


async def test_a_term_that_names_its_day_is_not_followed_by_it() -> None:
    use_language("en")
    async with opened(ENGLISH, as_of=date(2026, 8, 10)) as stage:
        await stage.press("p")
        assert stage.line("Term now").rstrip("│ ").endswith("by 31 March 2026")


async def test_a_quarter_key_means_the_year_in_sight() -> None:
    async with opened(ROAD_MAP, size=SMALL, as_of=date(2027, 5, 10)) as stage:
        await stage.press("1")
        assert "I квартал 2027" in stage.line("Отбор")
        assert stage.ids() == ["1.1.1", "2.1", "2.2"]
        # The picker begins at the filter in force; a year later is ten lines down.
        await stage.press("л", *["down"] * 10, "enter")
        assert "I квартал 2028" in stage.line("Отбор")
        await stage.press("4")
        assert "IV квартал 2028" in stage.line("Отбор")
        await stage.press("4")
        assert "Отбор" not in stage.text()
        await stage.press("2", "0")
        assert len(stage.ids()) == 4


def test_the_page_of_a_comparison_goes_by_sections_of_any_depth() -> None:
    before = StillProgramme(MUNICIPALITY, "x").read().data
    after = before
    for name, notes in {"1": "а", "1.2.1-а": "б", "п-5": "в"}.items():
        after = apply_edits(after, set_fields(after, name, {"notes": notes}).edits)
    sides = ComparedVersion(before), ComparedVersion(after)
    page = comparison_page(sides, change_groups(before, after, Words(_)), ())
    headings = [part.partition("</h2>")[0] for part in page.split("<h2>")[1:-1]]
    second = "I. Организация работы › 1.2. Комиссия по урегулированию конфликта интересов"
    assert headings == [
        "I. Организация работы",
        f"{second} › 1.2.1. Заседания",
        f"{second} › 1.2.2. Отчётность",
    ]


@pytest.mark.parametrize("size", [SMALL, (100, 30), LARGE], ids=["small", "medium", "large"])
@pytest.mark.parametrize(
    ("path", "day", "language"),
    [
        pytest.param(MUNICIPALITY, date(2026, 7, 10), RUSSIAN, id="municipality"),
        pytest.param(SEASON, date(2026, 12, 10), RUSSIAN, id="season"),
        pytest.param(ROAD_MAP, date(2027, 5, 10), RUSSIAN, id="road-map"),
        pytest.param(ENGLISH, date(2026, 8, 10), "en", id="english"),
    ],
)
def test_pictures(
    snap_compare: Callable[..., bool], path: Path, day: date, language: str, size: tuple[int, int]
) -> None:
    use_language(language)
    app = KvartalApp(StillProgramme(path, f"plan/{path.name}"), as_of=day, today=lambda: day)
    assert snap_compare(app, terminal_size=size, run_before=pressed("down"))
