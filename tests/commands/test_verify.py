"""``kvartal verify`` as people and programs call it."""

import json
import re
from collections.abc import Callable
from hashlib import sha256
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


def printed_anchor(result: Result) -> str:
    """Return the anchor that a run has printed."""
    (anchor,) = re.findall(
        r"Отпечаток истории до изменения [0-9a-f]{10}: ([0-9a-f]+)", result.stderr
    )
    assert len(anchor) >= 20
    return str(anchor)


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
    refused = run("verify", "--mark").stderr
    assert "Такие не принимают: устраните их" in refused
    assert "kvartal accept" not in refused
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
    # One that cannot be read was not taken away.
    (programme.parents[1] / ".git/refs/tags/kvartal/verified/2024-12-31").write_bytes(b"")
    broken = run("verify")
    assert broken.exit_code == 1
    (line,) = broken.stdout.splitlines()
    assert line.startswith(
        "метка  mark-unreadable  Метка «kvartal/verified/2024-12-31» не читается"
    )
    # What the later one covers began after it.
    assert "с начала истории. Замечаний: 1." in broken.stderr


def test_no_tag_with_findings(manual_edit: str, git: Git, run: Run) -> None:
    assert run("verify", "--mark").exit_code == 1
    assert git("tag") == ""


def test_a_mark_leaves_nothing_out(manual_edit: str, git: Git, run: Run) -> None:
    """Otherwise it would hide what somebody did not want to be found."""
    for since in (manual_edit, "HEAD"):
        result = run("verify", "--since", since, "--mark")
        assert result.exit_code == 1
        assert "Метка не поставлена" in result.stderr
        assert "kvartal accept" in result.stderr
    assert git("tag") == ""
    assert run("verify").exit_code == 1


def test_an_earlier_mark_that_left_something_out(
    manual_edit: str, programme: Path, git: Git, run: Run
) -> None:
    """It counts only from the commit that it names."""
    head, content = git("rev-parse", "HEAD").strip(), programme.read_bytes()
    message = (
        "Проверено: программа на 2024 год, 31.12.2024\n\n"
        f"История файла plan/2024.yaml проверена после изменения {head[:10]} до изменения\n"
        f"{head[:10]} («Правка») включительно.\n"
        "Проверено изменений: 0. Замечаний нет. Запись задним числом: не больше 31 дн.\n\n"
        f"Kvartal-Verified: {head}\nKvartal-Plan: plan/2024.yaml\n"
        f"Kvartal-Digest: sha256:{sha256(content).hexdigest()}\n"
    )
    git("tag", "-a", "kvartal/verified/2024-12-31", "-m", message)
    result = run("verify")
    assert result.exit_code == 1
    assert "by-hand" in result.stdout


def test_what_a_mark_covers(programme: Path, git: Git, run: Run) -> None:
    """It says so itself, and `verify` prints it with the anchor."""
    assert run("set", "1.1.2", "notes=Да").exit_code == 0
    head = git("rev-parse", "HEAD").strip()
    result = run("verify", "--mark", "--as-of", "2024-12-31")
    assert "Метка охватывает изменений: 2, подтверждающих файлов: 0." in result.stderr
    anchor = printed_anchor(result)
    tag = git("cat-file", "tag", "kvartal/verified/2024-12-31")
    for line in (
        f"Kvartal-Verified: {head}",
        "Kvartal-From: beginning",
        "Kvartal-Commits: 2",
        "Kvartal-Files: 0",
        f"Kvartal-Anchor: {anchor}",
    ):
        assert f"\n{line}\n" in tag
    assert run("set", "1.1.2", "notes=Нет").exit_code == 0
    assert run("verify", "--mark", "--as-of", "2024-12-31").exit_code == 0
    tag = git("cat-file", "tag", "kvartal/verified/2024-12-31-2")
    assert f"\nKvartal-From: {head}\n" in tag


def test_an_anchor_on_paper(programme: Path, git: Git, run: Run) -> None:
    assert run("set", "1.1.2", "notes=Да").exit_code == 0
    anchor = printed_anchor(run("verify"))
    assert "сходится: история та же" in run("verify", "--expect", anchor).stderr
    spaced = " ".join((anchor[:8].upper(), anchor[8:20]))
    assert run("verify", "--expect", spaced).exit_code == 0
    marked = git("rev-parse", "HEAD").strip()
    assert run("set", "1.1.2", "notes=Нет").exit_code == 0
    result = run("verify", "--expect", anchor)
    assert result.exit_code == 0
    assert f"сходится до изменения {marked[:10]}" in result.stderr
    git("reset", "--quiet", "--hard", "HEAD~2")
    assert run("set", "1.1.2", "notes=Другое").exit_code == 0
    result = run("verify", "--expect", anchor)
    assert result.exit_code == 1
    base = git("rev-parse", "HEAD~1").strip()
    assert f"записан для изменения {marked[:10]}" in result.stdout
    assert f"До изменения {base[:10]} обе истории совпадают" in result.stdout
    result = run("verify", "--expect", "0" * 40)
    assert result.exit_code == 1
    assert "anchor-differs" in result.stdout
    assert run("verify", "--expect", anchor[:19]).exit_code == 2


def test_a_mark_does_not_hide_the_evidence_of_head(
    programme: Path, git: Git, run: Run, tmp_path: Path
) -> None:
    """Whatever a mark says: the commit that removed the file is found and named."""
    act = tmp_path / "Акт.pdf"
    act.write_bytes(b"%PDF-1.7")
    options = ("--quarter", "3", "--date", "2024-09-27", "--document", "Акт", "--file", act)
    with Clock("2024-09-28T10:00:00+03:00"):
        assert run("record", "1.1.2", *options).exit_code == 0
        git("rm", "-q", "plan/evidence/2024/1.1.2/Акт.pdf")
        git("commit", "-qm", "Уборка")
    removed, content = git("rev-parse", "HEAD").strip(), programme.read_bytes()
    message = (
        f"Проверено\n\nKvartal-Verified: {removed}\nKvartal-Plan: plan/2024.yaml\n"
        f"Kvartal-Digest: sha256:{sha256(content).hexdigest()}\nKvartal-From: beginning\n"
    )
    git("tag", "-a", "kvartal/verified/2024-12-31", "-m", message)
    for _ in range(2):
        (finding,) = json.loads(run("verify", "--json").stdout)
        assert finding["id"] == f"evidence-missing:{removed[:12]}:1.1.2"


def test_a_mark_does_not_hide_truncation(programme: Path, git: Git, run: Run) -> None:
    for word in ("а", "б", "в"):
        assert run("set", "1.1.2", f"notes={word}").exit_code == 0
    assert run("verify", "--mark", "--as-of", "2024-12-31").exit_code == 0
    lost = git("rev-parse", "HEAD").strip()
    git("reset", "--quiet", "--hard", "HEAD~2")
    for options in ([], ["--full"], []):
        result = run("verify", *options)
        assert result.exit_code == 1
        assert "history-rewritten" in result.stdout
        assert "`git merge kvartal/verified/2024-12-31`" in result.stdout
        assert f"kvartal accept history-rewritten:{lost[:12]}" in result.stdout


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
