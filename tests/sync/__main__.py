"""Long sync tests: many clones in random turns, and clones that are killed at any moment.

    python -m tests.sync [--rounds 200] [--seed 2024] [--clones 3] [turns|structure|calls|hooks …]

Takes some minutes; the test suite runs a short part of it.
"""

import argparse
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.support import isolation
from tests.sync.killed_sync import kill_at_each_call, kill_in_hooks
from tests.sync.random_turns import run_turns
from tests.sync.structure_turns import run_sequences

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable


def main() -> None:
    """Run the given kinds; a traceback shows what failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="turns|structure|calls|hooks")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--clones", type=int, default=3)
    options = parser.parse_args()
    kinds: dict[str, Callable[[Path], Counter[str]]] = {
        "turns": lambda folder: run_turns(folder, options.rounds, options.seed, options.clones),
        "structure": lambda folder: run_sequences(folder, options.rounds, options.seed),
        "calls": kill_at_each_call,
        "hooks": kill_in_hooks,
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
            counts = kinds[kind](folder / kind)
            summary = ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))
            seconds = time.monotonic() - start
            print(f"{kind}: {summary}; {seconds:.0f} s", flush=True)  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
