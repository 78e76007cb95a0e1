"""``kvartal accept``: findings that somebody has explained, under their name."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.audit.story import Clock
from tests.support.plans import rewrite

Git = Callable[..., str]
Run = Callable[..., Result]
TODAY = datetime.now(UTC).astimezone().date()


@pytest.fixture
def manual_edit(programme: Path, git: Git) -> str:
    """Return a manual edit by somebody else."""
    rewrite(programme, "Обеспечена установка терминала", "Обеспечено")
    author = ("-c", "user.name=Петров Иван", "-c", "user.email=petrov@tests.example")
    with Clock("2024-09-28T10:00:00+03:00"):
        git(*author, "commit", "-qam", "Правка")
    return git("rev-parse", "HEAD").strip()


def finding(run: Run) -> Any:  # noqa: ANN401 - JSON
    (row,) = json.loads(run("verify", "--json").stdout)
    return row


def test_an_accepted_finding_stays_in_the_list(manual_edit: str, git: Git, run: Run) -> None:
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    result = run("verify")
    assert result.exit_code == 1
    assert f"[{name}]" in result.stdout
    assert finding(run)["accepted"] is None
    result = run("accept", name, "--reason", "Приказ № 7 от 01.10.2024")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"\nСохранено: Принято замечание {name} (" in result.stdout
    message = git("log", "-1", "--format=%B")
    assert message == (
        f"Принято замечание {name}\n\nПриказ № 7 от 01.10.2024\n\n"
        f"Kvartal-Change: accept\nKvartal-Finding: {name}\n\n"
    )
    assert git("diff", "--name-only", "HEAD~1") == ""
    for options in ([], ["--full"], []):
        result = run("verify", *options)
        assert result.exit_code == 0
        assert name in result.stdout
        assert " — принято: Иванова Анна, " in result.stdout
        assert "Приказ № 7 от 01.10.2024" in result.stdout
        assert "автор самого" not in result.stdout
        assert "Из них принято: 1, осталось: 0." in result.stderr
    accepted = finding(run)["accepted"]
    assert accepted["by"] == "Иванова Анна"
    assert accepted["reason"] == "Приказ № 7 от 01.10.2024"
    assert (accepted["until"], accepted["self"]) == (None, False)


def test_it_travels_and_passes_a_mark(
    manual_edit: str, git: Git, run: Run, repo: Path, tmp_path: Path, here: Run
) -> None:
    """A fresh clone that starts at the mark lists it too."""
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    assert run("accept", name, "--reason", "Приказ").exit_code == 0
    assert run("verify", "--mark", "--as-of", "2024-12-31").exit_code == 0
    tag = git("cat-file", "tag", "kvartal/verified/2024-12-31")
    assert "принятых с указанием причины: 1" in tag
    git("clone", "--quiet", repo, tmp_path / "clone")
    result = here("verify", "--plan", tmp_path / "clone" / "plan" / "2024.yaml")
    assert result.exit_code == 0
    assert "Проверено изменений: 0, после метки" in result.stderr
    assert f"[{name}]" in result.stdout
    assert "принято: Иванова Анна" in result.stdout


def test_in_a_clone_that_begins_with_the_acceptance(
    manual_edit: str, git: Git, run: Run, repo: Path, tmp_path: Path, here: Run
) -> None:
    """That it changed no file, and that there was such a finding, is neither known nor denied."""
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    assert run("accept", name, "--reason", "Да").exit_code == 0
    git("clone", "--quiet", "--depth=1", f"file://{repo}", tmp_path / "clone")
    result = here("verify", "--json", "--plan", tmp_path / "clone" / "plan" / "2024.yaml")
    shallow, row = json.loads(result.stdout)
    assert (shallow["code"], row["id"], row["accepted"]["reason"]) == ("shallow", name, "Да")
    assert row["message"].endswith("само изменение в этот раз не проверялось.")


def test_of_ones_own(manual_edit: str, git: Git, run: Run) -> None:
    git("config", "user.name", "Петров Иван")
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    result = run("accept", name, "--reason", "Приказ")
    assert result.exit_code == 0
    assert "сделали вы сами" in result.stderr
    assert "принял автор самого изменения" in run("verify").stdout
    assert finding(run)["accepted"]["self"] is True


def test_as_json(manual_edit: str, git: Git, run: Run) -> None:
    """What is accepted, by which commit; of a trial run none. Refused, it says why."""
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    until = (TODAY + timedelta(days=1)).isoformat()
    arguments = ("accept", name, "--reason", "Приказ № 7", "--until", until, "--json")
    trial = run(*arguments, "--dry-run")
    assert git("rev-parse", "HEAD").strip() == manual_edit
    done = run(*arguments)
    assert (trial.exit_code, trial.stderr, done.exit_code, done.stderr) == (0, "", 0, "")
    expected: dict[str, object] = {"ids": ["1.1.2"], "changes": [], "warnings": []}
    expected |= {"reason": "Приказ № 7", "until": until}
    (row,) = json.loads(done.stdout)["findings"]
    assert json.loads(trial.stdout) == {"commit": None, **expected, "findings": [row]}
    head = git("rev-parse", "HEAD").strip()
    assert json.loads(done.stdout) == {"commit": head, **expected, "findings": [row]}
    assert (row["id"], row["measure"], row["self"]) == (name, "1.1.2", False)
    assert row["message"].startswith("Изменено без программы: 1.1.2: ожидаемый результат: ")
    english = json.loads(run(*arguments, "--lang", "en").stdout)["findings"][0]["message"]
    assert english.startswith("Changed without the program: 1.1.2")
    refused = run("accept", "by-hand:000000000000", "--reason", "Да", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["code"] == "no-such-finding"


def test_until(manual_edit: str, git: Git, run: Run) -> None:
    """It lapses; a later one replaces it, and a day that has passed withdraws it."""
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    until = (TODAY + timedelta(days=1)).isoformat()
    assert run("accept", name, "--reason", "Пока", "--until", until).exit_code == 0
    assert f"\nKvartal-Until: {until}\n" in git("log", "-1", "--format=%B")
    assert run("verify").exit_code == 0
    assert finding(run)["accepted"]["until"] == until
    later = (TODAY + timedelta(days=2)).isoformat()
    assert run("verify", "--as-of", until).exit_code == 0
    assert run("verify", "--as-of", later).exit_code == 1
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    result = run("accept", name, "--reason", "Ошиблись", "--until", yesterday)
    assert "Принятие снято" in result.stdout
    assert run("verify").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ["by-hand:000000000000:1.1.2", "--reason", "Да"],
            1,
            "Замечания «by-hand:000000000000:1.1.2» нет. Замечания и как они называются",
        ),
        (["by-hand", "--reason", "Да"], 1, "Замечания «by-hand» нет."),
        (["by-hand:000000000000:1.1.2"], 2, "kvartal accept: Не хватает: --reason."),
        (["--reason", "Да"], 2, "kvartal accept: Не хватает: ЗАМЕЧАНИЕ…."),
    ],
)
def test_what_cannot_be_accepted(
    manual_edit: str, git: Git, run: Run, arguments: list[str], code: int, sentence: str
) -> None:
    result = run("accept", *arguments)
    assert result.exit_code == code
    assert sentence in result.stderr
    assert git("rev-parse", "HEAD").strip() == manual_edit


def test_without_a_reason(manual_edit: str, git: Git, run: Run) -> None:
    result = run("accept", f"by-hand:{manual_edit[:12]}:1.1.2", "--reason", " \u200b-")
    assert result.exit_code == 1
    assert "Без причины" in result.stderr
    assert git("rev-parse", "HEAD").strip() == manual_edit


def test_while_a_git_holds_the_branch(manual_edit: str, git: Git, run: Run, repo: Path) -> None:
    lock = repo / ".git" / "refs" / "heads" / "main.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    result = run("accept", f"by-hand:{manual_edit[:12]}:1.1.2", "--reason", "Да")
    assert result.exit_code == 1
    assert "kvartal doctor --unlock" in result.stderr
    assert git("rev-parse", "HEAD").strip() == manual_edit


def test_a_state_of_the_clone(programme: Path, git: Git, run: Run) -> None:
    rewrite(programme, "Обеспечена установка терминала", "Обеспечено")
    row = finding(run)
    assert row["code"] == "uncommitted"
    result = run("accept", row["id"], "--reason", "Да")
    assert result.exit_code == 1
    assert "не принимают" in result.stderr


def test_nothing_of_the_users_is_swept_up(manual_edit: str, git: Git, run: Run, repo: Path) -> None:
    (repo / "staged").write_text("Да")
    git("add", "staged")
    before = git("status", "--porcelain")
    assert run("accept", f"by-hand:{manual_edit[:12]}:1.1.2", "--reason", "Да").exit_code == 0
    assert git("status", "--porcelain") == before
    assert git("diff", "--name-only", "HEAD~1", "HEAD") == ""


def test_a_hook_refuses(manual_edit: str, git: Git, run: Run, repo: Path) -> None:
    hook = repo / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho Нельзя >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    result = run("accept", f"by-hand:{manual_edit[:12]}:1.1.2", "--reason", "Да")
    assert result.exit_code == 1
    assert "Нельзя" in result.stderr
    assert git("rev-parse", "HEAD").strip() == manual_edit


def test_forged_acceptances(manual_edit: str, programme: Path, git: Git, run: Run) -> None:
    """One that changes the plan accepts nothing; nor does one of nothing, or that names another."""
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    trailers = f"Kvartal-Change: accept\nKvartal-Finding: {name}"
    rewrite(programme, "Обеспечено", "Обеспечено совсем")
    with Clock("2024-09-28T11:00:00+03:00"):
        git("commit", "-qam", f"Принято\n\nПриказ\n\n{trailers}")
        git("commit", "-q", "--allow-empty", "-m", f"Принято\n\n{trailers}")
        other = f"Принято замечание backdated:{manual_edit[:12]}:1.1.2"
        git("commit", "-q", "--allow-empty", "-m", f"{other}\n\nПриказ\n\n{trailers}")
        unknown = "Kvartal-Change: accept\nKvartal-Finding: by-hand:000000000000"
        git("commit", "-q", "--allow-empty", "-m", f"Принято\n\nПриказ\n\n{unknown}")
    rows = json.loads(run("verify", "--json").stdout)
    assert sorted(row["code"] for row in rows) == [
        "accept-forged",
        "accept-forged",
        "accept-forged",
        "accept-unknown",
        "by-hand",
        "by-hand",
    ]
    assert all(row["accepted"] is None for row in rows)


def test_what_was_walked_is_remembered_in_spite_of_findings(
    manual_edit: str, run: Run, repo: Path
) -> None:
    """And a file that says what it likes about them is not believed."""
    first = run("verify")
    second = run("verify")
    assert "Проверено изменений: 0, после " in second.stderr
    assert second.stdout == first.stdout
    cache = repo / ".git" / "kvartal" / "verified.json"
    text = cache.read_text(encoding="utf-8")
    for hostile in (
        "[" * 10_000,
        text.replace("by-hand", "{0.__class__}"),
        text.replace(manual_edit, "0" * 40),
        text.replace(manual_edit, "../../x"),
        text.replace('"measure": "1.1.2"', '"measure": 5'),
    ):
        cache.write_text(hostile, encoding="utf-8")
        result = run("verify")
        assert (result.exit_code, result.stdout) == (1, first.stdout)


def test_the_log_has_it(manual_edit: str, run: Run) -> None:
    """Of the programme and of the measure, and of no other one."""
    name = f"by-hand:{manual_edit[:12]}:1.1.2"
    assert run("accept", name, "--reason", "Приказ № 7").exit_code == 0
    for arguments in ([], ["1.1.2"]):
        (first, second, *_) = json.loads(run("log", *arguments, "--json").stdout)
        assert (first["kind"], first["note"], first["changes"]) == ("accept", "Приказ № 7", [])
        assert second["commit"] == manual_edit
    text = run("log", "--limit", "1").stdout
    assert f"В записи сказано: принято {name}." in text
    assert "Приказ № 7" in text
    assert run("log", "1.1.3", "--json").stdout.count("accept") == 0
