import asyncio
from typing import Any

from textual.events import Paste
from textual.widgets import TextArea

from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, PlanData, measure_data
from kvartal.schema.fields import FIELDS
from kvartal.schema.problems import Problem
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.unsaved import UnsavedDialog
from tests.tui.dialogs.stage import (
    FakeLedger,
    Invalid,
    Refused,
    Stage,
    comes,
    context_of,
    fill,
    front,
    note,
    type_text,
)


async def test_letters_of_either_layout_go_into_the_field(
    context: FormContext, ledger: FakeLedger
) -> None:
    app = Stage(EditDialog(context, "1.1.2"))
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.dialog, EditDialog)
        app.dialog.fields["responsible"].control.focus()
        await type_text(pilot, "eуqйuг1 Отдел ОК")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    assert app.strays == 0
    edit = Edit("1.1.2", ("responsible",), MISSING, "eуqйuг1 Отдел ОК")
    assert ledger.saved == [Change(ChangeKind.SET, (edit,))]
    assert app.results == ledger.saved


async def test_every_field_is_there_and_an_approved_term_is_only_shown(
    context: FormContext,
) -> None:
    dialog = EditDialog(context, "2.2.1")
    async with Stage(dialog).run_test(size=(80, 24)):
        # A measure does not move by an edit, so its place is not offered.
        left_out = {"channel", "section", "term"}
        names = [field.name for field in FIELDS if field.name not in left_out]
        assert list(dialog.fields) == names
        assert dialog.fields["indicator.target"].typed == "95"
        assert dialog.fields["indicator.direction"].typed == "not_less"


async def test_the_term_of_a_plan_not_yet_approved_is_a_field(
    data: PlanData, ledger: FakeLedger
) -> None:
    document = data["document"]
    assert isinstance(document, dict)
    del document["approval"]
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        field = await fill(pilot, dialog, "term", "2-3 кварталы")
        assert field.reading == "→ II–III кварталы, контрольные точки 30.06.2024, 30.09.2024"
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    assert ledger.saved[0].edits[0].new == {"text": "2-3 кварталы", "quarters": [2, 3]}


async def test_actions_are_one_per_line(context: FormContext, ledger: FakeLedger) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        entry = dialog.fields["actions"].control
        assert isinstance(entry, TextArea)
        entry.focus()
        entry.move_cursor(entry.document.end)
        await type_text(pilot, ";\n\n Второй шаг; \n")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    (edit,) = ledger.saved[0].edits
    assert isinstance(edit.old, list)
    assert edit.new == [*edit.old, "Второй шаг"]


async def test_an_error_shows_when_the_field_is_left_and_goes_when_corrected(
    context: FormContext,
) -> None:
    dialog = EditDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        field = await fill(pilot, dialog, "budget.plan", "сто")
        height = field.region.height
        assert field.error == ""
        await pilot.press("tab")
        await pilot.pause()
        assert field.error == "«сто» не число. Напишите, например, 95 или 1250000,50."
        # The whole sentence takes a line more, and gives it back.
        assert await comes(pilot, lambda: field.region.height == height + 1)
        await fill(pilot, dialog, "budget.plan", "100")
        assert field.error == ""
        assert await comes(pilot, lambda: field.region.height == height)
        assert field.is_changed


async def test_a_broken_rule_is_shown_at_its_field_before_anything_is_saved(
    context: FormContext, ledger: FakeLedger
) -> None:
    dialog = EditDialog(context, "1.1.3-2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        same = await fill(pilot, dialog, "same_work", "9.9.9")
        await pilot.press("shift+tab")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "9.9.9" in same.error
        # The name of the field stands beside it.
        number = await fill(pilot, dialog, "number", "1" * 41)
        await pilot.press("tab")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert number.error == "Длиннее 40 знаков. Уберите лишнее."
    assert ledger.calls == 0


async def test_what_cannot_be_saved_stays_open_and_says_why(
    context: FormContext, ledger: FakeLedger
) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        # Nothing was changed.
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Ничего не изменено" in note(app.screen)
        assert app.is_open
        # An indicator is whole or not there.
        await fill(pilot, dialog, "indicator.name", "Доля")
        await pilot.press("f2")
        await pilot.pause()
        assert dialog.fields["indicator.unit"].error
        assert not dialog.fields["indicator.name"].error
        await fill(pilot, dialog, "indicator.name", "")
        # Missing required fields are reported and the first is focused.
        await fill(pilot, dialog, "number", "")
        await fill(pilot, dialog, "notes", "x")
        await pilot.press("f2")
        await pilot.pause()
        assert dialog.fields["number"].error
        assert dialog.field_in_focus() is dialog.fields["number"]
        assert dialog.fields["number"].error in note(dialog)
    assert ledger.calls == 0


async def test_esc_asks_before_typed_text_is_lost(context: FormContext) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        await fill(pilot, dialog, "notes", "важное")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, UnsavedDialog)
        await pilot.press("enter")  # the focus is on the button that goes back
        await pilot.pause()
        assert front(app) is dialog
        assert dialog.typed("notes") == "важное"
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert front(app) is dialog
        await pilot.press("escape", "left", "enter")
        await pilot.pause()
        assert not app.is_open
    assert app.results == [None]


async def test_f2_saves_also_where_esc_has_asked(context: FormContext, ledger: FakeLedger) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        await fill(pilot, dialog, "notes", "важное")
        await pilot.press("escape", "f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    (change,) = ledger.saved
    assert [edit.new for edit in change.edits] == ["важное"]


async def test_delete_closes_without_saving(context: FormContext, ledger: FakeLedger) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        await fill(pilot, dialog, "notes", "лишнее")
        await pilot.press("escape", "delete")
        await pilot.pause()
        assert not app.is_open
    assert ledger.calls == 0


async def test_esc_closes_at_once_where_nothing_was_typed(context: FormContext) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        dialog.fields["responsible"].control.focus()
        await pilot.press("x", "backspace", "escape")
        await pilot.pause()
        assert not app.is_open


async def test_a_refusal_keeps_what_was_typed(data: PlanData) -> None:
    ledger = FakeLedger(failures=[Refused(who="\x1b[31mдругой")])
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        await fill(pilot, dialog, "notes", "важное")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert note(dialog) == "Репозиторий занят: [b]␛[31mдругой[/b]."
        assert dialog.typed("notes") == "важное"
        assert dialog.field_in_focus() is dialog.fields["notes"]
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    assert ledger.saved[0].edits[0].new == "важное"


async def test_problems_are_shown_at_their_fields(data: PlanData) -> None:
    path = ("measures", 1)
    ledger = FakeLedger(
        failures=[
            Invalid(
                Problem("a", "Бюджет [b]не тот[/b].", (*path, "budget", "plan")),
                Problem("b", "Что-то ещё.", path),
            )
        ]
    )
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        await fill(pilot, dialog, "budget.plan", "100")
        await fill(pilot, dialog, "notes", "x")
        await pilot.press("ctrl+ы")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert dialog.fields["budget.plan"].error == "Бюджет [b]не тот[/b]."
        assert dialog.field_in_focus() is dialog.fields["budget.plan"]
        assert note(dialog) == "Что-то ещё."


async def test_while_saving_nothing_can_be_done_twice(data: PlanData) -> None:
    ledger = FakeLedger(gate=asyncio.Event())
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    app = Stage(dialog)
    async with app.run_test() as pilot:
        await fill(pilot, dialog, "notes", "важное")
        await pilot.press("f2")
        await pilot.pause()
        assert note(dialog) == "Сохраняется…"
        await pilot.press("f2", "enter", "escape", "x")
        await pilot.pause()
        assert front(app) is dialog
        assert dialog.typed("notes") == "важное"
        assert ledger.gate is not None
        ledger.gate.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    assert ledger.calls == 1


HOSTILE = "[b]жирно[/b] [@click=app.quit]x[/] \x1b]52;c;AAAA\x07 \u202eзадом\u202c \u200bнуль"


async def test_hostile_data_is_shown_literally_and_left_alone(
    data: PlanData, ledger: FakeLedger
) -> None:
    row = measure_data(data, "1.1.2")
    row["notes"] = HOSTILE
    row["responsible"] = HOSTILE
    row["proposal"] = HOSTILE
    row["actions"] = [HOSTILE, "второй\nв две строки"]
    sections: Any = data["sections"]
    sections[0]["channels"][0]["title"] = HOSTILE
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(140, 45)) as pilot:
        svg = app.export_screenshot()
        assert "\x1b" not in svg
        assert "\u202e" not in svg
        assert "[@click=app.quit]" in svg.replace("&#160;", " ")
        await fill(pilot, dialog, "result", "Новый")
        dialog.fields["responsible"].control.focus()
        await pilot.press("end", "!")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    edits = {edit.field: edit.new for edit in ledger.saved[0].edits}
    # What was not touched is not written, and beside an edit hidden characters stay as they were.
    assert edits == {"result": "Новый", "responsible": HOSTILE + "!"}


async def test_what_is_pasted_cannot_hide_anything(context: FormContext) -> None:
    dialog = EditDialog(context, "1.1.2")
    async with Stage(dialog).run_test() as pilot:
        for key, expected in (("responsible", "a[31mb c d"), ("notes", "a[31mb\nc d\n")):
            dialog.fields[key].control.focus()
            await pilot.pause()
            pilot.app.screen.post_message(Paste("a\x1b[31mb\u200b\u202e\r\nc\td\n"))
            await pilot.pause()
            dialog.fields[key].control.post_message(Paste("a\x1b[31mb\u200b\u202e\r\nc\td\n"))
            await pilot.pause()
            assert dialog.typed(key) in {expected, expected * 2}
