"""The command line as a separate process: streams, encodings, what it imports."""

import json
import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from kvartal.tui import main
from tests.commands.conftest import PROGRAM, Process

IMPORTED = """\
import json, os, sys
from kvartal.tui.main import run
code = run(sys.argv[1:])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
sys.exit(code)
"""
LIST = ["list", "--as-of", "2024-10-01"]
posix = pytest.mark.skipif(os.name == "nt", reason="streams of POSIX")


@pytest.mark.parametrize(
    "arguments", [["list"], ["list", "--json"], ["overdue"], ["show", "1.1.2"]]
)
def test_reading_imports_neither_git_nor_the_screen_nor_the_validator(
    programme: Path, repo: Path, arguments: list[str]
) -> None:
    command = [sys.executable, "-c", IMPORTED, *arguments]
    done = subprocess.run(command, cwd=repo, capture_output=True, encoding="utf-8", check=True)
    assert not {"git", "textual", "rich", "jsonschema"} & set(json.loads(done.stderr))


def test_a_change_through_the_program(programme: Path, process: Process) -> None:
    done = process("set", "1.1.2", "notes=x")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Сохранено: 1.1.2: ")
    assert process("undo").returncode == 0


def test_writers_at_once_wait_for_each_other(programme: Path, repo: Path) -> None:
    measures = ["1.1.1", "1.1.2", "1.1.3", "1.1.4"]
    running = [
        subprocess.Popen(
            [*PROGRAM, "set", one, "notes=x"], cwd=repo, stdout=subprocess.PIPE, encoding="utf-8"
        )
        for one in measures
    ]
    for one in running:
        printed, _ = one.communicate()
        assert (one.returncode, printed.startswith("Сохранено: ")) == (0, True)
    assert programme.read_text(encoding="utf-8").count("    notes: x\n") == len(measures)
    command = ["git", "rev-list", "--count", "HEAD"]
    done = subprocess.run(command, cwd=repo, stdout=subprocess.PIPE, check=True)
    assert int(done.stdout) == 1 + len(measures)


def test_wrong_usage_and_refusals_are_sentences(programme: Path, process: Process) -> None:
    for arguments, code in ((["nosuch"], 2), (["show", "9"], 1), (["--plan", "no", "list"], 2)):
        done = process(*arguments)
        assert (done.returncode, done.stdout) == (code, "")
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "utf-8"])
def test_json_is_utf_8_whatever_the_terminal_speaks(
    programme: Path, repo: Path, encoding: str
) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [*PROGRAM, "list", "--json"]
    done = subprocess.run(command, cwd=repo, env=environ, capture_output=True, check=True)
    assert len(json.loads(done.stdout.decode("utf-8"))) == 20


@pytest.mark.parametrize(
    ("encoding", "row", "refusal"),
    [
        ("cp1251", "Просрочено на 184 дн.", "Мероприятия «->» нет"),
        ("cp866", "Просрочено на 184 дн.", 'Мероприятия "->" нет'),
        ("latin-1", "Prosrocheno na 184 dn.", "Meropriiatiia «->» net"),
        ("ascii", "Prosrocheno na 184 dn.", 'Meropriiatiia "->" net'),
    ],
)
def test_what_an_encoding_lacks_is_readable_all_the_same(
    programme: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, row: str, refusal: str
) -> None:
    monkeypatch.chdir(programme.parent.parent)
    streams = {name: TextIOWrapper(BytesIO(), encoding, "strict") for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    codes = [main.run(words) for words in (LIST, ["show", "→"], ["record", "--help"])]
    printed = {}
    for name, stream in streams.items():
        stream.flush()
        assert isinstance(stream.buffer, BytesIO)
        printed[name] = stream.buffer.getvalue().decode(encoding)
    assert codes == [0, 1, 0]
    assert row in printed["stdout"]
    assert "?" not in printed["stdout"]
    assert refusal in printed["stderr"]


@posix
def test_arguments_are_read_in_any_locale(programme: Path, repo: Path) -> None:
    environ = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    (repo / "Акт.txt").write_text("x", encoding="utf-8")
    record = ["--quarter", "3", "--date", "2024-09-27", "--complete", "--document", "Акт № 1"]
    late = ["--reason", "Акт пришёл позже"]
    done = subprocess.run(
        [*PROGRAM, "record", "1.1.2", *record, *late, "--file", "Акт.txt"],
        cwd=repo,
        env=environ,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr.decode("ascii").startswith("kvartal: Otmecheno cherez")
    assert done.stdout.decode("ascii").startswith(
        "Sokhraneno: 1.1.2: ispolneno 27.09.2024, Akt N 1"
    )
    assert "Акт № 1" in programme.read_text(encoding="utf-8")
    assert [path.name for path in (repo / "plan/evidence").rglob("*.txt")] == ["Акт.txt"]
    text = subprocess.run(
        [*PROGRAM, "set", "1.1.2", "notes=Акт".encode("cp1251")],
        cwd=repo,
        capture_output=True,
        check=False,
    )
    assert text.returncode == 2
    assert "не прочесть: они набраны не в UTF-8" in text.stderr.decode()


def test_a_reader_that_goes_away_is_no_failure(programme: Path, repo: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "list", "--json"], cwd=repo, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        stderr = process.stderr.read()
    assert (process.returncode, stderr) == (0, b"")


@posix
@pytest.mark.parametrize("redirect", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_failure(programme: Path, repo: Path, redirect: str) -> None:
    command = f'"$@" {redirect}'
    done = subprocess.run(
        ["sh", "-c", command, "sh", *PROGRAM, "list"], cwd=repo, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_reported(programme: Path, repo: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "list"], cwd=repo, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("kvartal: Система отказала")


@posix
@pytest.mark.parametrize("colour", [True, False])
def test_a_table_fits_the_terminal(programme: Path, repo: Path, *, colour: bool) -> None:
    printed = on_terminal(repo, "list", columns=80, NO_COLOR="" if colour else "1")
    lines = printed.replace("\x1b[0m", "").splitlines()
    assert ("\x1b[31m" in printed) == colour
    for code in ("\x1b[1m", "\x1b[31m"):
        lines = [line.replace(code, "") for line in lines]
    assert all(len(line) <= 80 for line in lines[:-1])
    assert any("…" in line for line in lines)
    assert "\x1b" not in "".join(lines)


def on_terminal(repo: Path, *arguments: str, columns: int, **environ: str) -> str:
    """Run a command with stdout on a terminal of a width; return what it printed."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [*PROGRAM, *arguments], cwd=repo, stdout=theirs, env={**os.environ, **environ}
    ) as process:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break  # Linux says so when the last writer has closed it.
            if not part:
                break
            parts.append(part)
    os.close(ours)
    assert process.returncode == 0
    return b"".join(parts).decode().replace("\r\n", "\n")
