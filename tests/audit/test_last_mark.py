"""The last verified mark of a history, as reports name it."""

from pathlib import Path

import pytest

from kvartal.history.audit.anchor import anchor
from kvartal.history.audit.last_mark import LastMark, MarkUnreadable, last_mark
from tests.audit.story import VERIFIED, Story

PLAN = "plan/2024.yaml"


def test_where_there_is_none(story: Story, tmp_path: Path) -> None:
    assert last_mark(tmp_path / "план.yaml") is None
    assert last_mark(story.plan) is None
    story.git("tag", VERIFIED)
    assert last_mark(story.plan) is None
    unborn = Story(tmp_path / "unborn" / "plan" / "2024.yaml")
    unborn.plan.parent.mkdir(parents=True)
    unborn.git("init", "--quiet")
    assert last_mark(unborn.plan) is None


def test_the_newest_in_the_history_that_is_what_it_says(story: Story) -> None:
    first = story.head
    story.tag()
    assert last_mark(story.plan) == LastMark(VERIFIED, first, anchor(PLAN, first), is_newest=True)
    last = story.set(notes="Да")
    earlier = LastMark(VERIFIED, first, anchor(PLAN, first), is_newest=False)
    assert last_mark(story.plan) == earlier
    story.tag()
    newest = LastMark(f"{VERIFIED}-2", last, anchor(PLAN, last), is_newest=True)
    assert last_mark(story.plan) == newest
    # One that is forged counts for nothing, nor does one beside the history.
    story.git("tag", f"{VERIFIED}-3")
    assert last_mark(story.plan) == newest
    story.git("switch", "--quiet", "-c", "older", first)
    story.set(notes="Нет")
    assert last_mark(story.plan) == earlier


def test_a_mark_that_cannot_be_read_is_not_absent(story: Story) -> None:
    """A report would silently say less than one made in a whole clone."""
    story.tag()
    newest = last_mark(story.plan)
    tags = story.plan.parents[1] / ".git" / "refs" / "tags"
    (tags / "kvartal" / "verified" / "2020").write_text("garbage\n", encoding="ascii")
    assert last_mark(story.plan) == newest  # None can be newer than one at HEAD.
    story.set(notes="Да")
    with pytest.raises(MarkUnreadable, match="метка «kvartal/verified/2020» не читается"):
        last_mark(story.plan)


def test_of_a_mark_the_version_is_needed(story: Story) -> None:
    story.tag()
    name = story.git("rev-parse", f"HEAD:{PLAN}").strip()
    (story.plan.parents[1] / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(MarkUnreadable, match="в хранилище git не находится"):
        last_mark(story.plan)
