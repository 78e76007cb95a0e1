"""Each kind of change, with a fault at each of its mutating system calls, in all its processes.

After the fault the plan has to be the old or the new one, the next commands have to put everything
right, and what was said has to be so: no «failed» where the change is in the history, no «saved»
where it is not.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree, rmtree
from unittest import mock

from kvartal.history.store import commit, git_locks
from kvartal.history.store.ledger import Ledger
from kvartal.tui.main import run
from tests.faults.consistency import check_repository
from tests.faults.injection import Fault, run_traced
from tests.faults.killing import new_plan
from tests.support.repository import git
from tests.sync.clones import BARE, copy_shared_repository, create_shared_repository

DAY = "27.09.2024"
MEASURE = "1.1.2"
SHARED = "sync"


@dataclass(frozen=True)
class Kind:
    """A kind of change.

    Attributes:
        words: The command; ``{folder}`` stands for the folder of the run.
        before: Commands that are run once before.
        repair: Commands that have to succeed after the fault, besides one that reads.
    """

    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    repair: tuple[tuple[str, ...], ...] = (("set", "1.1.4", "notes=Потом"),)


KINDS = {
    "record": Kind(
        ("record", MEASURE, "--quarter", "3", "--date", DAY, "--file", "{folder}/Акт.pdf")
    ),
    "set": Kind(("set", MEASURE, "responsible=Отдел ОК")),
    "postpone": Kind(("postpone", "1.1.3", "--to", "4", "--reason", "Поставка", "--date", DAY)),
    "cancel": Kind(("cancel", MEASURE, "--reason", "Не нужно", "--date", DAY)),
    "add": Kind(
        (
            *("add", "--channel", "1.1", "--proposal", "Ещё", "--action", "Сделать"),
            *("--term", "4", "--result", "Сделано"),
        )
    ),
    "remove": Kind(("remove", "1.2.1")),
    "undo": Kind(
        ("undo",),
        before=(
            ("record", MEASURE, "--quarter", "3", "--date", DAY, "--file", "{folder}/Акт.pdf"),
        ),
    ),
    "adopt": Kind(("adopt",)),
    "init": Kind(("init",), repair=(("init",), ("set", "1.1.4", "notes=Потом"))),
    SHARED: Kind(("sync",), repair=(("sync",),)),
}


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
    folder: Path, name: str, faults: Iterable[Fault] = tuple(Fault), first: int = 1, every: int = 1
) -> Tally:
    """Inject faults into a kind of change.

    Args:
        folder: Where to work; empty.
        name: The kind.
        faults: The faults.
        first: The number of the first call to inject one at.
        every: Inject at every n-th call only.
    """
    tally = Tally()
    template = _prepared(folder / "template", name)
    old = _plan(template).read_bytes()
    with _short_waits():
        clean = copytree(template, folder / "run", symlinks=True)
        _relocate(clean, template, name)
        result = run_traced(_command(KINDS[name].words, clean), clean, None, 0)
        assert result.code == 0, (folder / "output").read_text("utf-8")
        new = _plan(clean).read_bytes()
        for fault in faults:
            steps = [
                number
                for number, call in enumerate(result.calls, 1)
                if fault is not Fault.TORN or call.startswith(("write ", "pwrite "))
            ]
            for step in steps[first - 1 :: every]:
                rmtree(folder / "run")
                copytree(template, folder / "run", symlinks=True)
                _relocate(folder / "run", template, name)
                _inject(folder / "run", name, fault, step, (old, new), tally)
    return tally


def _inject(
    folder: Path, name: str, fault: Fault, step: int, plans: tuple[bytes, bytes], tally: Tally
) -> None:
    kind, before = KINDS[name], _state(folder, name)
    result = run_traced(_command(kind.words, folder), folder, fault, step)
    if not result.is_hit:
        return
    call = result.calls[step - 1].replace(str(folder.resolve()), "")
    said = (folder.parent / "output").read_text("utf-8")
    faults: list[str] = []
    plan = _plan(folder)
    found = plan.read_bytes() if plan.exists() else b""
    if found not in plans:
        faults.append(f"the plan is neither old nor new: {len(found)} bytes")
    is_there = _state(folder, name) != before
    if result.code and is_there:
        faults.append(f"told {result.code} though it is in the history: {said}")
    if result.code == 0 and not is_there:
        faults.append(f"told 0 though it is not in the history: {said}")
    if result.code == 3 or "Traceback" in said:
        faults.append(f"not an expected failure: {said}")
    faults += _after(folder, name)
    tally.outcomes[f"{fault} {'new' if is_there else 'old'}"] += 1
    tally.wrong += (f"{name}, {fault} at {step} ({call}): {text}" for text in faults)


def _after(folder: Path, name: str) -> list[str]:
    """Return what is wrong after the next commands."""
    for words in (("list",), *KINDS[name].repair):
        if _call(words, folder):
            said = (folder.parent / "output").read_text("utf-8")
            return [f"then {' '.join(words)}: {said}"]
    try:
        plan = _plan(folder)
        check_repository(
            Path(git(plan.parent, "rev-parse", "--show-toplevel").strip()), Ledger(plan)
        )
    except Exception as error:  # noqa: BLE001 - any error is reported with the fault it came after
        return [repr(error)]
    return []


def _state(folder: Path, name: str) -> str:
    """Return what changes when a change is in the history; for a sync, when the remote has it."""
    if name == SHARED:
        return git(folder / BARE, "rev-parse", "refs/heads/main")
    return git(_plan(folder).parent, "rev-parse", "--verify", "--quiet", "HEAD", check=False)


def _plan(folder: Path) -> Path:
    clone = folder / "clone-1"
    return (clone if clone.exists() else folder / "repo") / "plan" / "2024.yaml"


def _prepared(folder: Path, name: str) -> Path:
    if name == SHARED:
        one, other = create_shared_repository(folder).clones
        one.set(MEASURE, notes="Одно")
        one.attach(MEASURE, "Акт.pdf", b"%PDF 1")
        one.push()
        other.save("1.1.3", notes="Другое")
        return folder
    plan = new_plan(folder)
    (folder / "Акт.pdf").write_bytes(b"%PDF-1.7 " + b"x" * 5000)
    for words in KINDS[name].before:
        assert _call(words, folder) == 0, (folder.parent / "output").read_text("utf-8")
    if name == "adopt":
        text = plan.read_text("utf-8")
        plan.write_text(text.replace("Обеспечена", "Была обеспечена", 1), encoding="utf-8")
    if name == "init":
        rmtree(folder / "repo" / ".git")
    return folder


def _relocate(folder: Path, template: Path, name: str) -> None:
    """Let the clones of a copy sync with the copy's shared repository."""
    if name == SHARED:
        copy_shared_repository(template, folder)


def _command(words: tuple[str, ...], folder: Path) -> Callable[[], int]:
    """Return a function that runs a command in a child of this process."""

    def act() -> int:
        output = os.open(folder.parent / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(output, stream)
        sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8") for stream in (1, 2))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(_plan(folder).parents[1])
        code = run([word.format(folder=folder) for word in words])
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    return act


def _call(words: tuple[str, ...], folder: Path) -> int:
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = _command(words, folder)()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


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
