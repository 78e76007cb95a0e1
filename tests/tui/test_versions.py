"""Earlier versions on the screen: opened by a date or from the history, looked through, left."""

import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copyfile, copytree, rmtree

import pytest

from kvartal.history.diff.field_line import FieldLine
from kvartal.history.programme import Programme
from kvartal.history.store.ledger import Ledger
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.operations import record, remove, set_fields
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from kvartal.tui.actions.registry import BY_ID
from kvartal.tui.filters import Filter, FilterPeriod
from kvartal.tui.places import Place
from kvartal.tui.presentation.history import field_lines
from kvartal.tui.screens import history
from kvartal.tui.widgets.top_line import TopLine
from tests.support.cli import call
from tests.support.plans import many, plan_file, rewrite
from tests.support.repository import git
from tests.support.screens import SMALL, Stage, opened, programme_at

ROOT = Path(__file__).resolve().parents[2]
OPENING = "◄ Программа на "
TODAY = date(2024, 7, 1)
CHANGES_SOMETHING = ("record", "edit", "add", "undo", "repair")


def real(plan: Path) -> Programme:
    return programme_at(plan, "plan/2024.yaml")


def commit(plan: Path, moment: str, change: Callable[[PlanData], Change]) -> str:
    """Keep a change as if it were another moment; return the commit."""
    ledger = Ledger(plan)
    snapshot = ledger.read()
    ledger.apply(snapshot, change(snapshot.data))
    return amend(plan, moment)


def amend(plan: Path, moment: str) -> str:
    clock = {"GIT_COMMITTER_DATE": moment}
    command = ["git", "commit", "--quiet", "--amend", "--no-edit", f"--date={moment}"]
    subprocess.run(command, cwd=plan.parent, check=True, env=os.environ | clock)
    return git(plan.parent, "rev-parse", "HEAD").strip()


def done(data: PlanData) -> Change:
    return record(
        data,
        ["1.1.2"],
        RecordDraft(quarter=CalendarQuarter(2024, 3), date=date(2024, 6, 20), complete=True),
    )


def first_commit(repo: Path) -> Path:
    """Commit the real plan to a new repository; return it."""
    plan = repo / "plan" / "2024.yaml"
    plan.parent.mkdir()
    copyfile(ROOT / "plan" / "2024.yaml", plan)
    git(repo, "init", "--quiet", "-b", "main")
    git(repo, "add", "plan")
    git(repo, "commit", "--quiet", "-m", "Программа на 2024 год")
    return plan


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a repository and its commits by name, made once."""
    repo = tmp_path_factory.mktemp("half-a-year")
    plan = first_commit(repo)
    texts = {"result": "Терминал [red]стоит[/red]", "responsible": "Отдел ИТ"}
    made = {"begun": amend(plan, "2024-01-10T09:00:00+07:00")}
    for name, moment, change in (
        ("march", "2024-03-29T15:45:00+07:00", lambda data: set_fields(data, "1.1.2", texts)),
        ("may", "2024-05-14T10:00:00+07:00", lambda data: remove(data, "3.3.1")),
        ("june", "2024-06-20T10:00:00+07:00", done),
    ):
        made[name] = commit(plan, moment, change)
    return repo, made


@pytest.fixture
def half_a_year(_template: tuple[Path, dict[str, str]], repo: Path) -> dict[str, str]:
    """Return commits by name: 1.1.2 was renamed in March, 3.3.1 removed in May, 1.1.2 done."""
    source, made = _template
    rmtree(repo)
    copytree(source, repo)
    return made


@pytest.fixture
def plan(half_a_year: dict[str, str], repo: Path) -> Path:
    """Return the plan with that history."""
    return repo / "plan" / "2024.yaml"


async def go_to(stage: Stage, typed: str) -> None:
    """Open a version the way a person does."""
    await stage.press("м")
    await stage.paste(typed)
    await stage.press("enter")


async def test_a_date_opens_the_programme_as_it_was(
    plan: Path, half_a_year: dict[str, str]
) -> None:
    async with opened(plan, programme=real(plan), as_of=None, today=TODAY) as stage:
        await stage.press("down")
        assert "Исполнено" in stage.line(" 1.1.2 ")
        assert len(stage.ids()) == 19
        await stage.press("v")
        assert "30.06.2024" in stage.line("Конец II квартала")
        assert "Конец III квартала" not in stage.text()
        await stage.type("31.03")
        assert "как было к концу дня 31.03.2024, воскресенье" in stage.text()
        await stage.press("enter")
        march = half_a_year["march"][:7]
        told = f"◄ Программа на 31.03.2024 (запись {march}, Иванова Анна, 29.03.2024 15:45): только"
        assert told in stage.text()
        assert "Esc — к сегодняшней" in stage.text()
        assert "на 31.03.2024" in stage.line(" на ")
        assert len(stage.ids()) == 20
        assert "3.3.1" in stage.ids()
        assert "Запланировано" in stage.line(" 1.1.2 ")
        assert stage.chosen == "1.1.2"
        assert "Терминал [red]стоит[/red]" in stage.text()
        assert "Последние изменения" in stage.text()
        assert "исполнено 20.06.2024" not in stage.text()

        await stage.press("escape")
        assert OPENING not in stage.text()
        assert "сегодня 01.07.2024" in stage.text()
        assert len(stage.ids()) == 19
        assert stage.chosen == "1.1.2"
        assert "исполнено 20.06.2024" in stage.text()


async def test_everything_that_looks_works(plan: Path, half_a_year: dict[str, str]) -> None:
    async with opened(plan, size=SMALL, as_of=None, today=TODAY) as stage:
        await go_to(stage, "31.03")
        await stage.press("3")
        assert "1.1.2" in stage.ids()
        await stage.press("f")
        await stage.paste("стоит")
        await stage.press("enter")
        assert stage.ids() == ["1.1.2"]
        await stage.press("enter")
        assert "Ожидаемый результат   Терминал [red]" in stage.text()
        await stage.press("escape", "р")
        assert "История мероприятия 1.1.2 до 31.03.2024" in stage.text()
        assert "исполнено" not in stage.text()
        assert "29.03.2024" in stage.text()
        await stage.press("escape", "в")
        await stage.paste("01.10")
        await stage.press("enter")
        assert "на 01.10.2024" in stage.line(" на ")
        assert "◄ Программа на 31.03.2024" in stage.text()
        assert "Проср." in stage.line(" 1.1.2 ")
        await stage.press("t", "щ")
        assert "сроков 1" in stage.text()
        await stage.press("М")
        assert stage.main.view is not None
        third = FilterPeriod.of_quarter(CalendarQuarter(2024, 3))
        assert stage.main.view.filter == Filter(period=third, text="стоит")
        assert "сегодня 01.07.2024" in stage.text()
        await stage.press("щ")
        assert stage.chosen == "1.1.2"


async def test_what_was_not_there_yet_is_in_sight_again_afterwards(
    programme: Path, git: Callable[..., str]
) -> None:
    first = git("rev-parse", "HEAD").strip()
    rewrite(programme, 'number: "3.7"', 'number: "3.8"')
    rewrite(programme, "id: 3.4.1-2", "id: 3.4.1-3")
    git("commit", "-qam", "вручную")
    async with opened(programme, size=SMALL) as stage:
        await stage.press("end")
        assert stage.chosen == "3.4.1-3"
        stage.main.change_view(Filter(place=Place(channel="3.8")))
        await go_to(stage, first[:9])
        assert stage.main.view is not None
        assert stage.main.view.filter == Filter()
        await stage.press("escape")
        assert stage.main.view.filter == Filter(place=Place(channel="3.8"))
        await stage.press("escape", "end")
        await go_to(stage, first[:9])
        assert stage.chosen == "3.4.1-2"
        await stage.press("escape")
        assert stage.chosen == "3.4.1-3"


async def test_keys_that_change_something_say_why_not(
    plan: Path, half_a_year: dict[str, str]
) -> None:
    async with opened(plan, size=SMALL, as_of=None) as stage:
        await go_to(stage, "31.03")
        for name in CHANGES_SOMETHING:
            await stage.press(BY_ID[name].keys[-1])
            assert "прошлое не меняют. Esc — к сегодняшней" in stage.text(), name
            await stage.press("escape")
            assert OPENING in stage.text(), name
        assert "М к сегодняшней  ч что изменилось" in stage.text().splitlines()[-1]
        await stage.press("ч")
        assert "Что изменилось с 31.03.2024 по сегодня: 1.1.1" in stage.text()
        assert "С тех пор здесь ничего не изменилось." in stage.text()
        await stage.press("enter")
        assert "Восстанавливать нечего." in stage.text()
        await stage.press("escape", "escape")
        assert "к отметка" in stage.text().splitlines()[-1]
    assert len(git(plan.parent, "rev-list", "HEAD").split()) == len(half_a_year)


async def test_a_commit_and_a_tag_are_versions_too(plan: Path, half_a_year: dict[str, str]) -> None:
    git(plan.parent, "tag", "отчёт-1\u202e", half_a_year["march"])
    async with opened(plan, size=SMALL, as_of=None, today=TODAY) as stage:
        await go_to(stage, half_a_year["begun"][:8])
        begun = half_a_year["begun"][:7]
        assert f"◄ Программа на 10.01.2024 09:00 (запись {begun}, Иванова Анна)" in stage.text()
        assert stage.app.as_of == date(2024, 1, 10)
        await stage.press("v", "down", "end")
        assert "отчёт-1‹U+202E›" in stage.line("Метка")
        await stage.press("enter")
        march = half_a_year["march"][:7]
        assert f"29.03.2024 15:45 («отчёт-1‹U+202E›», запись {march}" in stage.text()


async def test_a_version_that_is_not_there_is_refused_where_it_is_typed(plan: Path) -> None:
    refusals = {
        "09.01": "К концу дня 09.01.2024 истории ещё не было: она начинается 10.01.2024.",
        "31.02": "Дня «31.02» нет в календаре",
        "abcdef1": "Версии «abcdef1» нет: нужна дата, начало номера",
        "": "Заполните это поле",
    }
    async with opened(plan, size=SMALL) as stage:
        for typed, told in refusals.items():
            await go_to(stage, typed)
            assert told in stage.text()
            assert stage.app.opened_version is None
            await stage.press("escape")
            assert "Дата или версия" not in stage.text()


async def test_from_the_history_a_commit_is_opened_as_it_was(
    plan: Path, half_a_year: dict[str, str]
) -> None:
    chosen = date(2024, 10, 1)
    async with opened(plan, size=SMALL, as_of=chosen) as stage:
        for key in ("enter", "т"):
            await stage.press("home", "down", "Р", "down")
            await stage.pilot.click(offset=(9, 2))  # A click only looks.
            await stage.settle()
            assert "История программы" in stage.text()
            await stage.press(key)
            assert "◄ Программа на 14.05.2024 10:00 (запись" in stage.text()
            assert stage.chosen == "1.1.2"
            assert "3.3.1" not in stage.ids()
            # The date was chosen for today's programme: the version is judged as of its own.
            assert stage.app.as_of == date(2024, 5, 14)
            await stage.press("escape")
        assert stage.main.query_one(TopLine).pinned
        assert stage.app.as_of == chosen


async def test_from_the_history_any_change_is_undone(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(plan, size=SMALL, programme=real(plan)) as stage:
        with monkeypatch.context() as patch:
            patch.setattr(history, "MAX_COMMITS", 1)
            await stage.press("Р", "end")
            said = "Показаны последние 1. Более ранние — в истории программы на дату: м."
            assert said in stage.words()
            await stage.press("escape")
        await stage.press("Р", "down", "г")
        assert "Отменить это изменение?" in stage.text()
        question = stage.text()
        await stage.press("f2")
        await stage.settle()
        assert "История программы" in stage.text()
        assert stage.app.recent_commits[0].trailers.reverts == stage.app.recent_commits[2].commit
        assert stage.app.recent_commits[2].subject[:20] in question
        await stage.press("home", "г")
        assert "сама отменяет" in stage.text()
        await stage.press("end", "г")
        assert "её не отменяют" in stage.text()
        await stage.press("т", "Р", "г")
        assert "прошлое не меняют" in stage.text()


async def test_the_history_of_a_carried_measure_runs_on_across_the_years(
    programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(programme.parents[1])
    for words in (("set", "1.1.2", "notes=прежнее"), ("new-year", "2025", "--renumber")):
        assert call([*words, "--plan", programme]).exit_code == 0
    new = programme.with_name("2025.yaml")
    async with opened(new, size=SMALL, programme=programme_at(new, "plan/2025.yaml")) as stage:
        await stage.press("down", "р")
        assert "2024: примечания: — → прежнее" in stage.text()
        await stage.press("down", "г")
        assert "Это запись программы plan/2024.yaml. Откройте её из списка" in stage.words()
        assert "прежнее" in stage.text()
        await stage.press("enter")
        assert stage.app.opened_version is None
        before = Ledger(new).read()
        Ledger(new).apply(before, set_fields(before.data, "1.1.2", {"responsible": "Я"}))
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        assert "→ Я " in stage.text()
        assert "Программа plan/2024.yaml" in stage.words()  # The cursor stays where it was.
        await stage.press("escape", "Р")
        assert "прежнее" not in stage.text()


async def test_a_version_that_cannot_be_read_says_so_and_opens_nothing(
    programme: Path, git: Callable[..., str]
) -> None:
    rewrite(programme, "year: 2024\n", "year: 2024\nx: [\n")
    git("commit", "-qam", "сломано")
    rewrite(programme, "x: [\n", "")
    git("commit", "-qam", "починено")
    async with opened(programme, size=SMALL, programme=real(programme)) as stage:
        await stage.press("Р", "down", "enter")
        assert "plan/2024.yaml" in stage.text()
        assert stage.app.opened_version is None
        await stage.press("escape")
        await go_to(stage, "HEAD~1")
        assert "Дата или версия" in stage.text()
        assert stage.app.opened_version is None


async def test_an_empty_history_has_no_versions(repo: Path) -> None:
    plan = plan_file(repo, many(2))
    async with opened(plan, size=SMALL, programme=real(plan)) as stage:
        await stage.press("Р", "enter", "т")
        assert "Изменений ещё не было." in stage.text()
        await stage.press("escape")
        await go_to(stage, "вчера")
        assert "Истории ещё нет: программу ни разу не сохраняли." in stage.text()
        await stage.press("escape")
        await go_to(stage, "HEAD")
        assert "Версии «HEAD» нет" in stage.text()
        assert stage.app.opened_version is None


async def test_without_a_history_the_dialog_says_why(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL, programme=real(real_plan)) as stage:
        await stage.press("м")
        assert "не в репозитории git" in stage.text()
        assert stage.app.opened_version is None


async def test_a_change_from_outside_meanwhile_leaves_the_version_in_place(
    plan: Path, half_a_year: dict[str, str]
) -> None:
    async with opened(plan, programme=real(plan), as_of=None, today=TODAY) as stage:
        await go_to(stage, "31.03")
        before = Ledger(plan).read()
        Ledger(plan).apply(before, set_fields(before.data, "1.1.1", {"responsible": "Сосед"}))
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        assert "◄ Программа на 31.03.2024" in stage.text()
        assert stage.app.as_of == date(2024, 3, 31)
        assert "Ответственный         Сосед" not in stage.text()
        await stage.press("escape", "escape", "home")
        assert "Ответственный         Сосед" in stage.text()


async def test_hostile_words_stay_words(programme: Path, git: Callable[..., str]) -> None:
    git("commit", "-q", "--amend", "--author", "[b]И[/b]\x1b[31m <a@b>", "-m", "[@click=quit]x[/]")
    async with opened(programme, size=SMALL) as stage:
        await go_to(stage, "HEAD")
        assert "\x1b" not in stage.text()
        assert "[b]И[/b]␛[31m" in stage.text()
        assert "«HEAD»" in stage.text()


def test_of_a_long_text_the_end_that_was_added_is_in_sight() -> None:
    text = "слово " * 2000
    lines = [
        "".join(cell.text for cell in line)
        for line in field_lines(FieldLine("Поле", text, f"{text}Конец"))
    ]
    assert lines[-1].endswith("слово Конец")
    assert len(lines[-1]) < 100
    (_, whole) = field_lines(FieldLine("Поле", None, text))
    assert whole[-1].text == text
