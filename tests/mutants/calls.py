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
from types import CodeType, FrameType

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = "MUTANTS_CALLS"
"""The variable with the folder where each worker writes a file, a JSON line for each test."""


class Calls:
    """The calls since a test began."""

    def __init__(self) -> None:
        self.seen: dict[int, CodeType] = {}

    def trace(self, frame: FrameType, event: str, argument: object) -> None:
        """Write down a call, as quickly as possible; Python asks for no lines of it."""
        del event, argument
        code = frame.f_code
        if id(code) not in self.seen:  # The hash of code is of all that it holds.
            self.seen[id(code)] = code

    def own(self) -> list[tuple[str, int]]:
        """Return the functions of the sources that were called: module and first line."""
        return sorted(
            (Path(code.co_filename).resolve().relative_to(ROOT).as_posix(), code.co_firstlineno)
            for code in self.seen.values()
            if str(ROOT) in code.co_filename and "/tests/" not in code.co_filename
        )


CALLS = Calls()


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
        row = {"test": item.nodeid, "seconds": time.perf_counter() - start, "calls": CALLS.own()}
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        with Path(os.environ[OUTPUT], worker).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
