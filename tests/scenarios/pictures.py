"""Pictures of the screen, for the docs: ``python -m tests.scenarios.pictures``.

Of the year 2024 in Russian, of the example `examples/clinic` in English. They are made from the
same commits each time, so the same program draws the same bytes.
"""

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Final

from kvartal.tui.i18n import ENGLISH, RUSSIAN, use_language
from tests.scenarios.working_copy import Person, identity
from tests.scenarios.year import year
from tests.support.cli import call
from tests.support.screens import opened, programme_at

ROOT: Final = Path(__file__).resolve().parents[2]
PLACE: Final = ROOT / "docs" / "pictures"
SIZE: Final = (110, 32)
DAY: Final = date(2024, 7, 3)
"""The first days of a quarter: whatever was not recorded by the end of the last one is overdue."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture.

    Attributes:
        name: Of its file.
        keys: What leads to it.
        day: The day on which the screen is shown.
        language: Of the screen.
    """

    name: str
    keys: tuple[str, ...] = ()
    day: date = DAY
    language: str = RUSSIAN


PICTURES: Final = (
    Picture("main", ("down", "down", "down", "down")),
    Picture("history", ("р", "down", "down")),
    Picture("earlier", ("м", *"31.03", "enter", "Ч", "down")),
)

CLINIC: Final = Picture("clinic", ("down",), date(2026, 10, 2), ENGLISH)
RECORDS: Final = (
    ("1.1.1", 2, "2026-06-19", ("--complete", "--document", "Acceptance report", "--number", "12")),
    ("1.1.2", 1, "2026-03-27", ("--document", "List of participants", "--number", "3")),
    ("1.1.2", 2, "2026-07-10", ("--document", "List of participants", "--number", "9")),
    ("1.2.1", 3, "2026-09-28", ("--complete", "--document", "Work certificate", "--number", "7")),
    ("2.1.1", 1, "2026-03-31", ("--value", "2026-Q1=91.5")),
    ("2.1.1", 2, "2026-06-30", ("--value", "2026-Q2=93")),
)
"""Measure, quarter, day and options of what was recorded in the example."""


def clinic(folder: Path) -> Path:
    """Write the example with some records to a new repository and return its plan file.

    Args:
        folder: The folder for the repository; must be missing.
    """
    copytree(ROOT / "examples" / "clinic", folder)
    plan = folder / "plan" / "2026.yaml"
    changes: list[tuple[str, tuple[str, ...]]] = [("2026-01-12", ("init",))]
    for measure, quarter, day, given in RECORDS:
        changes.append((day, ("record", measure, "--quarter", str(quarter), "--date", day, *given)))
    for day, words in changes:
        with identity(Person("Anna Reed", "reed@clinic.example"), f"{day} 12:00"):
            done = call([*words, "--plan", plan])
        assert done.exit_code == 0, done.output
    return plan


async def draw(plan: Path, picture: Picture) -> str:
    """Return a picture as SVG.

    Args:
        plan: The plan file.
        picture: The picture to draw.
    """
    use_language(picture.language)
    programme = programme_at(plan, f"plan/{plan.name}")
    day = picture.day
    async with opened(plan, programme=programme, size=SIZE, as_of=day, today=day) as stage:
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
        plans = dict.fromkeys(PICTURES, plan) | {CLINIC: clinic(Path(temporary, "c"))}
        for picture, plan in plans.items():
            drawn = asyncio.run(draw(plan, picture))
            (folder / f"{picture.name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
