"""The pictures in the docs show what the program shows."""

from pathlib import Path

import pytest

from tests.scenarios.pictures import CLINIC, PICTURES, PLACE, Picture, clinic, draw


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_a_picture_is_what_is_shown(year: Path, picture: Picture) -> None:
    """To redraw them, run ``python -m tests.scenarios.pictures`` and look at the result."""
    drawn = (PLACE / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert await draw(year, picture) == drawn


async def test_the_picture_of_the_example_is_what_is_shown(tmp_path: Path) -> None:
    drawn = (PLACE / f"{CLINIC.name}.svg").read_text(encoding="utf-8")
    assert await draw(clinic(tmp_path / "clinic"), CLINIC) == drawn


def test_there_is_no_other_picture() -> None:
    assert {path.stem for path in PLACE.iterdir()} == {
        picture.name for picture in (*PICTURES, CLINIC)
    }
