"""The import on the screen: a path, what would change, and one commit."""

from collections.abc import Callable
from pathlib import Path

from tests.support.screens import opened, programme_at

EXPORT = Path(__file__).resolve().parents[1] / "fixtures" / "programme-2024.txt"
Git = Callable[..., str]


async def test_a_document_is_shown_and_then_taken_in_one_commit(
    programme: Path, git: Git, tmp_path: Path
) -> None:
    text = EXPORT.read_text(encoding="utf-8")
    path = tmp_path / "правка.txt"
    path.write_text(text.replace("терминала электронной", "двух терминалов", 1), encoding="utf-8")
    binary = tmp_path / "x.bin"
    binary.write_bytes(b"\0\1\2")
    before = git("rev-parse", "HEAD")
    async with opened(programme, programme=programme_at(programme, "plan/2024.yaml")) as stage:
        await stage.press("и")
        await stage.type(str(binary))
        await stage.press("f2")
        assert "Формат файла «x.bin» не распознан" in stage.text()
        await stage.press("end", *["backspace"] * len(binary.name))
        await stage.type(path.name)
        await stage.press("f2")
        shown = stage.text()
        assert "Взять из «правка.txt» то, что ниже?" in shown
        assert "двух терминалов" in shown
        assert git("rev-parse", "HEAD") == before
        await stage.press("enter")
        assert "импорт из «правка.txt»" in stage.text()
    assert "импорт из «правка.txt»" in git("log", "-1", "--format=%s")
    assert "Kvartal-Source: sha256:" in git("log", "-1", "--format=%B")
