"""Checks the message of a commit of the program against the change.

Yields `message-disagrees` and `trailers-disagree`.

Most of it is generating the message again and comparing. What that misses is checked separately:

- The kind of change that the message names: a record adds records and nothing else.
- The reading of a term (quarters, dates): a message states the text of the term, and the program
  makes the reading from that text, so a text with a different reading was not written by it.
- Restored values: the message states where they come from, so they have to be there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from kvartal.history.audit.earlier_plans import EarlierPlans
from kvartal.history.audit.facts import canonical_text
from kvartal.history.audit.findings import MESSAGE, TRAILERS, Finding
from kvartal.history.audit.kind_checks import kind_finding, wrong_whole
from kvartal.history.audit.message_compare import SUBJECT, MessageComparer
from kvartal.history.audit.rebased_changes import brings, changes_before_rebase
from kvartal.history.audit.undo_checks import UndoChecker
from kvartal.history.audit.version_cache import CachedVersion, changed_measures
from kvartal.history.audit.walk import WalkStep
from kvartal.history.diff.diff import MEASURES, Row, difference
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.terms_2026_11 import read_in_2026_11
from kvartal.history.diff.words import Words
from kvartal.history.messages.message import EarlierCommit
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.changes import ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.grammar.answer import Certainty
from kvartal.schema.grammar.parts import NOTHING
from kvartal.schema.grammar.reader import read_term
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.reading import read_period
from kvartal.schema.terms import term_of
from kvartal.schema.writing import plain_term

_NO_MERGE: Final = N_("Изменение выдаёт себя за слияние, а сливать было нечего.")
_READING: Final = N_(
    "Срок «{text}» записан с другими кварталами или датами, чем сказано в нём самом."
)
_NOT_THERE: Final = N_("Восстановлено не то, что было в изменении {commit}.")
_SHORT: Final = 10

_READ_BY_PROGRAM: Final = frozenset({ChangeKind.SET, ChangeKind.POSTPONE, ChangeKind.ADD})
_WRITTEN_ELSEWHERE: Final = frozenset({ChangeKind.EDIT, ChangeKind.IMPORT})
_PLAIN: Final = (str, int, float, bool, list, dict)


@dataclass(frozen=True, slots=True)
class MessageChecker:
    """All that is checked in the message of a commit that says it is a change of the program.

    Attributes:
        comparer: Generates the message again and compares.
        undo: Looks up the commit that an undo, a redo or restoring names.
        earlier: The earlier versions of the plan.
        words: The language of the findings.
    """

    comparer: MessageComparer
    undo: UndoChecker
    earlier: EarlierPlans
    words: Words

    def findings(
        self,
        step: WalkStep,
        before: CachedVersion,
        after: CachedVersion,
        trailers: Trailers,
        last: CachedVersion | None = None,
    ) -> Iterator[Finding]:
        """Yield where the message and the change disagree.

        A finding that names no measure gets the one that was changed without being in the trailers,
        if there is exactly one.

        Args:
            step: The commit.
            before: The plan as it was.
            after: The plan in the commit.
            trailers: What its message claims.
            last: The last version that is a programme, where the one before the commit is none.
        """
        versions: list[tuple[PlanData, PlanData]] = []
        if before.data is not None:
            versions.append(changed_measures(before, after))
        if last is not None:
            versions.append(changed_measures(last, after))
        # What the program could not work with used to count as empty when an edit was adopted. Such
        # a message says nothing of what was changed since the last version that is a programme.
        if not before.is_well_formed and (last is None or not difference(*versions[-1])):
            versions.append(({}, after.data or {}))
        edits = difference(*versions[0])
        changed = dict.fromkeys(edit.measure for edit in edits if edit.measure)
        not_named = [measure for measure in changed if measure not in trailers.measures]
        candidates = not_named or list(changed)
        measure = candidates[0] if len(candidates) == 1 else None
        for finding in self._disagreements(step, before, after, versions, edits, trailers):
            yield replace(
                finding,
                commit=step.commit,
                measure=measure if finding.measure is None else finding.measure,
            )

    def _disagreements(  # noqa: PLR0913, PLR0917 - a commit and all that it is measured by
        self,
        step: WalkStep,
        before: CachedVersion,
        after: CachedVersion,
        versions: Sequence[tuple[PlanData, PlanData]],
        edits: Sequence[Edit],
        trailers: Trailers,
    ) -> Iterator[Finding]:
        reference = self.undo.reference(step, trailers)
        if reference.finding is not None:
            yield reference.finding
        if trailers.kind is ChangeKind.MERGE:
            yield Finding(TRAILERS, _NO_MERGE)
        is_known = partial(self.earlier.had_item, step.commit.id)
        words = self.words.of(*versions[0])
        if reference.is_out_of_reach:
            return
        yield from _wrong_kind(trailers.kind, edits, is_known, words)
        yield from wrong_whole(trailers.kind, *versions[0], edits, words)
        if trailers.restores is not None:
            source = self.undo.data_at(trailers.restores)
            yield from _wrong_restored(edits, source, trailers.restores)
        else:
            period = read_period(after.data or {})
            yield from _misread_terms(trailers.kind, *versions[0], period)
        if reference.finding is None or reference.earlier is not None:
            found = self._of_message(step, versions, (before, after), trailers, reference.earlier)
            # The first line quotes what was taken back: a wrong commit is one finding, not two.
            yield from (one for one in found if not reference.finding or one.template != SUBJECT)

    def _of_message(
        self,
        step: WalkStep,
        versions: Sequence[tuple[PlanData, PlanData]],
        whole: tuple[CachedVersion, CachedVersion],
        trailers: Trailers,
        earlier: EarlierCommit | None,
    ) -> tuple[Finding, ...]:
        """Return what is wrong with a message, here and where a rebased change was made."""
        found = self.comparer.findings(step.commit, trailers, versions, earlier)
        before, after = (version.data for version in whole)
        if found and before and after and self.undo.was_rebased(step):
            others = self.earlier.versions_before(step.commit.id)
            message = step.commit.message
            for change in changes_before_rebase(message, before, after, others):
                is_true = not self.comparer.findings(step.commit, trailers, [change], earlier)
                if is_true and brings(change, before, after):
                    return ()
        return found


def _wrong_kind(
    kind: ChangeKind | None,
    edits: Sequence[Edit],
    is_known: Callable[[Edit], bool],
    words: Words,
) -> Iterator[Finding]:
    """Yield the first edit that a change of this kind does not make.

    Args:
        kind: What the message says.
        edits: What really changed.
        is_known: Tells whether an item that is added was in the plan before: restoring sets a
            measure to what it was.
        words: The language of the finding.
    """
    fits = None if kind is None else _FITS.get(kind)
    if fits is None:
        return
    for edit in edits:
        if not fits(edit, is_known):
            yield kind_finding(kind, edit, words)
            return


def _adds_to(key: str) -> Callable[[Edit, Callable[[Edit], bool]], bool]:
    def fits(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
        return edit.path[:1] == (key,) and len(edit.path) == 2 and _is_new(edit)  # noqa: PLR2004

    return fits


def _cancels(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
    return edit.path == ("cancelled",) and _is_new(edit)


def _adds(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
    return bool(edit.measure) and not edit.path and _is_new(edit)


def _removes(edit: Edit, _is_known: Callable[[Edit], bool]) -> bool:
    return bool(edit.measure) and not edit.path and isinstance(edit.new, Missing)


def _sets(edit: Edit, is_known: Callable[[Edit], bool]) -> bool:
    if not edit.measure or not edit.path:
        return False
    is_item = edit.path[0] in {"records", "postponements", "cancelled"} and len(edit.path) <= 2  # noqa: PLR2004
    return not (is_item and _is_new(edit)) or is_known(edit)


def _is_new(edit: Edit) -> bool:
    return isinstance(edit.old, Missing)


_FITS: Final = {
    ChangeKind.RECORD: _adds_to("records"),
    ChangeKind.POSTPONE: _adds_to("postponements"),
    ChangeKind.CANCEL: _cancels,
    ChangeKind.ADD: _adds,
    ChangeKind.REMOVE: _removes,
    ChangeKind.SET: _sets,
}
"""Whether an edit is one that a change of the kind makes; the other kinds may make any."""


def _misread_terms(
    kind: ChangeKind | None, before: PlanData, after: PlanData, period: ProgrammePeriod | None
) -> Iterator[Finding]:
    """Yield the new terms whose reading is not that of their text.

    A person who writes a term in the file may give a reading to a text that names no date.
    """
    if kind not in _READ_BY_PROGRAM | _WRITTEN_ELSEWHERE or period is None:
        return
    is_free = kind in _WRITTEN_ELSEWHERE
    rows_before = _rows(before)
    for measure, row in _rows(after).items():
        known = [canonical_text(term) for term in _terms(rows_before.get(measure, {}))]
        for term in _terms(row):
            is_new = canonical_text(term) not in known
            if is_new and not _is_read_right(term, period, is_free=is_free):
                yield Finding(MESSAGE, _READING, fields={"text": show(term.get("text", ""))})


def _terms(row: Row) -> Iterator[Row]:
    postponed = (as_row(item).get("to") for item in as_list(row.get("postponements")))
    yield from (as_row(term) for term in (row.get("term"), *postponed) if as_row(term))


def _is_read_right(term: Row, period: ProgrammePeriod, *, is_free: bool) -> bool:
    """Return whether a term's quarters and dates are what its text says, now or in 2026-11.

    A text with several readings has the one that its author stated.
    """
    text = term.get("text")
    if not isinstance(text, str):
        return False
    year = period.year
    stored = canonical_text(term)
    earlier = None if year is None else read_in_2026_11(text, year)
    if earlier is not None and canonical_text(earlier) == stored:
        return True
    reading = read_term(text, period)
    names_no_day = reading.span == NOTHING or earlier is None or len(earlier) == 1
    if reading.certainty is Certainty.ASK or (is_free and names_no_day):
        return True
    return canonical_text(plain_term(term_of(text, reading.span), year)) == stored


def _wrong_restored(
    edits: Sequence[Edit], source: PlanData | None, commit: str
) -> Iterator[Finding]:
    """Yield that values which are said to be restored are not in the version that is named.

    Args:
        edits: The change.
        source: The plan that they are said to come from; None where it is not known.
        commit: Hash of the commit that is said to hold it.
    """
    if source is None:
        return
    outside = {key: value for key, value in source.items() if key != MEASURES}
    # What belongs to no measure has an empty id.
    rows = {**_rows(source), "": outside}
    for edit in edits:
        known = Counter(_leaves(rows.get(edit.measure, {}), ()))
        keys = tuple(part for part in edit.path if isinstance(part, str))
        new = Counter(_leaves(edit.new, keys)) if isinstance(edit.new, _PLAIN) else Counter()
        if new - known:
            yield Finding(TRAILERS, _NOT_THERE, fields={"commit": commit[:_SHORT]})
            return


def _rows(data: PlanData) -> Mapping[str, Row]:
    return {show(as_row(row).get("id", "")): as_row(row) for row in as_list(data.get(MEASURES))}


def _leaves(value: Plain, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the values in a value with their keys, whichever item of a list they are in."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, canonical_text(value)
