"""The tree of a YAML text, and what a plain (unquoted) scalar in it means.

Nodes of our own rather than ruamel's: they keep the exact ends of values, as character offsets
(ruamel's end of a block collection is the start of whatever comes next, comments skipped), and do
not depend on a parser.

Scalars are read by the core schema of YAML 1.2. Many readers still follow YAML 1.1, where ``no`` is
false, ``12:30`` is 750 and ``010`` is eight. What they would read differently is *ambiguous*: the
loader refuses it and the emitter quotes it, so that the file means the same to every reader.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

ScalarValue: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A scalar.

    Attributes:
        start: Index of its first character; for an empty value, where it would be.
        end: Index after its last character. A block scalar ends before the line break of its last
            line; blank lines that are not part of the value are left out.
        style: ``""`` plain, ``'`` or ``"`` quoted, ``|`` literal, ``>`` folded.
        value: The value.
    """

    start: int
    end: int
    style: str
    value: ScalarValue

    @property
    def is_block(self) -> bool:
        """Whether it is a literal or folded block, under a header such as ``|-``."""
        return self.style in {"|", ">"}


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list.

    Attributes:
        start: Index of the first dash or of the opening bracket.
        end: Index after the last item or after the closing bracket.
        flow: Whether it is written in brackets.
        items: Its items.
    """

    start: int
    end: int
    flow: bool
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping.

    Attributes:
        start: Index of the first key or of the opening brace.
        end: Index after the last value or after the closing brace.
        flow: Whether it is written in braces.
        pairs: Its keys with their values, in the order of the text.
    """

    start: int
    end: int
    flow: bool
    pairs: tuple[tuple[ScalarNode, "Node"], ...]

    def pair(self, key: str) -> tuple[ScalarNode, "Node"] | None:
        """Return the node of a key with the node of its value; None where there is no such key."""
        return next((pair for pair in self.pairs if pair[0].value == key), None)


Node: TypeAlias = ScalarNode | ListNode | MapNode


def children(node: Node) -> tuple[Node, ...]:
    """Return the values a node holds directly."""
    if isinstance(node, MapNode):
        return tuple(value for _, value in node.pairs)
    return node.items if isinstance(node, ListNode) else ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


# -------------------------------------------------------------------------------- plain scalars

EXACT_INTEGER: Final = 2**53
"""The largest integer that readers which store all numbers as floats keep exactly."""

_LENGTH_OF_EXACT: Final = len(str(EXACT_INTEGER))

_CONSTANTS: Final[dict[str, ScalarValue]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# A scalar that starts with anything else is text; this settles most values of a plan.
_SUSPICIOUS_STARTS: Final = frozenset("-+.0123456789~nNtTfFyYoO=<")

# The patterns below take quadratic time on thousands of digits, which no reader keeps exactly.
_LONGEST_NUMBER: Final = 64
_DIGITS_AND_SIGNS: Final = re.compile(r"[-+.]*[0-9][-+._:0-9a-fA-FxX]*", re.ASCII)

_INTEGER: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_AMBIGUOUS: Final = re.compile(
    r"""
      y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF          # truth in YAML 1.1
    | =|<<                                                       # value and merge keys
    | [-+]?0[0-9_]+                                              # octal, or decimal with zeros
    | [-+]?0o[0-7_]+ | [-+]?0b[01_]+ | [-+]0x[0-9a-fA-F_]+ | 0x[0-9a-fA-F]*_[0-9a-fA-F_]*
    | [-+]?(?:[0-9][0-9_]*)?\.?[0-9]*_[0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?   # 1_000
    | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?           # base 60: 12:30
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}                             # a date, maybe with a time
      (?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
         (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?
    | [-+]?[0-9]+[eE][-+]?[0-9]+                                 # floats that want a point,
    | [-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)[eE][0-9]+                 # a sign in the exponent
    | [-+]\.[0-9]+(?:[eE][-+]?[0-9]+)?                           # or no sign before the point
    | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)                 # not in JSON at all
    """,
    re.ASCII | re.VERBOSE,
)


def resolve(text: str) -> ScalarValue:
    """Return the value of a plain scalar by the core schema of YAML 1.2.

    Numbers that no reader keeps exactly are returned as text; :func:`is_ambiguous` is true of them.
    """
    return resolve_unless_ambiguous(text)[0]


def resolve_unless_ambiguous(text: str) -> tuple[ScalarValue, bool]:
    """Return the value of a plain scalar, and whether YAML readers disagree on it."""
    if text and text[0] not in _SUSPICIOUS_STARTS:
        return text, False
    if len(text) < _LENGTH_OF_EXACT and text.isdigit() and text.isascii() and text[0] != "0":
        return int(text), False  # What most numbers are, without the patterns.
    if text in _CONSTANTS:
        return _CONSTANTS[text], False
    if is_ambiguous(text):
        return text, True
    if _INTEGER.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return int(text, 0), False
    return (float(text) if _FLOAT.fullmatch(text) else text), False


def is_ambiguous(text: str) -> bool:
    """Return whether YAML readers disagree on the value of a plain scalar."""
    if not text or text[0] not in _SUSPICIOUS_STARTS:
        return False
    if len(text) > _LONGEST_NUMBER:
        return _DIGITS_AND_SIGNS.fullmatch(text) is not None
    if _AMBIGUOUS.fullmatch(text):
        return True
    if _FLOAT.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return not _is_exact(text)
    return False


def _is_exact(number: str) -> bool:
    if _INTEGER.fullmatch(number) or _HEXADECIMAL.fullmatch(number):
        return abs(int(number, 0)) <= EXACT_INTEGER
    return math.isfinite(float(number))
