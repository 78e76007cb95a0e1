import pytest
from textual.widgets import Select

from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.numbering import next_number
from kvartal.schema.validation import validate
from kvartal.tui.dialogs.add import AddDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.inputs import set_control_text
from kvartal.tui.places import Place
from tests.tui.dialogs.stage import FakeLedger, Stage, fill, type_text


async def test_a_measure_is_added_with_the_next_free_number(
    data: PlanData, context: FormContext, ledger: FakeLedger
) -> None:
    dialog = AddDialog(context, Place("1.1"))
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert dialog.typed("number") == "1.1.5"
        assert dialog.fields["number"].reading == "→ обозначение 1.1.5"
        assert not dialog.has_typed
        await fill(pilot, dialog, "proposal", "Навес у входа")
        await fill(pilot, dialog, "actions", "Проект\nУстановка")
        await fill(pilot, dialog, "term", "2-3 кварталы")
        assert dialog.fields["term"].reading == (
            "→ II–III кварталы, контрольные точки 30.06.2024, 30.09.2024"
        )
        await fill(pilot, dialog, "result", "Навес установлен")
        await fill(pilot, dialog, "budget.plan", "150 000,50")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    (edit,) = ledger.saved[0].edits
    assert ledger.saved[0].kind is ChangeKind.ADD
    assert edit.new == {
        "id": "1.1.5",
        "channel": "1.1",
        "number": "1.1.5",
        "proposal": "Навес у входа",
        "actions": ["Проект", "Установка"],
        "term": {"text": "2-3 кварталы", "quarters": [2, 3]},
        "result": "Навес установлен",
        "budget": {"plan": 150000.5},
    }
    assert isinstance(edit.new, dict)
    assert list(edit.new)[:3] == ["id", "channel", "number"]
    assert validate(apply_edits(data, ledger.saved[0].edits)) == ()


async def test_the_number_follows_the_channel_until_one_is_typed(
    context: FormContext,
) -> None:
    dialog = AddDialog(context, Place("1.1"))
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        channel = dialog.query_one(Select)
        channel.value = "channel 2.2"
        await pilot.pause()
        assert dialog.typed("number") == "2.2.2"
        channel.value = "channel 1.3"
        await pilot.pause()
        assert dialog.typed("number") == "1.3.1"
        assert not dialog.fields["number"].is_changed
        await fill(pilot, dialog, "number", "1.3.7")
        channel.value = "channel 1.4"
        await pilot.pause()
        assert dialog.typed("number") == "1.3.7"


async def test_a_number_that_is_taken_continues_its_row(context: FormContext) -> None:
    dialog = AddDialog(context, Place("1.1"))
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        field = await fill(pilot, dialog, "number", "1.1.3")
        assert field.reading == "→ продолжение строки 1.1.3, обозначение 1.1.3-3"


async def test_empty_required_fields_are_marked(context: FormContext, ledger: FakeLedger) -> None:
    dialog = AddDialog(context)
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await pilot.pause()
        wrong = [key for key, field in dialog.fields.items() if field.error]
        assert wrong == ["term"]
        await fill(pilot, dialog, "term", "4 квартал")
        await pilot.press("f2")
        await pilot.pause()
        assert "предложение или действия" in dialog.fields["proposal"].error
    assert ledger.calls == 0


@pytest.mark.parametrize(("channel", "number"), [("1.1", "1.1.5"), ("1.3", "1.3.1")])
def test_the_next_number(context: FormContext, channel: str, number: str) -> None:
    assert next_number(context.plan, (channel, None)) == number


async def test_the_channel_is_found_by_its_letters(context: FormContext) -> None:
    dialog = AddDialog(context, Place("1.1"))
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "м", "о", "б", "enter")
        await pilot.pause()
        assert dialog.typed("place") == "channel 1.5"
        assert dialog.fields["place"].display_text() == "1.5 Мобильный офис"
        await pilot.press("enter", "down", "escape")
        await pilot.pause()
        assert dialog.typed("place") == "channel 1.5"


async def test_what_is_typed_replaces_the_number_proposed(context: FormContext) -> None:
    dialog = AddDialog(context, Place("1.1"))
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        place, number = dialog.fields["place"], dialog.fields["number"]
        set_control_text(place.control, "channel 1.2")
        await pilot.pause()
        place.control.focus()
        await pilot.press("tab")
        await type_text(pilot, "7.1")
        assert number.typed == "7.1"
