"""The examples of docs/digest.md run as they stand there, with a mailer that keeps the mails."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exchange.exported import ROOT

PAGE = (ROOT / "docs" / "digest.md").read_text("utf-8")
MAILER = """#!/bin/sh
for last; do :; done
cat > "$MAILS/$last"
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the examples are for sh and cron")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def scripts() -> list[str]:
    cron = [line.split(maxsplit=5)[5] for line in blocks("cron")[0].splitlines() if line[0] in "05"]
    steps = re.findall(r"^ *- (?:run: )?(kvartal .*)$", "".join(blocks("yaml")), re.MULTILINE)
    assert (len(cron), len(steps)) == (2, 4)
    return [*cron, "\n".join(steps), *blocks("sh")]


def test_the_examples_run(programme: Path, tmp_path: Path) -> None:
    folder, mails, tools = (tmp_path / name for name in ("clone", "mails", "tools"))
    for made in (mails, tools):
        made.mkdir()
    subprocess.run(
        ["git", "clone", "-q", programme.parents[1], folder], check=True, capture_output=True
    )
    (tools / "mail").write_text(MAILER)
    (tools / "kvartal").write_text(f'#!/bin/sh\nexec {sys.executable} -m kvartal.tui "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    (folder / "departments.csv").write_text("Отдел;department@example.org\n", "utf-8")
    summary = tmp_path / "summary.md"
    around = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "MAILS": str(mails),
        "GITHUB_STEP_SUMMARY": str(summary),
        "KVARTAL_PLAN": str(folder / "plan" / programme.name),
    }
    for script in scripts():
        ready = script.replace("/srv/programme", str(folder))
        result = subprocess.run(
            ["sh", "-e", "-c", ready], cwd=folder, env=around, capture_output=True, check=False
        )
        assert result.returncode == 0, (script, result.stderr.decode())
    files = {one.name for one in folder.iterdir()}
    assert {"digest.html", "report.docx", "overdue.xlsx", "deadlines.ics"} <= files
    assert (mails / "director@example.org").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert "Отдел" in (mails / "department@example.org").read_text("utf-8").title()
    assert "Просрочено" in summary.read_text("utf-8")
