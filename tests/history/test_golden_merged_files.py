"""Merges of files: the comments and the layout of both sides, and markers around the conflicts.

Without git, whose own merge of the texts is taken where it means the same. After a change: ``python
-m tests.history.test_golden_merged_files`` from the root writes the golden file again, to be
reviewed with ``git diff``.
"""

from collections.abc import Iterator
from difflib import unified_diff

from kvartal.history.merge.driver import MergeInput, merge_files, resolve_files
from kvartal.history.merge.lost_comments import lost_comments
from kvartal.history.merge.markers import MarkerLabels, marked_versions
from kvartal.history.store.dropped_comments import dropped_comments
from kvartal.history.yaml_text.loader import load
from kvartal.history.yaml_text.source import encoded
from kvartal.history.yaml_text.splice import splice_to
from tests.history.case_lines import Case, compared, edited, edited_text, in_tests, plan, rewrite

FILE = "merged_files.txt"


def version(case: Case, *who: str) -> bytes:
    """Return the file of a side: its text as an editor would have it, then its changed fields."""
    text = edited_text(plan(case.plan).text, case.lines_of("base", *who))
    source = load(encoded(text, bom=False), case.plan)
    source = splice_to(source, edited(source.data, case.lines_of(*who)))
    ends = case.lines_of(f"{who[-1]}-file") if who else []
    content = source.text.replace("\n", "\r\n") if "with Windows line ends" in ends else source.text
    return encoded(content, bom="with a byte order mark" in ends)


def outcome(case: Case) -> Iterator[str]:
    """Yield what a merge makes of our file, what the markers hold, and what is lost."""
    base, ours, theirs = version(case), version(case, "ours"), version(case, "theirs")
    files = MergeInput(base, ours, theirs, f"{case.plan}.yaml", MarkerLabels("A", "O", "B"), 7)
    result = merge_files(files, None)
    yield "merged" if result.is_clean else "with conflicts"
    yield from _changed_lines(ours, result.content)
    versions = marked_versions(result.content.decode())
    if versions is not None and result.merged is not None:
        # Whoever keeps the lines of one side has what a choice of that side gives.
        has_more = result.merged.doubts or any(
            one.problem or one.dispute for one in result.merged.conflicts
        )
        for name in ("ours", "theirs") if has_more else ():
            sides = [getattr(one.sides, name) for one in result.merged.conflicts]
            chosen = resolve_files(files, result.merged, sides)
            data = load(chosen, "").data
            if load(getattr(versions, name).encode(), "").data != data:
                yield f"a choice of {name} is more:"
                yield from _changed_lines(getattr(versions, name).encode(), chosen)
    else:
        lost = lost_comments(files, result.content)
        yield from (problem.message() for problem in lost)
        dropped = dropped_comments(load(ours, ""), load(result.content, ""))
        yield from () if dropped is None else (f"of ours: {dropped.message()}",)


def _changed_lines(old: bytes, new: bytes) -> Iterator[str]:
    """Yield the lines that differ, with one around them; where others are between, «…»."""
    texts = [one.decode().replace("\ufeff", "<BOM>") for one in (old, new)]
    ends = [text.count("\r\n") for text in texts]
    if ends[0] != ends[1]:
        assert ends[1] in {0, texts[1].count("\n")}
        yield "every line ends otherwise"
    before, after = (text.splitlines() for text in texts)
    lines = unified_diff(before, after, lineterm="", n=1)
    for line in [*lines][2:]:
        yield "…" if line.startswith("@@") else line.rstrip(" ")


@in_tests(FILE)
def test_a_merge_makes_exactly_this_of_our_file(some: list[Case]) -> None:
    found, expected = compared(some, outcome)
    assert found == expected


if __name__ == "__main__":
    rewrite(FILE, outcome)
