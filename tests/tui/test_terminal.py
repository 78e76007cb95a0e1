"""How the screen leaves a terminal that is taken away, gets it back, and takes what is pasted."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from textual.events import AppFocus, Key

from kvartal.tui.form_drafts import drafts_at
from kvartal.tui.terminal.messages import TerminalLost, UnbracketedPaste
from tests.support.screens import SMALL, opened

posix = pytest.mark.skipif(os.name == "nt", reason="signals and terminals of POSIX")
if os.name != "nt":
    import pty
    import termios

    from kvartal.tui.terminal.driver import ENDING_SIGNALS, is_paste

PATIENCE = 30
LEFT = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?2004l", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?1006l")
"""The end of the alternate screen, of the hidden cursor, of bracketed paste and of the mouse."""


class PseudoTerminal:
    """The program on the screen of a terminal of its own, which no shell reads."""

    def __init__(self, plan: Path, hangup: signal.Handlers = signal.SIG_DFL) -> None:
        self.ours, self.theirs = pty.openpty()
        self.attributes = termios.tcgetattr(self.theirs)
        self.shown = ""

        def signals_of_a_terminal() -> None:
            # Who runs the tests may ignore some of them: nohup, a shell's background.
            for number in ENDING_SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, hangup)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "kvartal.tui", "--plan", str(plan), "--as-of", "01.10.2024"],
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            start_new_session=True,
            preexec_fn=signals_of_a_terminal,  # noqa: PLW1509 - no threads here
        )

    def press(self, text: str) -> None:
        """Send a text at once, as a terminal sends a key or a paste."""
        os.write(self.ours, text.encode())

    def wait_for(self, *texts: str) -> None:
        """Read what is drawn from here on until it holds the texts, in any order."""
        self.shown = ""
        end = time.monotonic() + PATIENCE
        while not all(text in self.shown for text in texts):
            assert time.monotonic() < end, (texts, self.shown[-500:])
            if select.select([self.ours], [], [], 0.1)[0]:
                self.shown += os.read(self.ours, 1 << 16).decode(errors="replace")

    def close(self) -> None:
        """Close the window."""
        os.close(self.theirs)
        os.close(self.ours)


@posix
def test_a_signal_leaves_the_terminal_as_it_was(real_plan: Path) -> None:
    terminal = PseudoTerminal(real_plan)
    terminal.wait_for("1.1.4", "F1")
    terminal.press("к")
    terminal.wait_for("F2")
    # Nobody could continue what stops here; so it draws again at once, the form too.
    terminal.press("\x1a")
    terminal.wait_for("\x1b[?1049l", "\x1b[?1049h", "F2")
    terminal.press("\x1b")
    terminal.wait_for("1.1.4", "F1")
    # Continued after a stop that cannot be caught.
    terminal.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED)  # type: ignore[attr-defined,unused-ignore]
    terminal.process.send_signal(signal.SIGCONT)
    terminal.wait_for("\x1b[?1049h", "1.1.4", "F1")
    terminal.press("ку1.1.2\rпривет")
    terminal.wait_for("Текст вставлен мимо поля: ничего не выполнено.")
    terminal.process.send_signal(signal.SIGTERM)
    terminal.wait_for(*LEFT)
    assert terminal.process.wait(PATIENCE) == 128 + signal.SIGTERM
    assert not re.search(r"\x1b\[\?1049h|Traceback", terminal.shown)
    assert termios.tcgetattr(terminal.theirs) == terminal.attributes
    terminal.close()


@posix
def test_an_interrupt_from_elsewhere_does_too(real_plan: Path) -> None:
    """As `kill -INT` does; a key of the terminal is no signal."""
    terminal = PseudoTerminal(real_plan)
    terminal.wait_for("1.1.4", "F1")
    status = Path(f"/proc/{terminal.process.pid}/status")
    if status.exists():
        caught = int(status.read_text().partition("SigCgt:")[2].split()[0], 16)
        assert not [number for number in ENDING_SIGNALS if not caught & 1 << number - 1]
    terminal.press("у")
    terminal.wait_for("F2")
    terminal.press("не сохранено")
    terminal.wait_for("не сохранено")
    terminal.process.send_signal(signal.SIGINT)
    terminal.wait_for(*LEFT, "та же форма предложит его снова")
    assert terminal.process.wait(PATIENCE) == 128 + signal.SIGINT
    assert "Traceback" not in terminal.shown
    assert termios.tcgetattr(terminal.theirs) == terminal.attributes
    terminal.close()


@posix
def test_a_closed_terminal_ends_it_even_where_hangups_are_ignored(real_plan: Path) -> None:
    terminal = PseudoTerminal(real_plan, signal.SIG_IGN)
    terminal.wait_for("1.1.4", "F1")
    terminal.press("у")
    terminal.wait_for("Правка мероприятия", "F2")
    terminal.press("не сохранено")
    terminal.wait_for("не сохранено")
    terminal.close()
    assert terminal.process.wait(PATIENCE) == 128 + signal.SIGHUP
    (draft,) = drafts_at(real_plan)
    assert "не сохранено" in draft.texts["number"].typed


def keys(text: str) -> list[Key]:
    return [Key("enter" if one == "\r" else one, one) for one in text]


@posix
@pytest.mark.parametrize(
    ("text", "pasted"),
    [("к", False), ("2щ", False), ("1.1", False), ("jjjjjjjj", False), ("привет", True)],
)
def test_letters_that_arrive_at_once_are_a_paste(text: str, pasted: bool) -> None:  # noqa: FBT001
    assert is_paste([AppFocus(), *keys(text)]) is pasted
    assert is_paste(keys(text), follows=True)
    assert not is_paste([Key("down", None), Key("enter", "\r")], follows=True)


async def test_a_paste_is_text_in_a_field_and_nothing_elsewhere(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        for lines in ("куса", "к\rу\rс\r1\r"):
            stage.app.post_message(UnbracketedPaste(keys(lines)))
            await stage.settle()
            assert stage.app.screen is stage.main
            assert "Текст вставлен мимо поля" in stage.text()
        await stage.press("escape", "а")
        stage.app.post_message(UnbracketedPaste(keys("терминал\rВ2С\r")))
        await stage.settle()
        assert stage.app.screen is stage.main
        assert stage.ids() == ["1.2.2"]
        stage.app.post_message(UnbracketedPaste(keys("а\r")))
        await stage.settle()
        assert stage.app.focused is stage.main.table
        for key in ("Р", "п"):  # What is said behind a screen is not seen.
            await stage.press("escape", key, "ctrl+c")
            assert "Назад — Esc; выход — й на главном экране." in stage.text()
        for key in ("f10", "к"):
            await stage.press("escape", key, "ctrl+c")
            assert "Назад — Esc; выход — й на главном экране." in stage.text()
            stage.app.post_message(UnbracketedPaste(keys("куса")))
            await stage.settle()
            assert "Текст вставлен мимо поля" in stage.text()
        stage.app.post_message(TerminalLost(143))
        await stage.pilot.pause()
        assert stage.app.return_code == 143
