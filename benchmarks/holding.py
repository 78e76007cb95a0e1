"""The time of `kvartal overdue` over a holding's programmes: plans never seen before, and seen.

    python -m benchmarks.holding [--suppliers N] [--years N] [--runs N]

Writes the plans (30 suppliers × 10 years of the real programme) and a cache into a temporary
folder. Each run is a process of its own, first without a cache and then with it; the processor time
of the user and the time on the clock are reported, as medians. The only check is that the answers
are the same to the byte.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PLAN: Final = ROOT / "plan" / "2024.yaml"
LAST_YEAR: Final = 2024
MAIN: Final = "from kvartal.tui.main import main; main()"
COMMAND: Final = (
    *(sys.executable, "-c", MAIN),
    *("overdue", "--plan", "suppliers/*/plan/*.yaml", "--as-of", "2026-01-01", "--json"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its answer, and its processor time and time on the clock in seconds."""

    answer: bytes
    user: float
    wall: float


def write_holding(folder: Path, suppliers: int, years: int) -> None:
    """Write the plans of so many suppliers, each for so many years up to the real plan's."""
    text = PLAN.read_text(encoding="utf-8")
    for number in range(1, suppliers + 1):
        plans = folder / "suppliers" / f"{number:02}" / "plan"
        plans.mkdir(parents=True)
        named = text.replace("АО «Алтайэнергосбыт»\n", f"ООО «Поставщик {number}»\n", 1)
        for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
            plan = named.replace(str(LAST_YEAR), str(year))
            (plans / f"{year}.yaml").write_text(plan, encoding="utf-8")


def run(folder: Path, cache: Path) -> Run:
    """Run the command once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    start = time.perf_counter()
    environ = {**os.environ, "KVARTAL_CACHE": str(cache)}
    done = subprocess.run(COMMAND, cwd=folder, env=environ, stdout=subprocess.PIPE, check=True)
    wall = time.perf_counter() - start
    user = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return Run(done.stdout, user, wall)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=30)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name), Path(name, "cache")
        write_holding(folder, arguments.suppliers, arguments.years)
        first, again = [], []
        for _turn in range(arguments.runs):
            rmtree(cache, ignore_errors=True)
            first.append(run(folder, cache))
            again.append(run(folder, cache))
    if len({one.answer for one in first + again}) != 1:
        sys.exit("the answers differ")
    for title, runs in (("never seen", first), ("seen before", again)):
        user = statistics.median(one.user for one in runs)
        wall = statistics.median(one.wall for one in runs)
        sys.stdout.write(f"{title:12} user {user:.2f} s, clock {wall:.2f} s\n")


if __name__ == "__main__":
    main()
