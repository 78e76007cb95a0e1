"""The way of a change made on the command line: the same ledger as the screen's.

What a crash left is brought to its end first. An edit by hand that the history does not hold yet
gets a commit of its own before the change, and is told of: it is never swept up in another's.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history.store.snapshot import Snapshot, look
from kvartal.schema.changes import Change
from kvartal.tui.commands import output
from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import display_name, plan_path
from kvartal.tui.failures import note
from kvartal.tui.i18n import _, translator

if TYPE_CHECKING:
    from kvartal.history.messages.message import Earlier
    from kvartal.history.store.ledger import Ledger, SaveResult
    from kvartal.history.store.prepare import Attached

ATTEMPTS: Final = 5
"""How often a change is worked out anew because another writer came first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change that is wanted, ready for the ledger.

    Attributes:
        change: The change.
        attachments: Evidence files that come with it.
        reverts: What an undo or a redo takes back.
        wish: Bytes that the file is to have, if they mean what the change makes of it.
    """

    change: Change
    attachments: "Sequence[Attached]" = ()
    reverts: "Earlier | None" = None
    wish: bytes | None = None


def keep(asked: CommonOptions, want: Callable[[Snapshot], Wanted]) -> None:
    """Keep a change, and say in one line what was saved.

    Args:
        asked: Says which programme.
        want: Returns the change, worked out from the programme as it is.

    Raises:
        KvartalError: It was not kept; everything is as before.
    """
    path = plan_path(asked)
    recover(path)
    commit = _kept_in_turn(path, want)
    if commit is None:
        output.line(_("Без изменений: всё и так записано."))
    else:
        output.line(_("Сохранено: {what}").format(what=named(path, commit)))


def _kept_in_turn(path: Path, want: Callable[[Snapshot], Wanted]) -> str | None:
    """Keep a change, worked out anew when another writer came first; return its commit, if any."""
    from kvartal.history.git.errors import PlanChangedOutside

    for _attempt in range(ATTEMPTS - 1):
        with suppress(PlanChangedOutside):
            return _kept(path, want)
    return _kept(path, want)


def _kept(path: Path, want: Callable[[Snapshot], Wanted]) -> str | None:
    snapshot = look(path, display_name(path))
    wanted = want(snapshot)
    if not wanted.change.edits and wanted.wish is None:
        return None
    ledger = _ledger(path, snapshot)
    snapshot = _adopted(ledger, snapshot, wanted)
    outcome = ledger.apply(
        snapshot, wanted.change, wanted.attachments, reverts=wanted.reverts, wish=wanted.wish
    )
    return outcome.commit


def recover(path: Path) -> None:
    """Bring a change that a crash interrupted to its end, and say what became of it."""
    from kvartal.history.store.ledger import Ledger
    from kvartal.tui.presentation.repo_notice import healed

    found = Ledger(path).recover()
    sentence = healed(found) if found else ""
    if sentence:
        note(f"kvartal: {sentence}")


def _adopted(ledger: "Ledger", snapshot: Snapshot, wanted: Wanted) -> Snapshot:
    """Commit edits by hand before the change, and say so; return the programme as it then is.

    They are left alone when the change would be refused anyway.
    """
    if not ledger.state().is_edited:
        return snapshot
    snapshot.changed(wanted.change)
    outcome: SaveResult = ledger.adopt(snapshot)
    if outcome.commit is None:
        return outcome.snapshot
    text = _("Правка файла вручную внесена в историю отдельно: {what}")
    note("kvartal: " + text.format(what=named(ledger.path, outcome.commit)))
    return outcome.snapshot


def _ledger(path: Path, snapshot: Snapshot) -> "Ledger":
    from kvartal.history.store.ledger import Ledger

    return Ledger(path, translate=translator(snapshot.plan.language))


def named(path: Path, commit: str) -> str:
    """Return what a commit says of itself in its first line, and its short id."""
    from kvartal.history.git.command import text
    from kvartal.history.git.repository import find_repository

    repository = find_repository(path.resolve().parent)
    printed = text(repository.read("log", "-1", "--no-color", "--format=%h %s", commit, "--"))
    short, _space, subject = printed.strip().partition(" ")
    return f"{subject} ({short})"
