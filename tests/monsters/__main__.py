"""What very large files of every bad shape cost every command that reads: at size n and 2n.

    python -m tests.monsters [--size 20000] [--limit 60] [--commands validate,list,…] [shape …]

Prints what looks superlinear, takes more than 300 MB, exceeds the limit, or ends without a
sentence, and a line a shape with the slowest command. Takes an hour; the suite runs a short part.
"""

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.monsters.costs import COMMANDS, Cost, costs
from tests.monsters.shapes import SHAPES
from tests.support import isolation


def main() -> None:
    """Run the given shapes with the given commands."""
    parser = argparse.ArgumentParser(prog="python -m tests.monsters", description=__doc__)
    parser.add_argument("shapes", nargs="*", metavar="shape")
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--commands", default=",".join(COMMANDS))
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for variable in isolation.foreign_variables():
            del os.environ[variable]
        (folder / "home").mkdir()
        os.environ.update(isolation.environment(folder / "home", folder))
        for shape in options.shapes or SHAPES:
            single, double = (
                costs(folder, shape, size, options.commands.split(","), options.limit)
                for size in (options.size, 2 * options.size)
            )
            _print(shape, single, double)


def _print(shape: str, single: dict[str, Cost], double: dict[str, Cost]) -> None:
    slowest = max(double, key=lambda command: double[command].seconds)
    for command, cost in double.items():
        before = single[command]
        ratio = cost.seconds / max(before.seconds, 0.01)
        faults = cost.faults(before)
        if faults or command == slowest:
            print(  # noqa: T201 - a program's output
                f"{shape:34} {command:10} {before.seconds:6.2f} s {cost.seconds:6.2f} s "
                f"×{ratio:4.1f} {cost.megabytes:4} MB  exit {cost.code}  "
                f"{', '.join(faults).upper()} {cost.sentence[:70]}",
                flush=True,
            )


if __name__ == "__main__":
    main()
