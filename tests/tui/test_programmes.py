"""The list of programmes, its cache, and the start screen where there is none."""

import json
import os
from asyncio import sleep
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copyfile, copytree

import pytest
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from kvartal.history import plan_file
from kvartal.history.store.facts_cache import FactsCache
from kvartal.history.store.snapshot import read_snapshot
from kvartal.schema.measure import Origin, Term
from kvartal.schema.next_year import Candidate
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.creation.next_year import next_path
from kvartal.tui.form_drafts import drafts_at
from kvartal.tui.plans.portfolio import (
    ProgrammeSummary,
    SummaryCache,
    cache_path,
    programme_files,
    summary_of,
)
from kvartal.tui.presentation.next_year import CandidateChoice
from kvartal.tui.presentation.programmes import heading_line, programme_line
from kvartal.tui.settings import Settings, read_settings, settings_path
from kvartal.tui.start import StartApp
from kvartal.tui.terminal.messages import UnbracketedPaste
from tests.schema.models import a_measure
from tests.support.repository import git, subjects
from tests.support.screens import DAY, SMALL, opened, programme_at

TODAY = date(2031, 5, 6)


@pytest.fixture
def several(real_plan: Path) -> Path:
    """Return the real plan; one of a supplier, and a broken one of last year, are beside it."""
    text = real_plan.read_text(encoding="utf-8")
    (real_plan.parents[1] / ".git").mkdir()
    supplier = real_plan.parents[1] / "suppliers" / "1" / "plan" / "2024.yaml"
    supplier.parent.mkdir(parents=True)
    other = text.replace("АО «Алтайэнергосбыт»\n", "ООО «Ёлка»\n", 1)
    other = other.replace("    result:", "    responsible: Отдел 7\n    result:", 1)
    supplier.write_text(other, encoding="utf-8")
    header = text.replace("year: 2024", "year: 2023", 1).partition("\nmeasures:")[0]
    broken = f"{header}\nmeasurez: []\nmeasures: []\n"
    real_plan.with_name("2023.yaml").write_text(broken, encoding="utf-8")
    return real_plan


def seen(app: App[Path]) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


async def settle(pilot: Pilot[Path]) -> None:
    """Wait until no worker runs."""
    await pilot.pause()
    while any(not worker.is_finished for worker in pilot.app.workers):  # noqa: ASYNC110
        await sleep(0.01)
    await pilot.pause()


async def keys(pilot: Pilot[Path], *names: str) -> None:
    for name in names:
        await pilot.press(name)
        await settle(pilot)


async def key_that_ends(pilot: Pilot[Path] | Pilot[None], name: str) -> None:
    """Press a key that ends the application; a pilot would wait for an answer until it gives up."""
    pilot.app.simulate_key(name)
    for _turn in range(500):
        if pilot.app._exit:
            return
        await sleep(0.01)


async def test_every_programme_is_listed_and_one_opened(several: Path) -> None:
    async with opened(several, size=SMALL) as stage:
        await stage.press("п")
        text = stage.text()
        assert "Программ: 3 · просрочено: 80 · на 01.10.2024 · с ошибками: 1" in text
        assert "файл с ошибками" in stage.line("2023")
        await stage.type("елка")
        assert "Программ: 1 · просрочено: 40" in stage.text()
        assert "31.12.2024" in stage.line("ООО «Ёлка»")
        await stage.press("tab", "tab")
        assert "Отдел 7" in stage.text()
        await stage.press("down", "enter")
        assert "ООО «Ёлка»" in stage.text()
        await key_that_ends(stage.pilot, "enter")
        assert stage.app.next_plan == several.parents[1] / "suppliers" / "1" / "plan" / "2024.yaml"


@pytest.mark.parametrize("width", [41, 55, 65, 75, 135])
def test_an_organization_can_be_told_at_any_width(width: int) -> None:
    one = ProgrammeSummary("/a/plan/2024.yaml", "МБУК «ЦГБ» г. Барнаула", "План", "2024", 9, 1, 8)
    heading, line = heading_line(width), programme_line(one, width)
    assert line.plain.startswith(one.organization[:15])
    assert heading.cell_len == len(line.plain.removesuffix(" ")) <= width
    assert "8" in line.plain[heading.plain.index("Просрочено") :].split()[0]


async def test_where_nothing_is_overdue_no_filter_is_blamed(several: Path) -> None:
    async with opened(several, size=SMALL, as_of=date(2024, 1, 1)) as stage:
        await stage.press("п")
        await stage.type("отдел 7")  # Who is overdue with nothing is responsible all the same.
        assert "ООО «Ёлка»" in stage.text()
        await stage.press("escape", "tab")
        assert "Ничего не просрочено." in stage.text()
        await stage.type("ъ")
        assert "Ничего не подходит." in stage.text()


async def test_copies_are_named_and_sorting_goes_to_the_top(several: Path) -> None:
    supplier = several.parents[1] / "suppliers" / "1" / "plan"
    for name in ("2024 (копия).yaml", "2024.sync-conflict-20240101-120000-ABC.yaml"):
        (supplier / name).write_bytes((supplier / "2024.yaml").read_bytes())
    async with opened(several, size=SMALL) as stage:
        await stage.press("п")
        assert "Программ: 3 " in stage.text()
        assert "· копий: 2" in stage.text()
        assert "рядом копии" not in stage.text()
        await stage.type("елка")
        assert (
            "рядом копии, это не программы: 2024 (копия).yaml, "
            "2024.sync-conflict-20240101-120000-ABC.yaml"
        ) in stage.text()
        await stage.press("escape", "f4")
        lines = stage.app.screen.query_one(OptionList)
        assert lines.highlighted == 0
        assert "Порядок: просрочено · Программ: 3 " in stage.text()
        await stage.press("tab", "f4")
        assert "Порядок" not in stage.text()
        await stage.press("escape")
        assert "Порядок: просрочено · Программ: 3 " in stage.text()


async def test_a_broken_programme_says_why_and_folders_are_kept(
    several: Path, tmp_path: Path
) -> None:
    copytree(several.parent, tmp_path / "far" / "plan")
    async with opened(several, size=SMALL) as stage:
        await stage.press("g")
        await stage.type("2023")
        assert "measurez" in stage.text()
        await stage.press("escape", "f12")
        await stage.paste(str(tmp_path))
        await stage.press("f2")
        assert f"В папке «{tmp_path}» программ нет." in stage.text()
        await stage.paste("/far")
        await stage.press("f2")
        assert "Программ: 5" in stage.text()
        assert read_settings(settings_path()).folders == (str(tmp_path / "far"),)
        await stage.press("escape")
        assert stage.app.next_plan is None
        assert "1.1.1" in stage.text()


def test_what_was_seen_is_not_read_again_and_a_hostile_cache_is_not_believed(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = programme_files(several.parent, ["/nowhere"])
    assert len(files) == 3
    path = cache_path()
    cache = SummaryCache(path, DAY)
    assert [cache.known(one) for one in files] == [None] * 3
    made = [cache.made(one) for one in files]
    cache.save()
    cache = SummaryCache(path, DAY)
    assert [cache.known(one) for one in files] == made
    assert SummaryCache(path, TODAY).known(files[0]) is None
    with monkeypatch.context() as patch:  # A different day asks for no YAML of what is right.
        patch.setattr(plan_file, "load", lambda *_: pytest.fail("read again"))
        other = [SummaryCache(path, TODAY).made(one) for one in files]
    assert [one.overdue for one in other] > [one.overdue for one in made]
    assert [one.problem for one in other] == [one.problem for one in made]
    files[0].write_bytes(files[0].read_bytes() + b"\n")
    assert cache.known(files[0]) is None
    whole = json.loads(path.read_text(encoding="utf-8"))
    entry = whole["entries"][1]
    for change in (
        {"overdue": "0"},
        {"overdue": -1},
        {"discipline": 1e9},
        {"organization": "x" * 5000},
        {"next_due": "soon"},
        {"responsible": [["x"]]},
        {"stamp": ["1", 2]},
        {"more": 1},
    ):
        path.write_text(json.dumps({**whole, "entries": [{**entry, **change}]}), encoding="utf-8")
        assert SummaryCache(path, DAY).known(files[1]) is None
    for text in ("[" * 100_000, "{}", "[]", '{"entries": 1}', "\x00"):
        path.write_text(text, encoding="utf-8")
        assert SummaryCache(path, DAY).known(files[1]) is None
    assert summary_of(several.with_name("none.yaml"), DAY, FactsCache(path)).problem


async def test_a_new_programme_is_asked_for_in_one_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    for name in (
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    config.write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    app = StartApp(folder, Settings(), TODAY)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "программы ещё нет. С чего начать?" in seen(app)
        await keys(pilot, "enter", "f2")
        assert "обязательно" in seen(app)
        assert list(folder.iterdir()) == []
        await keys(pilot, "С", "в", "е", "т", "tab", "П", "л", "а", "н", "tab", "tab", "tab")
        await keys(pilot, "О", "ч", "н", "о", "enter", "З", "а", "о", "ч", "н", "о", "tab")
        await keys(pilot, "Я", "tab", "a", "@", "b", ".", "r", "u")
        await key_that_ends(pilot, "f2")
    assert app.return_value == folder / "plan" / "2031.yaml"
    text = app.return_value.read_text(encoding="utf-8")
    assert "organization: Свет\n  title: План\n" in text
    assert 'number: "2"\n    title: Заочно' in text
    assert len(subjects(folder)) == 3
    assert git(folder, "log", "-1", "--format=%an <%ae>").strip() == "Я <a@b.ru>"


async def test_a_bug_on_the_start_screen_keeps_what_is_typed(tmp_path: Path) -> None:
    app = StartApp(tmp_path, Settings(), TODAY)

    def fail() -> None:
        raise ZeroDivisionError

    async def use() -> None:
        async with app.run_test(size=SMALL) as pilot:
            await keys(pilot, "enter")
            app.post_message(UnbracketedPaste([Key(one, one) for one in "Школа"]))
            await settle(pilot)
            app.call_later(fail)
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await use()
    (draft,) = drafts_at(tmp_path)
    assert [text.typed for text in draft.texts.values()] == ["Школа"]
    assert "та же форма предложит его снова" in app.last_words


async def test_several_programmes_of_a_day_are_offered(several: Path) -> None:
    copyfile(several, several.with_name("again.yaml"))
    app = StartApp(several.parent, Settings(), DAY, current=several)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "Программ: 4" in seen(app)
        await keys(pilot, "f1")
        assert "Это клавиши открытой программы." in seen(app)
        await keys(pilot, "escape")
        await key_that_ends(pilot, "enter")
    assert app.return_value == several


async def test_programmes_in_other_folders_of_the_repository_are_named(several: Path) -> None:
    """That there are none at all would not be so."""
    top = several.parents[1]
    app = StartApp(top / "suppliers", Settings(), TODAY)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        text = " ".join(seen(app).replace("│", " ").split())
        assert "программы нет, а в репозитории есть: ../plan/2023.yaml, ../plan/2024.yaml" in text
        assert "1/plan/2024.yaml. Откройте нужную из списка программ." in text
        await keys(pilot, "enter")
        assert "Программ: 3" in seen(app)


def test_a_long_proposal_hides_nothing_that_was_chosen_for_next_year() -> None:
    measure = replace(a_measure(1), proposal="Дело " * 100)
    choice = CandidateChoice(
        Candidate(measure, is_year_long=False, is_unfinished=True, term=None),
        is_carried=False,
        term=None,
        reason="Нет денег",
        number="2.1",
    )
    said = choice.details()
    start = "1.1.1: не завершено. Новый номер: 2.1. Не переносится: Нет денег. Дело Дело"
    assert said.startswith(start)
    assert said.endswith("…")
    assert len(said) < 4 * 78


async def test_leaving_the_start_screen_writes_nothing(tmp_path: Path) -> None:
    app = StartApp(tmp_path, Settings(), TODAY)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await keys(pilot, "down", "enter", "escape")
        await key_that_ends(pilot, "й")
    assert app.return_value is None
    assert "plan" not in os.listdir(tmp_path)  # noqa: PTH208 - no path operation in a coroutine


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("2024", "2025"),
        ("safety-2024", "safety-2025"),
        ("2024 охрана труда", "2025 охрана труда"),
        ("п-2022-2024", "п-2025"),
        ("программа", "программа-2025"),
        ("12024", "12024-2025"),
    ],
)
def test_the_next_file_keeps_what_else_the_name_says(name: str, following: str) -> None:
    """Of two programmes in a folder each has its own next one."""
    path = next_path(Path(f"plan/{name}.yaml"), ProgrammePeriod.of_year(2025))
    assert path == Path(f"plan/{following}.yaml")


async def test_next_year_is_chosen_measure_by_measure(
    programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(programme.parents[1])
    name = f"plan/{programme.name}"
    async with opened(programme, size=SMALL, programme=programme_at(programme, name)) as stage:
        following = programme.with_name("2025.yaml")
        following.touch()
        await stage.press("т")  # Said before anything is chosen for nothing.
        assert "Следующая программа уже есть: 2025.yaml" in stage.text()
        following.unlink()
        await stage.press("т")
        assert "Программа 2025.yaml: переносится 20 из 20" in stage.text()
        assert "3 квартал 2025" in stage.line("1.1.2")
        await stage.press("down", "space")
        await stage.type("рано")
        await stage.press("f2")
        assert "1.1.2: не завершено" in stage.text()
        assert "Не переносится: рано" in stage.text()
        assert stage.line("1.1.2").lstrip().startswith("[ ]  1.1.2")
        await stage.press("down", "з", "home", *("delete",) * 20)
        await stage.type("когда-нибудь")
        await stage.press("f2")  # It has to be said how to read it, with no option of a command.
        assert "Срок в новой программе: 1.1.3" in stage.text()
        assert "без даты" in stage.text()
        assert "--" not in stage.text()
        await stage.press("down", "down", "down", "f2")
        assert "когда-нибудь" in stage.line("1.1.3")
        assert "номера прежние" in stage.text()
        await stage.press("т")
        assert "номера заново" in stage.text()
        assert "когда-нибудь" in stage.line("[x]  1.1.2 ")
        assert "1.1.3: не завершено" in stage.text()
        assert "Новый номер: 1.1.2" in stage.text()
        assert not programme.with_name("2025.yaml").exists()
        await stage.press("f2")
        assert stage.app.next_plan == programme.with_name("2025.yaml")
        assert stage.app.next_is_new
    plan = read_snapshot(programme.with_name("2025.yaml")).plan
    assert len(plan.measures) == 19
    assert plan.measures[0].carried_from == Origin("plan/2024.yaml", "1.1.1")
    assert (plan.measures[1].id, plan.measures[1].term) == ("1.1.3", Term("когда-нибудь"))
    assert plan.measures[1].number == "1.1.2"
    assert "1.1.2 — рано" in git(programme.parent, "log", "-2", "--format=%B")


async def test_next_year_brings_a_programme_without_a_history_into_it(
    real_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    new = real_plan.with_name("2025.yaml")
    app = StartApp(folder, Settings(), TODAY)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await keys(pilot, "down", "down", "down", "enter")
        app.screen.query_one(Input).value = str(real_plan)
        await keys(pilot, "f2")
        await key_that_ends(pilot, "f2")
    assert app.return_value == new
    assert git(real_plan.parent, "status", "--porcelain") == ""
    assert len(git(real_plan.parent, "log", "--format=%h", "--", "2024.yaml").split()) == 1


async def test_next_year_is_begun_from_the_start_screen(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes beside the earlier programme; nothing is written before F2, and the author asked."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{name}_NAME", raising=False)
        monkeypatch.delenv(f"GIT_{name}_EMAIL", raising=False)
    config = tmp_path / "config"
    config.write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    new = programme.with_name("2025.yaml")
    app = StartApp(folder, Settings(), TODAY)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await keys(pilot, "down", "down", "down", "enter")
        assert "Новая программа встанет в папку прежней" in seen(app)
        await keys(pilot, "н", "е", "т", "f2")
        assert "программы нет" in seen(app)
        app.screen.query_one(Input).value = str(programme.parents[1])
        await keys(pilot, "f2")
        assert "Программа 2025.yaml: переносится 20 из 20" in seen(app)
        await keys(pilot, "escape")
        assert "С чего начать?" in seen(app)
        assert not new.exists()
        await keys(pilot, "enter")
        app.screen.query_one(Input).value = str(programme)
        await keys(pilot, "f2", "f2")
        assert not new.exists()
        assert "Кто вносит изменения" in seen(app)
        await keys(pilot, "Я", "tab", "a", "@", "b", ".", "r", "u")
        await key_that_ends(pilot, "f2")
    assert app.return_value == new
    assert list(folder.iterdir()) == []
    origins = [measure.carried_from for measure in read_snapshot(new).plan.measures]
    assert origins[0] == Origin("plan/2024.yaml", "1.1.1")
    assert git(programme.parent, "log", "-1", "--format=%an <%ae>").strip() == "Я <a@b.ru>"
    assert git(programme.parent, "status", "--porcelain") == ""
