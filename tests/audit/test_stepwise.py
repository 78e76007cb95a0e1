"""Wherever verifying begins, it comes to the same: at once, after every commit, after a mark."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.audit.story import Story

FAR_FUTURE = "2099-01-01T10:00:00+03:00"


def on(story: Story, moment: str) -> Story:
    story.now = f"{moment}:00:00+03:00"
    return story


def unrelated(story: Story) -> None:
    """Commit what the plan has nothing to do with."""
    with (story.repo / "README").open("a", encoding="utf-8") as readme:
        readme.write("Да\n")
    story.commit("Описание")


def target(story: Story, value: str) -> None:
    story.set("1.1.3", indicator__target=value)


def write_dishonest_history(story: Story, act: Path) -> None:
    """Write a history with a fault of most kinds, and with what leads to one commits before it."""
    story.rewrite("language: ru\n", "language: ru\naudit:\n  backdating_days: 31\n")
    story.adopt("Так положено")
    story.set(
        "1.1.3",
        indicator__name="Обучено",
        indicator__unit="чел.",
        indicator__direction="not_less",
        indicator__target="90",
        indicator__period="quarter",
    )
    # Loosened on a branch; what is done under it and the taking back come after the merge.
    story.git("branch", "other")
    on(story, "2024-09-28T11").set(notes="Здесь")
    story.git("switch", "--quiet", "other")
    target(on(story, "2024-09-28T12"), "50")
    story.set("2.2.1", notes="Там")
    story.commit("Правка", "--amend")
    story.git("switch", "--quiet", "main")
    on(story, "2024-09-28T13").rewrite("language: ru\n", "language: ru # Да\n")
    story.commit("Правка")
    story.git("merge", "--quiet", "--no-ff", "-m", "Слияние", "other")
    on(story, "2024-09-28T13").record("1.1.3", complete=False)
    story.rewrite("backdating_days: 31", "backdating_days: 360")
    story.adopt("Опечатка")
    unrelated(story)
    target(on(story, "2024-09-28T14"), "90")
    story.record("1.1.1", quarter=1, day="2024-01-10", complete=False)
    story.rewrite("backdating_days: 360", "backdating_days: 31")
    story.adopt("Опечатка")
    # Evidence: altered, removed, none at all; a fact from the future, one too old.
    story.record("1.1.2", sources=[act])
    (file,) = (story.plan.parent / "evidence" / "2024" / "1.1.2").iterdir()
    file.write_text("Подделка")
    story.commit("Скан получше")
    file.unlink()
    story.commit("Удалено")
    story.record("2.2.1", documents=())
    story.record("3.4.1-2", day="2024-10-15", complete=False)
    story.record("1.1.1", quarter=2, day="2024-04-15", complete=False)
    # Without the program, under a message of it, with a comment, taken back by git.
    story.rewrite("№АЭС/593", "№АЭС/594")
    edit = story.commit("Правка", "--author=Чужой <other@tests.example>")
    story.rewrite("notes: Здесь", "notes: Там")
    story.commit(story.message("HEAD~2"))
    story.set(notes="Иначе")
    story.rewrite("notes: Иначе", "notes: Иначе # Утверждено директором")
    story.commit(story.message(), "--amend")
    story.git("revert", "--no-edit", edit)
    # A clock that was set back; the commit before has nothing to do with the plan.
    on(story, "2024-09-29T10").set(notes="Позже")
    unrelated(story)
    on(story, "2024-09-20T10").set(notes="Раньше")
    write_end(story)


def write_end(story: Story) -> None:
    """Go on: the plan goes, and comes back changed; signatures are asked for and not given."""
    on(story, "2024-09-30T10").git("rm", "-q", "--", "plan/2024.yaml")
    story.commit("Убрано")
    unrelated(story)
    story.git("checkout", "HEAD~2", "--", "plan/2024.yaml")
    story.rewrite("notes: Раньше", "notes: Вернулось")
    story.commit("Возвращено")
    story.rewrite("  backdating_days: 31\n", "  backdating_days: 31\n  signatures: required\n")
    story.adopt("Приказ")
    story.set(notes="Не подписано")
    unrelated(story)
    story.now = FAR_FUTURE
    story.set(notes="Завтра")
    unrelated(story)


@pytest.fixture(scope="module")
def dishonest(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("dishonest")
    copytree(begun, folder / "repo")
    act = folder / "Акт.pdf"
    act.write_bytes(b"%PDF-1.7")
    story = Story(folder / "repo" / "plan" / "2024.yaml")
    write_dishonest_history(story, act)
    return story


def rows(story: Story, **request: object) -> list[dict[str, str | None]]:
    found = story.findings(**request)
    return [finding.as_json() for finding in found if finding.is_of_history]


def test_after_every_commit_as_at_once(dishonest: Story) -> None:
    at_once = rows(dishonest, full=True)
    assert {row["code"] for row in at_once} == {
        "author-differs",
        "backdated",
        "by-hand",
        "comment-added",
        "commit-in-future",
        "commit-order",
        "completed-without-evidence",
        "date-in-future",
        "evidence-altered",
        "evidence-missing",
        "git-revert",
        "message-disagrees",
        "plan-begun-again",
        "plan-removed",
        "requirement-loosened",
        "trailers-disagree",
        "unsigned",
    }
    assert [row["code"] for row in at_once].count("requirement-loosened") == 2
    commits = dishonest.git("rev-list", "--first-parent", "--reverse", "main").split()
    dishonest.forget()
    for commit in commits:
        dishonest.git("reset", "--quiet", "--hard", commit)
        so_far = set(dishonest.git("rev-list", commit).split())
        assert rows(dishonest) == [row for row in at_once if row["commit"] in so_far], commit
    assert dishonest.report().count == 0
    assert rows(dishonest) == at_once


def test_after_any_commit_as_from_the_beginning(dishonest: Story) -> None:
    """What comes after a commit is judged by what was before it, walked or not."""
    at_once = rows(dishonest, full=True)
    for commit in dishonest.git("rev-list", "--first-parent", "main").split()[::5]:
        before = set(dishonest.git("rev-list", commit).split())
        expected = [row for row in at_once if row["commit"] not in before]
        # The evidence of HEAD is looked at whatever is left out.
        found = [row for row in rows(dishonest, since=commit) if row["commit"] not in before]
        assert found == expected, commit
