"""How long verifying a long history takes, against reading its messages and patches with git.

    python -m benchmarks.verify [--commits N] [--runs N]

Builds the history of `benchmarks.log` in a folder of its own. Then, in turn, git prints all of it
with its patches and `kvartal verify --full` verifies it, each as a process of its own; the ratios
are taken round by round and their median quoted. At last the second verifying, which has nothing
left to look at. Asserts nothing but that an honest history has no finding.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.log import MAIN, history, spread


def timed(command: tuple[str, ...]) -> float:
    """Return how many seconds a command took that has to succeed."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    """Build, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base) / "long"
        history(folder, asked.commits)
        git = ("git", "-C", str(folder), "--no-pager", "log", "-p", "--", "plan")
        quick = (sys.executable, "-c", MAIN, "--plan", str(folder / "plan" / "2024.yaml"), "verify")
        ours: Final = (*quick, "--full")
        by_git, by_us, ratios = [], [], []
        for _ in range(asked.runs):
            by_git.append(timed(git))
            by_us.append(timed(ours))
            ratios.append(by_us[-1] / by_git[-1])
        again = [timed(quick) for _ in range(asked.runs)]
    print(f"git log -p      {spread(by_git)} s")
    print(f"verify --full   {spread(by_us)} s, {statistics.median(ratios):.1f} times git")
    print(f"verify again    {spread(again)} s")


if __name__ == "__main__":
    main()
