"""Comments and layout of both sides where git cannot merge the text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.diff.matching import same
from kvartal.history.yaml_text.loader import load
from tests.history.test_merge_driver import changed_lines, merged, replaced

SECOND, THIRD, FOURTH = "  - id: 1.1.2\n", "  - id: 1.1.3\n", "  - id: 1.1.3-2\n"
RESULT = "    result: Обеспечена установка терминала электронной очереди\n"
NUMBER = '    channel: "1.1"\n    number: 1.1.2\n'


@pytest.fixture(scope="module")
def plan(root: Path) -> str:
    return (root / "plan" / "2024.yaml").read_text(encoding="utf-8")


def both(base: str, ours: str, theirs: str) -> str:
    """Return the merged text: the same from both sides, with no comment lost."""
    result, other = merged(base, ours, theirs), merged(base, theirs, ours)
    assert result.is_clean
    assert result.content == other.content
    return result.content.decode()


def cut(text: str, *starts: str) -> list[str]:
    places = [text.index(start) for start in starts]
    ends = [*places, len(text)]
    return [
        text[: places[0]],
        *(text[a:b] for a, b in zip(places, ends[1:], strict=True)),
    ]


def windows(text: str) -> str:
    return "\ufeff" + text.replace("\n", "\r\n")


def ending(text: str, end: str) -> str:
    """Return the plan with the last line of the second measure replaced."""
    return replaced(text, (f"{RESULT}\n{THIRD}", f"{end}\n{THIRD}"))


@pytest.mark.parametrize("moved", [str, windows])
def test_a_measure_moved_here_keeps_the_comments_written_there(
    plan: str, moved: Callable[[str], str]
) -> None:
    commented = ending(plan, f"{RESULT[:-1]}  # рядом\n    notes: Да\n")
    commented = replaced(
        commented, (SECOND, f"  # над\n{SECOND}"), (THIRD, f"  # над третьим\n{THIRD}")
    )
    edited = ending(plan, f"{RESULT}    responsible: Отдел\n")
    head, second, third, rest = cut(edited, SECOND, THIRD, FOURTH)
    text = both(plan, moved(head + third + second + rest), commented)
    assert (text == windows(text.replace("\r", "").lstrip("\ufeff"))) is (moved is windows)
    text = text.replace("\r", "").lstrip("\ufeff")
    found = [line for line in changed_lines(plan, text) if line.strip()]
    assert found == [
        "  # над третьим",
        "  # над",
        f"{RESULT[:-1]}  # рядом",
        "    responsible: Отдел",
        "    notes: Да",
    ]
    assert f"  # над третьим\n{THIRD}" in text
    assert f"  # над\n{SECOND}" in text
    assert text.index(THIRD) < text.index(SECOND)


def test_the_first_measure_takes_along_the_comment_above_it(plan: str) -> None:
    name = "  - id: 1.1.1\n"
    head, first, second, rest = cut(plan, name, SECOND, THIRD)
    text = both(plan, head + second + first + rest, replaced(plan, (name, f"  # над\n{name}")))
    assert text == f"{head}{second}  # над\n{first}{rest}"


def test_the_last_measure_moves_in_a_file_without_a_final_line_break(plan: str) -> None:
    base = plan.removesuffix("\n")
    head, before, last = cut(base, "  - id: 3.4.1\n", "  - id: 3.4.1-2\n")
    moved = f"{head}{last}\n\n{before.rstrip()}"
    assert both(base, moved, f"{base}\n    # в конце") == f"{moved}\n    # в конце"


def test_comments_stay_when_the_other_side_changes_how_all_lines_end(plan: str) -> None:
    commented = ending(plan, f"{RESULT[:-1]}  # рядом\n")
    assert both(plan, windows(plan), commented) == windows(commented)


def test_a_renumbered_measure_keeps_its_lines(plan: str) -> None:
    def side(proposal: str, comment: str) -> str:
        new = cut(plan, SECOND, THIRD)[1].replace("1.1.2", "1.1.9")
        new = new.replace("proposal: ", f"proposal: {proposal} ")
        new = new.replace("actions:\n", f"actions:  # {comment}\n").replace("Установка", proposal)
        return replaced(plan, (THIRD, new + THIRD))

    text = both(plan, side("Пандус", "один"), side("Кофе", "другой"))
    assert "  - id: 1.1.9\n" in text
    assert "  - id: 1.1.9-2\n" in text
    assert [text.count(sign) for sign in ("# один", "# другой")] == [1, 1]


def test_of_lines_rewritten_by_both_one_version_stays_and_no_comment_is_lost(plan: str) -> None:
    swapped = "".join(reversed(NUMBER.splitlines(keepends=True)))
    signed = NUMBER.replace("1.1.2\n", "1.1.2  # их # знак\n")
    ours = replaced(plan, (SECOND + NUMBER, SECOND + swapped), ("year: 2024\n", "year: 2024 # А\n"))
    theirs = ending(plan, f"{RESULT[:-1]}  # рядом\n")
    theirs = replaced(
        theirs, (SECOND + NUMBER, SECOND + signed), ("year: 2024\n", '"year": 2024  # Б\n')
    )
    text = both(plan, ours, theirs)
    assert same(load(text.encode(), "").data, load(plan.encode(), "").data)
    for sign in ("# А\n", "# Б\n", "# их # знак\n", "  # рядом\n"):
        assert text.count(sign) == 1


@pytest.mark.parametrize("moved", [str, windows])
def test_the_comment_of_a_line_that_goes_stands_above_the_other_as_it_is_indented(
    plan: str, moved: Callable[[str], str]
) -> None:
    base = moved(plan)
    ours, theirs = (moved(ending(plan, f"{RESULT[:-1]}  # {one}\n")) for one in ("наш", "рядом"))
    added = f"    # рядом\n{RESULT[:-1]}  # наш\n"
    assert both(base, ours, theirs) == moved(ending(plan, added))


def test_what_looks_like_a_comment_within_a_text_is_none(plan: str) -> None:
    block = f"{RESULT}    notes: |\n      Да\n      # нет\n"
    base, ours = ending(plan, block), ending(plan, block.replace("Да", "Да, да"))
    theirs = ending(plan, block.replace(RESULT, f"{RESULT}    responsible: Отдел\n"))
    theirs = replaced(theirs, (SECOND + NUMBER, f"{SECOND}    # их\n{NUMBER}"))
    assert changed_lines(base, both(base, ours, theirs)) == [
        "    # их",
        "    responsible: Отдел",
        "      Да, да",
    ]


def test_what_both_wrote_in_one_place_is_there_once(plan: str) -> None:
    ours = replaced(plan, (SECOND, f"  # один\n  # наш\n{SECOND}"))
    theirs = replaced(plan, (SECOND, f"  # один\n  # их\n{SECOND}"))
    text = both(plan, ours, theirs)
    assert sorted(changed_lines(plan, text)) == ["  # их", "  # наш", "  # один"]
    assert text.index("# один") < text.index("# их") < text.index(SECOND)


@pytest.mark.parametrize("by_both", [True, False])
@pytest.mark.parametrize("is_above", [True, False])
def test_a_line_that_was_added_beside_one_that_a_side_rewrote_is_there_once(
    plan: str, *, is_above: bool, by_both: bool
) -> None:
    def beside(line: str) -> str:
        return f"    # новое\n{line}" if is_above else f"{line}    # новое\n"

    rewritten = RESULT.replace("Обеспечена", "Завершена")
    ours = ending(plan, beside(rewritten) if by_both else rewritten)
    ours = replaced(ours, (SECOND, f"  # наш\n{SECOND}"))
    theirs = replaced(ending(plan, beside(RESULT)), (SECOND, f"  # их\n{SECOND}"))
    text = both(plan, ours, theirs)
    assert text.count("# новое") == 1
    assert beside(rewritten) in text


@pytest.mark.parametrize("is_above", [True, False])
def test_a_line_that_one_side_added_elsewhere_is_there_though_the_other_has_such_a_line(
    plan: str, *, is_above: bool
) -> None:
    rewritten = RESULT.replace("Обеспечена", "Завершена")
    rewritten = f"    # новое\n{rewritten}" if is_above else f"{rewritten}    # новое\n"
    ours = replaced(ending(plan, rewritten), (SECOND, f"  # наш\n{SECOND}"))
    theirs = replaced(plan, (SECOND, f"  # их\n{SECOND}    # новое\n"))
    text = both(plan, ours, theirs)
    assert rewritten in text
    assert text.count("# новое") == 2


def test_a_line_that_ends_otherwise_than_the_others_stays_so(plan: str) -> None:
    mixed = replaced(plan, ("year: 2024\n", "year: 2024\r\n"))
    text = both(
        mixed,
        ending(mixed, f"{RESULT}    responsible: Отдел\n"),
        ending(mixed, f"{RESULT}    notes: Да\n"),
    )
    assert text.count("\r") == 1
    assert "year: 2024\r\n" in text
