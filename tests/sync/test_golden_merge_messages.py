"""The message of a merge commit: what each side changed, what was chosen, and what to report.

After a change: ``python -m tests.sync.test_golden_merge_messages`` from the root writes the golden
file again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterator

from kvartal.history.diff.words import Words
from kvartal.history.merge.driver import MergeInput
from kvartal.history.merge.markers import MarkerLabels
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.messages.trailers import EvidenceNote
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.history.sync.merge_commit import MergeSummary, StatedPlan, merge_message
from kvartal.history.sync.merged_plan import MergedPlan
from kvartal.schema.problems import Problem
from kvartal.tui.i18n import translator
from tests.history.case_lines import Case, compared, edited, in_tests, plan, rewrite

FILE = "merge_messages.txt"
_NO_FILES = MergeInput(b"", b"", b"", "", MarkerLabels())


def outcome(case: Case) -> Iterator[str]:
    """Yield the lines of the message; of two conflicts our value is chosen first, then theirs."""
    names = [case.plan, *case.lines_of("beside")]
    plans: list[StatedPlan] = []
    conflicts: list[FieldConflict] = []
    sides: list[Side] = []
    notes = list[Problem]()
    for name, suffix in zip(names, ("", "-beside"), strict=False):
        base = plan(name).data
        ours, theirs = (
            edited(base, case.lines_of(f"{side}{suffix}")) for side in ("ours", "theirs")
        )
        merged = merge(base, ours, theirs)
        found = [
            FieldConflict(f"{name}.yaml", one, merged.data, names_plan=len(names) > 1)
            for one in merged.conflicts
        ]
        chosen = [Side.THEIRS if at % 2 else Side.OURS for at in range(len(found))]
        made = resolve(merged, [one.value(side) for one, side in zip(found, chosen, strict=True)])
        plans.append(StatedPlan(f"plan/{name}.yaml", base, ours, theirs, made))
        conflicts += found
        sides += chosen
        notes += merged.notes
        notes += MergedPlan(f"{name}.yaml", _NO_FILES, merged, None).displaced(chosen)
    files = [EvidenceNote("a" * 64, path) for path in case.lines_of("renamed")]
    authors = case.lines_of("our-author"), case.lines_of("their-author")
    summary = MergeSummary(plans, conflicts, sides, notes, files, *authors)
    words = Words(translator(str(plan(case.plan).data["language"])))
    message = merge_message(summary, words)
    yield from (line or "¶" for line in message.removesuffix("\n").split("\n"))


@in_tests(FILE)
def test_the_message_of_a_merge_is_exactly_this(some: list[Case]) -> None:
    found, expected = compared(some, outcome)
    assert found == expected


if __name__ == "__main__":
    rewrite(FILE, outcome)
