"""`validate` and `verify` look at every plan of a repository; copies beside a plan are no plans."""

import json
import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from kvartal.tui.commands.root import COMMANDS
from kvartal.tui.plans.files import is_copy
from tests.commands.conftest import Run

BESIDE = frozenset({"2024.yaml", "план.yaml"})


@pytest.fixture
def several(programme: Path, run: Run) -> Path:
    """Return the plan of 2024; a broken one of 2023 and a supplier's are in the repository too."""
    text = programme.read_text(encoding="utf-8")
    supplier = programme.parents[1] / "suppliers" / "1" / "plan" / "2024.yaml"
    supplier.parent.mkdir(parents=True)
    supplier.write_text(text, encoding="utf-8")
    run("adopt", "--plan", supplier)
    broken = text.replace("year: 2024", "year: 2023", 1).replace("due: 2024", "due: 2O24")
    programme.with_name("2023.yaml").write_text(f"{broken}\nx: 1\n", encoding="utf-8")
    return programme


def test_every_plan_is_looked_at(several: Path, run: Run) -> None:
    result = run("validate")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("plan/2023.yaml:")
    assert lines[-2:] == [
        "plan/2024.yaml: ошибок нет",
        "suppliers/1/plan/2024.yaml: ошибок нет",
    ]
    assert run("validate", "--plan", several).exit_code == 0
    rows = json.loads(run("verify", "--json").stdout)
    assert {row["plan"] for row in rows} == {"plan/2023.yaml"}
    several.unlink()
    printed = run("verify").stdout
    assert "plan/2024.yaml" in printed
    assert "suppliers/1/plan/2024.yaml" in printed


def test_undo_takes_the_last_change_of_the_repository(several: Path, run: Run) -> None:
    several.with_name("2023.yaml").unlink()
    supplier = several.parents[1] / "suppliers" / "1" / "plan" / "2024.yaml"
    run("set", "1.1.2", "notes=x", "--plan", supplier)
    run("set", "1.1.4", "notes=y", "--plan", several)
    undone = json.loads(run("undo", "--dry-run", "--json").stdout)
    assert (undone["plan"], undone["ids"]) == ("plan/2024.yaml", ["1.1.4"])
    undone = json.loads(run("undo", "HEAD~1", "--json").stdout)
    assert (undone["plan"], undone["ids"]) == ("suppliers/1/plan/2024.yaml", ["1.1.2"])


def test_a_refusal_names_the_programme(several: Path, run: Run) -> None:
    broken = run("adopt", "--plan", several.with_name("2023.yaml")).stderr
    assert broken.startswith("kvartal: В файле есть ошибки")
    assert "--aside" not in broken  # The history has nothing to put in its place.
    several.with_name("2023.yaml").unlink()
    several.with_name("2025.yaml").write_bytes(several.read_bytes().replace(b"2024", b"2025"))
    run("adopt", "--plan", several.with_name("2025.yaml"))
    refused = run("set", "9.9", "notes=x", "--as-of", "2025-02-01")
    assert refused.stderr.startswith("kvartal: plan/2025.yaml: Мероприятия «9.9» нет")
    error = json.loads(run("undo", "--json").stdout)["error"]
    assert (error["code"], error["message"][:16]) == ("nothing-to-undo", "plan/2025.yaml: ")
    adopted = run("adopt", "--as-of", "2025-02-01").stdout
    assert adopted.startswith("plan/2025.yaml: В файле нет правки")
    answer = json.loads(run("adopt", "--as-of", "2025-02-01", "--json").stdout)
    assert (answer["plan"], answer["year"]) == ("plan/2025.yaml", 2025)
    named = run("set", "9.9", "notes=x", "--plan", several)
    assert named.stderr.startswith("kvartal: Мероприятия «9.9» нет")


def test_where_several_hold_the_date_a_command_about_the_repository_asks_for_none(
    several: Path, run: Run
) -> None:
    several.with_name("2023.yaml").unlink()
    other = several.with_name("b-2024.yaml")
    other.write_bytes(several.read_bytes())
    day = ("--as-of", "2024-10-01")
    checks = json.loads(run("doctor", "--json", *day).stdout)["checks"]
    texts = [one["message"] for one in checks if one["code"] in {"programme", "edits"}]
    assert [text.partition(".yaml")[0] for text in texts] == ["plan/2024", "plan/b-2024"] * 2
    assert [one["ok"] for one in checks if one["code"] == "edits"] == [True, False]
    attributes = several.parents[1] / ".git" / "info" / "attributes"
    assert run("git-setup", *day).stdout.startswith("Записано: merge.kvartal.name\n")
    run("git-setup", "--plan", "suppliers/*/plan/*.yaml")  # Of another folder: both stay.
    marked = attributes.read_text("ascii").splitlines()[1::2]
    assert [line.split()[0] for line in marked] == ["/plan/*.yaml", "/suppliers/1/plan/*.yaml"]
    assert run("git-setup", "--plan", "plan/*.yaml").stdout == "Всё уже настроено.\n"
    assert all("git-setup" not in line for line in run("doctor", *day).stdout.splitlines())
    run("git-setup", "--remove", *day)
    assert attributes.read_bytes() == b""
    assert run("sync", *day).stderr.startswith("kvartal: Делиться не с кем")


REFUSED = {
    "accept": ("accept", "author:0123456789ab", "--reason", "r"),
    "add": ("add", "--channel", "9.9", "--action", "a", "--term", "март", "--result", "r"),
    "adopt": ("adopt",),
    "calendar": ("calendar", "RU", "2026"),
    "cancel": ("cancel", "9.9.9", "--reason", "r"),
    "copy": ("copy", "9.9.9"),
    "correct": ("correct", "9.9.9", "--quarter", "1"),
    "diff": ("diff", "nowhere"),
    "digest": ("digest", "--as-of", "29.02"),
    "document": ("document", "set", "nothing=1"),
    "export": ("export", "--kind", "report", "--format", "json", "--as-of", "29.02"),
    "gaps": ("gaps", "--as-of", "29.02"),
    "import": ("import", "nothing.docx"),
    "list": ("list", "--section", "99"),
    "log": ("log", "9.9.9"),
    "move": ("move", "9.9.9", "--channel", "1.1"),
    "new-year": ("new-year", "2020"),
    "overdue": ("overdue", "--as-of", "29.02"),
    "postpone": ("postpone", "9.9.9", "--to", "декабрь", "--reason", "r"),
    "record": ("record", "9.9.9", "--quarter", "1"),
    "redo": ("redo",),
    "remove": ("remove", "9.9.9"),
    "section": ("section", "set", "99", "title=t"),
    "set": ("set", "9.9.9", "notes=x"),
    "show": ("show", "9.9.9"),
    "undo": ("undo",),
    "verify": ("verify", "--since", "nowhere"),
}
NOT_ABOUT_ONE = frozenset(
    {"completion", "doctor", "git-setup", "init", "merge", "schema", "sync", "term", "textconv"}
    | {"validate"}
)
"""Commands about the whole repository, about none, or whose every line names a file."""


def test_the_refusal_of_any_command_names_the_programme(
    root: Path, tmp_path: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan").mkdir()
    for year in ("2025", "2026"):  # None of them has a 29 February.
        text = (root / "plan" / "2024.yaml").read_text(encoding="utf-8").replace("2024", year)
        (tmp_path / "plan" / f"{year}.yaml").write_text(text, encoding="utf-8")
    assert REFUSED.keys() | NOT_ABOUT_ONE == COMMANDS.keys()
    results = {name: here(*arguments) for name, arguments in REFUSED.items()}
    unnamed = {
        name: result.stderr or result.stdout
        for name, result in results.items()
        if not (result.exit_code and re.match(r"kvartal: .*plan/2026\.yaml", result.stderr))
    }
    assert not unnamed
    for name in ("diff", "digest", "gaps"):  # Of several that are meant, the one that refuses.
        refused = here(*REFUSED[name], "--plan", "plan/*.yaml")
        assert refused.stderr.startswith("kvartal: plan/2025.yaml: ")


def test_the_forms_of_ci_services(several: Path, run: Run) -> None:
    whole = json.loads(run("validate", "--json").stdout)["problems"]
    gitlab = json.loads(run("validate", "--format", "gitlab").stdout)
    assert [(one["check_name"], one["location"]["path"]) for one in gitlab] == [
        (one["code"], "plan/2023.yaml") for one in whole
    ]
    assert len({one["fingerprint"] for one in gitlab}) == len(gitlab)
    (sarif,) = json.loads(run("validate", "--format", "sarif").stdout)["runs"]
    assert [one["ruleId"] for one in sarif["results"]] == [one["code"] for one in whole]
    assert {one["id"] for one in sarif["tool"]["driver"]["rules"]} == {one["code"] for one in whole}
    junit = fromstring(run("validate", "--format", "junit").stdout)  # noqa: S314 - our own
    assert [suite.get("name") for suite in junit] == [
        "plan/2023.yaml",
        "plan/2024.yaml",
        "suppliers/1/plan/2024.yaml",
    ]
    assert junit.get("failures") == str(len(whole))
    found = json.loads(run("verify", "--format", "gitlab").stdout)
    assert [one["check_name"] for one in found] == ["uncommitted"]
    assert run("verify", "--format", "github").stdout.startswith("::warning file=plan/2023.yaml")
    several.with_name("2023.yaml").unlink()
    assert 'failures="0"' in run("verify", "--format", "junit").stdout


@pytest.mark.parametrize(
    "name",
    [
        "2024 (копия).yaml",
        "2024.sync-conflict-20240101-101010-ABCDEFG.yaml",
        "2024.yaml~",
        "2024 copy.yaml",
        "2024 — конфликтующая копия.yaml",
        "2024 (Иван's conflicted copy 2024-01-02).yaml",
        "Копия 2024.yaml",
        "план (1).yaml",
        "2025-копия 2.yaml",
    ],
)
def test_a_copy_is_known_by_its_name(name: str) -> None:
    assert is_copy(name, BESIDE | {name})


@pytest.mark.parametrize(
    "name",
    ["2024.yaml", "2023-2024.yaml", "план закупок.yaml", "копия.yaml", "план-копирования.yaml"],
)
def test_a_plan_is_no_copy(name: str) -> None:
    assert not is_copy(name, BESIDE | {name})


def test_a_copy_is_named_and_never_chosen(programme: Path, run: Run) -> None:
    text = programme.read_text(encoding="utf-8")
    copy = programme.with_name("2025 (копия).yaml")
    copy.write_text(text.replace("year: 2024", "year: 2025", 1), encoding="utf-8")
    for words in (("list", "--json"), ("list", "--json", "--plan", "plan/*.yaml")):
        result = run(*words, "--as-of", "2025-05-01")
        assert {row["plan"] for row in json.loads(result.stdout)} == {"plan/2024.yaml"}
        assert "plan/2025 (копия).yaml" in result.stderr
    assert "2025 (копия)" in run("validate").stderr
    named = run("list", "--json", "--plan", copy)
    assert (json.loads(named.stdout)[0]["year"], named.stderr) == (2025, "")
