"""On what basis: the line for a reason in the questions before an undo and an adoption."""

from collections.abc import Callable
from pathlib import Path

from tests.support.cli import call
from tests.support.plans import rewrite
from tests.support.screens import SMALL, opened, programme_at

Git = Callable[..., str]


def body(git: Git) -> list[str]:
    return git("log", "-1", "--format=%b").splitlines()


def record(plan: Path) -> None:
    done = ("record", "1.1.2", "--quarter", "3", "--date", "2024-09-27")
    assert call(["--plan", plan, *done]).exit_code == 0


def reinstate(plan: Path) -> None:
    """Take the cancellation out of the file, as an editor would."""
    text = plan.read_text(encoding="utf-8")
    start = text.index("    cancelled:\n")
    rewrite(plan, text[start : text.index("  - id:", start)], "")


async def test_an_undo_may_say_why_and_may_not(programme: Path, git: Git) -> None:
    assert call(["--plan", programme, "set", "1.1.2", "notes=x"]).exit_code == 0
    async with opened(programme, size=SMALL, programme=programme_at(programme, "p")) as stage:
        await stage.press("г")
        assert "Причина" in stage.text()
        await stage.press("enter")
        await stage.settle()
        assert not [line for line in body(git) if line.startswith("Причина")]
        await stage.press("Г")
        await stage.type("Всё-таки так")
        await stage.press("enter")
        await stage.settle()
    assert body(git)[0] == "Причина: Всё-таки так"


async def test_where_a_fact_is_taken_back_the_reason_is_asked_first(
    programme: Path, git: Git
) -> None:
    record(programme)
    async with opened(programme, size=SMALL, programme=programme_at(programme, "p")) as stage:
        await stage.press("г")
        assert "Почему? Можно не отвечать" in stage.words()
        await stage.type("Акт отозван")
        await stage.press("f2")
        await stage.settle()
    assert body(git)[0] == "Причина: Акт отозван"


async def test_an_adoption_that_takes_back_a_fact_requires_a_reason(
    programme: Path, git: Git
) -> None:
    assert call(["--plan", programme, "cancel", "1.1.2", "--reason", "Нет денег"]).exit_code == 0
    reinstate(programme)
    before = git("rev-parse", "HEAD")
    async with opened(programme, size=SMALL, programme=programme_at(programme, "p")) as stage:
        await stage.press("f6", "f6")
        assert "Правка убирает внесённое раньше (1.1.2): почему?" in stage.words()
        await stage.press("f2")
        assert git("rev-parse", "HEAD") == before
        await stage.type("Деньги нашлись")
        await stage.press("f2")
        await stage.settle()
    assert body(git)[0] == "Причина: Деньги нашлись"
