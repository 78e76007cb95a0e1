"""A page of text: lines wrapped to the width there is."""

from itertools import pairwise
from pathlib import Path

import pytest

from kvartal.tui.actions.registry import BY_ID
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
