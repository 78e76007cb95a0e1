"""Kill a program that keeps a plan, many times, and look at what is left.

    python -m tests.faults [--kills 200] [--seed 2024] [--short] [random] [git] [steps]

Takes some minutes; the suite runs a short part of it (tests/history/test_kill.py).
"""

import argparse
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.killing import WHOM, at_each_step, at_random, in_git
from tests.support import isolation


def main() -> None:
    """Run the kinds of killing asked for; a traceback tells what did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="random|git|steps")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--short", action="store_true", help="a part of each kind")
    asked = parser.parse_args()
    kinds = {
        "random": lambda folder: at_random(folder, asked.kills, asked.seed),
        "git": lambda folder: in_git(folder, ("both",) if asked.short else WHOM),
        "steps": lambda folder: at_each_step(folder, 9 if asked.short else 1),
    }
    with TemporaryDirectory() as name:
        folder = Path(name)
        for variable in isolation.foreign_variables():
            del os.environ[variable]
        (folder / "home").mkdir()
        os.environ.update(isolation.environment(folder / "home", folder))
        for kind in asked.kinds or kinds:
            start = time.monotonic()
            (folder / kind).mkdir()
            healed = kinds[kind](folder / kind)
            told = ", ".join(f"{name} {count}" for name, count in sorted(healed.items()))
            print(f"{kind}: {healed.total()} kills ({told}), {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
