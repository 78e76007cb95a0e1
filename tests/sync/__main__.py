"""Share at length: many clones in random turns, and clones killed at any moment.

    python -m tests.sync [--rounds 200] [--seed 2024] [--clones 3] [turns] [calls] [hooks]

Takes some minutes; the suite plays a short part of it.
"""

import argparse
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import isolation
from tests.sync.killed_sync import at_each_call, in_hooks
from tests.sync.random_turns import play


def main() -> None:
    """Run what is asked for; a traceback tells what did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="turns|calls|hooks")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--clones", type=int, default=3)
    asked = parser.parse_args()
    kinds = {
        "turns": lambda folder: play(folder, asked.rounds, asked.seed, asked.clones),
        "calls": at_each_call,
        "hooks": in_hooks,
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
            found = kinds[kind](folder / kind)
            told = ", ".join(f"{what} {count}" for what, count in sorted(found.items()))
            spent = time.monotonic() - start
            print(f"{kind}: {told}; {spent:.0f} s", flush=True)  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
