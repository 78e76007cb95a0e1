"""History that was rewritten, found by a mark, by this clone's memory, by the reflog."""

import json
from pathlib import Path

import pytest

from kvartal.history.audit.create_tag import create_tag
from kvartal.history.audit.report import NothingToVerify
from kvartal.schema.errors import untranslated
from tests.audit.story import Story

NAME = "kvartal/verified/2024-12-31"


def marked(story: Story, *, sign: bool = False) -> str:
    from datetime import date

    report = story.report(tags_only=True)
    assert report.findings == ()
    return create_tag(report, date(2024, 12, 31), untranslated, sign=sign)


@pytest.fixture
def shared(story: Story, tmp_path: Path) -> Story:
    """Return a history that is shared through a bare repository."""
    bare = tmp_path / "bare.git"
    story.git("clone", "--quiet", "--bare", story.repo, bare)
    story.git("remote", "add", "origin", bare)
    story.git("fetch", "--quiet", "origin")
    story.git("branch", "--quiet", "-u", "origin/main")
    return story


def memory(story: Story) -> Path:
    return story.repo / ".git" / "kvartal" / "verified.json"


def test_a_mark_says_what_was_verified(story: Story) -> None:
    story.set(notes="Да")
    assert marked(story) == NAME
    told = story.git("cat-file", "tag", NAME)
    assert "Проверено: программа на 2024 год, 31.12.2024" in told
    assert f"Kvartal-Verified: {story.head}" in told
    assert "Kvartal-Plan: plan/2024.yaml" in told
    assert "Kvartal-Digest: sha256:" in told
    assert "Проверено изменений: 2." in told
    assert marked(story) == NAME + "-2"
    assert marked(story) == NAME + "-3"
    assert f"после метки {NAME}" in story.git("cat-file", "tag", NAME + "-2")


def test_what_is_before_a_mark_is_not_verified_again(story: Story) -> None:
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    story.git("tag", "-a", NAME, "-F", "-", given=honest_mark(story))
    story.set(notes="Да")
    report = story.report()
    assert (report.findings, report.count) == ((), 1)
    assert story.codes() == ["by-hand"]


def honest_mark(story: Story, commit: str = "HEAD") -> str:
    import hashlib

    content = story.git("show", f"{commit}:plan/2024.yaml").encode()
    return (
        "Проверено\n\n"
        f"Kvartal-Verified: {story.git('rev-parse', commit)}"
        "Kvartal-Plan: plan/2024.yaml\n"
        f"Kvartal-Digest: sha256:{hashlib.sha256(content).hexdigest()}\n"
    )


def test_rewritten_after_a_mark(story: Story) -> None:
    first = story.set(notes="Да")
    last = story.set(responsible="Отдел")
    marked(story)
    story.git("reset", "--quiet", "--hard", "HEAD~2")
    assert story.codes() == []  # Behind the mark: nothing has been put in its place yet.
    story.set(notes="Нет")
    (finding,) = story.findings(full=True)
    assert finding.code == "history-rewritten"
    assert finding.commit is not None
    assert finding.commit.id == last
    assert NAME in finding.message()
    assert f"изменений: 2, первое — {first[:10]} «1.1.2: примечания: — → Да»" in finding.message()
    assert story.codes(full=False) == ["history-rewritten"]


@pytest.mark.parametrize(
    "forge",
    [
        lambda story: story.git("tag", "-f", NAME, "HEAD~1"),
        lambda story: story.git("tag", "-fam", "Проверено", NAME, "HEAD~1"),
        lambda story: story.git(
            "tag", "-fa", NAME, "HEAD~1", "-F", "-", given=honest_mark(story, "HEAD")
        ),
        lambda story: story.git("update-ref", f"refs/tags/{NAME}-2", f"refs/tags/{NAME}"),
        # The same plan, at another commit; the right commit, with another plan.
        lambda story: story.git(
            "tag", "-fa", NAME, "HEAD~1", "-F", "-", given=honest_mark(story, "HEAD~2")
        ),
        lambda story: story.git(
            *("tag", "-fa", NAME, "HEAD", "-F", "-"),
            given=honest_mark(story, "HEAD").replace("Digest: sha256:", "Digest: sha256:0"),
        ),
    ],
)
def test_a_mark_that_is_not_what_it_says(story: Story, forge: object) -> None:
    (story.repo / "README").write_text("Да")
    story.commit("Описание")
    story.set(notes="Да")
    marked(story)
    assert callable(forge)
    forge(story)
    assert story.codes() == ["mark-forged"]
    story.set(notes="Нет")
    report = story.report()
    assert [one.code for one in report.findings] == ["mark-forged"]
    assert all(one.commit for one in report.findings)


def test_a_mark_that_was_removed_or_replaced(story: Story) -> None:
    """This clone has seen it; whoever wants it so begins anew."""
    story.set(notes="Да")
    marked(story)
    story.set(notes="Нет")
    tag = story.git("rev-parse", NAME).strip()
    story.git("tag", "--delete", NAME)
    for _ in range(2):
        (finding,) = story.findings()
        assert finding.code == "mark-removed"
        assert f"git tag {NAME} {tag[:12]}" in finding.message()
    story.git("tag", "-a", NAME, "-F", "-", given=honest_mark(story))
    assert story.codes(full=False) == ["mark-forged"]
    story.git("tag", "--force", NAME, tag)
    assert story.codes(full=False) == []
    story.git("tag", "--delete", NAME)
    assert story.codes() == []
    assert story.codes(full=False) == []


def test_a_mark_on_something_else(story: Story) -> None:
    blob = story.git("rev-parse", "HEAD:./plan/2024.yaml").strip()
    story.git("tag", NAME, blob)
    story.git("tag", "-a", f"{NAME}-2", blob, "-m", "Проверено")
    assert story.codes() == ["mark-forged", "mark-forged"]


def test_marks_of_another_year_are_not_ours(story: Story) -> None:
    text = honest_mark(story).replace("plan/2024.yaml", "plan/2023.yaml")
    story.git("tag", "-a", NAME, "-F", "-", given=text)
    assert story.codes() == []


def test_what_was_verified_here_is_not_verified_again(story: Story) -> None:
    story.set(notes="Да")
    assert story.report().count == 2
    assert story.report().count == 0
    story.set(notes="Нет")
    assert story.report().count == 1
    assert story.report(full=True).count == 3


def test_findings_are_there_the_second_time_too(story: Story) -> None:
    story.report()
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    story.set(notes="Да")
    first = [one.as_json() for one in story.findings()]
    assert [one["code"] for one in first] == ["by-hand"]
    assert [one.as_json() for one in story.findings()] == first
    story.set(notes="Нет")
    assert [one.as_json() for one in story.findings()] == first


@pytest.mark.parametrize("text", ["", "{", "[]", '{"refs/heads/main": 1}', "\x00"])
def test_a_memory_that_cannot_be_read_is_none(story: Story, text: str) -> None:
    story.report()
    memory(story).write_text(text)
    assert story.report().count == 1


def test_other_settings_make_it_look_again(story: Story) -> None:
    story.set(notes="Да")
    story.report()
    assert story.report(days=5).count == 2
    known = json.loads(memory(story).read_text(encoding="utf-8"))
    known["refs/heads/main"]["plan/2024.yaml"]["checks"] = "older"
    memory(story).write_text(json.dumps(known), encoding="utf-8")
    assert story.report().count == 2


def test_a_mark_does_not_rest_on_the_memory(story: Story) -> None:
    story.report()
    before = story.head
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    forged = memory(story).read_text(encoding="utf-8").replace(before, story.head)
    memory(story).write_text(forged, encoding="utf-8")
    assert story.codes(full=False) == []  # It only saves time, and whoever may write it can lie.
    assert [one.code for one in story.findings(tags_only=True)] == ["by-hand"]


def test_rewritten_since_the_last_time_in_this_clone(story: Story) -> None:
    story.set(notes="Да")
    gone = story.record()
    story.report()
    story.git("reset", "--quiet", "--hard", "HEAD~1")
    for _ in range(2):
        (finding,) = story.findings()
        assert finding.code == "history-rewritten"
        assert finding.commit is not None
        assert finding.commit.id == gone
    assert story.codes() == []  # With --full it begins anew.
    assert story.codes(full=False) == []


def test_commits_that_a_rebase_made_anew_have_not_gone(story: Story) -> None:
    story.git("branch", "other")
    story.set("1.1.3", notes="Да")
    story.report()
    story.git("switch", "--quiet", "other")
    story.set("2.2.1", notes="Да")
    story.git("switch", "--quiet", "main")
    story.git("rebase", "--quiet", "other")
    assert story.codes(full=False) == []


def test_a_force_pushed_branch_with_a_mark(shared: Story, tmp_path: Path) -> None:
    shared.set(notes="Да")
    shared.record()
    marked(shared)
    shared.git("push", "--quiet", "--follow-tags")
    other = shared.clone(tmp_path / "other")
    other.git("reset", "--quiet", "--hard", "HEAD~1")
    other.set(responsible="Отдел")
    other.git("push", "--quiet", "--force")
    fresh = shared.clone(tmp_path / "fresh")
    assert fresh.codes() == ["history-rewritten"]


def test_a_force_pushed_branch_without_a_mark(shared: Story, tmp_path: Path) -> None:
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
    for asked in ({}, {"full": True}, {}):
        (finding,) = reader.findings(**asked)
        assert finding.code == "forced-update"
        assert finding.commit is not None
        assert finding.commit.id == dropped
        assert "origin/main" in finding.message()
    # Brought back, it is lost no more.
    other.git("fetch", "--quiet", shared.repo, "main:back")
    other.git("merge", "--quiet", "--no-edit", "back")
    other.git("push", "--quiet")
    reader.git("pull", "--quiet")
    assert reader.codes() == []


def test_a_forced_update_of_what_is_not_the_plan(shared: Story, tmp_path: Path) -> None:
    (shared.repo / "README").write_text("Да")
    shared.commit("Описание")
    shared.git("push", "--quiet")
    shared.git("reset", "--quiet", "--hard", "HEAD~1")
    shared.git("push", "--quiet", "--force")
    assert shared.codes() == []


def test_since_a_version(story: Story) -> None:
    story.rewrite("№АЭС/593", "№АЭС/594")
    by_hand = story.commit("Правка")
    story.set(notes="Да")
    assert story.found(full=False, since="HEAD~2") == [("by-hand", by_hand)]
    assert story.found(full=False, since="HEAD~1") == []
    assert not memory(story).exists()


def test_a_shallow_clone(story: Story, tmp_path: Path) -> None:
    for word in ("а", "б", "в"):
        story.set(notes=word)
    folder = tmp_path / "shallow"
    story.git("clone", "--quiet", "--depth=2", f"file://{story.repo}", folder)
    shallow = Story(folder / "plan" / "2024.yaml")
    (finding,) = shallow.findings()
    assert (finding.code, shallow.report().count) == ("shallow", 2)
    assert "git fetch --unshallow" in finding.message()
    assert shallow.codes(full=False, since="HEAD~1") == []
    shallow.git("fetch", "--quiet", "--unshallow")
    assert shallow.codes() == []


def test_a_history_without_the_plan(tmp_path: Path) -> None:
    story = Story(tmp_path / "repo" / "plan" / "2024.yaml")
    story.plan.parent.mkdir(parents=True)
    story.git("init", "--quiet")
    with pytest.raises(NothingToVerify):
        story.report()
    (story.repo / "README").write_text("Да")
    story.commit("Описание")
    story.plan.write_text("year: 2024\n")
    with pytest.raises(NothingToVerify):
        story.report()
