"""The guarded loader: what it reads, what it refuses, and at which line and column."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kvartal.history.yaml_text import loader
from kvartal.history.yaml_text.loader import MAX_PROBLEMS, UnreadablePlan, load, read
from kvartal.history.yaml_text.source import Source
from kvartal.schema.problems import Problem

ROOT = Path(__file__).resolve().parents[2]
PLAN = (ROOT / "plan" / "2024.yaml").read_bytes()


def problems(text: str | bytes) -> tuple[Problem, ...]:
    """Return the problems that the loader reports."""
    with pytest.raises(UnreadablePlan) as caught:
        load(text if isinstance(text, bytes) else text.encode(), "план.yaml")
    for problem in caught.value.problems:
        assert problem.file == "план.yaml"
        assert problem.message()
    return caught.value.problems


def positions(text: str | bytes) -> list[tuple[str, int | None, int | None]]:
    """Return code, line and column of each problem."""
    return [(problem.code, problem.line, problem.column) for problem in problems(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"a: 1\nb: \xff\n", ("not-utf8", 2, 4)),
        ("a: 1".encode("utf-16"), ("not-utf8", 1, 1)),
        ("", ("yaml-empty", 1, 1)),
        ("# только примечание\n", ("yaml-empty", 1, 1)),
        ("---\n", ("yaml-empty", 1, 1)),
        ("~\n", ("yaml-empty", 1, 1)),
        ("просто текст\n", ("yaml-syntax", 1, 1)),
        ("a:1\n", ("yaml-syntax", 1, 1)),
        ("\n- a\n", ("schema-type", 2, 1)),
        ("a: 1\nb: 2\na: 3\n", ("yaml-duplicate-key", 3, 1)),
        ("a: 1\nb: {c: 1, 'c': 2}\n", ("yaml-duplicate-key", 2, 11)),
        ("a: &x 1\n", ("yaml-anchor", 1, 4)),
        ("a: 1\n<<: {b: 2}\n", ("yaml-anchor", 2, 1)),
        ("a: !!str 1\n", ("yaml-tag", 1, 4)),
        ("a: !!python/object/apply:os.system [x]\n", ("yaml-tag", 1, 4)),
        ("a: ! 1\n", ("yaml-tag", 1, 4)),
        ("a: 1\n---\nb: 2\n", ("yaml-several-documents", 2, 1)),
        ("%YAML 1.1\n---\na: 1\n", ("yaml-syntax", 1, 1)),
        ("%TAG ! tag:x\n---\na: 1\n", ("yaml-syntax", 1, 1)),
        ("%FOO\n---\na: 1\n", ("yaml-syntax", 1, 5)),
        ("a: \x07\n", ("yaml-control-character", 1, 4)),
        ("a: 1\nb: x\x85y\n", ("yaml-control-character", 2, 5)),
        ("a: 'x\u2028y'\n", ("yaml-control-character", 1, 6)),
        ("a: 'x\ry'\n", ("yaml-control-character", 1, 6)),
        ("\ufeffa: \ufeffb\n", ("yaml-control-character", 1, 4)),
        ("a: 2024-09-27\n", ("yaml-ambiguous", 1, 4)),
        ("a: [да, no]\n", ("yaml-ambiguous", 1, 9)),
        ("yes: 1\n", ("yaml-ambiguous", 1, 1)),
        ("1: a\n", ("yaml-ambiguous", 1, 1)),
        ("true: a\n", ("yaml-ambiguous", 1, 1)),
        ("[a]: 1\n", ("yaml-syntax", 1, 1)),
        ("? a\n: 1\n", ("yaml-syntax", 1, 3)),
        ("a: {b, c: 1}\n", ("yaml-syntax", 1, 5)),
        ("a: {? b : 1}\n", ("yaml-syntax", 1, 7)),
        ("a: x\ty\n", ("yaml-syntax", 1, 5)),
    ],
)
def test_what_a_plan_has_no_use_for_is_refused(
    text: str | bytes, expected: tuple[str, int, int]
) -> None:
    assert positions(text) == [expected]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: 1\n", 2, 1, "табуляции"),
        ("a: 1\nb\nc: 2\n", 2, 1, "нет двоеточия"),
        ('a: "1\nb: 2\n', 1, 4, "не закрыта"),
        ("a: '1\n", 1, 4, "не закрыта"),
        ("a: срок: год\n", 1, 8, "Возьмите текст в кавычки"),
        ("a: 1\n  b: 2\n", 2, 4, "лишний отступ"),
        ("a: [1, 2\nb: 1\n", 2, 2, "скобка открыта"),
        ("a: {b: 1\n", 2, 1, "скобка открыта"),
        ('a: "C:\\docs"\n', 1, 7, "Удвойте"),
        ('a: "\\ud800"\n', 1, 7, "особую последовательность"),
        ('a: "\\xZZ"\n', 1, 7, "особую последовательность"),
        ("a: @x\n", 1, 4, "знака «@»"),
        ("a: %x\n", 1, 4, "знака «%»"),
        ("a: `x`\n", 1, 4, "знака «`»"),
        ("a: - b\n", 1, 4, "стоят один под другим"),
        ("- a\nb: 1\n", 2, 1, "стоят один под другим"),
        ("a:\n  b: 1\n c: 2\n", 3, 2, "не на своём месте"),
        ('a: "b" c\n', 1, 8, "не на своём месте"),
        ("a: }\n", 1, 4, "возьмите текст в кавычки"),
        ("a: |x\n  b\n", 1, 5, "нарушено"),
    ],
)
def test_a_syntax_error_is_explained_with_what_to_do(
    text: str, line: int, column: int, words: str
) -> None:
    (problem,) = problems(text)
    assert (problem.code, problem.line, problem.column) == ("yaml-syntax", line, column)
    assert words in problem.message()
    assert not re.search("[a-z]{4}", problem.message().replace("YAML", ""))


def test_all_problems_are_reported_at_once() -> None:
    text = "a: 1\na: 2\nb: no\nc: &x !t y\nd: *x\nb: {e: 1, e: 2}\nf: [\n"
    assert positions(text) == [
        ("yaml-duplicate-key", 2, 1),
        ("yaml-ambiguous", 3, 4),
        ("yaml-anchor", 4, 4),
        ("yaml-tag", 4, 4),
        ("yaml-ambiguous", 4, 4),
        ("yaml-anchor", 5, 4),
        ("yaml-duplicate-key", 6, 1),
        ("yaml-duplicate-key", 6, 11),
        ("yaml-syntax", 8, 1),
    ]
    assert len(problems("a: [" + "no, " * 1000 + "]\n")) == MAX_PROBLEMS
    assert len(problems("a: " + "\x01" * 1000)) == MAX_PROBLEMS


def test_a_problem_has_its_path() -> None:
    text = "measures:\n  - id: x\n    term: {text: no}\n    id: z\n"
    assert [problem.path for problem in problems(text)] == [
        ("measures", 0, "term", "text"),
        ("measures", 0, "id"),
    ]


def test_the_sentence_names_file_line_and_reason_in_any_language() -> None:
    with pytest.raises(UnreadablePlan) as caught:
        load(b"a: 1\nb: no\n", "план.yaml")
    assert str(caught.value).startswith("Программа не прочитана. план.yaml, строка 2: «no»")
    words = {"Программа не прочитана. {file}, строка {line}: {reason}": "{file}/{line}: {reason}"}
    sentence = caught.value.message(lambda text: words.get(text, "ambiguous: {text}"))
    assert sentence == "план.yaml/2: ambiguous: no"
    assert caught.value.exit_code == 1


# ---------------------------------------------------------------------------------- hostile texts

BILLION = "\n".join(
    ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
)
MERGES = "\n".join(
    ["a0: &a0 {x: 1}", *(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
)
NESTED = "\n".join(" " * depth + "a:" for depth in range(1000))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "yaml-too-deep"),
        ("{a: " * 100_000, "yaml-too-deep"),
        ("- " * 100_000, "yaml-too-deep"),
        (NESTED, "yaml-too-deep"),
        ("? " * 100_000, "yaml-syntax"),
        (BILLION, "yaml-anchor"),
        (MERGES, "yaml-anchor"),
        ("&a " * 100_000, "yaml-anchor"),
        ("a: " + "9" * 1_000_000, "yaml-ambiguous"),
        ("a: 0." + "9" * 1_000_000, "yaml-ambiguous"),
        ("a: " + "1_" * 1_000_000, "yaml-ambiguous"),
        ("a: " + "0:" * 1_000_000 + "1", "yaml-ambiguous"),
        ("a: 1e999", "yaml-ambiguous"),
        ("a: " + "1" * 17, "yaml-ambiguous"),
    ],
)
def test_a_text_made_to_exhaust_the_parser_is_refused(text: str, code: str) -> None:
    assert problems(text)[0].code == code


def test_more_values_than_any_plan_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kvartal.history.yaml_text.treebuilder.MAX_NODES", 1000)
    assert positions("a: [" + "1, " * 2000 + "]") == [("file-too-large", 1, 3002)]


def test_escapes_are_read_and_kept_as_data() -> None:
    source = load(b'a: "\\e[31m\\0\\u2028\\x85\\r"\n', "p")
    assert source.data == {"a": "\x1b[31m\0\u2028\x85\r"}
    assert source.position(("a",)) == (1, 4)


def test_a_text_is_read_down_to_32_levels() -> None:
    assert load(b"a: " + b"[" * 31 + b"]" * 31, "p").text.count("[") == 31
    assert positions("a: " + "[" * 32 + "]" * 32) == [("yaml-too-deep", 1, 35)]


@settings(max_examples=300)
@given(st.data())
def test_mangled_files_are_read_or_refused_and_nothing_else(choice: st.DataObject) -> None:
    data = bytearray(PLAN[:3000] + PLAN[-3000:])
    for _ in range(choice.draw(st.integers(1, 4))):
        at = choice.draw(st.integers(0, len(data) - 1))
        new = choice.draw(st.sampled_from(b"\"'\\-:?[]{},#&*!|>%@`~ \t\n\r=<012:eE.\xd0\xef\x85"))
        kind = choice.draw(st.integers(0, 3))
        if kind == 0:
            data[at] = new
        elif kind == 1:
            data.insert(at, new)
        elif kind == 2:
            del data[at : at + choice.draw(st.integers(1, 30))]
        else:
            data[at:at] = data[at - 20 : at]
    try:
        source = load(bytes(data), "p")
    except UnreadablePlan as error:
        sentences = [str(error), *map(Problem.message, error.problems)]
        places = [(problem.line, problem.column) for problem in error.problems]
    else:
        assert source.encoded == bytes(data)
        return
    assert all(sentences)
    assert all(line and column for line, column in places)


@example("2024-02-30")
@example("? - &a [!x")
@given(st.text(st.sampled_from("ab1: -?,[]{}#&*!|>'\"%@`\n\t\\=<~.\u2028\x85é"), max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        assert load(text.encode(), "p").text == text
    except UnreadablePlan as refusal:
        assert refusal.problems  # noqa: PT017 - either is fine


# ------------------------------------------------------------------------------------------- files


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(PLAN)
    source = read(tmp_path / "p.yaml", "plan/2024.yaml")
    assert source.encoded == PLAN
    assert source.name == "plan/2024.yaml"


def test_a_file_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("нет.yaml", "", "pipe", "a\0b"):
        with pytest.raises(UnreadablePlan) as caught:
            read(tmp_path / name)
        assert caught.value.problems[0].code == "file-unreadable"
        assert name.replace("\0", "") in str(caught.value).replace("\0", "")


def test_a_file_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "p").open("wb") as file:
        file.truncate(loader.MAX_SIZE * 1000)
    with pytest.raises(UnreadablePlan) as caught:
        read(tmp_path / "p")
    (problem,) = caught.value.problems
    assert (problem.code, "больше 16 МБ" in problem.message()) == ("file-too-large", True)
    monkeypatch.setattr(loader, "MAX_SIZE", 4)
    assert load(b"a: 1", "p").data == {"a": 1}
    assert positions(b"a: 12") == [("file-too-large", 1, 1)]


# -------------------------------------------------------------------------------------- the source


@pytest.fixture(params=["\n", "\r\n"])
def source(request: pytest.FixtureRequest) -> Source:
    """Return a small plan, once in either line ending."""
    text = (
        "\ufeffyear: 2024 # год\n"
        "measures:\n"
        "  # первое\n"
        "  - id: '1'\n"
        "    result: >-\n"
        "      😀 а\n"
        "      б\n"
        "\n"
        '    term: {text: "x", quarters: [1,\n'
        "      2]}\n"
        "    budget:\n"
        "      # план\n"
        "      plan: 1\n"
        "    notes:\n"
        "  - id: '2'\n"
    )
    return load(text.replace("\n", request.param).encode(), "p")


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), (1, 1), (1, 1)),
        (("year",), (1, 7), (1, 1)),
        (("measures",), (4, 3), (2, 1)),
        (("measures", 0), (4, 5), (4, 5)),
        (("measures", 0, "id"), (4, 9), (4, 5)),
        (("measures", 0, "result"), (5, 13), (5, 5)),
        (("measures", 0, "term"), (9, 11), (9, 5)),
        (("measures", 0, "term", "quarters", 1), (10, 7), (10, 7)),
        (("measures", 0, "budget"), (13, 7), (11, 5)),
        (("measures", 0, "budget", "plan"), (13, 13), (13, 7)),
        (("measures", 0, "notes"), (14, 11), (14, 5)),
        # What is missing is missed where the first key of its mapping stands.
        (("measures", 0, "proposal"), (4, 5), (4, 5)),
        (("measures", 0, "budget", "fact"), (13, 7), (11, 5)),
        (("measures", 7, "id"), (4, 3), (2, 1)),
        (("document", "title"), (1, 1), (1, 1)),
        (("document", "year"), (1, 1), (1, 1)),
        (("year", "x"), (1, 7), (1, 1)),
    ],
)
def test_positions_are_found_by_path(
    source: Source, path: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]
) -> None:
    assert source.position(path) == value
    assert source.key_position(path) == key


def test_a_source_knows_its_text(source: Source) -> None:
    assert source.data["measures"] == [
        {
            "id": "1",
            "result": "😀 а б",
            "term": {"text": "x", "quarters": [1, 2]},
            "budget": {"plan": 1},
            "notes": None,
        },
        {"id": "2"},
    ]
    assert source.bom
    assert source.text.count(source.newline) == 15
    assert load(source.encoded, "p") == source


def test_the_line_break_is_that_of_most_lines() -> None:
    assert load(b"a: 1\r\nb: 2\nc: 3\r\n", "p").newline == "\r\n"
    assert load(b"a: 1\nb: 2\r\n", "p").newline == "\n"
    assert load(b"a: 1", "p").newline == "\n"


def test_a_text_that_comes_again_is_kept_once() -> None:
    """Rows by the hundred thousand have the same names of fields: most of what they weigh."""
    rows = load("rows:\n- {название: длинное}\n- {название: длинное}\n".encode(), "план.yaml").data[
        "rows"
    ]
    assert isinstance(rows, list)
    first, second = (next(iter(row.items())) for row in rows if isinstance(row, dict))
    assert first[0] is second[0]
    assert first[1] is second[1]
