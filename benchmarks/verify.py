"""The time of verifying a long history, against reading its messages and patches with git.

    python -m benchmarks.verify [--commits N] [--runs N]

Builds the history of `benchmarks.log` in a temporary folder. Then git prints it with its patches
and `kvartal verify --full` verifies it alternately, each in its own process; the ratios are
computed per round and their median is reported. Last comes a verification with nothing left to
check. The only check is that the commit made without the program is the only finding.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.log import MAIN, history, spread


def timed(command: tuple[str, ...]) -> tuple[float, bytes]:
    """Return how many seconds a command took, and its output."""
    begun = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True)
    return time.perf_counter() - begun, done.stdout


def main() -> None:
    """Build the history, time the commands alternately, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base) / "long"
        history(folder, options.commits)
        git = ("git", "-C", str(folder), "--no-pager", "log", "-p", "--no-textconv", "--", "plan")
        verify = (
            sys.executable,
            "-c",
            MAIN,
            "--plan",
            str(folder / "plan" / "2024.yaml"),
            "verify",
        )
        by_git, by_us, ratios, again = [], [], [], []
        for _ in range(options.runs):
            by_git.append(timed(git)[0])
            took, printed = timed((*verify, "--full", "--json"))
            codes = [finding["code"] for finding in json.loads(printed)]
            if codes != ["by-hand"]:
                sys.exit(f"unexpected findings: {codes}")
            by_us.append(took)
            ratios.append(by_us[-1] / by_git[-1])
            again.append(timed((*verify, "--since", "HEAD"))[0])
    print(f"git log -p      {spread(by_git)} s")
    print(f"verify --full   {spread(by_us)} s, {statistics.median(ratios):.1f} times git")
    print(f"nothing left    {spread(again)} s")


if __name__ == "__main__":
    main()
