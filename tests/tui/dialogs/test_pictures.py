"""What the dialogs look like, at the smallest size and at a comfortable one."""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from kvartal.exchange.tables.unclear import UnclearColumn
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.tui.dialogs.add import AddDialog
from kvartal.tui.dialogs.as_of import AsOfDialog
from kvartal.tui.dialogs.decisions import CancelDialog, PostponeDialog
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.dialogs.remove import RemoveDialog
from kvartal.tui.dialogs.unclear_columns import ColumnAnswers, UnclearColumnsDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.dialog import Dialog
from kvartal.tui.places import Place
from tests.tui.dialogs.stage import AS_OF, TODAY, Stage, fill, type_text

Compare = Callable[..., bool]
Do = Callable[[Pilot[None]], Awaitable[None]]

SMALL = (80, 24)
LARGE = (140, 45)


def still(do: Do | None = None) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what to do before the picture is taken: cursors do not blink in it."""

    async def prepare(pilot: Pilot[None]) -> None:
        for widget in pilot.app.screen.query(Input):
            widget.cursor_blink = False
        for area in pilot.app.screen.query(TextArea):
            area.cursor_blink = False
        if do is not None:
            await do(pilot)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    return prepare


def picture(
    compare: Compare, dialog: Dialog[Any], size: tuple[int, int], do: Do | None = None
) -> bool:
    return compare(Stage(dialog), terminal_size=size, run_before=still(do))


def test_edit_with_an_error(snap_compare: Compare, context: FormContext) -> None:
    dialog = EditDialog(context, "2.2.1")

    async def do(pilot: Pilot[None]) -> None:
        await fill(pilot, dialog, "responsible", "Контактный центр")
        await fill(pilot, dialog, "budget.plan", "сто тысяч")
        for key in ("tab", "shift+tab"):
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
        # How far the form had to scroll depends on when the error took its second line.
        dialog.fields["responsible"].scroll_visible(top=True, animate=False)
        await pilot.pause()

    assert picture(snap_compare, dialog, SMALL, do)


def test_edit_whole(snap_compare: Compare, context: FormContext) -> None:
    assert picture(snap_compare, EditDialog(context, "2.2.1"), LARGE)


def test_add(snap_compare: Compare, context: FormContext) -> None:
    dialog = AddDialog(context, Place("1.3"))

    async def do(pilot: Pilot[None]) -> None:
        await fill(pilot, dialog, "proposal", "Выезд к клиентам")
        await fill(pilot, dialog, "term", "2-3 кварталы 2024")

    assert picture(snap_compare, dialog, SMALL, do)


def test_record_at_first(snap_compare: Compare, context: FormContext) -> None:
    assert picture(snap_compare, RecordDialog(context, ["1.1.2"]), SMALL)


def test_record_filled(snap_compare: Compare, context: FormContext) -> None:
    dialog = RecordDialog(context, ["2.2.1-3"], CalendarQuarter(2024, 3))

    async def do(pilot: Pilot[None]) -> None:
        await fill(pilot, dialog, "date", "30.09")
        await fill(pilot, dialog, "values.2024-07", "4,2")
        await fill(pilot, dialog, "values.2024-08", "5,7")
        await fill(pilot, dialog, "documents.0.title", "Отчёт контактного центра")
        await fill(pilot, dialog, "documents.0.date", "31.09")
        await fill(pilot, dialog, "links", "сайт")
        await pilot.press("shift+tab")

    assert picture(snap_compare, dialog, LARGE, do)


def test_record_several(snap_compare: Compare, context: FormContext) -> None:
    dialog = RecordDialog(context, ["1.1.1", "1.2.1", "1.1.2", "1.2.2"])
    assert picture(snap_compare, dialog, SMALL)


def test_postpone(snap_compare: Compare, context: FormContext) -> None:
    async def do(pilot: Pilot[None]) -> None:
        await type_text(pilot, "4 квартал")

    assert picture(snap_compare, PostponeDialog(context, "1.1.2"), SMALL, do)


def test_cancel(snap_compare: Compare, context: FormContext) -> None:
    async def do(pilot: Pilot[None]) -> None:
        await pilot.press("f2")

    assert picture(snap_compare, CancelDialog(context, "1.1.2"), LARGE, do)


def test_as_of(snap_compare: Compare) -> None:
    assert picture(snap_compare, AsOfDialog(ProgrammePeriod.of_year(2024), AS_OF, TODAY), SMALL)


def test_remove(snap_compare: Compare, context: FormContext) -> None:
    assert picture(snap_compare, RemoveDialog(context, "1.1.2"), SMALL)


def test_what_columns_hold(snap_compare: Compare) -> None:
    columns = (
        UnclearColumn("Дело", ("Опрос клиентов", "Ремонт входа"), "actions"),
        UnclearColumn("Категория потребителя и надёжность", ("первая", "вторая")),
        UnclearColumn("Риск", ()),
    )

    async def read(answers: ColumnAnswers) -> ColumnAnswers:
        return answers

    async def do(pilot: Pilot[None]) -> None:
        await pilot.press("tab", "down", "enter")

    dialog = UnclearColumnsDialog[ColumnAnswers](columns, read)
    assert picture(snap_compare, dialog, SMALL, do)


def test_leaving_what_was_typed(snap_compare: Compare, context: FormContext) -> None:
    dialog = PostponeDialog(context, "1.1.2")

    async def do(pilot: Pilot[None]) -> None:
        await fill(pilot, dialog, "to", "4 квартал")
        await fill(pilot, dialog, "reason", "Поставка терминала задержана")
        await pilot.press("escape")

    assert picture(snap_compare, dialog, SMALL, do)
