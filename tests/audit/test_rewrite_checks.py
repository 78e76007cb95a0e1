"""History that was rewritten: found by a verified tag, by this clone's cache, by the reflog."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.story import VERIFIED, Story, accept_all


@pytest.fixture
def shared(story: Story, tmp_path: Path) -> Story:
    """Return a history that is shared through a bare repository."""
    bare = tmp_path / "bare.git"
    story.git("clone", "--quiet", "--bare", story.repo, bare)
    story.git("remote", "add", "origin", bare)
    story.git("fetch", "--quiet", "origin")
    story.git("branch", "--quiet", "-u", "origin/main")
    return story


def test_an_upstream_that_is_no_commit(shared: Story) -> None:
    """Whether the server was rewritten is not known then, so it is not passed over in silence."""
    blob = shared.git("rev-parse", "HEAD:plan/2024.yaml")
    (shared.repo / ".git/refs/remotes/origin/main").write_text(blob, encoding="ascii")
    (finding,) = shared.findings()
    assert finding.code == "seen-unreadable"
    assert "«refs/remotes/origin/main» не читается" in finding.message()


def test_rewritten_after_a_tag(story: Story) -> None:
    first = story.set(notes="Да")
    last = story.set(responsible="Отдел")
    story.tag()
    story.git("reset", "--quiet", "--hard", "HEAD~2")
    (finding,) = story.findings(full=True)  # Nothing has been put in its place yet.
    assert (finding.code, finding.fields["name"]) == ("history-rewritten", VERIFIED)
    story.set(notes="Нет")
    (finding,) = story.findings(full=True)
    assert finding.code == "history-rewritten"
    assert finding.commit is not None
    assert finding.commit.id == last
    assert VERIFIED in finding.message()
    assert f"изменений: 2, первое — {first[:10]} «1.1.2: примечания: — → Да»" in finding.message()
    assert story.codes(full=False) == ["history-rewritten"]


def test_rewritten_since_the_last_run_in_this_clone(story: Story) -> None:
    story.set(notes="Да")
    lost = story.record()
    story.report()
    # An earlier version of the program noted only up to where it verified.
    (story.repo / ".git" / "kvartal" / "seen.json").unlink()
    story.git("reset", "--quiet", "--hard", "HEAD~1")
    for _ in range(2):
        (finding,) = story.findings()
        assert finding.code == "history-rewritten"
        assert finding.commit is not None
        assert finding.commit.id == lost
    assert story.codes() == ["history-rewritten"]
    accept_all(story)
    for full in (True, False):
        assert story.open_codes(full=full) == []
        assert story.codes(full=full) == ["history-rewritten"]


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"damaged", lambda _: zlib.compress(b"commit 3\0xyz"), lambda whole: whole[:-20]],
    ids=["unreadable", "of another hash", "cut short"],
)
def test_what_was_rewritten_may_be_damaged_too(
    story: Story, damage: Callable[[bytes], bytes]
) -> None:
    lost = story.set(notes="Да")
    assert story.codes() == []
    story.git("reset", "--quiet", "--hard", "HEAD~1")
    stored = story.repo / ".git" / "objects" / lost[:2] / lost[2:]
    stored.chmod(0o644)
    stored.write_bytes(damage(stored.read_bytes()))
    (finding,) = story.findings()
    assert finding.code == "history-rewritten"
    assert lost[:10] in finding.message()
    assert {one.code for one in story.findings(expect="a" * 64)} >= {"anchor-differs"}


@pytest.mark.parametrize("is_anew", [False, True])
def test_an_anchor_of_a_history_that_was_rewritten_or_begun_anew(
    story: Story, *, is_anew: bool
) -> None:
    base, lost = story.head, story.set(notes="Да")
    expected = story.report().anchor
    story.git("reset", "--quiet", "--hard", base)
    if is_anew:
        story.git("update-ref", "-d", "HEAD")
    story.commit("Иначе", "--allow-empty")
    report = story.report(expect=expected)
    (finding,) = (one for one in report.findings if one.code == "anchor-differs")
    shared = (
        "нет, и ни одного общего изменения у них нет."
        if is_anew
        else f"нет. До изменения {base[:10]} обе истории совпадают."
    )
    assert finding.message() == (
        f"Отпечаток {expected} записан для изменения {lost[:10]} «1.1.2: примечания: — → Да», "
        f"а в этой истории его {shared} Отпечаток этой истории — {report.anchor}."
    )


def test_a_lost_commit_that_left_the_plan_alone_is_named(story: Story) -> None:
    (story.repo / "README").write_text("Да")
    lost = story.commit("Описание")
    assert story.codes() == []
    story.git("reset", "--quiet", "--hard", "HEAD~1")
    (finding,) = story.findings()
    assert f"больше нет: 1, первое — {lost[:10]} «Описание»" in finding.message()
    assert f"`kvartal accept history-rewritten:{lost[:12]} --reason …`" in finding.message()


def test_rebased_commits_are_not_lost(story: Story) -> None:
    story.git("branch", "other")
    story.set("1.1.3", notes="Да")
    story.report()
    story.git("switch", "--quiet", "other")
    story.set("2.2.1", notes="Да")
    story.git("switch", "--quiet", "main")
    # Nor is the merge of two of them, which leaves no trace in a straight line.
    story.git("switch", "--quiet", "-c", "side", "HEAD~1")
    (story.repo / "README").write_text("x", encoding="ascii")
    story.commit("Файл")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--no-edit", "side")
    story.report()
    story.git("rebase", "--quiet", "other")
    assert story.codes(full=False) == []


def test_what_was_changed_in_a_merge_that_a_rebase_drops_is_lost(story: Story) -> None:
    story.git("branch", "other")
    story.set("1.1.3", notes="Да")
    story.git("switch", "--quiet", "-c", "side", "HEAD~1")
    (story.repo / "README").write_text("x", encoding="ascii")
    story.commit("Файл")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--no-commit", "side")
    story.rewrite("Обеспечена", "Была обеспечена")
    merge = story.commit("Слияние")
    assert story.codes() == ["merge-altered"]
    story.git("switch", "--quiet", "other")
    story.set("2.2.1", notes="Да")
    story.git("switch", "--quiet", "main")
    story.git("rebase", "--quiet", "other")
    assert story.found(full=False) == [("history-rewritten", merge)]


def test_an_older_branch_has_lost_nothing_that_another_has(story: Story) -> None:
    story.set(notes="Да")
    lost = story.set(notes="Нет")
    story.tag()
    story.git("branch", "keeps")
    story.git("switch", "--quiet", "-c", "older", "HEAD~1")
    assert story.codes() == []
    # A branch that is damaged keeps nothing, and hides nothing.
    story.git("update-ref", "refs/heads/main", "HEAD~1")
    broken = story.repo / ".git" / "refs" / "heads" / "broken"
    broken.write_text("1" * 40 + "\n")
    assert story.codes() == []
    story.git("update-ref", "-d", "refs/heads/keeps")
    assert story.found() == [("history-rewritten", lost)]
    # Beside the mark a branch with other changes is no older one.
    broken.unlink()
    story.git("branch", "keeps", lost)
    story.set(notes="Иначе")
    assert story.found() == [("history-rewritten", lost)]


def test_a_force_pushed_branch_with_a_tag(shared: Story, tmp_path: Path) -> None:
    shared.set(notes="Да")
    shared.record()
    shared.tag()
    shared.git("push", "--quiet", "--follow-tags")
    other = shared.clone(tmp_path / "other")
    other.git("reset", "--quiet", "--hard", "HEAD~1")
    other.set(responsible="Отдел")
    other.git("push", "--quiet", "--force")
    fresh = shared.clone(tmp_path / "fresh")
    assert fresh.codes() == ["history-rewritten"]


def test_a_force_pushed_branch_without_a_tag(shared: Story, tmp_path: Path) -> None:
    shared.set(notes="Да")
    dropped = shared.record()
    shared.git("push", "--quiet")
    other = shared.clone(tmp_path / "other")
    reader = shared.clone(tmp_path / "reader")
    other.git("reset", "--quiet", "--hard", "HEAD~1")
    other.set(responsible="Отдел")
    other.git("push", "--quiet", "--force")
    reader.git("fetch", "--quiet")
    reader.git("reset", "--quiet", "--hard", "origin/main")
    for request in ({}, {"full": True}, {}):
        (finding,) = reader.findings(**request)
        assert finding.code == "forced-update"
        assert finding.commit is not None
        assert finding.commit.id == dropped
        assert "origin/main" in finding.message()
    # Once brought back, it is no longer lost.
    other.git("fetch", "--quiet", shared.repo, "main:back")
    other.git("merge", "--quiet", "--no-edit", "back")
    other.git("push", "--quiet")
    reader.git("pull", "--quiet")
    assert reader.codes() == []


def test_a_forced_update_of_other_files(shared: Story, tmp_path: Path) -> None:
    (shared.repo / "README").write_text("Да")
    shared.commit("Описание")
    shared.git("push", "--quiet")
    shared.git("reset", "--quiet", "--hard", "HEAD~1")
    shared.git("push", "--quiet", "--force")
    assert shared.codes() == []


def test_a_truncated_server_that_holds_the_tag(shared: Story, tmp_path: Path) -> None:
    """A fresh clone finds a tag that HEAD does not contain; one that is behind finds none."""
    behind = shared.clone(tmp_path / "behind")
    shared.set(notes="Да")
    lost = shared.record()
    shared.tag()
    shared.git("push", "--quiet", "--follow-tags")
    behind.git("fetch", "--quiet")
    assert VERIFIED in behind.git("tag")
    assert behind.codes() == []
    shared.git("push", "--quiet", "--force", "origin", "HEAD~2:main")
    fresh = shared.clone(tmp_path / "fresh")
    fresh.git("fetch", "--quiet", "--tags")
    (finding,) = fresh.findings()
    assert finding.id == f"history-rewritten:{lost[:12]}"
