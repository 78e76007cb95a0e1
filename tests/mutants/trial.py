"""A pytest plugin that tries faults instead of running the tests: each in a fork of the process.

In the fork the changed function takes the place of the known one, so that neither Python nor pytest
starts anew; the module is changed on the disk meanwhile, for the programs that tests start.
"""

import gc
import json
import os
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.calls import ROOT
from tests.mutants.mutations import Mutation

FAULTS, OUTCOMES = "MUTANTS_FAULTS", "MUTANTS_OUTCOMES"
"""The variables with the file to read and the descriptor to write to, a line of JSON each."""
SLOWER, PATIENCE = 10.0, 60.0
"""A test that takes so many times longer, and so many seconds beside, has noticed a fault."""

Places = dict[tuple[str, int], list[FunctionType]]
"""The functions that are loaded: by the module's file and their first line."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A mutation of a module, the tests to run and the sum of the seconds they need without it.

    Attributes:
        complete: Whether these are all the tests that call the changed function.
    """

    path: str
    mutation: Mutation
    tests: tuple[str, ...]
    seconds: float
    complete: bool

    def as_line(self) -> str:
        """Return a line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "Fault":
        """Return what a line of JSON says."""
        row = json.loads(line)
        row |= {"mutation": Mutation(**row["mutation"]), "tests": tuple(row["tests"])}
        return cls(**row)


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try the faults instead of running the tests."""
    gc.unfreeze()  # What is frozen is not found.
    places = _functions()
    gc.freeze()
    outcomes = int(os.environ[OUTCOMES])
    os.set_inheritable(outcomes, False)
    trial = _Trial({item.nodeid: item for item in session.items}, places)
    for line in Path(os.environ[FAULTS]).read_text(encoding="utf-8").splitlines():
        test = trial.noticed_by(Fault.from_line(line))
        os.write(outcomes, json.dumps(test).encode() + b"\n")
    return True


def _functions() -> Places:
    found: Places = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and str(ROOT) in one.__code__.co_filename:
            path = os.path.realpath(one.__code__.co_filename)
            found[path, one.__code__.co_firstlineno].append(one)
    return found


class _Trial:
    def __init__(self, items: dict[str, pytest.Item], places: Places) -> None:
        self.items = items
        self.places = places
        self.trusted: dict[str, bool] = {}

    def noticed_by(self, fault: Fault) -> str | None:
        """Return the test that fails with a fault and passes without; "" if it cannot be tried."""
        items = [self.items[test] for test in fault.tests if test in self.items]
        while name := self._failing(fault, items):
            if name not in self.trusted:
                self.trusted[name] = self._in_fork([self.items[name]], None) is None
            if self.trusted[name]:
                break
            items = [item for item in items if item.nodeid != name]
        return name

    def _failing(self, fault: Fault, items: list[pytest.Item]) -> str | None:
        module = ROOT / fault.path
        original, status = module.read_bytes(), module.stat()
        module.write_bytes(fault.mutation.apply(original))
        try:
            return self._in_fork(items, fault)
        finally:
            module.write_bytes(original)
            os.utime(module, (status.st_atime, status.st_mtime))

    def _in_fork(self, items: list[pytest.Item], fault: Fault | None) -> str | None:
        """Return the test that failed or did not end, "" if none began."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            self._run(items, fault, writing)
        os.close(writing)
        limit = PATIENCE + SLOWER * (fault.seconds if fault else 30.0)
        try:
            return _last_begun(reading, limit)
        finally:
            os.close(reading)
            with suppress(ProcessLookupError):  # It may not lead a group yet, or have ended.
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _run(self, items: list[pytest.Item], fault: Fault | None, writing: int) -> None:
        """Run tests in the child: name each when it begins, and an empty line at the end."""
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(nothing, descriptor)
        sys.dont_write_bytecode = True  # Code with a fault must not stay in the cache.
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        try:
            if fault is not None:
                self._replace(fault)
            for item, following in zip(items, [*items[1:], None], strict=True):
                os.write(writing, item.nodeid.encode() + b"\n")
                reports = runtestprotocol(item, log=False, nextitem=following)
                if any(report.failed for report in reports):
                    break
            else:
                os.write(writing, b"\n")
        finally:
            os._exit(0)

    def _replace(self, fault: Fault) -> None:
        module = ROOT / fault.path
        code = compile(module.read_bytes(), str(module), "exec")
        for changed in _codes(code):
            if changed.co_firstlineno == fault.mutation.outermost:
                for function in self.places[str(module.resolve()), changed.co_firstlineno]:
                    if function.__code__.co_qualname == changed.co_qualname:
                        function.__code__ = changed


def _last_begun(reading: int, limit: float) -> str | None:
    """Return the last test that the child began if not all passed in time."""
    deadline = time.monotonic() + limit
    text = b""
    while not text.endswith(b"\n\n"):
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        more = os.read(reading, 65536) if ready else b""
        if not more:
            return text.decode().splitlines()[-1] if text else ""
        text += more
    return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
