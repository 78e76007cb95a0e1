"""What ``kvartal merge --json`` prints: what changed in our version, and the conflicts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kvartal.schema.changes import Missing
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands.json_errors import error_row
from kvartal.tui.commands.saving import change_row

if TYPE_CHECKING:
    from kvartal.history.merge.driver import MergedText
    from kvartal.history.merge.threeway import Value
    from kvartal.schema.changes import Json


class MergeConflicts(KvartalError):
    """Both sides changed the same in two ways. Never raised: ``--json`` prints it."""

    template = N_("Стороны изменили одно и то же по-разному. Выберите значения в файле.")


def merge_row(result: "MergedText", notes: Sequence[str]) -> "dict[str, Json]":
    """Return a merge of files; it makes no commit, which git does.

    Args:
        result: The merge.
        notes: What the user should know of it, and an indented line for each conflict.
    """
    merged = result.merged
    ours = {} if merged is None or not isinstance(merged.sides.ours, dict) else merged.sides.ours
    conflicts = () if merged is None else merged.conflicts
    warnings = [note.removeprefix("kvartal: ") for note in notes if not note.startswith(" ")]
    row = change_row(None, ours, {} if merged is None else merged.data, warnings)
    row["conflicts"] = [
        {
            "id": conflict.measure or None,
            "field": ".".join(map(str, conflict.path)),
            "base": _plain(conflict.sides.base),
            "ours": _plain(conflict.sides.ours),
            "theirs": _plain(conflict.sides.theirs),
        }
        for conflict in conflicts
    ]
    if not result.is_clean:
        row["error"] = {**error_row(MergeConflicts())}
    return row


def _plain(value: "Value") -> "Json":
    return None if isinstance(value, Missing) else value
