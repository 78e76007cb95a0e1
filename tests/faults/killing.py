"""The ways in which a program that saves a plan is killed."""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from shutil import copyfile
from typing import Any, TextIO

from kvartal.history.store.ledger import Ledger
from kvartal.schema.errors import KvartalError
from tests.faults import writer
from tests.faults.consistency import Inconsistent, check
from tests.support.repository import git, record_with_file

ROOT = Path(__file__).resolve().parents[2]

# Audit events of Python for calls that change something on disk or start a program.
MUTATING = {
    *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.chown"),
    *("os.utime", "os.link", "os.symlink", "subprocess.Popen", "ctypes.get_errno"),
}
STAGES = ("pre-commit", "commit-msg", "prepared", "committed", "post-index-change", "post-commit")
VICTIMS = ("git", "writer", "both")


def new_plan(folder: Path) -> Path:
    """Create a repository with the plan; return the path of the plan."""
    plan = folder / "repo" / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    copyfile(ROOT / "plan" / "2024.yaml", plan)
    git(folder, "init", "--quiet", "-b", "main", "repo")
    git(plan.parent, "add", ".")
    git(plan.parent, "commit", "--quiet", "-m", "Программа на 2024 год")
    return plan


def kill_at_random(folder: Path, kills: int, seed: int = 2024) -> Counter[str]:
    """Kill a writer at random moments, with and without the git it runs; count the outcomes.

    Raises:
        Inconsistent: Plan or repository were inconsistent afterwards.
    """
    plan, outcomes = new_plan(folder), Counter[str]()
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(kills):
        accepted = _one_kill(plan, f"Отдел {number}", folder / "Акт.pdf", chance)
        outcomes[_outcome(plan, accepted, f"kill {number} of seed {seed}")] += 1
    return outcomes


def _one_kill(plan: Path, name: str, evidence: Path, chance: random.Random) -> list[str]:
    """Let a writer work for a moment and kill it; return the commits it had reported."""
    pid, output = _started(plan, name, 0, evidence)
    with output:
        assert output.readline() == "started\n"
        time.sleep(chance.uniform(0, 0.5))
        victims = list(_descendants(pid))
        if chance.random() < 0.5:
            # The writer alone: its git continues and still holds the lock.
            victims = []
        for victim in (pid, *victims):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        lines = output.read().splitlines()
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        raise Inconsistent("the writer ended by itself")
    # A line cut off by the kill was not reported.
    return [line.split()[0] for line in lines]


def _started(plan: Path, name: str, changes: int, evidence: Path) -> tuple[int, TextIO]:
    """Start a writer as a fork of this process, all imports done; return its pid and output."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(ours)
            with os.fdopen(theirs, "w", encoding="utf-8") as output, redirect_stdout(output):
                writer.main(plan, name, changes, evidence)
        except KvartalError:  # The git of this writer was killed, and the writer reported that.
            os._exit(1)
        except BaseException as error:  # noqa: BLE001 - a child of fork must not go on
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    return pid, os.fdopen(ours, encoding="utf-8")


def _descendants(pid: int) -> Iterator[int]:
    """Yield the descendants of a process."""
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in listed.read_text(encoding="ascii").split():
                yield int(child)
                yield from _descendants(int(child))


def kill_in_git(folder: Path, victims: Sequence[str] = VICTIMS) -> Counter[str]:
    """Kill git, the writer or both at each stage of a commit; count the outcomes.

    Args:
        folder: Where to work.
        victims: Which of the three to kill.

    Raises:
        Inconsistent: Plan or repository were inconsistent afterwards.
    """
    outcomes = Counter[str]()
    for stage in STAGES:
        for victim in victims:
            plan = new_plan(folder / stage / victim)
            hook = _killing_hook(plan.parents[1], stage, victim)
            pid, lines = _started(plan, "Отдел", 1, folder / "Акт.pdf")
            with lines:
                accepted = [line.split()[0] for line in lines.read().splitlines()[1:]]
            os.waitpid(pid, 0)
            hook.unlink()
            outcomes[_outcome(plan, accepted, f"{victim} at {stage}")] += 1
    return outcomes


def _killing_hook(repo: Path, stage: str, victim: str) -> Path:
    """Install a hook that kills once, at the second commit of the writer, the one with evidence."""
    name = "reference-transaction" if stage in {"prepared", "committed"} else stage
    pids = {"git": "$PPID", "writer": "$writer", "both": "$writer $PPID"}[victim]
    hook = repo / ".git" / "hooks" / name
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\n"
        f'case "$1" in prepared|committed) test "$1" = {stage} || exit 0;; aborted) exit 0;; esac\n'
        "test $(git rev-list --count HEAD) -ge 2 || exit 0\n"
        "mkdir .git/killed 2>/dev/null || exit 0\n"
        "writer=$(ps -o ppid= -p $PPID)\n"
        f"kill -9 {pids}\n",
        encoding="ascii",
    )
    hook.chmod(0o755)
    return hook


def kill_at_each_step(folder: Path, every: int = 1) -> Counter[str]:
    """Kill a writer at each of its calls that change something; count the outcomes.

    Args:
        folder: Where to work.
        every: Test only every n-th call.

    Raises:
        Inconsistent: Plan or repository were inconsistent afterwards.
    """
    outcomes = Counter[str]()
    for step in range(1, 1000, every):
        plan = new_plan(folder / str(step))
        if not _killed_at(plan, folder, step):
            outcomes[_outcome(plan, [], "not killed")] += 1
            return outcomes
        outcomes[_outcome(plan, [], f"step {step}")] += 1
    raise Inconsistent("the writer does not finish")


def _killed_at(plan: Path, folder: Path, step: int) -> bool:
    """Record and undo in a process that is killed at a step; tell whether it was."""
    pid = os.fork()
    if pid == 0:
        try:
            evidence = folder / "Акт.pdf"
            evidence.write_bytes(b"%PDF-1.7")
            ledger = Ledger(plan)
            before = ledger.read()
            change, files = record_with_file(before.data, plan, evidence)
            sys.addaudithook(_killer(step))
            recorded = ledger.apply(before, change, files)
            ledger.apply(recorded.snapshot, change.inverse())
        except BaseException as error:  # noqa: BLE001 - a child of fork must not go on
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise Inconsistent(f"step {step}: the writer failed")
    return os.WIFSIGNALED(status)


def _killer(step: int) -> Callable[[str, tuple[Any, ...]], None]:
    left = [step]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        is_written = event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o3
        if event in MUTATING or is_written:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def _outcome(plan: Path, accepted: list[str], what: str) -> str:
    try:
        recovery = check(plan, accepted)
    # Whatever it is, it is raised again, with the kill that it came after.
    except Exception as error:
        raise Inconsistent(f"{what}: {error}") from error
    return recovery.outcome if recovery else "nothing"
