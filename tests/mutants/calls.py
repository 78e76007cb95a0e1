"""A pytest plugin that writes down which functions of the core each test calls, and its duration.

Functions and not lines: Python then reports calls only, which slows the tests down little.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = "MUTANTS_CALLS"
"""The variable with the name of the file to append to, a JSON line for each test."""


class Calls:
    """The calls since a test began."""

    def __init__(self, sources: str) -> None:
        self.sources = sources
        self.seen: set[tuple[str, int]] = set()

    def trace(self, frame: FrameType, event: str, argument: object) -> None:
        """Write down a call; Python asks for no lines of it."""
        del event, argument
        code = frame.f_code
        if "/tests/" not in code.co_filename and self.sources in code.co_filename:
            self.seen.add((code.co_filename, code.co_firstlineno))


CALLS = Calls(str(ROOT))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Write down what a test called."""
    CALLS.seen.clear()
    start = time.perf_counter()
    threading.settrace(CALLS.trace)
    sys.settrace(CALLS.trace)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        threading.settrace(None)
        called = sorted(
            (Path(name).resolve().relative_to(ROOT).as_posix(), line) for name, line in CALLS.seen
        )
        row = {"test": item.nodeid, "seconds": time.perf_counter() - start, "calls": called}
        with Path(os.environ[OUTPUT]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
