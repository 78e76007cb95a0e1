"""The dialogs over programmes of other shapes than the published one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from textual.widgets import Static

from kvartal.schema.changes import MISSING, Edit, Plain, PlanData, measure_data
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.validation import validate
from kvartal.tui.dialogs.add import AddDialog
from kvartal.tui.dialogs.as_of import AsOfDialog
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.places import Place
from tests.tui.dialogs.stage import FakeLedger, Stage, context_of, fill, texts, type_text

NESTED = "nested-sections"
FLAT = "flat"
YEAR = "academic-year"

Load = Callable[[str], PlanData]


@pytest.fixture
def load(root: Path) -> Load:
    """Return a function that loads an example by its name."""

    def load(name: str) -> PlanData:
        path = root / "tests" / "plans" / "valid" / f"{name}.yaml"
        data: PlanData = YAML(typ="safe").load(path)
        return data

    return load


async def saved(dialog: ChangeForm, ledger: FakeLedger, data: PlanData, *keys: str) -> list[Edit]:
    """Press keys and F2 in a dialog; return what it saved, which is valid."""
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in keys:
            name, equals, text = key.partition("=")
            if equals:
                await fill(pilot, dialog, name, text)
            else:
                await pilot.press(*key.split())
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open, {k: f.error for k, f in dialog.fields.items() if f.error}
    (change,) = ledger.saved
    assert validate(apply_edits(data, change.edits)) == ()
    return [*change.edits]


async def test_a_point_is_recorded(load: Load, ledger: FakeLedger) -> None:
    data = load(FLAT)
    context = context_of(data, ledger, date(2024, 2, 10))
    dialog = RecordDialog(context, ["1"])
    (edit,) = await saved(dialog, ledger, data, "down", "date=04.02")
    assert edit.new == {"point": "2024-02-05", "date": "2024-02-04"}


@pytest.mark.parametrize(
    ("wanted", "key"),
    [(None, "2024-01-05"), (date(2024, 3, 5), "2024-03-05"), (CalendarQuarter(2024, 2), "")],
)
async def test_points_are_named_by_month_and_date_and_one_is_proposed(
    load: Load, ledger: FakeLedger, wanted: CalendarQuarter | date | None, key: str
) -> None:
    dialog = RecordDialog(context_of(load(FLAT), ledger, date(2024, 2, 10)), ["1"], wanted)
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        assert dialog.typed("checkpoint") == (key or "2024-01-05")
        choices = str(dialog.fields["checkpoint"].control.render())
        assert "январь   до 05.01.2024  ✗ просрочено 36 дн." in choices
        assert "Контрольная точка" in texts(dialog)
        await pilot.press("3")
        assert dialog.typed("checkpoint") == "2024-03-05"
        await pilot.press("down")
        assert dialog.field_in_focus() is dialog.fields["date"]


async def test_a_long_list_of_points_shows_the_part_around_the_choice(
    load: Load, ledger: FakeLedger
) -> None:
    data = load(FLAT)
    row = measure_data(data, "1")
    row["term"] = {
        "text": "ежемесячно до 5 числа",
        "points": [f"2024-{month:02}-05" for month in range(1, 13)],
    }
    dialog = RecordDialog(context_of(data, ledger, date(2024, 1, 10)), ["1"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        control = dialog.fields["checkpoint"].control
        height = control.size.height
        assert "↓ ещё 5" in str(control.render())
        await pilot.press(*["down"] * 11)
        assert dialog.typed("checkpoint") == "2024-12-05"
        assert "(•) декабрь" in str(control.render())
        assert "↑ ещё 5" in str(control.render())
        assert control.size.height == height
        await pilot.click("RadioList", offset=(3, 0))
        assert dialog.typed("checkpoint") == "2024-06-05"


async def test_several_indicators_have_values_of_their_own(load: Load, ledger: FakeLedger) -> None:
    data = load(NESTED)
    row = measure_data(data, "V-0002")
    del row["records"]
    dialog = RecordDialog(context_of(data, ledger, date(2026, 6, 20)), ["V-0002"])
    names = ["values.0.2026-H1", "values.1.2025"]
    (edit,) = await saved(dialog, ledger, data, *(f"{name}=96,5" for name in names))
    assert edit.new == {
        "point": "2026-06-30",
        "date": "2026-06-20",
        "complete": True,
        "values": [
            {"indicator": "Доля", "period": "2026-H1", "value": 96.5},
            {"indicator": "Число", "period": "2025", "value": 96.5},
        ],
    }


async def test_a_quarter_of_a_programme_of_several_years_is_recorded_with_its_year(
    load: Load, ledger: FakeLedger
) -> None:
    data = load(NESTED)
    dialog = RecordDialog(context_of(data, ledger, date(2025, 2, 1)), ["V-0001"])
    (edit,) = await saved(dialog, ledger, data, "2")
    assert isinstance(edit.new, dict)
    assert edit.new["quarter"] == "2025-Q1"


@pytest.mark.parametrize(
    ("name", "place", "number", "stored"),
    [
        (NESTED, Place(section="I.1.1"), "V-0003", {"section": "I.1.1"}),
        (FLAT, None, "п. 4", {}),
    ],
)
async def test_a_measure_is_added_where_the_programme_has_room_for_it(
    load: Load,
    ledger: FakeLedger,
    name: str,
    place: Place | None,
    number: str,
    stored: dict[str, Plain],
) -> None:
    data = load(name)
    dialog = AddDialog(context_of(data, ledger), place)
    (edit,) = await saved(
        dialog, ledger, data, "actions=Провести сверку", "term=постоянно", f"number={number}"
    )
    assert isinstance(edit.new, dict)
    assert {key: edit.new[key] for key in edit.new if key in {"channel", "section"}} == stored
    assert edit.new["actions"] == ["Провести сверку"]
    assert "proposal" not in edit.new
    assert "result" not in edit.new


async def test_places_are_called_as_the_organisation_calls_them(
    load: Load, ledger: FakeLedger
) -> None:
    dialog = AddDialog(context_of(load(NESTED), ledger), Place(channel="а"))
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        assert dialog.fields["place"].label == "Направление / Задача / Подзадача"
        assert dialog.typed("number") == "V-0004"
        await pilot.press("enter", "в", "н", "е", "enter")
        await pilot.pause()
        assert dialog.place == Place()
        assert dialog.typed("number") == "1"


async def test_the_star_of_a_required_field_is_beside_its_last_word(
    load: Load, ledger: FakeLedger
) -> None:
    data = load(NESTED)
    data["levels"] = ["Государственный", "Направление", "Задача"]
    dialog = AddDialog(context_of(data, ledger), Place(channel="а"))
    async with Stage(dialog).run_test(size=(80, 24)):
        label = dialog.fields["place"].query_one(".field-label", Static)
        lines = [label.render_line(y).text.strip() for y in range(label.size.height)]
        assert lines == ["Государственный /", "Направление /", "Задача *"]


async def test_declared_fields_are_edited_under_their_titles(
    load: Load, ledger: FakeLedger
) -> None:
    data = load(NESTED)
    fields: Any = data["fields"]
    fields += [{"key": "приёмка", "title": "Дата приёмки", "type": "date"}]
    context = context_of(data, ledger, date(2025, 4, 1))
    dialog = EditDialog(context, "V-0001")
    edits = await saved(
        dialog,
        ledger,
        data,
        *("extra.риск=высокий", "extra.охват=97,5", "extra.приёмка=вчера", "extra.прочее="),
        *("budget.1.fact=7", "number=V-1"),
    )
    assert dialog.fields["extra.риск"].label == "Риск"
    assert {edit.path: edit.new for edit in edits} == {
        ("number",): "V-1",
        ("budget", 1, "fact"): 7,
        ("extra", "риск"): "высокий",
        ("extra", "охват"): 97.5,
        ("extra", "приёмка"): "2025-03-31",
        ("extra", "прочее"): MISSING,
    }


async def test_a_second_responsible_makes_a_list_and_an_emptied_one_leaves_it(
    load: Load, ledger: FakeLedger
) -> None:
    data = load(FLAT)
    measure_data(data, "п-3")["responsible"] = "Отдел закупок"
    app = Stage(dialog := EditDialog(context_of(data, ledger), "п-3"))
    async with app.run_test(size=(80, 24)) as pilot:
        dialog.query_one("#more-responsible").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert dialog.field_in_focus() is dialog.fields["responsible.1.name"]
        await type_text(pilot, "Ещё отдел")
        await pilot.press("enter")
        await type_text(pilot, "соисполнитель")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    (edit,) = ledger.saved[0].edits
    assert edit.new == [
        {"name": "Отдел закупок"},
        {"name": "Ещё отдел", "role": "соисполнитель"},
    ]
    ledger.saved.clear()
    dialog = EditDialog(context_of(data, ledger), "1")
    edits = await saved(dialog, ledger, data, "responsible.0.name=", "responsible.0.role=")
    assert [edit.new for edit in edits] == [[{"name": "Юридический отдел"}]]


async def test_a_measure_needs_a_proposal_or_an_action(load: Load, ledger: FakeLedger) -> None:
    dialog = EditDialog(context_of(load(FLAT), ledger), "п-3")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "proposal", "")
        await pilot.press("f2")
        await pilot.pause()
        assert "предложение или действия" in dialog.fields["proposal"].error
    assert ledger.calls == 0


async def test_what_others_made_of_a_list_is_gone_on_with(load: Load, ledger: FakeLedger) -> None:
    data = load(NESTED)
    context = context_of(data, ledger)
    dialog = EditDialog(context, "V-0001")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "notes", "моё")
        more: Any = load(NESTED)
        more["measures"][0]["budget"].append({"source": "грант", "plan": 9})
        before, dialog.context = data, context_of(more, ledger)
        assert list(dialog.rebase(before)) == []
        await pilot.pause()
        assert dialog.fields["budget.2.source"].typed == "грант"
        assert dialog.typed("notes") == "моё"
        await fill(pilot, dialog, "budget.0.plan", "1")
        again: Any = load(NESTED)
        again["measures"][0]["budget"][0]["plan"] = 2000
        before, dialog.context = more, context_of(again, ledger)
        ((key, sentence),) = dialog.rebase(before)
        assert key == "budget.0.plan"
        assert "2000" in sentence


async def test_the_ends_of_quarters_carry_their_year(load: Load, ledger: FakeLedger) -> None:
    period = context_of(load(YEAR), ledger).plan.period
    app = Stage(AsOfDialog(period, date(2024, 12, 5), date(2024, 12, 5)))
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "1.2")
        await pilot.press("enter")
        await app.workers.wait_for_complete()
    assert app.results == [date(2025, 2, 1)]
    app = Stage(AsOfDialog(period, date(2024, 12, 5), date(2024, 12, 5)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "down", "down", "enter")
        await pilot.pause()
    assert app.results == [date(2025, 3, 31)]
