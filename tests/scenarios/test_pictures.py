"""The pictures of the docs are what the program shows."""

from pathlib import Path

import pytest

from tests.scenarios.pictures import PICTURES, PLACE, Picture, draw


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_a_picture_is_what_is_shown(year: Path, picture: Picture) -> None:
    """Draw them anew, and look at them: ``python -m tests.scenarios.pictures``."""
    kept = (PLACE / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert await draw(year, picture) == kept


def test_no_other_picture_lies_there() -> None:
    assert {path.stem for path in PLACE.iterdir()} == {picture.name for picture in PICTURES}
