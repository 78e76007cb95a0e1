"""A whole new plan file as text, in canonical style, with the line that names its schema."""

import re
from collections.abc import Iterator
from typing import Final

from kvartal.history.yaml_text.emit import Style, schema_order
from kvartal.schema.changes import Plain, PlanData

MODELINE: Final = "# yaml-language-server: $schema={schema}"
"""The first line of a plan file; ``schema`` is a path from the file's folder, or an address."""

_NAMED: Final = re.compile(r"^# yaml-language-server: \$schema=(\S+)", re.MULTILINE)

# What stands close together at the top; everything else has a blank line before it.
_TOGETHER: Final = frozenset({"year", "period", "language"})
_STYLE: Final = Style()


def plan_text(data: PlanData, *, schema: str, comment: str = "") -> str:
    """Return the text of a new plan file.

    Args:
        data: The programme.
        schema: Where its JSON Schema is, from the folder of the file, with ``/``.
        comment: What is said to those who open the file in an editor; lines without their ``#``.

    Raises:
        UnwritableValue: A value has no form that every reader understands alike.
    """
    head = [
        MODELINE.format(schema=schema),
        *(f"# {line}".rstrip() for line in comment.splitlines()),
    ]
    return "\n".join((*head, "", *_top(data))) + "\n"


def schema_named_in(text: str) -> str | None:
    """Return where a plan file says that its schema is; None where it does not."""
    named = _NAMED.search(text)
    return named[1] if named else None


def _top(data: PlanData) -> Iterator[str]:
    before = ""
    for key in schema_order(data, ()):
        if before and not (before in _TOGETHER and key in _TOGETHER):
            yield ""
        value = data[key]
        if key == "measures" and isinstance(value, list) and value:
            yield f"{key}:"
            yield from _measures(value)
        else:
            yield from _STYLE.pair((key,), value, 0)
        before = key


def _measures(rows: list[Plain]) -> Iterator[str]:
    """Yield the measures with a blank line between them, so that a change keeps to its own."""
    for index, row in enumerate(rows):
        if index:
            yield ""
        first, *rest = _STYLE.item(("measures", index), row, _STYLE.offset)
        yield " " * _STYLE.offset + first
        yield from rest
