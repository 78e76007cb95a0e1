"""Pictures of the questions that repair a repository."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kvartal.tui.app import KvartalApp
from tests.support.plans import rewrite
from tests.support.screens import DAY, LARGE, SMALL, Stage, programme_at

Compare = Callable[..., bool]

RESULT = "result: Обеспечена установка терминала электронной очереди"


def pressed(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what to do before the picture is taken; what waits for an answer is not waited for."""

    async def prepare(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, KvartalApp)
        stage = Stage(pilot.app, pilot)
        await pilot.pause()
        await stage.settle()
        for key in keys:
            await stage.press(key)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await stage.settle()

    return prepare


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        pytest.param(SMALL, ("f6",), id="small"),
        pytest.param(LARGE, ("f6",), id="large"),
    ],
)
def test_a_manual_edit(
    snap_compare: Compare, programme: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    rewrite(programme, RESULT, f"{RESULT} и табло\n    responsible: Отдел качества")
    app = KvartalApp(programme_at(programme, "plan/2024.yaml"), as_of=DAY, check_interval=3600)
    assert snap_compare(app, terminal_size=size, run_before=pressed(*keys))


def test_an_edit_with_faults(snap_compare: Compare, programme: Path) -> None:
    rewrite(programme, "year: 2024\n", "year: 2024\ncolour: red\n")
    app = KvartalApp(programme_at(programme, "plan/2024.yaml"), as_of=DAY, check_interval=3600)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressed("f6"))


def test_who_it_is(snap_compare: Compare, programme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    app = KvartalApp(programme_at(programme, "plan/2024.yaml"), as_of=DAY, check_interval=3600)
    keys = ("end", "delete", "f2")
    assert snap_compare(app, terminal_size=SMALL, run_before=pressed(*keys))
