"""Dialogs on the real ledger: what is typed becomes a commit, what is refused stays typed."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from kvartal.history.store.attachments import Attachment
from kvartal.history.store.ledger import Ledger
from kvartal.schema.changes import Change
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.forms.context import FormContext
from tests.tui.dialogs.stage import AS_OF, Stage, fill


def context_on(ledger: Ledger, plan: Path, today: date = AS_OF) -> FormContext:
    snapshot = ledger.read()

    async def save(
        change: Change, attachments: tuple[Attachment, ...] = (), *, reason: str = ""
    ) -> None:
        await asyncio.to_thread(ledger.apply, snapshot, change, attachments, reason=reason)

    return FormContext(snapshot.data, snapshot.plan, plan, AS_OF, today, save)


async def test_an_act_with_its_file_is_one_commit(
    programme: Path, git: Callable[..., str], tmp_path: Path
) -> None:
    act = tmp_path / "Акт ввода.pdf"
    act.write_bytes(b"act")
    dialog = RecordDialog(context_on(Ledger(programme), programme), ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "documents.0.title", "Акт ввода")
        await fill(pilot, dialog, "files", str(act))
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    files = git("-c", "core.quotePath=false", "show", "--name-only", "--format=")
    evidence = ("plan/evidence/.gitattributes", "plan/evidence/2024/1.1.2/Акт ввода.pdf")
    assert files.split("\n") == ["plan/2024.yaml", *evidence, ""]
    assert git("status", "--porcelain") == ""


async def test_what_would_be_invalid_is_shown_at_its_field_and_not_written(
    programme: Path, git: Callable[..., str]
) -> None:
    before = git("rev-parse", "HEAD")
    context = context_on(Ledger(programme), programme, date(2042, 1, 1))
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "date", "27.09.2041")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "2041-09-27" in dialog.fields["date"].error
        assert dialog.field_in_focus() is dialog.fields["date"]
    assert git("rev-parse", "HEAD") == before


async def test_an_edit_from_outside_refuses_and_keeps_what_was_typed(
    programme: Path, git: Callable[..., str]
) -> None:
    dialog = EditDialog(context_on(Ledger(programme), programme), "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "notes", "важное")
        with programme.open("a", encoding="utf-8") as plan:
            plan.write("# рука\n")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.is_open
        assert dialog.typed("notes") == "важное"
    assert git("status", "--porcelain").strip() == "M plan/2024.yaml"
