"""Whether a change is of the kind that its message says: a record adds records and nothing else."""

from collections.abc import Callable, Sequence
from typing import Final

from kvartal.history.audit.message_compare import TRAILERS, Lie
from kvartal.history.diff.groups import outside_name
from kvartal.history.diff.words import Words, lowered
from kvartal.schema.changes import ChangeKind, Edit, Missing
from kvartal.schema.errors import N_

_KIND: Final = N_("Вид изменения «{kind}» не подходит: на деле изменено другое ({real}).")


def misfit(
    kind: ChangeKind, edits: Sequence[Edit], is_known: Callable[[Edit], bool]
) -> Edit | None:
    """Return what a change of its kind does not do; None where the kind fits.

    Args:
        kind: What the message says.
        edits: What really changed.
        is_known: Tells whether an item that is put in was in the plan before: restoring sets a
            measure to what it was.
    """
    fits = _FITS.get(kind)
    if fits is None:
        return None
    return next((edit for edit in edits if not fits(edit, is_known)), None)


def disagreement(kind: ChangeKind, edit: Edit, words: Words) -> Lie:
    """Return that a change did what its kind does not do."""
    return Lie(TRAILERS, _KIND, {"kind": kind.value, "real": _name_of(edit, words)}, edit.measure)


def _name_of(edit: Edit, words: Words) -> str:
    """Return what an edit changes, in words: «1.1.2, примечания»."""
    if not edit.measure:
        return outside_name(edit.path, words)
    if not edit.path:
        return edit.measure
    return f"{edit.measure}, {lowered(words.label(*edit.path))}"


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
