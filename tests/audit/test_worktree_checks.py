"""Working files that differ from HEAD."""

from pathlib import Path

from tests.audit.story import Story


def test_an_uncommitted_edit(story: Story) -> None:
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    (finding,) = story.findings()
    assert (finding.code, finding.commit, finding.measure) == ("uncommitted", None, "1.1.2")
    story.rewrite("language: ru", "language: [")
    assert story.codes() == ["uncommitted"]


def test_an_edit_of_a_plan_that_cannot_be_read_at_head(story: Story) -> None:
    whole = story.plan.read_text(encoding="utf-8")
    story.rewrite("language: ru", "language: [")
    broken = story.commit("Поломка")
    story.plan.write_text(whole, encoding="utf-8")
    expected = [("broken-version", broken), ("by-hand", broken), ("uncommitted", None)]
    assert story.found() == expected


def test_an_edit_that_git_is_set_to_ignore(story: Story) -> None:
    story.git("update-index", "--assume-unchanged", story.plan)
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    assert story.codes() == ["uncommitted"]


def test_what_a_sparse_checkout_leaves_out_is_not_missing(story: Story, act: Path) -> None:
    story.record(sources=[act])
    story.git("sparse-checkout", "set", "--no-cone", "/plan/*.yaml")
    assert not (story.plan.parent / "evidence").exists()
    assert story.codes() == []
