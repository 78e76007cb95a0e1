"""Records corrected, measures moved, the structure and the document changed, by keys."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from kvartal.history.store.attachments import attach_files
from kvartal.history.store.ledger import Ledger
from kvartal.schema.measure import Document
from kvartal.schema.operations import record
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from kvartal.tui.dialogs.correct import CorrectDialog
from kvartal.tui.dialogs.document_tables import TableDialog
from kvartal.tui.forms.inputs import ActionButton
from kvartal.tui.screens.document_parts import document_parts
from tests.support.screens import SMALL, StillProgramme, opened, programme_at
from tests.tui.test_shapes import ENGLISH, MUNICIPALITY, ROAD_MAP, VALID

Git = Callable[..., str]


def plan_lines(git: Git) -> set[str]:
    """Return the lines that the last commit put into the plan or took out of it."""
    diff = git("show", "--format=", "--unified=0", "--", "plan/2024.yaml").splitlines()
    return {line for line in diff if line[:1] in "+-" and line[:3] not in {"+++", "---"}}


async def test_a_record_is_corrected_as_one_change(
    programme: Path, git: Git, tmp_path: Path
) -> None:
    act, scan = tmp_path / "Акт.pdf", tmp_path / "Скан.pdf"
    act.write_bytes(b"act")
    scan.write_bytes(b"scan")
    ledger = Ledger(programme)
    snapshot = ledger.read()
    attached = attach_files([act], "1.1.2", snapshot.plan, programme.parent)
    draft = RecordDraft(
        quarter=CalendarQuarter(2024, 3),
        date=date(2024, 9, 27),
        documents=(Document("Акт"),),
        files={"1.1.2": [one.file for one in attached]},
    )
    ledger.apply(snapshot, record(snapshot.data, ["1.1.2"], draft), attached)
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("К")
        assert "У мероприятия 1.1.1 нет отметок" in stage.text()
        await stage.press("escape", "down", "К")
        assert "Исправление отметки: 1.1.2, III квартал" in stage.text()
        await stage.press("f2")
        assert "Ничего не изменено" in stage.text()
        await stage.press("tab", "ы", "f2")
        assert "не понята" in stage.text()
        assert isinstance(stage.app.screen, CorrectDialog)
        await stage.press("backspace")
        await stage.paste("26.09.2024")
        await stage.press(*["tab"] * 3, "end")
        await stage.paste(" ввода")
        await stage.press(*["tab"] * 4, "space", "tab")
        await stage.paste(str(scan))
        await stage.press("f2")
        assert stage.chosen == "1.1.2"
        assert "Сохранено: 1.1.2" in stage.text()
    assert "\nKvartal-Change: correct\n" in git("log", "-1", "--format=%B")
    lines = plan_lines(git)
    assert '+        date: "2024-09-26"' in lines
    assert "+            - title: Акт ввода" in lines
    assert any("path: evidence/2024/1.1.2/Акт.pdf" in line and line[0] == "-" for line in lines)
    assert not any("complete" in line for line in lines)
    assert git("status", "--porcelain") == ""


async def test_a_measure_is_moved_and_the_structure_and_document_changed(
    programme: Path, git: Git
) -> None:
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("space", "space", "ь")
        assert "мероприятий 2" in stage.text()
        await stage.paste("3.66")  # No place has this number.
        assert "«3.66» — такого здесь нет" in stage.text()
        await stage.press("f2", "backspace")
        await stage.press("f2")
        assert "Сохранено" in stage.text()
        assert stage.main.overview is not None
        plan = stage.main.overview.plan
        assert [plan.measure(one).channel for one in ("1.1.1", "1.1.2")] == ["3.6", "3.6"]
        assert not stage.main.marked
        assert git("show", "--format=%b", "-s").count("Kvartal-Measure:") == 2

        await stage.press("Е")
        # A section counts what its channels hold; the line of keys is whole.
        assert stage.line("ОЧНОЕ ОБСЛУЖИВАНИЕ").split()[-1] == "8"
        assert stage.line(" 1.3 ").split()[-1] == "–"
        assert "Del удалить  Esc назад" in stage.line("ф добавить")
        await stage.press("down", "ф")
        assert "(•) Канал обслуживания после «1.5»" in stage.text()
        await stage.press("2")
        await stage.type("Ч")  # Over the places a letter means nothing: it is of the title.
        await stage.press("end", "shift+tab", "shift+tab")
        await stage.paste("ат")
        await stage.press("f2")
        assert stage.line("Сохранено: Канал 1.6 «Чат» добавлен")
        await stage.press("ц")
        assert stage.text().index("1.6") < stage.text().index("1.1 ")
        await stage.press("home", "delete")
        assert "«1» не пуст: 1.6, 1.1" in stage.text()
        await stage.press("down", "delete", "f2")
        assert not stage.line("    1.6")
        await stage.press("down", "у")
        await stage.paste("0")
        assert "Мероприятия пойдут за новым номером" in stage.text()
        await stage.press("f2", "escape")
        plan = stage.main.overview.plan
        assert "1.20" in plan.channels
        assert plan.measure("1.2.1").channel == "1.20"

        await stage.press("ш")
        assert "28.09.2023" in stage.text()  # As the day is typed.
        await stage.press("ф")
        for text in ("7", "Заключение", "Абзац.", "раз"):
            await stage.paste(text)
            await stage.press("tab")
        await stage.press("f2")
        assert "7 Заключение" in stage.text()
        assert stage.line("Сохранено: Глава 7 «Заключение» добавлена")
        assert git("log", "-1", "--format=%s").startswith("Глава 7 «Заключение» добавлена; ")
        assert {"+        - paragraph: Абзац.", "+              - раз"} <= plan_lines(git)
    assert git("status", "--porcelain") == ""


async def test_a_field_is_not_called_what_a_measure_calls_its_own(
    programme: Path, git: Git
) -> None:
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("ш", "down", "down", "enter")
        await stage.paste("Записи")
        await stage.press("tab")
        await stage.paste("records")
        await stage.press("f2")
        assert "так называется собственное поле" in stage.text()
        assert git("status", "--porcelain") == ""
        await stage.paste("2")
        await stage.press("f2")
        assert "Записи (records2) — строка" in stage.text()


async def test_gaps_stand_beside_what_is_due_and_lead_to_the_measure() -> None:
    async with opened(MUNICIPALITY, size=SMALL, as_of=date(2026, 7, 10)) as stage:
        await stage.press("щ")
        assert "сроков 16, слабых мест 2" in stage.text()
        await stage.press("end")
        assert stage.chosen == "1.2.1-а"
        assert "нет отметок за квартал" in stage.line("1.2.1 а)")
        await stage.press("д", "down", "enter")
        assert stage.chosen == "1.2.1-а"
        assert stage.main.view is not None
        assert not stage.main.view.urgent


async def test_levels_are_called_as_the_organisation_calls_them() -> None:
    async with opened(ROAD_MAP, size=SMALL, as_of=date(2027, 5, 10)) as stage:
        await stage.press("T")
        assert "Строение программы: Задача · Контрольное событие" in stage.text()
        await stage.press("a")
        assert "Контрольное событие (делится дальше) внутри «1»" in stage.text()
        await stage.press("3")
        assert "Новое: Контрольное событие" in stage.text()
        assert "1.3" in stage.line("Номер")
        await stage.press("escape", "escape", "i", "down")
        assert "Контрольное событие" in stage.text()


async def test_a_programme_without_sections_gets_its_first_one() -> None:
    async with opened(ENGLISH, size=SMALL, as_of=date(2026, 8, 10)) as stage:
        await stage.press("Е")
        assert "Разделов нет" in stage.text()
        assert stage.text().splitlines()[-1].strip() == "ф добавить  Esc назад"
        await stage.press("ф")
        assert "Новое: Раздел" in stage.text()


async def test_a_value_of_one_indicator_is_corrected_and_the_other_taken_out() -> None:
    from tests.tui.dialogs import stage as alone

    data = StillProgramme(VALID / "nested-sections.yaml", "x").read().data
    ledger = alone.FakeLedger(failures=[alone.Refused(who="кто-то")])
    dialog = CorrectDialog(alone.context_of(data, ledger, date(2026, 8, 1)), "V-0002", 0)
    app = alone.Stage(dialog)
    async with app.run_test(size=SMALL) as pilot:
        await alone.fill(pilot, dialog, "values.0.2026-H1", "97,5")
        await alone.fill(pilot, dialog, "values.1.2025", "")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        assert "Репозиторий занят" in alone.note(dialog)
        assert dialog.typed("values.0.2026-H1") == "97,5"
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
    (change,) = ledger.saved
    (edit,) = change.edits
    assert edit.path[:3] == ("records", 0, "values")
    assert edit.new == [{"period": "2026-H1", "value": 97.5, "indicator": "Доля"}]


async def test_tables_of_chapters_and_rows_of_references_are_changed_by_keys(
    programme: Path, git: Git
) -> None:
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:

        async def go_to(line: str) -> None:
            data = programme_at(programme, "plan/2024.yaml").read().data
            titles = [part.title for part in document_parts(data)]
            down = next(at for at, title in enumerate(titles) if line in title)
            await stage.press("home", *["down"] * down)

        await stage.press("ш", "ф")
        for text in ("7", "Показатели", "", "", "Показатель"):
            if text:
                await stage.paste(text)
            await stage.press("tab")
        await stage.press("shift+tab", "enter")
        await stage.paste("2024")
        await stage.press("f2")
        await go_to("Показатели · Таблица")
        await stage.press("enter", "tab")
        await stage.paste("Обращений")
        await stage.press("tab")
        await stage.paste("1200")
        await stage.press("f2")
        said = "таблица главы 7, строка 1, «2024»: — → 1200"
        assert said in git("log", "-1", "--format=%b").lower()
        assert "Обращений │ 1200" in stage.text()
        # An emptied row goes, and a table without rows with it.
        await stage.press("enter", "tab", "end", "ctrl+u", "tab", "end", "ctrl+u", "f2")
        assert "Таблица" not in stage.text()

        await go_to("НОРМАТИВНЫЕ ССЫЛКИ · Нормативные акты")
        assert "№442" in stage.text()
        await stage.press("enter", "f7", "delete", "tab", "f7", "delete")
        while not isinstance(stage.app.focused, ActionButton):
            await stage.press("tab")
        await stage.press("enter")
        await stage.paste("Приказ № 7")
        await stage.press("tab")
        await stage.paste("О качестве")
        await stage.press("f2")
        body = git("log", "-1", "--format=%b")
        assert "Нормативные акты, строка 1: " in body
        assert "Нормативные акты, строка 2: — → Приказ № 7; О качестве" in body
    assert git("status", "--porcelain") == ""


def put_long_table(plan: Path) -> None:
    """Put a chapter with a table of thirty rows into a plan."""
    rows = "".join(f'\n              - ["{at}", "а{at}"]' for at in range(1, 31))
    chapter = f"""  chapters:
    - number: "7"
      heading: Показатели
      blocks:
        - table:
            columns: ["№", "Что"]
            rows:{rows}
"""
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("  plan:\n", f"{chapter}  plan:\n", 1), encoding="utf-8")


async def test_a_long_table_is_changed_a_page_of_rows_at_a_time(programme: Path, git: Git) -> None:
    put_long_table(programme)
    git("commit", "-qam", "Таблица")
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        await stage.press("ш", "end", "enter")
        dialog = stage.app.screen
        assert isinstance(dialog, TableDialog)
        assert 20 < len(dialog.fields) < 30
        # Down to the end of the page, and on to the next; the last holds the rest.
        while "Строки 13–24 из 30" not in stage.text():
            await stage.press("pagedown")
        await stage.press("pagedown")
        assert "№ 13" in stage.text()
        assert dialog.field_in_focus() is dialog.fields[dialog.key(12, "0")]
        await stage.press("tab", "end")
        await stage.paste("!")
        await stage.press("pageup")
        assert dialog.field_in_focus() is dialog.fields[dialog.key(0, "0")]
        dialog.query_one("#more-rows").focus()
        await stage.press("enter")
        assert "№ 31" in stage.text()
        await stage.paste("31")
        await stage.press("f2")
        assert stage.app.screen is not dialog
    assert plan_lines(git) == {
        '-              - ["13", "а13"]',
        '+              - ["13", "а13!"]',
        '+              - - "31"',
        '+                - ""',
    }
    body = git("log", "-1", "--format=%b")
    assert "строка 13, «Что»: а13 → а13!" in body
