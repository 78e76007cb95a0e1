"""Pictures of the screen in the year 2024, for the docs: ``python -m tests.scenarios.pictures``.

They are made from the same commits each time, so the same program draws the same bytes.
"""

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from tests.scenarios.year import year
from tests.support.screens import opened, programme_at

PLACE: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE: Final = (110, 32)
DAY: Final = date(2024, 7, 3)
"""The first days of a quarter: whatever was not recorded by the end of the last one is overdue."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its file name and the keys that lead to it."""

    name: str
    keys: tuple[str, ...] = ()


PICTURES: Final = (
    Picture("main", ("down", "down", "down", "down")),
    Picture("history", ("р", "down", "down")),
    Picture("earlier", ("м", *"31.03", "enter", "Ч", "down")),
)


async def draw(plan: Path, picture: Picture) -> str:
    """Return a picture as SVG.

    Args:
        plan: The plan file of the year.
        picture: The picture to draw.
    """
    keeper = programme_at(plan, f"plan/{plan.name}")
    async with opened(plan, programme=keeper, size=SIZE, as_of=DAY, today=DAY) as stage:
        for key in picture.keys:
            await stage.press({".": "full_stop"}.get(key, key))
        return stage.app.export_screenshot()


def main() -> None:
    """Draw all pictures."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the docs.")
    parser.add_argument("folder", type=Path, nargs="?", default=PLACE, help="where they go")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        plan = year(Path(temporary, "year"))
        for picture in PICTURES:
            drawn = asyncio.run(draw(plan, picture))
            (folder / f"{picture.name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
