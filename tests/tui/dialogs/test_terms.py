"""The field for a term: kept as typed, read below, asked about where it has several readings."""

from typing import Any

import pytest
from textual.widgets import Static

from kvartal.schema.changes import Plain, PlanData
from kvartal.tui.dialogs.decisions import PostponeDialog
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.reading_list import ReadingList
from tests.tui.dialogs.stage import FakeLedger, Stage, context_of, fill, note, type_text


def new_term(ledger: FakeLedger) -> Plain:
    """Return the term of the postponement that was saved."""
    new = ledger.saved[0].edits[0].new
    assert isinstance(new, dict)
    return new["to"]


@pytest.mark.parametrize(
    ("typed", "keys", "stored"),
    [
        ("05/06/2024", ["enter", "2"], {"due": "2024-05-06"}),
        ("до 30.11.2025", ["down", "enter"], {"due": "2025-11-30"}),
        ("к  осени", ["tab", "enter"], {}),
    ],
)
async def test_a_reading_is_picked_and_the_text_stays_as_typed(
    context: FormContext, ledger: FakeLedger, typed: str, keys: list[str], stored: dict[str, Any]
) -> None:
    dialog = PostponeDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, typed)
        field = dialog.fields["to"]
        assert field.reading.startswith("?")
        await pilot.press(*keys)
        await pilot.pause()
        assert field.reading.startswith("→")
        await pilot.press("enter")
        await type_text(pilot, "Задержка")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    assert new_term(ledger) == {"text": typed, **stored}


async def test_nothing_moves_while_a_term_is_typed(context: FormContext) -> None:
    dialog = PostponeDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        below = dialog.fields["reason"]
        tops = set()
        for letter in "05/06/2024 г., ":
            await type_text(pilot, letter)
            tops.add(below.region.y)
        assert len(tops) == 1


async def test_a_term_with_several_readings_is_not_saved_before_one_is_picked(
    context: FormContext, ledger: FakeLedger
) -> None:
    dialog = PostponeDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "05/06/2024")
        await fill(pilot, dialog, "reason", "Задержка")
        await pilot.press("f2")
        await pilot.pause()
        field = dialog.fields["to"]
        assert "можно понять по-разному" in field.error
        assert dialog.field_in_focus() is field
        readings = field.query_one(ReadingList)
        assert readings.size.height == 3  # two dates, and that there is none
        assert "( ) 3  без даты" in str(readings.render())
        # Another text has other readings: what was picked for the old one does not hold.
        await pilot.press("down", "2", "shift+tab")
        assert field.reading == "→ до 06.05.2024"
        await pilot.press("end", "backspace", "5")
        assert field.reading.startswith("? до 05.06.2025 · до 06.05.2025 · без даты")
        assert "( ) 1  до 05.06.2025 — вне срока программы" in str(readings.render())
        await pilot.press("f2")
        await pilot.pause()
        assert field.error
        assert dialog.typed("to") == "05/06/2025"
    assert ledger.calls == 0


async def test_a_stored_reading_is_kept_until_the_text_changes_and_offered_then(
    data: PlanData, ledger: FakeLedger
) -> None:
    document: Any = data["document"]
    del document["approval"]
    rows: Any = data["measures"]
    rows[1]["term"] = {"text": "к осени", "due": "2024-09-01"}
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        field = dialog.fields["term"]
        assert field.reading == "→ до 01.09.2024"
        await fill(pilot, dialog, "notes", "x")
        assert dialog.verify()
        await fill(pilot, dialog, "term", "к началу осени")
        assert field.reading.startswith("? до 01.09.2024 · без даты")
        field.control.focus()
        await pilot.press("down", "enter", "f2")
        await app.workers.wait_for_complete()
    edits = {edit.field: edit.new for edit in ledger.saved[0].edits}
    assert edits == {"term": {"text": "к началу осени", "due": "2024-09-01"}, "notes": "x"}


async def test_the_hint_says_what_the_keys_do_in_the_list(context: FormContext) -> None:
    dialog = PostponeDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "4")
        assert "Словами" in note(dialog)
        await pilot.press("down")
        assert "стрелки или цифра" in note(dialog)
        assert dialog.query_one(".dialog-note", Static).size.height == 2
