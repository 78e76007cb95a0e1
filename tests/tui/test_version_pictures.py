"""What an earlier version and the choice between two values look like."""

import os
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kvartal.history.merge.merge import merge
from kvartal.history.sync.divergence import Authorship, Divergence, FieldConflict
from kvartal.schema.changes import PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.operations import remove, set_fields
from kvartal.tui.app import KvartalApp
from kvartal.tui.screens.conflicts import ConflictsScreen
from kvartal.tui.settings import LIGHT, Settings
from tests.history.programme import PROGRAMME
from tests.support.plans import many, measure, plan_file
from tests.support.screens import DAY, LARGE, SMALL, StillProgramme

Compare = Callable[..., bool]
Prepare = Callable[[Pilot[None]], Awaitable[None]]

THEN = "2024-03-29T15:45:00+07:00"


@pytest.fixture
def plan(repo: Path) -> Path:
    """Return a plan of two commits, whose hashes are the same wherever they are made."""
    one = measure(2, responsible="Отдел продаж")
    plan_file(repo, [*many(1), one, measure(3)])
    commit(repo, THEN, "Программа на 2024 год")
    two = measure(2, responsible="Отдел закупок", notes="[red]Договор[/red] № 7")
    plan = plan_file(repo, [*many(1), two, measure(4)])
    commit(repo, "2024-09-02T10:00:00+07:00", "1.1.2: ответственный исполнитель")
    return plan


def commit(repo: Path, moment: str, subject: str) -> None:
    clock = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    for command in (("add", "plan"), ("commit", "--quiet", "-m", subject)):
        subprocess.run(["git", *command], cwd=repo, check=True, env=os.environ | clock)


def pressed(*keys: str) -> Prepare:
    """Return what to do before the picture is taken; a text of several letters is pasted."""

    async def prepare(pilot: Pilot[None]) -> None:
        for key in keys:
            if key == "31.03":
                assert isinstance(pilot.app.focused, Input)
                pilot.app.focused.value = key
            else:
                await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause()

    return prepare


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        pytest.param(SMALL, ("м",), id="small-dialog"),
        pytest.param(SMALL, ("м", "31.03", "enter", "down"), id="small"),
        pytest.param(LARGE, ("м", "31.03", "enter", "down"), id="large"),
        pytest.param(SMALL, ("м", "31.03", "enter", "Ч", "down", "down"), id="small-changes"),
    ],
)
def test_an_earlier_version(
    snap_compare: Compare, plan: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = KvartalApp(StillProgramme(plan, "plan/2024.yaml"), as_of=None, today=lambda: DAY)
    assert snap_compare(app, terminal_size=size, run_before=pressed(*keys))


def divergence() -> Divergence:
    """Return conflicts over two fields and over a measure that one side removed."""

    def changed(data: PlanData, name: str, **values: str) -> PlanData:
        return apply_edits(data, set_fields(data, name, values).edits)

    text = "Обеспечена установка {} в ЦОК «Пригородный», {} этаж"
    ours = changed(PROGRAMME, "1.1.2", result=text.format("терминала", "второй"), notes="У нас")
    ours = changed(ours, "1.1.3", responsible="Учебный центр [b]управления[/b]")
    theirs = changed(PROGRAMME, "1.1.2", result=text.format("двух терминалов", "первый"))
    theirs = changed(theirs, "1.1.2", notes="У них: " + "примечание, " * 40)
    theirs = apply_edits(theirs, remove(theirs, "1.1.3").edits)
    merged = merge(PROGRAMME, ours, theirs)
    mine = Authorship("a" * 40, "Иванова Анна", "2024-09-27T10:12:00+07:00", "1.1.2: результат")
    other = Authorship("b" * 40, "Петров Пётр", "2024-09-28T09:00:00+07:00", "1.1.2: [red]сам")
    conflicts = tuple(
        FieldConflict("2024.yaml", one, merged.data, mine, other) for one in merged.conflicts
    )
    return Divergence(
        "origin", "main", "a" * 40, "b" * 40, "c" * 40, 2, 2, merged=merged, conflicts=conflicts
    )


@pytest.mark.parametrize(
    ("size", "keys", "settings"),
    [
        pytest.param(SMALL, ("н",), Settings(), id="small"),
        pytest.param(LARGE, ("И", "end"), Settings(theme=LIGHT), id="large"),
    ],
)
def test_the_choice(
    snap_compare: Compare,
    tmp_path: Path,
    size: tuple[int, int],
    keys: tuple[str, ...],
    settings: Settings,
) -> None:
    app = KvartalApp(StillProgramme(plan_file(tmp_path, many(2)), "plan/2024.yaml"), settings)

    async def prepare(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.app.push_screen(ConflictsScreen(divergence()))
        await pressed(*keys)(pilot)

    assert snap_compare(app, terminal_size=size, run_before=prepare)
