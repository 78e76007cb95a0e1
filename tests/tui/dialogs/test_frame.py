"""What every dialog keeps to: buttons in sight, keys without Ctrl, the mouse."""

from functools import partial

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key, Resize
from textual.widget import Widget

from kvartal.schema.changes import Change, Plain, PlanData, measure_data
from kvartal.tui.dialogs.decisions import PostponeDialog
from kvartal.tui.dialogs.document_rows import FieldsDialog
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.dialog_foot import DialogFoot
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import ActionButton, pasted, restored
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.forms.unsaved import UnsavedDialog
from kvartal.tui.presentation.sanitize import shown
from tests.tui.dialogs.stage import FakeLedger, Stage, comes, context_of, fill, front


def in_sight(dialog: FormDialog[Change], control: Widget) -> bool:
    body = dialog.query_one(".dialog-body").region
    return body.contains_point(control.region.offset)


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (30, 9), (20, 5)])
async def test_the_buttons_and_the_field_in_focus_are_visible(
    context: FormContext, size: tuple[int, int]
) -> None:
    is_record = size == (30, 9)
    dialog = RecordDialog(context, ["1.1.2"]) if is_record else EditDialog(context, "2.2.1-2")
    async with Stage(dialog).run_test(size=size) as pilot:
        for field in dialog.fields.values():
            field.control.focus()
            await pilot.pause()
            buttons = dialog.query_one(DialogFoot).region
            assert dialog.region.contains_region(buttons)
            assert await comes(pilot, partial(in_sight, dialog, field.control))


@pytest.mark.parametrize(("width", "left"), [(80, 24), (36, 0)])
async def test_buttons_of_a_long_table_stand_below_its_fields(
    context: FormContext, width: int, left: int
) -> None:
    fields: list[Plain] = [{"key": f"k{n}", "title": "Поле"} for n in range(60)]
    data: PlanData = {**context.data, "fields": fields}
    dialog = FieldsDialog(context_of(data, FakeLedger()))
    async with Stage(dialog).run_test(size=(width, 24)):
        buttons = [one for one in dialog.query(".dialog-body ActionButton") if one.display]
        assert {one.id for one in buttons} == {"rows-below", "more-rows"}
        assert {one.virtual_region.x for one in buttons} == {left}


async def test_a_question_stays_in_sight_in_a_window_of_any_height() -> None:
    dialog = ConfirmDialog("Удалить мероприятие?", ["1.1.2"] * 9, accept="Удалить", leave="Нет")
    async with Stage(dialog).run_test(size=(40, 7)) as pilot:
        await pilot.pause()
        assert dialog.query_one(".dialog-heading").size.height == 1
        assert dialog.query_one(".dialog-body").size.height >= 1


async def test_the_whole_form_is_walked_with_the_arrows(context: FormContext) -> None:
    dialog = PostponeDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        seen = []
        for _step in range(6):
            field = dialog.field_in_focus()
            seen.append(field.key if field else str(dialog.focused and dialog.focused.id))
            await pilot.press("down")
        assert seen == ["to", "reason", "basis", "date", "None", "None"]
        assert dialog.field_in_focus() is dialog.fields["to"]
        await pilot.press("up", "left")
        assert isinstance(dialog.focused, ActionButton)
        await pilot.press("up")
        assert dialog.field_in_focus() is dialog.fields["date"]


async def test_the_mouse_works(context: FormContext, ledger: FakeLedger) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "notes", "x")
        buttons = list(dialog.query(".dialog-buttons ActionButton"))
        await pilot.click(buttons[1])
        await pilot.pause()
        assert isinstance(front(app), UnsavedDialog)
        await pilot.click("#leave")
        await pilot.pause()
        await pilot.click(buttons[0])
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    assert ledger.calls == 1


@pytest.mark.parametrize("length", [30, 1000])
async def test_a_long_text_has_its_height_at_once(
    data: PlanData, ledger: FakeLedger, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[tuple[int, ...]] = []

    def resized(control: LongInput, event: Resize) -> None:
        if control.text == notes:
            sizes.append(event.size)

    notes = "слово " * length
    measure_data(data, "1.1.1")["notes"] = notes
    monkeypatch.setattr(LongInput, "on_resize", resized, raising=False)
    dialog = EditDialog(context_of(data, ledger), "1.1.1")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert [height for _width, height in sizes] == [min(6, -(-length // 8))]
        control = dialog.fields["notes"].query_one(LongInput)
        await pilot.resize_terminal(60, 24)
        await pilot.pause()
        assert control.wrapped_document.height == control.virtual_size.height
        wrapped = control.wrapped_document.lines
        assert all(len(part) <= control.size.width for line in wrapped for part in line)


def last_line_in_sight(control: LongInput) -> bool:
    row = control.wrapped_document.height - 1
    return 0 <= row - control.scroll_offset.y < control.size.height


async def test_what_is_being_typed_stays_in_sight_in_a_window_of_any_size(
    data: PlanData, ledger: FakeLedger
) -> None:
    measure_data(data, "1.1.1")["notes"] = "слово " * 100
    dialog = EditDialog(context_of(data, ledger), "1.1.1")
    async with Stage(dialog).run_test(size=(140, 45)) as pilot:
        control = dialog.fields["notes"].query_one(LongInput)
        control.focus()
        control.move_cursor(control.document.end)
        for size in ((40, 12), (140, 45), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert await comes(pilot, lambda: last_line_in_sight(control))
        typed = control.text
        parser = XTermParser()
        for sent in ("\x1f", "\x1b[47;5u", "\x1b[46;5u"):  # Ctrl+/; by kitty's protocol; in Russian
            keys = [event.key for event in parser.feed(sent) if isinstance(event, Key)]
            await pilot.press("x", *keys)
            assert control.text == typed


async def test_a_page_is_turned(context: FormContext) -> None:
    dialog = EditDialog(context, "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        body = dialog.query_one(".dialog-body")
        await pilot.press("pagedown")
        assert await comes(pilot, lambda: body.scroll_y > 6)
        await pilot.press("pageup")
        assert await comes(pilot, lambda: body.scroll_y == 0)


async def test_every_dialog_shows_its_title_literally(context: FormContext) -> None:
    app = Stage(
        ConfirmDialog("[b]Вопрос[/b] \x1b", ["[/x]", "\x07"], accept="Да", title="[u]т[/u]")
    )
    async with app.run_test(size=(80, 24)):
        svg = app.export_screenshot().replace("&#160;", " ")
        for text in ("[b]Вопрос[/b] ␛", "[/x]", "␇", "[u]т[/u]"):
            assert text in svg


async def test_the_name_of_a_measure_is_shown_literally(context: FormContext) -> None:
    app = Stage(RecordDialog(context, ["1.1.2"]))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        await pilot.pause()
    assert app.results == [None]


@pytest.mark.parametrize(
    "text", ["\x1b[31m", "a\u200db", "две\nстроки", "\ud800", "\u202eзадом", "обычный", "🙂"]
)
def test_what_was_made_visible_is_restored(text: str) -> None:
    assert restored(f"до {shown(text)} после", text) == f"до {text} после"
    assert restored(shown(text, lines=True), text, lines=True) == text


def test_a_sign_that_was_typed_stays_a_sign() -> None:
    assert restored("␛⏎", "текст") == "␛⏎"


@pytest.mark.parametrize(
    ("text", "one_line", "lines"),
    [
        ("a\r\nb\n", "a b", "a\nb\n"),
        ("a\tb\x1b[0m\x00", "a b[0m", "a b[0m"),
        ("a\u200b\u00adb\u2028c", "ab c", "ab\nc"),
        ("\n\na", "a", "\n\na"),
    ],
)
def test_what_is_pasted_is_plain(text: str, one_line: str, lines: str) -> None:
    assert pasted(text) == one_line
    assert pasted(text, lines=True) == lines
