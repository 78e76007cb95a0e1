"""Kill a program that saves a plan, many times, and check what it leaves behind.

    python -m tests.faults [--kills 200] [--seed 2024] [--short] [random] [git] [steps]
    python -m tests.faults sweep [--every 1] [--kind set …] [--fault kill …]
    python -m tests.faults power [--kind set …] [--seed 2024]

The sweep injects a fault at each mutating system call of all processes (Linux on x86-64), for
every kind of change: it takes hours; with ``--every 20`` minutes. The trial of power cuts takes
some minutes and needs root on Linux, to mount a file system of its own; where that cannot be, it
says so. The rest takes some minutes; the suite runs a short part (tests/history/test_kill.py).
"""

import argparse
import os
import random
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.consistency import Inconsistent
from tests.faults.injection import Fault
from tests.faults.killing import VICTIMS, kill_at_each_step, kill_at_random, kill_in_git
from tests.faults.kinds import KINDS
from tests.faults.power import cut_power, why_impossible
from tests.faults.sweep import sweep
from tests.support import isolation


def main() -> None:
    """Run the requested kinds of kills; a traceback shows what was inconsistent."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="random|git|steps|sweep|power")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--short", action="store_true", help="a part of each kind")
    parser.add_argument("--every", type=int, default=1, help="sweep: only every n-th call")
    parser.add_argument("--first", type=int, default=1, help="sweep: the call to begin at")
    parser.add_argument("--kind", action="append", choices=KINDS, help="sweep, power: of change")
    parser.add_argument(
        "--fault", action="append", choices=list(Fault), help="sweep: kind of fault"
    )
    options = parser.parse_args()
    kinds = {
        "random": lambda folder: kill_at_random(folder, options.kills, options.seed),
        "git": lambda folder: kill_in_git(folder, ("both",) if options.short else VICTIMS),
        "steps": lambda folder: kill_at_each_step(folder, 9 if options.short else 1),
        "sweep": lambda folder: _sweep(folder, options),
        "power": lambda folder: _cut_power(folder, options),
    }
    with TemporaryDirectory() as name:
        folder = Path(name)
        for variable in isolation.foreign_variables():
            del os.environ[variable]
        (folder / "home").mkdir()
        os.environ.update(isolation.environment(folder / "home", folder))
        for kind in options.kinds or ("random", "git", "steps"):
            start = time.monotonic()
            (folder / kind).mkdir()
            outcomes = kinds[kind](folder / kind)
            counts = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
            print(f"{kind}: {outcomes.total()} kills ({counts}), {time.monotonic() - start:.0f} s")


def _sweep(folder: Path, options: argparse.Namespace) -> Counter[str]:
    """Sweep the requested kinds of change, and print the figures of each.

    Raises:
        Inconsistent: Something did not hold.
    """
    outcomes, wrong = Counter[str](), list[str]()
    faults = [Fault(name) for name in options.fault or Fault]
    for kind in options.kind or KINDS:
        (folder / kind).mkdir()
        tally = sweep(folder / kind, kind, faults, options.first, options.every)
        counts = ", ".join(f"{name} {count}" for name, count in sorted(tally.outcomes.items()))
        print(f"{kind}: {tally.points} faults ({counts}), wrong: {len(tally.wrong)}", flush=True)
        print(*tally.wrong, sep="\n", end="\n" if tally.wrong else "", flush=True)
        outcomes += tally.outcomes
        wrong += tally.wrong
    if wrong:
        raise Inconsistent("\n".join(wrong))
    return outcomes


def _cut_power(folder: Path, options: argparse.Namespace) -> Counter[str]:
    """Cut the power in the requested kinds of change, and print the figures of each.

    Raises:
        Inconsistent: Something did not hold.
    """
    outcomes, wrong = Counter[str](), list[str]()
    reason = why_impossible(folder)
    if reason:
        print(f"power: not tried here: {reason}")
        return outcomes
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    for kind in options.kind or KINDS:
        (folder / kind).mkdir()
        counts, faults = cut_power(folder / kind, kind, chance)
        text = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        print(f"{kind}: {counts.total()} cuts ({text}), wrong: {len(faults)}", flush=True)
        print(*faults, sep="\n", end="\n" if faults else "", flush=True)
        outcomes += counts
        wrong += faults
    if wrong:
        raise Inconsistent("\n".join(wrong))
    return outcomes


if __name__ == "__main__":
    main()
