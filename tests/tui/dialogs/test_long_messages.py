"""A message that is longer than its place can be read whole, and its end is not what is lost."""

from typing import Any

import pytest
from textual.widgets import Static

from kvartal.history.git.errors import HookRefused
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import Problem
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.heading_line import HeadingLine
from kvartal.tui.forms.whole_message import WholeMessageDialog
from kvartal.tui.presentation.elide import elided
from tests.tui.dialogs.stage import (
    FakeLedger,
    Invalid,
    Stage,
    comes,
    context_of,
    fill,
    front,
    note,
    texts,
)

REASON = "Нет номера приказа: впишите его в поле «основание»."
PRINTED = "\n".join((*(f"проверка {number}: пройдена" for number in range(40)), REASON))
LONG = " ".join(f"слово{number}" for number in range(45)) + " конец"


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_the_end_of_a_hook_s_answer_is_shown_and_the_whole_can_be_read(
    context: FormContext, ledger: FakeLedger, size: tuple[int, int]
) -> None:
    ledger.failures.append(HookRefused(words=PRINTED))
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=size) as pilot:
        await fill(pilot, dialog, "notes", "x")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = note(dialog)
        assert text.startswith("Проверка репозитория (hook) не пропустила изменение.")
        assert "F3 — всё сообщение" in text
        assert " ".join(text.split()).endswith(REASON)
        await pilot.press("f3")
        await pilot.pause()
        whole = front(app)
        assert isinstance(whole, WholeMessageDialog)
        body = whole.query_one(".dialog-body")
        assert body.max_scroll_y > 0
        for _page in range(8):
            await pilot.press("pagedown")
        assert await comes(pilot, lambda: body.scroll_offset.y == body.max_scroll_y)
        assert REASON in texts(whole)
        await pilot.press("escape")
        await pilot.pause()
        assert front(app) is dialog
        assert dialog.typed("notes") == "x"


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_an_error_under_its_field_is_whole(
    context: FormContext, ledger: FakeLedger, size: tuple[int, int]
) -> None:
    problem = Problem("x", LONG, path=("measures", 1, "notes"))
    ledger.failures.append(Invalid(problem))
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=size) as pilot:
        await fill(pilot, dialog, "notes", "x")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        line = dialog.fields["notes"].query_one(".field-line")
        lines = [strip.text.strip() for strip in line.render_lines(line.size.region)]
        assert " ".join(lines) == LONG
        body = dialog.query_one(".dialog-body")
        assert await comes(pilot, lambda: body.region.contains_region(line.region))
        await fill(pilot, dialog, "notes", "y")
        await pilot.pause()
        assert dialog.fields["notes"].query_one(".field-line").size.height == 1


async def test_a_heading_and_a_hint_that_are_cut_can_be_read_whole(
    data: PlanData, ledger: FakeLedger
) -> None:
    measures: Any = data["measures"]
    rows = measures[:5]
    for row in rows:
        row["result"] = row["proposal"] = f"{LONG} {row['id']}"
    context = context_of(data, ledger)
    dialog = RecordDialog(context, [row["id"] for row in rows])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        dialog.fields["result"].control.focus()
        await pilot.pause()
        assert "F3 — целиком" in str(dialog.query_one(".dialog-keys", Static).render())
        assert note(dialog).endswith("… F3 — целиком")
        assert len(note(dialog).split("\n")) == 2
        await pilot.press("f3")
        await pilot.pause()
        whole = texts(front(app))
        assert all(f"{row['id']} {row['proposal']}" in whole for row in rows)
        assert " / ".join(row["result"] for row in rows) in whole
        await pilot.press("f3")
        await pilot.pause()
        assert front(app) is dialog


async def test_a_key_is_named_only_where_something_is_cut(
    context: FormContext,
) -> None:
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "F3" not in str(dialog.query_one(".dialog-keys", Static).render())
        await pilot.press("f3")
        assert front(app) is dialog
        hint = note(dialog)
        await pilot.resize_terminal(24, 24)
        await pilot.pause()
        assert note(dialog).endswith("… F3 — целиком")
        await pilot.press("f3")
        assert hint in texts(front(app))
        await pilot.press("f3")
        assert dialog.query_one(HeadingLine).is_cut
        assert "F3 — целиком" in str(dialog.query_one(".dialog-keys", Static).content)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert note(dialog) == hint
        assert "F3" not in str(dialog.query_one(".dialog-keys", Static).content)


def test_a_short_text_stays_as_it_is() -> None:
    assert elided("Занято.", 40, 4, "F3") == "Занято."


def test_what_is_left_out_is_from_the_middle() -> None:
    text = elided("\n".join(map(str, range(100))), 40, 5, "F3")
    assert text.split("\n") == ["0", "1", "… F3", "98", "99"]
