"""Kill a program that saves a plan, many times, and check what it leaves behind.

    python -m tests.faults [--kills 200] [--seed 2024] [--short] [random] [git] [steps]

Takes some minutes; the suite runs a short part of it (tests/history/test_kill.py).
"""

import argparse
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.killing import VICTIMS, kill_at_each_step, kill_at_random, kill_in_git
from tests.support import isolation


def main() -> None:
    """Run the requested kinds of kills; a traceback shows what was inconsistent."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="random|git|steps")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--short", action="store_true", help="a part of each kind")
    options = parser.parse_args()
    kinds = {
        "random": lambda folder: kill_at_random(folder, options.kills, options.seed),
        "git": lambda folder: kill_in_git(folder, ("both",) if options.short else VICTIMS),
        "steps": lambda folder: kill_at_each_step(folder, 9 if options.short else 1),
    }
    with TemporaryDirectory() as name:
        folder = Path(name)
        for variable in isolation.foreign_variables():
            del os.environ[variable]
        (folder / "home").mkdir()
        os.environ.update(isolation.environment(folder / "home", folder))
        for kind in options.kinds or kinds:
            start = time.monotonic()
            (folder / kind).mkdir()
            outcomes = kinds[kind](folder / kind)
            counts = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
            print(f"{kind}: {outcomes.total()} kills ({counts}), {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
