"""A programme that changes under an open dialog: what is typed stays, and what is kept fits."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.programme import Programme
from kvartal.schema.changes import Change
from kvartal.schema.measure import Measure
from kvartal.tui.forms.form import FormDialog
from tests.support.plans import rewrite
from tests.support.screens import SMALL, Stage, opened, programme_at

Git = Callable[..., str]

RESULT = "result: Обеспечена установка терминала электронной очереди"
TYPED = "Ждём акт от подря"


@pytest.fixture
def _nobody(programme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git know no one."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


def real(plan: Path) -> Programme:
    return programme_at(plan, "plan/2024.yaml")


def outside(plan: Path, field: str, old: str = RESULT) -> None:
    """Let a colleague commit another field of 1.1.2."""
    rewrite(plan, old, f"{old}\n    {field}")
    subprocess.run(["git", "commit", "-qam", "коллега"], cwd=plan.parent, check=True)


def remove(plan: Path) -> None:
    plan.unlink()


async def look(stage: Stage, times: int = 1) -> str:
    for _time in range(times):
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
    await stage.pilot.pause()  # A longer sentence takes another line: a layout more.
    return stage.words()


def measure(stage: Stage) -> Measure:
    assert stage.app.snapshot is not None
    return stage.app.snapshot.plan.measure("1.1.2")


def form(stage: Stage) -> FormDialog[Change]:
    assert isinstance(stage.app.screen, FormDialog)
    return stage.app.screen


async def write(stage: Stage, field: str, text: str) -> None:
    """Go to a field of the open dialog and put a text there."""
    form(stage).fields[field].control.focus()
    await stage.settle()
    await stage.paste(text)


async def half_a_sentence(stage: Stage) -> None:
    """Open 1.1.2 for editing and begin to type its notes."""
    await stage.press("down", "у")
    await write(stage, "notes", TYPED[:-2])
    await stage.type(TYPED[-2:])
    assert TYPED in stage.text()


async def test_what_is_typed_stays_and_is_kept_upon_the_new_state(
    programme: Path, git: Git
) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await half_a_sentence(stage)
        outside(programme, "responsible: Отдел качества")
        said = await look(stage)
        assert "Обновлено: 1.1.2, ответственный исполнитель: — → Отдел качества." in said
        assert form(stage).typed("notes") == TYPED
        assert form(stage).typed("responsible") == "Отдел качества"
        assert form(stage).field_in_focus() is form(stage).fields["notes"]
        await stage.type("дч")
        # One more, at the moment of saving.
        outside(programme, "same_work: [1.2.2]", "responsible: Отдел качества")
        await stage.press("f2")
        assert "Сохранено: 1.1.2: примечания" in stage.words()
        assert measure(stage).notes == "Ждём акт от подрядч"
        assert measure(stage).responsible_line == "Отдел качества"
    assert git("show", "--numstat", "--format=").split()[:2] == ["1", "0"]
    assert git("rev-list", "--count", "HEAD").strip() == "4"


async def test_a_field_changed_by_both_is_shown_with_both_values_before_saving(
    programme: Path, git: Git
) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await half_a_sentence(stage)
        outside(programme, "notes: Акт получен")
        await look(stage)
        told = "Пока вы писали, здесь стало «Акт получен» (было «—»)."
        assert told in stage.words()
        await stage.type("дчика")
        await stage.press("f2")
        assert told in stage.words()
        assert "Записать ваше — ещё раз F2." in stage.words()
        assert form(stage).typed("notes") == "Ждём акт от подрядчика"
        assert git("rev-list", "--count", "HEAD").strip() == "2"
        # Once more, at the moment of saving.
        rewrite(programme, "notes: Акт получен", "notes: Акт утерян")
        subprocess.run(["git", "commit", "-qam", "ещё"], cwd=programme.parent, check=True)  # noqa: ASYNC221 - a test
        await stage.press("f2")
        assert "здесь стало «Акт утерян» (было «Акт получен»)" in stage.words()
        await stage.press("f2")
        assert measure(stage).notes == "Ждём акт от подрядчика"
    assert "Примечания: Акт утерян → Ждём акт от подрядчика" in git("log", "-1", "--format=%b")


async def test_a_decision_is_not_made_upon_what_was_not_seen(programme: Path, git: Git) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await stage.press("down", "з")
        await write(stage, "to", "4")
        await write(stage, "reason", "Поставка задержана")
        cancelled = 'cancelled:\n      date: "2024-09-01"\n      reason: не нужно'
        outside(programme, cancelled)
        told = "Пока вы писали, изменилось: Снято с плана: — → 01.09.2024"
        said = await look(stage)
        assert told in said, stage.text()
        await stage.press("f2")
        assert told in stage.words()
        assert form(stage).typed("reason") == "Поставка задержана"
        assert git("rev-list", "--count", "HEAD").strip() == "2"
        await stage.press("escape", "delete")
        assert measure(stage).cancelled is not None


async def test_a_measure_that_was_removed_meanwhile_is_reported(programme: Path) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await stage.press("down", "с")
        await write(stage, "reason", TYPED)
        text = programme.read_text(encoding="utf-8")  # noqa: ASYNC240 - a test
        row = text[text.index("  - id: 1.1.2\n") : text.index("  - id: 1.1.3\n")]
        rewrite(programme, row, "")
        subprocess.run(["git", "commit", "-qam", "убрал"], cwd=programme.parent, check=True)  # noqa: ASYNC221 - a test
        assert "1.1.2 удалили из программы" in await look(stage)
        assert form(stage).typed("reason") == TYPED
        await stage.press("f2", "f2")
        assert "Мероприятия «1.1.2» нет в программе" in stage.words()
        assert form(stage).typed("reason") == TYPED


async def test_a_number_that_was_taken_meanwhile_is_not_proposed_any_more(programme: Path) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await stage.press("ф")
        assert form(stage).typed("number") == "1.1.5"
        text = programme.read_text(encoding="utf-8")  # noqa: ASYNC240 - a test
        row = text[text.index("  - id: 1.1.1\n") : text.index("  - id: 1.1.2\n")]
        rewrite(programme, row, row + row.replace("1.1.1", "1.1.5"))
        await look(stage, 2)
        assert form(stage).typed("number") == "1.1.6"


@pytest.mark.usefixtures("_nobody")
async def test_who_it_is_is_asked_once_and_the_change_goes_on(programme: Path, git: Git) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await stage.press("down", "с")
        await write(stage, "reason", TYPED)
        await stage.press("f2")
        assert "Кто вносит изменения" in stage.text()
        await stage.press("escape")
        assert "git не знает, от чьего имени сохранять" in stage.words()
        assert form(stage).typed("reason") == TYPED
        await stage.press("f2")
        await stage.paste("Сидорова Ольга")
        await stage.press("tab")
        await stage.paste("sidorova")
        await stage.press("f2")
        assert "«sidorova» не адрес почты" in stage.words()
        await stage.paste("@example.ru")
        await stage.press("f2")
        assert "Сохранено: 1.1.2: снято с плана" in stage.words()
        await stage.press("escape", "г", "f2")
        assert measure(stage).cancelled is None
    who = "Сидорова Ольга <sidorova@example.ru>"
    assert git("log", "-2", "--format=%an <%ae>").splitlines() == [who, who]
    assert git("config", "--local", "user.name") == "Сидорова Ольга\n"


async def test_a_manual_edit_made_meanwhile_is_decided_and_saving_continues(
    programme: Path, git: Git
) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await stage.press("down", "с")
        await write(stage, "reason", TYPED)
        rewrite(programme, RESULT, f"{RESULT}\n    responsible: Отдел качества")
        await stage.press("f2")
        assert "Правка файла вручную" in stage.text()
        assert "+ Отдел качества" in stage.words()
        await stage.press("f6")
        await stage.paste("Опечатка")
        await stage.press("f2")
        assert measure(stage).cancelled is not None
    first, second = git("log", "-2", "--format=%s%n%b%x00").split("\0")[:2]
    assert "снято с плана" in first
    assert "правка файла" in second
    assert "Причина: Опечатка" in second
    assert git("status", "--porcelain") == ""


async def test_a_plan_that_was_deleted_meanwhile_is_put_back_and_saving_continues(
    programme: Path, git: Git
) -> None:
    async with opened(programme, programme=real(programme), size=SMALL) as stage:
        await stage.press("down", "с")
        await write(stage, "reason", TYPED)
        remove(programme)
        await stage.press("f2")
        assert "F7 — вернуть файл" in stage.text()
        await stage.press("escape")
        assert "больше нет на диске" in stage.words()
        assert form(stage).typed("reason") == TYPED
        await stage.press("f2", "f7", "f2")
        assert measure(stage).cancelled is not None
    assert "снято с плана" in git("log", "-1", "--format=%s")
    assert git("status", "--porcelain") == ""
