"""Merges as the program made them until 2026-11: a history keeps them, and nobody is accused."""

import pytest

from kvartal.history.audit.merge_choices import choice_findings
from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.audit.merge_versions import MergeVersions
from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.messages.merge_sentences import CHOSE_THEIRS
from tests.history.case_lines import Case, cases

CHANGED = {
    "another term, and recorded for the old quarter",
    "a measure moved to two channels",
    "two channels renumbered to one number",
    "an indicator is removed whose value is reported",
    "one id for two new measures",
}


@pytest.mark.parametrize(
    "case", [one for one in cases("merges.txt") if one.title in CHANGED], ids=lambda one: one.name
)
def test_a_merge_of_earlier_and_its_choices_are_no_finding(case: Case) -> None:
    base = case.data_of("base")
    ours, theirs = case.data_of("base", "both", "ours"), case.data_of("base", "both", "theirs")
    earlier = merge(base, ours, theirs, as_in_2026_11=True)
    now = merge(base, ours, theirs)
    assert (earlier.data, earlier.conflicts) != (now.data, now.conflicts)
    data = resolve(earlier, [one.sides.theirs for one in earlier.conflicts])
    assert merge_differences(base, [ours, theirs], data) == ()
    words = Words()
    choices = [
        words.say(CHOSE_THEIRS, conflict=conflict_text(one, earlier.data, words))
        for one in earlier.conflicts
    ]
    versions = MergeVersions(base, (ours, theirs), data, frozenset(), "plan/p.yaml", is_alone=True)
    assert not [*choice_findings("\n\n".join(choices), versions, words)]
