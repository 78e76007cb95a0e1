"""The same bytes from the same programme: in any zone, locale, folder, and on any day."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kvartal.exchange.export_request import FORMATS
from kvartal.tui.commands import output_file
from kvartal.tui.commands.output_file import write_output
from tests.support.cli import call

INDICATORS = Path(__file__).with_name("plans") / "indicators-2024.yaml"
# Every kind and format in one process: what differs must come from around it.
PROGRAM = """
import os, sys
from datetime import date
from pathlib import Path
from kvartal.tui.commands import params
from kvartal.tui.main import run
plan, target, today = sys.argv[1:4]
if today:
    class Later(date):
        @classmethod
        def today(cls):
            return cls.fromisoformat(today)
    params.date = Later
common = ["--plan", plan, "--as-of", "2024-12-01"]
for pair in sys.argv[4:]:
    kind, form = pair.split(".")
    file = str(Path(target, pair))
    code = run(["export", "--kind", kind, "--format", form, "-o", file, *common])
    assert not code, (pair, code)
for form in ("text", "html"):
    sys.stdout.flush()
    copy, file = os.dup(1), os.open(Path(target, f"digest.{form}"), os.O_CREAT | os.O_WRONLY)
    os.dup2(file, 1)
    run(["digest", "--format", form, *common])
    sys.stdout.flush()
    os.dup2(copy, 1)
"""
PAIRS = [f"{kind}.{form}" for kind, forms in FORMATS.items() for form in forms]
SURROUNDINGS = (
    ({"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}, 0o022, "", "."),
    ({"TZ": "Asia/Kamchatka", "LC_ALL": "C", "LANG": "de_DE.UTF-8", "LANGUAGE": "en",
      "PYTHONHASHSEED": "77", "COLUMNS": "40"}, 0o077, "2031-02-28", "/"),
)  # fmt: skip


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    target = tmp_path / "repository" / "plan" / INDICATORS.name
    target.parent.mkdir(parents=True)
    shutil.copyfile(INDICATORS, target)
    git(target.parent, "init", "-q")
    git(target.parent, "add", ".")
    git(target.parent, "commit", "-q", "-m", "Начало")
    assert call(["set", "1.1.1", "notes=Проверено", "--plan", target]).exit_code == 0
    return target


def test_nothing_around_an_export_is_in_it(plan: Path, tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for at, (variables, mask, today, folder) in enumerate(SURROUNDINGS):
        target = tmp_path / str(at)
        target.mkdir()
        subprocess.run(
            [sys.executable, "-c", PROGRAM, plan, target, today, *PAIRS],
            cwd=plan.parents[1] / folder,
            env={**os.environ, **variables},
            umask=mask,
            check=True,
            capture_output=True,
        )
        made.append({one.name: one.read_bytes() for one in sorted(target.iterdir())})
    assert set(made[0]) == {*PAIRS, "digest.text", "digest.html"}
    assert all(made[0].values())
    for other in made[1:]:
        assert [name for name in made[0] if made[0][name] != other[name]] == []


def test_the_day_comes_from_the_option_alone(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The replaced clock of the test above is the one that the commands ask."""
    monkeypatch.setattr("kvartal.tui.commands.params.date", Earlier)
    assert "30.06.2024" in call(["list", "--lang", "ru", "--plan", plan]).stdout


class Earlier(date):
    @classmethod
    def today(cls) -> "Earlier":
        return cls(2024, 6, 30)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be left there")
def test_a_killed_export_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    killed = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from kvartal.tui.commands import output_file\n"
        "output_file._give_usual_rights = lambda path: os.kill(os.getpid(), signal.SIGKILL)\n"
        "output_file.write_output(Path(sys.argv[1]), b'half', plan=Path('/p'), force=False)\n"
    )
    assert subprocess.run([sys.executable, "-c", killed, target], check=False).returncode == -9
    (left,) = tmp_path.iterdir()
    others = [tmp_path / name for name in (".report.html.notes", ".other.html.abcdefgh.kvartal")]
    for other in others:
        other.write_text("the user's")
    descriptor, busy = output_file._new_beside(target)
    write_output(target, b"whole", plan=Path("/p"), force=False)
    assert not left.exists()
    assert sorted(tmp_path.iterdir()) == sorted([target, busy, *others])
    os.close(descriptor)
    write_output(target, b"new", plan=Path("/p"), force=True)
    assert sorted(tmp_path.iterdir()) == sorted([target, *others])
    assert target.read_bytes() == b"new"
