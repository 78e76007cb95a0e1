from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from textual.widgets import Checkbox

from kvartal.schema.changes import ChangeKind, Plain, PlanData, measure_data
from kvartal.schema.problems import Problem
from kvartal.schema.quarters import CalendarQuarter
from kvartal.tui.dialogs.correct import CorrectDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.unsaved import UnsavedDialog
from tests.tui.dialogs.stage import (
    FakeLedger,
    Invalid,
    Stage,
    context_of,
    fill,
    note,
    texts,
    type_text,
)


def recorded(ledger: FakeLedger, edit: int = 0) -> dict[str, Any]:
    """Return the record that was kept."""
    new = ledger.saved[-1].edits[edit].new
    assert isinstance(new, dict)
    return new


async def test_a_document_is_recorded_with_the_keyboard_alone(
    context: FormContext, ledger: FakeLedger
) -> None:
    app = Stage(RecordDialog(context, ["1.1.2"]))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab")
        await type_text(pilot, "27.09")
        await pilot.press("enter")
        await type_text(pilot, "Терминал установлен")
        await pilot.press("tab", "tab")
        for text in ("Акт ввода", "12", "27.09"):
            await type_text(pilot, text)
            await pilot.press("enter")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    assert ledger.saved[0].kind is ChangeKind.RECORD
    assert recorded(ledger) == {
        "quarter": 3,
        "date": "2024-09-27",
        "complete": True,
        "result": "Терминал установлен",
        "evidence": {"documents": [{"title": "Акт ввода", "number": "12", "date": "2024-09-27"}]},
    }
    assert app.results == ledger.saved


async def test_the_quarter_proposed_is_the_earliest_overdue_else_the_one_due(
    data: PlanData, ledger: FakeLedger
) -> None:
    for as_of, expected in ((date(2024, 10, 5), 1), (date(2024, 2, 1), 1), (date(2024, 5, 1), 1)):
        dialog = RecordDialog(context_of(data, ledger, as_of), ["1.1.1"])
        async with Stage(dialog).run_test(size=(80, 24)):
            assert dialog.typed("checkpoint") == str(expected)
    measure_data(data, "1.1.1")["records"] = [{"quarter": 1, "date": "2024-03-01"}]
    dialog = RecordDialog(context_of(data, ledger, date(2024, 5, 1)), ["1.1.1"])
    async with Stage(dialog).run_test(size=(80, 24)):
        assert dialog.typed("checkpoint") == "2"
        assert "✓ отмечено 01.03.2024" in str(dialog.fields["checkpoint"].control.render())


async def test_a_quarter_is_chosen_by_arrow_digit_or_mouse(context: FormContext) -> None:
    dialog = RecordDialog(context, ["1.1.1"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        assert dialog.typed("checkpoint") == "2"
        await pilot.press("4")
        assert dialog.typed("checkpoint") == "4"
        await pilot.press("up", "left")
        assert dialog.typed("checkpoint") == "2"
        await pilot.click("RadioList", offset=(3, 0))
        assert dialog.typed("checkpoint") == "1"
        await pilot.press("4", "down")
        assert dialog.field_in_focus() is dialog.fields["date"]
        await pilot.press("up")
        assert dialog.field_in_focus() is dialog.fields["checkpoint"]
        assert dialog.typed("checkpoint") == "4"


async def test_the_last_quarter_proposes_completion_until_the_user_decides(
    context: FormContext,
) -> None:
    dialog = RecordDialog(context, ["1.1.1"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        tick = dialog.fields["complete"]
        assert tick.typed == ""
        await pilot.press("4")
        await pilot.pause()
        assert tick.typed == "1"
        assert tick.reading == "Станет: Исполнено"
        assert not tick.is_changed
        await pilot.press("1")
        await pilot.pause()
        assert tick.typed == ""
        await pilot.press("4")
        tick.control.focus()
        await pilot.press("space")
        assert tick.typed == ""
        dialog.fields["checkpoint"].control.focus()
        await pilot.press("3", "4")
        await pilot.pause()
        assert tick.typed == ""


async def test_a_measure_already_done_is_not_completed_again(
    data: PlanData, ledger: FakeLedger
) -> None:
    row = measure_data(data, "1.1.1")
    row["records"] = [{"quarter": 1, "date": "2024-03-01", "complete": True}]
    dialog = RecordDialog(context_of(data, ledger), ["1.1.1"], CalendarQuarter(2024, 4))
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert dialog.fields["complete"].control.disabled
        assert dialog.fields["complete"].reading == "Уже отмечено исполненным."
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    assert recorded(ledger) == {"quarter": 4, "date": "2024-10-05"}


async def test_lateness_is_shown_while_the_date_is_typed(context: FormContext) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        field = dialog.fields["date"]
        assert field.reading == "→ 05.10.2024, суббота. С опозданием на 5 дн."
        assert dialog.fields["reason"].display
        await fill(pilot, dialog, "date", "27.0")
        assert dialog.fields["reason"].display
        await fill(pilot, dialog, "date", "05.10")
        assert dialog.fields["complete"].reading == "Станет: Исполнено с нарушением срока"
        await fill(pilot, dialog, "date", "27.09")
        await pilot.pause()
        assert field.reading == "→ 27.09.2024, пятница. В срок."
        assert "reason" not in [key for key, one in dialog.fields.items() if one.display]
        assert dialog.fields["complete"].reading == "Станет: Исполнено"


async def test_values_are_asked_for_the_periods_of_the_quarter(
    context: FormContext, ledger: FakeLedger
) -> None:
    dialog = RecordDialog(context, ["2.2.1-3"], CalendarQuarter(2024, 3))
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        asked = [key for key, one in dialog.fields.items() if key[:6] == "values" and one.display]
        assert asked == ["values.2024-07", "values.2024-08", "values.2024-09"]
        field = await fill(pilot, dialog, "values.2024-07", "4,9")
        assert field.reading == "Выполнен: план не более 5 %"
        assert field.has_class("-met")
        field = await fill(pilot, dialog, "values.2024-08", "5.1")
        assert field.reading == "Не выполнен: план не более 5 %"
        field = await fill(pilot, dialog, "values.2024-09", "много")
        assert field.reading == "План: не более 5 %"
        await pilot.press("f2")
        await pilot.pause()
        assert field.error.startswith("«много» не число")
        await fill(pilot, dialog, "values.2024-09", "")
        dialog.fields["checkpoint"].control.focus()
        await pilot.press("2")
        await fill(pilot, dialog, "values.2024-04", "1")
        dialog.fields["checkpoint"].control.focus()
        await pilot.press("3", "f2")
        await app.workers.wait_for_complete()
    assert recorded(ledger)["values"] == [
        {"period": "2024-07", "value": 4.9},
        {"period": "2024-08", "value": 5.1},
    ]


async def test_a_value_recorded_before_is_shown(data: PlanData, ledger: FakeLedger) -> None:
    values: list[Plain] = [{"period": "2024-Q1", "value": 94.5}]
    measure_data(data, "2.2.1")["records"] = [
        {"quarter": 1, "date": "2024-03-30", "values": values}
    ]
    dialog = RecordDialog(context_of(data, ledger), ["2.2.1"], CalendarQuarter(2024, 1))
    async with Stage(dialog).run_test(size=(80, 24)):
        assert dialog.fields["values.2024-Q1"].reading == "План: не менее 95 %. Ранее: 94,5"


async def test_several_documents(context: FormContext, ledger: FakeLedger) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "documents.0.title", "Акт")
        dialog.query_one("#more").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert dialog.field_in_focus() is dialog.fields["documents.1.title"]
        await pilot.press("tab")
        await type_text(pilot, "7")
        await pilot.press("f2")
        await pilot.pause()
        assert "Назовите документ" in dialog.fields["documents.1.title"].error
        await fill(pilot, dialog, "documents.1.title", "Приказ")
        dialog.query_one("#more").focus()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    documents = [{"title": "Акт"}, {"title": "Приказ", "number": "7"}]
    assert recorded(ledger)["evidence"] == {"documents": documents}


async def test_links_are_checked(context: FormContext, ledger: FakeLedger) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        field = await fill(pilot, dialog, "links", "https://сайт.рф/a\nfile:///etc/passwd")
        await pilot.press("tab")
        await pilot.pause()
        assert "«file:///etc/passwd» — не ссылка" in field.error
        await fill(pilot, dialog, "links", "https://сайт.рф/a\nhttp://b.example\n")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    assert recorded(ledger)["evidence"] == {"links": ["https://сайт.рф/a", "http://b.example"]}


async def test_several_measures_are_recorded_in_one_change(
    context: FormContext, ledger: FakeLedger
) -> None:
    dialog = RecordDialog(context, ["1.1.2", "1.2.2", "1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "просрочено: 2" in str(dialog.fields["checkpoint"].control.render())
        await fill(pilot, dialog, "reason", "Поставка задержана")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    assert ledger.saved[0].measures == ("1.1.2", "1.2.2")
    assert recorded(ledger, 0) == recorded(ledger, 1)
    assert recorded(ledger)["complete"] is True
    assert recorded(ledger)["reason"] == "Поставка задержана"


async def test_of_several_measures_a_checkpoint_of_each_is_proposed(
    data: PlanData, ledger: FakeLedger
) -> None:
    row = measure_data(data, "1.1.2")
    row["records"] = [{"quarter": 3, "date": "2024-09-27", "complete": True}]
    dialog = RecordDialog(context_of(data, ledger), ["1.1.1", "1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)):
        assert dialog.typed("checkpoint") == "3"
        assert dialog.fields["complete"].reading == "Уже отмечены исполненными: 1.1.2."


async def test_of_several_measures_long_names_leave_room_for_the_counts(
    data: PlanData, ledger: FakeLedger
) -> None:
    measure_data(data, "1.1.2")["term"] = {"text": "до 30.09.2024", "due": "2024-09-30"}
    app = Stage(RecordDialog(context_of(data, ledger), ["1.1.1", "1.1.2"]))
    async with app.run_test(size=(80, 24)):
        strips = app.screen._compositor.render_strips()
        assert "30.09.2024  до 30.09.2024  1 из 2, проср. 1 " in "".join(one.text for one in strips)


async def test_measures_with_different_indicators_have_no_values(context: FormContext) -> None:
    dialog = RecordDialog(context, ["2.2.1", "2.2.1-2"])
    async with Stage(dialog).run_test(size=(80, 24)):
        assert not [key for key in dialog.fields if key.startswith("values")]


async def test_a_measure_without_a_term_can_be_recorded_in_any_quarter(
    data: PlanData, ledger: FakeLedger
) -> None:
    measure_data(data, "1.1.2")["term"] = {"text": "постоянно"}
    dialog = RecordDialog(context_of(data, ledger), ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)):
        assert dialog.typed("checkpoint") == "4"
        assert str(dialog.fields["checkpoint"].control.render()).count("без срока") == 4


async def test_problems_are_shown_at_their_fields(data: PlanData) -> None:
    places: list[tuple[tuple[str | int, ...], str]] = [
        (("date",), "date"),
        (("quarter",), "checkpoint"),
        (("complete",), "complete"),
        (("evidence", "documents", 0, "date"), "documents.0.date"),
        (("evidence", "files", 0, "path"), "files"),
        (("evidence", "links", 0), "links"),
    ]
    here = ("measures", 1, "records", 0)
    ledger = FakeLedger(
        failures=[Invalid(Problem("x", f"Не так: {key}.", (*here, *path))) for path, key in places]
    )
    dialog = RecordDialog(context_of(data, ledger), ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "result", "Сделано")
        for _, key in places:
            await pilot.press("f2")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert dialog.fields[key].error == f"Не так: {key}."
            assert note(dialog) == f"Не так: {key}."
            assert dialog.typed("result") == "Сделано"


async def test_hostile_data_is_shown_literally(data: PlanData, ledger: FakeLedger) -> None:
    hostile = "[/b] [@click=app.quit]x[/] \x1b]52;c;AAAA\x07 \u202e"
    row = measure_data(data, "2.2.1")
    row["proposal"] = row["result"] = hostile
    assert isinstance(row["indicator"], dict)
    row["indicator"]["unit"] = row["indicator"]["name"] = hostile
    dialog = RecordDialog(context_of(data, ledger), ["2.2.1"])
    async with Stage(dialog).run_test(size=(140, 45)) as pilot:
        for key in ("result", "values.2024-Q1"):
            dialog.fields[key].control.focus()
            await pilot.pause()
            svg = pilot.app.export_screenshot()
            assert "\x1b" not in svg
            assert "\u202e" not in svg
            assert "[@click=app.quit]" in note(dialog)
        assert "[/b] [@click=app.quit]x[/] ␛]52;c;AAAA␇ ‹U+202E›" in texts(dialog)


async def test_esc_asks_when_only_a_box_was_ticked(context: FormContext) -> None:
    dialog = RecordDialog(context, ["1.1.1"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        dialog.query_one(Checkbox).focus()
        await pilot.press("space", "escape")
        await pilot.pause()
        assert isinstance(app.screen, UnsavedDialog)


def beside(context: FormContext, folder: Path, year: int) -> None:
    """Put the programme of another year beside the one of the context."""
    text = (folder / "plan/2024.yaml").read_text(encoding="utf-8")
    (context.folder / f"{year}.yaml").write_text(text.replace("2024", str(year)), encoding="utf-8")


async def test_a_day_to_come_or_before_the_programme_is_refused_at_the_date(
    context: FormContext, ledger: FakeLedger, root: Path
) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        for typed, sentence in (
            ("06.10.2024", "06.10.2024 ещё не наступила, сегодня 05.10.2024"),
            ("30.12.2023", "30.12.2023 раньше начала программы, 01.01.2024. Исправьте дату"),
        ):
            await fill(pilot, dialog, "date", typed)
            await pilot.press("f2")
            await app.workers.wait_for_complete()
            assert sentence in dialog.fields["date"].error
            assert dialog.field_in_focus() is dialog.fields["date"]
        beside(context, root, 2023)
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        error = dialog.fields["date"].error
        assert "есть программа 2023.yaml: отметьте в ней" in error
        assert "--plan" not in error
        assert ledger.calls == 0
        await fill(pilot, dialog, "date", "05.10.2024")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        assert recorded(ledger)["date"] == "2024-10-05"


async def test_what_is_open_in_the_programme_before_wants_a_second_f2(
    data: PlanData, ledger: FakeLedger, root: Path
) -> None:
    context = context_of(data, ledger, date(2024, 1, 10))
    beside(context, root, 2023)
    dialog = RecordDialog(context, ["1.1.1"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4", "f2")
        await app.workers.wait_for_complete()
        error = dialog.fields["checkpoint"].error
        assert "IV квартал 2024 ещё не началось, а в программе 2023.yaml" in error
        assert "ещё раз F2" in error
        assert "--early" not in error
        await pilot.press("3", "f2")
        await app.workers.wait_for_complete()
        assert "III квартал 2024" in dialog.fields["checkpoint"].error
        assert ledger.calls == 0
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        assert recorded(ledger)["quarter"] == 3


async def test_a_record_made_long_after_its_date_is_told_to_give_a_reason(
    data: PlanData, ledger: FakeLedger
) -> None:
    # The screen shows an earlier date; what counts is when the record is made.
    context = replace(context_of(data, ledger, date(2024, 9, 28)), today=date(2024, 12, 1))
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "date", "27.09.2024")
        reading = dialog.fields["date"].reading
        assert "Запись через 65 дн. после даты исполнения: назовите причину." in reading
        assert dialog.fields["reason"].display
        await fill(pilot, dialog, "date", "15.11.2024")
        assert "назовите причину" not in dialog.fields["date"].reading


async def test_a_correction_asks_of_dates_only_where_they_change(
    data: PlanData, ledger: FakeLedger, root: Path
) -> None:
    rows: list[Plain] = [{"quarter": 1, "date": "2023-12-28"}]
    measure_data(data, "1.1.1")["records"] = rows
    context = context_of(data, ledger, date(2024, 1, 10))
    beside(context, root, 2023)
    dialog = CorrectDialog(context, "1.1.1", 0)
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "date", "29.12.2023")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        assert "есть программа 2023.yaml" in dialog.fields["date"].error
        await fill(pilot, dialog, "date", "28.12.2023")
        dialog.fields["checkpoint"].control.focus()
        await pilot.press("4", "f2")
        await app.workers.wait_for_complete()
        assert "ещё раз F2" in dialog.fields["checkpoint"].error
        assert ledger.calls == 0
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        assert ledger.calls == 1
