"""Random plans with random formatting, and random changes of them.

The writer here is no relation of the emitter under test: it takes every liberty that YAML gives,
and notes for each line which value it belongs to, so that a test can say which lines a change may
touch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from kvartal.schema.changes import MISSING, Edit, Plain
from kvartal.schema.problems import DataPath
from tests.support.programmes import programmes

_WORDS = ["акт", "срок", "ЦОК", "№ 5", "В2В", "75 офисов", "1.1.2", "2024-Q3", "а:б", "c#d", "«э»"]
PLAIN_WORDS = st.sampled_from(_WORDS)
# fmt: off
_TRICKY = [
    "", " ", "no", "yes", "null", "~", "true", "12", "012", "1.10", "1e3", "12:30", "2024-02-30",
    "0x1F", "0o17", ".inf", "=", "<<", "- а", "? б", "a: b", "a:", "a #b", "#c", "'q", '"', "@",
    "%", "`", "&a", "*a", "!t", "[x]", "{y}", "x,", "---", "...", "\\d", "C:\\docs", " край ",
    "таб\tтаб", "строка\nвторая", "строка\n", "\n", "\nпосле", "три\n\n\nчетыре\n\n",
    " отступ\nи нет", "а \nб",
    "# не примечание\n- не список", "a\r\nb", "a\rb", "a\x85b", "a\u2028b", "a\u2029b",
    "\ufeffx", "\x1b[31m", "\0", "\x7f", "\u200bневидимый", "\u202eобратно", "\u00a0",
    "мягкий\u00adперенос", "😀", "\U000e0001", "\ufffe",
]
# fmt: on
TEXTS = st.one_of(
    PLAIN_WORDS,
    st.sampled_from(_TRICKY),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.lists(st.sampled_from([*_WORDS, *_TRICKY]), min_size=1, max_size=3).map(" ".join),
    st.lists(st.sampled_from([*_WORDS, "# х", "- й", " ю"]), min_size=2, max_size=4).map("\n".join),
)
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: value + 0.0),
    st.sampled_from([0, 1e16, 1.5e-7, 95.4, 2**53]),
    st.booleans(),
)
SCALARS = st.one_of(TEXTS, TEXTS, NUMBERS)

# Keys as the schema orders them, so that the place of a new one can be foreseen.
_TEXT_KEYS = ("proposal", "result", "responsible", "notes")
_RECORD_KEYS = ("quarter", "date", "complete", "result")


@st.composite
def records(draw: st.DrawFn) -> dict[str, Plain]:
    """Return a record, or what could pass for one."""
    record: dict[str, Plain] = {
        key: draw(SCALARS) for key in draw(st.lists(st.sampled_from(_RECORD_KEYS), unique=True))
    }
    if draw(st.booleans()):
        links: list[Plain] = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
        record["evidence"] = {"links": links, "documents": [{"title": draw(TEXTS)}]}
    return record or {"quarter": 1}


@st.composite
def measures(draw: st.DrawFn, name: str) -> dict[str, Plain]:
    """Return the plain data of a measure with this id."""
    measure: dict[str, Plain] = {"id": name}
    for key in draw(st.lists(st.sampled_from(_TEXT_KEYS), unique=True)):
        measure[key] = draw(SCALARS)
    if draw(st.booleans()):
        actions: list[Plain] = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
        measure["actions"] = actions
    if draw(st.booleans()):
        quarters: list[Plain] = draw(st.lists(st.integers(1, 4), min_size=1, unique=True))
        measure["term"] = {"text": draw(TEXTS), "quarters": quarters}
    if draw(st.booleans()):
        measure["budget"] = {"plan": draw(NUMBERS)}
    if draw(st.booleans()):
        found = draw(st.lists(records(), min_size=1, max_size=3))
        distinct = [one for place, one in enumerate(found) if one not in found[:place]]
        measure["records"] = list(distinct)
    return measure


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Plain]:
    """Return the plain data of a plan of any shape, with one measure to four.

    Some of its measures are valid, others hold anything.
    """
    data = draw(programmes())
    found: Any = data["measures"]
    rows = [row if draw(st.booleans()) else draw(measures(row["id"])) for row in found]
    return {**data, "document": {"title": draw(TEXTS)}, "measures": rows}


@dataclass
class Written:
    """A plan's text, line by line.

    Attributes:
        lines: The lines without their breaks.
        owners: The path of the value each line belongs to; None for comments and blank lines.
        newline: What ends the lines.
        bom: Whether a byte order mark stands before the first.
        closed: Whether the last line has its break.
    """

    newline: str
    bom: bool
    closed: bool
    lines: list[str] = field(default_factory=list)
    owners: list[DataPath | None] = field(default_factory=list)

    @property
    def encoded(self) -> bytes:
        """The bytes of the file."""
        text = self.newline.join(self.lines) + (self.newline if self.closed else "")
        return (("\ufeff" if self.bom else "") + text).encode()

    def block(self, path: DataPath) -> range | None:
        """Return the lines of a value, those of comments within it included."""
        found = [
            place for place, owner in enumerate(self.owners) if owner and owner[: len(path)] == path
        ]
        return range(found[0], found[-1] + 1) if found else None


@st.composite
def written(draw: st.DrawFn, data: dict[str, Plain]) -> Written:
    """Return a text that means the data, formatted at random."""
    text = Written(draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans()), draw(st.booleans()))
    _Writer(draw, text).mapping(data, (), 0)
    if text.lines[-1].strip() == "" or (not text.closed and text.owners[-1] is None):
        text.closed = True
    return text


class _Writer:
    """Writes plain data with the liberties of YAML."""

    def __init__(self, draw: st.DrawFn, text: Written) -> None:
        self.draw = draw
        self.text = text
        self.step = draw(st.integers(1, 4))
        self.offset = draw(st.integers(0, 3))
        self.gap = draw(st.integers(2, 4))
        self.noise = draw(st.sampled_from([0, 1, 5]))

    def mapping(
        self, value: dict[str, Plain], path: DataPath, column: int, start: str = ""
    ) -> None:
        keys = self.draw(st.permutations(list(value))) if path else list(value)
        for key in keys:
            self.between(column, start)
            self.member(f"{start or ' ' * column}{key}:", value[key], (*path, key), column)
            start = ""

    def sequence(self, value: list[Plain], path: DataPath, column: int) -> None:
        for place, item in enumerate(value):
            self.between(column, "")
            dash = " " * column + "-"
            inside = column + self.gap
            here = (*path, place)
            if isinstance(item, dict) and item:
                self.mapping(item, here, inside, dash + " " * (self.gap - 1))
            else:
                self.member(dash, item, here, column)

    def member(self, head: str, value: Plain, path: DataPath, column: int) -> None:
        """Write what follows a key or a dash."""
        if isinstance(value, dict) and value and not self.chance(1):
            self.line(head + self.comment(), path)
            self.mapping(value, path, column + self.step)
        elif isinstance(value, list) and value and not self.chance(3):
            self.line(head + self.comment(), path)
            self.sequence(value, path, column + self.offset)
        elif isinstance(value, dict | list):
            self.line(f"{head} {self.flow(value)}{self.comment()}", path)
        elif isinstance(value, str) and self.block_scalar(head, value, path, column):
            pass
        else:
            self.line(f"{head} {self.scalar(value)}{self.comment()}", path)

    def block_scalar(self, head: str, value: str, path: DataPath, column: int) -> bool:
        lines = value.removesuffix("\n").split("\n")
        whole = all(line.isprintable() and line == line.strip() for line in lines)
        if not whole or not lines[0] or not lines[-1] or not self.chance(7):
            return False
        header = "|" if "\n" in value.removesuffix("\n") or self.chance(4) else ">"
        chomping = "" if value.endswith("\n") else "-"
        indented = " " * (column + self.draw(st.integers(1, 4)))
        if header == ">":  # folded: spaces may become line breaks
            lines = lines[0].split(" ") if self.draw(st.booleans()) else lines
            if "" in lines:
                lines = [" ".join(lines)]
        self.line(f"{head} {header}{chomping}{self.comment()}", path)
        for line in lines:
            self.line(indented + line if line else "", path)
        if self.draw(st.booleans()):
            self.blank()
        return True

    def scalar(self, value: Plain, *, flow: bool = False) -> str:
        if not isinstance(value, str):
            return _number(value)
        styles: list[Callable[[str], str]] = [_double]
        if value.isprintable():
            styles.append(lambda text: "'" + text.replace("'", "''") + "'")
        if value in _WORDS and not (flow and ":" in value):
            styles += [str, str]
        return self.draw(st.sampled_from(styles))(value)

    def flow(self, value: Plain) -> str:
        space = " " if self.draw(st.booleans()) else ""
        if isinstance(value, dict):
            inside = [f"{key}: {self.flow(one)}" for key, one in value.items()]
            return "{" + space + f",{space}".join(inside) + space + "}"
        if isinstance(value, list):
            return "[" + space + f",{space}".join(map(self.flow, value)) + space + "]"
        return self.scalar(value, flow=True)

    def between(self, column: int, start: str) -> None:
        """Write what may stand between two members, unless something stands on the line already."""
        if start:
            return
        if self.chance(1):
            self.blank()
        if self.chance(1):
            self.text.lines.append(" " * column + "# " + self.draw(PLAIN_WORDS))
            self.text.owners.append(None)

    def blank(self) -> None:
        self.text.lines.append("")
        self.text.owners.append(None)

    def line(self, text: str, path: DataPath) -> None:
        self.text.lines.append(text)
        self.text.owners.append(path)

    def comment(self) -> str:
        return " # " + self.draw(PLAIN_WORDS) if self.chance(1) else ""

    def chance(self, of_ten: int) -> bool:
        return bool(self.draw(st.integers(0, 9)) < min(of_ten * max(self.noise, 1), 8))


def _number(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _double(text: str) -> str:
    inside = (
        sign if sign.isprintable() and sign not in '"\\' else f"\\U{ord(sign):08x}" for sign in text
    )
    return '"' + "".join(inside) + '"'


def edits(data: dict[str, Plain]) -> st.SearchStrategy[Edit]:
    """Return random edits of a plan, most of them of its measures."""
    inside = _edits_of_measures(data)
    return st.one_of(inside, inside, inside, inside, inside, _edits_outside(data))


@st.composite
def _edits_outside(draw: st.DrawFn, data: dict[str, Plain]) -> Edit:
    """Return a new text for an old one outside the measures."""
    found = [one for one in _values({**data, "measures": []}) if isinstance(one[1], str)]
    path, old = draw(st.sampled_from(found))
    return Edit("", path, old, draw(TEXTS))


@st.composite
def _edits_of_measures(draw: st.DrawFn, data: dict[str, Plain]) -> Edit:
    rows: Any = data["measures"]
    at = draw(st.integers(0, len(rows) - 1))
    row, name = rows[at], rows[at]["id"]
    choice = draw(st.integers(0, 11))
    if choice == 0:
        return Edit("9.9", (), MISSING, draw(measures("9.9")), draw(st.integers(0, len(rows))))
    if choice == 1 and len(rows) > 1:
        return Edit(name, (), row, MISSING, at)
    if choice == 2 and "budget" not in row:
        return Edit(name, ("budget", "plan"), MISSING, draw(NUMBERS))
    path, old = draw(st.sampled_from(list(_values(row))))
    if isinstance(old, dict) and (not path or draw(st.booleans())):
        return draw(_additions(name, path, old))
    if isinstance(old, list) and draw(st.booleans()):
        return draw(_insertions(name, path, old))
    return (
        draw(_alterations(name, path, old)) if path != ("id",) else draw(_additions(name, (), row))
    )


@st.composite
def _alterations(draw: st.DrawFn, name: str, path: DataPath, old: Plain) -> Edit:
    if draw(st.integers(0, 2)) == 0:
        return Edit(name, path, old, MISSING)
    if isinstance(old, list):
        return Edit(name, path, old, draw(st.one_of(SCALARS, st.just([*old, "ещё"]))))
    return Edit(name, path, old, draw(st.one_of(SCALARS, SCALARS, records())))


@st.composite
def _insertions(draw: st.DrawFn, name: str, path: DataPath, old: list[Plain]) -> Edit:
    kinds = {"records": records(), "quarters": NUMBERS}
    new = draw(kinds.get(str(path[-1]), TEXTS).filter(lambda one: one not in old))
    return Edit(name, (*path, draw(st.integers(0, len(old)))), MISSING, new)


@st.composite
def _additions(draw: st.DrawFn, name: str, path: DataPath, old: dict[str, Plain]) -> Edit:
    known: dict[DataPath, tuple[str, ...]] = {
        (): _TEXT_KEYS,
        ("budget",): ("plan", "fact"),
        ("term",): ("start", "due"),
    }
    names = [key for key in known.get(path, _RECORD_KEYS) if key not in old]
    if not names:
        return Edit(name, (*path, "unknown"), MISSING, draw(SCALARS))
    new = draw(st.one_of(SCALARS, SCALARS, records()))
    return Edit(name, (*path, draw(st.sampled_from(names))), MISSING, new)


def _values(value: Plain, path: DataPath = ()) -> Iterator[tuple[DataPath, Plain]]:
    """Yield everything in a value with its path."""
    yield path, value
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _values(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _values(one, (*path, place))
