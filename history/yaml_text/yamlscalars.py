"""What a plain (unquoted) scalar means, and whether every YAML reader agrees on it.

We read by the core schema of YAML 1.2. Many readers still follow YAML 1.1, where ``no`` is false,
``12:30`` is 750 and ``010`` is eight. What they would read otherwise than we do is *ambiguous*: the
loader refuses it and the emitter quotes it, so that the file means the same to everybody.
"""

import math
import re
from typing import Final

from kvartal.history.yaml_text.nodes import ScalarValue

EXACT_INTEGER: Final = 2**53
"""Above it, readers that keep all numbers as floating point lose digits."""

_CONSTANTS: Final[dict[str, ScalarValue]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Nothing that begins otherwise can be anything but text; most values of a plan are told by this.
_SUSPICIOUS_STARTS: Final = frozenset("-+.0123456789~nNtTfFyYoO=<")

# The patterns below take quadratic time on thousands of digits, which no reader keeps anyway.
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
    """Return what a plain scalar means by the core schema of YAML 1.2.

    Numbers that no reader keeps exactly come back as text; :func:`is_ambiguous` tells of them.
    """
    if text and text[0] not in _SUSPICIOUS_STARTS:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if is_ambiguous(text):
        return text
    if _INTEGER.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def is_ambiguous(text: str) -> bool:
    """Tell whether readers of YAML disagree on what a plain scalar means."""
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
