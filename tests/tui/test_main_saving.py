"""The screen on a real repository: changes kept, taken back, noticed, refused."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kvartal.history.programme import Programme
from kvartal.history.store.errors import LedgerBusy
from kvartal.history.store.ledger import SaveResult
from kvartal.history.store.recovery import Recovery, RecoveryOutcome
from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit
from kvartal.tui.form_drafts import DraftKey, DraftText, FormDraft, drafts_at, keep_draft
from kvartal.tui.terminal.messages import TerminalLost
from tests.support.plans import rewrite
from tests.support.screens import DAY, SMALL, Stage, StillProgramme, opened, programme_at

Git = Callable[..., str]

RESULT = "result: Обеспечена установка терминала электронной очереди"


def real(plan: Path) -> Programme:
    return programme_at(plan, "plan/2024.yaml")


def content(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


async def record_an_act(stage: Stage, act: Path) -> None:
    """Record that 1.1.2 was done, the way a person does: keys and letters only."""
    await stage.press("3", "down", "к", "tab")
    await stage.type("27.09")
    await stage.press("tab", "tab", "tab")
    await stage.type("Акт")
    await stage.press("tab")
    await stage.type("12")
    await stage.press("tab", "tab", "tab")
    await stage.paste(str(act))
    await stage.press("f2")


async def test_an_act_is_recorded_and_taken_back(programme: Path, git: Git, tmp_path: Path) -> None:
    before = content(programme)
    act = tmp_path / "akt.pdf"
    put(act, b"PDF")
    async with opened(programme, programme=real(programme)) as stage:
        await record_an_act(stage, act)
        text = stage.text()
        assert "Сохранено: 1.1.2: исполнено 27.09.2024, Акт № 12" in text
        assert "Исполнено" in stage.line("   1.1.2 ")
        assert "evidence/2024/1.1.2/akt.pdf" in text
        assert "Иванова Анна: исполнено 27.09.2024" in text
        assert stage.chosen == "1.1.2"
        assert git("log", "--format=%s").splitlines() == [
            "1.1.2: исполнено 27.09.2024, Акт № 12",
            "Программа на 2024 год",
        ]
        touched = git("show", "--format=", "--name-only", "HEAD").split()
        files = ["2024.yaml", "evidence/.gitattributes", "evidence/2024/1.1.2/akt.pdf"]
        assert touched == [f"plan/{name}" for name in files]

        await stage.press("г")
        assert "Отменить это изменение?" in stage.text()
        assert "Документ: Акт № 12 → —" in stage.text()
        await stage.press("f2")
        assert "Сохранено: 1.1.2: отменено" in stage.text()
        assert content(programme) == before
        assert not (programme.parent / "evidence" / "2024").exists()

        # What is dated later than the screen is not seen on it, and that is said.
        stage.app.show_date(date(2024, 9, 1))
        await stage.press("Г")
        assert "Вернуть отменённое изменение?" in stage.text()
        await stage.press("f2")
        assert ". На экране 01.09.2024: внесённое с датой 27.09.2024" in stage.words()
        assert "Отметок позже 01.09.2024: 1" in stage.words()
        stage.app.show_date(DAY)
        await stage.settle()
        assert "Исполнено" in stage.line("   1.1.2 ")

        await stage.press("р")
        assert "История мероприятия 1.1.2" in stage.text()
        assert len([line for line in stage.text().splitlines() if "Иванова" in line]) >= 3
        await stage.press("down")
        assert "Документ" in stage.text()
        await stage.press("escape", "Р")
        assert "Программа на 2024 год" in stage.text()


async def test_nothing_to_undo_is_said(programme: Path) -> None:
    async with opened(programme, programme=real(programme)) as stage:
        await stage.press("u")
        assert "Отменять нечего" in stage.text()
        await stage.press("escape", "U")
        assert "Возвращать нечего" in stage.text()


async def test_kept_text_is_announced_for_a_moment(real_plan: Path) -> None:
    """As long as Esc closes it, it would still be promised once it has been given up."""
    texts = {"notes": DraftText("Набрано", "", "Примечания: Набрано")}
    key = DraftKey(real_plan, "EditDialog", ("1.1.2",))
    keep_draft(FormDraft(key, "Правка", datetime(2024, 9, 28, tzinfo=UTC), texts))
    gone = DraftKey(real_plan, "EditDialog", ("9.9.9",))
    long = {"notes": DraftText("a\nb\ud800", "", "Примечания: Первая\nвторая\x1b")}
    keep_draft(FormDraft(gone, "Правка [b]9.9.9", datetime(2024, 9, 29, tzinfo=UTC), long))
    async with opened(real_plan) as stage:
        assert "Осталось несохранённое: «Правка [b]9.9.9»" in stage.words()
        assert "и ещё 1. Прочитать — Н" in stage.words()
        assert "[Esc]" not in stage.text()
        await stage.press("Н")
        assert "«Правка [b]9.9.9»: программу закрыли 29.09.2024" in stage.words()
        assert "Вернёт та же форма, если она ещё открывается." in stage.words()
        assert "Первая" in stage.text()
        assert "вторая␛" in stage.text()
        await stage.press("ctrl+с")
        assert stage.app.clipboard == "a\nb?"
        assert "Передано в буфер обмена терминала." in stage.text()
        await stage.press("enter")
        assert "Примечания: Набрано" in stage.text()
        await stage.press("escape", "Y", "delete")
        assert "Примечания: Набрано" in stage.text()
        await stage.press("f2", "Y", "delete")
        assert "Несохранённый текст удалён." in stage.text()
        assert "Осталось несохранённое" not in stage.text()
        await stage.press("Y")
        assert "Несохранённого текста нет." in stage.text()
    assert drafts_at(real_plan) == []


async def test_a_change_from_outside_is_noticed(programme: Path, git: Git) -> None:
    async with opened(programme, programme=real(programme)) as stage:
        rewrite(programme, RESULT, RESULT.replace("терминала", "ТЕРМИНАЛА"))
        for _look in range(2):
            stage.app.refresh_service.check_for_changes()
            await stage.settle()
        await stage.press("down")
        assert "Файл изменился вне этого окна" in stage.text()
        assert "Обеспечена установка ТЕРМИНАЛА" in stage.text()
        assert "Файл правили вручную, в истории этого нет. F6" in stage.text()
        await stage.press("escape", "у")
        assert "F6 — посмотреть правку и решить.  [Esc]" in stage.text()
        await stage.press("escape", "f6")
        assert "Правка файла вручную" in stage.text()
        assert "+ Обеспечена установка ТЕРМИНАЛА" in stage.text()
        await stage.press("f6", "f2")
        assert "Файл правили вручную" not in stage.text()
        assert "правка файла" in git("log", "-1", "--format=%s")
        await stage.press("у")
        assert "Правка мероприятия 1.1.2" in stage.text()


async def test_a_file_that_breaks_while_open_is_reported_and_the_last_state_stays(
    programme: Path,
) -> None:
    async with opened(programme, programme=real(programme)) as stage:
        good = content(programme)
        put(programme, good + b"x: [\n")
        # The first look may have come upon an editor in the middle of saving.
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        stage.app.refresh_service.check_for_changes()
        await stage.settle()
        assert "Показано прежнее содержание" in stage.text()
        assert len(stage.ids()) == 20
        await stage.press("у")
        assert "Правка мероприятия" not in stage.text()
        put(programme, good)
        await stage.press("escape", "f5")
        assert "Показано прежнее содержание" not in stage.text()
        await stage.press("f5")
        assert "Файл прочитан заново: изменений нет." in stage.text()


async def test_without_git_everything_can_be_looked_at(real_plan: Path) -> None:
    async with opened(real_plan, programme=real(real_plan)) as stage:
        assert "Только просмотр. F6 — завести историю. Папка" in stage.text()
        assert "kvartal init" not in stage.text()
        await stage.press("к")
        assert "У программы нет истории. Завести её?" in stage.text()
        await stage.press("escape")
        assert "Отметка об исполнении" not in stage.text()
        assert "не в репозитории git" in stage.text()
        assert len(stage.ids()) == 20


async def test_problems_are_listed(programme: Path, git: Git) -> None:
    rewrite(programme, "year: 2024\n", "year: 2024\ncolour: red\n")
    git("commit", "-qam", "x")
    async with opened(programme, programme=real(programme)) as stage:
        assert "Ошибок в файле: 1. plan/2024.yaml:7:1" in stage.text()
        await stage.press("f8")
        assert "Ошибки в файле программы" in stage.text()
        assert "plan/2024.yaml:7:1" in stage.text()
        await stage.press("escape")
        assert len(stage.ids()) == 20


async def test_a_file_that_cannot_be_read_shows_why_until_it_can(programme: Path, git: Git) -> None:
    good = content(programme)
    rewrite(programme, "quarters: [3]", "quarters: [7]")
    async with opened(programme, programme=real(programme)) as stage:
        assert "Программа не открыта" in stage.text()
        assert "plan/2024.yaml:209:18" in stage.text()
        await stage.press("f5", "escape")
        assert "Программа не открыта" in stage.text()
        put(programme, good)
        await stage.press("f5")
        assert len(stage.ids()) == 20
        assert "Только просмотр" not in stage.text()


async def test_a_refusal_keeps_the_dialog_open(
    programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise LedgerBusy(pid=1, host="здесь", since="12:00")

    facade = real(programme)
    monkeypatch.setattr(facade, "save", refuse)
    async with opened(programme, programme=facade) as stage:
        await stage.press("с")
        await stage.type("причина")
        await stage.press("f2")
        assert "Программу сейчас сохраняет другой процесс" in stage.text()
        assert "причина" in stage.text()
        assert not stage.app.saving


async def test_saving_what_is_there_already_says_so(programme: Path, git: Git) -> None:
    async with opened(programme, programme=real(programme)) as stage:
        await stage.app.save_change(Change(ChangeKind.SET, ()))
        await stage.settle()
        assert "Ничего не изменилось" in stage.text()
        assert git("rev-list", "--count", "HEAD").strip() == "1"


async def test_a_late_answer_does_not_overlay_a_newer_state(
    programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(programme, programme=real(programme)) as stage:
        old = stage.app.snapshot
        assert old is not None
        edit = Edit("1.1.2", ("responsible",), MISSING, "Отдел")
        loop = asyncio.get_running_loop()

        def slow() -> Snapshot:
            """Return what was read before a change that is saved meanwhile: a slow disk."""
            saving = stage.app.save_change(Change(ChangeKind.SET, (edit,)))
            asyncio.run_coroutine_threadsafe(saving, loop).result()
            return old

        monkeypatch.setattr(stage.app.programme, "read", slow)
        stage.app.reload()
        await stage.settle()
        assert stage.app.snapshot is not None
        assert stage.app.snapshot.plan.measure("1.1.2").responsible_line == "Отдел"


async def test_a_crash_recovery_is_reported(
    programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facade = real(programme)

    def recovered(**_options: bool) -> Recovery:
        return Recovery(RecoveryOutcome.COMPLETED, "1.1.2: исполнено", "0" * 40)

    monkeypatch.setattr(facade, "recover", recovered)
    async with opened(programme, programme=facade) as stage:
        assert "Прерванное сохранение завершено: 1.1.2: исполнено" in stage.text()


@pytest.mark.parametrize("fails", [False, True], ids=["saved", "refused"])
async def test_a_signal_during_a_save_keeps_what_is_not_saved(real_plan: Path, fails: bool) -> None:  # noqa: FBT001 - a case
    """The program waits for the save, but nobody is there any more to be told how it ended."""
    go_on, ended = threading.Event(), threading.Event()

    class Slow(StillProgramme):
        def save(self, snapshot: Snapshot, *_rest: object, **_named: object) -> SaveResult:
            go_on.wait()
            ended.set()
            if fails:
                raise LedgerBusy(holder="")
            return SaveResult(snapshot, None)

    programme = Slow(real_plan, "plan/2024.yaml")
    async with opened(real_plan, programme=programme, size=SMALL) as stage:
        await stage.press("у", "x")
        await stage.pilot.press("f2")
        while not stage.app.saving:
            await stage.pilot.pause(0.01)
        for code in (143, 129):  # As a closed window does: a signal, then the end of the file.
            stage.app.post_message(TerminalLost(code))
        while not drafts_at(real_plan):
            await stage.pilot.pause(0.01)
        assert stage.app.last_words
        go_on.set()
        await asyncio.to_thread(ended.wait)
        await asyncio.sleep(0.05)
    assert bool(drafts_at(real_plan)) is fails
    assert bool(stage.app.last_words) is fails


async def test_ctrl_q_in_a_form_keeps_what_is_typed(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("у", "x")
        await stage.pilot.press("ctrl+q")
        assert "та же форма предложит его снова" in stage.app.last_words
    (draft,) = drafts_at(real_plan)
    assert draft.texts["number"].typed == "1.1.1x"


async def test_a_bug_keeps_what_is_typed(real_plan: Path) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def use() -> None:
        async with opened(real_plan, size=SMALL) as stage:
            await stage.press("у", "x")
            stage.app.call_later(fail)
            await stage.pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await use()
    (draft,) = drafts_at(real_plan)
    assert draft.texts["number"].typed == "1.1.1x"
