"""Tables of a text in Markdown: pipes between cells, a rule below the heading, signs escaped."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kvartal.exchange.grid import Run
from kvartal.exchange.readers.plain_text_rows import DrawnCell, DrawnRow, TextLine

_RULE: Final = re.compile(r"\|?[ ]*+:?-{2,}+:?[ ]*+(?:\|[ ]*+:?-{2,}+:?[ ]*+)*+\|?")
_BAR: Final = re.compile(r"\\.|\|")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]<>#|~&])")
_MARKS: Final = (
    re.compile(r"(?<!\\)\*\*(?=\S)([^*]+)(?<=\S)\*\*"),
    re.compile(r"(?<![\\\w])__(?=\S)([^_]+)(?<=\S)__(?!\w)"),
    re.compile(r"(?<![\\\w*])\*(?=[^\s*])([^*]+)(?<=[^\s\\])\*(?![\w*])"),
    re.compile(r"(?<![\\\w])_(?=\S)([^_]+)(?<=[^\s\\])_(?!\w)"),
    re.compile(r"(?<!\\)`([^`]+)(?<!\\)`"),
    re.compile(r"(?<!\\)!?\[([^\[\]]*)(?<!\\)\]\([^()\s]+(?:\s+\"[^\"]*\")?\)"),
)
"""Bold and slanted type, code and links: what is shown is the text in them."""
_STRUCK: Final = re.compile(r"(?<!\\)~~(?=\S)(.+?)(?<=\S)~~")
_HEADING: Final = re.compile(r"^ {0,3}(#{1,6})\s+")


def has_markdown_table(text: str) -> bool:
    """Return whether a text has a line of cells with a rule below it."""
    return any(
        "|" in heading and "|" in rule and _RULE.fullmatch(rule.strip())
        for heading, rule in pairwise(text.splitlines())
    )


def markdown_until(lines: Sequence[TextLine], index: int) -> int:
    """Return where a table that begins with a line ends; the index itself where none begins."""
    heading, rule = lines[index].text, lines[index + 1 : index + 2]
    if not rule or "|" not in heading or not _RULE.fullmatch(rule[0].text.strip()):
        return index
    width = len(_texts(heading))
    if width < 2 or len(_texts(rule[0].text)) != width:  # noqa: PLR2004 - one column is no table
        return index
    end = index + 2
    while end < len(lines) and "|" in lines[end].text:
        end += 1
    return end


def markdown_rows(lines: Sequence[TextLine]) -> list[DrawnRow]:
    """Return the rows of a table: its heading, and what stands below the rule."""
    return [
        DrawnRow(
            line.number,
            [_cell(at, text) for at, text in enumerate(_texts(line.text))],
        )
        for line in (lines[0], *lines[2:])
    ]


def plain_text(text: str) -> str:
    """Return a text as it is shown: without marks of headings and type, signs unescaped."""
    bare = _HEADING.sub("", _BREAK.sub("\n", text))
    for mark in _MARKS:
        bare = mark.sub(r"\1", bare)
    return _ESCAPED.sub(r"\1", bare)


def heading_level(text: str) -> int:
    """Return the level of a heading from 1; 0 for any other line."""
    found = _HEADING.match(text)
    return len(found[1]) if found is not None else 0


def _cell(column: int, text: str) -> DrawnCell:
    lines = [
        tuple(
            Run(plain_text(piece), struck=at % 2 == 1)
            for at, piece in enumerate(_STRUCK.split(line))
            if piece
        )
        for line in _BREAK.split(text)
    ]
    shown = "\n".join("".join(run.text for run in line) for line in lines)
    return DrawnCell(column, 1, shown, tuple(filter(None, lines)))


def _texts(line: str) -> list[str]:
    """Return the texts between the bars of a line that no backslash escapes."""
    text = line.strip()
    bars = [one.start() for one in _BAR.finditer(text) if one[0] == "|"]
    if bars and bars[0] == 0:
        start, bars = 1, bars[1:]
    else:
        start = 0
    found = []
    for bar in bars:
        found.append(text[start:bar].strip())
        start = bar + 1
    rest = text[start:].strip()
    return [*found, rest] if rest or not found else found
