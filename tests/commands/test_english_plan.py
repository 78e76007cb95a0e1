"""A programme kept in English: nothing of ours that is stored in it or said of it is Russian."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.store.snapshot import read_snapshot
from kvartal.tui.presentation.card_records import record_lines
from tests.commands.conftest import Run
from tests.support.plans import rewrite

Git = Callable[..., str]

PLAN = """\
year: 2024
language: en
document:
  organization: Example Ltd
  title: Customer service programme
  code: P-1
sections:
  - number: "1"
    title: Offices
    channels:
      - number: "1.1"
        title: Customer office
measures:
  - id: 1.1.1
    channel: "1.1"
    number: 1.1.1
    proposal: Electronic queue
    actions:
      - Buy a terminal
      - Install it
    term:
      text: Q1-Q4 2024
      quarters: [1, 2, 3, 4]
    result: The terminal works
    indicator:
      name: Served in time
      unit: "%"
      direction: not_less
      target: 95
      period: quarter
"""
CYRILLIC = re.compile("[А-Яа-яЁё]")


@pytest.fixture
def english(repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an English plan without a history, in the folder that commands run in."""
    plan = repo / "plan" / "2024.yaml"
    plan.parent.mkdir()
    plan.write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(repo)
    return plan


def test_every_kind_of_change_is_in_english(english: Path, run: Run, git: Git) -> None:
    (english.parents[2] / "...").write_bytes(b"act")
    (english.parents[2] / "Scan: 1.pdf").write_bytes(b"%PDF")
    files = ("--file", english.parents[2] / "...", "--file", english.parents[2] / "Scan: 1.pdf")
    evidence = (
        *("--document", "Act", "--number", "12", "--document-date", "2024-10-04", *files),
        *("--link", "https://example.org/", "--value", "2024-Q4=98,5"),
    )
    indicator = ("name", "unit", "direction", "target", "period")
    new = ("add", "--channel", "1.1", "--proposal", "Training", "--result", "Trained")
    commands = (
        ("init",),
        ("set", "1.1.1", "responsible=Sales", "budget.plan=1250000,50", "indicator.target=97,5"),
        (*new, "--action", "Train", "--term", "by 30 November", "--notes", "In house"),
        (*new, "--number", "1.1.2", "--actions-from", "1.1.2", "--term", "as required"),
        ("record", "1.1.1", "1.1.2", "--quarter", "4", "--date", "2024-10-01"),
        ("record", "1.1.1", "--quarter", "4", "--complete", "--result", "Done", *evidence),
        ("undo",),
        ("redo",),
        ("undo", "--reason", "Wrong act"),
        ("set", "1.1.1", *(f"indicator.{name}=" for name in indicator)),
        ("set", "1.1.2-2", "term=Q1-Q2, Q4"),
        ("set", "1.1.2-2", "term=1 March - 31 May 2024"),
        ("postpone", "1.1.2", "--to", "Q4 2024", "--reason", "Delay", "--date", "2024-09-01"),
        ("postpone", "1.1.2", "--to", "by 2024-12-15", "--reason", "Delay", "--basis", "Order 5"),
        ("cancel", "1.1.2-2", "--reason", "Not needed", "--date", "2024-09-01"),
        ("undo",),
        ("remove", "1.1.2-2"),
    )
    for number, command in enumerate(commands):
        # What is stored is in the plan's language, whichever language the messages are in.
        language = ("ru", "en")[number % 2]
        result = run(*command, "--lang", language, "--as-of", "2024-10-05")
        assert result.exit_code == 0, (command, result.output)
        assert language == "ru" or not CYRILLIC.search(result.output), (command, result.output)
    rewrite(english, "In house", "By hand")
    assert run("adopt", "--reason", "A slip").exit_code == 0
    for arguments in (
        ("log", "--format=%B"),
        ("log", "-p", "--no-textconv", "--format="),
        ("ls-files", "-z"),
    ):
        printed = git(*arguments)
        found = CYRILLIC.search(printed)
        assert not found, printed[max(0, found.start() - 60) : found.end() + 60]
    history = git("log", "-p", "--no-textconv", "--format=")
    for text in ("by 30 November", "Q1-Q2, Q4", "1 March - 31 May 2024", "Q4 2024"):
        assert f"+      text: {text}\n" in history or f"+          text: {text}\n" in history
    assert "by 2024-12-15" in history
    assert "evidence/2024/1.1.1/file\n" in history
    assert 'original_name: "..."' in history or "original_name: ..." in history
    assert run("validate").exit_code == 0
    codes = {finding["code"] for finding in json.loads(run("verify", "--json").stdout)}
    assert codes == {"backdated"}


def test_next_year_begins_in_english_whoever_begins_it(english: Path, run: Run, git: Git) -> None:
    assert run("init").exit_code == 0
    begun = run("new-year", "2025", "--carry", "1.1.1", "--as-of", "2024-12-01")
    assert begun.exit_code == 0, begun.stderr
    begun = run("new-year", "2026", "--drop", "1.1.1=done", "--plan", english)
    assert begun.exit_code == 0, begun.stderr
    written = git("log", "--format=%B")
    assert "Programme for 2026: " in written
    assert "Programme for 2025: " in written
    assert "not carried over: 1.1.1" in written
    assert not CYRILLIC.search(written + english.with_name("2025.yaml").read_text("utf-8"))


def test_a_document_is_named_alike_everywhere(english: Path, run: Run) -> None:
    assert run("init").exit_code == 0
    document = ("--document", "Act", "--number", "№ 12", "--document-date", "2024-06-20")
    recorded = run("record", "1.1.1", "--quarter", "2", "--date", "2024-06-20", *document)
    assert recorded.exit_code == 0, recorded.stderr
    for language, name in (("en", "Act No. 12 of 2024-06-20"), ("ru", "Act № 12 от 20.06.2024")):
        for command in (("show", "1.1.1"), ("log", "1.1.1")):
            assert name in run(*command, "--lang", language).stdout
    measure = read_snapshot(english).plan.measure("1.1.1")
    lines = record_lines(measure.records, measure, None)
    assert any("Act № 12 от 20.06.2024" in str(line) for line in lines)
