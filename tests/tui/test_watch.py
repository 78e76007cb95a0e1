"""What others change while the screen is open is shown with fields and author; nothing is lost."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import OptionList

from kvartal.history.programme import Programme
from kvartal.history.store.ledger import Ledger
from kvartal.history.store.repo_state import RepoState
from kvartal.tui.presentation.external_changes import ExternalChange, change_sentence, differences
from tests.support.plans import measure, rewrite
from tests.support.repository import git as plain_git
from tests.support.repository import set_responsible
from tests.support.screens import SMALL, Stage, opened, programme_at

Git = Callable[..., str]

RESULT = "result: Обеспечена установка терминала электронной очереди"
PETROV = {"GIT_AUTHOR_NAME": "Петров Пётр", "GIT_AUTHOR_EMAIL": "petrov@tests.example"}


def real(plan: Path) -> Programme:
    return programme_at(plan, "plan/2024.yaml")


def content(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def remove(path: Path) -> None:
    path.unlink()


def rename(plan: Path, old: str, new: str) -> None:
    """Save as editors do: a new file takes the place of the old one."""
    other = plan.with_suffix(".new")
    other.write_text(plan.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    other.replace(plan)


def commit(repo: Path, subject: str = "правка", **environ: str) -> None:
    command = ["git", "commit", "-qam", subject]
    subprocess.run(command, cwd=repo, check=True, env={**os.environ, **environ})


async def look(stage: Stage, times: int = 1) -> str:
    """Let the screen look around; return what it says."""
    for _time in range(times):
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
    said = ""
    while said != stage.words():  # A longer sentence takes another line: a layout more.
        said = stage.words()
        await stage.pilot.pause(0.05)
    return said


async def test_a_foreign_commit_is_shown_with_fields_values_and_author(
    programme: Path, repo: Path
) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        rewrite(programme, RESULT, f"{RESULT}\n    responsible: Отдел качества")
        commit(repo, **PETROV)
        said = await look(stage)
        assert (
            "Обновлено: 1.1.2, ответственный исполнитель: — → Отдел качества. Кто: Петров Пётр."
            in said
        )
        assert "Файл правили вручную" not in said
        await stage.press("down", "enter", "end")
        assert "Петров Пётр: правка" in stage.text()
        assert stage.app.recent_commits[0].author == "Петров Пётр"


async def test_several_commits_are_counted(programme: Path, repo: Path) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        for number in range(1, 5):
            data = Ledger(programme).read()
            name = data.plan.measures[number].id
            Ledger(programme).apply(data, set_responsible(data.data, f"Отдел {number}", name))
        rewrite(programme, RESULT, f"{RESULT} и табло")
        commit(repo, **PETROV)
        said = await look(stage)
        assert "Обновлено, записей в истории: 5; изменено мероприятий: 4" in said
        assert "(1.1.2, 1.1.3, 1.1.3-2 …)" in said
        assert "Кто: Петров Пётр, Иванова Анна." in said


async def test_an_uncommitted_change_is_shown_as_an_edit_of_the_file(
    programme: Path, git: Git
) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        rename(programme, RESULT, f"{RESULT}\n    notes: ждём\n    responsible: Отдел")
        said = await look(stage, 2)
        assert "вне этого окна: 1.1.2: ответственный исполнитель, примечания." in said
        assert "Файл правили вручную" in said
        git("commit", "-qam", "Внёс")
        said = await look(stage)
        assert "В истории новая запись: Внёс. Кто: Иванова Анна." in said
        assert "Файл правили вручную" not in said
        rename(programme, "notes: ждём", "notes: дождались")
        await look(stage, 2)
        git("restore", "plan")
        said = await look(stage)
        assert "Файл вернули к тому, что в истории: 1.1.2, примечания: дождались → ждём." in said
        rename(programme, "year: 2024\n", "year: 2024 # год\n")
        assert "комментарии или расположение, значения те же" in await look(stage, 2)


async def test_branches_resets_and_a_detached_head_are_reported(
    programme: Path, repo: Path, git: Git
) -> None:
    git("switch", "-qc", "осень")
    rewrite(programme, RESULT, f"{RESULT} и табло")
    commit(repo)
    git("switch", "-q", "main")
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        git("switch", "-q", "осень")
        assert "Открыта ветка «осень»: 1.1.2, ожидаемый результат:" in await look(stage)
        assert [entry.subject for entry in stage.app.recent_commits] == [
            "правка",
            "Программа на 2024 год",
        ]
        git("reset", "-q", "--hard", "HEAD^")
        assert "История ветки отмотана назад или заменена: 1.1.2" in await look(stage, 2)
        assert [entry.subject for entry in stage.app.recent_commits] == ["Программа на 2024 год"]
        git("checkout", "-q", "--detach")
        said = await look(stage, 2)
        assert "Открыта отдельная версия, а не ветка: программа та же." in said
        assert "Только просмотр. В репозитории открыта отдельная версия" in said
        git("switch", "-q", "main")
        said = await look(stage, 2)
        assert "Открыта ветка «main»: программа та же." in said
        assert "Только просмотр" not in said


async def test_an_operation_that_begins_and_ends_is_noticed(
    programme: Path, repo: Path, git: Git
) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        (repo / ".git" / "MERGE_HEAD").write_text(git("rev-parse", "HEAD"), "ascii")
        assert "не закончена команда `git merge`" in await look(stage)
        (repo / ".git" / "MERGE_HEAD").unlink()
        assert "не закончена" not in await look(stage)


async def test_cursor_marks_filter_and_scroll_stay(programme: Path, repo: Path) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await stage.press("end", "up", "space", "up")
        chosen, marked, table = stage.chosen, stage.main.marked, stage.main.table
        place, ids = table.scroll_offset, stage.ids()
        assert place.y > 0
        rewrite(programme, RESULT, f"{RESULT} и табло")
        commit(repo, **PETROV)
        assert "Петров" in await look(stage)
        assert (stage.chosen, stage.main.marked, stage.ids()) == (chosen, marked, ids)
        assert table.scroll_offset == place
        # A row that comes above moves the table, and the cursor goes with its measure.
        before = Ledger(programme).read()
        text = content(programme).decode()
        first = text[text.index("  - id: 1.1.1\n") : text.index("  - id: 1.1.2\n")]
        new = first.replace("1.1.1", "1.1.5").replace("actions:", "notes: новое\n    actions:")
        rename(programme, "  - id: 1.1.2\n", f"{new}  - id: 1.1.2\n")
        assert "1.1.5: добавлено" in await look(stage, 2)
        assert len(before.plan.measures) + 1 == len(stage.app.snapshot.plan.measures)  # type: ignore[union-attr] # it was read
        assert (stage.chosen, stage.main.marked) == (chosen, marked)


async def test_an_editor_in_the_middle_of_saving_makes_no_flicker(programme: Path) -> None:
    good = content(programme)
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        calm = stage.words()
        put(programme, good[: len(good) // 2] + b'"')
        assert await look(stage) == calm
        put(programme, good)
        assert await look(stage) == calm
        remove(programme)
        assert await look(stage) == calm
        assert "Показано прежнее содержание. F6 — вернуть прежний файл." in await look(stage)
        assert len(stage.ids()) == 20
        put(programme, good)
        assert await look(stage) == calm
        put(programme, b"year: 2024\n")
        assert "Показано прежнее содержание" in await look(stage, 2)
        await stage.press("f6", "f7", "f2")
        assert content(programme) == good
        assert "Правка отложена." in stage.text()
        await stage.press("escape")
        assert stage.words() == calm
        remove(programme)
        await look(stage, 2)
        await stage.press("f6", "f7", "f2")
        assert content(programme) == good
        assert "Файл возвращён из истории" in stage.text()


async def test_two_copies_of_the_screen_edit_in_turn(programme: Path, git: Git) -> None:
    async with (
        opened(programme, programme=real(programme), size=SMALL) as one,
        opened(programme, programme=real(programme), size=SMALL) as other,
    ):
        await one.press("3")
        filtered = one.ids()
        for turn, (here, there) in enumerate([(one, other), (other, one), (one, other)]):
            snapshot = here.app.snapshot
            assert snapshot is not None
            await here.app.save_change(set_responsible(snapshot.data, f"Отдел {turn}"))
            await here.settle()
            assert "Кто: Иванова Анна." in await look(there)
            said = here.words()
            assert await look(here) == said
            assert there.app.snapshot is not None
            assert there.app.snapshot.plan.measure("1.1.2").responsible_line == f"Отдел {turn}"
            assert there.app.recent_commits == here.app.recent_commits
        assert (one.ids(), len(other.ids())) == (filtered, 20)
    assert git("rev-list", "--count", "HEAD").strip() == "4"


async def test_a_worktree_is_watched_too(programme: Path, repo: Path, git: Git) -> None:
    git("worktree", "add", "-q", "-b", "вторая", "../second")
    git("pack-refs", "--all")
    plan = repo.parent / "second" / "plan" / "2024.yaml"
    async with opened(plan, programme=real(plan), size=SMALL) as stage:
        rewrite(plan, RESULT, f"{RESULT} и табло")
        commit(plan.parent, **PETROV)
        assert "Кто: Петров Пётр." in await look(stage)
        plain_git(plan.parent, "switch", "-q", "--detach", "HEAD^")
        assert "Открыта отдельная версия" in await look(stage)


async def test_while_another_writes_nothing_is_said(programme: Path, repo: Path) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        calm = stage.words()
        lock = repo / ".git" / "index.lock"
        lock.touch()
        rewrite(programme, RESULT, f"{RESULT} и табло")
        assert await look(stage) == calm
        lock.unlink()
        commit(repo, **PETROV)
        assert "Обновлено: 1.1.2" in await look(stage)


async def test_git_is_not_woken_when_nothing_happened(
    programme: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facade = real(programme)
    asked: list[str] = []
    state = facade.state

    def counted() -> RepoState:
        asked.append("state")
        return state()

    async with opened(programme, programme=facade, size=SMALL) as stage:
        await look(stage)
        monkeypatch.setattr(facade, "state", counted)
        await look(stage, 5)
        assert asked == []
        (repo / "другое.txt").write_text("не программа", encoding="utf-8")
        plain_git(repo, "add", "-A")
        commit(repo)
        said = stage.words()
        assert await look(stage) == said
        assert asked == ["state"]


async def test_an_open_history_goes_on_and_what_is_read_stays(programme: Path, repo: Path) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        rewrite(programme, RESULT, f"{RESULT} и табло")
        commit(repo, "первая")
        await look(stage)
        await stage.press("Р", "down")
        chosen = stage.app.screen.query_one(OptionList).highlighted
        assert chosen == 1
        rewrite(programme, RESULT, f"{RESULT}\n    notes: ждём")
        commit(repo, "вторая", **PETROV)
        assert "вторая" in await look(stage)
        assert stage.app.screen.query_one(OptionList).highlighted == 2
        await stage.press("home")
        assert "+ ждём" in stage.words()


async def test_it_checks_at_the_given_interval(programme: Path, repo: Path) -> None:
    async with opened(
        programme, programme=real(programme), size=SMALL, check_interval=0.1
    ) as stage:
        rewrite(programme, RESULT, f"{RESULT} и табло")
        commit(repo, **PETROV)
        for _time in range(200):
            await stage.pilot.pause(0.02)
            if "Кто: Петров Пётр." in stage.text():
                break
        assert "Обновлено: 1.1.2" in stage.text()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("а" * 61, "б", f"{'а' * 59}… → б"),
        ("ждём весь год", "ждём", "ждём весь год → ждём"),
        (f"{'слово ' * 20}один", f"{'слово ' * 20}два", "…слово слово один → …слово слово два"),
        ("а" * 99, "а" * 98, f"…{'а' * 16} → …{'а' * 15}"),
    ],
)
def test_of_long_values_it_is_said_where_they_differ(old: str, new: str, said: str) -> None:
    plans: list[dict[str, Any]] = [
        {"year": 2024, "measures": [measure(1, notes=text)]} for text in (old, new)
    ]
    change = ExternalChange(groups=differences(*plans))
    assert change_sentence(change).endswith(f"примечания: {said}.")
