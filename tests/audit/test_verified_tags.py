"""Verified tags: what they say, and those that are not what they say."""

import os

import pytest

from kvartal.history.git.errors import GitLocked
from tests.audit.story import VERIFIED, Story, accept_all


def test_a_tag_says_what_was_verified(story: Story) -> None:
    story.set(notes="Да")
    assert story.tag() == VERIFIED
    tag = story.git("cat-file", "tag", VERIFIED)
    assert "Проверено: программа на 2024 год, 31.12.2024" in tag
    assert f"Kvartal-Verified: {story.head}" in tag
    assert "Kvartal-Plan: plan/2024.yaml" in tag
    assert "Kvartal-Digest: sha256:" in tag
    assert "Проверено изменений: 2." in tag
    assert tag.endswith(f"Kvartal-Anchor: {story.report().anchor}\n")
    assert story.tag() == VERIFIED + "-2"
    assert story.tag() == VERIFIED + "-3"
    assert f"после метки {VERIFIED}" in story.git("cat-file", "tag", VERIFIED + "-2")


def test_commits_before_a_tag_are_not_verified_again(story: Story) -> None:
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    story.git("tag", "-a", VERIFIED, "-F", "-", given=honest_message(story))
    story.set(notes="Да")
    report = story.report()
    assert (report.findings, report.count) == ((), 1)
    assert story.codes() == ["by-hand"]


def honest_message(story: Story, commit: str = "HEAD") -> str:
    import hashlib

    content = story.git("show", f"{commit}:plan/2024.yaml").encode()
    return (
        "Проверено\n\n"
        f"Kvartal-Verified: {story.git('rev-parse', commit)}"
        "Kvartal-Plan: plan/2024.yaml\n"
        f"Kvartal-Digest: sha256:{hashlib.sha256(content).hexdigest()}\n"
    )


@pytest.mark.parametrize(
    ("forge", "sentence"),
    [
        (lambda story: story.git("tag", "-f", VERIFIED, "HEAD~1"), "без записи о том"),
        (
            lambda story: story.git("tag", "-fam", "Проверено", VERIFIED, "HEAD~1"),
            "в ней не сказано",
        ),
        (
            lambda story: story.git(
                "tag", "-fa", VERIFIED, "HEAD~1", "-F", "-", given=honest_message(story, "HEAD")
            ),
            "({head})",
        ),
        (
            lambda story: story.git(
                "update-ref", f"refs/tags/{VERIFIED}-2", f"refs/tags/{VERIFIED}"
            ),
            "({head})",
        ),
        # The same plan, at another commit; the right commit, with another plan.
        (
            lambda story: story.git(
                "tag", "-fa", VERIFIED, "HEAD~1", "-F", "-", given=honest_message(story, "HEAD~2")
            ),
            "({first})",
        ),
        (
            lambda story: story.git(
                *("tag", "-fa", VERIFIED, "HEAD", "-F", "-"),
                given=honest_message(story, "HEAD").replace("Digest: sha256:", "Digest: sha256:0"),
            ),
            "(sha256:0",
        ),
    ],
)
def test_a_forged_tag(story: Story, forge: object, sentence: str) -> None:
    (story.repo / "README").write_text("Да")
    story.commit("Описание")
    story.set(notes="Да")
    story.tag()
    commits = {"head": story.head[:12], "first": story.git("rev-parse", "HEAD~2")[:12]}
    assert callable(forge)
    forge(story)
    assert story.codes() == ["mark-forged"]
    story.set(notes="Нет")
    report = story.report()
    assert [one.code for one in report.findings] == ["mark-forged"]
    assert all(one.commit for one in report.findings)
    assert sentence.format(**commits) in report.findings[0].message()


def test_a_removed_or_replaced_tag(story: Story) -> None:
    """This clone has seen it, and does not forget: whoever did it on purpose says why."""
    story.set(notes="Да")
    story.tag()
    story.set(notes="Нет")
    tag = story.git("rev-parse", VERIFIED).strip()
    story.git("tag", "--delete", VERIFIED)
    for _ in range(2):
        (finding,) = story.findings()
        assert finding.code == "mark-removed"
        assert f"git tag {VERIFIED} {tag[:12]}" in finding.message()
    story.git("tag", "-a", VERIFIED, "-F", "-", given=honest_message(story))
    assert story.codes(full=False) == ["mark-forged"]
    story.git("tag", "--force", VERIFIED, tag)
    assert story.codes(full=False) == []
    story.git("tag", "--delete", VERIFIED)
    assert story.codes() == ["mark-removed"]
    accept_all(story)
    for full in (True, False):
        assert story.open_codes(full=full) == []
        assert story.codes(full=full) == ["mark-removed"]


def test_a_tag_of_a_blob(story: Story) -> None:
    blob = story.git("rev-parse", "HEAD:./plan/2024.yaml").strip()
    story.git("tag", VERIFIED, blob)
    story.git("tag", "-a", f"{VERIFIED}-2", blob, "-m", "Проверено")
    assert story.codes() == ["mark-forged", "mark-forged"]


def test_a_tag_that_cannot_be_read_stops_nothing(story: Story) -> None:
    story.set(notes="Да")
    story.tag()
    refs = story.repo / ".git" / "refs"
    (refs / "tags" / f"{VERIFIED}-2").write_text("garbage\n")
    witness = refs / "kvartal" / "seen" / "abcd"
    witness.parent.mkdir(parents=True)
    witness.write_text("garbage\n")
    broken, seen = story.findings()
    assert (broken.code, seen.code) == ("mark-unreadable", "seen-unreadable")
    assert f"Удалите его (.git/refs/tags/{VERIFIED}-2)" in broken.message()
    assert "«.git/refs/kvartal/seen/abcd»" in seen.message()
    assert not broken.is_of_history
    (refs / "tags" / f"{VERIFIED}-2").unlink()
    witness.unlink()
    tag = story.git("rev-parse", VERIFIED).strip()
    stored = story.repo / ".git" / "objects" / tag[:2] / tag[2:]
    content = stored.read_bytes()
    for damage in (stored.unlink, lambda: stored.write_bytes(b"x")):
        stored.chmod(0o600)
        damage()
        (lost,) = story.findings()
        assert lost.code == "mark-unreadable"
        assert f"`git tag -d {VERIFIED}`" in lost.message()
        stored.write_bytes(content)
    assert story.codes() == []


def test_a_lock_that_keeps_a_tag_from_being_created_is_named(story: Story) -> None:
    story.set(notes="Да")
    lock = story.repo / ".git" / "refs" / "tags" / f"{VERIFIED}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    os.utime(lock, (1, 1))
    with pytest.raises(GitLocked, match=f"оставила файл «.*{lock.name}»"):
        story.tag()


def test_tags_of_a_different_plan_do_not_count(story: Story) -> None:
    text = honest_message(story).replace("plan/2024.yaml", "plan/2023.yaml")
    story.git("tag", "-a", VERIFIED, "-F", "-", given=text)
    assert story.codes() == []
