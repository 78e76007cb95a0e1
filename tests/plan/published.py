"""A parser for the text export of the published programme, line by line.

It is independent of the YAML: it returns what the text says, with unparsed lines in `left`. A page
break may fall anywhere, so page headers are removed first.
"""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

_HEADER = re.compile(r"^ (?P<brand>\S+)\t(?P<title>.+)\t(?P<code>ЛНА-\S+)(?: (?P<marking>.+))?$")
_RULE = "--\t---\t---"
_CONTENTS_LINE = re.compile(r"^([0-9]+)\. (.+)\t([0-9]+)$")
_NUMBERED = re.compile(r"^([0-9.]*[0-9])\. (.+)$")
_SECTION = re.compile(r"^([0-9]+)\. ([^\t]+)\t\t\t\t$")
_CHANNEL = re.compile(r"^([0-9]+\.[0-9]+)\.\t([^\t]+)\t\t\t$")


@dataclass(frozen=True)
class Header:
    """A page header."""

    brand: str
    title: str
    code: str
    marking: str


@dataclass(frozen=True)
class Chapter:
    """A numbered part of the document: its heading and its lines."""

    number: str
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row of the table: five cells as printed, and the channel it belongs to."""

    channel: str
    cells: tuple[str, ...]


@dataclass
class Published:
    """The published document."""

    headers: list[Header] = field(default_factory=list)
    approval: tuple[str, ...] = ()
    title: str = ""
    chapters: dict[str, Chapter] = field(default_factory=dict)
    contents_heading: str = ""
    contents: list[tuple[str, str, int]] = field(default_factory=list)
    caption: str = ""
    table_heads: list[tuple[str, ...]] = field(default_factory=list)
    sections: list[tuple[str, str, list[tuple[str, str]]]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read(text: str) -> Published:
    """Parse the text of the document."""
    published = Published()
    lines = deque(_without_headers(text.split("\n"), published))
    published.approval = tuple(lines.popleft() for _ in range(3))
    published.title = lines.popleft()
    _read_chapter(lines, published, until=re.compile(r"^СОДЕРЖАНИЕ$"))
    published.contents_heading = lines.popleft()
    while match := _CONTENTS_LINE.match(lines[0]):
        published.contents.append((match[1], match[2], int(match[3])))
        lines.popleft()
    headings = "|".join(re.escape(f"{number}. {text}") for number, text, _ in published.contents)
    for _ in range(len(published.contents) - 2):
        _read_chapter(lines, published, until=re.compile(f"^(?:{headings})$"))
    _read_chapter(lines, published, until=re.compile(r"^Таблица"))
    published.caption = lines.popleft()
    _read_table(lines, published)
    published.left = list(lines)
    return published


def _without_headers(lines: Iterable[str], published: Published) -> Iterable[str]:
    queue = deque(line for line in lines if line.strip())
    while queue:
        line = queue.popleft()
        match = _HEADER.match(line)
        if not match:
            yield line
            continue
        below = queue.popleft()
        if match["marking"]:
            assert below == _RULE
        else:
            assert below.startswith("\t\t")
        marking = match["marking"] or below.removeprefix("\t\t")
        published.headers.append(Header(match["brand"], match["title"], match["code"], marking))


def _read_chapter(lines: deque[str], published: Published, until: re.Pattern[str]) -> None:
    match = _NUMBERED.match(lines.popleft())
    assert match
    body = []
    while not until.match(lines[0]):
        body.append(lines.popleft())
    published.chapters[match[1]] = Chapter(match[1], match[2], tuple(body))


def _read_table(lines: deque[str], published: Published) -> None:
    channel = ""
    while lines:
        line = lines.popleft()
        if line.startswith("№\t"):
            published.table_heads += [tuple(line.split("\t")), tuple(lines.popleft().split("\t"))]
        elif match := _SECTION.match(line):
            published.sections.append((match[1], match[2], []))
        elif match := _CHANNEL.match(line):
            channel = match[1]
            published.sections[-1][2].append((match[1], match[2]))
        else:
            published.rows.append(Row(channel, tuple(line.split("\t"))))
