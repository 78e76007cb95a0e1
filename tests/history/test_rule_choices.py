"""What the log says of a merge in which a rule that its sides break only together was decided.

After a change: ``python -m tests.history.test_rule_choices`` from the root writes the golden file
again, to be reviewed with ``git diff``. In its cases `chosen 01` takes our side of the first
conflict and theirs of the second, `chosen -` chooses nothing, and what comes `then` was changed in
the merge by hand.
"""

from collections.abc import Iterator

from kvartal.history.diff.words import Words
from kvartal.history.log.merge_changes import merge_changes
from kvartal.history.log.rule_choices import with_rule_choices
from kvartal.history.merge.merge import merge, resolve
from kvartal.tui.i18n import translator
from tests.history.case_lines import Case, compared, edited, in_tests, plan, rewrite

FILE = "rule_choices.txt"


def outcome(case: Case) -> Iterator[str]:
    """Yield what the log says was chosen, and what was changed without a choice."""
    base = case.data_of("base")
    sides = [case.data_of("base", name) for name in ("ours", "theirs", "third")]
    sides = sides[: 2 + bool(case.lines_of("third"))]
    words = Words(translator(str(plan(case.plan).data["language"])))
    merged = merge(base, *sides[:2])
    for chosen in case.lines_of("chosen"):
        conflicts = zip(chosen.strip("-"), merged.conflicts, strict=True)
        values = [one.sides.theirs if side == "1" else one.sides.ours for side, one in conflicts]
        made = edited(resolve(merged, values), case.lines_of("then"))
        if len(case.lines_of("chosen")) > 1:
            yield f"chosen {chosen}"
        changes = merge_changes(base, sides, made, words)
        found = with_rule_choices(changes, base, sides, made, words)
        yield from (choice.text for choice in found.choices)
        for measure, path in sorted(found.own):
            yield f"no choice: {' '.join((measure or '.', '.'.join(path)))}"


@in_tests(FILE)
def test_the_log_says_exactly_this_of_a_choice(some: list[Case]) -> None:
    found, expected = compared(some, outcome)
    assert found == expected


if __name__ == "__main__":
    rewrite(FILE, outcome)
