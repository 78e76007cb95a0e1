"""Plain data as YAML text, in the plan's canonical style.

A small emitter of our own rather than ruamel's: there is one style, all its rules are here, and
every emitted text is read back by the loader before it is used
(:mod:`kvartal.history.yaml_text.splice`).

The canonical style: a string is plain where every reader takes it for a string, otherwise
double-quoted; a string of several lines is a literal block where that loses nothing; ``quarters``,
``same_work`` and ``column_numbers`` are in brackets; everything else is in block style, keys in the
order of the schema; lines are not wrapped.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeGuard

from kvartal.history.yaml_text.nodes import (
    EXACT_INTEGER,
    ScalarNode,
    ScalarValue,
    is_ambiguous,
    resolve,
)
from kvartal.schema.changes import Plain
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import DataPath

FLOW_KEYS: Final = frozenset({"quarters", "same_work", "column_numbers"})
"""Lists written in brackets, since they are short."""

_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")
_FLOW_SIGNS: Final = frozenset(",[]{}:?")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
# Unicode categories of controls, invisible characters (joiners, direction marks, soft hyphens) and
# what some readers take for a line break: escaped, so that a reviewer sees them in the diff.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
_NONCHARACTERS: Final = frozenset("\ufffe\uffff")
_LITERAL: Final = re.compile(r"\n*[^\n]+(?:\n+[^\n]+)*\n?")


class UnwritableValue(KvartalError):
    """A value has no form in YAML that every reader understands alike."""

    template = N_("Значение {value} нельзя записать в файл программы. Введите другое.")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is laid out, in columns.

    Attributes:
        step: From a key to the keys of the mapping under it.
        offset: From a key to the dashes of the list under it.
        gap: From a dash to what follows it.
        quoted: Whether all strings are double-quoted: ugly, but safe whatever surrounds them.
    """

    step: int = 2
    offset: int = 2
    gap: int = 2
    quoted: bool = False

    def pair(self, path: DataPath, value: Plain, column: int) -> list[str]:
        """Return the lines of a key and its value.

        Args:
            path: Path to the value; ends with the key.
            value: The value.
            column: Column of the key, from 0. The first line is returned without indentation.
        """
        key = self.scalar(str(path[-1]))
        head, *rest = self._lines(path, value, column + self.step, column + self.offset)
        return [f"{key}: {head}" if head else f"{key}:", *rest]

    def item(self, path: DataPath, value: Plain, column: int) -> list[str]:
        """Return the lines of an item of a list with its dash.

        Args:
            path: Path to the item; ends with its index.
            value: The item.
            column: Column of the dash, from 0. The first line is returned without indentation.
        """
        inside = column + self.gap
        head, *rest = self._lines(path, value, inside, inside)
        dash = "-" + " " * (self.gap - 1)
        if not head:  # a collection: its first line is beside the dash
            return [dash + rest[0].lstrip(" "), *rest[1:]]
        return [dash + head, *rest]

    def scalar(self, value: ScalarValue, *, flow: bool = False) -> str:
        """Return a scalar on one line.

        Raises:
            UnwritableValue: It has no form that every reader understands alike.
        """
        if isinstance(value, str):
            is_plain = not self.quoted and _may_be_plain(value, flow=flow)
            return value if is_plain else double_quoted(value)
        return _constant(value)

    def literal(self, text: str, column: int) -> list[str]:
        """Return a text as a literal block: the header, then the lines indented to a column."""
        head = "|" if text.endswith("\n") else "|-"
        lines = text.removesuffix("\n").split("\n")
        return [head, *(" " * column + line if line else "" for line in lines)]

    def is_literal(self, value: object) -> TypeGuard[str]:
        """Return whether a value is written as a literal block."""
        if self.quoted or not isinstance(value, str) or "\n" not in value:
            return False
        lines = value.split("\n")
        # Trailing spaces are invisible and many editors strip them; an indented first line would
        # need an indentation indicator in the header.
        clean = all(line == line.rstrip() for line in lines)
        indented = value.lstrip("\n").startswith(" ")
        whole = _LITERAL.fullmatch(value) is not None
        return clean and not indented and whole and not _has_invisible(value.replace("\n", ""))

    def flow(self, value: Plain) -> str:
        """Return a value on one line, collections in brackets and braces."""
        if isinstance(value, dict):
            pairs = (
                f"{self.scalar(key, flow=True)}: {self.flow(one)}" for key, one in value.items()
            )
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        return self.scalar(value, flow=True)

    def _lines(self, path: DataPath, value: Plain, inside: int, dashes: int) -> list[str]:
        """Return what follows a key or a dash, and the lines after it.

        Args:
            path: Path to the value.
            value: The value.
            inside: Column for the keys of a mapping or the lines of a text.
            dashes: Column for the dashes of a list.
        """
        if self.is_literal(value):
            return self.literal(value, inside)
        if isinstance(value, dict) and value:
            lines = [""]
            for key in schema_order(value, path):
                below = self.pair((*path, key), value[key], inside)
                lines += [" " * inside + below[0], *below[1:]]
            return lines
        if isinstance(value, list) and value and not _is_flow(path, value):
            lines = [""]
            for index, one in enumerate(value):
                below = self.item((*path, index), one, dashes)
                lines += [" " * dashes + below[0], *below[1:]]
            return lines
        return [self.flow(value)] if isinstance(value, dict | list) else [self.scalar(value)]


def schema_order(keys: Iterable[str], path: DataPath) -> list[str]:
    """Return keys in the order of the schema, those it does not know last."""
    order = {key: rank for rank, key in enumerate(key_order(path))}
    return sorted(keys, key=lambda key: order.get(key, len(order)))


def double_quoted(text: str) -> str:
    """Return a text in double quotes, with line breaks and invisible characters escaped.

    Raises:
        UnwritableValue: It holds half of a surrogate pair, which UTF-8 cannot encode.
    """
    return '"' + "".join(map(_escaped, text)) + '"'


def restyled(old: ScalarNode, written: str, new: ScalarValue, style: Style, *, flow: bool) -> str:
    """Return a value in the quotes of the one it replaces, where an editor chose them.

    A value in canonical style is replaced by one in canonical style, so that undoing the change
    restores the original bytes.

    Args:
        old: The scalar that is replaced.
        written: Its text in the file.
        new: The new value; not written as a literal block.
        style: The canonical style.
        flow: Whether it is in brackets or braces.
    """
    is_custom = isinstance(old.value, str) and written != style.scalar(old.value, flow=flow)
    if not isinstance(new, str) or not is_custom:
        return style.scalar(new, flow=flow)
    if old.style == '"':
        return double_quoted(new)
    if old.style == "'" and not style.quoted and not _has_invisible(new):
        return "'" + new.replace("'", "''") + "'"
    return style.scalar(new, flow=flow)


def _may_be_plain(text: str, *, flow: bool) -> bool:
    if not text or text != text.strip() or text[0] in _INDICATORS:
        return False
    if ": " in text or text.endswith(":") or " #" in text or _has_invisible(text):
        return False
    if flow and not _FLOW_SIGNS.isdisjoint(text):
        return False
    return isinstance(resolve(text), str) and not is_ambiguous(text)


def _has_invisible(text: str) -> bool:
    return not text.isprintable() and any(
        _escaped(sign) != sign for sign in text if sign not in '\\"'
    )


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    category = unicodedata.category(sign)
    if category == "Cs":
        raise UnwritableValue(value=ascii(sign))
    if category not in _INVISIBLE and sign not in _NONCHARACTERS:
        return sign
    code = ord(sign)
    if code <= 0xFF:  # noqa: PLR2004 - the widths that YAML's escapes have
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - the same


def _constant(value: float | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > EXACT_INTEGER:
            raise UnwritableValue(value=value)
        return str(value)
    if not math.isfinite(value):
        raise UnwritableValue(value=value)
    digits, e, exponent = repr(value).partition("e")
    # YAML 1.1 reads 1e+16 as a string: a float needs a point there.
    return digits + (".0" if e and "." not in digits else "") + e + exponent


def _is_flow(path: DataPath, value: list[Plain]) -> bool:
    return (
        bool(path)
        and path[-1] in FLOW_KEYS
        and not any(isinstance(one, dict | list) for one in value)
    )
