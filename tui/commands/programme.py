"""The programme that a command works on: which file the options name, and saving a change to it.

Commands read and save through `kvartal.history.programme`, as the screen does. Before a change is
saved, one that a crash interrupted is finished, and a manual edit that is not in the history yet
gets a commit of its own and is reported: it never ends up in the commit of a different change.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history import repair
from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Change
from kvartal.schema.errors import KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.params import CommonOptions, today
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plan_path import find_plan, open_plan

if TYPE_CHECKING:
    from kvartal.history.messages.message import EarlierCommit
    from kvartal.history.store.ledger import SaveResult
    from kvartal.history.store.prepare import Attached

ATTEMPTS: Final = 5
"""How often a change is prepared again because another writer came first."""


@dataclass(frozen=True, slots=True)
class PreparedChange:
    """A change, ready to be saved.

    Attributes:
        change: The change.
        attachments: Evidence files that come with it.
        reverts: The commit that an undo or a redo reverts.
        exact_bytes: Bytes that the file is to have, if they mean what the change makes of it.
        reason: Why it is made, for the history; empty for none.
    """

    change: Change
    attachments: "Sequence[Attached]" = ()
    reverts: "EarlierCommit | None" = None
    exact_bytes: bytes | None = None
    reason: str = ""


Prepare = Callable[[Snapshot], PreparedChange]
"""Returns the change, prepared from the programme as it is; called again if that has changed."""


def plan_path(options: CommonOptions) -> Path:
    """Return the plan file that a command is about.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is none.
    """
    return find_plan(options.plan, Path.cwd(), os.environ, today())


def selected_programme(options: CommonOptions) -> Programme:
    """Return the programme that a command is about; nothing is read yet.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is none.
    """
    return open_plan(plan_path(options))


def programme_to_read(options: CommonOptions) -> Programme:
    """Return the programme that a command only reads; what a crash left is put right before.

    Raises:
        PlanNotFound, NoSuchPlanFile, NoPlanInFolder: There is none.
    """
    programme = selected_programme(options)
    recover_to_read(programme)
    return programme


def recover_to_read(programme: Programme) -> None:
    """Finish or withdraw what a crash interrupted; where that fails, report what is unfinished.

    A writer that is at work at this moment is not waited for: what it does is no crash.
    """
    work = programme.unfinished_work()
    if work is None:
        return
    from kvartal.history.store.errors import LedgerBusy

    try:
        recover(programme, timeout=0, to_read=True)
    except LedgerBusy:
        return
    except KvartalError as error:
        template = _("Прерванный обмен не закончен, показано то, что в файле. {reason}")
        if work.subject is not None:
            template = _("Прерванное сохранение «{subject}» не закончено. {reason}")
        text = template.format(subject=work.subject, reason=error.message(_))
        print_stderr(f"kvartal: {text}")


def save(programme: Programme, prepare: Prepare) -> None:
    """Save a change, and print in one line what was saved.

    Raises:
        KvartalError: It was not saved; everything is as before.
    """
    recover(programme)
    result = _save_latest(programme, prepare)
    if result is None or result.commit is None:
        output.line(_("Без изменений: всё и так записано."))
        return
    with answer_of_saved(result.warnings):
        what = saved_subject(programme, result.commit)
        output.line(_("Сохранено: {what}").format(what=what))


def recover(programme: Programme, timeout: float | None = None, *, to_read: bool = False) -> None:
    """Finish or withdraw a change that a crash interrupted, and report which.

    Args:
        programme: The programme.
        timeout: How many seconds to wait for another writer; None for the usual time.
        to_read: It is only for reading.
    """
    from kvartal.tui.presentation.repo_notice import recovery_sentence

    recovered = programme.recover(timeout, to_read=to_read)
    sentence = recovery_sentence(recovered) if recovered else ""
    if sentence:
        print_stderr(f"kvartal: {sentence}")


def _save_latest(programme: Programme, prepare: Prepare) -> "SaveResult | None":
    """Save a change, prepared again if another writer came first; None for no change."""
    from kvartal.history.store.errors import PlanChangedOutside

    for _attempt in range(ATTEMPTS - 1):
        with suppress(PlanChangedOutside):
            return _save(programme, prepare)
    return _save(programme, prepare)


def _save(programme: Programme, prepare: Prepare) -> "SaveResult | None":
    snapshot = programme.read()
    prepared = prepare(snapshot)
    if not prepared.change.edits and prepared.exact_bytes is None:
        return None
    snapshot = _adopt_manual_edits(programme, snapshot, prepared.change)
    return programme.save(
        snapshot,
        prepared.change,
        prepared.attachments,
        reverts=prepared.reverts,
        exact_bytes=prepared.exact_bytes,
        reason=prepared.reason,
    )


def _adopt_manual_edits(programme: Programme, snapshot: Snapshot, change: Change) -> Snapshot:
    """Commit manual edits of the file before the change; return the programme as it is then.

    Raises:
        KvartalError: The change would be refused; then the edits are not committed either.
    """
    if not programme.state().is_edited:
        return snapshot
    snapshot.changed(change)
    result = repair.adopt(programme, snapshot)
    if result.commit is not None:
        text = _("Правка файла вручную внесена в историю отдельно: {what}")
        what = saved_subject(programme, result.commit)
        print_stderr("kvartal: " + text.format(what=what))
    return result.snapshot
