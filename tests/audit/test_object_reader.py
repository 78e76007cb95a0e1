"""Git's objects: what is put in their place is not believed, and damage is reported."""

import zlib
from pathlib import Path

import pytest

from kvartal.history.audit.object_reader import ObjectBroken
from tests.audit.story import Story


@pytest.fixture
def edited(story: Story) -> tuple[Story, str]:
    """Return a history with an edit outside the program under an honest commit, and the edit."""
    story.rewrite("№АЭС/593", "№АЭС/594")
    edit = story.commit("Правка")
    story.set(notes="Да")
    return story, edit


def test_a_replacement_commit_is_ignored(edited: tuple[Story, str]) -> None:
    story, edit = edited
    first = story.git("rev-parse", f"{edit}^").strip()
    story.git("replace", "HEAD", first)
    assert "Правка" not in story.git("log", "--format=%s")
    assert ("by-hand", edit) in story.found()


def test_a_graft_is_ignored(edited: tuple[Story, str]) -> None:
    story, edit = edited
    first = story.git("rev-parse", f"{edit}^").strip()
    (story.repo / ".git" / "info").mkdir(exist_ok=True)
    (story.repo / ".git" / "info" / "grafts").write_text(f"{story.head} {first}\n")
    assert "Правка" not in story.git("log", "--format=%s")
    assert story.found() == [("by-hand", edit)]


def loose(story: Story, name: str) -> Path:
    return story.repo / ".git" / "objects" / name[:2] / name[2:]


def test_an_object_that_is_not_what_its_hash_says(story: Story, act: Path) -> None:
    story.record(sources=[act])
    blob = story.git("rev-parse", "HEAD:./plan/2024.yaml").strip()
    content = zlib.decompress(loose(story, blob).read_bytes())
    forged = content.replace("Акт ввода".encode(), "Акт сноса".encode())
    assert forged != content
    loose(story, blob).chmod(0o644)
    loose(story, blob).write_bytes(zlib.compress(forged))
    with pytest.raises(ObjectBroken):
        story.report()


def test_a_missing_object(story: Story) -> None:
    story.set(notes="Да")
    loose(story, story.git("rev-parse", "HEAD^").strip()).unlink()
    with pytest.raises(ObjectBroken) as caught:
        story.report()
    assert "git fsck" in caught.value.message()


def test_a_repository_with_sha256_hashes(story: Story, tmp_path: Path) -> None:
    other = Story(tmp_path / "sha256" / "plan" / "2024.yaml", "2024-01-09T09:00:00+03:00")
    other.plan.parent.mkdir(parents=True)
    other.plan.write_bytes(story.plan.read_bytes())
    other.git("init", "--quiet", "--object-format=sha256")
    other.adopt()
    other.set(notes="Да")
    other.undo()
    assert len(other.head) == 64
    other.rewrite("№АЭС/593", "№АЭС/594")
    commit = other.commit("Правка")
    assert other.found() == [("by-hand", commit)]


def test_malformed_commits_are_read(story: Story) -> None:
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.git("add", "-A")
    tree = story.git("write-tree").strip()
    head = (
        f"tree {tree}\nparent {story.head}\nauthor  <> 99999999999999999 +9999\n"
        "committer Не пойми кто\nencoding koi8-r\n\n"
    ).encode()
    raw = story.repo / "commit"
    raw.write_bytes(head + "Правка\x1b[31m".encode("koi8-r"))
    name = story.git("hash-object", "-t", "commit", "-w", "--literally", raw).strip()
    raw.unlink()
    story.git("update-ref", "HEAD", name)
    (finding, *_) = story.findings()
    assert finding.commit is not None
    assert finding.commit.subject.startswith("Правка")
    assert ("by-hand", name) in story.found()
