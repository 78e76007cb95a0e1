"""Where verifying begins: at a version, at what this clone has verified, at the end of a clone."""

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kvartal.history.audit import walk_start
from kvartal.history.audit.anchor import anchor
from kvartal.history.audit.create_tag import create_tag
from kvartal.history.audit.report import NothingToVerify, ShallowMark, VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.schema.errors import untranslated
from kvartal.schema.operations import remove
from tests.audit.story import LANGUAGES, Story

if TYPE_CHECKING:
    from collections.abc import Callable


def cache_file(story: Story) -> Path:
    return story.repo / ".git" / "kvartal" / "verified.json"


def test_what_this_clone_verified_is_not_verified_again(story: Story) -> None:
    story.set(notes="Да")
    assert story.report().count == 2
    assert story.report().count == 0
    story.set(notes="Нет")
    assert story.report().count == 1
    assert story.report(full=True).count == 3
    done: list[tuple[int, int]] = []
    request = VerifyRequest(full=True)
    verify(story.plan, request, languages=LANGUAGES, progress=lambda *at: done.append(at))
    assert done == [(0, 3), (1, 3), (2, 3)]


def test_findings_are_reported_every_time(story: Story) -> None:
    story.report()
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    story.set(notes="Да")
    first = [one.as_json() for one in story.findings()]
    assert [one["code"] for one in first] == ["by-hand"]
    assert [one.as_json() for one in story.findings()] == first
    story.set(notes="Нет")
    assert [one.as_json() for one in story.findings()] == first


def test_findings_in_another_language_are_not_walked_for(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    story.set(notes="Да")
    story.record(day="2024-08-01")
    english = LANGUAGES[1]

    def rows(*, full: bool = False) -> tuple[int, list[dict[str, str | None]]]:
        request = VerifyRequest(full=full)
        report = verify(story.plan, request, languages=LANGUAGES, translate=english)
        return report.count, [one.as_json(english) for one in report.findings]

    russian = [one.as_json() for one in story.findings()]
    assert [one["code"] for one in russian] == ["by-hand", "backdated"]
    count, translated = rows()
    assert count == 0
    assert (4, translated) == rows(full=True)
    assert "Изменено" not in str(translated[0]["message"])
    assert (story.report().count, [one.as_json() for one in story.findings()]) == (0, russian)
    # Very many of them cost as much as the whole walk.
    monkeypatch.setattr(walk_start, "_MOST_TRANSLATED", 1)
    assert rows() == (4, translated)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"refs/heads/main": 1}', "\x00"])
def test_an_unreadable_cache_is_ignored(story: Story, text: str) -> None:
    story.report()
    cache_file(story).write_text(text)
    assert story.report().count == 1


def test_different_settings_make_the_cache_stale(story: Story) -> None:
    story.set(notes="Да")
    story.report()
    assert story.report(days=5).count == 2
    known = json.loads(cache_file(story).read_text(encoding="utf-8"))
    known["refs/heads/main"]["plan/2024.yaml"]["checks"] = "older"
    cache_file(story).write_text(json.dumps(known), encoding="utf-8")
    assert story.report().count == 2


def test_a_run_for_a_tag_ignores_the_cache(story: Story) -> None:
    story.report()
    before = story.head
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    forged = cache_file(story).read_text(encoding="utf-8").replace(before, story.head)
    cache_file(story).write_text(forged, encoding="utf-8")
    assert story.codes(full=False) == []  # It only saves time: anyone can forge it.
    assert [one.code for one in story.findings(tags_only=True)] == ["by-hand"]


def test_since_a_version(story: Story) -> None:
    story.rewrite("№АЭС/593", "№АЭС/594")
    edit = story.commit("Правка")
    story.set(notes="Да")
    assert story.found(full=False, since="HEAD~2") == [("by-hand", edit)]
    assert story.found(full=False, since="HEAD~1") == []
    assert not cache_file(story).exists()


def test_what_a_shallow_clone_does_not_have_may_have_been_brought_back(
    story: Story, tmp_path: Path
) -> None:
    story.record(day="2024-01-15")
    story.rewrite("  - id: 1.1.2", "  - id: 1.1.2  # Утверждено директором")
    story.commit()
    ways: list[tuple[Callable[[], str], list[str]]] = [
        (story.undo, []),
        (partial(story.git, "revert", "--no-edit", "HEAD"), ["by-hand"]),
    ]
    for at, (bring_back, codes) in enumerate(ways):
        story.do(remove, "1.1.2")
        bring_back()
        assert "# Утверждено директором" in story.plan.read_text("utf-8")
        folder = tmp_path / str(at)
        story.git("clone", "--quiet", "--depth=2", f"file://{story.repo}", folder)
        assert Story(folder / "plan" / "2024.yaml").codes() == ["shallow", *codes]


def test_a_shallow_clone(story: Story, tmp_path: Path) -> None:
    story.set(notes="а")
    mark = story.tag()
    for word in ("б", "в"):
        story.set(notes=word)
    folder = tmp_path / "shallow"
    story.git("clone", "--quiet", "--depth=2", f"file://{story.repo}", folder)
    shallow = Story(folder / "plan" / "2024.yaml")
    (finding,) = shallow.findings()
    assert (finding.code, shallow.report().count) == ("shallow", 2)
    assert "git fetch --unshallow" in finding.message()
    assert shallow.report().is_cut_off
    # Which history an anchor is of is not known where most of it was not fetched.
    first = story.git("rev-list", "--max-parents=0", "HEAD").strip()
    found = shallow.findings(expect=anchor("plan/2024.yaml", first))
    assert [one.code for one in found] == ["shallow", "shallow"]
    assert "не узнать" in found[1].message()
    assert shallow.codes(full=False, since="HEAD~1") == []
    with pytest.raises(ShallowMark):
        create_tag(shallow.report(), date(2024, 12, 31), untranslated, sign=False)
    # What is older than the clone is not lost, however it became known: with a mark, or as what the
    # server had; what has come after it is.
    shallow.git("fetch", "--quiet", "origin", "tag", mark)
    story.set(notes="г")
    shallow.git("fetch", "--quiet", "--depth=1")
    shallow.git("reset", "--quiet", "--hard", "origin/main")
    assert set(shallow.codes()) == {"shallow"}
    later = shallow.set(notes="д")
    assert set(shallow.codes()) == {"shallow"}
    shallow.git("reset", "--quiet", "--hard", "HEAD~1")
    assert ("history-rewritten", later) in shallow.found()
    shallow.git("reset", "--quiet", "--hard", later)
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
