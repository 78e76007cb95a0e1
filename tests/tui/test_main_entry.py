"""The entry point: the screen without a command, the command line with one, and how it ends."""

import sys
from io import StringIO
from pathlib import Path

import pytest

from kvartal.schema.errors import EXIT_BUG, EXIT_OK, EXIT_USAGE
from kvartal.tui import main as entry
from kvartal.tui.app import KvartalApp
from kvartal.tui.i18n import current_language, use_language
from kvartal.tui.start import StartApp
from kvartal.tui.terminal.locales import use_utf8
from kvartal.tui.widgets.message_line import MessageLine
from tests.support.screens import DAY, SMALL, StillProgramme


class Terminal(StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program believe in a terminal."""
    for name in ("__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, Terminal())
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[KvartalApp]:
    """Return the applications that were run; none of them really is."""
    apps: list[KvartalApp] = []

    def run(app: KvartalApp) -> None:
        apps.append(app)

    monkeypatch.setattr(KvartalApp, "run", run)
    return apps


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], entry.ScreenOptions()),
        (["--plan", "a.yaml"], entry.ScreenOptions(plan="a.yaml")),
        (["--plan=a.yaml", "--as-of=01.05"], entry.ScreenOptions(plan="a.yaml", as_of="01.05")),
        (["--lang", "en"], entry.ScreenOptions(lang="en")),
        (["--lang", "fr"], None),
        (["--plan"], None),
        (["--help"], None),
        (["list"], None),
        (["--plan", "a.yaml", "list"], None),
        (["--plan", "a.yaml", "--json"], None),
    ],
)
def test_options_of_the_screen(arguments: list[str], expected: entry.ScreenOptions | None) -> None:
    assert entry.screen_options(arguments) == expected


@pytest.mark.usefixtures("terminal")
def test_the_screen_opens(
    real_plan: Path, shown: list[KvartalApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(real_plan.parent)
    try:
        assert entry.run(["--as-of", "31.03", "--lang", "en"]) == EXIT_OK
        assert current_language() == "en"
    finally:
        use_language("ru")
    (app,) = shown
    assert app.as_of.isoformat() == "2024-03-31"
    assert app.pinned
    assert app.programme.path == real_plan


@pytest.mark.usefixtures("terminal")
def test_without_a_plan_the_start_screen_opens(
    shown: list[KvartalApp], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[StartApp] = []

    def run(app: StartApp) -> None:
        started.append(app)

    monkeypatch.setattr(StartApp, "run", run)
    monkeypatch.setattr(StartApp, "last_words", "Первое.\nВторое.")
    assert entry.run([]) == EXIT_OK
    assert len(started) == 1
    assert not shown
    assert capsys.readouterr().err == "kvartal: Первое.\nkvartal: Второе.\n"


@pytest.mark.usefixtures("terminal")
async def test_what_the_start_screen_created_is_said(
    programme: Path, shown: list[KvartalApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(app: StartApp) -> Path:
        app.is_new = True
        return programme

    monkeypatch.setattr(StartApp, "run", run)
    assert entry.run([]) == EXIT_OK
    (app,) = shown
    async with app.run_test(size=SMALL) as pilot:
        while not app.screen.query(MessageLine):
            await pilot.pause(0.01)
        await pilot.pause()
        sentence = app.screen.query_one(MessageLine).sentence
        assert sentence.startswith("Программа создана и записана в историю: ")


@pytest.mark.usefixtures("terminal")
def test_an_invalid_date_is_reported(
    real_plan: Path, shown: list[KvartalApp], capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.run(["--plan", str(real_plan), "--as-of", "31.02"]) != EXIT_OK
    assert "Дня «31.02» нет в календаре" in capsys.readouterr().err
    assert not shown


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("missing", "term", "sentence"),
    [
        ("__stdin__", "xterm", "Экран открывается только в терминале. Без терминала работают"),
        ("__stdout__", "xterm", "Экран открывается только в терминале. Без терминала работают"),
        ("__stderr__", "xterm", "Экран открывается только в терминале. Без терминала работают"),
        ("", "dumb", "(TERM=dumb) умеет только печатать строки, а экран рисуется. В нём работают"),
        ("", "", "TERM не задана, и неизвестно, умеет ли терминал рисовать экран"),
    ],
)
def test_without_a_terminal_it_says_what_works(
    real_plan: Path,
    shown: list[KvartalApp],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    term: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("TERM", term)
    if missing:
        monkeypatch.setattr(sys, missing, StringIO())
    assert entry.run(["--plan", str(real_plan)]) == EXIT_USAGE
    error = capsys.readouterr().err
    assert sentence in error
    assert "kvartal --help" in error
    assert not shown


@pytest.mark.usefixtures("terminal")
def test_broken_settings_are_a_notice_on_the_screen(
    real_plan: Path, shown: list[KvartalApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "settings.toml"
    broken.write_text("theme = 7", encoding="utf-8")
    monkeypatch.setenv("KVARTAL_SETTINGS", str(broken))
    assert entry.run(["--plan", str(real_plan)]) == EXIT_OK
    assert "Настройки не прочитаны" in shown[0].notice


@pytest.mark.usefixtures("terminal")
def test_the_language_of_the_settings_is_used(
    real_plan: Path, shown: list[KvartalApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "settings.toml"
    chosen.write_text('language = "en"', encoding="utf-8")
    monkeypatch.setenv("KVARTAL_SETTINGS", str(chosen))
    try:
        entry.run(["--plan", str(real_plan)])
        assert current_language() == "en"
        entry.run(["--plan", str(real_plan), "--lang", "ru"])
        assert current_language() == "ru"
    finally:
        use_language("ru")
    assert len(shown) == 2


@pytest.mark.usefixtures("terminal")
def test_a_bug_ends_with_a_log_and_a_sentence(
    real_plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_app: KvartalApp) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(KvartalApp, "run", fail)
    assert entry.run(["--plan", str(real_plan)]) == EXIT_BUG
    error = capsys.readouterr().err
    assert "Это ошибка в самой программе kvartal" in error
    assert "Traceback" not in error
    log = Path(error[error.index("«") + 1 : error.index("»")])
    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert "a bug" not in text


async def test_a_bug_in_the_screen_is_handed_on_without_a_traceback(
    real_plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = KvartalApp(StillProgramme(real_plan, "plan"), as_of=DAY)

    def divide() -> None:
        raise ZeroDivisionError

    async def broken() -> None:
        async with app.run_test() as pilot:
            app.call_later(divide)
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await broken()
    assert isinstance(app.bug, ZeroDivisionError)
    assert "Traceback" not in capsys.readouterr().err


def test_a_command_goes_to_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--version"]) == EXIT_OK
    assert "kvartal" in capsys.readouterr().out


def test_main_leaves_with_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "run", len)
    monkeypatch.setattr(sys, "argv", ["kvartal", "a", "b"])
    with pytest.raises(SystemExit) as left:
        entry.main()
    assert left.value.code == 2


@pytest.mark.parametrize("encoding", ["no-such", "base64", "undefined"])
def test_an_unknown_encoding_of_the_terminal_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """The variable is ours, but anybody may set it."""
    monkeypatch.setenv("KVARTAL_TERMINAL_ENCODING", encoding)
    assert use_utf8() != encoding
