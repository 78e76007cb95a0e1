"""`kvartal init` where there is no programme: a new one, empty or with an example."""

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.support.repository import git, subjects


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "пусто"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_new_programme_comes_with_what_it_needs(empty: Path, here: Run) -> None:
    shown = here("init", "new", "--year", "2031", "--dry-run")
    assert shown.exit_code == 0
    assert list(empty.iterdir()) == []
    saved = json.loads(here("init", "new", "--year", "2031", "--json").stdout)
    top = empty / "new"
    assert (saved["file"], saved["folder"]) == (str(top / "plan" / "2031.yaml"), str(top))
    written = set(git(top, "ls-files").splitlines())
    assert written == {"plan/2031.yaml", "schema/plan.schema.json", ".gitattributes"}
    assert all(f"{path}" in shown.stdout for path in written)
    assert git(top, "status", "--porcelain") == ""
    text = (top / "plan" / "2031.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/plan.schema.json\n")
    assert "organization: Организация\n  title: Программа мероприятий\n" in text
    assert here("validate", "--plan", top).exit_code == 0
    assert here("verify", "--plan", top).exit_code == 0
    # Another one in the same repository; the same one is refused, and nothing is lost.
    begun = len(subjects(top))
    assert here("init", "new", "--period", "2031-09-01..2032-08-31").exit_code == 0
    assert (top / "plan" / "2031-2032.yaml").exists()
    assert len(subjects(top)) == begun + 1
    assert subjects(top)[0].startswith("Программа на 2031-2032 годы: ")
    refused = here("init", "new", "--empty", "--year", "2031")
    assert (refused.exit_code, "уже есть" in refused.stderr) == (1, True)
    assert "История уже ведётся" in here("init", "new").stdout


def test_a_new_programme_takes_its_columns_and_says_that_it_has_no_parts(
    empty: Path, here: Run
) -> None:
    """Its table needs neither number nor heading, which an empty programme has not got yet."""
    assert here("init", "--year", "2031").exit_code == 0
    assert here("document", "set", 'columns=["№", "Мероприятие"]').exit_code == 0
    assert here("validate").exit_code == 0
    saved = (empty / "plan" / "2031.yaml").read_text(encoding="utf-8")
    assert "  plan:\n    table:\n      columns:\n" in saved
    for option, said in (("--section", "ещё нет разделов."), ("--channel", "ещё нет каналов.")):
        assert said in here("list", option, "7").stderr
    assert "«7» нет: в программе их ещё нет." in here("section", "remove", "7").stderr
    for number in ("1", "2"):
        assert here("section", "add", number, "Раздел").exit_code == 0
    refused = here("section", "move", "1", "--section", "2", "--after", "2").stderr
    assert "а там, куда это встанет, ещё ничего нет" in refused


def test_the_example_is_in_the_users_language(empty: Path, here: Run) -> None:
    words = ("--example", "--year", "2033", "--title", "Road map")
    saved = json.loads(here("--lang", "en", "init", *words, "--json").stdout)
    assert len(saved["ids"]) == 5
    rows = json.loads(here("list", "--json").stdout)
    assert {row["year"] for row in rows} == {2033}
    assert rows[2]["due"] == "2033-09-30"
    text = (empty / "plan" / "2033.yaml").read_text(encoding="utf-8")
    assert "title: Road map" in text
    assert "Программа" not in text
    assert here("validate").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--empty", "--example"),
        ("--year", "2030", "--period", "2030..2031"),
        ("--period", "весна"),
        ("--period", "2031..2030"),
        ("--example", "--period", "2030..2031"),
    ],
)
def test_a_contradiction_is_wrong_usage(empty: Path, here: Run, words: tuple[str, ...]) -> None:
    assert here("init", *words).exit_code == 2
    assert list(empty.iterdir()) == []


def test_without_an_author_nothing_is_written(
    empty: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME"):
        monkeypatch.delenv(name, raising=False)
    config = empty.parent / "config"
    config.write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    refused = here("init", "new")
    assert refused.exit_code == 1
    assert "git config --global user.name" in refused.stderr
    assert "git config --global user.email" in refused.stderr
    assert list(empty.iterdir()) == []
