"""What is imported and made before the first paint, and what only after it."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kvartal.tui.app import KvartalApp
from kvartal.tui.screens.main import MainScreen, main_screen
from tests.support.screens import DAY, StillProgramme, opened

EARLY = """\
import json, sys
from datetime import date
from pathlib import Path
from kvartal.history.programme import open_programme
from kvartal.tui.app import KvartalApp
from kvartal.tui.main import screen_options
from kvartal.tui.view import Overview
from kvartal.tui.widgets.measure_table import MeasureTable

app = KvartalApp(open_programme(Path(sys.argv[1]), name="plan"), as_of=date(2024, 10, 1))
assert len(app.overview.statuses) == 20
print(json.dumps(sorted(sys.modules)))
"""


def test_the_first_paint_waits_for_nothing_it_does_not_need(real_plan: Path) -> None:
    command = [sys.executable, "-c", EARLY, str(real_plan)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    loaded = set(json.loads(done.stdout))
    late = {
        "git",
        "jsonschema",
        "jsonschema_rs",
        "click",
        "tomli_w",
        "tomllib",
        "kvartal.history.git.command",
        "kvartal.history.diff.words",
        "kvartal.history.yaml_text.splice",
        "kvartal.schema.fields",
        "kvartal.schema.validation",
        "kvartal.schema.operations",
        "kvartal.tui.dialogs",
        "kvartal.tui.commands",
        "kvartal.tui.screens.main_widgets",
        "kvartal.tui.handlers.dispatch",
        "kvartal.tui.services.refresh",
        "kvartal.tui.presentation.card",
        "kvartal.tui.presentation.repo_notice",
        "kvartal.tui.presentation.history",
    }
    assert loaded & late == set()


async def test_a_key_pressed_at_once_is_not_lost(real_plan: Path) -> None:
    app = KvartalApp(StillProgramme(real_plan, "plan"), as_of=DAY)
    async with app.run_test(size=(80, 24)) as pilot:
        main = main_screen(app)
        assert main is not None
        await main.action_act("quarter_3")
        assert main.table.row_count == 20
        await pilot.pause()
        await pilot.pause()
        assert main.widgets is not None
        assert main.table.row_count == 14


async def test_the_table_is_painted_before_the_rest_is_made(
    real_plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[int] = []
    complete = MainScreen.complete

    async def seen(screen: MainScreen) -> None:
        strips = screen._compositor.render_strips()
        rows.append(sum("1.1." in strip.text for strip in strips))
        await complete(screen)

    monkeypatch.setattr(MainScreen, "complete", seen)
    async with opened(real_plan) as stage:
        assert not stage.main.has_class("-early")
    assert rows == [4]


async def test_closed_before_a_look_has_its_turn_leaves_nothing_begun(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        stage.app.refresh_service.check_for_changes()
        stage.app.reload()
        stage.app.workers.cancel_all()
    gc.collect()  # A coroutine that never ran would be reported here and fail the test.
