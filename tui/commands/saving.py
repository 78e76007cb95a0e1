"""Saves a change, or says what it would do: as a sentence, or as JSON for a program.

Before a change is saved, one that a crash interrupted is finished, and a manual edit that is not in
the history yet gets a commit of its own and is reported: it never ends up in the commit of a
different change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kvartal.history import repair
from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import Change, Json, PlanData
from kvartal.schema.errors import N_
from kvartal.tui.commands import output
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.programme import of_programme, recover, selected_programme
from kvartal.tui.commands.saved import answer_of_saved, saved_subject
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.messages.message import EarlierCommit
    from kvartal.history.store.ledger import SaveResult
    from kvartal.history.store.prepare import Attached

ATTEMPTS: Final = 5
"""How often a change is prepared again because another writer came first."""
PREVIEW_ONLY: Final = N_("Ничего не записано: это предварительный просмотр.")


@dataclass(frozen=True, slots=True)
class PreparedChange:
    """A change, ready to be saved.

    Attributes:
        change: The change.
        attachments: Evidence files that come with it.
        reverts: The commit that an undo or a redo reverts.
        exact_bytes: Bytes that the file is to have, if they mean what the change makes of it.
        reason: Why it is made, for the history; empty for none.
        preview: Which change it is, in a sentence, for a preview; empty for its subject.
        warnings: What the user should know of it besides.
        answer: What ``--json`` prints of it beside the keys of every change.
    """

    change: Change
    attachments: "Sequence[Attached]" = ()
    reverts: "EarlierCommit | None" = None
    exact_bytes: bytes | None = None
    reason: str = ""
    preview: str = ""
    warnings: tuple[str, ...] = ()
    answer: Mapping[str, Json] = field(default_factory=dict)


Prepare = Callable[[Snapshot], PreparedChange]
"""Returns the change, prepared from the programme as it is; called again if that has changed."""


def save(options: CommonOptions, prepare: Prepare) -> None:
    """Save a change to the selected programme, or preview it; print what was, or would be, done.

    Raises:
        KvartalError: It was not saved, or would not be; everything is as before.
    """
    save_to(selected_programme(options), prepare, options)


def save_to(programme: Programme, prepare: Prepare, options: CommonOptions) -> None:
    """Save a change to a programme, or preview it; print what was, or would be, done.

    Args:
        programme: The programme.
        prepare: Returns the change.
        options: Whether to preview, for whom to print, and which of several programmes to name.

    Raises:
        KvartalError: It was not saved, or would not be; everything is as before.
    """
    saving = _Saving(programme, prepare, options)
    if options.dry_run:
        saving.preview()
    else:
        saving.save()


def change_row(
    commit: str | None,
    before: PlanData,
    after: PlanData,
    warnings: Iterable[str] = (),
) -> dict[str, Json]:
    """Return a change as ``--json`` prints it.

    Args:
        commit: Its commit; None where none was made.
        before: The programme before it.
        after: The programme after it.
        warnings: What failed, or should be known besides.
    """
    from kvartal.history.diff.diff import difference, field_changes

    rows = field_changes(difference(before, after))
    ids = dict.fromkeys(row.id for row in rows if row.id)
    return {
        "commit": commit,
        "ids": list[Json](ids),
        "changes": [row.as_json() for row in rows],
        "warnings": list[Json](warnings),
    }


def unfinished_warning(programme: Programme) -> tuple[str, ...]:
    """Return what a preview has to say of work that a crash interrupted: it is finished first."""
    if programme.unfinished_work() is None:
        return ()
    return (_("Сначала будет закончено или убрано то, что прервалось раньше."),)


class _Saving:
    """One call of a command that changes a programme."""

    def __init__(self, programme: Programme, prepare: Prepare, options: CommonOptions) -> None:
        self._programme = programme
        self._prepare = prepare
        self._options = options
        self._as_json = options.as_json
        self._warnings: list[str] = []
        self._answer: Mapping[str, Json] = {}

    def save(self) -> None:
        recover(self._programme)
        before, result = self._save_latest()
        if result is None or result.commit is None:
            self._answer_unchanged(before)
            return
        failed = () if self._as_json else result.warnings
        with answer_of_saved(failed):
            if self._as_json:
                warnings = (*self._warnings, *(one.message(_) for one in result.warnings))
                row = change_row(result.commit, before.data, result.snapshot.data, warnings)
                self._print_row(row, result.snapshot)
            else:
                what = saved_subject(self._programme, result.commit)
                self._print_line(_("Сохранено: {what}").format(what=what))
                self._print_warnings()

    def preview(self) -> None:
        self._warn(*unfinished_warning(self._programme))
        snapshot = self._programme.read()
        prepared = self._prepare(snapshot)
        self._take(prepared)
        if not prepared.change.edits and prepared.exact_bytes is None:
            self._answer_unchanged(snapshot)
            return
        if self._programme.state().is_edited:
            check_adoptable(self._programme)
            self._warn(_("Правка файла вручную будет сначала внесена в историю отдельно."))
        planned = self._programme.preview(
            snapshot,
            prepared.change,
            prepared.attachments,
            reverts=prepared.reverts,
            exact_bytes=prepared.exact_bytes,
            reason=prepared.reason,
        )
        self._warn(*(one.message(_) for one in planned.warnings))
        if planned.snapshot is snapshot:
            self._answer_unchanged(snapshot)
        elif self._as_json:
            row = change_row(None, snapshot.data, planned.snapshot.data, self._warnings)
            self._print_row(row, snapshot)
        else:
            text = _("Будет записано: {what}").format(what=planned.subject)
            self._print_line(prepared.preview or text)
            print_difference(_groups(snapshot, planned.snapshot))
            output.line(_(PREVIEW_ONLY))
            self._print_warnings()

    def _save_latest(self) -> "tuple[Snapshot, SaveResult | None]":
        """Save the change, prepared again if another writer came first; None for no change."""
        from kvartal.history.store.errors import PlanChangedOutside

        for _attempt in range(ATTEMPTS - 1):
            with suppress(PlanChangedOutside):
                return self._save_once()
        return self._save_once()

    def _save_once(self) -> "tuple[Snapshot, SaveResult | None]":
        snapshot = self._programme.read()
        prepared = self._prepare(snapshot)
        self._take(prepared)
        if not prepared.change.edits and prepared.exact_bytes is None:
            return snapshot, None
        snapshot = self._adopt_manual_edits(snapshot, prepared.change)
        return snapshot, self._programme.save(
            snapshot,
            prepared.change,
            prepared.attachments,
            reverts=prepared.reverts,
            exact_bytes=prepared.exact_bytes,
            reason=prepared.reason,
        )

    def _adopt_manual_edits(self, snapshot: Snapshot, change: Change) -> Snapshot:
        """Commit manual edits of the file before the change; return the programme as it is then.

        Raises:
            KvartalError: The change would be refused; then the edits are not committed either.
        """
        if not self._programme.state().is_edited:
            return snapshot
        snapshot.changed(change)
        result = repair.adopt(self._programme, snapshot)
        if result.commit is not None:
            text = _("Правка файла вручную внесена в историю отдельно: {what}")
            what = saved_subject(self._programme, result.commit)
            self._warn(text.format(what=what), at_once=True)
        return result.snapshot

    def _take(self, prepared: PreparedChange) -> None:
        """Keep what is to be said of a change, in place of what an earlier attempt said."""
        self._warn(*prepared.warnings)
        self._answer = prepared.answer

    def _warn(self, *texts: str, at_once: bool = False) -> None:
        """Keep warnings for the answer; for a person, say at once what has happened already."""
        for text in texts:
            if at_once and not self._as_json:
                print_stderr(f"kvartal: {text}")
            elif text not in self._warnings:
                self._warnings.append(text)

    def _print_warnings(self) -> None:
        for text in self._warnings:
            print_stderr(f"kvartal: {text}")

    def _answer_unchanged(self, snapshot: Snapshot) -> None:
        if self._as_json:
            self._print_row(change_row(None, {}, {}, self._warnings), snapshot)
            return
        self._print_line(_("Без изменений: всё и так записано."))
        self._print_warnings()

    def _print_row(self, row: dict[str, Json], snapshot: Snapshot) -> None:
        named = programme_keys(snapshot.plan, snapshot.path) if self._options.programme else {}
        output.json_data({**row, **self._answer, **named})

    def _print_line(self, text: str) -> None:
        output.line(of_programme(text, self._options))


def print_difference(groups: "Sequence[ChangeGroup]") -> None:
    """Print what would change, measure by measure."""
    if groups:
        output.print_groups(groups)
    else:
        output.line(f"  {_('Изменится только оформление файла.')}")


def check_adoptable(programme: Programme, reason: str = "") -> None:
    """Check that manual edits of the file would be committed, before anything is.

    Raises:
        InvalidPlan: They introduce a problem.
        ReasonRequired: They take back a fact, and no reason is given.
    """
    from kvartal.history.store.errors import ReasonRequired
    from kvartal.history.store.snapshot import InvalidPlan

    edits = repair.manual_edits(programme)
    if edits.problems:
        raise InvalidPlan(edits.problems)
    if edits.lost and not reason.strip():
        raise ReasonRequired(measures=", ".join(edits.lost))


def _groups(before: Snapshot, after: Snapshot) -> "Sequence[ChangeGroup]":
    """Return what differs, by measure; where only the layout does, that."""
    from kvartal.history.diff.groups import comment_groups, visible_groups
    from kvartal.history.diff.words import Words

    words = Words(_)
    groups = visible_groups(before.data, after.data, words)
    return groups or comment_groups(before.source.encoded, after.source.encoded, words)
