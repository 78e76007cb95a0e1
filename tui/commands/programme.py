"""The programme that a command is about: which file it is, what it holds, how a change is saved.

A change goes through the same ledger as the screen's. What a crash left is brought to its end
first. An edit by hand that the history does not hold yet gets a commit of its own before the
change, and is told of: it is never swept up in another's.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history.store.snapshot import Snapshot, look
from kvartal.schema.changes import Change, PlanData, UnknownMeasure
from kvartal.schema.errors import N_
from kvartal.schema.model import Measure, Plan
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import near_to
from kvartal.tui.commands.params import CommonOptions, today
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _, translator
from kvartal.tui.plan_path import find_plan

if TYPE_CHECKING:
    from kvartal.history.messages.message import Earlier
    from kvartal.history.store.ledger import Ledger, SaveResult
    from kvartal.history.store.prepare import Attached

ATTEMPTS: Final = 5
"""How often a change is worked out anew because another writer came first."""


class NoSuchMeasure(UnknownMeasure):
    """No measure has this id, but others have one that looks like it."""

    template = N_("Мероприятия «{measure}» нет в программе. Может быть, {near}?")


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as its file holds it now.

    Attributes:
        path: The file.
        data: Its plain data.
        plan: The same as a model.
        as_of: The date asked about.
    """

    path: Path
    data: PlanData
    plan: Plan
    as_of: date


def plan_path(asked: CommonOptions) -> Path:
    """Return the plan file that a command is about.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is none.
    """
    return find_plan(asked.plan, Path.cwd(), os.environ, today())


def open_programme(asked: CommonOptions) -> Programme:
    """Return the programme, read without a look at git or the schema.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is no plan file.
        UnreadablePlan, InvalidPlan: It is not a programme; says what is wrong with it, and where.
    """
    path = plan_path(asked)
    snapshot = look(path, display_name(path))
    return Programme(path, snapshot.data, snapshot.plan, asked.day(snapshot.plan))


def display_name(path: Path) -> str:
    """Return a path as messages give it: from the current folder where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def measure_named(plan: Plan, name: str) -> Measure:
    """Return a measure by its id as typed.

    Raises:
        UnknownMeasure: There is none; names those that look like it, if any.
    """
    found = plan.by_id.get(name.strip())
    if found is not None:
        return found
    near = near_to(name, plan.by_id)
    if near:
        raise NoSuchMeasure(measure=name, near=near)
    raise UnknownMeasure(measure=name)


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
    from kvartal.history.store.errors import PlanChangedOutside

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
    from kvartal.tui.presentation.repo_notice import recovery_sentence

    found = Ledger(path).recover()
    sentence = recovery_sentence(found) if found else ""
    if sentence:
        print_stderr(f"kvartal: {sentence}")


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
    print_stderr("kvartal: " + text.format(what=named(ledger.path, outcome.commit)))
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
