"""A report whose texts are safe in any format: what cannot be seen is shown by a sign."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, Final, TypeVar

from kvartal.exchange.reports.blocks import Report
from kvartal.schema.unprintable import revealed

_KEPT: Final = {one: one for one in "\n\t\u00ad\u200b\u200c\u200d\u2060"}
"""What is invisible and harmless: where a line may break, and which letters are joined.

Without its joiners a family of an emoji falls apart, and Persian is misspelt.
"""
_FINAL: Final = frozenset({"data", "hidden", "kind", "measure", "field"})

Value = TypeVar("Value")


def printable(report: Report) -> Report:
    """Return a report without control characters, directions of writing and lone surrogates.

    What travels for programs, its data and the hidden part, stays as it is.
    """
    return replace(
        report,
        title=printable_text(report.title),
        organization=printable_text(report.organization),
        blocks=tuple(_value(block) for block in report.blocks),
        joined=_value(report.joined),
        names={name: printable_text(text) for name, text in report.names.items()},
    )


def _value(value: Value) -> Value:
    """Return a value whose texts are printable; the same one where they are so already."""
    changed: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        changed = printable_text(value)
    elif isinstance(value, tuple):
        members = tuple(map(_value, value))
        if any(new is not old for new, old in zip(members, value, strict=True)):
            changed = members
    elif is_dataclass(value) and not isinstance(value, type):
        old = {one.name: getattr(value, one.name) for one in fields(value)}
        new = {name: _value(of) for name, of in old.items() if name not in _FINAL}
        differing = {name: of for name, of in new.items() if of is not old[name]}
        changed = replace(value, **differing) if differing else value
    # Built by kind from the same type, which the annotations cannot express.
    return changed  # type: ignore[no-any-return]


def printable_text(text: str) -> str:
    """Return a text without control characters, directions of writing and lone surrogates."""
    return revealed(text, _KEPT)
