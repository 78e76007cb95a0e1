"""The time of `kvartal overdue` and of the list of programmes over a holding: never seen, and seen.

    python -m benchmarks.holding [--suppliers N] [--years N] [--runs N]

Writes the plans (30 suppliers × 10 years of the real programme) and a cache into a temporary
folder. Each run is a process of its own, first without a cache and then with it; the list is also
opened on a day for which no figures are kept yet. The processor time of the user and the time on
the clock are reported, as medians, with the start of the program. The only check is that the
answers are the same to the byte.
"""

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Final

from textual.app import App

from kvartal.tui.screens.programmes import ProgrammesScreen

ROOT: Final = Path(__file__).resolve().parent.parent
PLAN: Final = ROOT / "plan" / "2024.yaml"
LAST_YEAR: Final = 2024
MAIN: Final = "from kvartal.tui.main import main; main()"
OVERDUE: Final = (
    *(sys.executable, "-c", MAIN),
    *("overdue", "--plan", "suppliers/*/plan/*.yaml", "--as-of", "2026-01-01", "--json"),
)
OPEN_LIST: Final = (sys.executable, "-m", "benchmarks.holding", "--open-list")
DAY, NEXT_DAY = "2026-01-01", "2026-01-02"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its answer, and its processor time and time on the clock in seconds."""

    answer: bytes
    user: float
    wall: float


def write_holding(folder: Path, suppliers: int, years: int) -> None:
    """Write the plans of so many suppliers, each for so many years up to the real plan's."""
    text = PLAN.read_text(encoding="utf-8")
    (folder / ".git").mkdir()  # One repository: the list holds all plans of it.
    for number in range(1, suppliers + 1):
        plans = folder / "suppliers" / f"{number:02}" / "plan"
        plans.mkdir(parents=True)
        named = text.replace("АО «Алтайэнергосбыт»\n", f"ООО «Поставщик {number}»\n", 1)
        for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
            plan = named.replace(str(LAST_YEAR), str(year))
            (plans / f"{year}.yaml").write_text(plan, encoding="utf-8")


def run(command: tuple[str, ...], folder: Path, cache: Path) -> Run:
    """Run a command once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    start = time.perf_counter()
    environ = {**os.environ, "KVARTAL_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environ, stdout=subprocess.PIPE, check=True)
    wall = time.perf_counter() - start
    user = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return Run(done.stdout, user, wall)


async def open_list(day: date) -> Iterable[object]:
    """Open the list of programmes of the working folder on a small screen, until all is read."""
    screen = ProgrammesScreen(Path.cwd(), day)
    app: App[None] = App()
    async with app.run_test(size=(80, 24)):
        app.push_screen(screen)
        while not screen._is_loaded:  # noqa: ASYNC110, SLF001 - the screen tells nobody
            await asyncio.sleep(0.005)
        return sorted(screen._found, key=lambda one: one.path)  # noqa: SLF001


def measured(folder: Path, cache: Path, runs: int) -> dict[str, list[Run]]:
    """Return the runs, by what they are of.

    Raises:
        SystemExit: A command gave different answers.
    """
    found: dict[str, list[Run]] = {}
    answers: dict[tuple[str, ...], bytes] = {}

    def note(title: str, command: tuple[str, ...]) -> None:
        one = run(command, folder, cache)
        found.setdefault(title, []).append(one)
        if answers.setdefault(command, one.answer) != one.answer:
            sys.exit(f"{title}: the answers differ")

    for _turn in range(runs):
        for name, command in (("overdue", OVERDUE), ("list", (*OPEN_LIST, DAY))):
            rmtree(cache, ignore_errors=True)
            note(f"{name}, never seen", command)
            note(f"{name}, seen before", command)
        note("list, on the next day", (*OPEN_LIST, NEXT_DAY))
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=30)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--open-list", type=date.fromisoformat, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.open_list is not None:
        for one in asyncio.run(open_list(arguments.open_list)):
            sys.stdout.write(f"{one}\n")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_holding(folder, arguments.suppliers, arguments.years)
        found = measured(folder, folder / "cache", arguments.runs)
    for title, runs in found.items():
        user = statistics.median(one.user for one in runs)
        wall = statistics.median(one.wall for one in runs)
        sys.stdout.write(f"{title:26} user {user:.2f} s, clock {wall:.2f} s\n")


if __name__ == "__main__":
    main()
