"""An earlier version beside today's: what changed, and what of it is brought back."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from kvartal.history.store.ledger import Ledger
from kvartal.schema.changes import Change, PlanData, measure_data
from kvartal.schema.operations import remove, set_fields
from kvartal.tui.presentation.word_diff import marked_cells
from tests.support.repository import git, subjects
from tests.support.screens import SMALL, Stage, opened
from tests.tui.test_versions import first_commit, go_to, real

LONG = "очень длинное примечание " * 90


def keep(plan: Path, *changes: Callable[[PlanData], Change]) -> None:
    ledger = Ledger(plan)
    for change in changes:
        snapshot = ledger.read()
        ledger.apply(snapshot, change(snapshot.data))


def texts(**values: str) -> Callable[[PlanData], Change]:
    return lambda data: set_fields(data, "1.1.2", values)


def value(plan: Path, field: str) -> object:
    return measure_data(Ledger(plan).read().data, "1.1.2").get(field)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a repository and its first commit, made once."""
    repo = tmp_path_factory.mktemp("changed")
    plan = first_commit(repo)
    first = git(repo, "rev-parse", "HEAD").strip()
    keep(
        plan,
        texts(
            responsible="Отдел [red]ИТ[/red]",
            result="Обеспечена установка трёх терминалов",
            notes=LONG + "конец",
        ),
        lambda data: remove(data, "3.3.1"),
    )
    return repo, first


@pytest.fixture
def changed(_template: tuple[Path, str], repo: Path) -> str:
    """Return the first commit; since then 1.1.2 has got three fields, 3.3.1 was removed."""
    rmtree(repo)
    copytree(_template[0], repo)
    return _template[1]


@pytest.fixture
def programme(changed: str, repo: Path) -> Path:
    """Return the plan with that history."""
    return repo / "plan" / "2024.yaml"


async def compare(stage: Stage, first: str, key: str = "ч") -> None:
    await stage.press("down")
    await go_to(stage, first[:10])
    await stage.press(key)


async def test_a_measure_beside_what_it_was(programme: Path, changed: str) -> None:
    async with opened(programme, size=SMALL, programme=real(programme)) as stage:
        await compare(stage, changed)
        text = stage.text()
        assert ": 1.1.2" in text.splitlines()[0]
        assert "Ответственный исполнитель: — → Отдел [red]ИТ[/red]" in text
        assert "было   Обеспечена установка терминала электронной очереди" in text
        assert "сейчас Обеспечена установка трёх терминалов" in text
        assert "3.3.1" not in text
        await stage.press("end")
        assert "конец" not in stage.text()
        await stage.press(*["pagedown"] * 6)
        assert "конец" in stage.text()
        await stage.press("Ч")
        assert "вся программа" in stage.text().splitlines()[0]
        assert "3.3.1  удалено с тех пор" in stage.text()
        await stage.press("end", "ч")
        assert "1.1.2" not in stage.text()
        assert "Предложение" in stage.text()


async def test_one_field_is_brought_back_by_keys(programme: Path, changed: str) -> None:
    async with opened(programme, size=SMALL, programme=real(programme)) as stage:
        await compare(stage, changed)
        await stage.press("down", "enter")
        assert "Восстановить в мероприятии 1.1.2 то, что было на" in stage.text()
        assert "Программа на 2024 год" in stage.text()
        assert "Ожидаемый результат: Обеспечена установка трёх терминалов →" in stage.text()
        assert "Отдел [red]ИТ[/red] → —" not in stage.text()
        await stage.press("escape")
        assert len(subjects(programme.parent)) == 3
        await stage.press("я", "f2")
        changes, _note, saved = stage.text().partition("Сохранено: 1.1.2: восстановлено: ")
        assert saved
        assert "трёх" not in changes
        assert "Отдел [red]ИТ[/red]" in stage.text()
        assert value(programme, "responsible") == "Отдел [red]ИТ[/red]"
        assert subjects(programme.parent, 1)[0].startswith(
            "1.1.2: восстановлено: ожидаемый результат:"
        )
        await stage.press("escape")
        assert stage.app.opened_version is not None
        assert stage.chosen == "1.1.2"


async def test_a_whole_measure_is_brought_back_and_today_is_shown(
    programme: Path, changed: str
) -> None:
    async with opened(programme, size=SMALL, programme=real(programme)) as stage:
        await compare(stage, changed, "я")
        assert "Восстановить мероприятие 1.1.2 таким, каким оно было на" in stage.text()
        await stage.press("enter")
        assert stage.app.opened_version is None
        assert stage.chosen == "1.1.2"
        assert "Сохранено: 1.1.2: восстановлено: ожидаемый результат" in stage.text()
        assert value(programme, "responsible") is None
        await stage.press("escape")
        await go_to(stage, changed[:10])
        await stage.press("я")
        assert "Мероприятие 1.1.2 и сейчас такое же, как тогда" in stage.text()
        await stage.press("escape", "Ч", "end", "Я", "f2")
        assert "Сохранено: 3.3.1: восстановлено: " in stage.text()
        await stage.press("escape", "escape")
        assert "3.3.1" in stage.ids()


async def test_what_cannot_be_brought_back_says_why(programme: Path, changed: str) -> None:
    async with opened(programme, size=SMALL, programme=real(programme)) as stage:
        await stage.press("я")
        assert "На экране сегодняшняя программа" in stage.text()
        await stage.press("escape", "ч")
        assert "На экране сегодняшняя программа" in stage.text()
        await stage.press("escape", "м")
        await stage.paste("HEAD~1")
        await stage.press("enter")
        text = programme.read_text(encoding="utf-8")  # noqa: ASYNC240 - a small file
        programme.write_text(  # noqa: ASYNC240 - the same
            text.replace("id: 3.4.1-2", "id: 3.4.1-3").replace("ОЧНОЕ", "ОЧНОЕ И"), encoding="utf-8"
        )
        git(programme.parent, "commit", "-qam", "вручную")
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        await stage.press("escape", "Ч", "home", "down", "я")
        assert "3.4.1-3  добавлено с тех пор" in stage.text()
        assert "Мероприятия 3.4.1-3 в той версии ещё не было" in stage.text()
        await stage.press("home")
        assert "ещё не было" not in stage.text()
        await stage.press("я")
        assert "Восстановить всё, что вне мероприятий, таким" in stage.text()
        assert "Раздел 1 переименован: «ОЧНОЕ И ОБСЛУЖИВАНИЕ»" in stage.words()
        await stage.press("f2")
        assert "Сохранено: Программа: восстановлено: раздел 1" in stage.text()
        assert subjects(programme.parent, 1)[0].startswith("Программа: восстановлено: раздел 1")


async def test_a_refused_restoring_leaves_everything(programme: Path, changed: str) -> None:
    keep(programme, texts(same_work="3.2.2"), texts(same_work=""))
    git(programme.parent, "tag", "тогда", "HEAD~1")
    keep(programme, lambda data: remove(data, "3.2.2"))
    before = git(programme.parent, "rev-parse", "HEAD")
    async with opened(programme, size=SMALL, programme=real(programme)) as stage:
        await compare(stage, "тогда", "я")
        await stage.press("f2")
        assert "«3.2.2» не другое мероприятие этой программы" in stage.text()
        await stage.press("escape")
        assert stage.app.opened_version is not None
    assert git(programme.parent, "rev-parse", "HEAD") == before


def test_the_words_that_differ_are_marked() -> None:
    old, new = marked_cells("Отдел продаж, 2 человека", "Отдел закупок, 2 человека")
    assert [cell.text for cell in old if cell.tone] == ["продаж"]
    assert [cell.text for cell in new if cell.tone] == ["закупок"]
    assert "".join(cell.text for cell in new) == "Отдел закупок, 2 человека"
    same, _same = marked_cells("одно", "одно")
    assert [cell.tone for cell in same] == [""]
    left, right = marked_cells("а " * 5000 + "б", "а " * 5000 + "в")
    assert [cell.text for cell in (*left, *right) if cell.tone] == ["б", "в"]
    assert marked_cells("", "\x1b[31m")[1][0].text == "␛[31m"
