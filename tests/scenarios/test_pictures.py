"""The pictures in the docs show what the program shows."""

from pathlib import Path

import pytest

from tests.scenarios.pictures import PICTURES, PLACE, Picture, draw


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_a_picture_is_what_is_shown(year: Path, picture: Picture) -> None:
    """To redraw them, run ``python -m tests.scenarios.pictures`` and look at the result."""
    drawn = (PLACE / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert await draw(year, picture) == drawn


def test_there_is_no_other_picture() -> None:
    assert {path.stem for path in PLACE.iterdir()} == {picture.name for picture in PICTURES}
