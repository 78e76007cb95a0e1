"""The time until the first measure is painted, against a bare Textual application with one table.

    python -m benchmarks.startup [--runs N] [--plan PATH]

Both are started alternately in a pseudo-terminal and timed from the start of the process until a
text of the first row arrives. The ratio is computed per pair and its median is reported, so that a
drift in the speed of the machine does not matter. Then the time from a key press to its paint is
measured. Needs a POSIX system; checks nothing.
"""

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SIZE: Final = (45, 140)
PATIENCE: Final = 20.0
QUIET: Final = 0.4
"""Seconds without output after which a screen counts as settled."""

BARE: Final = """
from textual.app import App
from textual.widgets import DataTable

class Bare(App):
    def compose(self):
        yield DataTable()
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("a", "b", "c")
        for number in range(20):
            table.add_row(f"1.1.{number + 1}", "text", "state")

Bare().run()
"""


OURS: Final = "from kvartal.tui.main import main; main()"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program, and the text that shows that its first row is painted."""

    name: str
    command: tuple[str, ...]
    first_row: bytes


@dataclass(slots=True)
class Terminal:
    """A program running in its own pseudo-terminal."""

    process: subprocess.Popen[bytes]
    descriptor: int

    def read(self, timeout: float) -> bytes:
        """Return the output that arrives within a number of seconds; empty if none does."""
        ready, _, _ = select.select([self.descriptor], [], [], timeout)
        return os.read(self.descriptor, 65536) if ready else b""

    def settle(self) -> None:
        """Read until the screen has been quiet for a while."""
        while self.read(QUIET):
            pass

    def end(self) -> None:
        """End the program."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.descriptor)


def start(command: tuple[str, ...]) -> Terminal:
    """Start a program in a pseudo-terminal of a fixed size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    variables = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=variables, start_new_session=True
    )
    os.close(theirs)
    return Terminal(process, ours)


def first_paint(candidate: Candidate) -> tuple[float, Terminal]:
    """Return the seconds until the first row is painted, and the terminal with the program."""
    begun = time.perf_counter()
    terminal = start(candidate.command)
    seen = b""
    while candidate.first_row not in seen:
        piece = terminal.read(PATIENCE)
        if not piece:
            terminal.end()
            sys.exit(f"{candidate.name}: no first row within {PATIENCE:.0f} s")
        seen += piece
    return time.perf_counter() - begun, terminal


def key_to_paint(terminal: Terminal, presses: int) -> list[float]:
    """Return the seconds from each press of an arrow key to the first paint after it."""
    terminal.settle()
    times = []
    for number in range(presses):
        key = b"\x1b[B" if number % 6 < 3 else b"\x1b[A"
        begun = time.perf_counter()
        os.write(terminal.descriptor, key)
        if terminal.read(PATIENCE):
            times.append(time.perf_counter() - begun)
        terminal.settle()
    return times


def spread(values: list[float], scale: float = 1.0) -> str:
    """Return minimum, median and maximum."""
    found = min(values), statistics.median(values), max(values)
    return " / ".join(f"{value * scale:.2f}" for value in found)


def main() -> None:
    """Run both alternately and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=7, help="pairs after one warm-up")
    parser.add_argument("--plan", default=str(ROOT / "plan" / "2024.yaml"))
    options = parser.parse_args()
    bare = Candidate("bare Textual", (sys.executable, "-c", BARE), b"1.1.1")
    ours = Candidate(
        "kvartal",
        (sys.executable, "-c", OURS, "--plan", options.plan, "--as-of", "2024-10-01"),
        b"1.1.1",
    )
    times: dict[str, list[float]] = {bare.name: [], ours.name: []}
    keys: list[float] = []
    for run in range(options.runs + 1):
        for candidate in (bare, ours):
            taken, terminal = first_paint(candidate)
            if run:
                times[candidate.name].append(taken)
            if run == options.runs and candidate is ours:
                keys = key_to_paint(terminal, 24)
            terminal.end()
    ratios = [b / a for a, b in zip(times[bare.name], times[ours.name], strict=True)]
    print("first painted row, ms (min / median / max)")
    for name, values in times.items():
        print(f"  {name:14}{spread(values, 1000)}")
    print(f"  ratio         {spread(ratios)}")
    print(f"key press to paint, ms: {spread(keys, 1000)}")


if __name__ == "__main__":
    main()
