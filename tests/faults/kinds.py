"""The kinds of change that are tried, in a folder of their own, and what must hold afterwards."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from kvartal.history.store.ledger import Ledger
from kvartal.tui.main import run
from tests.faults.consistency import check_repository
from tests.faults.killing import new_plan
from tests.support.repository import git
from tests.sync.clones import BARE, copy_shared_repository, create_shared_repository

DAY = "27.09.2024"
MEASURE = "1.1.2"
INIT = "init"
RECORD = ("record", MEASURE, "--quarter", "3", "--date", DAY, "--file", "{folder}/Акт.pdf")
SET = ("set", "1.1.4", "notes=Потом")
FINDING = "{finding}"
_CSV = """№;Мероприятие;Срок;Ответственный
1.1.9;Обучить операторов;2 квартал;Отдел ОК
1.1.10;Обновить памятку;до 25.11.2024;Отдел сбыта
"""


@dataclass(frozen=True)
class Kind:
    """A kind of change.

    Attributes:
        words: The command; ``{folder}`` stands for the folder of the run, ``{finding}`` for what
            `verify` finds.
        before: Commands that are run once before.
        repair: Commands that have to succeed after the fault, besides one that reads.
        is_shared: There are two clones with a shared repository, in which both have changed things.
        changes: It leaves something in the history.
    """

    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    repair: tuple[tuple[str, ...], ...] = (SET,)
    is_shared: bool = False
    changes: bool = True


KINDS = {
    "record": Kind(RECORD),
    "set": Kind(("set", MEASURE, "responsible=Отдел ОК")),
    "postpone": Kind(("postpone", "1.1.3", "--to", "4 кв.", "--reason", "Поставка", "--date", DAY)),
    "cancel": Kind(("cancel", MEASURE, "--reason", "Не нужно", "--date", DAY)),
    "add": Kind(
        (
            *("add", "--channel", "1.1", "--proposal", "Ещё", "--action", "Сделать"),
            *("--term", "4 кв.", "--result", "Сделано"),
        )
    ),
    "remove": Kind(("remove", "1.2.1")),
    "correct": Kind(
        (
            *("correct", MEASURE, "--quarter", "3", "--number", "13", "--document", "Акт"),
            *("--file", "{folder}/Справка.pdf", "--remove-file", "Акт.pdf"),
        ),
        before=(RECORD,),
    ),
    "move": Kind(("move", MEASURE, "--channel", "1.2", "--number", "1.2.9"), before=(RECORD,)),
    "import": Kind(("import", "{folder}/Мероприятия.csv")),
    "new-year": Kind(("new-year", "2025"), repair=(SET, ("init",))),
    "undo": Kind(("undo",), before=(RECORD,)),
    "redo": Kind(("redo",), before=(RECORD, ("undo",))),
    "adopt": Kind(("adopt",)),
    "aside": Kind(("adopt", "--aside"), changes=False),
    "accept": Kind(("accept", FINDING, "--reason", "Известно")),
    "mark": Kind(("verify", "--mark"), repair=(("verify", "--mark"), SET)),
    "git-setup": Kind(("git-setup",), repair=(("git-setup",), SET), changes=False),
    INIT: Kind(("init",), repair=(("init",), SET)),
    "sync": Kind(("sync",), repair=(("sync",),), is_shared=True),
    "receive": Kind(("sync",), repair=(("sync",),), is_shared=True),
    "preview": Kind(
        ("sync", "--dry-run"), repair=(("sync", "--dry-run"),), is_shared=True, changes=False
    ),
}


def state_of(folder: Path, name: str) -> str:
    """Return what changes when a change is in the history; for a sync, when the remote has it."""
    if name == "sync":
        return git(folder / BARE, "rev-parse", "refs/heads/main")
    refs = ("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags")
    return git(plan_of(folder).parent, *refs, check=False)


def plan_of(folder: Path) -> Path:
    """Return the plan that the command is about."""
    clone = folder / "clone-1"
    return (clone if clone.exists() else folder / "repo") / "plan" / "2024.yaml"


def prepared(folder: Path, name: str) -> Path:
    """Prepare a folder for a kind of change; return it."""
    if KINDS[name].is_shared:
        one, other = create_shared_repository(folder).clones
        one.set(MEASURE, notes="Одно")
        one.attach(MEASURE, "Акт.pdf", b"%PDF 1")
        one.push()
        if name != "receive":
            other.save("1.1.3", notes="Другое")
        return folder
    plan = new_plan(folder)
    for file in ("Акт.pdf", "Справка.pdf"):
        (folder / file).write_bytes(f"%PDF-1.7 {file} ".encode() + b"x" * 5000)
    (folder / "Мероприятия.csv").write_text(_CSV, encoding="utf-8")
    for words in KINDS[name].before:
        assert call(words, folder) == 0, (folder.parent / "output").read_text("utf-8")
    if name in {"adopt", "aside", "accept"}:
        text = plan.read_text("utf-8")
        plan.write_text(text.replace("Обеспечена", "Была обеспечена", 1), encoding="utf-8")
    if name == "accept":
        git(plan.parent, "commit", "--quiet", "--all", "-m", "Правка")
    if name == INIT:
        rmtree(folder / "repo" / ".git")
    return folder


def relocate(folder: Path, template: Path, name: str) -> None:
    """Let the clones of a copy sync with the copy's shared repository."""
    if KINDS[name].is_shared:
        copy_shared_repository(template, folder)


def words_of(name: str, folder: Path) -> tuple[str, ...]:
    """Return the command of a kind, for a folder."""
    words = KINDS[name].words
    if FINDING not in words:
        return words
    call(("verify", "--json"), folder)
    finding, *_rest = json.loads((folder.parent / "output").read_text("utf-8"))
    return tuple(finding["id"] if word == FINDING else word for word in words)


def command(words: tuple[str, ...], folder: Path) -> Callable[[], int]:
    """Return a function that runs a command in a child of this process."""

    def act() -> int:
        output = os.open(folder.parent / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(output, stream)
        sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8") for stream in (1, 2))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(plan_of(folder).parents[1])
        code = run([word.format(folder=folder) for word in words])
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    return act


def call(words: tuple[str, ...], folder: Path) -> int:
    """Run a command in a child of this process; return its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = command(words, folder)()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def after(folder: Path, name: str) -> list[str]:
    """Return what is wrong after the next commands."""
    for words in (("list",), *KINDS[name].repair):
        if call(words, folder):
            said = (folder.parent / "output").read_text("utf-8")
            return [f"then {' '.join(words)}: {said}"]
    try:
        plan = plan_of(folder)
        check_repository(
            Path(git(plan.parent, "rev-parse", "--show-toplevel").strip()), Ledger(plan)
        )
    except Exception as error:  # noqa: BLE001 - any error is reported with the fault it came after
        return [repr(error)]
    return []
