"""A clone that shares is killed at any of its calls, with and without the git it runs."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.aftermath import Broken, check
from tests.faults.killing import MUTATING
from tests.support.repository import git
from tests.sync.clones import Clone, Office, copied, office

# Hooks of the clone and of the remote, each with what it is told first where it is called often.
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
"""At how many of the calls of one hook somebody is killed, one at a time."""

_KILL = """\
test -z "{state}" || test "$1" = "{state}" || exit 0
test -n "$SYNC_PID" || exit 0
calls=$(cat "{folder}/calls" 2>/dev/null || echo 0)
echo $((calls + 1)) > "{folder}/calls"
test $calls -eq {call} || exit 0
touch "{folder}/killed"
kill -9 $SYNC_PID {more}
"""


def forked(folder: Path, template: Path) -> Office:
    """Return two clones of which the second has to merge, evidence and all, to share."""
    if not template.exists():
        made = office(template)
        one, other = made.clones
        one.set("1.1.2", notes="Одно")
        one.attach("1.1.2", "Акт.pdf", b"%PDF 1")
        one.sync()
        other.set("1.1.3", notes="Другое")
        other.attach("1.1.2", "Акт.pdf", b"%PDF 2")
    return copied(template, folder)


def at_each_call(folder: Path, first: int = 1, every: int = 1) -> Counter[str]:
    """Kill a clone that shares at each of its own calls that alter something; count them.

    Args:
        folder: Where to work.
        first: The first call to kill at.
        every: Kill only at every so manieth call.

    Raises:
        Broken: Something did not hold afterwards.
    """
    killed = Counter[str]()
    for step in range(first, 1000, every):
        made = forked(folder / str(step), folder / "template")
        if not _ended_by_a_kill(made.clones[1], step):
            return killed
        killed["calls"] += 1
        _look_after(made, f"killed at call {step}")
    raise Broken("there is no end of calls")


def in_hooks(folder: Path, calls: int = CALLS) -> Counter[str]:
    """Kill a clone that shares and its git while git runs a hook, here or at the remote.

    Raises:
        Broken: Something did not hold afterwards.
    """
    killed = Counter[str]()
    for place, hooks in (("clone", CLONE_HOOKS), ("remote", REMOTE_HOOKS)):
        for name, state in hooks:
            for call in range(calls):
                here = folder / f"{place}-{name}-{state}-{call}"
                made = forked(here, folder / "template")
                # The server is not ours to kill: there it is the git that talks to it.
                more = "$PPID" if place == "clone" else "$(ps -o ppid= -p $PPID)"
                script = _KILL.format(state=state, folder=here, call=call, more=more)
                (made.clones[1] if place == "clone" else made).hook(name, script)
                _ended_by_a_kill(made.clones[1])
                if not (here / "killed").exists():
                    break
                killed[f"{place}: {name} {state}".strip()] += 1
                _look_after(made, f"killed in call {call} of {name} {state} of the {place}")
    return killed


def _ended_by_a_kill(clone: Clone, step: int = 0) -> bool:
    """Share in a process of its own; tell whether it was killed, at a step or by a hook."""
    pid = os.fork()
    if pid == 0:
        try:
            os.environ["SYNC_PID"] = str(os.getpid())
            _kill_at(step)
            clone.sync()
        except BaseException as error:  # noqa: BLE001 - a child of fork must not go on
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise Broken("sharing failed")
    return os.WIFSIGNALED(status)


def _kill_at(step: int) -> None:
    left = [step]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        is_written = event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o3
        if event in MUTATING or is_written:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _look_after(made: Office, what: str) -> None:
    """Go on after a kill; everything accepted by anybody is in the end everywhere.

    Raises:
        Broken: Something did not hold.
    """
    try:
        # The plan can be worked on at once; what a killed fetch left is the next sharing's to heal.
        made.clones[1].keep("1.1.4", notes="Сразу")
        made.clones[1].sync()
        check(made.clones[1].plan)
        faults = list(_faults(made))
    except Exception as error:
        raise Broken(f"{what}: {error!r}") from error
    if faults:
        raise Broken(f"{what}: {faults}")


def _faults(made: Office) -> Iterator[str]:
    one, other = made.clones
    for clone in (other, one, other):
        clone.sync()
    if not one.head == other.head == made.head():
        yield "the clones differ"
    if {one.value("1.1.3", "notes"), other.value("1.1.2", "notes")} != {"Другое", "Одно"}:
        yield "a change was lost"
    for clone in made.clones:
        if sorted(_evidence(clone)) != [b"%PDF 1", b"%PDF 2"]:
            yield "evidence was lost"
        if clone.git("status", "--porcelain", "--ignored"):
            yield "not as HEAD has it"
    if git(made.bare, "fsck", "--no-progress", "--no-dangling", "--connectivity-only"):
        yield "the remote is damaged"


def _evidence(clone: Clone) -> list[bytes]:
    return [(clone.plan.parent / path).read_bytes() for path in clone.ledger.look().evidence]
