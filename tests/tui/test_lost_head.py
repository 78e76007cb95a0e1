"""The commit of HEAD is lost while the file is edited: said so on the screen, nothing is saved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.screens import SMALL, opened, programme_at


def edit(plan: Path) -> str:
    """Edit the plan, as an editor would; return its text."""
    edited = text_of(plan).replace("Обеспечена", "Была обеспечена", 1)
    plan.write_text(edited, encoding="utf-8")
    return edited


def text_of(plan: Path) -> str:
    return plan.read_text("utf-8")


@pytest.mark.parametrize("is_open", [False, True])
async def test_an_edit_is_not_committed_to_a_history_that_is_lost(
    programme: Path, repo: Path, git: Callable[..., str], *, is_open: bool
) -> None:
    name = git("rev-parse", "HEAD").strip()
    edited = edit(programme)
    ref = repo / ".git" / "refs" / "heads" / "main"
    before = ref.read_bytes()
    head = repo / ".git" / "objects" / name[:2] / name[2:]
    if not is_open:
        head.unlink()
    async with opened(
        programme, size=SMALL, programme=programme_at(programme, "plan/2024.yaml")
    ) as stage:
        said = [stage.text()]
        await stage.press("f6")
        said.append(stage.text())
        assert ("F6 — внести в историю" in stage.text()) is is_open
        if is_open:  # It is lost while the edit is looked at.
            head.unlink()
        for key in ("f6", "f2"):
            await stage.press(key)
            said.append(stage.text())
        words = " ".join(" ".join(said).split())
        assert "повреждена" in words
        assert "Сохранено" not in words
        assert "Улаживать нечего" not in words
    assert ref.read_bytes() == before
    assert text_of(programme) == edited
