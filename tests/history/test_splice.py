"""The splice, case by case, with the exact text that must come out."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from kvartal.history.yaml_text.emit import UnwritableValue
from kvartal.history.yaml_text.loader import load, read
from kvartal.history.yaml_text.splice import PlanWouldBeTooLarge, SpliceFailed, splice, splice_to
from kvartal.schema.changes import (
    MISSING,
    Edit,
    Missing,
    Plain,
    PlanData,
    StaleChange,
    UnknownMeasure,
)
from kvartal.schema.plan_data import rows_of
from kvartal.schema.problems import DataPath

ROOT = Path(__file__).resolve().parents[2]

HEAD = "year: 2024\nmeasures:\n"
TAIL = "    notes: конец # последнее поле\n# конец файла\n"


@dataclass(frozen=True)
class Case:
    """One of ``splices/*.txt``: a title, an edit of measure «1», the text before and after."""

    title: str
    edit: Edit
    before: str
    after: str


def cases() -> list[Case]:
    """Return the cases of all files: `== title`, `+ path new`, `- path old`, `= path old new`."""
    found = []
    for file in sorted(Path(__file__).with_name("splices").glob("*.txt")):
        for text in file.read_text(encoding="utf-8")[3:-1].split("\n== "):
            title, line, body = text.split("\n", 2)
            sign, dotted, values = line.split(" ", 2)
            path = tuple(int(part) if part.isdigit() else part for part in dotted.split("."))
            first, end = json.JSONDecoder().raw_decode(values)
            second = json.loads(values[end:]) if sign == "=" else None
            old, new = {"+": (MISSING, first), "-": (first, MISSING), "=": (first, second)}[sign]
            before, after = body.split("\n----\n")
            edit = Edit("1", path, old, new)
            found.append(Case(f"{file.stem}: {title}", edit, before + "\n", after + "\n"))
    return found


def spliced(
    body: str, path: DataPath, old: Plain | Missing, new: Plain | Missing, tail: str = TAIL
) -> str:
    """Return the body of measure «1» after an edit; what stands around it must be the same."""
    result = splice(load((HEAD + body + tail).encode(), "p"), [Edit("1", path, old, new)]).text
    assert result.startswith(HEAD)
    assert result.endswith(tail)
    return result[len(HEAD) : len(result) - len(tail)]


@pytest.mark.parametrize(
    ("written", "old", "new", "after"),
    [
        ("а # почему", "а", "б", "б # почему"),
        ("а", "а", "no", '"no"'),
        ('"no"', "no", "а", "а"),
        ('"а"', "а", "б", '"б"'),
        ("'а' # почему", "а", "д'Артаньян", "'д''Артаньян' # почему"),
        ("'а'", "а", "таб\tтаб", '"таб\\tтаб"'),
        ('"а" # почему', "а", 'тот "самый" \\d', '"тот \\"самый\\" \\\\d" # почему'),
        ("а", "а", 'тот "самый" \\d', 'тот "самый" \\d'),
        ("а", "а", "2024-09-27", '"2024-09-27"'),
        ("а", "а", "2024-09", "2024-09"),
        ("а", "а", "12:30", '"12:30"'),
        ("а", "а", "1.10", '"1.10"'),
        ("а", "а", "1.1.10", "1.1.10"),
        ("а", "а", "", '""'),
        ("а", "а", "срок: год", '"срок: год"'),
        ("а", "а", "а #1", '"а #1"'),
        ("а", "а", "\x1b]0;x\x07", '"\\x1B]0;x\\x07"'),
        ("а", "а", "a\u2028b\x85c\rd\u2029e", '"a\\u2028b\\x85c\\rd\\u2029e"'),
        ("а", "а", "\ufeffа\u200b\u202e", '"\\uFEFFа\\u200B\\u202E"'),
        ("а", "а", "😀\U000e0001", '"😀\\U000E0001"'),
        ("а", "а", "неразрывный\u00a0пробел", "неразрывный\u00a0пробел"),
        ("12", 12, 13, "13"),
        ("12 # почему", 12, "12", '"12" # почему'),
        ("12", 12, 95.5, "95.5"),
        ("12", 12, 1e16, "1.0e+16"),
        ("12", 12, True, "true"),
        ("true", True, 1, "1"),
        ("а\n      и продолжение # почему", "а и продолжение", "б", "б # почему"),
        ('"а\n\n      б"', "а\nб", "б", '"б"'),
        ('"а\\\n      б"', "аб", "б", '"б"'),
        ("\n      а # почему", "а", "б", "\n      б # почему"),
        ("|-  # почему\n      а\n      б", "а\nб", "в", "в  # почему"),
        ("|-\n      а\n\n\n      б\n\n", "а\n\n\nб", "в", "в\n\n"),
        ("|+\n      а\n\n\n", "а\n\n\n\n", "в", "в"),
        (">-\n      а\n      б", "а б", "а в", "а в"),
        ("|2-\n       а", " а", "а", "а"),
        ("а # почему", "а", "в\nг", "|- # почему\n      в\n      г"),
        ("а # почему", "а", "в\n\nг\n", "| # почему\n      в\n\n      г"),
        (">-\n      а\n      б", "а б", "в\nг", "|-\n      в\n      г"),
        ("|\n     а", "а\n", "в\nг", "|-\n      в\n      г"),
        ("а", "а", "\nб", "|-\n\n      б"),
        ("а", "а", "б\n# в\n- г: д", "|-\n      б\n      # в\n      - г: д"),
        ("а", "а", " б\nв", '" б\\nв"'),
        ("а", "а", "б \nв", '"б \\nв"'),
        ("а", "а", "б\n\n", '"б\\n\\n"'),
        ("а", "а", "\n", '"\\n"'),
        ("а", "а", "б\tв\nг", '"б\\tв\\nг"'),
    ],
)
def test_a_single_value_is_replaced_where_it_stands(
    written: str, old: Plain, new: Plain, after: str
) -> None:
    body = "  - id: '1'\n    result: {}\n"
    assert spliced(body.format(written), ("result",), old, new) == body.format(after)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_a_change_gives_exactly_this_text(case: Case) -> None:
    source = load((HEAD + case.before).encode(), "p")
    result = splice(source, [case.edit])
    assert result.text == HEAD + case.after
    if case.edit.old is MISSING:
        assert splice(result, [case.edit.inverse()]).text == source.text


OWN_COMMENTS = "  - id: a # а\n    # что\n    actions: [1, 2] # как\n    result: {}\n      # к а\n"
MEASURES = (
    "year: 2024\nmeasures:\n  # раздел 1\n  - id: a\n    result: x\n\n"
    "  # раздел 2\n  - id: b # два\n    result: w\n\n  - id: c\n    result: z\n"
)


@pytest.mark.parametrize("position", [0, 1, 2, 3])
def test_a_measure_is_added_and_removed_with_its_blank_line(position: int) -> None:
    source = load(MEASURES.encode(), "p")
    new = Edit("k", (), MISSING, {"result": "новое", "id": "k"}, position)
    result = splice(source, [new])
    lines = MEASURES.splitlines(keepends=True)
    own = ["  - id: k\n", "    result: новое\n"]
    at = {0: 3, 1: 5, 2: 9, 3: 12}[position]
    added = [*own, "\n"] if position == 0 else ["\n", *own]
    assert result.text == "".join([*lines[:at], *added, *lines[at:]])
    assert splice(result, [new.inverse()]).text == MEASURES


@pytest.mark.parametrize(
    ("own", "gap"),
    [
        ("  - {{id: a, result: {}}} # кто\n", ""),
        (OWN_COMMENTS, ""),
        (OWN_COMMENTS, "\n"),
        (OWN_COMMENTS.replace("\n", "\r\n"), "\r\n"),
    ],
)
def test_a_measure_that_moves_and_changes_keeps_its_text(own: str, gap: str) -> None:
    newline = "\r\n" if gap == "\r\n" else "\n"
    head, other = f"year: 2024{newline}measures:{newline}", f"  - id: b{newline}"
    source = load((head + own.format("x") + gap + other).encode(), "p")
    first, second = rows_of(source.data)
    after: PlanData = {**source.data, "measures": [dict(second), {**first, "result": "w"}]}
    result = splice_to(source, after)
    assert result.text == head + other + gap + own.format("w")
    assert splice_to(result, source.data).text == source.text


def test_a_block_of_lines_that_comes_last_gets_the_line_break_that_it_means() -> None:
    block, other = "- id: a\n  result: |\n    x\n", "- id: b # два"
    source = load(f"measures:\n{block}{other}".encode(), "p")
    first, second = rows_of(source.data)
    moved: PlanData = {**source.data, "measures": [dict(second), dict(first)]}
    assert splice_to(source, moved).text == f"measures:\n{other}\n{block}"
    alone: PlanData = {**source.data, "measures": [dict(first)]}
    assert splice_to(source, alone).text == f"measures:\n{block}"


def test_reordered_measures_keep_their_texts() -> None:
    source = load(MEASURES.encode(), "p")
    rows = source.data["measures"]
    assert isinstance(rows, list)
    result = splice_to(source, {**source.data, "measures": [rows[2], rows[0], rows[1]]})
    assert result.text == (
        "year: 2024\nmeasures:\n  # раздел 1\n  - id: c\n    result: z\n\n"
        "  - id: a\n    result: x\n\n"
        "  # раздел 2\n  - id: b # два\n    result: w\n"
    )


def test_the_last_measure_leaves_an_empty_list_that_can_be_filled_again() -> None:
    source = load(b"year: 2024\nmeasures:\n  - id: a\nnotes: x\n", "p")
    removal = Edit("a", (), {"id": "a"}, MISSING, 0)
    result = splice(source, [removal])
    assert result.text == "year: 2024\nmeasures: []\nnotes: x\n"
    assert splice(result, [removal.inverse()]).text == source.text


def test_a_second_measure_is_separated_from_the_first_by_a_blank_line() -> None:
    source = load(b"measures:\n- id: a\n", "p")
    result = splice(source, [Edit("b", (), MISSING, {"id": "b"})])
    assert result.text == "measures:\n- id: a\n\n- id: b\n"


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("a:\nb: 1\n", "a: x\nb: 1\n"),
        ("a: # c\nb: 1\n", "a: x # c\nb: 1\n"),
        ("{a: , b: 1}\n", "{a: x, b: 1}\n"),
        ("a: ~\nb: 1\n", "a: x\nb: 1\n"),
    ],
)
def test_a_value_left_empty_is_filled_in(written: str, after: str) -> None:
    assert splice_to(load(written.encode(), "p"), {"a": "x", "b": 1}).text == after


def test_items_left_empty_are_filled_in() -> None:
    source = load(b"a:\n-\n- # c\n-   \n", "p")
    assert splice_to(source, {"a": [1, "x", {"b": 2}]}).text == "a:\n- 1\n- x # c\n- b: 2   \n"


def test_several_edits_are_one_splice() -> None:
    source = load(MEASURES.encode(), "p")
    edits = [
        Edit("c", (), {"id": "c", "result": "z"}, MISSING, 2),
        Edit("b", ("result",), "w", "yy"),
        Edit("k", (), MISSING, {"id": "k"}, 0),
        Edit("k", ("notes",), MISSING, "м"),
        Edit("b", ("result",), "yy", "yyy"),
        Edit("b", ("proposal",), MISSING, "п"),
    ]
    assert splice(source, edits).text == (
        "year: 2024\nmeasures:\n  # раздел 1\n  - id: k\n    notes: м\n\n"
        "  - id: a\n    result: x\n\n"
        "  # раздел 2\n  - id: b # два\n    proposal: п\n    result: yyy\n"
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("closing", ["", "\n"])
def test_line_breaks_and_byte_order_mark_stay(newline: str, mark: str, closing: str) -> None:
    text = f"{mark}year: 2024\nmeasures:\n- id: a\n  result: x{closing}".replace("\n", newline)
    source = load(text.encode(), "p")
    edit = Edit("a", ("notes",), MISSING, "а\nб")
    result = splice(source, [edit])
    added = "\n  notes: |-\n    а\n    б".replace("\n", newline)
    assert result.encoded.decode() == text.removesuffix(newline) + added + closing.replace(
        "\n", newline
    )
    assert splice(result, [edit.inverse()]).encoded == source.encoded


@pytest.mark.parametrize(("header", "value"), [("|", "x"), ("|-", "x"), (">", "x"), ("|+", "x")])
def test_a_block_at_the_very_end_keeps_its_meaning_when_lines_follow(
    header: str, value: str
) -> None:
    source = load(f"year: 2024\nmeasures:\n- id: a\n  result: {header}\n    x".encode(), "p")
    result = splice(source, [Edit("a", ("notes",), MISSING, "м")])
    assert result.data["measures"] == [{"id": "a", "result": value, "notes": "м"}]
    assert result.text.endswith("-\n    x\n  notes: м")


def test_setting_what_is_there_gives_the_very_same_text() -> None:
    source = load(MEASURES.encode(), "p")
    assert splice(source, [Edit("a", ("result",), "x", "x")]) is source
    assert splice(source, []) is source


def test_one_and_true_are_not_the_same() -> None:
    source = load(b"measures:\n- id: a\n  x: 1\n", "p")
    assert splice(source, [Edit("a", ("x",), 1, 1.0)]) is source
    assert splice(source, [Edit("a", ("x",), 1, True)]).text.endswith("x: true\n")


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf"), 2**53 + 1, {"\udfff": 1}])
def test_what_yaml_has_no_form_for_is_refused(value: Plain) -> None:
    source = load(MEASURES.encode(), "p")
    with pytest.raises(UnwritableValue, match="Введите другое"):
        splice(source, [Edit("a", ("notes",), MISSING, value)])


def test_an_edit_that_does_not_fit_is_refused() -> None:
    source = load(MEASURES.encode(), "p")
    with pytest.raises(StaleChange):
        splice(source, [Edit("a", ("result",), "другое", "x")])
    with pytest.raises(UnknownMeasure):
        splice(source, [Edit("нет", ("result",), "x", "y")])


def test_a_text_that_would_mean_something_else_is_never_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = load(MEASURES.encode(), "p.yaml")
    monkeypatch.setattr("kvartal.history.yaml_text.splice.rewrite", lambda *_: True)
    with pytest.raises(SpliceFailed, match=r"p\.yaml"):
        splice(source, [Edit("a", ("result",), "x", "y")])


def test_a_plan_that_nobody_could_read_again_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = load(MEASURES.encode(), "p.yaml")
    monkeypatch.setattr("kvartal.history.yaml_text.splice.MAX_SIZE", len(MEASURES))
    with pytest.raises(PlanWouldBeTooLarge, match=r"p\.yaml"):
        splice(source, [Edit("a", ("notes",), MISSING, "x" * 100)])


def test_nothing_in_common_is_refused() -> None:
    with pytest.raises(SpliceFailed):
        splice_to(load(b"a: 1\n", "p"), {"b": 1})


# ------------------------------------------------------------------------------- the real programme


def changed_lines(old: str, new: str) -> tuple[int, int]:
    """Return how many lines went and came, in one place."""
    one, other = old.split("\n"), new.split("\n")
    while one and other and one[0] == other[0]:
        del one[0], other[0]
    while one and other and one[-1] == other[-1]:
        del one[-1], other[-1]
    return len(one), len(other)


PLAN = ROOT / "plan" / "2024.yaml"
REAL_RECORD: Plain = {
    "quarter": 3,
    "date": "2024-09-27",
    "complete": True,
    "evidence": {
        "documents": [{"title": "Акт ввода", "number": "12", "date": "2024-09-27"}],
        "files": [{"path": "evidence/2024/1.1.2/Акт.pdf", "size": 4096, "sha256": "0" * 64}],
    },
}


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (("number", "1.1.2", "1.1.20"), (1, 1)),
        (("responsible", MISSING, "Отдел ОК"), (0, 1)),
        (("budget", MISSING, {"plan": 100000}), (0, 2)),
        (("records", MISSING, [REAL_RECORD]), (0, 13)),
        (("cancelled", MISSING, {"date": "2024-06-01", "reason": "Нет средств"}), (0, 3)),
    ],
)
def test_a_change_of_the_programme_is_as_small_as_it_can_be(
    edit: tuple[str, Plain | Missing, Plain | Missing], lines: tuple[int, int]
) -> None:
    source = read(PLAN)
    field, old, new = edit
    change = Edit("1.1.2", (field,), old, new)
    result = splice(source, [change])
    assert changed_lines(source.text, result.text) == lines
    assert splice(result, [change.inverse()]).encoded == PLAN.read_bytes()


def test_every_measure_of_the_programme_can_be_removed_and_restored() -> None:
    source = read(PLAN)
    rows = source.data["measures"]
    assert isinstance(rows, list)
    for place, row in enumerate(rows):
        assert isinstance(row, dict)
        removal = Edit(str(row["id"]), (), row, MISSING, place)
        assert splice(splice(source, [removal]), [removal.inverse()]).encoded == source.encoded


def test_every_text_of_the_programme_changes_in_its_own_lines() -> None:
    source = read(PLAN)
    rows = source.data["measures"]
    assert isinstance(rows, list)
    for row in rows:
        assert isinstance(row, dict)
        for field in ("proposal", "result"):
            change = Edit(str(row["id"]), (field,), row[field], "Иное")
            result = splice(source, [change])
            assert changed_lines(source.text, result.text) == (1, 1)
            assert splice(result, [change.inverse()]).encoded == source.encoded
