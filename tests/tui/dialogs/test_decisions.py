from datetime import date

import pytest

from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Plain, PlanData, measure_data
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.operations import record
from kvartal.schema.problems import Problem
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from kvartal.tui.dialogs.decisions import CancelDialog, PostponeDialog
from kvartal.tui.dialogs.remove import RemoveDialog
from kvartal.tui.forms.context import FormContext
from tests.tui.dialogs.stage import (
    FakeLedger,
    Invalid,
    Refused,
    Stage,
    context_of,
    fill,
    note,
    texts,
    type_text,
)


async def test_a_term_is_postponed_with_the_keyboard_alone(
    context: FormContext, ledger: FakeLedger
) -> None:
    app = Stage(PostponeDialog(context, "1.1.2"))
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "4 квартал")
        await pilot.press("enter")
        await type_text(pilot, "Поставка задержана")
        await pilot.press("tab")
        await type_text(pilot, "Приказ 118")
        await pilot.press("enter")
        await type_text(pilot, "вчера")
        await pilot.press(
            "enter", "enter"
        )  # the first goes on to the button, the second presses it
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    new: dict[str, Plain] = {
        "date": "2024-10-04",
        "to": {"text": "4 квартал", "quarters": [4]},
        "reason": "Поставка задержана",
        "basis": "Приказ 118",
    }
    edit = Edit("1.1.2", ("postponements", 0), MISSING, new)
    assert app.results == ledger.saved == [Change(ChangeKind.POSTPONE, (edit,))]


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("IV", "→ IV квартал, до 31.12.2024"),
        ("III-iv", "→ III–IV кварталы, контрольные точки 30.09.2024, 31.12.2024"),
        ("30.11", "→ до 30.11.2024"),
        ("постоянно", "→ без даты: сам по себе просроченным не станет"),
        ("31.02", "Такого дня или квартала не бывает."),
        ("к осени", "? Понято не всё. Допишите, или ↓ — оставить без даты."),
    ],
)
async def test_a_new_term_is_read_while_it_is_typed(
    context: FormContext, typed: str, reading: str
) -> None:
    dialog = PostponeDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await type_text(pilot, typed)
        assert dialog.fields["to"].reading == reading
        assert dialog.fields["to"].error == ""


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("к осени", "понят не весь"),
        ("30.11.2025", "можно понять по-разному"),
        ("31.11", "не бывает"),
        ("3 квартал", "срок и так"),
    ],
)
async def test_an_unusable_term_is_refused_at_its_field(
    context: FormContext, ledger: FakeLedger, typed: str, error: str
) -> None:
    dialog = PostponeDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await type_text(pilot, typed)
        await pilot.press("f2")
        await pilot.pause()
        assert error in dialog.fields["to"].error
        assert dialog.fields["reason"].error
        assert dialog.field_in_focus() is dialog.fields["to"]
    assert ledger.calls == 0


async def test_postponements_are_counted_and_the_original_term_stays_visible(
    data: PlanData, ledger: FakeLedger
) -> None:
    row = measure_data(data, "1.1.2")
    row["postponements"] = [
        {"date": "2024-09-01", "to": {"text": "4 [b]квартал", "quarters": [4]}, "reason": "x"}
    ]
    dialog = PostponeDialog(context_of(data, ledger), "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)):
        assert "4 [b]квартал, до 31.12.2024" in texts(dialog)
        assert "По плану: 3 квартал 2024. Переносов: 1." in texts(dialog)


async def test_problems_of_a_postponement_are_shown_at_its_fields(data: PlanData) -> None:
    path = ("measures", 1, "postponements", 0)
    problems = [
        Problem("a", "Дата не та.", (*path, "date")),
        Problem("b", "Срок не тот.", (*path, "to", "due")),
    ]
    ledger = FakeLedger(failures=[Invalid(*problems)])
    dialog = PostponeDialog(context_of(data, ledger), "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "to", "4 квартал")
        await fill(pilot, dialog, "reason", "x")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert dialog.fields["date"].error == "Дата не та."
        assert dialog.fields["to"].error == "Срок не тот."
        assert dialog.typed("reason") == "x"


async def test_a_measure_is_cancelled(context: FormContext, ledger: FakeLedger) -> None:
    dialog = CancelDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Просрочено на 5 дн." in texts(dialog)
        await pilot.press("f2")
        await pilot.pause()
        assert dialog.fields["reason"].error == "Заполните это поле: оно обязательно."
        await type_text(pilot, "Офис закрыт")
        assert dialog.fields["reason"].error == ""
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    new: dict[str, Plain] = {"date": "2024-10-05", "reason": "Офис закрыт"}
    assert ledger.saved == [
        Change(ChangeKind.CANCEL, (Edit("1.1.2", ("cancelled",), MISSING, new),))
    ]


async def test_what_is_no_date_is_shown_at_its_field(
    context: FormContext, ledger: FakeLedger
) -> None:
    dialog = CancelDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "reason", "x")
        field = await fill(pilot, dialog, "date", "31.04")
        assert field.reading == ""
        await pilot.press("f2")
        await pilot.pause()
        assert "нет в календаре" in field.error
        await fill(pilot, dialog, "date", "30.04")
        assert field.reading == f"→ {date(2024, 4, 30):%d.%m.%Y}, вторник"
    assert ledger.calls == 0


async def test_removing_asks_and_leaves_by_default(
    context: FormContext, ledger: FakeLedger
) -> None:
    app = Stage(RemoveDialog(context, "1.1.2"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
    assert app.results == [None]
    assert ledger.calls == 0


async def test_removing_what_has_facts_asks_why_first(data: PlanData, ledger: FakeLedger) -> None:
    draft = RecordDraft(CalendarQuarter(2024, 3), date(2024, 9, 27))
    recorded = apply_edits(data, record(data, ["1.1.2"], draft).edits)
    app = Stage(RemoveDialog(context_of(recorded, ledger), "1.1.2"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("d", "u", "p", "enter")
        await pilot.pause()
        assert app.is_open
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert ledger.reasons == ["dup"]


async def test_a_refused_removal_leaves_the_question_open(data: PlanData) -> None:
    problems = [Problem("a", "1.2.2: [b]мероприятия «1.1.2» нет.", ("measures", 6, "same_work"))]
    ledger = FakeLedger(failures=[Refused(who="x"), Invalid(*problems)])
    app = Stage(RemoveDialog(context_of(data, ledger), "1.1.2"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert note(app.dialog) == "Репозиторий занят: [b]x[/b]."
        await pilot.press("left", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert note(app.dialog) == "1.2.2: [b]мероприятия «1.1.2» нет."
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    assert ledger.saved[0].kind is ChangeKind.REMOVE
    assert app.results == [True]
