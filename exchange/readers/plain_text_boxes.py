"""Tables of a text that are drawn with pipes or with box characters."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kvartal.exchange.readers.plain_text_rows import DrawnCell, DrawnRow, TextLine

_BARS: Final = "|│┃║¦"
_BAR: Final = re.compile(f"[{_BARS}]")
_RULE: Final = re.compile(
    r"[\s|+:=_\-\u2500-\u257f]*(?:[-=_\u2500\u2501\u2550]{2}|[\u2500-\u257f])"
    r"[\s|+:=_\-\u2500-\u257f]*"
)
_FEWEST_BARS: Final = 2
_FEWEST_RULES: Final = 3
_HEADING_AND_BODY: Final = 2


def is_boxed(line: str) -> bool:
    """Return whether a line is part of a drawn table: bars between cells, or a rule."""
    if len(_BAR.findall(line)) >= _FEWEST_BARS:
        return True
    text = line.strip()
    corner = text[:1] == "+" or "\u2500" <= text[:1] <= "\u257f"
    return corner and bool(_RULE.fullmatch(text))


def box_rows(lines: Sequence[TextLine]) -> list[DrawnRow]:
    """Return the rows of a drawn table; none where the lines draw no table.

    Where rules stand between the rows, the lines between two of them are one row. Elsewhere a line
    is a row, as where rules surround the heading and the table only, as a database prints it; but
    there a line goes on with the row above it that has nothing in its first cell, or the rest of a
    title: a small letter where the row begins with none, and another cell empty.
    """
    rules = [bool(_RULE.fullmatch(line.text)) for line in lines]
    content = [line for line, rule in zip(lines, rules, strict=True) if not rule]
    if not content:
        return []
    edges = _edges(content)
    rows: list[DrawnRow] = []
    ruled = sum(rules) >= _FEWEST_RULES
    groups = sum(not rule and above for above, rule in pairwise((True, *rules)))
    between = ruled and groups > _HEADING_AND_BODY and sum(rules) > len(content) // 2
    new, first = True, ""
    for line, rule in zip(lines, rules, strict=True):
        if rule:
            new = True
            continue
        cells = _cells(line.text, edges)
        if rows and ruled and not new and (between or _goes_on(first, cells)):
            rows[-1].go_on(cells)
        else:
            rows.append(DrawnRow(line.number, cells))
            first = cells[0].text if cells else ""
        new = False
    return rows


def _goes_on(first: str, cells: Sequence[DrawnCell]) -> bool:
    """Return whether a line goes on with the row above that begins with a text."""
    texts = [cell.text for cell in cells]
    is_rest = "".join(texts[:1])[:1].islower() and not first[:1].islower()
    return not any(texts[:1]) or (is_rest and not all(texts))


def _edges(lines: Sequence[TextLine]) -> list[int] | None:
    """Return the places of the bars, where those of all lines are among those of one line."""
    places = [[match.start() for match in _BAR.finditer(line.text)] for line in lines]
    most = max(places, key=len)
    known = set(most)
    return most if all(known.issuperset(line) for line in places) else None


def _cells(line: str, edges: list[int] | None) -> list[DrawnCell]:
    """Return the cells of a line; a cell that spans several columns has no bars inside."""
    bars = [match.start() for match in _BAR.finditer(line)]
    if edges is None or len(bars) == len(edges):
        edges = bars
    outer = [*bars]
    if line[: outer[0]].strip():
        outer.insert(0, -1)
        edges = [-1, *edges]
    if line[outer[-1] + 1 :].strip():
        outer.append(len(line))
        edges = [*edges, len(line)]
    return [
        DrawnCell(
            column=edges.index(left),
            span=max(1, edges.index(right) - edges.index(left)),
            text=line[left + 1 : right].strip(),
        )
        for left, right in pairwise(outer)
    ]
