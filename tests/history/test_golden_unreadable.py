r"""Texts that are no plan: what is wrong with each, where, and what to do.

A text stands line by line after «|»; after «\» with escapes. After a change: ``python -m
tests.history.test_golden_unreadable`` from the root writes the golden file again, to be reviewed
with ``git diff``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kvartal.history.yaml_text.loader import UnreadablePlan, _syntax_cause, load
from kvartal.tui.i18n import translator

GOLDEN = Path(__file__).parent / "golden" / "unreadable.txt"
_INDENT = "  "
_PURE = (
    "while scanning a quoted scalar: found unexpected end of stream",
    "expected escape sequence of 2 hexadecimal numbers, but found 'x'",
    "expected ',' or ']', but got '<scalar>'",
    "expected ',' or '}', but got '<scalar>'",
    "mapping values are not allowed here",
    "could not find expected ':'",
    "sequence entries are not allowed here",
    "expected <block end>, but found '?'",
    "expected the node content, but found ','",
    "found undefined tag handle",
    "found incompatible YAML document (version 1.* is required)",
    "found unexpected document indicator",
    "found character '@' that cannot start any token",
)
"""What the parser in pure Python says, which is there where the other is not."""


def outcome(text: bytes) -> Iterator[str]:
    """Yield the problems of a text, the first in English too."""
    try:
        data = load(text, "p.yaml").data
    except UnreadablePlan as error:
        for problem in error.problems:
            path = ".".join(map(str, problem.path))
            where = f"{problem.line}:{problem.column}" + (f" {path}" if path else "")
            yield f"{where} {problem.code}: {problem.message()}"
        yield error.problems[0].message(translator("en"))
    else:
        yield f"read: {data}"


def causes() -> Iterator[str]:
    """Yield the sentence shown for each complaint of the pure-Python parser."""
    for words in _PURE:
        template, fields = _syntax_cause(words, "a: @b", 3)
        yield f"{words}\n{_INDENT}{template.format(**fields)}"


def _cases() -> Iterator[tuple[str, list[str], list[str]]]:
    text = GOLDEN.read_text(encoding="utf-8").partition("\n\n=== ")[0]
    for block in text.removeprefix("== ").split("\n\n== "):
        title, *lines = block.split("\n")
        written = [line for line in lines if not line.startswith(_INDENT)]
        yield title, written, lines[len(written) :]


def _text(written: list[str]) -> bytes:
    text = ""
    for line in written:
        sign, rest = line[:1], line[2:]
        text += f"{rest}\n" if sign == "|" else re.sub(r"\\(?:u(....)|x(..)|([tr\\]))", _sign, rest)
    return text.encode("utf-8", "surrogateescape")


def _sign(match: re.Match[str]) -> str:
    long, byte, short = match.groups()
    if byte:
        code = int(byte, 16)
        return chr(code) if code < 0x80 else chr(0xDC00 + code)
    return chr(int(long, 16)) if long else {"t": "\t", "r": "\r", "\\": "\\"}[short]


@pytest.mark.parametrize(
    ("title", "written", "said"), list(_cases()), ids=lambda one: str(one)[:50]
)
def test_a_text_that_is_no_plan_is_explained(
    title: str, written: list[str], said: list[str]
) -> None:
    assert [f"{_INDENT}{line}" for line in outcome(_text(written))] == said, title


def test_the_other_parser_is_understood_too() -> None:
    assert GOLDEN.read_text(encoding="utf-8").partition("\n\n=== ")[2] == "\n".join(causes()) + "\n"


if __name__ == "__main__":
    blocks = [
        "\n".join(
            [f"== {title}", *written, *(f"{_INDENT}{one}" for one in outcome(_text(written)))]
        )
        for title, written, _ in _cases()
    ]
    told = "\n\n".join(blocks) + "\n\n=== " + "\n".join(causes()) + "\n"
    GOLDEN.write_text(told, encoding="utf-8")
