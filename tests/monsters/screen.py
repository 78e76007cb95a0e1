"""Open the screen on a plan without a terminal, wait until it has settled, and print a line."""

import asyncio
import sys
from pathlib import Path

from kvartal.history.programme import Programme
from kvartal.tui.i18n import _, translator
from tests.support.screens import opened


async def main(plan: Path) -> None:
    """Open the screen, move down a row, and print what it says first."""
    async with opened(plan, programme=Programme(plan, plan.name, _, translator)) as stage:
        await stage.press("down")
        print(stage.text().strip().splitlines()[0])  # noqa: T201 - a program's output


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).absolute()))
