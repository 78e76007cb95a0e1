"""Kills a sync at any of its system calls, with and without the git that it runs."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.consistency import Inconsistent, check
from tests.faults.killing import MUTATING
from tests.support.repository import git
from tests.sync.clones import (
    Clone,
    SharedRepository,
    copy_shared_repository,
    create_shared_repository,
)

# Hooks of the clone and of the remote; for one that git runs in several states, also the state.
CLONE_HOOKS = (
    ("commit-msg", ""),
    ("reference-transaction", "prepared"),
    ("reference-transaction", "committed"),
    ("post-index-change", ""),
    ("post-merge", ""),
    ("pre-push", ""),
)
REMOTE_HOOKS = (("pre-receive", ""), ("update", ""), ("post-receive", ""))
CALLS = 3
"""How many calls of one hook are killed, one at a time."""

_KILL = """\
test -z "{state}" || test "$1" = "{state}" || exit 0
test -n "$SYNC_PID" || exit 0
calls=$(cat "{folder}/calls" 2>/dev/null || echo 0)
echo $((calls + 1)) > "{folder}/calls"
test $calls -eq {call} || exit 0
touch "{folder}/killed"
kill -9 $SYNC_PID {more}
"""


def diverged_clones(folder: Path, template: Path) -> SharedRepository:
    """Return two clones of which the second has to merge, evidence included, to sync."""
    if not template.exists():
        one, other = create_shared_repository(template).clones
        one.set("1.1.2", notes="Одно")
        one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
        one.sync()
        other.set("1.1.3", notes="Другое")
        other.attach("1.1.2", "Акт.pdf", b"%PDF 2")
    return copy_shared_repository(template, folder)


def kill_at_each_call(folder: Path, first: int = 1, every: int = 1) -> Counter[str]:
    """Kill a sync at each of its own calls that change something; count them.

    Args:
        folder: Where to work.
        first: The number of the first call to kill at.
        every: Kill only at every n-th call.

    Raises:
        Inconsistent: Something was wrong afterwards.
    """
    killed = Counter[str]()
    for step in range(first, 1000, every):
        shared = diverged_clones(folder / str(step), folder / "template")
        if not _is_killed_at(shared.clones[1], step):
            return killed
        killed["calls"] += 1
        _check_after_kill(shared, f"killed at call {step}")
    raise Inconsistent("the calls do not end")


def kill_in_hooks(folder: Path, calls: int = CALLS) -> Counter[str]:
    """Kill a sync and its git while git runs a hook, in the clone or at the remote.

    Raises:
        Inconsistent: Something was wrong afterwards.
    """
    killed = Counter[str]()
    for place, hooks in (("clone", CLONE_HOOKS), ("remote", REMOTE_HOOKS)):
        for name, state in hooks:
            for call in range(calls):
                work_folder = folder / f"{place}-{name}-{state}-{call}"
                shared = diverged_clones(work_folder, folder / "template")
                # At the remote, the clone's git is killed, not the server.
                more = "$PPID" if place == "clone" else "$(ps -o ppid= -p $PPID)"
                script = _KILL.format(state=state, folder=work_folder, call=call, more=more)
                (shared.clones[1] if place == "clone" else shared).hook(name, script)
                _is_killed_at(shared.clones[1])
                if not (work_folder / "killed").exists():
                    break
                killed[f"{place}: {name} {state}".strip()] += 1
                _check_after_kill(shared, f"killed in call {call} of {name} {state} of the {place}")
    return killed


def _is_killed_at(clone: Clone, step: int = 0) -> bool:
    """Sync in a child process; tell whether it was killed, at a step or by a hook."""
    pid = os.fork()
    if pid == 0:
        try:
            os.environ["SYNC_PID"] = str(os.getpid())
            _kill_at(step)
            clone.sync()
        except BaseException as error:  # noqa: BLE001 - the child must not go on
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise Inconsistent("the sync failed")
    return os.WIFSIGNALED(status)


def _kill_at(step: int) -> None:
    remaining = [step]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        is_written = event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o3
        if event in MUTATING or is_written:
            remaining[0] -= 1
            if not remaining[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _check_after_kill(shared: SharedRepository, what: str) -> None:
    """Continue after a kill, and check that every accepted change arrives everywhere.

    Raises:
        Inconsistent: It does not.
    """
    try:
        # The plan can be changed at once: a command puts right first what it finds. What a killed
        # fetch left is cleared by the next sync.
        shared.clones[1].ledger.recover()
        shared.clones[1].save("1.1.4", notes="Сразу")
        shared.clones[1].sync()
        check(shared.clones[1].plan)
        faults = list(_faults(shared))
    except Exception as error:
        raise Inconsistent(f"{what}: {error!r}") from error
    if faults:
        raise Inconsistent(f"{what}: {faults}")


def _faults(shared: SharedRepository) -> Iterator[str]:
    one, other = shared.clones
    for clone in (other, one, other):
        clone.sync()
    if not one.head == other.head == shared.head():
        yield "the clones differ"
    if {one.value("1.1.3", "notes"), other.value("1.1.2", "notes")} != {"Другое", "Одно"}:
        yield "a change was lost"
    for clone in shared.clones:
        if sorted(_evidence(clone)) != [b"%PDF 1", b"%PDF 2"]:
            yield "evidence was lost"
        if clone.git("status", "--porcelain", "--ignored"):
            yield "the files differ from HEAD"
    if git(shared.bare, "fsck", "--no-progress", "--no-dangling", "--connectivity-only"):
        yield "the remote is damaged"


def _evidence(clone: Clone) -> list[bytes]:
    return [(clone.plan.parent / path).read_bytes() for path in clone.ledger.read().evidence]
