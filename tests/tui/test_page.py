"""A page of text: lines wrapped to the width there is."""

from itertools import pairwise
from pathlib import Path

import pytest

from kvartal.tui.actions.registry import BY_ID
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.widgets.page import AT_ONCE, Page
from tests.support.plans import measure, plan_file
from tests.support.screens import opened

BAR = "▁▂▃▄▅▆▇█▊▎▌"
"""What a scroll bar is drawn with."""


@pytest.mark.parametrize("width", [60, 80, 100])
async def test_an_indented_text_uses_the_whole_width(tmp_path: Path, width: int) -> None:
    async with opened(plan_file(tmp_path, [measure(1)]), size=(width, 40)) as stage:
        await stage.press("f1")
        lines = [line.rstrip(BAR + " ") for line in stage.text().splitlines()]
    words = BY_ID["record"].help.split()
    start = next(at for at, line in enumerate(lines) if line.split()[:3] == words[:3])
    rows: list[str] = []
    while sum(len(row.split()) for row in rows) < len(words):
        rows.append(lines[start + len(rows)])
    assert " ".join(rows).split() == words
    assert len({len(row) - len(row.lstrip()) for row in rows}) == 1, "one indentation"
    for row, following in pairwise(rows):
        # The page keeps a column on each side, and one for the bar.
        assert len(row) + 1 + len(following.split()[0]) > width - 2, "its next word had room"


async def test_a_very_long_text_is_wrapped_between_keys(tmp_path: Path) -> None:
    heights = list[int]()
    async with opened(plan_file(tmp_path, [measure(1)])) as stage:
        page = Page((Cell(f"line {number}"),) for number in range(2000))
        await stage.main.mount(page, before=0)
        page.watch(page, "virtual_size", lambda size: heights.append(size.height), init=False)
        await stage.settle()
        page.focus()
        page.redraw()
        assert page.virtual_size.height == AT_ONCE
        await stage.press("end")
        assert "line 1999" in stage.text()
        page.redraw()
        await stage.settle()
        assert page.virtual_size.height == 2000
    assert heights[-4:] == [500, 1000, 1500, 2000]
