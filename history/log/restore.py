"""What can be restored from an earlier version: one measure, or one part of it, as a new change.

A part is the smallest unit that makes sense by itself: a field, a field of the budget or the
indicator, one record, one postponement, the cancellation. A term is one part, and so are the
actions, whether a measure has its own or refers to those of a different one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.diff import MEASURES, Row, difference, without_measures
from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.groups import ChangeGroup, visible_groups
from kvartal.history.diff.items import as_list
from kvartal.history.diff.matching import aligned, same
from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.removals import measures_without_facts
from kvartal.history.diff.words import Words
from kvartal.history.git.repository import Repository
from kvartal.history.log.revision import Version
from kvartal.history.log.undo import Reversal, restored_files
from kvartal.history.messages.message import EarlierCommit
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import MISSING, Change, ChangeKind, Plain, PlanData
from kvartal.schema.description import key_order
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_, KvartalError, Translate, untranslated

_LISTS: Final = ("records", "postponements")
_BY_FIELD: Final = ("budget", "indicator")
_TOGETHER: Final = ("actions", "actions_from")
_SEVERAL: Final = 2


class MeasureNotInVersion(KvartalError):
    """The earlier version does not have the measure."""

    template = N_("Мероприятия {measure} в той версии ещё не было: восстанавливать нечего.")


class NothingToRestore(KvartalError):
    """The measure is the same in both versions."""

    template = N_("Мероприятие {measure} и сейчас такое же, как тогда: восстанавливать нечего.")


class NothingOutsideToRestore(KvartalError):
    """Everything outside the measures is the same in both versions."""

    template = N_("Всё, что вне мероприятий, и сейчас такое же, как тогда: восстанавливать нечего.")


@dataclass(frozen=True, slots=True)
class RestorablePart:
    """One part of a measure that differs from an earlier version.

    Attributes:
        lines: The part in words, as it was and as it is now.
        wanted: The measure as it would be with just this part restored.
    """

    lines: tuple[FieldLine, ...]
    wanted: Row


@dataclass(frozen=True, slots=True)
class MeasureDifference:
    """What changed in one measure since an earlier version.

    Attributes:
        group: The measure as it was and as it is now, and what differs in words. Its id is empty
            for everything outside the measures.
        parts: What can be restored by itself; none where only one of the versions has the measure.
    """

    group: ChangeGroup
    parts: tuple[RestorablePart, ...]


def changed_since(then: PlanData, now: PlanData, words: Words) -> tuple[MeasureDifference, ...]:
    """Return what changed between an earlier version and now, in the order of the table.

    Args:
        then: The earlier version.
        now: The programme as it is.
        words: The language.
    """
    differences = []
    words = words.of(then, now)
    for group in visible_groups(then, now, words):
        parts: tuple[RestorablePart, ...] = ()
        if not group.id:
            parts = _outer_parts(then, now, words)
        elif group.before is not None and group.after is not None:
            parts = tuple(_parts(group.before, group.after, words))
        differences.append(MeasureDifference(group, parts))
    return tuple(differences)


def restoration(  # noqa: PLR0913 - what to restore from where, and how to word it
    repository: Repository,
    snapshot: Snapshot,
    version: Version,
    measure: str,
    *,
    wanted: Row | None = None,
    translate: Translate = untranslated,
) -> Reversal:
    """Return the change that restores a measure or a part of it; nothing is written.

    Args:
        repository: As seen from the plan's folder.
        snapshot: The programme as it is.
        version: The earlier version.
        measure: Id of the measure; empty for everything outside the measures.
        wanted: The measure as it is to be, of a `RestorablePart`; None for all of it as it was.
        translate: Turns Russian templates into the language of the preview.

    Raises:
        MeasureNotInVersion: The earlier version does not have the measure.
        NothingToRestore, NothingOutsideToRestore: It is as it was.
    """
    data, then = snapshot.data, version.snapshot.data
    after = _restored(data, then, measure, wanted)
    edits = difference(data, after)
    if not edits:
        raise NothingToRestore(measure=measure) if measure else NothingOutsideToRestore
    kind = ChangeKind.ADD if _row(data, measure) is None else ChangeKind.SET
    if not measure:  # Only fields of a measure are set; everything else is edited.
        kind = ChangeKind.EDIT
    groups = visible_groups(data, after, Words(translate), edits)
    files = tuple(restored_files(repository, version.commit, data, after))
    earlier = EarlierCommit(version.entry.commit, version.entry.subject)
    lost = measures_without_facts(data, after)
    return Reversal(Change(kind, edits), earlier, version.entry, groups, None, files, lost)


def _parts(then: Row, now: Row, words: Words) -> Iterator[RestorablePart]:
    for wanted in _with_parts_restored(then, now):
        lines = measure_lines(wanted, now, words)
        if lines:
            yield RestorablePart(lines, wanted)


def _outer_parts(then: PlanData, now: PlanData, words: Words) -> tuple[RestorablePart, ...]:
    """Return what can be restored by itself of everything outside the measures.

    Nothing where something was added or removed: that shifts the positions of its neighbours.
    """
    outer = without_measures(now)
    edits = difference(outer, without_measures(then))
    if len(edits) < _SEVERAL or any(MISSING in (edit.old, edit.new) for edit in edits):
        return ()
    wanted = [apply_edits(outer, (edit,)) for edit in edits]
    return tuple(RestorablePart(visible_groups(one, outer, words)[0].lines, one) for one in wanted)


def _restored(data: PlanData, then: PlanData, measure: str, wanted: Row | None) -> PlanData:
    """Return the programme with a measure, or everything outside them, as it was or is to be.

    Raises:
        MeasureNotInVersion: The earlier version does not have the measure.
    """
    if not measure:
        measures = {key: value for key, value in data.items() if key == MEASURES}
        return {**(wanted or without_measures(then)), **measures}
    row = _row(then, measure)
    if row is None:
        raise MeasureNotInVersion(measure=measure)
    return _with_row(data, then, measure, wanted or row)


def _with_parts_restored(then: Row, now: Row) -> Iterator[Row]:
    """Yield the current measure once for each part of it, with that part restored."""
    known = key_order(("measures", 0))
    for key in dict.fromkeys((*known, *then, *now)):
        old, new = then.get(key), now.get(key)
        if key == _TOGETHER[1]:
            continue
        if key == _TOGETHER[0]:
            yield _with_value(_with_value(now, key, old), _TOGETHER[1], then.get(_TOGETHER[1]))
        elif key in _LISTS:
            restored_lists = _with_items_restored(as_list(old), as_list(new))
            yield from (_with_value(now, key, items) for items in restored_lists)
        elif key in _BY_FIELD and isinstance(old, dict) and isinstance(new, dict):
            for field in dict.fromkeys((*key_order(("measures", 0, key)), *old, *new)):
                yield _with_value(now, key, _with_value(new, field, old.get(field)))
        else:
            yield _with_value(now, key, old)


def _with_items_restored(then: list[Plain], now: list[Plain]) -> Iterator[list[Plain]]:
    """Yield the current list once for each item that differs, with that item restored."""
    done_then = done_now = 0
    for at_then, at_now in (*aligned(then, now), (len(then), len(now))):
        for item in then[done_then:at_then]:
            yield [*now[:at_now], item, *now[at_now:]]
        for index in range(done_now, at_now):
            yield [*now[:index], *now[index + 1 :]]
        if at_then < len(then) and not same(then[at_then], now[at_now]):
            yield [*now[:at_now], then[at_then], *now[at_now + 1 :]]
        done_then, done_now = at_then + 1, at_now + 1


def _with_value(row: Row, key: str, value: Plain | None) -> Row:
    """Return a mapping with one value replaced; without the key where the new value is empty."""
    if value is None or value in ([], {}):
        return {name: item for name, item in row.items() if name != key}
    return {**row, key: value}


def _with_row(data: PlanData, then: PlanData, measure: str, wanted: Row) -> PlanData:
    """Return the programme with a measure as it is to be, in its old place if it was deleted."""
    rows = as_list(data.get("measures"))
    names = _names(data)
    if measure in names:
        at = names.index(measure)
        return {**data, "measures": [*rows[:at], wanted, *rows[at + 1 :]]}
    at = _position(_names(then), names, measure)
    return {**data, "measures": [*rows[:at], wanted, *rows[at:]]}


def _position(then: list[str], now: list[str], measure: str) -> int:
    """Return where a deleted measure belongs: next to the nearest of its old neighbours."""
    at = then.index(measure)
    for name in reversed(then[:at]):
        if name in now:
            return now.index(name) + 1
    return next((now.index(name) for name in then[at:] if name in now), len(now))


def _names(data: PlanData) -> list[str]:
    rows = as_list(data.get("measures"))
    return [str(row.get("id", "")) if isinstance(row, dict) else "" for row in rows]


def _row(data: PlanData, measure: str) -> Row | None:
    rows = as_list(data.get("measures"))
    return next((one for one in rows if isinstance(one, dict) and one.get("id") == measure), None)
