"""A report whose texts are safe in any format: what cannot be seen is shown by a sign."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from kvartal.exchange.reports.blocks import Report
from kvartal.schema.unprintable import revealed

_KEPT: Final = {
    "\n": "\n",
    "\t": "\t",
    "\u00ad": "\u00ad",
    "\u200b": "\u200b",
    "\u2060": "\u2060",
}
"""What is invisible and harmless: it only says where a line may break."""
_FINAL: Final = frozenset({"data", "hidden", "kind", "measure", "field"})

Value = TypeVar("Value")


def printable(report: Report) -> Report:
    """Return a report without control characters, directions of writing and lone surrogates.

    What travels for programs, its data and the hidden part, stays as it is.
    """
    return replace(
        report,
        title=_text(report.title),
        organization=_text(report.organization),
        blocks=tuple(_value(block) for block in report.blocks),
    )


def _value(value: Value) -> Value:
    changed: Any = value
    if isinstance(value, str):
        changed = _text(value)
    elif isinstance(value, tuple):
        changed = tuple(map(_value, value))
    elif is_dataclass(value) and not isinstance(value, type):
        new = {
            one.name: _value(getattr(value, one.name))
            for one in fields(value)
            if one.name not in _FINAL
        }
        changed = replace(value, **new)
    # Built by kind from the same type, which the annotations cannot express.
    return changed  # type: ignore[no-any-return]


def _text(text: str) -> str:
    return revealed(text, _KEPT)
