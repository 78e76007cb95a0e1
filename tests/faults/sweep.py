"""Each kind of change, with a fault at each of its mutating system calls, in all its processes.

After the fault the plan has to be the old or the new one, the next commands have to put everything
right, and what was said has to be so: no «failed» where the change is in the history, no «saved»
where it is not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree, rmtree
from unittest import mock

from kvartal.history.store import commit, git_locks
from tests.faults.injection import Fault, run_traced
from tests.faults.kinds import (
    KINDS,
    after,
    command,
    plan_of,
    prepared,
    relocate,
    state_of,
    words_of,
)


@dataclass
class Tally:
    """What a sweep found.

    Attributes:
        outcomes: How many faults of each kind ended how.
        wrong: What did not hold, a line each.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """How many faults there were."""
        return self.outcomes.total()


def sweep(
    folder: Path,
    name: str,
    faults: Iterable[Fault] = tuple(Fault),
    first: int = 1,
    every: int = 1,
    call: str = "",
) -> Tally:
    """Inject faults into a kind of change.

    Args:
        folder: Where to work; empty.
        name: The kind.
        faults: The faults.
        first: The number of the first call to inject one at.
        every: Inject at every n-th call only.
        call: Inject only at calls of this name and path, as `Run.calls` has them, from the run's
            folder.
    """
    tally = Tally()
    template = prepared(folder / "template", name)
    old = plan_of(template).read_bytes()
    with _short_waits():
        clean = copytree(template, folder / "run", symlinks=True)
        relocate(clean, template, name)
        words = words_of(name, clean)
        result = run_traced(command(words, clean), clean, None, 0)
        assert result.code == 0, (folder / "output").read_text("utf-8")
        new = plan_of(clean).read_bytes()
        for fault in faults:
            steps = [
                number
                for number, done in enumerate(result.calls, 1)
                if fault is not Fault.TORN or done.startswith(("write ", "pwrite "))
                if not call or done.replace(f"{clean.resolve()}/", "") == call
            ]
            for step in steps[first - 1 :: every]:
                rmtree(folder / "run")
                copytree(template, folder / "run", symlinks=True)
                relocate(folder / "run", template, name)
                _inject(folder / "run", name, words, fault, step, (old, new), tally)
    return tally


def _inject(
    folder: Path,
    name: str,
    words: tuple[str, ...],
    fault: Fault,
    step: int,
    plans: tuple[bytes, bytes],
    tally: Tally,
) -> None:
    kind, before = KINDS[name], state_of(folder, name)
    result = run_traced(command(words, folder), folder, fault, step)
    if not result.is_hit:
        return
    call = result.calls[step - 1].replace(str(folder.resolve()), "")
    said = (folder.parent / "output").read_text("utf-8")
    faults: list[str] = []
    plan = plan_of(folder)
    found = plan.read_bytes() if plan.exists() else b""
    if found not in plans:
        faults.append(f"the plan is neither old nor new: {len(found)} bytes")
    is_there = state_of(folder, name) != before
    if result.code and is_there:
        faults.append(f"told {result.code} though it is in the history: {said}")
    if result.code == 0 and not is_there and kind.changes:
        faults.append(f"told 0 though it is not in the history: {said}")
    if result.code == 3 or "Traceback" in said:
        faults.append(f"not an expected failure: {said}")
    faults += after(folder, name)
    tally.outcomes[f"{fault} {'new' if is_there else 'old'}"] += 1
    tally.wrong += (f"{name}, {fault} at {step} ({call}): {text}" for text in faults)


@contextmanager
def _short_waits() -> Iterator[None]:
    """Wait only a moment for a git that was killed."""
    with (
        mock.patch.object(git_locks, "_SHORT_TIMEOUT", 0.05),
        mock.patch.object(git_locks, "GIT_TIMEOUT", 0.2),
        mock.patch.object(git_locks, "_REMOTE_TIMEOUT", 0.2),
        mock.patch.object(commit, "GIT_TIMEOUT", 0.2),
    ):
        yield
