"""The merge of files: the comments and layout of both sides, markers around conflicts."""

from codecs import BOM_UTF8
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvartal.history.diff.matching import same
from kvartal.history.merge.driver import (
    MergedText,
    MergeInput,
    merge_ancestors,
    merge_files,
    text_merge,
)
from kvartal.history.merge.markers import MarkerLabels, marked_versions
from kvartal.history.merge.matching import canonical
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.merge.text_layout import LineEnds, merged_ends
from kvartal.history.yaml_text.emit import UnwritableValue
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.splice import splice, splice_to
from kvartal.schema.changes import Plain, PlanData, StaleChange
from kvartal.schema.structure import PartKind, part_numbered, set_part
from kvartal.schema.validation import validate
from tests.history.strategies import edits, plans, written
from tests.history.two_sides import two_lists

FEWER: Final = settings(max_examples=settings().max_examples // 4)
LABELS: Final = MarkerLabels("наша", "было", "их")
ALONE = "    result: Обеспечена установка терминала электронной очереди\n\n  - id: 1.1.3\n"
RESULT = ALONE.splitlines(keepends=True)[0]
NEXT = "".join(ALONE.splitlines(keepends=True)[1:])


@pytest.fixture(scope="module")
def plan(root: Path) -> str:
    return (root / "plan" / "2024.yaml").read_text(encoding="utf-8")


def three(base: str, ours: str, theirs: str, size: int = 7) -> MergeInput:
    return MergeInput(base.encode(), ours.encode(), theirs.encode(), "plan/2024.yaml", LABELS, size)


def merged(base: str, ours: str, theirs: str, size: int = 7) -> MergedText:
    files = three(base, ours, theirs, size)
    return merge_files(files, text_merge(files))


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def changed_lines(before: str, after: str) -> list[str]:
    """Return the lines of one text that the other lacks, each as often."""
    rest = before.splitlines()
    found = []
    for line in after.splitlines():
        if line in rest:
            rest.remove(line)
        else:
            found.append(line)
    return found


# ------------------------------------------------------------------------------------------- clean


def test_neighbouring_fields_and_two_records_merge_where_git_alone_conflicts(plan: str) -> None:
    def side(field: str, day: str) -> str:
        record = f'    records:\n      - quarter: 3\n        date: "2024-09-{day}"\n'
        return replaced(plan, (ALONE, f"{RESULT}    {field}\n{record}{NEXT}"))

    ours, theirs = side("responsible: Отдел ОК", "26"), side("notes: Проверить", "27")
    files = three(plan, ours, theirs)
    by_git = text_merge(files)
    assert by_git is not None
    assert not by_git.is_clean
    result = merge_files(files, by_git)
    assert result.is_clean
    assert changed_lines(plan, result.content.decode()) == [
        "    responsible: Отдел ОК",
        "    notes: Проверить",
        "    records:",
        "      - quarter: 3",
        '        date: "2024-09-26"',
        "      - quarter: 3",
        '        date: "2024-09-27"',
    ]


def test_comments_of_both_sides_stay_where_git_merges_the_text(plan: str) -> None:
    ours = replaced(plan, (ALONE, f"{RESULT}    # наше\n    notes: Да\n{NEXT}"))
    theirs = replaced(
        plan, ("year: 2024\n", "year: 2024  # их\n"), ("  - id: 1.2.1\n", "  # их\n  - id: 1.2.1\n")
    )
    result = merged(plan, ours, theirs)
    assert result.is_clean
    assert changed_lines(plan, result.content.decode()) == [
        "year: 2024  # их",
        "    # наше",
        "    notes: Да",
        "  # их",
    ]


def test_comments_of_both_sides_stay_where_git_alone_conflicts(plan: str) -> None:
    ours = replaced(plan, (ALONE, f"{RESULT}    responsible: Отдел  # наш\n{NEXT}"))
    theirs = replaced(
        plan,
        (ALONE, f"{RESULT}    notes: 'Да'  # их\n{NEXT}"),
        ("  - id: 1.2.1\n", "  # и тут их\n  - id: 1.2.1\n"),
    )
    result = merged(plan, ours, theirs)
    assert result.is_clean
    assert changed_lines(plan, result.content.decode()) == [
        "    responsible: Отдел  # наш",
        "    notes: 'Да'  # их",
        "  # и тут их",
    ]


def test_line_breaks_and_byte_order_mark_of_ours_stay(plan: str) -> None:
    def windows(text: str) -> str:
        return "\ufeff" + text.replace("\n", "\r\n")

    ours = replaced(plan, (ALONE, f"{RESULT}    responsible: Отдел\n{NEXT}"))
    theirs = replaced(plan, (ALONE, f"{RESULT}    notes: Да\n{NEXT}"))
    both = replaced(plan, (ALONE, f"{RESULT}    responsible: Отдел\n    notes: Да\n{NEXT}"))
    result = merged(windows(plan), windows(ours), windows(theirs))
    assert result.is_clean
    assert result.content.decode() == windows(both)


def test_a_side_that_changed_line_breaks_only_does_not_conflict(plan: str) -> None:
    ours = replaced(plan, (ALONE, f"{RESULT}    notes: Да\n{NEXT}"))
    result = merged(plan, ours, plan.replace("\n", "\r\n"))
    assert result.is_clean
    assert same(load(result.content, "").data, load(ours.encode(), "").data)


def test_a_plan_that_both_sides_added_merges_by_field(plan: str) -> None:
    ours = replaced(plan, (ALONE, f"{RESULT}    responsible: Отдел\n{NEXT}"))
    result = merged("", ours, plan)
    assert result.is_clean
    assert result.content.decode() == ours


def test_a_clean_text_merge_with_a_different_meaning_is_not_used(plan: str) -> None:
    # Lines without a conflict for git: half of the one term and half of the other.
    start = plan.index("  - id: 1.1.2\n")
    head, tail = plan[:start], plan[start:].replace("2024\n", "2024\n      # а\n      # б\n", 1)
    ours = head + tail.replace("3 квартал 2024", "III квартал 2024", 1)
    theirs = head + tail.replace("quarters: [3]", "quarters: [4]", 1)
    by_git = text_merge(three(head + tail, ours, theirs))
    assert by_git is not None
    assert by_git.is_clean
    assert not merged(head + tail, ours, theirs).is_clean


def test_a_clean_text_merge_that_breaks_a_rule_is_none(plan: str) -> None:
    """Each side is valid, and git sees nothing in the way: what one refers to the other removed."""
    start, end = plan.index("  - id: 3.2.2\n"), plan.index("  - id: 3.3.1\n")
    ours = plan[:start] + plan[end:]
    theirs = replaced(plan, ("    number: 1.1.1\n", "    number: 1.1.1\n    same_work: [3.2.2]\n"))
    by_git = text_merge(three(plan, ours, theirs))
    assert by_git is not None
    assert by_git.is_clean
    for result in (merged(plan, ours, theirs), merged(plan, theirs, ours)):
        assert not result.is_clean
        assert b"<<<<<<<" in result.content


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "ends"),
    [
        ("ам", "ам", "ам", None),
        ("", "а", "а", None),
        # What most lines have counts, of two alike neither.
        ("ааб", "ааб", "ба", None),
        ("ааб", "ббб", "ааб", LineEnds(windows=True, bom=False)),
        ("ббб", "ааб", "ааб", LineEnds(windows=False, bom=False)),
        ("а", "б", "а", LineEnds(windows=True, bom=False)),
        ("а", "а", "б", LineEnds(windows=True, bom=False)),
        ("б", "а", "а", LineEnds(windows=False, bom=False)),
        ("", "а", "б", LineEnds(windows=True, bom=False)),
        ("", "б", "а", LineEnds(windows=False, bom=False)),
        ("ма", "а", "ма", LineEnds(windows=False, bom=False)),
        ("а", "а", "ма", LineEnds(windows=False, bom=True)),
        ("а", "мб", "а", LineEnds(windows=True, bom=True)),
        ("а", "ма", "б", LineEnds(windows=True, bom=True)),
    ],
)
def test_how_lines_end_after_a_merge(
    base: str, ours: str, theirs: str, ends: LineEnds | None
) -> None:
    """«а» is a line as Unix ends it, «б» as Windows does, «м» a byte order mark."""
    known = {"а": b"x\n", "б": b"x\r\n", "м": BOM_UTF8}
    versions = [b"".join(known[sign] for sign in text) for text in (base, ours, theirs)]
    assert merged_ends(versions[0], versions[1], versions[2]) == ends


# --------------------------------------------------------------------------------------- conflicts


def test_markers_are_around_the_lines_of_the_field_and_the_rest_is_merged(plan: str) -> None:
    ours = replaced(plan, (ALONE, f"    result: Наше  # почему\n    notes: Да\n{NEXT}"))
    theirs = replaced(plan, (ALONE, f"    result: Их\n    responsible: Отдел\n{NEXT}"))
    result = merged(plan, ours, theirs)
    assert not result.is_clean
    expected = (
        "<<<<<<< наша\n    result: Наше  # почему\n||||||| было\n"
        "    result: Обеспечена установка терминала электронной очереди  # почему\n"
        "=======\n    result: Их  # почему\n>>>>>>> их\n"
        "    responsible: Отдел\n    notes: Да\n"
    )
    assert result.content.decode() == replaced(plan, (ALONE, expected + NEXT))


def test_a_channel_renumbered_by_both_is_valid_with_the_lines_of_either(plan: str) -> None:
    def renumbered(number: str) -> str:
        source = load(plan.encode(), "")
        part = part_numbered(source.data, "1.1", PartKind.CHANNEL)
        return splice(source, set_part(source.data, part, {"number": number}).edits).text

    result = merged(plan, renumbered("1.8"), renumbered("1.9"))
    assert result.merged is not None
    assert len(result.merged.conflicts) == 1
    found = marked_versions(result.content.decode())
    assert found is not None
    assert (found.ours, found.theirs) == (renumbered("1.8"), renumbered("1.9"))


def test_of_two_completions_the_lines_of_either_side_keep_one(plan: str) -> None:
    def side(day: str) -> str:
        record = f'      - quarter: 3\n        date: "2024-09-{day}"\n        complete: true\n'
        evidence = "        evidence:\n          documents:\n            - title: Акт\n"
        return replaced(plan, (ALONE, f"{RESULT}    records:\n{record}{evidence}{NEXT}"))

    found = marked_versions(merged(plan, side("26"), side("27")).content.decode())
    assert found is not None
    for text, kept in ((found.ours, "26"), (found.theirs, "27")):
        assert not validate(load(text.encode(), "").data)
        _, _, record = text.partition(f'date: "2024-09-{kept}"\n')
        assert record.startswith("        complete: true\n")
        assert text.count("        complete: true\n") == 1


def test_a_file_with_markers_is_no_plan_and_contains_all_versions(
    plan: str,
) -> None:
    ours = replaced(plan, (ALONE, f"    result: Наше\n{NEXT}"))
    theirs = replaced(plan, (ALONE, f"    result: Их\n{NEXT}"))
    content = merged(plan, ours, theirs).content
    with pytest.raises(UnreadablePlan):
        load(content, "")
    found = marked_versions(content.decode())
    assert found is not None
    assert (found.ours, found.base, found.theirs) == (ours, plan, theirs)
    assert marked_versions(f"#######\n{plan}") is None


def test_markers_are_as_long_as_git_asks(plan: str) -> None:
    ours = replaced(plan, (ALONE, f"    result: Наше\n{NEXT}"))
    theirs = replaced(plan, (ALONE, f"    result: Их\n{NEXT}"))
    content = merged(plan, ours, theirs, 12).content.decode()
    assert "\n<<<<<<<<<<<< наша\n" in content
    assert marked_versions(content) is None
    assert marked_versions(content, 12) is not None


# The field after a dash goes with its item, and a conflict inside that item too.
WITH_ITS_DASH = """\
measures:
  - id: "1"
    records:
<
      -
        result: да
|
      - quarter: 1
        date: а
        result: да
=
      - quarter: 2
        date: б
        result: да
>
      - quarter: 3
"""
# Where every version has that field, it has lines of its own.
WITHOUT_ITS_DASH = """\
measures:
  - id: "1"
    records:
<
      - quarter: 1
|
      - quarter: 2
=
      - quarter: 3
>
        date: а
"""
WHOLE = """\
<
{measures: [{id: "1", notes: а}], year: 1}
|
{measures: [{id: "1", notes: б}], year: 1}
=
{measures: [{id: "1", notes: в}], year: 1}
>
"""
LAST_TWO_LINES = """\
measures:
  - id: "1"
<
    notes: |-
      а
      г
|
    notes: |-
      б
      г
=
    notes: |-
      в
      г
>
"""


@pytest.mark.parametrize("text", [WITH_ITS_DASH, WITHOUT_ITS_DASH, WHOLE, LAST_TWO_LINES])
def test_markers_are_around_what_has_lines_in_all_versions(text: str) -> None:
    sides = marked_versions(text, 1)
    assert sides is not None
    # Without the last break, which a marker needs before it.
    mine = sides.ours.replace("-\n        ", "- ")
    base, ours, theirs = (one[:-1].encode() for one in (sides.base, mine, sides.theirs))
    files = MergeInput(base, ours, theirs, "", MarkerLabels("", "", ""), 1)
    content = merge_files(files, None).content.decode()
    assert content == (text if text.endswith(">\n") else text[:-1])


@pytest.mark.parametrize("between", [", ", ",\n      "], ids=["", "over two lines"])
def test_two_conflicts_in_one_pair_of_braces_share_their_markers(plan: str, between: str) -> None:
    def side(first: int, second: int) -> str:
        money = f"budget: {{plan: {first}{between}fact: {second}}}"
        return replaced(plan, (ALONE, f"{RESULT}    {money}\n{NEXT}"))

    result = merged(side(1, 2), side(3, 4), side(5, 6))
    content = result.content.decode()
    assert result.merged is not None
    assert [one.path for one in result.merged.conflicts] == [("budget", "plan"), ("budget", "fact")]
    assert content.count("<<<<<<<") == 1
    found = marked_versions(content)
    assert found is not None
    assert (found.ours, found.theirs) == (side(3, 4), side(5, 6))
    # One of them alone is between the same markers.
    found = marked_versions(merged(side(1, 2), side(1, 4), side(1, 6)).content.decode())
    assert found is not None
    assert (found.ours, found.theirs) == (side(1, 4), side(1, 6))


def test_with_its_last_field_the_whole_mapping_is_between_the_markers(plan: str) -> None:
    def side(money: str) -> str:
        return replaced(plan, (ALONE, f"{RESULT}{money}{NEXT}"))

    base = side("    budget:\n      plan: 1\n      fact: 2\n")
    ours, theirs = side("    budget:\n      fact: 5\n"), side("    budget:\n      plan: 1\n")
    found = marked_versions(merged(base, ours, theirs).content.decode())
    assert found is not None
    assert "budget" not in found.theirs.replace("budget:\n      plan", "")
    assert load(found.ours.encode(), "").data == load(ours.encode(), "").data


def test_a_field_removed_here_is_alone_between_the_markers(plan: str) -> None:
    base, theirs = (
        replaced(plan, (ALONE, f"{RESULT}    notes: {text}\n{NEXT}")) for text in ("Да", "Их")
    )
    expected = "<<<<<<< наша\n||||||| было\n    notes: Да\n=======\n    notes: Их\n>>>>>>> их\n"
    content = merged(base, plan, theirs).content.decode()
    assert content == replaced(plan, (ALONE, f"{RESULT}{expected}{NEXT}"))


def test_a_measure_removed_there_is_whole_between_the_markers(plan: str) -> None:
    start, end = plan.index("  - id: 1.1.4\n"), plan.index("  - id: 1.2.1\n")
    theirs = replaced(plan[:start] + plan[end:], ("    same_work: [1.1.4]\n", ""))
    text = "    result: Проведены ремонтные работы в зданиях/ помещениях ЦОК/ КО\n"
    at = plan.index(text)
    ours = plan[:at] + "    result: Иначе\n" + plan[at + len(text) :]
    found = marked_versions(merged(plan, ours, theirs).content.decode())
    assert found is not None
    assert same(load(found.theirs.encode(), "").data, load(theirs.encode(), "").data)
    assert "    result: Иначе\n" in found.ours


def test_a_last_line_without_a_break_gets_one_before_a_marker(plan: str) -> None:
    tail = plan.rstrip("\n")
    base, ours, theirs = (f"{tail}\n    notes: {text}" for text in ("Было", "Наше", "Их"))
    content = merged(base, ours, theirs).content.decode()
    assert content.endswith("    notes: Их\n>>>>>>> их\n")


# ------------------------------------------------------------------------- what cannot be read


def test_a_file_that_cannot_be_read_is_merged_as_text(plan: str) -> None:
    broken = plan.replace("language: ru\n", "language: [ru\n")
    theirs = replaced(broken, (ALONE, f"{RESULT}    notes: Да\n{NEXT}"))
    result = merged(plan, broken, theirs)
    assert result.is_clean
    assert result.merged is None
    assert result.parse_error is not None
    assert result.content.decode() == theirs


def test_text_conflicts_of_an_unreadable_file_are_git_s_own(plan: str) -> None:
    ours = plan.replace("language: ru\n", "language: [ru\n")
    theirs = plan.replace("language: ru\n", "language: {ru\n")
    result = merged(plan, ours, theirs)
    assert not result.is_clean
    assert "<<<<<<< наша\nlanguage: [ru\n=======\nlanguage: {ru\n>>>>>>> их\n" in (
        result.content.decode()
    )


def test_measures_without_unique_ids_are_merged_as_text(plan: str) -> None:
    twice = plan.replace("  - id: 1.1.2\n", "  - id: 1.1.1\n")
    theirs = replaced(twice, (ALONE, f"{RESULT}    notes: Да\n{NEXT}"))
    result = merged(plan, twice, theirs)
    assert result.merged is None
    assert result.content.decode() == theirs
    for broken in (theirs, f"{theirs}x: [\n"):
        ancestor = merge_ancestors(three(plan, twice, broken))
        assert (ancestor.merged, ancestor.content.decode()) == (None, broken)


def test_binary_files_are_left_as_ours_and_not_called_merged() -> None:
    files = MergeInput(b"a\0", b"b\0", b"c\0", "", LABELS)
    result = merge_files(files, text_merge(files))
    assert (result.content, result.is_clean) == (b"b\0", False)


def test_without_git_all_versions_are_in_the_file(plan: str) -> None:
    files = MergeInput(b"x: 1\n", b"x: [1\n", b"x: {2", "", LABELS)
    assert merge_files(files, None).content.decode() == (
        "<<<<<<< наша\nx: [1\n||||||| было\nx: 1\n=======\nx: {2\n>>>>>>> их\n"
    )


def test_where_ancestors_conflict_the_value_before_them_is_used(plan: str) -> None:
    ours = replaced(plan, (ALONE, f"    result: Наше\n    notes: Да\n{NEXT}"))
    theirs = replaced(plan, (ALONE, f"    result: Их\n    responsible: Отдел\n{NEXT}"))
    result = merge_ancestors(three(plan, ours, theirs))
    assert result.is_clean
    assert result.content.decode() == replaced(
        plan, (ALONE, f"{RESULT}    responsible: Отдел\n    notes: Да\n{NEXT}")
    )


# -------------------------------------------------------------------------------------- properties


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """Return a plan in any layout, and what two people's edits made of its text."""
    data = draw(plans())
    base = draw(written(data)).encoded
    return base, draw(edited(base)), draw(edited(base))


@st.composite
def edited(draw: st.DrawFn, content: bytes) -> bytes:
    source = load(content, "")
    for _ in range(draw(st.integers(0, 3))):
        try:
            source = splice(source, [draw(edits(source.data))])
        except (StaleChange, UnwritableValue):
            continue
        if not source.data.get("measures"):
            break
    return source.encoded


@FEWER
@given(texts())
def test_the_text_means_what_the_merge_by_fields_gives(
    versions: tuple[bytes, bytes, bytes],
) -> None:
    base, ours, theirs = (load(version, "").data for version in versions)
    expected = merge(base, ours, theirs)
    files = MergeInput(*versions, "", LABELS)
    by_git = text_merge(files)
    result = merge_files(files, by_git)
    assert result.is_clean == (not expected.conflicts)
    if result.is_clean:
        assert same(load(result.content, "").data, expected.data)
        return
    with pytest.raises(UnreadablePlan):
        load(result.content, "")
    found = marked_versions(result.content.decode())
    assert found is not None
    # Each side of a text with markers is the merged plan with that side's values.
    for text, side in ((found.ours, "ours"), (found.base, "base"), (found.theirs, "theirs")):
        values = [getattr(one.sides, side) for one in expected.conflicts]
        assert same(load(text.encode(), "").data, resolve(expected, values))


@FEWER
@given(two_lists(), st.data())
def test_what_git_merges_into_a_valid_plan_merges_to_the_same_plan(
    versions: tuple[PlanData, PlanData, PlanData, PlanData], data: st.DataObject
) -> None:
    base = load(data.draw(written(versions[0])).encoded, "")
    files = MergeInput(
        base.encoded,
        splice_to(base, versions[1]).encoded,
        splice_to(base, versions[2]).encoded,
        "",
        LABELS,
    )
    by_git = text_merge(files)
    result = merge_files(files, by_git)
    assert result.is_clean
    assert same(load(result.content, "").data, versions[3])
    if by_git is not None and by_git.is_clean:
        # Git puts the records of one side after those of the other; we order them by date.
        assert unordered(load(by_git.content, "").data) == unordered(versions[3])


def unordered(data: PlanData) -> list[str]:
    found = []
    for row, records in map(apart, _rows(data)):
        rows: list[Plain] = [row, *sorted(map(canonical, records))]
        found.append(canonical(rows))
    return sorted(found)


def apart(row: dict[str, Plain]) -> tuple[dict[str, Plain], list[Plain]]:
    """Return a measure without its records, and the records."""
    records = row.get("records", [])
    assert isinstance(records, list)
    return {key: value for key, value in row.items() if key != "records"}, records


def _rows(data: PlanData) -> list[dict[str, Plain]]:
    rows = data["measures"]
    assert isinstance(rows, list)
    return [row for row in rows if isinstance(row, dict)]
