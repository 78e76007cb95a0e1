"""How the command line is called: help, wrong usage, languages, completion."""

import os
import re
import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kvartal.tui.commands.root import COMMANDS
from kvartal.tui.commands.root import run as run_program
from tests.commands.conftest import Process, Run
from tests.support.cli import call

WRONG = [
    (["nosuch"], "Команды «nosuch» нет"),
    (["lisst"], "Может быть, list?"),
    (["list", "--nosuch"], "Параметра «--nosuch» нет"),
    (["list", "--sectoin", "1"], "Может быть, --section?"),
    (["list", "лишнее"], "Лишние аргументы: лишнее"),
    (["list", "--quarter", "5"], "--quarter: «5» не подходит"),
    (["list", "--state", "nosuch"], "planned, in_progress"),
    (["list", "--as-of", "вчерась"], "--as-of: Дата «вчерась» не понята"),
    (["--as-of", "2024-13-45", "list"], "нет в календаре"),
    (["list", "--section"], "Параметру «--section» нужно значение"),
    (["list", "--json=1"], "пишется без значения"),
    (["list", "--lang", "de"], "ru, en"),
    (["show"], "Не хватает: ID"),
    (["record", "1.1.2"], "--quarter или --point"),
    (["record", "--quarter", "1"], "Не хватает: ID…"),
    (["set", "1.1.2"], "напишите ПОЛЕ=ЗНАЧЕНИЕ"),
    (["set", "1.1.2", "notes"], "напишите ПОЛЕ=ЗНАЧЕНИЕ"),
    (["set", "1.1.2", "notes=1", "notes=2"], "задано дважды"),
    (["postpone", "1.1.2", "--reason", "Так"], "Не хватает: --to"),
    (["postpone", "1.1.2", "--to", "4"], "Не хватает: --reason"),
    (["cancel", "1.1.2"], "Не хватает: --reason"),
    (["validate", "--format", "xml"], "text, json, github"),
    (["completion", "tcsh"], "bash, zsh, fish"),
    (["new-year", "XXV"], "ГОД: «XXV» не подходит: нужно целое число от 2000 до 2100."),
    (["term", "март", "--year", "1999"], "--year: «1999» не подходит"),
    (["correct", "1.1.2", "--quarter", "1", "--of", "0"], "нужно целое число от 1."),
    (["merge", "нет", "нет", "нет"], "БЫЛО: Файла «нет» нет."),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=lambda value: " ".join(value)[:30])
def test_wrong_usage(here: Run, arguments: list[str], message: str) -> None:
    result = here(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Справка: kvartal")


@pytest.mark.parametrize("name", ["new-year", "set", "merge", "accept", "term", "calendar"])
def test_a_missing_argument_is_named_in_the_users_language(here: Run, name: str) -> None:
    result = here(name, "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Missing: " in result.stderr
    assert not re.search("[А-Яа-яЁё]", result.stderr)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help(here: Run, name: str) -> None:
    result = here(name, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Использование: kvartal {name}")
    assert "--plan" in result.stdout
    assert here(name, "-h").stdout == result.stdout


SUBCOMMANDS = ["section add", "section set", "section move", "section remove", "document set"]


@pytest.mark.parametrize("name", ["", *COMMANDS, *SUBCOMMANDS])
def test_all_help_is_in_the_language_asked_for(here: Run, name: str) -> None:
    result = here("--lang", "en", *name.split(), "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search("[А-Яа-яЁё]", result.stdout) is None
    assert not re.search(r"\.\.\.$", result.stdout, re.MULTILINE), "a summary cut short"


def test_the_help_names_every_command(here: Run) -> None:
    result = here("--help")
    shown = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")]
    hidden = {name for name in COMMANDS if name not in shown}
    assert hidden <= {"merge", "textconv"}


def test_version(here: Run) -> None:
    result = here("--version")
    assert (result.exit_code, result.stdout.split()[0]) == (0, "kvartal")


def test_options_without_a_command_open_the_screen(programme: Path) -> None:
    opened: list[object] = []

    def screen(plan: Path | None, as_of: str | None, language: str | None) -> int:
        opened.extend([plan, as_of, language])
        return 0

    assert run_program(["--plan", "a.yaml", "--as-of", "2024-10-01", "--lang=en"], screen) == 0
    assert opened == [Path("a.yaml"), "2024-10-01", "en"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("kvartal ov", ["overdue"]),
        ("kvartal show 1.1.3", ["1.1.3", "1.1.3-2"]),
        ("kvartal record 1.1.1 1.2.2", ["1.2.2"]),
        ("kvartal set 1.1.2 budget", ["budget.plan=", "budget.fact="]),
        ("kvartal list --state done", ["done", "done_late"]),
        ("kvartal list --channel 2.", ["2.1", "2.2", "2.3", "2.4"]),
        ("kvartal list --section 3", ["3"]),
        ("kvartal completion b", ["bash"]),
    ],
)
def test_completion(
    programme: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    offered: list[str],
) -> None:
    monkeypatch.setenv("_KVARTAL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    result = run()
    assert result.exit_code == 0
    assert [line.partition(",")[2] for line in result.stdout.splitlines()] == offered


def test_completion_is_silent_where_there_is_no_plan(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_KVARTAL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "kvartal show ")
    monkeypatch.setenv("COMP_CWORD", "2")
    result = run()
    assert (result.exit_code, result.output.strip()) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(here: Run, shell: str) -> None:
    result = here("completion", shell)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"_KVARTAL_COMPLETE={shell}_complete" in result.stdout


def test_a_bug_is_reported_with_a_log_that_keeps_secrets(
    programme: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is sent to somebody: it tells where the bug is, and nothing of the plan."""

    def broken(*_arguments: object) -> None:
        cause = OSError(5, "тайна первая", "тайна вторая")
        raise ExceptionGroup("тайна третья", [ZeroDivisionError("тайна")]) from cause

    monkeypatch.setattr("kvartal.tui.commands.programme_rows.statuses", broken)
    result = run("list", "--search", "четвёртая тайна", "--plan", programme)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "Traceback" not in result.stderr
    assert "тайна" not in result.stderr
    log = Path(result.stderr.split("«")[-1].split("»")[0])
    text = log.read_text(encoding="utf-8")
    for kind in ("builtins.OSError 5", "builtins.ExceptionGroup", "builtins.ZeroDivisionError"):
        assert f"\n{kind}\n" in text
    assert "commands/programme_rows.py:" in text
    assert "тайна" not in text
    assert str(programme.parent) not in text
    assert "arguments" not in text
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.unlink()


def test_the_log_is_never_written_through_a_link(
    programme: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    victim, logs, elsewhere = tmp_path / "victim", tmp_path / "log", tmp_path / "elsewhere"
    victim.write_text("Моё")
    elsewhere.mkdir()
    monkeypatch.setattr("kvartal.tui.commands.programme_rows.statuses", None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    # A file of that name: were it to be guessed, nothing would be written to what it leads to.
    monkeypatch.setattr("secrets.token_hex", lambda _=None: "token")
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: logs)
    logs.mkdir()
    now = datetime.now().astimezone()
    for seconds in range(20):
        moment = now + timedelta(seconds=seconds)
        (logs / f"kvartal-{moment:%Y%m%d-%H%M%S}-token.log").symlink_to(victim)
    result = run("list")
    assert result.exit_code == 3
    assert f"«{tmp_path / 'temporary'}" in result.stderr
    assert victim.read_text() == "Моё"
    # The folder of logs itself.
    shutil.rmtree(logs)
    logs.symlink_to(elsewhere)
    assert run("list").exit_code == 3
    assert list(elsewhere.iterdir()) == []


def test_a_bug_is_reported_without_a_place_for_the_log(
    programme: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kvartal.tui.commands.programme_rows.statuses", None)
    monkeypatch.setattr("kvartal.tui.fault_log._folders", lambda: (programme / "x",))
    result = run("list")
    assert (result.exit_code, "TypeError" in result.stderr) == (3, True)


def test_an_interrupt_is_calm(programme: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kvartal.tui.commands.programme_rows.statuses", interrupted)
    result = run("list")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


def test_the_runner_of_click_sees_the_same_program(programme: Path, process: Process) -> None:
    done = process("overdue", "--json", "--as-of", "2024-10-01")
    plan = ["--plan", str(programme)]
    inside = call(["overdue", "--json", "--as-of", "2024-10-01", *plan])
    assert (done.returncode, done.stderr, done.stdout) == (0, "", inside.stdout)
