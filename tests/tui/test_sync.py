"""Sync from the screen: its progress, its result in words, and what may go on meanwhile."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kvartal.history.programme import Programme
from kvartal.history.sync import sync
from kvartal.history.sync.errors import SyncStopped
from kvartal.history.sync.progress import ReportStep, SyncResult, SyncStep
from kvartal.schema.operations import set_fields
from kvartal.tui.widgets.message_line import MessageLine
from tests.support.screens import SMALL, Stage, opened, programme_at
from tests.sync.clones import SharedRepository, create_shared_repository


def real(plan: Path) -> Programme:
    return programme_at(plan, "plan/2024.yaml")


@pytest.fixture
def shared(tmp_path: Path) -> SharedRepository:
    """Return a bare repository and two clones of it."""
    return create_shared_repository(tmp_path)


async def test_what_was_received_and_sent_is_reported(shared: SharedRepository) -> None:
    one, other = shared.clones
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await stage.press("о")
        assert "Обмен с «origin»: у всех одно и то же, нового нет." in stage.text()

        other.set("1.1.2", responsible="Отдел [red]ИТ[/red]")
        other.set("1.1.1", notes="Петров был здесь")
        other.sync()
        one.set("1.1.3", notes="а Иванова здесь")
        stage.app.reload()
        await stage.settle()
        shared_head = shared.head()
        await stage.press("down", "j")
        assert "Отправить в «origin»?" in stage.text()
        assert "Изменений: 1, в ветку «main»." in stage.text()
        assert "1.1.3: notes" in stage.text()
        await stage.press("enter")
        text = stage.text()
        assert "завершён: получено изменений 2, отправлено 0. Новое здесь:" in text
        assert "1.1.2 (ответственный" in text
        await stage.press("f3")
        assert "В «origin» ничего не отправлено. Ваши изменения сохранены здесь" in stage.text()
        assert shared.head() == shared_head
        one.git("tag", "-a", "-m", "x", "kvartal/verified/2024-10-01", "HEAD~1")
        await stage.press("escape", "escape", "j")
        assert "Метки проверки: kvartal/verified/2024-10-01." in stage.text()
        behind = stage.main.query_one(MessageLine).sentence
        assert behind == "Обмен: ничего не отправлено, пока вы не ответите."
        await stage.press("f2")
        text = stage.text()
        assert "завершён: получено изменений 0, отправлено 1." in text
        assert stage.chosen == "1.1.2"
        assert shared.head() == one.head
        assert stage.app.snapshot is not None
        assert stage.app.snapshot.plan.measure("1.1.1").notes == "Петров был здесь"
        await stage.press("escape", "enter")
        assert "Отдел [red]ИТ[/red]" in stage.text()
        await stage.press("escape")
        # What came is no news from outside any more.
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        assert "Обновлено" not in stage.text()
        await stage.app.save_change(
            set_fields(stage.app.snapshot.data, "1.1.2", {"notes": "и дальше"})
        )
        await stage.settle()
        assert "Сохранено: 1.1.2: примечания" in stage.text()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (("remote", "remove", "origin"), "Делиться не с кем"),
        (("remote", "set-url", "origin", "/нет/такого"), "нет репозитория git"),
    ],
)
async def test_a_refusal_is_shown_as_a_sentence(
    shared: SharedRepository, spoil: tuple[str, ...], message: str
) -> None:
    one = shared.clones[0]
    one.git(*spoil)
    head = one.set("1.1.2", notes="своё")
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await stage.press("о")
        assert message in stage.text()
        assert one.head == head
        assert not stage.app.saving


async def test_which_remote_and_a_rewritten_one_are_asked_about(shared: SharedRepository) -> None:
    """What the command line says by --remote and --accept-rewritten; leaving changes nothing."""
    one, other = shared.clones
    one.git("branch", "--unset-upstream")
    one.git("remote", "rename", "origin", "отдел")
    one.git("remote", "add", "архив", "/нет/такого")
    other.set("1.1.2", notes="Да")
    other.git("push", "--quiet")
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await stage.press("о")
        assert "С каким репозиторием обменяться?" in stage.text()
        await stage.press("escape")
        assert "Общих репозиториев несколько: архив, отдел. Выберите нужный: о." in stage.words()
        await stage.press("о", "enter")
        assert "С каким репозиторием обменяться?" not in stage.text()
        # The wrong one is not kept.
        await stage.press("о", "down", "enter")
        assert "Обмен с «отдел» завершён: получено изменений 1" in stage.words()
        other.git("commit", "--quiet", "--amend", "-m", "Иначе")
        other.git("push", "--quiet", "--force")
        await stage.press("о")
        assert "Соединить, вернув и прежнее?" in stage.text()
        assert "Узнайте, кто и зачем это сделал." in stage.words()
        head = one.head
        await stage.press("enter")
        assert one.head == head
        assert "вернув и прежнее, предложит обмен (о)." in stage.words()
        await stage.press("о", "down", "enter", "f2", "f2")
        assert "завершён: получено изменений 1, отправлено 1" in stage.words()
        assert shared.head() == one.head != head


class Slow:
    """Stands for a slow network: each step waits until it is let go."""

    def __init__(self, synced: SyncResult) -> None:
        self.synced = synced
        self.steps = {step: threading.Event() for step in SyncStep}
        self.calls = 0

    def let_all_go(self) -> None:
        for step in self.steps.values():
            step.set()

    def synchronise(
        self, *_arguments: object, report: ReportStep, stop: threading.Event, **_more: object
    ) -> SyncResult:
        self.calls += 1
        for step in SyncStep:
            report(step)
            for _turn in range(2000):
                if self.steps[step].wait(0.01):
                    break
                if stop.is_set():
                    raise SyncStopped
            else:
                raise AssertionError(step)
        return self.synced


async def shown(stage: Stage, pattern: str) -> None:
    for _turn in range(4000):
        if re.search(pattern, stage.text()):
            return
        await asyncio.sleep(0.01)
        await stage.pilot.pause()
    raise AssertionError(pattern)


@pytest.fixture
def slow(shared: SharedRepository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """Let the sync wait before each of its steps."""
    slow = Slow(shared.clones[0].sync())
    monkeypatch.setattr(sync, "synchronise", slow.synchronise)
    yield slow
    slow.let_all_go()  # A failed test does not wait for the sync that it left waiting.


@asynccontextmanager
async def starting_sync(shared: SharedRepository) -> AsyncIterator[Stage]:
    """Open the first clone's screen and press the key."""
    plan = shared.clones[0].plan
    async with opened(plan, size=SMALL, programme=real(plan)) as stage:
        await stage.pilot.press("о")
        yield stage


async def test_the_screen_stays_alive_meanwhile(shared: SharedRepository, slow: Slow) -> None:
    async with starting_sync(shared) as stage:
        await shown(stage, "Обмен: получаю изменения коллег…")
        await stage.pilot.press("down", "у")
        await shown(stage, "Правка мероприятия 1.1.2")
        await stage.pilot.press("escape", "о")
        await shown(stage, "Обмен уже идёт: дождитесь его конца.")
        await stage.pilot.press("escape", "й")
        await shown(stage, "Идёт обмен с коллегами: дождитесь его конца.")
        await stage.pilot.press("escape")
        slow.steps[SyncStep.FETCHING].set()
        await shown(stage, "Обмен: объединяю их с вашими…")
        await stage.pilot.press("у")
        await shown(stage, "Подождите: предыдущее изменение ещё сохраняется.")
        await stage.pilot.press("escape")
        slow.steps[SyncStep.MERGING].set()
        await shown(stage, "Обмен: записываю полученное…")
        slow.steps[SyncStep.WRITING].set()
        await shown(stage, "Обмен: отправляю ваши изменения…")
        stage.app.sync_service._since -= 7
        await shown(stage, r"Обмен: отправляю ваши изменения… \d+ с")
        slow.steps[SyncStep.PUSHING].set()
        await shown(stage, "у всех одно и то же")
        assert slow.calls == 1


async def test_esc_stops_waiting_for_the_network_and_nothing_else(
    shared: SharedRepository, slow: Slow
) -> None:
    async with starting_sync(shared) as stage:
        await shown(stage, "получаю изменения коллег….*Esc — остановить")
        stage.app.say("Случилось другое", trouble=True)
        await stage.pilot.press("escape")
        await shown(stage, r"получаю изменения коллег…( \d+ с)?  Esc — остановить")
        assert "Случилось другое" not in stage.text()
        await stage.pilot.press("escape")
        await shown(stage, "Обмен остановлен: ничего не тронуто")
        assert not stage.app.is_syncing
        slow.steps[SyncStep.FETCHING].set()
        await stage.pilot.press("escape", "о")
        await shown(stage, "Обмен: объединяю их с вашими…")
        assert "остановить" not in stage.text()
        await stage.pilot.press("escape")
        slow.let_all_go()
        await shown(stage, "у всех одно и то же")
        assert slow.calls == 2


async def test_progress_covers_up_nothing_else(shared: SharedRepository, slow: Slow) -> None:
    async with starting_sync(shared) as stage:
        await shown(stage, "Обмен: получаю изменения коллег…")
        stage.app.say("Случилось другое", trouble=True)
        slow.steps[SyncStep.FETCHING].set()
        slow.steps[SyncStep.MERGING].set()
        await asyncio.sleep(0.05)
        await stage.pilot.pause()
        assert "Случилось другое" in stage.text()
        slow.let_all_go()
        await shown(stage, "у всех одно и то же")


async def test_a_manual_edit_is_asked_about_and_the_sync_goes_on(
    shared: SharedRepository,
) -> None:
    one = shared.clones[0]
    text = one.plan.read_text(encoding="utf-8")
    text = text.replace("терминала электронной", "ТЕРМИНАЛА электронной")
    one.plan.write_text(text, encoding="utf-8")
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await stage.press("о")
        assert "ТЕРМИНАЛА" in stage.text()
        await stage.press("f6", "f2")
        assert "правка файла" in stage.text()
        await stage.press("f2")
        assert "отправлено 1" in stage.text()
        assert shared.head() == one.head
