"""Files that grow in one way each: what a generator, a damaged disk or malice may produce.

Every shape is a function from a size to the text of a file. Most end in a fault; the last ones are
valid, as large as they are.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from kvartal.schema.description import plan_schema

Shape = Callable[[int], bytes]

HEAD: Final = """\
year: 2024
language: ru
document:
  organization: АО «Проба»
  title: Программа
"""
SECTIONS: Final = """\
sections:
  - number: "1"
    title: Раздел
    channels:
      - number: "1.1"
        title: Канал
"""
ONE_SECTION: Final = SECTIONS.partition("      - number")[0]
SECTION: Final = '  - {number: "1", title: а, channels: []}\n'
CHANNEL: Final = '      - {number: "1.1", title: а}\n'
PLAN: Final = f"{HEAD}{SECTIONS}measures:\n"
MEASURES_PER_CHANNEL: Final = 900


def measure(number: int = 1, **fields: str) -> str:
    """Return a measure; a field is given as YAML, empty to leave it out."""
    channel, row = divmod(number - 1, MEASURES_PER_CHANNEL)
    values = {
        "id": f"1.{channel + 1}.{row + 1}",
        "channel": f'"1.{channel + 1}"',
        "number": f"1.{channel + 1}.{row + 1}",
        "proposal": "Обеспечить работу",
        "actions": "[Провести работу]",
        "term": "{text: 1-4 кварталы 2024, quarters: [1, 2, 3, 4]}",
        "result": "Обеспечено",
    } | fields
    lines = [f"{key}: {value}" for key, value in values.items() if value]
    return "  - " + "\n    ".join(lines) + "\n"


def small() -> bytes:
    """Return a valid plan of three measures."""
    return (PLAN + "".join(map(measure, (1, 2, 3)))).encode()


def one(**fields: str) -> str:
    """Return a plan with one measure that has these fields."""
    return PLAN + measure(1, **fields)


def lines(count: int, line: Callable[[int], str]) -> str:
    """Return lines one after the other."""
    return "".join(f"{line(number)}\n" for number in range(count))


def flow(items: Iterable[object]) -> str:
    """Return a list in brackets."""
    return f"[{', '.join(map(str, items))}]"


def valid(count: int) -> str:
    """Return a valid plan of very many measures."""
    channels = range(1, (count - 1) // MEASURES_PER_CHANNEL + 2)
    sections = ONE_SECTION + "".join(
        f'      - number: "1.{number}"\n        title: Канал {number}\n' for number in channels
    )
    rows = "".join(measure(number) for number in range(1, count + 1))
    return f"{HEAD}{sections}measures:\n{rows}"


def record(**fields: str) -> str:
    """Return a list of one record in brackets; a field is given as YAML."""
    more = "".join(f", {key}: {value}" for key, value in fields.items())
    return f'[{{quarter: 1, date: "2024-02-01"{more}}}]'


# Each grows with its size in one way. What follows PLAN is inside the list of measures.
TEXTS: Final[Mapping[str, Callable[[int], str]]] = MappingProxyType(
    {
        # ---- keys
        "unknown keys": lambda n: one() + lines(n, lambda i: f"key{i}: 1"),
        "unknown keys of a row": lambda n: one() + lines(n, lambda i: f"    key{i}: 1"),
        "an unknown key a row": lambda n: (
            PLAN + "".join(measure(1, resutl="a", result="", id=f"a{i}") for i in range(n // 10))
        ),
        "unknown keys like known ones": lambda n: HEAD + lines(n, lambda i: f"measure{i}: 1"),
        "long key": lambda n: one() + f"{'k' * 100}{'e' * min(n, 800)}: 1\n",
        "long keys": lambda n: one() + lines(n // 10, lambda i: f"{i:0100}k: 1"),
        "duplicate keys": lambda n: one() + lines(n, lambda _: "year: 1"),
        "keys that are lists": lambda n: one() + lines(n, lambda i: f"? [{i}]\n: 1"),
        "empty values": lambda n: one() + lines(n, lambda i: f"key{i}:"),
        # ---- rows and lists
        "rows that are no mappings": lambda n: PLAN + lines(n, lambda _: "  - 1"),
        "a list of numbers": lambda n: f"{HEAD}measures: {flow(range(n))}\n",
        "a list of empty mappings": lambda n: f"{HEAD}measures: {flow(['{}'] * n)}\n",
        "a list of lists": lambda n: f"{HEAD}measures: {flow(['[]'] * n)}\n",
        "a list of nulls": lambda n: f"{HEAD}measures: {flow(['~'] * n)}\n",
        "a mapping in one line": lambda n: (
            f"{HEAD}x: {{{', '.join(f'a{i}: {i}' for i in range(n))}}}\n"
        ),
        "repeated quarters": lambda n: one(term=f"{{text: а, quarters: {flow([1] * n)}}}"),
        "different quarters": lambda n: one(
            term=f"{{text: а, quarters: {flow(i if i % 2 else f'[{i}]' for i in range(n))}}}"
        ),
        "repeated mappings": lambda n: one(same_work=flow(f"{{a: {i}}}" for i in range(n))),
        "nested lists": lambda n: f"{HEAD}measures: {'[' * n}\n",
        "nested dashes": lambda n: f"{HEAD}measures:\n  {'- ' * n}\n",
        "nested mappings": lambda n: HEAD + lines(min(n, 800), lambda i: f"{' ' * i}a:"),
        # ---- scalars
        "a long line": lambda n: one(result="слово " * n),
        "a long text in quotes": lambda n: one(result=f'"{"слово " * n}"'),
        "escapes": lambda n: one(result='"' + "\\x41" * n + '"'),
        "doubled quotes": lambda n: one(result="'" + "''" * n + "'"),
        "an open quote": lambda n: one(result='"' + "слово\n      " * n),
        "an open bracket": lambda n: one(result="[" + "а,\n      " * n),
        "a literal block": lambda n: one(result="|\n" + "      слово\n" * n),
        "a folded block": lambda n: one(result=">\n" + "      слово\n\n" * n),
        "a text over many lines": lambda n: one(result="а\n" + "      слово\n" * n),
        "digits": lambda n: one(result="1" * n),
        "digits and signs": lambda n: one(result="1_" * n),
        "numbers that readers disagree on": lambda n: f"{HEAD}measures: {flow(['1_0'] * n)}\n",
        "dates": lambda n: f"{HEAD}measures: {flow(['2024-01-01'] * n)}\n",
        "yes and no": lambda n: f"{HEAD}measures: {flow(['no'] * n)}\n",
        # ---- what YAML has and a plan has not
        "anchors": lambda n: one() + lines(n, lambda i: f"k{i}: &a{i} 1"),
        "aliases": lambda n: HEAD + "a: &a 1\n" + lines(n, lambda i: f"k{i}: *a"),
        "a bomb of aliases": lambda n: (
            HEAD + "a0: &a0 1\n" + lines(n, lambda i: f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}]")
        ),
        "merge keys": lambda n: HEAD + "a: &a {}\n" + lines(n, lambda i: f"k{i}: {{<<: *a}}"),
        "tags": lambda n: one() + lines(n, lambda i: f"k{i}: !!str 1"),
        "documents": lambda n: one() + "---\na: 1\n" * n,
        "directives": lambda n: "%FOO bar\n" * n + "---\n" + one(),
        "conflict markers": lambda n: one() + "<<<<<<< наша\na\n=======\nb\n>>>>>>> другая\n" * n,
        # ---- between the values
        "comments": lambda n: PLAN + "# примечание\n" * n + measure(1),
        "comments after values": lambda n: (
            one(result="Обеспечено # примечание") + "    # ещё\n" * n + measure(2)
        ),
        "a long comment": lambda n: f"# {'слово ' * n}\n{one()}",
        "blank lines": lambda n: one() + "\n" * n + measure(2),
        "spaces at line ends": lambda n: one(actions="\n" + f"      - а{' ' * 50}\n" * (n // 10)),
        "tabs": lambda n: one(result="а" + "\t" * n + "б"),
        "tabs between words": lambda n: PLAN + "".join(f"  - а\t{i}\n" for i in range(n)),
        "carriage returns alone": lambda n: one().replace("\n", "\r") + "a\r" * n,
        "line breaks of Windows": lambda n: valid(n // 20).replace("\n", "\r\n"),
        "control characters": lambda n: one(result="\x01а" * n),
        "a run of control characters": lambda n: one(result="\x01" * n),
        "byte order marks": lambda n: "\ufeff" * n + one(),
        "invisible characters": lambda n: one(result="а\u200b" * n),
        # ---- numbers, references, facts
        "one id for all": lambda n: PLAN + measure(1) * (n // 20),
        "unknown references": lambda n: one(same_work=flow(f"9.9.{i}" for i in range(n))),
        "a reference a row": lambda n: (
            PLAN
            + "".join(
                measure(1 + i % 900, actions="", actions_from=f"9.9.{i % 900 + 1}")
                for i in range(n // 20)
            )
        ),
        "sections": lambda n: HEAD + "sections:\n" + SECTION * (n // 5) + "measures: []\n",
        "channels": lambda n: HEAD + ONE_SECTION + CHANNEL * (n // 4) + "measures: []\n",
        "records": lambda n: one(records=flow(_records(n // 5))),
        "completions": lambda n: one(
            records=flow('{quarter: 1, date: "2024-02-01", complete: true}' for _ in range(n // 5))
        ),
        "values": lambda n: one(
            records=record(values=flow('{period: "2024-01", value: 1}' for _ in range(n // 5)))
        ),
        "evidence files": lambda n: one(
            records=record(evidence=f"{{files: {flow(_files(n // 5))}}}")
        ),
        "links": lambda n: one(
            records=record(evidence=f"{{links: {flow(f'https://a/{i}' for i in range(n))}}}")
        ),
        "postponements": lambda n: one(
            postponements=flow(
                '{date: "2024-02-01", reason: а, to: {text: б, quarters: [4]}}'
                for _ in range(n // 10)
            )
        ),
        "actions": lambda n: one(actions=flow(f"Действие {i}" for i in range(n))),
        "measures": lambda n: valid(n // 20),
        # ---- values of several shapes
        "wrong people": lambda n: one(responsible=flow(["{nam: А}"] * n)),
        "wrong budgets": lambda n: one(budget=flow(["{pla: 1}"] * n)),
        "wrong values of extra fields": lambda n: (
            one(extra="") + lines(n, lambda i: f"      e{i}: [1]")
        ),
    }
)


def _records(count: int) -> list[str]:
    return [f'{{quarter: {i % 4 + 1}, date: "2024-02-01", result: а{i}}}' for i in range(count)]


def _files(count: int) -> list[str]:
    return [f'{{path: evidence/{i % 99}, size: {i}, sha256: "{"a" * 64}"}}' for i in range(count)]


# ------------------------------------------------------------------------------------- patterns

PUMPS: Final = ("1", "a", " ", "-", "1.", "1-", "I", "квартал ", "2024-", "с", "1 по ", "https://")
"""What a pattern may try again and again to match, before the end that does not."""


def patterns() -> list[str]:
    """Return every pattern of the schema, each once."""
    found: dict[str, None] = {}

    def visit(part: Any) -> None:  # noqa: ANN401 - any part of a JSON document
        if isinstance(part, dict):
            if isinstance(part.get("pattern"), str):
                found[part["pattern"]] = None
            for below in part.values():
                visit(below)
        elif isinstance(part, list):
            for below in part:
                visit(below)

    visit(plan_schema())
    return list(found)


def _invalid_utf8(count: int) -> bytes:
    return (one() + "# слово\n" * count).encode() + b"\xff"


def _nul(count: int) -> bytes:
    return b"\0" * count


def _as_json(count: int) -> bytes:
    rows = [{"id": f"1.1.{i}", "x": "\ud800"} for i in range(count // 5)]
    return json.dumps({"year": 2024, "measures": rows}).encode()


SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {name: (lambda count, text=text: text(count).encode()) for name, text in TEXTS.items()}
    | {
        f"pumped {pump.strip() or 'space'}": (
            lambda count, pump=pump: one(
                id=json.dumps(pump * count + "!", ensure_ascii=False),
                term=f"{{text: {json.dumps(pump * count, ensure_ascii=False)}}}",
                notes=json.dumps(pump * count, ensure_ascii=False),
            ).encode()
        )
        for pump in PUMPS
    }
    | {"not UTF-8 at the end": _invalid_utf8, "NUL": _nul, "JSON with half pairs": _as_json}
)
