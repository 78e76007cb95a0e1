"""The program in odd places: packed into one file, and with a plan below an odd folder."""

import os
import subprocess
import sys
import zipapp
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.support.repository import git

OPEN_SCREEN = """
import asyncio, sys
program, plan = sys.argv[1:]
sys.path.insert(0, program)
from pathlib import Path
from kvartal.tui import app
from kvartal.tui.plans.path import open_plan
from kvartal.tui.settings import Settings
assert app.__file__.startswith(program)
async def main():
    screen = app.KvartalApp(open_plan(Path(plan)), Settings())
    async with screen.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        print(screen.screen.query_one("#top").size.width > 0)
asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="no line breaks in names there")
def test_a_program_in_one_file_saves_below_a_folder_with_a_line_break(
    root: Path, tmp_path: Path
) -> None:
    package = tmp_path / "package"
    for name in ("exchange", "history", "schema", "tui"):
        copytree(
            root / name, package / "kvartal" / name, ignore=ignore_patterns("__pycache__", "*.po")
        )
    program = tmp_path / "kvartal.pyz"
    zipapp.create_archive(package, program, main="kvartal.tui.main:main")
    plan = tmp_path / "Программы\nотдела" / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_bytes((root / "plan" / "2024.yaml").read_bytes())

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(program), *words],
            cwd=plan.parent.parent,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), words
        return done.stdout

    run("init")
    changed = run("--lang", "en", "set", "1.1.2", "notes=x")
    assert changed.startswith("Saved: 1.1.2: ")
    assert git(plan.parent, "log", "-1", "--format=%s").startswith("1.1.2: ")
    assert "<style>" in run("diff", "HEAD~1..HEAD", "--format", "html")
    opened = subprocess.run(
        [sys.executable, "-c", OPEN_SCREEN, str(program), str(plan)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert opened.stdout == "True\n", opened.stderr
