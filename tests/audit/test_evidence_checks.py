"""Evidence that the plan states and that is not there, or not what is stated."""

from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from tests.audit.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable


def evidence_file(story: Story) -> Path:
    (found,) = (story.plan.parent / "evidence" / "2024" / "1.1.2").iterdir()
    return found


def test_altered_by_a_commit_that_leaves_the_plan_alone(story: Story, act: Path) -> None:
    story.record(sources=[act])
    evidence_file(story).write_text("Подделка")
    commit = story.commit("Скан получше")
    story.set(notes="Да")
    assert story.found() == [("evidence-altered", commit)]
    (finding,) = story.findings(full=True)
    assert finding.measure == "1.1.2"
    assert "Акт ввода.pdf" in finding.message()


def test_altered_and_restored_later_is_still_reported(story: Story, act: Path) -> None:
    story.record(sources=[act])
    evidence_file(story).write_text("Подделка")
    altered = story.commit("Скан получше")
    evidence_file(story).unlink()
    deleted = story.commit("Удалено")
    kept_path = story.plan.parent / "evidence" / "2024" / "1.1.2" / "Акт ввода.pdf"
    kept_path.parent.mkdir(parents=True, exist_ok=True)
    kept_path.write_bytes(act.read_bytes())
    story.commit("Возвращено")
    assert story.found() == [("evidence-altered", altered), ("evidence-missing", deleted)]


def test_of_the_same_size(story: Story, act: Path) -> None:
    story.record(sources=[act])
    evidence_file(story).write_bytes(act.read_bytes().swapcase())
    assert story.found() == [("evidence-altered", None)]
    commit = story.commit("Скан")
    assert story.found() == [("evidence-altered", commit)]


def test_altered_and_deleted_on_the_disk_only(story: Story, act: Path) -> None:
    story.record(sources=[act])
    evidence_file(story).write_text("Подделка")
    assert story.found() == [("evidence-altered", None)]
    evidence_file(story).unlink()
    assert story.found() == [("evidence-missing", None)]


def test_never_committed(story: Story, act: Path) -> None:
    commit = story.record(sources=[act])
    story.git("rm", "--quiet", "--cached", evidence_file(story))
    story.git("commit", "--quiet", "--amend", "--no-edit")
    commit = story.head
    assert story.found() == [("evidence-missing", commit)]
    (finding,) = story.findings(full=True)
    assert "назвали, но не внесли" in finding.message()


def test_replaced_with_its_hash(story: Story, act: Path, other_act: Path) -> None:
    """The file and its hash in the plan both changed: only the history shows it."""
    import hashlib

    story.record(sources=[act])
    old, new = act.read_bytes(), other_act.read_bytes()
    story.rewrite(hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest())
    story.rewrite(f"size: {len(old)}", f"size: {len(new)}")
    commit = story.commit("Скан получше")
    assert story.found() == [("evidence-altered", commit), ("by-hand", commit)]
    evidence_file(story).write_bytes(new)
    commit = story.commit("Скан получше", "--amend")
    story.forget()
    assert story.found() == [("evidence-replaced", commit), ("by-hand", commit)]


def test_replaced_with_a_trailer_of_the_program(story: Story, act: Path, other_act: Path) -> None:
    import hashlib

    story.record(sources=[act])
    old, new = act.read_bytes(), other_act.read_bytes()
    evidence_file(story).write_bytes(new)
    story.rewrite(hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest())
    story.rewrite(f"size: {len(old)}", f"size: {len(new)}")
    story.adopt()
    assert "Kvartal-Evidence" in story.message()
    assert story.codes() == []


def test_a_link_instead_of_a_file(story: Story, act: Path) -> None:
    story.record(sources=[act])
    place = evidence_file(story)
    place.unlink()
    place.symlink_to(act)
    commit = story.commit("Ссылка")
    assert story.found() == [("evidence-missing", commit)]


def test_what_is_there_instead_or_where_the_file_was_moved(story: Story, tmp_path: Path) -> None:
    """The finding says what was done to the file, not only that it is missing."""
    source = tmp_path / "Йод.pdf"
    source.write_text("Акт", encoding="utf-8")
    story.record(sources=[source])
    story.git("tag", "before")
    place = evidence_file(story)

    def write(path: Path, text: str = "Акт") -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_twice() -> None:
        write(place.with_name("я.pdf"))
        write(place.parents[1] / "0.pdf")

    def link_the_year() -> None:
        year = place.parents[1]
        rmtree(year)
        year.symlink_to("../y")

    cases: dict[str, Callable[[], object]] = {
        "удалён": lambda: None,
        "ссылка на «../x»": lambda: place.symlink_to("../x"),
        "ссылка на «../y»": link_the_year,
        "внесена папка": lambda: write(place / "x"),
        "(submodule)": lambda: story.clone(place),
        "в «evidence/2024/1.1.2/йод.pdf»": lambda: write(place.with_name("йод.pdf")),
        "в «evidence/2024/1.pdf»": lambda: write(place.parents[1] / "1.pdf"),
        "в «evidence/2024/1.1.2/я.pdf»": write_twice,
        "знаками Unicode": lambda: write(place.with_name(normalize("NFD", place.name))),
        "указатель Git LFS": lambda: write(place, "version https://git-lfs.github.com/spec/v1\n"),
    }
    for sentence, do in cases.items():
        place.unlink()
        do()
        commit = story.commit(sentence)
        (finding,) = story.findings(since="before")
        assert finding.commit is not None
        assert finding.commit.id == commit
        assert sentence in finding.message()
        story.git("reset", "--quiet", "--hard", "before")
        story.forget()
        story.git("clean", "--quiet", "-ffdx")


def test_each_content_is_hashed_once(
    story: Story, act: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kvartal.history.audit.evidence_checks import EvidenceChecker

    story.record(sources=[act])
    for word in ("а", "б", "в"):
        story.set(notes=word)
    seen = []
    read = EvidenceChecker._measure

    def counted(self: EvidenceChecker, blob: str) -> tuple[int, str]:
        seen.append(blob in self._sizes_and_hashes)
        return read(self, blob)

    monkeypatch.setattr(EvidenceChecker, "_measure", counted)
    assert story.found() == []
    assert seen.count(False) == 1
