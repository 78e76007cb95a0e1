"""`--json` of every command: its schema in docs/json, its refusals; what `--dry-run` promises."""

import hashlib
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from kvartal.history.programme import Programme
from kvartal.tui.commands.root import COMMANDS
from tests.commands.conftest import Run

Git = Callable[..., str]
Answer = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
WHOLE = ROOT / "tests" / "plans" / "whole"
WITHOUT_JSON = {"schema", "textconv", "completion"}


def schemas() -> dict[str, Draft202012Validator]:
    """Return a validator of each command's output."""
    folder = ROOT / "docs" / "json"
    return {
        path.name.removesuffix(".schema.json"): Draft202012Validator(
            json.loads(path.read_text(encoding="utf-8")), format_checker=FormatChecker()
        )
        for path in folder.glob("*.schema.json")
    }


VALIDATORS = schemas()


@pytest.fixture
def answer(run: Run) -> Answer:
    """Return a function that runs a command with --json and holds its output by its schema."""

    def ask(*arguments: str | Path, code: int = 0) -> Any:  # noqa: ANN401 - JSON
        result = run(*arguments, "--json")
        assert result.exit_code == code, (arguments, result.output)
        value = json.loads(result.stdout)
        is_error = isinstance(value, dict) and list(value) == ["error"]
        name = "error" if is_error else str(arguments[0])
        faults = [(error.json_path, error.message) for error in VALIDATORS[name].iter_errors(value)]
        assert faults == [], arguments
        return value

    return ask


def everything(folder: Path) -> dict[str, str]:
    """Return a digest of every file of a folder, git's too, and of every folder that is empty."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else ""
        for path in folder.rglob("*")
    }


def test_the_schemas_are_those_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / ".ci")
    written = runpy.run_path(str(ROOT / ".ci" / "json_schemas.py"))["files"]()
    folder = ROOT / "docs" / "json"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == written
    assert set(VALIDATORS) == {*COMMANDS, "error"} - WITHOUT_JSON
    for validator in VALIDATORS.values():
        Draft202012Validator.check_schema(validator.schema)


def test_what_reads_answers_by_its_schema(programme: Path, answer: Answer, git: Git) -> None:
    answer("record", "2.2.1", "--quarter", "1", "--date", "2024-04-05", "--value", "2024-Q1=94,5")
    plans = ("--plan", WHOLE / "*.yaml", "--plan", programme)
    rows = answer("list", *plans, "--as-of", "2026-10-01")
    assert {row["year"] for row in rows} >= {None, 2024, 2026}
    assert {len(row["term"]["points"]) for row in rows} > {0}
    (chosen, *_) = answer("list", "--columns", "id,term.text,term.due,extra.risk,plan")
    assert [*chosen] == ["id", "term.text", "term.due", "extra.risk", "plan"]
    late = answer("overdue", *plans, "--as-of", "2030-01-01")
    days = [row["days_overdue"] for row in late]
    assert days == sorted(days, reverse=True)
    assert None in {row["quarter"] or row["point"] for row in late} or late
    for measure in ("1.1.2", "2.2.1"):
        assert answer("show", measure)["plan"] == "plan/2024.yaml"
    for row in rows:
        if row["organization"] != "АО «Алтайэнергосбыт»":
            assert answer("show", row["id"], *plans)
    assert answer("term", "ежемесячно до 5 числа", "--year", "2026")["points"][11] == "2026-12-05"
    assert answer("term", "чушь")["certainty"] == "ask"
    (newest, beginning) = answer("log", *("--plan", programme))
    assert (newest["plan"], newest["kind"], beginning["year"]) == ("plan/2024.yaml", "record", 2024)
    (row,) = answer("diff", "HEAD~1")
    assert row["changes"][0]["field"] == "records.0"
    assert answer("diff") == []
    assert answer("validate", "tests/nosuch.yaml", code=1)["ok"] is False
    outside = answer("validate", WHOLE.parent / "valid" / "term-outside-year.yaml")
    assert (outside["ok"], outside["warnings"][0]["code"]) == (True, "term-outside-year")
    findings = answer("verify", code=1)
    assert {finding["year"] for finding in findings} == {2024}
    answer("doctor")
    assert answer("gaps")[0]["plan"] == "plan/2024.yaml"


CHANGES: tuple[tuple[str | Path, ...], ...] = (
    ("git-setup",),
    ("set", "1.1.2", "1.1.3", "responsible=Отдел ОК"),
    ("set", "1.1.2", "responsible.0.role=исполнитель", "extra.risk=низкий"),
    ("set", "1.1.2", "budget.0.plan=5", "budget.1.plan=7", "budget.1.source=Грант"),
    ("set", "2.2.1", "indicator.0.target=96"),
    ("postpone", "1.1.2", "--to", "к Новому году", "--due", "2024-12-31", "--reason", "Так"),
    ("cancel", "1.1.3", "--reason", "Нет денег", "--date", "2024-02-01"),
    ("add", "--channel", "1.1", "--proposal", "П", "--term", "4 квартал"),
    ("record", "1.1.1", "1.2.1", "--quarter", "1", "--date", "2024-03-30", "--file", "act.txt"),
    ("undo", "--reason", "Не тот акт"),
    ("redo",),
    ("undo", "HEAD~4", "--reason", "Деньги есть"),
    ("correct", "1.1.1", "--quarter", "1", "--result", "Сохранены"),
    ("copy", "1.1.5"),
    ("move", "1.1.5", "--channel", "1.3"),
    ("section", "set", "1", "title=ОЧНО"),
    ("document", "set", "title=Программа"),
    ("remove", "1.1.5"),
    ("calendar", "RU", "2024"),
    ("calendar", "kz", "2025"),
    ("git-setup", "--remove"),
)


def test_a_preview_writes_nothing_and_says_what_the_change_does(
    programme: Path, answer: Answer, run: Run, git: Git
) -> None:
    """One history of every kind of change, each seen before it is made."""
    repo = programme.parents[1]
    (repo / "act.txt").write_text("акт", encoding="utf-8")
    printed: dict[str, str] = {}
    for change in CHANGES:
        before, head = everything(repo), git("rev-parse", "HEAD")
        preview = answer(*change, "--dry-run")
        if change[0] not in printed:
            printed[str(change[0])] = run(*change, "--dry-run").stdout
        assert everything(repo) == before, change
        done = answer(*change)
        if change[0] == "git-setup":
            assert preview == done
            assert done["settings"]
            continue
        assert preview == {**done, "commit": None}, change
        assert done["changes"], change
        assert git("rev-parse", "HEAD~1") == head
        assert done["commit"] == git("rev-parse", "HEAD").strip()
    assert all("Ничего не записано" in text for text in printed.values())
    assert "2024-04-27" in programme.read_text(encoding="utf-8")
    unchanged = answer("set", "1.1.2", "number=1.1.2")
    assert unchanged == {"commit": None, "ids": [], "changes": [], "warnings": []}
    codes = {one["code"] for one in answer("verify", code=1)}
    assert codes == {"backdated"}
    text = programme.read_text(encoding="utf-8")
    edited = text.replace("Проведение ремонтных", "Ремонтные", 1)
    programme.write_text(edited, encoding="utf-8")
    before = everything(repo)
    pending = answer("set", "1.1.4", "notes=x", "--dry-run")
    assert "Правка файла вручную" in pending["warnings"][0]
    preview = answer("adopt", "--dry-run")
    aside = answer("adopt", "--aside", "--dry-run")
    assert everything(repo) == before
    assert (aside["copy"], aside["changes"][0]["new"]) == (None, preview["changes"][0]["old"])
    assert answer("adopt") == {**preview, "commit": git("rev-parse", "HEAD").strip()}
    programme.write_text(text, encoding="utf-8")
    assert answer("adopt", "--aside")["copy"]
    finding = next(one["id"] for one in answer("verify", code=1) if one["code"] == "backdated")
    head = git("rev-parse", "HEAD")
    preview = answer("accept", finding, "--reason", "Приказ 7", "--dry-run")
    assert git("rev-parse", "HEAD") == head
    done = answer("accept", finding, "--reason", "Приказ 7")
    assert {**done, "commit": None} == preview
    (explained,) = (one for one in answer("verify", code=1) if one["id"] == finding)
    assert explained["accepted"]["reason"] == "Приказ 7"


def test_a_history_begins_and_is_shared(
    programme: Path, tmp_path: Path, answer: Answer, git: Git, run: Run
) -> None:
    folder = tmp_path / "new" / "plan"
    folder.mkdir(parents=True)
    (folder / "2024.yaml").write_bytes(programme.read_bytes())
    before = everything(folder.parent)
    preview = answer("init", folder, "--dry-run")
    assert everything(folder.parent) == before
    begun = answer("init", folder)
    assert {**begun, "commit": None} == preview
    assert (begun["folder"], len(begun["ids"])) == (str(folder.parent), 20)
    assert answer("init", folder)["commit"] is None
    git("clone", "--quiet", "--bare", ".", str(tmp_path / "shared.git"))
    git("remote", "add", "origin", str(tmp_path / "shared.git"))
    run("set", "1.1.2", "notes=x")
    head = git("rev-parse", "HEAD").strip()
    preview = answer("sync", "--dry-run")
    assert (preview["commit"], preview["sent"], preview["changes"]) == (None, 1, [])
    assert (answer("sync")["sent"], git("rev-parse", "HEAD").strip()) == (1, head)
    text = programme.read_text(encoding="utf-8")
    for name, notes in (("base", "x"), ("ours", "наше"), ("theirs", "их")):
        edited = text.replace("notes: x", f"notes: {notes}")
        (tmp_path / f"{name}.yaml").write_text(edited, encoding="utf-8")
    files = [tmp_path / f"{name}.yaml" for name in ("base", "ours", "theirs")]
    before = everything(tmp_path)
    preview = answer("merge", *files, "--dry-run", code=1)
    assert everything(tmp_path) == before
    assert preview == answer("merge", *files, code=1)
    (conflict,) = preview["conflicts"]
    assert (conflict["id"], conflict["base"], conflict["theirs"]) == ("1.1.2", "x", "их")
    assert preview["error"]["code"] == "merge-conflicts"
    before = everything(programme.parents[1])
    preview = answer("new-year", "2025", "--dry-run")
    assert everything(programme.parents[1]) == before
    begun = answer("new-year", "2025")
    assert {**begun, "commit": None} == preview


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (("show", "1.1.22"), 1, "unknown-measure"),
        (("show", "что-то"), 1, "unknown-measure"),
        (("set", "1.1.2", "nosuch=1"), 1, "unknown-field"),
        (("set", "1.1.2", "channel=9.9", "--dry-run"), 1, "invalid-change"),
        (("postpone", "1.1.2", "--to", "чушь", "--reason", "Так", "--dry-run"), 1, "unsure-term"),
        (("undo", "--dry-run"), 1, "nothing-to-undo"),
        (("list", "--nosuch"), 2, "no-such-option"),
        (("list", "--columns", "nosuch"), 2, "bad-parameter"),
        (("record", "1.1.2"), 2, "usage-error"),
        (("list", "--plan", "nosuch.yaml"), 2, "no-such-plan-file"),
        (("list", "--plan", "nosuch/*.yaml"), 2, "no-plan-matches"),
        (("calendar", "XX", "2024"), 1, "unknown-country"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_refusal_says_why(
    programme: Path, answer: Answer, arguments: tuple[str, ...], exit_code: int, code: str
) -> None:
    error = answer(*arguments, code=exit_code)["error"]
    assert error["code"] == code
    assert error["hint"] is None or error["message"].endswith(error["hint"]) or exit_code == 2


def test_a_bug_is_answered_too(
    programme: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Programme, "read", lambda _programme: int("bug"))
    assert answer("list", code=3)["error"]["code"] == "bug"
