"""HTML: a page that stands alone: accessible, responsive, printable, nothing from outside."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pkgutil import get_data
from typing import Final

from kvartal.exchange.export_progress import Advance, nothing
from kvartal.exchange.reports.blocks import (
    Block,
    ChartBlock,
    ColumnKind,
    CoverBlock,
    FigureBlock,
    Heading,
    ListBlock,
    Report,
    ReportCell,
    ReportColumn,
    ReportStyle,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.writers.layout import column_widths, least_width, placed_rows

_WIDTH: Final = 480
_BAR: Final = 22
_GAP: Final = 10
_LABEL: Final = 130
_FIGURE: Final = 60
"""The room for a figure after the longest bar, and how much of it a letter takes."""
_FIGURE_LETTER: Final = 8
_FITS_PHONE: Final = 3
"""A table of more columns is too wide for a phone."""
_FITS_TABLET: Final = 6
_PHONE_LETTERS: Final = 39.0
"""How many letters a phone has across."""
_LETTERS: Final = 150.0
"""How many letters a broad page has."""
_LONGEST_WORD: Final = 29
_LONG_WORD: Final = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
"""What may be broken so that a table is not broader than the page: addresses, checksums."""
_BREAKS: Final = re.compile(r"([/?&=_:]+|[^/?&=_:-]{24})(?=.{4})")
"""Where: after what parts them, and within what is long by itself. Hyphens a browser sees to."""


def write_html(report: Report, advance: Advance = nothing) -> bytes:
    """Return a report as one HTML page in UTF-8.

    Args:
        report: What is written.
        advance: Called after each row of a table.

    Raises:
        ExportStopped: Nobody wants the rest.
    """
    style = (get_data("kvartal.exchange.writers", "report.css") or b"").decode()
    style += _width_rules(report)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    blocks = report.outline
    labels = _labels(blocks)
    body = "\n".join("\n".join(_block(block, labels, advance)) for block in blocks)
    title = escape(report.title)
    organization = escape(report.organization)
    return f"""<!DOCTYPE html>
<html lang="{escape(report.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {organization} · {escape(report.years)}</title>
<style>{style}</style>
</head>
<body>
<main>
<p class="organization">{organization}</p>
<p class="organization years">{escape(report.years)}</p>
{body}
</main>
</body>
</html>
""".encode()


def _labels(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield what each table is called, in order: no two alike, or nobody can tell them apart."""
    names = Counter(_name(block) for block in blocks if isinstance(block, ReportTable))
    used: Counter[str] = Counter()
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, ReportTable):
            name = _name(block)
            label = f"{heading}: {name}" if names[name] > 1 and heading else name
            used[label] += 1
            yield label if used[label] == 1 else f"{label} ({used[label]})"


def _name(table: ReportTable) -> str:
    return table.caption or table.name


def _block(block: Block, labels: Iterator[str], advance: Advance) -> Iterator[str]:
    if isinstance(block, Heading):
        level = min(block.level, 6)
        yield f"<h{level}>{escape(block.text)}</h{level}>"
    elif isinstance(block, TextBlock):
        yield f"<p>{_lines(block.text)}</p>"
    elif isinstance(block, ListBlock):
        items = "".join(f"<li>{escape(block.marker)} {_lines(item)}</li>" for item in block.items)
        yield f"<ul>{items}</ul>"
    elif isinstance(block, FigureBlock):
        figures = "".join(
            f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
            for label, value in block.figures
        )
        yield f'<dl class="figures">{figures}</dl>'
    elif isinstance(block, ChartBlock):
        yield from _chart(block)
    elif isinstance(block, CoverBlock):
        yield from _cover(block)
    else:
        yield from _table(block, next(labels), advance)


def _cover(cover: CoverBlock) -> Iterator[str]:
    approval = "<br>".join(map(escape, cover.approval))
    lines = filter(None, (cover.code, cover.marking))
    code = "".join(f'<p class="code">{escape(line)}</p>' for line in lines)
    yield f'<header class="cover"><p class="approval">{approval}</p>'
    yield f"<h1>{escape(cover.title)}</h1>{code}</header>"


def _table(table: ReportTable, label: str, advance: Advance) -> Iterator[str]:
    """Yield a table, whose rows the style sheet turns into cards on a narrow screen.

    A browser that lays a table out as blocks may forget that it is one: hence the roles.
    """
    headings = [column.heading for column in table.columns]
    name = escape(label, quote=True)
    yield f'<div class="table" tabindex="0" role="region" aria-label="{name}">'
    yield f'<table role="table"{_size(table)}>'
    if table.caption:
        yield f"<caption>{escape(table.caption)}</caption>"
    if _is_wide(table):
        columns = "".join(f'<col class="w{width}">' for width in _shares(table))
        yield f"<colgroup>{columns}</colgroup>"
    if any(headings):
        cells = "".join(
            f'<th role="columnheader" scope="col">{escape(heading)}</th>' for heading in headings
        )
        yield f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead>'
    yield '<tbody role="rowgroup">'
    covering: dict[int, ReportCell] = {}
    for row, placed in zip(table.rows, placed_rows(table), strict=True):
        covering |= {one.column: one.cell for one in placed if one.cell is not None}
        above = [
            f"{headings[one.column]}: {covering[one.column].text}"
            for one in placed
            if one.cell is None
        ]
        mark = f' data-measure="{escape(row.measure, quote=True)}"' if row.measure else ""
        mark += f' data-above="{escape("; ".join(above), quote=True)}"' if above else ""
        is_part = any(one.cell is not None and one.span > 1 for one in placed)
        mark += ' class="part"' if is_part else ""
        cells = "".join(
            _cell(one.cell, table.columns[one.column], is_labelled=not is_part)
            for one in placed
            if one.cell is not None
        )
        yield f'<tr role="row"{mark}>{cells}</tr>'
        advance()
    yield "</tbody></table></div>"


def _is_wide(table: ReportTable) -> bool:
    """Return whether a table has too many columns for a phone, or too long words in them."""
    is_long = len(table.columns) > _FITS_PHONE and any(one.heading for one in table.columns)
    return is_long or least_width(table, _LONGEST_WORD) > _PHONE_LETTERS


def _size(table: ReportTable) -> str:
    """Return the class of a table that does not fit a phone, or not even a tablet."""
    if not _is_wide(table):
        return ""
    fits = len(table.columns) <= _FITS_TABLET
    return ' class="wide"' if fits else ' class="wide widest"'


def _shares(table: ReportTable) -> list[int]:
    """Return the width of each column in tenths of a percent: a hint, no word is broken for it."""
    return [round(1000 * one / _LETTERS) for one in column_widths(table, _LETTERS)]


def _width_rules(report: Report) -> str:
    """Return the rules for the widths of columns: the page allows no style outside its sheet."""
    tables = [one for one in report.blocks if isinstance(one, ReportTable) and _is_wide(one)]
    used = sorted({width for table in tables for width in _shares(table)})
    return "".join(f".w{width} {{ width: {width / 10}%; }}\n" for width in used)


def _cell(cell: ReportCell, column: ReportColumn, *, is_labelled: bool) -> str:
    spans = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    spans += f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    classes = [] if cell.style is ReportStyle.PLAIN else [cell.style.value]
    is_value = column.kind is not ColumnKind.TEXT and cell.value is not None
    classes += [column.kind.value] if is_value else []
    kind = f' class="{" ".join(classes)}"' if classes else ""
    text = _paragraphs(cell.lines)
    if cell.style in {ReportStyle.SECTION, ReportStyle.CHANNEL} and cell.column_span > 1:
        return f'<th role="rowheader" scope="rowgroup"{spans}{kind}>{text}</th>'
    is_labelled = is_labelled and bool(text and column.heading)
    label = f' data-label="{escape(column.heading, quote=True)}"' if is_labelled else ""
    return f'<td role="cell"{spans}{kind}{label}>{text}</td>'


def _chart(chart: ChartBlock) -> Iterator[str]:
    """Yield a bar for each value and a line for the target, as a drawing with a description."""
    height = (_BAR + _GAP) * len(chart.points) + _GAP
    room = max(_FIGURE, *(_FIGURE_LETTER * (len(text) + 1) for *_value, text in chart.points))
    scale = (_WIDTH - _LABEL - room) / chart.largest
    target = _LABEL + chart.target * scale
    name = f'{escape(chart.title)} <span class="target">{escape(chart.target_text)}</span>'
    yield f"<figure><figcaption>{name}</figcaption>"
    yield (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(chart.title + ": " + chart.caption, quote=True)}">'
    )
    tops = [_GAP + at * (_BAR + _GAP) for at in range(len(chart.points))]
    widths = [max(value, 0) * scale for _name, value, _text in chart.points]
    for top, width in zip(tops, widths, strict=True):
        yield f'<rect x="{_LABEL}" y="{top}" width="{width:.1f}" height="{_BAR}"/>'
    # What is written stands above the line, which may go through it.
    if chart.target >= 0:
        yield f'<line x1="{target:.1f}" y1="0" x2="{target:.1f}" y2="{height}"/>'
    for (name, _value, text), top, width in zip(chart.points, tops, widths, strict=True):
        middle = top + _BAR * 0.7
        yield f'<text x="0" y="{middle:.1f}">{escape(name)}</text>'
        yield f'<text x="{_LABEL + width + 6:.1f}" y="{middle:.1f}">{escape(text)}</text>'
    yield "</svg></figure>"


def _paragraphs(lines: Sequence[str]) -> str:
    """Return the lines of a cell: each is one of its own, whatever it begins with."""
    if len(lines) == 1:
        return _breakable(lines[0])
    return "".join(f"<div>{_breakable(line)}</div>" for line in lines)


def _breakable(text: str) -> str:
    """Return a text whose very long words may be broken where there is no room for them."""
    parted = _LONG_WORD.sub(lambda word: _BREAKS.sub("\\1\0", word[0]), text)
    return escape(parted).replace("\0", "<wbr>")


def _lines(text: str) -> str:
    return "<br>".join(map(escape, text.split("\n")))
