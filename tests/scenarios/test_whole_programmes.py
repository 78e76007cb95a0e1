"""Whole programmes of other shapes go through a year's work, as a user does it."""

import json
import subprocess
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from tests.support.cli import call
from tests.support.repository import git

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "examples/plan-of-action/plan/2026.yaml"
WHOLE = [*sorted((ROOT / "tests/plans/whole").glob("*.yaml")), ENGLISH]
# The day of the work, a measure with its checkpoint, and one to postpone with its new term.
WORK = {
    "heating-season-2026-2027": ("2026-10-20", "Б-1", "2026-09-25", "А-2-2", "до 30.11.2026"),
    "municipality-2026": ("2026-04-10", "п-5", "2026-03-05", "3", "до 30.06.2026"),
    "road-map-2026-2028": ("2026-10-05", "1.1.1", "2026-Q3", "1.2.1", "до 31.03.2028"),
    "2026": ("2026-07-10", "V-0003", "2026-06-10", "V-0005", "Q4 2026"),
}


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_a_year_of_work(path: Path, tmp_path: Path, repo: Path) -> None:
    day, measure, checkpoint, moved, term = WORK[path.stem]
    plan = repo / "plan" / path.name
    plan.parent.mkdir()
    copyfile(path, plan)
    base = ("--plan", plan, "--as-of", day)

    def run(*words: object, code: int = 0) -> str:
        result = call([*words, *base])
        assert result.exit_code == code, result.output
        return result.stdout

    def ask(*words: object) -> Any:  # noqa: ANN401 - JSON
        return json.loads(run(*words, "--json"))

    run("init", plan)
    run("verify", "--mark")
    assert (" годы, " in git(repo, "tag", "-n1")) == ("-2026-20" in path.stem)
    before = plan.read_bytes()
    late = {(row["id"], row["quarter"] or row["point"]) for row in ask("overdue")}
    assert len(ask("list")) == before.count(b"\n    term:")
    assert (measure, checkpoint) in late
    option = "--quarter" if "-Q" in checkpoint else "--point"
    recorded = ("record", measure, option, checkpoint, "--date", day, "--document", "Act")
    run(*recorded, "--reason", "Late delivery")
    now = {(row["id"], row["quarter"] or row["point"]) for row in ask("overdue")}
    assert now == late - {(measure, checkpoint)}
    run("postpone", moved, "--to", term, "--reason", "Supplier", "--date", day)
    assert ask("show", moved)["term"]["text"] == term
    changes = [change["id"] for row in ask("diff", "HEAD~2..HEAD") for change in row["changes"]]
    assert {measure, moved} == set(changes)
    run("undo", "--reason", "Mistake")
    run("undo", "--reason", "Mistake")
    assert plan.read_bytes() == before
    run("redo")
    assert [row["kind"] for row in ask("log")][:3] == ["redo", "undo", "undo"]
    other = tmp_path / "other"
    subprocess.run(["git", "clone", "-q", repo, other], check=True)
    there = other / "plan" / path.name
    assert call(["set", moved, "notes=Theirs", "--plan", there]).exit_code == 0
    run("set", measure, "notes=Ours")
    git(repo, "config", "receive.denyCurrentBranch", "ignore")
    assert call(["sync", "--plan", there]).exit_code == 0
    merged = json.loads(call(["list", "--plan", there, "--json"]).stdout)
    assert len(merged) == len(ask("list"))
    assert there.read_text(encoding="utf-8").count("notes: Ours") == 1
    found = json.loads(call(["verify", "--plan", there, "--json"]).stdout)
    assert {one["code"] for one in found if one["accepted"] is None} <= {"backdated"}
