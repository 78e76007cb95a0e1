"""``kvartal verify`` as people and programs call it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result

from tests.audit.story import Clock
from tests.support.plans import rewrite

if TYPE_CHECKING:
    import subprocess

Git = Callable[..., str]
Run = Callable[..., Result]


@pytest.fixture
def manual_edit(programme: Path, git: Git) -> str:
    """Return a manual edit that is in the history."""
    rewrite(programme, "Обеспечена установка терминала", "Обеспечено")
    with Clock("2024-09-28T10:00:00+03:00"):
        git("commit", "-qam", "Правка\x1b[31m")
    return git("rev-parse", "HEAD").strip()


def test_an_honest_history(programme: Path, run: Run) -> None:
    result = run("verify")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Проверено изменений: 1, с начала истории. Замечаний: 0." in result.stderr
    assert "Проверено изменений: 0, после " in run("verify").stderr


def test_each_finding_is_one_line(manual_edit: str, run: Run) -> None:
    for _ in range(2):
        result = run("verify")
        assert result.exit_code == 1
        assert result.stdout.startswith(
            f"{manual_edit[:10]}  28.09.2024  Иванова Анна  by-hand  "
            "Изменено без программы: 1.1.2: "
        )


def test_findings_as_json(manual_edit: str, run: Run) -> None:
    result = run("verify", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    (finding,) = json.loads(result.stdout)
    assert list(finding)[:7] == [
        "commit", "date", "author", "subject", "code", "measure", "message"
    ]  # fmt: skip
    assert finding["severity"] == "error"
    assert finding["commit"] == manual_edit
    assert finding["date"] == "2024-09-28T10:00:00+03:00"
    assert finding["subject"] == "Правка\x1b[31m"
    assert (finding["code"], finding["measure"]) == ("by-hand", "1.1.2")


def test_no_findings_are_data_too(programme: Path, run: Run) -> None:
    result = run("verify", "--json")
    assert (result.exit_code, json.loads(result.stdout), result.stderr) == (0, [], "")


def test_the_working_copy(programme: Path, run: Run) -> None:
    rewrite(programme, "Обеспечена установка терминала", "Обеспечено\\e[31m")
    result = run("verify")
    assert result.exit_code == 1
    assert result.stdout.startswith("рабочая копия  uncommitted  Файл программы исправлен")
    assert "\x1b" not in result.stdout
    (finding,) = json.loads(run("verify", "--json").stdout)
    assert [finding[key] for key in ("commit", "date", "author", "subject")] == [None] * 4


def test_a_mark(programme: Path, git: Git, run: Run) -> None:
    result = run("verify", "--mark", "--as-of", "2024-12-31")
    assert result.exit_code == 0
    assert "kvartal/verified/2024-12-31" in result.stderr
    assert git("cat-file", "-t", "kvartal/verified/2024-12-31") == "tag\n"
    assert run("verify", "--mark", "--as-of", "31.12").exit_code == 0
    assert "kvartal/verified/2024-12-31-2" in git("tag")
    assert "после метки kvartal/verified/2024-12-31-2" in run("verify").stderr


def test_no_tag_with_findings(manual_edit: str, git: Git, run: Run) -> None:
    assert run("verify", "--mark").exit_code == 1
    assert git("tag") == ""


def test_a_mark_after_findings_that_somebody_has_looked_into(
    manual_edit: str, git: Git, run: Run
) -> None:
    """The tag says which commits were verified."""
    assert run("verify", "--since", manual_edit, "--mark", "--as-of", "2024-12-31").exit_code == 0
    tag = git("cat-file", "tag", "kvartal/verified/2024-12-31")
    assert f"проверена после изменения {manual_edit[:10]} до изменения" in tag
    assert run("verify").exit_code == 0
    assert run("verify", "--full").exit_code == 1


def test_a_mark_that_cannot_be_signed(programme: Path, git: Git, run: Run) -> None:
    git("config", "user.signingKey", "нет")
    git("config", "gpg.format", "ssh")
    result = run("verify", "--mark", "--sign")
    assert result.exit_code == 1
    assert "Не удалось подписать" in result.stderr
    assert git("tag") == ""


@pytest.mark.parametrize(
    "options",
    [
        ["--since", "HEAD", "--full"],
        ["--sign"],
        ["--backdating-days", "-1"],
        ["--backdating-days", "месяц"],
    ],
)
def test_wrong_usage(programme: Path, run: Run, options: list[str]) -> None:
    result = run("verify", *options)
    assert (result.exit_code, result.stdout) == (2, "")


def test_since(manual_edit: str, run: Run) -> None:
    assert run("verify", "--since", "HEAD").exit_code == 0
    assert run("verify", "--since", "HEAD~1").exit_code == 1
    result = run("verify", "--since", "нет такой")
    assert result.exit_code == 1
    assert "нет в истории" in result.stderr


def test_no_repository(tmp_path: Path, here: Run, root: Path) -> None:
    plan = tmp_path / "2024.yaml"
    plan.write_bytes((root / "plan" / "2024.yaml").read_bytes())
    result = here("verify", "--plan", plan)
    assert result.exit_code == 1
    assert "git init" in result.stderr


def test_a_deleted_plan(programme: Path, git: Git, run: Run) -> None:
    """Deleted on disk or in the history, with its folder: there are findings to print."""
    programme.unlink()
    programme.parent.rmdir()
    for options in ([], ["--plan", programme]):
        result = run("verify", *options)
        assert result.exit_code == 1
        assert "рабочая копия  uncommitted  Файла программы нет на диске" in result.stdout
    git("commit", "-qam", "Убрано")
    for options in ([], ["--plan", programme]):
        result = run("verify", *options)
        assert result.exit_code == 1
        assert "plan-removed  Файл программы удалён" in result.stdout
    assert run("verify", "--plan", programme.with_name("нет.yaml")).exit_code == 2


def test_as_a_program_of_its_own(
    manual_edit: str, process: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    done = process("verify", "--full")
    assert (done.returncode, done.stdout.count("\n")) == (1, 1)
