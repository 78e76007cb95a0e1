"""An export reports its progress and can be stopped, which leaves no file, whole or half.

What takes less than a second says nothing.
"""

import os
import pty
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from kvartal.exchange import exports
from kvartal.exchange.export_progress import ExportStep, ExportStopped, ExportWatch
from kvartal.exchange.export_request import FORMATS, ExportRequest
from kvartal.exchange.exports import Export, export
from kvartal.tui import i18n
from tests.commands.conftest import PROGRAM
from tests.exchange.exported import DAY
from tests.support.plans import many, plan_file
from tests.support.screens import SMALL, opened, programme_at

PAIRS = [(kind, form) for kind, forms in FORMATS.items() for form in forms]


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def stopping_at(step: ExportStep) -> ExportWatch:
    """Return a watch that stops the export as soon as a step has begun."""
    reached = threading.Event()

    def report(at: ExportStep, done: int, total: int) -> None:
        del done, total
        if at is step:
            reached.set()

    return ExportWatch(report, reached.is_set)


@pytest.mark.parametrize(("kind", "form"), PAIRS)
def test_every_export_can_be_stopped_at_every_step(programme: Path, kind: str, form: str) -> None:
    known = programme_at(programme, "plan/2024.yaml")
    known.translator = i18n.translator
    seen: list[tuple[ExportStep, int, int]] = []
    watch = ExportWatch(lambda *one: seen.append(one))
    whole = export(known, ExportRequest(kind, form, DAY), watch)
    counted = [one for one in seen if one[0] is ExportStep.WRITING and one[2]]
    assert all(done <= total for _step, done, total in counted)
    if form not in {"ics", "json"}:
        is_part = (kind, form) == ("plan", "csv")  # The small tables of the document are not in it.
        assert not counted or is_part or counted[-1][1] == counted[-1][2]
    # What was verified once is remembered, and not verified again.
    steps = dict.fromkeys(one[0] for one in seen if one[0] is not ExportStep.VERIFYING)
    for step in steps:
        if step is not seen[-1][0]:
            with pytest.raises(ExportStopped):
                export(known, ExportRequest(kind, form, DAY), stopping_at(step))
    assert export(known, ExportRequest(kind, form, DAY)).data == whole.data


@pytest.mark.skipif(os.name == "nt", reason="terminals and signals of POSIX")
def test_a_terminal_is_told_and_ctrl_c_leaves_no_file(tmp_path: Path) -> None:
    plan_file(tmp_path, many(1500))
    before = files_in(tmp_path)
    words = ("export", "--kind", "report", "--format", "docx", "-o", "r.docx")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=theirs,
        # A job in the background ignores the interrupt, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads
    ) as process:
        os.close(theirs)
        told = os.read(ours, 1000).decode()
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.read() == b""
    while True:
        try:
            told += os.read(ours, 1000).decode()
        except OSError:  # Nobody holds the other end any longer.
            break
    os.close(ours)
    assert process.returncode == 130
    assert "…\r\n" in told
    assert "Остановлено." in told
    assert files_in(tmp_path) == before


def test_a_file_is_told_nothing(tmp_path: Path) -> None:
    plan_file(tmp_path, many(500))
    words = ("export", "--kind", "report", "--format", "html", "-o", "r.html")
    done = subprocess.run([*PROGRAM, *words], cwd=tmp_path, capture_output=True, check=True)
    assert (done.stderr, (tmp_path / "r.html").stat().st_size > 1000) == (b"", True)


async def test_esc_gives_an_export_up(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def slow(*arguments: object) -> Export:
        watch = arguments[-1]
        assert isinstance(watch, ExportWatch)
        advance = watch.counting(ExportStep.WRITING, 9000)
        try:
            for _row in range(9000):
                time.sleep(0.01)
                advance()
        finally:
            ended.set()
        return Export("x", b"")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exports, "written", slow)
    before = files_in(tmp_path)
    known = programme_at(programme, "plan/2024.yaml")
    async with opened(programme, size=SMALL, programme=known) as stage:
        await stage.pilot.press("В", "enter", "enter")
        for _look in range(200):
            await stage.pilot.pause(0.05)
            if "Записано строк" in stage.text():
                break
        assert "из 9000…" in stage.text()
        assert "Esc — прервать" in stage.text()
        await stage.press("escape")
        assert "Выгрузка остановлена, файл не записан." in stage.words()
        assert ended.wait(5)
        assert "Просмотр" not in stage.text()
    assert files_in(tmp_path) == before
