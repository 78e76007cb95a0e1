"""The import on the screen: a path, what would change, and one commit."""

from collections.abc import Callable
from pathlib import Path

from textual.widgets import Static

from kvartal.history.store.ledger import Ledger
from kvartal.tui.dialogs.import_document import ImportDialog, PreparedImport, import_question
from tests.tui.dialogs.stage import Stage, fill
from tests.tui.dialogs.test_with_the_ledger import context_on

EXPORT = Path(__file__).resolve().parents[2] / "fixtures" / "programme-2024.txt"


async def prepared(programme: Path, path: Path) -> tuple[PreparedImport | None, str]:
    """Return what the dialog reads of a document, and what it shows where it stays open."""
    dialog = ImportDialog(context_on(Ledger(programme), programme), "plan/2024.yaml")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await fill(pilot, dialog, "path", str(path))
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        shown = "" if not app.is_open else str(dialog.query_one(".dialog-note", Static).visual)
        return (app.results[0] if app.results else None), shown


async def test_a_document_is_shown_and_then_taken_in_one_commit(
    programme: Path, git: Callable[..., str], tmp_path: Path
) -> None:
    text = EXPORT.read_text(encoding="utf-8")
    path = tmp_path / "правка.txt"
    path.write_text(text.replace("терминала электронной", "двух терминалов", 1), encoding="utf-8")
    before = git("rev-parse", "HEAD")
    read, _shown = await prepared(programme, path)
    assert read is not None
    assert git("rev-parse", "HEAD") == before
    lines = "\n".join(read.lines)
    assert "двух терминалов" in lines
    assert "«клиентов- физических»: похоже на перенос слова" in lines
    app = Stage(import_question(read, context_on(Ledger(programme), programme)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.is_open
    assert "импорт из «правка.txt»" in git("log", "-1", "--format=%s")
    assert "Kvartal-Source: sha256:" in git("log", "-1", "--format=%B")


async def test_what_cannot_be_read_keeps_the_dialog_open(programme: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"\0\1\2")
    read, shown = await prepared(programme, path)
    assert (read, "не распознан" in shown) == (None, True)
