"""Edits of plain data in one line: `place = JSON`, or a place alone that is removed.

Several stand in a line with « & » between.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from kvartal.schema.problems import DataPath

REMOVED: Final = object()
Edits = Mapping[DataPath, object]
"""What is put into the places of a programme."""


def edits_of(line: str) -> Edits:
    """Return the edits that a line says."""
    edits: dict[DataPath, object] = {}
    for edit in line.split(" & "):
        name, _, new = edit.partition(" = ")
        path = tuple(int(step) if step.isdecimal() else step for step in name.split("/"))
        edits[path] = json.loads(new) if new else REMOVED
    return edits


def edited(data: Any, edits: Edits) -> Any:  # noqa: ANN401 - plain data
    """Return a copy with values put into places, also at the end of a list, or removed."""
    copy = deepcopy(data)
    for (*above, last), new in edits.items():
        at = copy
        for step in above:
            at = at[step]
        if new is REMOVED:
            del at[last]
        elif isinstance(at, list) and last == len(at):
            at.append(deepcopy(new))
        else:
            at[last] = deepcopy(new)
    return copy
