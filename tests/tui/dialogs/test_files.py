import os
from functools import partial
from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from kvartal.history.store.attachments import attach_files
from kvartal.history.store.own_files import may_be_attached
from kvartal.schema.changes import Plain, PlanData, measure_data
from kvartal.schema.errors import KvartalError
from kvartal.tui.dialogs.picker import FilePicker, FileTree
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.files import FileRow, FilesField
from kvartal.tui.forms.paths import PathSuggester
from kvartal.tui.presentation.error_text import field_message
from tests.tui.dialogs.stage import FakeLedger, Stage, context_of, fill, type_text


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / "docs").mkdir(parents=True)
    (home / "docs" / "Акт ввода.pdf").write_bytes(b"act" * 1500)
    (home / "docs" / "[b] фото.jpg").write_bytes(b"x")
    (home / ".secret").write_bytes(b"x")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home


def attached(dialog: RecordDialog) -> list[str]:
    return [row.path.name for row in dialog.query(FileRow)]


async def test_a_path_is_completed_and_attached(context: FormContext, home: Path) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        field = dialog.fields["files"]
        field.control.focus()
        await type_text(pilot, "~/docs/А")
        await pilot.pause()
        await pilot.press("right", "enter")
        await pilot.pause()
        assert attached(dialog) == ["Акт ввода.pdf"]
        assert "Акт ввода.pdf · 4 КБ" in str(dialog.query("FileRow Static").first().render())
        assert field.typed == ""
        assert field.is_changed
        assert dialog.has_typed


async def test_a_wrong_path_is_reported_when_it_is_left_and_stays(
    context: FormContext, home: Path
) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        field = await fill(pilot, dialog, "files", "~/docs")
        await pilot.press("shift+tab")
        await pilot.pause()
        assert "не файл" in field.error
        await fill(pilot, dialog, "files", "~/нет.pdf")
        assert field.error == ""
        await pilot.press("f2")
        await pilot.pause()
        assert "нет.pdf» нет" in field.error
        assert field.typed == "~/нет.pdf"
        assert dialog.field_in_focus() is field


@pytest.mark.parametrize("form", ["{path}", "'{path}'", "{uri}", "{path}\n{path}"])
async def test_a_dropped_file_is_attached_at_once(
    context: FormContext, home: Path, form: str
) -> None:
    path = home / "docs" / "Акт ввода.pdf"
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        entry = dialog.fields["files"].control
        entry.focus()
        await pilot.pause()
        entry.post_message(Paste(form.format(path=path, uri=path.as_uri())))
        await pilot.pause()
        await pilot.pause()
        assert attached(dialog) == ["Акт ввода.pdf"]
        entry.post_message(Paste("не путь\x1b"))
        await pilot.pause()
        assert dialog.typed("files") == "не путь"


async def test_what_the_command_line_refuses_is_refused_at_once_in_the_same_words(
    context: FormContext, home: Path
) -> None:
    plan = context.path
    plan.write_bytes(b"x")
    (plan.parent / ".git").mkdir()
    (plan.parent / ".git" / "config").write_bytes(b"x")
    sources = [plan, plan.parent / ".git" / "config", home, home / "пусто", home / "нет.pdf"]
    sources[3].touch()
    for name, target in (("связь.pdf", plan), ("ноль", Path("/dev/zero"))):
        (home / name).symlink_to(target)
        sources.append(home / name)
    for name, target in (("двойник.pdf", plan), ("настройки", sources[1])):
        (home / name).hardlink_to(target)
        sources.append(home / name)
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)):
        field = dialog.query_one(FilesField)
        for source in sources:
            with pytest.raises(KvartalError) as caught:
                attach_files([source], "1.1.2", context.plan, context.folder)
            assert not field.attach(str(source))
            assert field.error == field_message(caught.value)
        assert attached(dialog) == []


async def test_an_attached_file_is_removed(context: FormContext, home: Path) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "files", "~/docs/[b] фото.jpg")
        await pilot.press("enter")
        await pilot.pause()
        assert attached(dialog) == ["[b] фото.jpg"]
        dialog.query("FileRow ActionButton").first().focus()
        await pilot.press("enter")
        await pilot.pause()
        assert attached(dialog) == []
        assert not dialog.has_typed


async def loaded(pilot: Pilot[None], tree: FileTree) -> None:
    while not tree.root.children:
        await pilot.pause(0.02)


async def test_a_file_is_picked_in_the_tree_without_ctrl(context: FormContext, home: Path) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        dialog.query_one("#browse").focus()
        await pilot.press("enter")
        await pilot.pause()
        picker = app.screen
        assert isinstance(picker, FilePicker)
        tree = picker.query_one(FileTree)
        await loaded(pilot, tree)
        await pilot.press("down", "enter")
        while not tree.root.children[0].children:
            await pilot.pause(0.02)
        names = [str(node.label) for node in tree.root.children[0].children]
        assert names == ["[b] фото.jpg", "Акт ввода.pdf"]
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.screen is dialog
        assert attached(dialog) == ["[b] фото.jpg"]


async def test_the_plan_is_not_offered(context: FormContext, home: Path) -> None:
    for name in ("2024.yaml", "2023.yml", "Акт.pdf"):
        (context.folder / name).write_bytes(b"x")
    (home / "настройки.yaml").write_bytes(b"x")
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        suggest = PathSuggester(partial(may_be_attached, folder=context.folder)).get_suggestion
        assert await suggest(f"{context.folder}{os.sep}20") is None
        assert await suggest(f"{home}{os.sep}нас") == f"{home}{os.sep}настройки.yaml"
        dialog.query_one("#browse").focus()
        await pilot.press("enter")
        await pilot.pause()
        tree = app.screen.query_one(FileTree)
        tree.path = context.folder
        await pilot.pause()
        await loaded(pilot, tree)
        assert [str(node.label) for node in tree.root.children if "20" in str(node.label)] == []
        assert "Акт.pdf" in [str(node.label) for node in tree.root.children]


async def test_the_picker_goes_up_and_leaves(context: FormContext, home: Path) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        dialog.query_one("#browse").focus()
        await pilot.press("enter")
        await pilot.pause()
        tree = app.screen.query_one(FileTree)
        await loaded(pilot, tree)
        assert [str(node.label) for node in tree.root.children] == ["docs"]
        await pilot.press("backspace")
        await pilot.pause()
        await loaded(pilot, tree)
        assert "home" in [str(node.label) for node in tree.root.children]
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is dialog
        assert attached(dialog) == []


async def test_files_are_among_what_would_be_lost(context: FormContext, home: Path) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "files", "~/docs/Акт ввода.pdf")
        await pilot.press("enter")
        await pilot.pause()
        await type_text(pilot, "ещё")
        assert dialog.unsaved_lines() == ["Файлы: Акт ввода.pdf, ещё"]


async def test_the_files_are_saved_with_the_record(
    context: FormContext, ledger: FakeLedger, home: Path, tmp_path: Path
) -> None:
    dialog = RecordDialog(context, ["1.1.2", "1.2.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "files", "~/docs/Акт ввода.pdf")
        await pilot.press("f2")  # what was typed and not yet attached is attached
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    paths = ["evidence/2024/1.1.2/Акт ввода.pdf", "evidence/2024/1.2.2/Акт ввода.pdf"]
    assert [one.path for one in ledger.attached[0]] == paths
    for edit, attachment in zip(ledger.saved[0].edits, ledger.attached[0], strict=True):
        assert isinstance(edit.new, dict)
        file_row = {"path": attachment.path, "size": 4500, "sha256": attachment.sha256}
        assert edit.new["evidence"] == {"files": [file_row]}
        with attachment.open() as content:
            assert content.read() == b"act" * 1500


async def test_a_name_taken_by_another_file_gets_a_number(
    data: PlanData, ledger: FakeLedger, home: Path
) -> None:
    file_row: Plain = {
        "path": "evidence/2024/1.1.2/Акт ввода.pdf",
        "size": 1,
        "sha256": "0" * 64,
    }
    records: Plain = [{"quarter": 3, "date": "2024-09-01", "evidence": {"files": [file_row]}}]
    measure_data(data, "1.1.2")["records"] = records
    dialog = RecordDialog(context_of(data, ledger), ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "files", "~/docs/Акт ввода.pdf")
        await pilot.press("f2")
        await app.workers.wait_for_complete()
    assert [one.path for one in ledger.attached[0]] == ["evidence/2024/1.1.2/Акт ввода (2).pdf"]


async def test_a_file_that_disappeared_is_reported_at_its_field(
    context: FormContext, ledger: FakeLedger, home: Path
) -> None:
    dialog = RecordDialog(context, ["1.1.2"])
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "files", "~/docs/Акт ввода.pdf")
        await pilot.press("enter")
        await pilot.pause()
        (home / "docs" / "Акт ввода.pdf").unlink()
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Акт ввода.pdf» нет" in dialog.fields["files"].error
        assert attached(dialog) == ["Акт ввода.pdf"]
    assert ledger.calls == 0
