"""Merges as the program made them until 2026-11: a history keeps them, and nobody is accused."""

import pytest

from kvartal.history.audit.merge_choices import choice_findings
from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.audit.merge_versions import MergeVersions
from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.messages.merge_sentences import CHOSE_THEIRS
from kvartal.schema.changes import Plain, PlanData
from tests.history.case_lines import Case, cases

CHANGED = {
    "another term, and recorded for the old quarter",
    "a measure moved to two channels",
    "two channels renumbered to one number",
    "an indicator is removed whose value is reported",
    "one id for two new measures",
    "of records that are alike one goes here and another there, and one more is made",
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


def test_a_choice_of_earlier_left_a_measure_without_its_steps() -> None:
    title = "the measure with the shared cell removed, and another refers to it"
    (case,) = (one for one in cases("merges.txt") if one.title == title)
    base = case.data_of("base")
    sides = [case.data_of("base", "both", side) for side in ("ours", "theirs")]
    of_earlier, of_now = (
        resolve(merged, [one.sides.ours for one in merged.conflicts])
        for merged in (merge(base, *sides, as_in_2026_11=True), merge(base, *sides))
    )
    assert of_earlier != of_now
    assert (
        merge_differences(base, sides, of_earlier) == merge_differences(base, sides, of_now) == ()
    )


@pytest.mark.parametrize(
    ("stored", "is_honest"),
    [([{"name": "Отдел А"}], True), ([{"name": "Отдел А", "role": "глава"}], False)],
)
def test_one_who_is_responsible_may_stand_in_a_list(stored: Plain, *, is_honest: bool) -> None:
    base: PlanData = {"measures": [{"id": "1", "responsible": "Отдел Б"}]}
    ours: PlanData = {"measures": [{"id": "1", "responsible": "Отдел А"}]}
    merged: PlanData = {"measures": [{"id": "1", "responsible": stored}]}
    assert (merge_differences(base, [ours, base], merged) == ()) is is_honest
