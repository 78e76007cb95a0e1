"""Cells of a table: how wide they are, and how they are cut."""

import pytest

from kvartal.tui.commands.tables import fitted
from kvartal.tui.commands.wrapping import width


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("абв", 3), ("漢字", 4), ("e\u0301", 1), ("✓!", 2), ("＊", 2)],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "cells", "cut"),
    [
        ("абвгд", 5, "абвгд"),
        ("абвгд", 4, "абв…"),
        ("аб вгд", 4, "аб…"),
        ("漢字漢", 4, "漢…"),
        ("абв", 1, "…"),
    ],
)
def test_fitted(text: str, cells: int, cut: str) -> None:
    assert fitted(text, cells) == cut
    assert width(cut) <= cells
