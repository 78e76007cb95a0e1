"""What the screens look like, at the smallest size and at a comfortable one."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kvartal.tui.app import KvartalApp
from kvartal.tui.settings import LIGHT, Settings
from tests.support.plans import measure, plan_file
from tests.support.screens import DAY, LARGE, SMALL, StillProgramme

Compare = Callable[..., bool]

EVERY_STATE = [
    measure(1, records=[{"quarter": q, "date": f"2024-{3 * q:02}-20"} for q in (1, 2)]),
    measure(
        2,
        term={"text": "2-3 кварталы 2024", "quarters": [2, 3]},
        records=[
            {"quarter": 2, "date": "2024-07-15", "result": "Поставлено"},
            {"quarter": 3, "date": "2024-09-27", "complete": True},
        ],
    ),
    measure(3, cancelled={"date": "2024-05-01", "reason": "Не нужно"}),
    measure(4, term={"text": "постоянно"}),
    measure(5, term={"text": "до 30.11.2024", "due": "2024-11-30"}),
    measure(
        6,
        term={"text": "1 квартал 2024", "quarters": [1]},
        postponements=[
            {
                "date": "2024-03-15",
                "to": {"text": "4 квартал 2024", "quarters": [4]},
                "reason": "Поставка позже",
            }
        ],
    ),
    measure(
        7,
        term={"text": "1 квартал 2024", "quarters": [1]},
        records=[{"quarter": 1, "date": "2024-04-02", "complete": True}],
    ),
]


def pressed(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what to do before the picture is taken."""

    async def prepare(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.press(*keys)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    return prepare


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        pytest.param(SMALL, (), id="small"),
        pytest.param(LARGE, ("down", "space"), id="large"),
        pytest.param(SMALL, ("down", "enter"), id="small-card"),
        pytest.param(SMALL, ("щ",), id="small-overdue"),
        pytest.param(SMALL, ("t", "down", "down"), id="small-tree"),
        pytest.param(LARGE, ("3", "f", "о", "б", "у", "ч"), id="large-find"),
        pytest.param(SMALL, ("f10",), id="small-menu"),
        pytest.param(SMALL, ("f1",), id="small-help"),
    ],
)
def test_the_real_programme(
    snap_compare: Compare, real_plan: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = KvartalApp(StillProgramme(real_plan, "plan/2024.yaml"), as_of=DAY)
    assert snap_compare(app, terminal_size=size, run_before=pressed(*keys))


@pytest.mark.parametrize("settings", [Settings(), Settings(theme=LIGHT, signs="ascii")])
def test_every_state(snap_compare: Compare, tmp_path: Path, settings: Settings) -> None:
    plan = plan_file(tmp_path, EVERY_STATE)
    app = KvartalApp(StillProgramme(plan, "plan/2024.yaml"), settings, as_of=DAY)
    assert snap_compare(app, terminal_size=(110, 34), run_before=pressed("down"))


def test_a_file_that_cannot_be_read(snap_compare: Compare, tmp_path: Path) -> None:
    plan = plan_file(tmp_path, [measure(1, term={"text": "x", "quarters": [7]})])
    app = KvartalApp(StillProgramme(plan, "plan/2024.yaml"), as_of=DAY)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressed())
